"""The learning itself: from a pack's examples to the arrays and facts of a model file.

Only training imports it: it needs scikit-learn and SciPy, which reading messages does without.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nlu import evaluate, language_tables
from nlu.classifier import Mixture
from nlu.config import AUTO, Config
from nlu.encoders import Encoders, encoding
from nlu.features import Analyser, Floats, clean, joined
from nlu.formats import NluData
from nlu.greetings import learn_greetings
from nlu.kernel_learning import Places
from nlu.language import learn_words, reduced
from nlu.lookup import fold, wordings_of
from nlu.model_file import Stored
from nlu.part_learning import PartLearning
from nlu.word_learning import WordLearning

Step = Callable[[str, float], None]
"""Told what begins, and how many percent of the whole are finished."""


class Training:
    """One training run."""

    def __init__(self, config: Config, data: NluData, encoders: Encoders, step: Step) -> None:
        self._config = config
        self._data = data
        self._encoders = encoders
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
        option = config.option
        count = min(max(2, int(option("IntentClassifier", "folds"))), len(self._texts))
        folds = evaluate.folds(self._truth.tolist(), self._languages, count)
        with ThreadPoolExecutor(1) as beside:  # sentences are read by a library, which leaves Python free
            counting, telling = beside.submit(self._counted), beside.submit(self._languages_told)
            parts = self._parts(folds)
            words, (told, tables) = counting.result(), telling.result()
        held = self._held_out(folds, words, parts)
        self._step("Choosing thresholds", 82)
        sure = option("IntentClassifier", "sure")
        level = None if sure == AUTO else 1.01 if sure is False else float(sure)
        mixture = evaluate.fit_mixture(held, level, float(option("IntentClassifier", "sure_loss")))
        threshold = self._threshold(held, mixture)
        found = evaluate.report(held, mixture, threshold)
        self._step("Learning from all examples", 83)
        vectoriser, cheap = words.all()
        arrays: dict[str, NDArray[Any]] = {
            "words": joined(vectoriser.words),
            "characters": joined(vectoriser.characters),
            "idf": vectoriser.idf,
            "cheap_weights": _half(cheap.weights),
            "cheap_bias": cheap.bias,
            **tables,
        }
        self._step("Learning from all sentences", 89)
        for part in parts:
            arrays |= part.arrays()
        self._step("Writing the model", 94)
        facts = {
            "languages": list(config.languages),
            "components": {key: dict(options) for key, options in config.components.items()},
            "labels": list(self._labels),
            "word_sizes": list(self._analyser.words),
            "character_sizes": list(self._analyser.characters),
            "word_count": len(vectoriser.words),
            "mixture": asdict(mixture),
            "threshold": threshold,
            **told,
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

    def _languages_told(self) -> tuple[dict[str, Any], dict[str, NDArray[Any]]]:
        """What tells the languages: facts (markers, counts), and arrays where there are several."""
        languages = self._config.languages
        examples = ((one.text, one.intent, one.language) for one in self._data.examples)
        markers, counts = learn_words(examples, languages)
        arrays: dict[str, NDArray[Any]] = {}
        if self._config.has("LanguageIdentifier") and len(languages) > 1:
            whole = language_tables.whole(languages)
            arrays = dict(language_tables.cut(whole, (" ".join(reduced(text)) for text in self._texts)))
        return {"markers": markers, "counts": counts}, arrays

    def _counted(self) -> WordLearning:
        option = self._config.option
        return WordLearning(
            self._analyser,
            self._texts,
            self._truth,
            len(self._labels),
            least=int(option("WordAndCharacterFeaturizer", "min_examples")),
            strength=float(option("IntentClassifier", "strength")),
        )

    def _parts(self, folds: Sequence[Places]) -> list[PartLearning]:
        """What each encoder of the pipeline makes of all examples."""
        components = encoding(self._config)
        parts: list[PartLearning] = []
        for turn, component in enumerate(components):

            def share(of_it: float, turn: int = turn) -> None:
                self._step("Reading sentences", 2 + 50 * (turn + of_it) / len(components))

            encoder = self._encoders(component)
            texts, truth, labels = self._texts, self._truth, self._labels
            parts.append(PartLearning(component, self._config, encoder, texts, truth, labels, folds, share))
        return parts

    def _held_out(
        self, folds: Sequence[Places], words: WordLearning, encoded: Sequence[PartLearning]
    ) -> evaluate.HeldOut:
        """The scores of every example by models that were trained without it."""
        cheap = np.zeros((len(self._texts), len(self._labels)), dtype=np.float32)
        deep = tuple(np.zeros_like(cheap) for _ in encoded)
        for turn, part in enumerate(folds):
            self._step(f"Checking on held-out {turn + 1}/{len(folds)}", 52 + 30 * turn / len(folds))
            cheap[part] = words.held_out(part)
            for learning, its in zip(encoded, deep, strict=True):
                its[part] = learning.held_out(turn)
        return evaluate.HeldOut(self._truth, cheap, deep, tuple(self._languages), self._labels)


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
