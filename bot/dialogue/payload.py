"""What a chosen reply asks: `/SetSlots(a=b, c=d)` or `/intent{"entity": "value"}`, as in Rasa.

Only payloads that the bot itself has offered come here; a customer's text never does.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterator, Mapping
from typing import Any

from bot.dialogue import answers
from bot.dialogue.commands import (
    CancelFlow,
    ChangeLanguage,
    Command,
    CorrectSlots,
    HumanHandoff,
    Repeat,
    SetSlots,
    SkipQuestion,
    StartFlow,
)
from bot.dialogue.domain import Domain
from bot.dialogue.moment import Moment
from bot.dialogue.words import normal
from bot.model.understanding import Understanding

_SET_SLOTS = re.compile(r"/SetSlots\((.*)\)", re.DOTALL)
_INTENT = re.compile(r"/([\w/-]+)\s*(\{.*\})?", re.DOTALL)
_ASSIGNMENT = re.compile(r'(\w+)\s*=\s*("[^"]*"|\'[^\']*\'|[^,]*)')

PLACE = "place_words"
"""The payload of a choice that says which slot a customer's words are the value of."""


def faults(payload: str, domain: Domain) -> Iterator[tuple[str, str, Collection[str]]]:
    """What is wrong with a payload as a pack writes it: the fault, the name, and those it may have meant."""
    setting, found = _SET_SLOTS.fullmatch(payload), _INTENT.fullmatch(payload)
    values: Mapping[str, Any] = {}
    if setting:
        values = parse_assignments(setting.group(1))
        if not values:
            yield "sets no slot", "", ()
    elif found is None:
        yield "is no payload", "", ()
    else:
        intent = found.group(1)
        if intent != PLACE and intent not in domain.intents:
            yield f"names the unknown intent '{intent}'", intent, domain.intents
        try:
            read: Any = json.loads(found.group(2) or "{}")
        except ValueError:
            yield "has entities that are not JSON", "", ()
            return
        values = read if intent != PLACE else {}
    for name, value in values.items():
        slot = domain.slots.get(name)
        if slot is None:
            yield f"names the unknown slot '{name}'", name, domain.slots
        elif value is not None and answers.coerce(slot, value) is None:
            yield f"sets '{name}' to '{value}', which does not fit", str(value), slot.values


def from_payload(moment: Moment, payload: str) -> tuple[Command, ...] | None:
    """The commands of a payload; None when it says nothing that can be done now."""
    setting = _SET_SLOTS.fullmatch(payload)
    if setting:
        return _set_slots(moment, parse_assignments(setting.group(1)))
    found = _INTENT.fullmatch(payload)
    if found is None:
        return None
    return _intent(moment, found.group(1), json.loads(found.group(2)) if found.group(2) else {})


def global_command(moment: Moment, intent: str) -> tuple[Command, ...] | None:
    """The command of an intent that is possible at every moment."""
    match intent:
        case "talk_to_human":
            return (HumanHandoff(),)
        case "cancel" if moment.tracker.stack:
            return (CancelFlow(),)
        case "repeat":
            return (Repeat(),)
        case "change_language":
            language = _wanted_language(moment)
            return (ChangeLanguage(language),) if language in moment.pack.languages else None
        case _:
            return None


def _wanted_language(moment: Moment) -> str | None:
    """The first language named that is not refused, else the one spoken; None where that one is refused."""
    refusing, refused, end = set(moment.words("refusal")), False, 0
    unwanted: set[str] = set()
    for named in (entity for entity in moment.understanding.entities if entity.entity == "language"):
        gap = moment.text[end : named.start]
        beside = refused and "," not in gap and len(gap.split()) <= 1 and not moment.contrasted
        refused = beside or bool(refusing & set(normal(gap).split()))
        if not refused:
            return named.value
        unwanted.add(named.value)
        end = named.end
    return None if moment.language in unwanted else moment.language


def parse_assignments(text: str) -> dict[str, str | None]:
    """`a=b, c=null` as a dictionary; values may be quoted."""
    values: dict[str, str | None] = {}
    for name, written in _ASSIGNMENT.findall(text):
        value = written.strip().strip("\"'")
        values[name] = None if value.lower() in ("null", "none", "undefined") else value
    return values


def own_words(moment: Moment, words: str) -> tuple[Command, ...] | None:
    """What is different in the customer's own words: kept beside the facts, and read back with them."""
    question, details = moment.question, moment.details
    if question is None or details is None:
        return None
    asked = question[0].slot
    no = ((asked, False),) if question[1].type == "bool" else ()
    kept = answers.coerce(moment.pack.domain.slots[details.slot], words)
    told = moment.by_the_way(asked, details.slot)
    return (SetSlots((*no, (details.slot, kept), *told), asked),)


def _place(moment: Moment, name: str) -> tuple[Command, ...] | None:
    """Where the words belong that a refusal brought: the choice that `AskWhich` offered."""
    asked = moment.below()
    words = str(moment.tracker.context.get("words", ""))
    slot = moment.pack.domain.slots.get(name)
    if slot is None or asked.details is None or name == asked.details.slot:
        return own_words(asked, words)
    # They were kept as the customer's own words until they had a place.
    return (SetSlots(((asked.details.slot, None),)), CorrectSlots(((name, answers.coerce(slot, words)),)))


def _set_slots(moment: Moment, slots: Mapping[str, str | None]) -> tuple[Command, ...]:
    known = moment.pack.domain.slots
    values = tuple(
        (name, answers.coerce(known[name], value) if value is not None else None)
        for name, value in slots.items()
        if name in known
    )
    asked = moment.question[0].slot if moment.question else ""
    if asked in slots and slots[asked] is None:
        return (SkipQuestion(asked),)
    return (SetSlots(values, asked if asked in slots else ""),)


def _intent(moment: Moment, intent: str, entities: Mapping[str, Any]) -> tuple[Command, ...] | None:
    if intent == PLACE:
        return _place(moment, str(entities.get("slot", "")))
    special = global_command(moment, intent)
    if special:
        return special
    if moment.question is not None:
        slot = moment.question[1]
        chosen = Understanding(text="", language=moment.tracker.language, intent=intent, confidence=1.0)
        value = answers.answer(slot, "", chosen, 0.0)
        if value is not None:
            return (SetSlots(((slot.name, value),), slot.name),)
    trigger = moment.pack.triggers.get(intent)
    if trigger is None:
        return None
    # What was told before a clarification belongs to the flow that is chosen in it.
    kept: Mapping[str, Any] = moment.tracker.context.get("slots", {})
    given = {name: value for name, value in entities.items() if name in moment.pack.domain.slots}
    return (StartFlow(trigger[0].id, tuple({**kept, **given}.items())),)
