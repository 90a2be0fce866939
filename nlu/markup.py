"""Entity markup inside training examples, as Rasa writes it; text in, text out, no files.

[Outlook](application)      [mijn mailprogramma]{"entity": "application", "value": "outlook"}
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, cast

from bot.model.understanding import Entity

_MARK = re.compile(r"\[([^\[\]]{1,300})\](?:\(([^()]{0,200})\)|(\{[^{}]{0,500}\}))")
_OPEN = re.compile(r"\[[^\[\]]{1,300}\][({]")
_KEYS = frozenset({"entity", "value", "role", "group"})


class MarkupError(ValueError):
    """The markup of one example is broken; the text says how."""


@dataclass(frozen=True, slots=True)
class Marked:
    """An example without its markup, and the entities that were marked in it."""

    text: str
    entities: tuple[Entity, ...] = ()


def parse(source: str) -> Marked:
    """Take the markup out of `source`; raises `MarkupError` where it is begun and not ended, or not JSON."""
    if "[" not in source:
        return Marked(source)
    text = ""
    at = 0
    entities: list[Entity] = []
    for match in _MARK.finditer(source):
        text += source[at : match.start()]
        at = match.end()
        start, shown = len(text), match.group(1)
        text += shown
        facts = _from_json(match.group(3)) if match.group(3) else _from_name(match.group(2))
        entities.append(
            Entity(
                entity=facts["entity"],
                value=facts.get("value", shown),
                start=start,
                end=len(text),
                text=shown,
                extractor="markup",
                role=facts.get("role"),
                group=facts.get("group"),
            )
        )
    rest = source[at:]
    if _OPEN.search(_MARK.sub("", source)):
        raise MarkupError("an entity's markup is not closed")
    return Marked(text + rest, tuple(entities))


def render(text: str, entities: Iterable[Entity]) -> str:
    """The reverse of `parse`. Overlapping entities cannot be written: the first one wins."""
    out: list[str] = []
    at = 0
    for found in sorted(entities, key=lambda entity: (entity.start, -entity.end)):
        if found.start < at or found.end <= found.start:
            continue
        shown = text[found.start : found.end]
        facts: dict[str, str] = {"entity": found.entity}
        if found.value != shown:
            facts["value"] = found.value
        if found.role:
            facts["role"] = found.role
        if found.group:
            facts["group"] = found.group
        plain = len(facts) == 1 and _simple(found.entity)
        mark = f"({found.entity})" if plain else json.dumps(facts, ensure_ascii=False)
        out += [text[at : found.start], "[", shown, "]", mark]
        at = found.end
    out.append(text[at:])
    return "".join(out)


def _simple(name: str) -> bool:
    return bool(name) and not any(char in name for char in "():{}")


def _from_name(name: str) -> dict[str, str]:
    """`entity` or the older `entity:value`."""
    entity, _, value = name.partition(":")
    if not entity.strip():
        raise MarkupError("an entity's markup has no name")
    return {"entity": entity.strip(), "value": value.strip()} if value.strip() else {"entity": entity.strip()}


def _from_json(source: str) -> dict[str, str]:
    try:
        facts: Any = json.loads(source)
    except ValueError:
        raise MarkupError(f"{source} is not JSON") from None
    if not isinstance(facts, Mapping):
        raise MarkupError(f"{source} is not a JSON object")
    mapping = cast(Mapping[str, Any], facts)
    unknown = sorted(set(mapping) - _KEYS)
    if unknown:
        raise MarkupError(f"{source} has the unknown key {unknown[0]}")
    if not isinstance(mapping.get("entity"), str) or not mapping["entity"]:
        raise MarkupError(f"{source} names no entity")
    return {key: str(value) for key, value in mapping.items() if value is not None}
