"""The domain as data: intents, entities, slots, responses and actions, read from Rasa's domain.yml."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from bot.dialogue import conditions, dates
from bot.dialogue.conditions import Condition
from bot.dialogue.source import Node
from bot.dialogue.words import normal, stems
from bot.model.errors import Problem

SLOT_TYPES = frozenset({"text", "bool", "categorical", "float", "list", "any"})
MAPPING_TYPES = frozenset({"from_entity", "from_intent", "from_trigger_intent", "from_text", "controlled"})


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
    in every scenario, also where it is not asked. `told_by`: an entity that answers the question with a value
    (an e-mail address, said to "by phone or by e-mail?").
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


_KEYS = {
    "version", "intents", "entities", "slots", "responses", "actions", "forms", "e2e_actions",
    "session_config", "config", "metadata",
}  # fmt: skip


def read_domain(roots: Sequence[Node], language: str, problems: list[Problem]) -> Domain:
    """One domain from all its files; a slot or response that stands in two files is a problem."""
    reader = _Reader(language, problems)
    for root in roots:
        reader.read(root)
    return Domain(
        intents=frozenset(reader.intents),
        entities=frozenset(reader.entities),
        slots=reader.slots,
        responses=reader.responses,
        actions=frozenset(reader.actions),
        places=reader.places,
        session_minutes=reader.session_minutes,
        raw=reader.raw,
    )


class _Reader:
    def __init__(self, language: str, problems: list[Problem]) -> None:
        self.language = language
        self.problems = problems
        self.intents: set[str] = set()
        self.entities: set[str] = set()
        self.actions: set[str] = set()
        self.slots: dict[str, Slot] = {}
        self.responses: dict[str, tuple[Variation, ...]] = {}
        self.places: dict[str, tuple[str, int]] = {}
        self.session_minutes = 60.0
        self.raw: dict[str, Any] = {}

    def read(self, root: Node) -> None:
        for key, node in root.items():
            if key not in _KEYS:
                self.problems.append(node.problem(f"the domain has an unknown key '{key}'"))
            if key in ("forms", "e2e_actions") and node.raw:
                self.problems.append(node.problem(f"'{key}' are not supported", "Write a flow instead."))
            if node.is_mapping:
                self.raw.setdefault(key, {}).update(node.raw)
            elif node.is_list:
                self.raw.setdefault(key, []).extend(node.raw)
        for key, names in (("intents", self.intents), ("entities", self.entities), ("actions", self.actions)):
            for entry in (root.get(key) or Node([], "", 0)).elements():
                names.update(map(str, entry.raw) if entry.is_mapping else [str(entry.raw)])
        for name, node in (root.get("slots") or Node({}, "", 0)).items():
            self._once(name, node, self.slots)
            self.slots[name] = self._slot(name, node)
        for name, node in (root.get("responses") or Node({}, "", 0)).items():
            self._once(name, node, self.responses)
            self.places[name] = (node.file, node.line)
            self.responses[name] = tuple(self._variation(part) for part in node.elements())
            if not self.responses[name]:
                self.problems.append(node.problem(f"the response '{name}' has no variation",
                                                  "Give it a list of '- text: …'."))  # fmt: skip
        session = root.get("session_config")
        if session is not None:
            self.session_minutes = float(session.value("session_expiration_time", 60))

    def _once(self, name: str, node: Node, known: Mapping[str, object]) -> None:
        if name in known:
            self.problems.append(node.problem(f"'{name}' is already in another file", "Keep one of them."))

    def _slot(self, name: str, node: Node) -> Slot:
        kind = node.text("type")
        if kind not in SLOT_TYPES:
            self.problems.append(node.problem(f"slot '{name}' has the type '{kind}'",
                                              f"Use one of {', '.join(sorted(SLOT_TYPES))}."))  # fmt: skip
        values = tuple(str(value) for value in node.value("values", []))
        if kind == "categorical" and not values:
            self.problems.append(node.problem(f"slot '{name}' is categorical and has no values"))
        metadata: dict[str, Any] = node.value("metadata", {})
        offer = tuple(map(str, metadata.get("offer", ())))
        for value in offer:
            if values and value not in values:
                self.problems.append(node.problem(f"slot '{name}' offers '{value}', which is not a value"))
        slot = Slot(
            name=name,
            type=kind,
            values=values,
            initial=node.value("initial_value"),
            minimum=node.value("min_value"),
            maximum=node.value("max_value"),
            mappings=tuple(self._mapping(name, part) for part in self._list(node, "mappings")),
            labels=metadata.get("label", {}),
            value_labels={_key(key): labels
                          for key, labels in metadata.get("values", {}).items()},
            synonyms={_key(key): words for key, words in metadata.get("synonyms", {}).items()},
            offer=offer,
            fact=bool(metadata.get("fact", False)),
            optional=bool(metadata.get("optional", False)),
            told_by=metadata.get("told_by", {}),
            heard=bool(metadata.get("heard", False)),
            anywhere=bool(metadata.get("anywhere", False)),
            record=str(metadata.get("record", "")),
            max_length=int(metadata.get("max_length", 2_000)),
            file=node.file,
            line=node.line,
        )  # fmt: skip
        return replace(slot, wordings=tuple(_wordings(slot)), signs=tuple(_signs(slot)))

    @staticmethod
    def _list(node: Node, key: str) -> list[Node]:
        return list((node.get(key) or Node([], "", 0)).elements())

    def _mapping(self, slot: str, node: Node) -> SlotMapping:
        kind = node.text("type")
        if kind not in MAPPING_TYPES:
            mend = f"Use one of {', '.join(sorted(MAPPING_TYPES))}."
            if kind == "from_llm":
                mend = "Balie uses no language model: take from_entity, from_intent or from_text."
            elif kind == "custom":
                mend = "'custom' has become 'controlled'."
            self.problems.append(node.problem(f"slot '{slot}' has a mapping of type '{kind}'", mend))
        entity = node.text("entity")
        if kind == "from_entity" and entity and entity not in self.entities:
            self.places.setdefault(f"entity:{entity}", (node.file, node.line))
        return SlotMapping(
            type=kind,
            entity=entity,
            role=node.value("role"),
            group=node.value("group"),
            intents=_names(node.value("intent")),
            not_intents=_names(node.value("not_intent")),
            value=node.value("value"),
        )

    def _variation(self, node: Node) -> Variation:
        metadata: dict[str, Any] = node.value("metadata", {})
        return Variation(
            texts=self._texts(node, "text"),
            buttons=tuple(Button(self._texts(button, "title"), button.text("payload"))
                          for key in ("buttons", "quick_replies") for button in self._list(node, key)),
            channel=node.text("channel"),
            condition=self._condition(node),
            jinja=metadata.get("template") == "jinja",
            custom=node.value("custom", {}),
            line=node.line,
        )  # fmt: skip

    def _texts(self, node: Node, key: str) -> dict[str, str]:
        texts = {self.language: str(node.raw[key])} if node.get(key) is not None else {}
        for language, text in (node.get("translation") or Node({}, "", 0)).items():
            texts[language] = text.text(key) if isinstance(text.raw, dict) else str(text.raw)
        return texts

    def _condition(self, node: Node) -> Condition | None:
        found = node.get("condition")
        if found is None:
            return None
        try:
            if isinstance(found.raw, str):
                return conditions.parse(found.raw)
            tests = tuple(
                conditions.Test("=", conditions.Name(("slots", part.text("name"))),
                                conditions.Constant(part.value("value")))
                for part in found.elements()
            )  # fmt: skip
            return conditions.Both("and", tests)
        except conditions.ConditionError as error:
            self.problems.append(found.problem(f"a condition cannot be read: {error}"))
            return None


def _wordings(slot: Slot) -> Iterator[Wording]:
    """Every way to say each value. Of a yes or no only synonyms: a plain "yes" is told by the intents."""
    for value in slot.values or ("true", "false"):
        names = (value, *slot.value_labels.get(value, {}).values()) if slot.values else ()
        for said in dict.fromkeys(normal(each) for each in (*names, *slot.synonyms.get(value, ())) if each):
            if said:
                yield Wording(value, f" {said} ", stems(said))


def _signs(slot: Slot) -> Iterator[Sign]:
    """The synonyms in which there is no word."""
    for value, synonyms in slot.synonyms.items():
        signs = (str(each).strip() for each in synonyms if not normal(str(each)))
        yield from (Sign(value, sign) for sign in signs if sign)


def _key(value: Any) -> str:
    """A value as a key: YAML reads `true:` as a boolean."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def _names(raw: Any) -> frozenset[str]:
    if raw is None:
        return frozenset()
    return frozenset([raw] if isinstance(raw, str) else map(str, raw))


PLACEHOLDER = re.compile(r"\{(\w+)\}")
"""A slot's value in a plain text: `{slot}`."""
