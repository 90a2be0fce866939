"""Reads the domain from Rasa's domain.yml, which may be spread over several files.

Whether it fits the flows and the languages is checked in `bot.dialogue.check`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from bot.dialogue import conditions
from bot.dialogue.conditions import Condition
from bot.dialogue.domain import Button, Domain, Sign, Slot, SlotMapping, Variation, Wording
from bot.dialogue.flow_reader import read_condition
from bot.dialogue.words import normal, stems
from bot.source.nodes import Node

SLOT_TYPES = frozenset({"text", "bool", "categorical", "float", "list", "any"})
MAPPING_TYPES = frozenset({"from_entity", "from_intent", "from_trigger_intent", "from_text", "controlled"})

_LISTS = ("intents", "entities", "actions")
_MAPPINGS = ("slots", "responses", "session_config", "config", "metadata")
_REFUSED = ("forms", "e2e_actions")
_KEYS = {"version", *_LISTS, *_MAPPINGS, *_REFUSED}
_SESSION_KEYS = {"session_expiration_time", "carry_over_slots_to_new_session"}
_SLOT_KEYS = {
    "type", "values", "initial_value", "min_value", "max_value", "mappings", "metadata",
    "influence_conversation", "shared_for_coexistence", "description",
}  # fmt: skip
_SLOT_METADATA = {
    "label", "values", "synonyms", "offer", "fact", "optional", "told_by", "heard", "anywhere", "record",
    "max_length",
}  # fmt: skip
_MAPPING_KEYS = {
    "type", "entity", "role", "group", "intent", "not_intent", "value", "conditions", "run_action_every_turn",
}  # fmt: skip
_VARIATION_KEYS = {
    "text", "translation", "buttons", "quick_replies", "button_type", "image", "elements", "attachment",
    "custom", "channel", "id", "metadata", "condition", "allow_interruptions",
}  # fmt: skip
_BUTTON_KEYS = {"title", "payload", "translation", "type", "image_url", "content_type"}


def read_domain(roots: Sequence[Node], language: str) -> Domain:
    """One domain from all its files; a slot or response that stands in two files is a problem."""
    reader = _Reader(language)
    for root in roots:
        reader.names(root)
    for root in roots:
        reader.read(root)
    return Domain(
        intents=frozenset(reader.known["intents"]),
        entities=frozenset(reader.known["entities"]),
        slots=reader.slots,
        responses=reader.responses,
        actions=frozenset(reader.known["actions"]),
        places=reader.places,
        session_minutes=reader.session_minutes,
        raw=reader.raw,
    )


class _Reader:
    def __init__(self, language: str) -> None:
        self.language = language
        self.known: dict[str, set[str]] = {kind: set() for kind in _LISTS}
        self.slots: dict[str, Slot] = {}
        self.responses: dict[str, tuple[Variation, ...]] = {}
        self.places: dict[str, tuple[str, int]] = {}
        self.session_minutes = 60.0
        self.raw: dict[str, Any] = {}

    def names(self, root: Node) -> None:
        """The names that a file declares."""
        for kind in _LISTS:
            for entry in root[kind].elements():
                if entry.is_mapping:
                    self.known[kind].update(name for name, _ in entry.entries())
                elif not entry.empty:
                    self.known[kind].add(entry.text())

    def read(self, root: Node) -> None:
        """What a file says about slots and responses."""
        root.only(_KEYS, "the domain")
        for key in _REFUSED:
            if not root[key].empty:
                root[key].wrong(f"'{key}' are not supported", "Write a flow instead.")
        for kind in _LISTS:
            self.raw.setdefault(kind, []).extend(element.plain() for element in root[kind].elements())
        for kind in _MAPPINGS:
            entries = {key: child.plain() for key, child in root[kind].entries()}
            if entries:
                self.raw.setdefault(kind, {}).update(entries)
        for name, node in root["slots"].entries():
            self._once(name, node, self.slots)
            self.slots[name] = self._slot(name, node)
        for name, node in root["responses"].entries():
            self._once(name, node, self.responses)
            self.places[name] = (node.file, node.line)
            self.responses[name] = tuple(self._variation(name, part) for part in node.elements())
            if node.empty:
                node.wrong(f"the response '{name}' has no variation", "Give it a list of '- text: …'.")
        session = root["session_config"]
        session.only(_SESSION_KEYS, "'session_config'")
        self.session_minutes = session["session_expiration_time"].number(self.session_minutes, 0)

    def _once(self, name: str, node: Node, known: Mapping[str, object]) -> None:
        if name in known:
            node.wrong(f"'{name}' is already in another file", "Keep one of them.")

    def _slot(self, name: str, node: Node) -> Slot:
        node.only(_SLOT_KEYS, f"slot '{name}'")
        kind = _one_of(node, f"slot '{name}' has the type", SLOT_TYPES)
        values = node["values"].texts()
        if kind == "categorical" and node["values"].empty:
            node.wrong(f"slot '{name}' is categorical and has no values", "List them under 'values:'.")
        metadata = node["metadata"]
        metadata.own(_SLOT_METADATA, f"slot '{name}'")
        slot = Slot(
            name=name,
            type=kind,
            values=values,
            initial=node["initial_value"].plain(),
            minimum=node["min_value"].number(None),
            maximum=node["max_value"].number(None),
            mappings=tuple(self._mapping(name, part) for part in node["mappings"].elements()),
            labels=metadata["label"].named_texts(),
            value_labels={value: labels.named_texts() for value, labels in metadata["values"].entries()},
            synonyms={value: words.texts() for value, words in metadata["synonyms"].entries()},
            offer=metadata["offer"].texts(),
            fact=metadata["fact"].flag(),
            optional=metadata["optional"].flag(),
            told_by=metadata["told_by"].named_texts(),
            heard=metadata["heard"].flag(),
            anywhere=metadata["anywhere"].flag(),
            record=metadata["record"].text(),
            max_length=int(metadata["max_length"].number(2_000, 1)),
            file=node.file,
            line=node.line,
        )
        self._values(slot, metadata)
        return replace(slot, wordings=tuple(_wordings(slot)), signs=tuple(_signs(slot)))

    def _values(self, slot: Slot, metadata: Node) -> None:
        """What the metadata says about values must be about values that the slot has."""
        values = slot.values or (("true", "false") if slot.type == "bool" else ())
        said = {
            "values": metadata["values"].entries(),
            "synonyms": metadata["synonyms"].entries(),
            "offer": [(element.text(), element) for element in metadata["offer"].elements()],
            "told_by": [(told.text(), told) for _, told in metadata["told_by"].entries()],
        }
        for key, entries in said.items():
            for value, node in entries:
                if values and value not in values:
                    known = f"Its values are {', '.join(values)}."
                    node.wrong(f"'{key}' of slot '{slot.name}' names '{value}', which is not a value", known)

    def _mapping(self, slot: str, node: Node) -> SlotMapping:
        node.only(_MAPPING_KEYS, f"a mapping of slot '{slot}'")
        mends = {
            "from_llm": "Balie uses no language model: take from_entity, from_intent or from_text.",
            "custom": "'custom' has become 'controlled'.",
        }
        kind = _one_of(node, f"slot '{slot}' has a mapping of type", MAPPING_TYPES, mends)
        entity = node["entity"].text()
        if entity and entity not in self.known["entities"]:
            node.wrong(f"the entity '{entity}' is not in the domain", "Add it under 'entities:'.")
        return SlotMapping(
            type=kind,
            entity=entity,
            role=node["role"].text() or None,
            group=node["group"].text() or None,
            intents=_names(node["intent"]),
            not_intents=_names(node["not_intent"]),
            value=node["value"].plain(),
        )

    def _variation(self, response: str, node: Node) -> Variation:
        node.only(_VARIATION_KEYS, f"'{response}'")
        buttons = [*node["buttons"].elements(), *node["quick_replies"].elements()]
        for button in buttons:
            button.only(_BUTTON_KEYS, f"a button of '{response}'")
        node["metadata"].own({"template"}, f"'{response}'")
        return Variation(
            texts=self._texts(node, "text"),
            buttons=tuple(Button(self._texts(each, "title"), each["payload"].text()) for each in buttons),
            channel=node["channel"].text(),
            condition=_condition(node["condition"]),
            jinja=node["metadata"]["template"].text() == "jinja",
            custom={key: child.plain() for key, child in node["custom"].entries()},
            line=node.line,
        )

    def _texts(self, node: Node, key: str) -> dict[str, str]:
        texts = {self.language: node[key].text()} if node[key].there else {}
        for language, part in node["translation"].entries():
            texts[language] = (part[key] if part.is_mapping else part).text()
        return texts


def _one_of(node: Node, what: str, known: Collection[str], mends: Mapping[str, str] | None = None) -> str:
    found = node["type"].text()
    if found not in known:
        mend = (mends or {}).get(found, f"Use one of {', '.join(sorted(known))}.")
        node.wrong(f"{what} '{found}'" if found else f"{what.replace(' the', ' no')}", mend)
    return found


def _condition(node: Node) -> Condition | None:
    """A condition as text, or Rasa's older list of slots and values."""
    if not node.there:
        return None
    if not node.is_list:
        return read_condition(node)
    return conditions.Both(
        "and",
        tuple(
            conditions.Test(
                "=",
                conditions.Name(("slots", part["name"].text())),
                conditions.Constant(part["value"].plain()),
            )
            for part in node.elements()
        ),
    )


def _wordings(slot: Slot) -> Iterator[Wording]:
    """Every way to say each value. Of a yes or no and of free text only the synonyms."""
    for value in slot.values or slot.synonyms:
        names = (value, *slot.value_labels.get(value, {}).values()) if slot.values else ()
        for said in dict.fromkeys(normal(each) for each in (*names, *slot.synonyms.get(value, ())) if each):
            if said:
                yield Wording(value, f" {said} ", stems(said))


def _signs(slot: Slot) -> Iterator[Sign]:
    """The synonyms in which there is no word."""
    for value, synonyms in slot.synonyms.items():
        yield from (Sign(value, each.strip()) for each in synonyms if each.strip() and not normal(each))


def _names(node: Node) -> frozenset[str]:
    if node.is_list:
        return frozenset(node.texts())
    return frozenset({node.text()} if node.there else ())
