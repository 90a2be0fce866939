"""Training: from a pack's folder to one model file, the same file for the same data, and back to a `Pipeline`.

python -m nlu.train DATA MODELS     trains and says how well held-out examples are understood
"""

from __future__ import annotations

import hashlib
import os
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from tqdm import tqdm

from nlu import model_file
from nlu.classifier import IntentClassifier, Kernel, Linear, Mixture, sentence
from nlu.config import AUTO, Config, load_config
from nlu.encoder import Encoder, SentenceEncoder, shared_encoder
from nlu.entities import EntityExtractor, Wordlist
from nlu.features import Analyser, Floats, Vectoriser, clean
from nlu.formats import Example, NluData, load_nlu, nlu_files
from nlu.language import LanguageIdentifier, learn_markers
from nlu.lookup import fold, wordings_of
from nlu.pipeline import Pipeline

_CODE = (
    "features",
    "classifier",
    "train",
    "evaluate",
    "formats",
    "markup",
    "language",
    "lookup",
    "model_file",
)
"""The modules whose change makes another model of the same data."""


@dataclass(frozen=True, slots=True)
class TrainedModel:
    """A model file: where it is, the hash of what it was trained from, how long it took, or that it was there."""

    path: Path
    hash: str
    seconds: float
    reused: bool
    report: Mapping[str, Any] | None = None
    """What held-out examples said (`nlu.evaluate.Report` as a dictionary)."""


def train(
    data_dir: Path,
    models_dir: Path,
    *,
    progress: bool = True,
    force: bool = False,
    encoder: Encoder | None = None,
    extra: Sequence[Example] = (),
) -> TrainedModel:
    """Train a pack's understanding into `models_dir`, or find the model that is there already.

    `extra` are examples that are not in the files (corrections by reviewers). Raises `ContentError` when the
    pack has mistakes.
    """
    begin = time.perf_counter()
    config = load_config(data_dir)
    data = load_nlu(data_dir, config.languages)
    data.examples += extra
    encoder = encoder or shared_encoder()
    name = content_hash(data_dir, config, encoder, extra)
    path = models_dir / f"nlu-{name[:16]}.model"
    if not force and path.exists() and model_file.hash_of(path) == name:
        return TrainedModel(path, name, round(time.perf_counter() - begin, 2), True, read_report(path))
    with _Bar(progress) as bar:
        stored = _Training(config, data, encoder, bar).run(name)
        model_file.save(path, stored)
    return TrainedModel(path, name, round(time.perf_counter() - begin, 2), False, stored.facts["report"])


def read_report(path: Path) -> Mapping[str, Any]:
    """What was measured when a model was trained."""
    return dict(model_file.load(path).facts["report"])


def load(path: Path, *, encoder: Encoder | None = None) -> Pipeline:
    """The pipeline of a model file; raises `ConfigError` when the file is missing or damaged."""
    stored = model_file.load(path)
    facts = stored.facts
    config = Config(tuple(facts["languages"]), facts["components"])
    arrays = stored.arrays
    vectoriser = Vectoriser(
        analyser=Analyser(tuple(facts["word_sizes"]), tuple(facts["character_sizes"])),
        words=_numbered(arrays["words"], 0),
        characters=_numbered(arrays["characters"], facts["word_count"]),
        idf=arrays["idf"],
    )
    sentences: Kernel | Linear | None = None
    if "kernel_sentences" in arrays:
        width = float(config.option("IntentClassifier", "kernel_width"))
        sentences = Kernel(arrays["kernel_sentences"], arrays["kernel_weights"], width)
    elif "deep_weights" in arrays:
        sentences = Linear(arrays["deep_weights"], arrays["deep_bias"])
    mixture = facts["mixture"]
    classifier = IntentClassifier(
        labels=tuple(facts["labels"]),
        vectoriser=vectoriser,
        words=Linear(arrays["cheap_weights"], arrays["cheap_bias"]),
        sentences=sentences,
        mixture=Mixture(mixture["cheap"], tuple(mixture["both"]), mixture["sure"]),
        max_characters=int(config.option("SentenceEncoderFeaturizer", "max_characters")),
    )
    return Pipeline(
        languages=_identifier(config, facts["markers"]),
        entities=_extractor(config, facts["wordlists"]),
        classifier=classifier,
        encoder=(encoder or shared_encoder()) if sentences is not None else None,
        threshold=float(facts["threshold"]),
        model=stored.hash,
    )


