"""What was understood of a turn."""

from __future__ import annotations

from dataclasses import dataclass

NLU_FALLBACK = "nlu_fallback"
"""The intent of what is not understood or is out of scope, as in Rasa."""


@dataclass(frozen=True, slots=True)
class Entity:
    """A value found in the text; `start` and `end` are character offsets, `value` is canonical."""

    entity: str
    value: str
    start: int
    end: int
    text: str = ""
    extractor: str = ""
    role: str | None = None
    group: str | None = None


@dataclass(frozen=True, slots=True)
class IntentScore:
    """An intent and its probability, 0 to 1."""

    name: str
    confidence: float


@dataclass(frozen=True, slots=True)
class Understanding:
    """A turn's language, intent, ranking and entities. `model` is the hash of the model that read it.

    A turn may be about several problems: then this is the first one's part of the text, and `others` are the
    other parts.
    """

    text: str
    language: str
    intent: str = NLU_FALLBACK
    confidence: float = 0.0
    ranking: tuple[IntentScore, ...] = ()
    entities: tuple[Entity, ...] = ()
    language_confidence: float = 0.0
    model: str = ""
    others: tuple[Understanding, ...] = ()

    def values_of(self, entity: str) -> tuple[str, ...]:
        """The canonical values found for one entity, in text order."""
        return tuple(found.value for found in self.entities if found.entity == entity)
