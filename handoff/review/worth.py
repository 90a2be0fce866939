"""What is worth reading, and why: reasons by a table, and a sample that is the same for everybody. Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, tzinfo

from bot.store.review_queue import Began, Signs

LOW = 0.495
"""Understood below this is not sure: what people see, rounded, as less than 50 %."""
BAD = 2.0
"""Satisfaction up to this is bad."""
LONG = 15
"""So many turns are long."""
SAMPLE = 20
"""One in so many conversations is drawn by lot."""
DAYS = 14
"""What began longer ago is not offered any more."""
MOST = 2_000
"""Conversations whose signs are looked at, the newest; those that were drawn besides."""

REASONS: Mapping[str, Callable[[Signs], bool]] = {
    "bad": lambda signs: signs.satisfaction is not None and signs.satisfaction <= BAD,
    "fallback": lambda signs: signs.misunderstood > 0,
    "low": lambda signs: signs.confidence is not None and signs.confidence < LOW,
    "handed_off": lambda signs: signs.handed_off > 0,
    "long": lambda signs: signs.turns >= LONG,
}
"""Why a conversation is worth reading, the weightiest reason first."""

RANDOM = "random"
ALL_REASONS = (*REASONS, RANDOM)


@dataclass(frozen=True, slots=True)
class Worth:
    """A conversation that is worth reading, and why."""

    signs: Signs
    reasons: tuple[str, ...]

    @property
    def id(self) -> str:
        """The conversation's."""
        return self.signs.conversation_id


def drawn(began: Iterable[Began], *, zone: tzinfo) -> frozenset[str]:
    """The first conversation of each day, and of the others those that the lot of their id falls on: whoever
    draws, and whenever, draws the same, and what comes later changes nothing.

    `began` has all conversations of these days, also those that were read.
    """
    first: dict[date, Began] = {}
    chosen: set[str] = set()
    for each in sorted(began, key=lambda each: (each.at, each.conversation_id)):
        first.setdefault(datetime.fromtimestamp(each.at, zone).date(), each)
        if int.from_bytes(hashlib.sha256(each.conversation_id.encode()).digest()[:8]) % SAMPLE == 0:
            chosen.add(each.conversation_id)
    return frozenset(chosen | {each.conversation_id for each in first.values()})


def worth_reading(found: Iterable[Signs], sample: Collection[str]) -> list[Worth]:
    """Those with a reason, the weightiest first, then those with more of them, then the newest."""
    worth: list[Worth] = []
    for signs in found:
        reasons = [name for name, holds in REASONS.items() if holds(signs)]
        if signs.conversation_id in sample:
            reasons.append(RANDOM)
        if reasons:
            worth.append(Worth(signs, tuple(reasons)))
    rank = {reason: at for at, reason in enumerate(ALL_REASONS)}
    return sorted(worth, key=lambda each: (rank[each.reasons[0]], -len(each.reasons), -each.signs.created_at))