def content_hash(data_dir: Path, config: Config, encoder: Encoder, extra: Sequence[Example] = ()) -> str:
    """A name for data, configuration and code together: another one means another model."""
    digest = hashlib.sha256()

    def add(*parts: bytes) -> None:
        for part in parts:
            digest.update(len(part).to_bytes(8, "big"))
            digest.update(part)

    add(
        repr(
            (config.languages, sorted((key, sorted(opts.items())) for key, opts in config.components.items()))
        ).encode()
    )
    for path, language in nlu_files(data_dir, config.languages):
        add(path.relative_to(data_dir).as_posix().encode(), language.encode(), path.read_bytes())
    for example in sorted(extra, key=lambda one: (one.language, one.intent, one.text)):
        add(example.language.encode(), example.intent.encode(), example.text.encode())
    for module in _CODE:
        add(Path(__file__).with_name(f"{module}.py").read_bytes())
    add(encoder.name.encode() if isinstance(encoder, SentenceEncoder) else type(encoder).__name__.encode())
    return digest.hexdigest()


class _Bar:
    """A progress bar in units of work, with the seconds; silent when it is not wanted."""

    def __init__(self, shown: bool) -> None:
        self._bar = tqdm(
            total=100,
            disable=not shown,
            file=sys.stderr,
            bar_format="{desc:<28} {percentage:3.0f}% |{bar}| {elapsed} s, {remaining} s left",
        )

    def __enter__(self) -> _Bar:
        return self

    def __exit__(self, *_: object) -> None:
        self._bar.set_description_str("Understanding is trained", refresh=False)
        self._bar.close()

    def step(self, what: str, share: float) -> None:
        """Begin `what`; `share` percent of the whole is finished before it."""
        self._bar.set_description_str(what, refresh=False)
        self._bar.update(max(share - self._bar.n, 0))
        self._bar.refresh()


