"""Does what a customer said answer the question? Slots and the values that fit them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from bot.dialogue.domain import Slot, SlotMapping
from bot.dialogue.words import normal, stems
from bot.model.messages import QuickReply
from bot.model.understanding import Understanding

_NUMBER = re.compile(r"(?<![\w.,])-?\d{1,9}(?:[.,]\d{1,4})?(?![\w])")
_CHOICE = re.compile(r"(?:optie|option|choix|keuze|nummer|numero|number|nr|n)?\s*(\d{1,2})")


def chosen(text: str, offered: Sequence[QuickReply]) -> QuickReply | None:
    """The offered reply that a typed text names, by its title or by its number."""
    said = normal(text)
    if not said:
        return None
    for reply in offered:
        if said == normal(reply.title):
            return reply
    number = _CHOICE.fullmatch(said)
    if number and 1 <= int(number.group(1)) <= len(offered):
        return offered[int(number.group(1)) - 1]
    return None


def coerce(slot: Slot, value: Any) -> Any:
    """The value as the slot's type wants it, or None when it does not fit."""
    match slot.type:
        case "bool":
            return _bool(value)
        case "float":
            return _float(slot, value)
        case "categorical":
            return next((known for known in slot.values if known.casefold() == str(value).casefold()), None)
        case "list":
            return list(value) if isinstance(value, list | tuple) else [value]  # pyright: ignore[reportUnknownArgumentType, reportUnknownVariableType]
        case "text":
            text = str(value).strip()
            return text[: slot.max_length] or None
        case _:
            return value


def _bool(value: Any) -> bool | None:
    if isinstance(value, bool):
        return value
    return {"true": True, "false": False}.get(str(value).casefold())


def _float(slot: Slot, value: Any) -> float | None:
    try:
        number = float(str(value).replace(",", "."))
    except ValueError:
        return None
    low = slot.minimum is not None and number < slot.minimum
    high = slot.maximum is not None and number > slot.maximum
    return None if low or high or number != number else number


def from_entity(slot: Slot, understanding: Understanding, other_than: Any = None) -> Any:
    """The value that an entity of the turn gives this slot, or None.

    `other_than` is left aside where another value is named too ("not my laptop but my phone").
    """
    for mapping in slot.mappings:
        if mapping.type != "from_entity" or not _intent_fits(mapping, understanding):
            continue
        values = [
            found.value
            for found in understanding.entities
            if found.entity == mapping.entity
            and mapping.role in (None, found.role)
            and mapping.group in (None, found.group)
        ]
        fitting = [fit for value in values if (fit := coerce(slot, value)) is not None]
        if slot.type == "list" and fitting:
            return [part for value in fitting for part in value]
        # Of several different values none is chosen: the question settles it.
        different = list(dict.fromkeys(value for value in fitting if value != other_than)) or fitting
        if len(set(map(str, different))) == 1:
            return different[0]
    return None


def answer(slot: Slot, text: str, understanding: Understanding, least: float) -> Any:
    """The value that this turn gives the slot being asked, or None; a whole text is not taken here.

    `least` is how sure an intent must be to count as an answer.
    """
    value = from_entity(slot, understanding)
    if value is not None:
        return value
    for entity, told in slot.told_by.items():
        if understanding.values_of(entity):
            return coerce(slot, told)
    value = _from_intent(slot, understanding, least)
    if value is not None:
        return value
    if slot.type in ("categorical", "bool"):
        said = normal(text)
        found = named(slot, said)
        if found is None and slot.values:
            found = _nearly_named(slot, said)
        return _signed(slot, text) if found is None else found
    if slot.type == "float":
        found = _NUMBER.search(text)
        return coerce(slot, found.group()) if found else None
    return None


def _intent_fits(mapping: SlotMapping, understanding: Understanding) -> bool:
    wanted = not mapping.intents or understanding.intent in mapping.intents
    return wanted and understanding.intent not in mapping.not_intents


def _from_intent(slot: Slot, understanding: Understanding, least: float) -> Any:
    if understanding.confidence < least or (slot.type == "bool" and names_things_only(understanding)):
        return None
    for mapping in slot.mappings:
        if mapping.type == "from_intent" and understanding.intent in mapping.intents:
            return coerce(slot, mapping.value)
    if slot.type == "bool":
        return {"affirm": True, "deny": False}.get(understanding.intent)
    return None


def names_things_only(understanding: Understanding) -> bool:
    """Whether every word is part of an entity: an address alone says neither yes nor no."""
    rest, end = "", 0
    for entity in understanding.entities:
        rest, end = rest + understanding.text[end : entity.start], max(end, entity.end)
    return end > 0 and not normal(rest + understanding.text[end:])


def named(slot: Slot, said: str) -> Any:
    """The one value whose name, label or synonym stands in a `normal` text as whole words, or None.

    A wording that lies inside a longer one that was said does not count ("geklikt" in "niet geklikt").
    """
    padded = f" {said} "
    found = [wording for wording in slot.wordings if wording.padded in padded]
    if not found:
        return None
    values = {
        wording.value
        for wording in found
        if not any(wording is not longer and wording.padded in longer.padded for longer in found
                   if len(longer.padded) > len(wording.padded))
    }  # fmt: skip
    return coerce(slot, values.pop()) if len(values) == 1 else None


def _signed(slot: Slot, text: str) -> Any:
    """The one value whose sign stands in a text; of stars the longest row counts."""
    found = [sign for sign in slot.signs if sign.text in text]
    values = {
        sign.value for sign in found if not any(sign is not more and sign.text in more.text for more in found)
    }
    return coerce(slot, values.pop()) if len(values) == 1 else None


def _nearly_named(slot: Slot, said: str) -> Any:
    """The one value of which nearly all the wording's words were said, in whatever form."""
    words = stems(said)
    near = {wording.value for wording in slot.wordings if _covered(wording.stems, words)}
    return near.pop() if len(near) == 1 else None


def _covered(wording: frozenset[str], said: frozenset[str]) -> bool:
    """Whether two or more of a wording's words, and at least two thirds of them, were said."""
    common = len(wording & said)
    return common >= 2 and 3 * common >= 2 * len(wording)
