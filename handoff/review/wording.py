"""The words of a correction: what a corrector is shown first, and what may become an example. Pure.

A customer's own words may hold who they are. What looks personal is masked before anybody corrects, and
refused afterwards; what no rule sees, the corrector does, who has the whole sentence to edit.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Any

from bot.model.redact import redact
from bot.model.understanding import Entity
from nlu import markup
from nlu.entities import EntityExtractor
from nlu.markup import MarkupError

MASK = "…"
LONGEST = 500
"""Characters of an example, markup and all."""

_IBAN = re.compile(r"(?<!\w)[A-Za-z]{2}\d{2}(?: ?[A-Z]{4})?(?: ?\d{4}){2,7}(?: ?\d{1,3})?(?!\w)")
_NAME = re.compile(r"[^\W\d_]{3,}")

Span = tuple[int, int, str]


class Refused(ValueError):
    """These words cannot become an example; `key` and `values` say why, in the pages' words."""

    def __init__(self, key: str, **values: object) -> None:
        super().__init__(key)
        self.key = key
        self.values = values


@lru_cache(maxsize=1)
def _personal() -> EntityExtractor:
    return EntityExtractor({}, builtin=("email", "phone"))


def suggested(
    text: str, entities: Iterable[Mapping[str, Any]], *, markable: Collection[str], known: Collection[str]
) -> str:
    """A turn's text as an example on one line: entities marked, what looks personal masked.

    `known` is what is known of the customer: names, an address, a number.
    """
    text = redact(text)
    masked = [(start, end, MASK) for start, end in personal(text, known)]
    marked = [
        (start, end, mark)
        for start, end, mark in _marks(text, entities, markable)
        if not any(start < last and first < end for first, last, _ in masked)
    ]
    return " ".join(_replaced(text, [*masked, *marked]).split())


def checked(text: str, *, markable: Collection[str]) -> str:
    """What may become an example, on one line; raises `Refused`."""
    line = redact(" ".join(text.split()))
    if len(line) > LONGEST:
        raise Refused("correct.too_long", most=LONGEST)
    try:
        found = markup.parse(line)
    except MarkupError as error:
        raise Refused("correct.markup", wrong=str(error)) from None
    if not any(character.isalnum() for character in found.text):
        raise Refused("correct.empty")
    for entity in found.entities:
        if entity.entity not in markable:
            raise Refused("correct.entity", name=entity.entity, known=", ".join(sorted(markable)))
    for start, end in personal(found.text, ()):
        raise Refused("correct.personal", what=found.text[start:end])
    return line


def personal(text: str, known: Collection[str]) -> Iterator[tuple[int, int]]:
    """Where a text holds an e-mail address, a telephone or account number, or what is `known`."""
    spans = [(found.start, found.end) for found in _personal().extract(text, "")]
    spans += [match.span() for match in _IBAN.finditer(text)]
    if words := _words(known):
        names = re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, words))})(?!\w)", re.IGNORECASE)
        spans += [match.span() for match in names.finditer(text)]
    last = 0
    for start, end in sorted(spans, key=lambda span: (span[0], -span[1])):
        if start >= last:
            yield start, end
            last = end


def _words(known: Collection[str]) -> list[str]:
    """What is looked for of what is known: all of it, and each word of a name; the longest first."""
    whole = {each.strip() for each in known if len(each.strip()) > 2}
    parts = {word for each in whole for word in _NAME.findall(each) if "@" not in each}
    return sorted(whole | parts, key=lambda word: (-len(word), word))


def _marks(text: str, entities: Iterable[Mapping[str, Any]], markable: Collection[str]) -> Iterator[Span]:
    last = 0
    for found in sorted(entities, key=lambda each: (each.get("start", 0), -each.get("end", 0))):
        start, end, name = found.get("start", 0), found.get("end", 0), str(found.get("entity"))
        shown = text[start:end]
        # Offsets are those of what was read, which may be a part of the turn only.
        if name not in markable or start < last or not shown or shown != found.get("text", shown):
            continue
        last = end
        value = str(found.get("value") or shown)
        entity = Entity(name, value, 0, len(shown), role=found.get("role"), group=found.get("group"))
        yield start, end, markup.render(shown, [entity])


def _replaced(text: str, spans: Iterable[Span]) -> str:
    out, at = "", 0
    for start, end, instead in sorted(spans):
        out += text[at:start] + instead
        at = end
    return out + text[at:]


def segments(line: str) -> Iterator[tuple[str, str]]:
    """An example in pieces: words, and what they are marked as ("" for what is not)."""
    found = markup.parse(line)
    at = 0
    for entity in found.entities:
        yield found.text[at : entity.start], ""
        shown = f"{entity.entity} = {entity.value}" if entity.value != entity.text else entity.entity
        yield entity.text, shown
        at = entity.end
    yield found.text[at:], ""