class _Training:
    """One training run."""

    def __init__(self, config: Config, data: NluData, encoder: Encoder, bar: _Bar) -> None:
        self._config = config
        self._data = data
        self._encoder = encoder
        self._bar = bar
        self._labels = data.intents()
        self._texts = [clean(example.text) for example in data.examples]
        self._languages = [example.language for example in data.examples]
        numbers = {label: at for at, label in enumerate(self._labels)}
        self._truth = np.array([numbers[example.intent] for example in data.examples], dtype=np.int64)
        words = config.option("WordAndCharacterFeaturizer", "words")
        characters = config.option("WordAndCharacterFeaturizer", "characters")
        self._analyser = Analyser((words[0], words[1]), (characters[0], characters[1]))

    def run(self, name: str) -> model_file.Stored:
        from nlu import evaluate  # here, not at the top: it brings SciPy, which run time does without

        config = self._config
        self._bar.step("Reading sentences", 2)
        deep = self._vectors()
        held = self._held_out(deep)
        self._bar.step("Choosing thresholds", 76)
        sure = config.option("IntentClassifier", "sure")
        level = None if sure == AUTO else 1.01 if sure is False else float(sure)
        mixture = evaluate.fit_mixture(held, level, float(config.option("IntentClassifier", "sure_loss")))
        threshold = self._threshold(evaluate.choose_threshold, held, mixture)
        found = evaluate.report(held, mixture, threshold)
        self._bar.step("Learning from all examples", 78)
        vectoriser, cheap = self._fit_words(np.arange(len(self._texts)))
        arrays: dict[str, NDArray[Any]] = {
            "words": _joined(vectoriser.words),
            "characters": _joined(vectoriser.characters),
            "idf": vectoriser.idf,
            "cheap_weights": cheap.weights,
            "cheap_bias": cheap.bias,
        }
        if deep is not None:
            self._bar.step("Learning from all sentences", 95)
            fitted = self._fit_sentences(deep, np.arange(len(self._texts)))
            if isinstance(fitted, Kernel):
                arrays |= {"kernel_sentences": fitted.sentences, "kernel_weights": fitted.weights}
            else:
                arrays |= {"deep_weights": fitted.weights, "deep_bias": fitted.bias}
        self._bar.step("Writing the model", 99)
        facts = {
            "languages": list(config.languages),
            "components": {key: dict(options) for key, options in config.components.items()},
            "labels": list(self._labels),
            "word_sizes": list(self._analyser.words),
            "character_sizes": list(self._analyser.characters),
            "word_count": len(vectoriser.words),
            "mixture": asdict(mixture),
            "threshold": threshold,
            "markers": learn_markers(
                ((one.text, one.intent, one.language) for one in self._data.examples), config.languages
            ),
            "wordlists": _wordlists(config, self._data),
            "report": asdict(found),
            "warnings": [str(problem) for problem in self._data.warnings[:50]],
        }
        self._bar.step("Understanding is trained", 100)
        return model_file.Stored(name, facts, arrays)

    def _threshold(self, choose: Any, held: Any, mixture: Mixture) -> float:
        if not self._config.has("FallbackClassifier"):
            return 0.0
        setting = self._config.option("FallbackClassifier", "threshold")
        if setting == AUTO:
            return float(
                choose(held, mixture, float(self._config.option("FallbackClassifier", "max_refused")))
            )
        return float(setting or 0.0)

    def _vectors(self) -> Floats | None:
        """The encoder's vectors of all examples, a few at a time for the bar."""
        if not self._config.has("SentenceEncoderFeaturizer"):
            return None
        limit = int(self._config.option("SentenceEncoderFeaturizer", "max_characters"))
        texts = [sentence(text, limit) for text in self._texts]
        rows: list[Floats] = []
        for at in range(0, len(texts), 256):
            self._bar.step("Reading sentences", 2 + 14 * at / len(texts))
            rows.append(self._encoder.encode(texts[at : at + 256]))
        return np.concatenate(rows) if rows else None

    def _held_out(self, deep: Floats | None) -> Any:
        """The scores of every example by models that were trained without it."""
        from nlu import evaluate

        count = max(2, int(self._config.option("IntentClassifier", "folds")))
        parts = evaluate.folds(self._truth.tolist(), self._languages, min(count, len(self._texts)))
        cheap = np.zeros((len(self._texts), len(self._labels)), dtype=np.float32)
        sentences = np.zeros_like(cheap) if deep is not None else None
        everything = np.arange(len(self._texts))
        for turn, part in enumerate(parts):
            self._bar.step(f"Checking on held-out {turn + 1}/{len(parts)}", 16 + 60 * turn / len(parts))
            rest = np.setdiff1d(everything, part)
            vectoriser, linear = self._fit_words(rest)
            from nlu.features import scores

            cheap[part] = scores(
                vectoriser.rows([self._texts[at] for at in part]), linear.weights, linear.bias
            )
            if deep is not None and sentences is not None:
                sentences[part] = self._fit_sentences(deep, rest).scores(deep[part])
        return evaluate.HeldOut(self._truth, cheap, sentences, tuple(self._languages), self._labels)

    def _fit_words(self, places: NDArray[np.int64]) -> tuple[Vectoriser, Linear]:
        """TF-IDF and a linear model over the examples at `places`."""
        from scipy.sparse import hstack
        from sklearn.feature_extraction.text import TfidfVectorizer

        texts = [self._texts[at] for at in places]
        least = min(
            int(self._config.option("WordAndCharacterFeaturizer", "min_examples")), max(1, len(texts) // 20)
        )
        vectorise: Any = TfidfVectorizer
        words = vectorise(analyzer=self._analyser.word_features, sublinear_tf=True, dtype=np.float32)
        characters = vectorise(
            analyzer=self._analyser.character_features, sublinear_tf=True, min_df=least, dtype=np.float32
        )
        matrix = hstack([words.fit_transform(texts), characters.fit_transform(texts)]).tocsr()
        strength = float(self._config.option("IntentClassifier", "strength"))
        linear = self._fit(matrix, self._truth[places], strength)
        shift = len(words.vocabulary_)
        vectoriser = Vectoriser(
            analyser=self._analyser,
            words={gram: int(at) for gram, at in sorted(words.vocabulary_.items(), key=lambda pair: pair[1])},
            characters={
                g: int(at) + shift for g, at in sorted(characters.vocabulary_.items(), key=lambda p: p[1])
            },
            idf=np.concatenate([words.idf_, characters.idf_]).astype(np.float32),
        )
        return vectoriser, linear

    def _fit_sentences(self, deep: Floats, places: NDArray[np.int64]) -> Kernel | Linear:
        """Kernel ridge regression on the encoder's vectors; a linear model where that would not fit in memory."""
        vectors, truth = deep[places], self._truth[places]
        if len(vectors) > int(self._config.option("IntentClassifier", "kernel_examples")):
            return self._fit(vectors, truth, float(self._config.option("IntentClassifier", "strength")))
        from sklearn.kernel_ridge import KernelRidge

        width = float(self._config.option("IntentClassifier", "kernel_width"))
        smoothing = float(self._config.option("IntentClassifier", "kernel_smoothing"))
        wanted = np.eye(len(self._labels), dtype=np.float32)[truth]
        wanted -= wanted.mean(axis=0)
        ridge: Any = KernelRidge
        model = ridge(kernel="rbf", gamma=width / 2, alpha=smoothing).fit(vectors, wanted)
        return Kernel(vectors, np.asarray(model.dual_coef_, dtype=np.float32), width)

    def _fit(self, matrix: Any, truth: NDArray[np.int64], strength: float) -> Linear:
        """Logistic regression with a column for every label, also for one that is missing here."""
        from sklearn.linear_model import LogisticRegression

        seen = np.unique(truth)
        model: Any = LogisticRegression(C=strength, max_iter=150, tol=1e-3).fit(matrix, truth)
        coefficients, intercept = model.coef_, model.intercept_
        if len(seen) == 2:  # two classes have one row in scikit-learn
            coefficients = np.concatenate([-coefficients / 2, coefficients / 2])
            intercept = np.concatenate([-intercept / 2, intercept / 2])
        weights = np.zeros((matrix.shape[1], len(self._labels)), dtype=np.float32)
        bias = np.full(len(self._labels), -20.0, dtype=np.float32)
        weights[:, seen] = coefficients.T
        bias[seen] = intercept
        return Linear(weights, bias)


def _wordlists(config: Config, data: NluData) -> dict[str, Any]:
    """Per language: wordings, patterns and synonyms as the pipeline's components ask for them."""
    lists: dict[str, Any] = {}
    synonyms_on = config.has("EntitySynonymMapper")
    for language, words in data.vocabularies.items():
        lookups = {entity: list(listed) for entity, listed in words.lookups.items()}
        synonyms = {value: list(listed) for value, listed in words.synonyms.items()}
        if config.has("LookupEntityExtractor") and config.option("LookupEntityExtractor", "use_examples"):
            for example in data.examples:
                if example.language == language:
                    for found in example.entities:
                        lookups.setdefault(found.entity, []).append(found.text)
                        if found.value != found.text:
                            synonyms.setdefault(found.value, []).append(found.text)
        patterns = [(entity, one) for entity, listed in words.regexes.items() for one in listed]
        lists[language] = {
            "wordings": wordings_of(lookups, synonyms, use_synonyms=synonyms_on)
            if config.has("LookupEntityExtractor")
            else [],
            "patterns": patterns if config.has("RegexEntityExtractor") else [],
            "synonyms": {fold(one): value for value, listed in synonyms.items() for one in listed}
            if synonyms_on
            else {},
        }
    return lists


def _identifier(config: Config, markers: Mapping[str, list[str]]) -> LanguageIdentifier:
    languages = config.languages if config.has("LanguageIdentifier") else config.languages[:1]
    return LanguageIdentifier(
        languages,
        markers,
        confidence=float(config.option("LanguageIdentifier", "confidence")),
        words=int(config.option("LanguageIdentifier", "words")),
        needed_markers=int(config.option("LanguageIdentifier", "markers")),
    )


def _extractor(config: Config, lists: Mapping[str, Any]) -> EntityExtractor:
    from nlu.builtin import FINDERS

    wanted = tuple(config.option("BuiltinEntityExtractor", "entities")) or tuple(FINDERS)
    return EntityExtractor(
        {
            language: Wordlist(
                tuple((one[0], one[1], one[2]) for one in words["wordings"]),
                tuple((one[0], one[1]) for one in words["patterns"]),
                words["synonyms"],
            )
            for language, words in lists.items()
        },
        builtin=wanted if config.has("BuiltinEntityExtractor") else (),
        region=str(config.option("BuiltinEntityExtractor", "region")),
    )


def _joined(table: Mapping[str, int]) -> NDArray[np.uint8]:
    """The features in the order of their numbers, as bytes."""
    return np.frombuffer("\n".join(table).encode("utf-8"), dtype=np.uint8)


def _numbered(joined: NDArray[np.uint8], first: int) -> dict[str, int]:
    text = joined.tobytes().decode("utf-8")
    return {gram: at for at, gram in enumerate(text.split("\n"), start=first)} if text else {}


def main(arguments: Sequence[str] | None = None) -> int:
    """Train a pack and print what held-out examples say."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    if len(given) != 2:
        print("python -m nlu.train DATA MODELS", file=sys.stderr)
        return 2
    from nlu import evaluate

    trained = train(Path(given[0]), Path(given[1]), force=os.environ.get("BALIE_TRAIN_FORCE") == "1")
    report = dict(trained.report or {})
    report["mixture"] = Mixture(**report["mixture"])
    print(f"{trained.path} ({trained.seconds} s{', already there' if trained.reused else ''})")
    print(evaluate.describe(evaluate.Report(**report)))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
