"""The learning itself: from a pack's examples to the arrays and facts of a model file.

Only training imports it: it needs scikit-learn and SciPy, which reading messages does without.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import hstack
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import SGDClassifier

from nlu import evaluate, language_tables
from nlu.classifier import Linear, Mixture, sentence
from nlu.config import AUTO, Config
from nlu.encoder import Encoder
from nlu.features import Analyser, Floats, Vectoriser, clean, joined, scores
from nlu.formats import NluData
from nlu.greetings import learn_greetings
from nlu.kernel_learning import KernelLearning
from nlu.language import learn_words, reduced
from nlu.lookup import fold, wordings_of
from nlu.model_file import Stored

ROUNDS = 5
LOOKS = 60_000
"""How often all examples are looked at while the words are learned, and how many looks there are at least."""

Step = Callable[[str, float], None]
"""Told what begins, and how many percent of the whole are finished."""


class Training:
    """One training run."""

    def __init__(self, config: Config, data: NluData, encoder: Encoder, step: Step) -> None:
        self._config = config
        self._data = data
        self._encoder = encoder
        self._step = step
        self._labels = data.intents()
        self._texts = [clean(example.text) for example in data.examples]
        self._languages = [example.language for example in data.examples]
        numbers = {label: at for at, label in enumerate(self._labels)}
        self._truth = np.array([numbers[example.intent] for example in data.examples], dtype=np.int64)
        words = config.option("WordAndCharacterFeaturizer", "words")
        characters = config.option("WordAndCharacterFeaturizer", "characters")
        self._analyser = Analyser((words[0], words[1]), (characters[0], characters[1]))
        # Cut up once: every part that is held out learns from the same pieces.
        self._words = [list(self._analyser.word_features(text)) for text in self._texts]
        self._characters = [list(self._analyser.character_features(text)) for text in self._texts]

    def run(self, name: str) -> Stored:
        config = self._config
        self._step("Reading sentences", 2)
        deep = self._vectors()
        sentences = None if deep is None else self._kernel(deep)
        held = self._held_out(deep, sentences)
        self._step("Choosing thresholds", 82)
        sure = config.option("IntentClassifier", "sure")
        level = None if sure == AUTO else 1.01 if sure is False else float(sure)
        mixture = evaluate.fit_mixture(held, level, float(config.option("IntentClassifier", "sure_loss")))
        threshold = self._threshold(held, mixture)
        found = evaluate.report(held, mixture, threshold)
        self._step("Learning from all examples", 83)
        vectoriser, cheap = self._fit_words(np.arange(len(self._texts)))
        arrays: dict[str, NDArray[Any]] = {
            "words": joined(vectoriser.words),
            "characters": joined(vectoriser.characters),
            "idf": vectoriser.idf,
            "cheap_weights": _half(cheap.weights),
            "cheap_bias": cheap.bias,
        }
        if sentences is not None:
            self._step("Learning from all sentences", 89)
            fitted = sentences.all()
            arrays |= {
                "kernel_axes": fitted.axes,
                "kernel_sentences": _half(fitted.sentences),
                "kernel_weights": fitted.weights,
            }
        self._step("Writing the model", 94)
        markers, counts = learn_words(
            ((one.text, one.intent, one.language) for one in self._data.examples), config.languages
        )
        if config.has("LanguageIdentifier") and len(config.languages) > 1:
            whole = language_tables.whole(config.languages)
            arrays |= language_tables.cut(whole, (" ".join(reduced(text)) for text in self._texts))
        facts = {
            "languages": list(config.languages),
            "components": {key: dict(options) for key, options in config.components.items()},
            "labels": list(self._labels),
            "word_sizes": list(self._analyser.words),
            "character_sizes": list(self._analyser.characters),
            "word_count": len(vectoriser.words),
            "mixture": asdict(mixture),
            "threshold": threshold,
            "markers": markers,
            "counts": counts,
            "greetings": learn_greetings((one.text, one.intent) for one in self._data.examples),
            "wordlists": _wordlists(config, self._data),
            "report": asdict(found),
            "warnings": [str(problem) for problem in self._data.warnings[:50]],
        }
        self._step("Understanding is trained", 100)
        return Stored(name, facts, arrays)

    def _threshold(self, held: evaluate.HeldOut, mixture: Mixture) -> float:
        if not self._config.has("FallbackClassifier"):
            return 0.0
        setting = self._config.option("FallbackClassifier", "threshold")
        if setting == AUTO:
            refused = float(self._config.option("FallbackClassifier", "max_refused"))
            accepted = float(self._config.option("FallbackClassifier", "max_accepted"))
            return evaluate.choose_threshold(held, mixture, refused, accepted)
        return float(setting or 0.0)

    def _vectors(self) -> Floats | None:
        """The encoder's vectors of all examples, a few at a time for the bar."""
        if not self._config.has("SentenceEncoderFeaturizer"):
            return None
        limit = int(self._config.option("SentenceEncoderFeaturizer", "max_characters"))
        texts = [sentence(text, limit) for text in self._texts]
        rows: list[Floats] = []
        for at in range(0, len(texts), 256):
            self._step("Reading sentences", 2 + 40 * at / len(texts))
            rows.append(self._encoder.encode(texts[at : at + 256]))
        return np.concatenate(rows) if rows else None

    def _kernel(self, deep: Floats) -> KernelLearning:
        self._step("Comparing sentences", 42)
        option = self._config.option
        return KernelLearning(
            deep,
            self._truth,
            len(self._labels),
            width=float(option("IntentClassifier", "kernel_width")),
            smoothing=float(option("IntentClassifier", "kernel_smoothing")),
            most=int(option("IntentClassifier", "kernel_landmarks")),
            dimensions=int(option("IntentClassifier", "kernel_dimensions")),
        )

    def _held_out(self, deep: Floats | None, kernel: KernelLearning | None) -> evaluate.HeldOut:
        """The scores of every example by models that were trained without it."""
        count = max(2, int(self._config.option("IntentClassifier", "folds")))
        parts = evaluate.folds(self._truth.tolist(), self._languages, min(count, len(self._texts)))
        cheap = np.zeros((len(self._texts), len(self._labels)), dtype=np.float32)
        sentences = np.zeros_like(cheap) if deep is not None else None
        everything = np.arange(len(self._texts))
        for turn, part in enumerate(parts):
            self._step(f"Checking on held-out {turn + 1}/{len(parts)}", 50 + 32 * turn / len(parts))
            rest = np.setdiff1d(everything, part)
            vectoriser, linear = self._fit_words(rest)
            cheap[part] = scores(
                vectoriser.rows([self._texts[at] for at in part]), linear.weights, linear.bias
            )
            if deep is not None and kernel is not None and sentences is not None:
                sentences[part] = kernel.without(part).scores(deep[part])
        return evaluate.HeldOut(self._truth, cheap, sentences, tuple(self._languages), self._labels)

    def _fit_words(self, places: NDArray[np.int64]) -> tuple[Vectoriser, Linear]:
        """TF-IDF and a linear model over the examples at `places`."""
        least = min(
            int(self._config.option("WordAndCharacterFeaturizer", "min_examples")), max(1, len(places) // 20)
        )
        vectorise: Any = TfidfVectorizer
        words = vectorise(analyzer=_as_it_is, sublinear_tf=True, dtype=np.float32)
        characters = vectorise(analyzer=_as_it_is, sublinear_tf=True, min_df=least, dtype=np.float32)
        parts = (words, self._words), (characters, self._characters)
        matrix = hstack([each.fit_transform([of[at] for at in places]) for each, of in parts]).tocsr()
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

    def _fit(self, matrix: Any, truth: NDArray[np.int64], strength: float) -> Linear:
        """Logistic regression, one label against the rest, by stochastic gradients: as good as the exact one
        here, in a fraction of the time. With a column for every label, also for one that is missing here."""
        seen, count = np.unique(truth), len(truth)
        learner: Any = SGDClassifier
        rounds = max(ROUNDS, -(-LOOKS // count))
        model = learner(
            loss="log_loss",
            alpha=1 / (strength * count),
            max_iter=rounds,
            tol=None,
            random_state=7,
            n_jobs=-1,
        ).fit(matrix, truth)
        coefficients, intercept = model.coef_, model.intercept_
        if len(seen) == 2:  # two classes have one row in scikit-learn
            coefficients = np.concatenate([-coefficients / 2, coefficients / 2])
            intercept = np.concatenate([-intercept / 2, intercept / 2])
        weights = np.zeros((matrix.shape[1], len(self._labels)), dtype=np.float32)
        bias = np.full(len(self._labels), -20.0, dtype=np.float32)
        weights[:, seen] = coefficients.T
        bias[seen] = intercept
        return Linear(weights, bias)


def _as_it_is(pieces: list[str]) -> list[str]:
    return pieces


def _half(values: Floats) -> NDArray[np.float16]:
    """At half the precision, for a file of half the size; nothing comes out differently."""
    return values.astype(np.float16)


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
