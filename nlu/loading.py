"""From a model file, or from what was just learned, to the pipeline that reads messages."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nlu import language_tables, model_file
from nlu.classifier import IntentClassifier, Kernel, Linear, Mixture, Part
from nlu.config import Config
from nlu.encoders import Encoders, encoding, shared_encoder
from nlu.entities import EntityExtractor, Wordlist, local_now
from nlu.features import Analyser, Vectoriser, numbered
from nlu.finders.builtin import FINDERS
from nlu.finders.dates import Now
from nlu.greetings import Greetings
from nlu.language import LanguageIdentifier
from nlu.model_file import Stored
from nlu.pipeline import Pipeline
from nlu.spelling import SpellingCorrector


def load(path: Path, *, encoders: Encoders = shared_encoder, warm: bool = True) -> Pipeline:
    """The pipeline of a model file; raises `ConfigError` when the file is missing or damaged, or when one of
    its encoders is not installed.

    `warm` reads one sentence at once, so that the first customer does not wait for the encoder's weights.
    """
    return assembled(model_file.load(path), encoders, warm=warm)


def assembled(stored: Stored, encoders: Encoders, *, warm: bool = True) -> Pipeline:
    """The pipeline of what was learned, whether or not it has become a file."""
    facts = stored.facts
    config = Config(tuple(facts["languages"]), facts["components"])
    arrays = stored.arrays
    vectoriser = Vectoriser(
        analyser=Analyser(tuple(facts["word_sizes"]), tuple(facts["character_sizes"])),
        words=numbered(arrays["words"], 0),
        characters=numbered(arrays["characters"], facts["word_count"]),
        idf=arrays["idf"],
    )
    mixture = facts["mixture"]
    classifier = IntentClassifier(
        labels=tuple(facts["labels"]),
        vectoriser=vectoriser,
        words=Linear(arrays["cheap_weights"], arrays["cheap_bias"]),
        parts=tuple(_part(component, config, arrays, encoders) for component in encoding(config)),
        mixture=Mixture(mixture["cheap"], tuple(mixture["both"]), mixture["sure"]),
    )
    pipeline = Pipeline(
        greetings=Greetings(facts["greetings"]),
        languages=identifier(stored),
        spelling=_corrector(config, facts["counts"], vectoriser.words),
        entities=extractor(config, facts["wordlists"]),
        classifier=classifier,
        threshold=float(facts["threshold"]),
        model=stored.hash,
    )
    if warm:
        pipeline.warm()
    return pipeline


def _part(component: str, config: Config, arrays: Mapping[str, NDArray[Any]], encoders: Encoders) -> Part:
    kernel = Kernel(
        axes=arrays[f"{component}.axes"],
        sentences=arrays[f"{component}.sentences"].astype(np.float32),
        weights=arrays[f"{component}.weights"],
        width=float(config.option("IntentClassifier", "kernel_width")),
    )
    return Part(component, encoders(component), kernel, int(config.option(component, "max_characters")))


def _corrector(
    config: Config, counts: Mapping[str, Mapping[str, int]], known: Mapping[str, int]
) -> SpellingCorrector:
    if not config.has("SpellingCorrector"):
        return SpellingCorrector({})
    return SpellingCorrector(counts, known, least=int(config.option("SpellingCorrector", "least")))


def identifier(stored: Stored) -> LanguageIdentifier:
    """What tells the languages, of what was learned."""
    facts = stored.facts
    config = Config(tuple(facts["languages"]), facts["components"])
    languages = config.languages if config.has("LanguageIdentifier") else config.languages[:1]
    return LanguageIdentifier(
        languages,
        facts["markers"],
        facts["counts"],
        config.option("LanguageIdentifier", "loan_words"),
        confidence=float(config.option("LanguageIdentifier", "confidence")),
        words=int(config.option("LanguageIdentifier", "words")),
        needed_markers=int(config.option("LanguageIdentifier", "markers")),
        tables=language_tables.identifier(stored.arrays),
    )


def extractor(config: Config, lists: Mapping[str, Any], now: Now = local_now) -> EntityExtractor:
    """What finds the entities, of a model's word lists (`Stored.facts["wordlists"]`)."""
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
        now=now,
    )
