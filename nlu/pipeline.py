"""What reads messages: language, intent and entities of everything that came in together.

A `Pipeline` only computes: it is called from a thread, from several at once if need be, and remembers nothing
of what it read (but the parts of single words).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bot.model.understanding import NLU_FALLBACK, Entity, IntentScore, Understanding
from nlu.classifier import IntentClassifier
from nlu.entities import EntityExtractor
from nlu.features import clean, has_words
from nlu.greetings import Greetings
from nlu.language import LanguageIdentifier
from nlu.spelling import SpellingCorrector
from nlu.watching import Watch, unwatched

_MARKS = " \t\n!?.,;:\u2026-*_~'\""
"""Marks alone ("!!!", "???") say nothing that could be trusted, however often they ended an example."""

_BARE = re.compile(r"(?:\S+@\S+|(?:https?://|www\.)\S+|[\d\s()+./-]+)")
"""An address or a number alone is an answer, and says nothing about what somebody wants."""

RANKED = 10
"""Intents in a ranking."""

Meaning = tuple[str, float, tuple[IntentScore, ...]]
"""Intent, confidence and ranking."""


@dataclass(frozen=True, slots=True)
class Query:
    """A text to understand, its conversation's language (None: not known yet), and the slot being asked.

    `hint` is the language that a first message is expected in, where a page or a channel says so.
    """

    text: str
    language: str | None = None
    asked: str | None = None
    hint: str | None = None


class Pipeline:
    """A trained model with its components; made by `nlu.train.load`."""

    def __init__(
        self,
        *,
        greetings: Greetings,
        languages: LanguageIdentifier,
        spelling: SpellingCorrector,
        entities: EntityExtractor,
        classifier: IntentClassifier,
        threshold: float,
        model: str,
    ) -> None:
        self._greetings = greetings
        self._languages = languages
        self._spelling = spelling
        self._entities = entities
        self._classifier = classifier
        self._threshold = threshold
        self.model = model
        """The hash of what it was trained from."""
        self._fallback = classifier.labels.index(NLU_FALLBACK) if NLU_FALLBACK in classifier.labels else -1

    @property
    def intents(self) -> tuple[str, ...]:
        """Every intent that it can give, without `nlu_fallback`."""
        return tuple(label for label in self._classifier.labels if label != NLU_FALLBACK)

    @property
    def threshold(self) -> float:
        """Below this probability a message is not understood."""
        return self._threshold

    def warm(self) -> None:
        """Load what is loaded at the first message, and with the first telephone number."""
        for part in self._classifier.parts:
            part.encoder.encode(["balie"])
        self.parse("balie 02 123 45 67")

    def parse(self, text: str, language: str | None = None, asked: str | None = None) -> Understanding:
        """Understand one text."""
        return self.parse_batch([Query(text, language, asked)])[0]

    def parse_batch(self, queries: Sequence[Query], watch: Watch = unwatched) -> list[Understanding]:
        """Understand what came in together; the same answers as one by one, for less work."""
        texts = [clean(query.text) for query in queries]
        with watch("LanguageIdentifier"):
            readings = [
                self._languages.read(text, query.language, query.hint)
                for text, query in zip(texts, queries, strict=True)
            ]
        with watch("SpellingCorrector"):
            meant = [
                self._spelling.correct(text, reading.language)
                for text, reading in zip(texts, readings, strict=True)
            ]
        meanings = self._meanings(meant, watch)
        with watch("EntityExtractor"):
            extracted = [
                self._entities.extract(text, reading.language, query.asked)
                for text, reading, query in zip(texts, readings, queries, strict=True)
            ]
        found: list[Understanding] = []
        for at, query in enumerate(queries):
            intent, confidence, ranking = meanings[at]
            found.append(
                Understanding(
                    text=query.text,
                    language=readings[at].language,
                    language_confidence=readings[at].confidence,
                    intent=intent,
                    confidence=confidence,
                    ranking=ranking,
                    entities=_within(extracted[at], query.text),
                    model=self.model,
                )
            )
        return found

    def likely(self, text: str) -> dict[str, float]:
        """How likely each of the first ten intents is, whether that is enough to act on or not."""
        [(_, _, ranking)] = self._meanings([clean(text)])
        return {score.name: score.confidence for score in ranking}

    def _meanings(self, texts: Sequence[str], watch: Watch = unwatched) -> list[Meaning]:
        """What texts mean: what follows a greeting, where that is understood, else the whole."""
        with watch("Greetings"):
            rests = [self._greetings.rest(text) for text in texts]
        found = self._decisions([rest or text for rest, text in zip(rests, texts, strict=True)], watch)
        again = [at for at, rest in enumerate(rests) if rest and found[at][0] == NLU_FALLBACK]
        for at, whole in zip(again, self._decisions([texts[at] for at in again], watch), strict=True):
            found[at] = whole
        return found

    def _decisions(self, texts: Sequence[str], watch: Watch) -> list[Meaning]:
        probabilities = self._classifier.probabilities(texts, watch)
        with watch("FallbackClassifier"):
            return [self._decide(row, text) for row, text in zip(probabilities, texts, strict=True)]

    def _decide(self, probabilities: NDArray[np.float32], text: str) -> Meaning:
        """Intent, confidence and the ranking of real intents.

        The fallback's confidence is its own probability where it is likeliest, else what the best lacks to 1.
        """
        labels = self._classifier.labels
        order = [int(at) for at in np.argsort(-probabilities, kind="stable")[: RANKED + 1]]
        ranking = tuple(
            IntentScore(labels[at], round(float(probabilities[at]), 4))
            for at in order
            if at != self._fallback
        )[:RANKED]
        best = ranking[0].confidence if ranking else 0.0
        if order[0] == self._fallback:
            return NLU_FALLBACK, round(float(probabilities[self._fallback]), 4), ranking
        said = text.strip(_MARKS)
        if text and (not said or _BARE.fullmatch(said)):
            return NLU_FALLBACK, 1.0, ()
        if best < self._threshold or not (has_words(text) or self._classifier.knows(text)):
            return NLU_FALLBACK, round(1.0 - best, 4), ranking
        return ranking[0].name, best, ranking


def _within(entities: tuple[Entity, ...], text: str) -> tuple[Entity, ...]:
    """Entities with the text as it was sent (cleaning blanks, and never moves, characters)."""
    return tuple(found for found in entities if found.end <= len(text))
