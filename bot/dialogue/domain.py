"""The domain as data: intents, entities, slots, responses and actions.

Reading it from Rasa's domain.yml is `bot.dialogue.domain_reader`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from bot.dialogue import dates
from bot.dialogue.conditions import Condition


@dataclass(frozen=True, slots=True)
class SlotMapping:
    """How a slot is filled from what a customer says."""

    type: str
    entity: str = ""
    role: str | None = None
    group: str | None = None
    intents: frozenset[str] = frozenset()
    not_intents: frozenset[str] = frozenset()
    value: Any = None


@dataclass(frozen=True, slots=True)
class Wording:
    """One way to say a value, `normal` and between spaces, and the stems of its words."""

    value: str
    padded: str
    stems: frozenset[str]


@dataclass(frozen=True, slots=True)
class Sign:
    """A value said without a word: stars, a thumb."""

    value: str
    text: str


@dataclass(frozen=True, slots=True)
class Slot:
    """A thing to know. `labels` and `value_labels` are for people, per language.

    `heard`: filled whenever its wording is said, not only when it is asked. `anywhere`: its entity is taken
    in every scenario, also where it is not asked. `told_by`: an entity, or another slot that
    is told, that answers the question with a value (an e-mail address, said to "by phone or by e-mail?").
    """

    name: str
    type: str
    values: tuple[str, ...] = ()
    initial: Any = None
    minimum: float | None = None
    maximum: float | None = None
    mappings: tuple[SlotMapping, ...] = ()
    labels: Mapping[str, str] = field(default_factory=dict[str, str])
    value_labels: Mapping[str, Mapping[str, str]] = field(default_factory=dict[str, Mapping[str, str]])
    synonyms: Mapping[str, Sequence[str]] = field(default_factory=dict[str, Sequence[str]])
    offer: tuple[str, ...] = ()
    fact: bool = False
    optional: bool = False
    told_by: Mapping[str, str] = field(default_factory=dict[str, str])
    heard: bool = False
    anywhere: bool = False
    record: str = ""
    max_length: int = 2_000
    wordings: tuple[Wording, ...] = ()
    signs: tuple[Sign, ...] = ()
    file: str = ""
    line: int = 0

    @property
    def takes_text(self) -> bool:
        """Whether a whole answer fills it."""
        return any(mapping.type == "from_text" for mapping in self.mappings)

    @property
    def has_entity(self) -> bool:
        """Whether an entity fills it."""
        return any(mapping.type == "from_entity" for mapping in self.mappings)

    def label(self, language: str) -> str:
        """The slot's name for people."""
        return self.labels.get(language) or self.name.replace("_", " ")

    @property
    def is_date(self) -> bool:
        """Whether a day that was mentioned fills it."""
        return any(mapping.type == "from_entity" and mapping.entity == "date" for mapping in self.mappings)

    def value_label(self, value: Any, language: str, today: str = "") -> str:
        """A value as people read it; `today` makes "yesterday" of a date."""
        if value is None:
            return ""
        if self.is_date and (words := dates.in_words(str(value), language, today)):
            return words
        key = str(value).lower() if isinstance(value, bool) else str(value)
        if isinstance(value, float) and value.is_integer():
            key = str(int(value))
        return self.value_labels.get(key, {}).get(language) or key


@dataclass(frozen=True, slots=True)
class Button:
    """A quick reply as written: titles per language."""

    titles: Mapping[str, str]
    payload: str


@dataclass(frozen=True, slots=True)
class Variation:
    """One wording of a response: texts per language, buttons, and when it applies."""

    texts: Mapping[str, str]
    buttons: tuple[Button, ...] = ()
    channel: str = ""
    condition: Condition | None = None
    jinja: bool = False
    custom: Mapping[str, Any] = field(default_factory=dict[str, Any])
    line: int = 0


@dataclass(frozen=True, slots=True)
class Domain:
    """Everything the conversations may name."""

    intents: frozenset[str] = frozenset()
    entities: frozenset[str] = frozenset()
    slots: Mapping[str, Slot] = field(default_factory=dict[str, Slot])
    responses: Mapping[str, tuple[Variation, ...]] = field(default_factory=dict[str, tuple[Variation, ...]])
    actions: frozenset[str] = frozenset()
    places: Mapping[str, tuple[str, int]] = field(default_factory=dict[str, tuple[str, int]])
    session_minutes: float = 60.0
    raw: Mapping[str, Any] = field(default_factory=dict[str, Any])

    def initial_slots(self) -> dict[str, Any]:
        """Every slot with its initial value."""
        return {name: slot.initial for name, slot in self.slots.items()}


PLACEHOLDER = re.compile(r"\{(\w+)\}")
"""A slot's value in a plain text: `{slot}`."""
