"""Several things in one text: where it may be cut, and which pieces are problems of their own. Pure.

The understanding gives one meaning for a text. Its pieces are read besides, and only pieces that are surely
different problems count, and no two faces of one: what goes together stands in the pack's `config.yml`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.dialogue.pack import Pack
from bot.dialogue.words import normal
from bot.model.understanding import Understanding

LEAST = 7
"""Words of a text that may be about two things."""

LONGEST = 1_000
"""Characters of such a text; more is a story."""

PIECE = 3
"""Words of a piece that may be a problem of its own."""

MOST = 4
"""Pieces of a text; what comes after belongs to the last one."""

_STOP = r"[.!?;:]+\s+|\n+"


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a text and where it begins."""

    text: str
    start: int


def pieces(text: str, pack: Pack, language: str, *, commas: bool = False) -> tuple[Piece, ...]:
    """The parts between stops and conjunctions; nothing for a text that is short, long or of one piece.

    `commas` cuts there too: for what may be said in half a sentence.
    """
    if len(text) > LONGEST or len(text.split()) < LEAST:
        return ()
    conjunctions = pack.words.get("and", {}).get(language, ())
    word = rf"(?:{'|'.join(map(re.escape, conjunctions))})\s+"
    stop = rf"{_STOP}|,\s+" if commas else _STOP
    cuts = rf"(?:{stop})(?:{word})?|,?\s+{word}" if conjunctions else stop
    spans: list[tuple[int, int]] = []
    start = 0
    for cut in re.finditer(cuts, text, re.IGNORECASE):
        _add(spans, text, start, cut.start())
        start = cut.end()
    _add(spans, text, start, len(text))
    return tuple(Piece(text[begin:end], begin) for begin, end in spans) if len(spans) > 1 else ()


def _add(spans: list[tuple[int, int]], text: str, start: int, end: int) -> None:
    """One more piece; a short one belongs to the piece beside it."""
    short = any(len(normal(text[begin:stop]).split()) < PIECE for begin, stop in (*spans[-1:], (start, end)))
    if spans and (short or len(spans) == MOST):
        spans[-1] = (spans[-1][0], end)
    else:
        spans.append((start, end))


def several(
    pack: Pack, text: str, found: Sequence[Piece], read: Sequence[Understanding]
) -> tuple[Understanding, ...]:
    """The different problems that a text is about, in order, each with its part; fewer than two are none."""
    first: list[int] = []
    for at, each in enumerate(read):
        known = [read[other].intent for other in first]
        if _is_problem(pack, each) and not any(_same(pack, each.intent, intent) for intent in known):
            first.append(at)
    if len(first) < 2 or any(_goes_on(pack, found[at].text, read[at].language) for at in first[1:]):
        return ()
    return tuple(
        _of(text, found[begin:end], read[begin:end], read[at])
        for at, begin, end in zip(first, [0, *first[1:]], [*first[1:], len(read)], strict=True)
    )


def _is_problem(pack: Pack, read: Understanding) -> bool:
    trigger = pack.triggers.get(read.intent)
    if trigger is None or read.confidence < pack.thresholds.apart:
        return False
    return trigger[0].is_problem and trigger[0].apart


def _same(pack: Pack, one: str, other: str) -> bool:
    """Whether two intents are one problem, or may be faces of one."""
    return one == other or any({one, other} <= together for together in pack.one_problem)


def _goes_on(pack: Pack, piece: str, language: str) -> bool:
    """Whether a piece goes on about the one before it ("and now …", "and on my laptop")."""
    said = normal(piece).split()
    return bool(said) and said[0] in pack.words.get("goes_on", {}).get(language, ())


def _of(
    text: str, found: Sequence[Piece], read: Sequence[Understanding], main: Understanding
) -> Understanding:
    """One problem's part of the text: the meaning of its main piece, the entities of all of them."""
    start, end = found[0].start, found[-1].start + len(found[-1].text)
    entities = tuple(
        replace(entity, start=entity.start + piece.start - start, end=entity.end + piece.start - start)
        for piece, each in zip(found, read, strict=True)
        for entity in each.entities
    )
    return replace(main, text=text[start:end].strip(" \n.,;:"), entities=entities)
