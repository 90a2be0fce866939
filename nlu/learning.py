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
from sklearn.kernel_ridge import KernelRidge
from sklearn.linear_model import LogisticRegression

from nlu import evaluate, language_tables
from nlu.classifier import Kernel, Linear, Mixture, along, sentence
from nlu.config import AUTO, Config
from nlu.encoder import Encoder
from nlu.features import Analyser, Floats, Vectoriser, clean, joined, scores
from nlu.formats import NluData
from nlu.greetings import learn_greetings
from nlu.language import learn_words, reduced
from nlu.lookup import fold, wordings_of
from nlu.model_file import Stored

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

    def run(self, name: str) -> Stored:
        config = self._config
        self._step("Reading sentences", 2)
        deep = self._vectors()
        held = self._held_out(deep)
        self._step("Choosing thresholds", 76)
        sure = config.option("IntentClassifier", "sure")
        level = None if sure == AUTO else 1.01 if sure is False else float(sure)
        mixture = evaluate.fit_mixture(held, level, float(config.option("IntentClassifier", "sure_loss")))
        threshold = self._threshold(held, mixture)
        found = evaluate.report(held, mixture, threshold)
        self._step("Learning from all examples", 78)
        vectoriser, cheap = self._fit_words(np.arange(len(self._texts)))
        arrays: dict[str, NDArray[Any]] = {
            "words": joined(vectoriser.words),
            "characters": joined(vectoriser.characters),
            "idf": vectoriser.idf,
            "cheap_weights": _half(cheap.weights),
            "cheap_bias": cheap.bias,
        }
        if deep is not None:
            self._step("Learning from all sentences", 95)
            fitted = self._fit_sentences(deep, np.arange(len(self._texts)))
            if isinstance(fitted, Kernel):
                arrays |= {
                    "kernel_axes": fitted.axes,
                    "kernel_sentences": _half(fitted.sentences),
                    "kernel_weights": _half(fitted.weights),
                }
            else:
                arrays |= {"deep_weights": fitted.weights, "deep_bias": fitted.bias}
        self._step("Writing the model", 99)
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
            return evaluate.choose_threshold(held, mixture, refused)
        return float(setting or 0.0)

    def _vectors(self) -> Floats | None:
        """The encoder's vectors of all examples, a few at a time for the bar."""
        if not self._config.has("SentenceEncoderFeaturizer"):
            return None
        limit = int(self._config.option("SentenceEncoderFeaturizer", "max_characters"))
        texts = [sentence(text, limit) for text in self._texts]
        rows: list[Floats] = []
        for at in range(0, len(texts), 256):
            self._step("Reading sentences", 2 + 14 * at / len(texts))
            rows.append(self._encoder.encode(texts[at : at + 256]))
        return np.concatenate(rows) if rows else None

    def _held_out(self, deep: Floats | None) -> evaluate.HeldOut:
        """The scores of every example by models that were trained without it."""
        count = max(2, int(self._config.option("IntentClassifier", "folds")))
        parts = evaluate.folds(self._truth.tolist(), self._languages, min(count, len(self._texts)))
        cheap = np.zeros((len(self._texts), len(self._labels)), dtype=np.float32)
        sentences = np.zeros_like(cheap) if deep is not None else None
        everything = np.arange(len(self._texts))
        for turn, part in enumerate(parts):
            self._step(f"Checking on held-out {turn + 1}/{len(parts)}", 16 + 60 * turn / len(parts))
            rest = np.setdiff1d(everything, part)
            vectoriser, linear = self._fit_words(rest)
            cheap[part] = scores(
                vectoriser.rows([self._texts[at] for at in part]), linear.weights, linear.bias
            )
            if deep is not None and sentences is not None:
                sentences[part] = self._fit_sentences(deep, rest).scores(deep[part])
        return evaluate.HeldOut(self._truth, cheap, sentences, tuple(self._languages), self._labels)

    def _fit_words(self, places: NDArray[np.int64]) -> tuple[Vectoriser, Linear]:
        """TF-IDF and a linear model over the examples at `places`."""
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
        """Kernel ridge regression on the encoder's vectors; a linear model where memory would not do."""
        vectors, truth = deep[places], self._truth[places]
        if len(vectors) > int(self._config.option("IntentClassifier", "kernel_examples")):
            return self._fit(vectors, truth, float(self._config.option("IntentClassifier", "strength")))
        width = float(self._config.option("IntentClassifier", "kernel_width"))
        smoothing = float(self._config.option("IntentClassifier", "kernel_smoothing"))
        wanted = np.eye(len(self._labels), dtype=np.float32)[truth]
        wanted -= wanted.mean(axis=0)
        ridge: Any = KernelRidge
        axes = _main_axes(vectors, int(self._config.option("IntentClassifier", "kernel_dimensions")))
        points = along(vectors, axes)
        model = ridge(kernel="rbf", gamma=width / 2, alpha=smoothing).fit(points, wanted)
        return Kernel(axes, points, np.asarray(model.dual_coef_, dtype=np.float32), width)

    def _fit(self, matrix: Any, truth: NDArray[np.int64], strength: float) -> Linear:
        """Logistic regression with a column for every label, also for one that is missing here."""
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


def _main_axes(vectors: Floats, dimensions: int) -> Floats:
    """(512, dimensions): in which directions the sentences differ most (eigenvectors of their products)."""
    _, axes = np.linalg.eigh(vectors.T @ vectors)
    return np.ascontiguousarray(axes[:, -dimensions:], dtype=np.float32)


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
