"""What is worth reading, and why: reasons by a table, and a sample that is the same for everybody. Pure."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, tzinfo

from bot.store.review_queue import Began, Signs

LOW = 0.5
"""Understood below this is not sure."""
BAD = 2.0
"""Satisfaction up to this is bad."""
LONG = 15
"""So many turns are long."""
SAMPLE = 5
"""Conversations of a day that are drawn at random."""
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


def drawn(began: Iterable[Began], *, today: date, zone: tzinfo, size: int = SAMPLE) -> frozenset[str]:
    """Some conversations of each day that is over: whoever draws, and whenever, draws the same.

    `began` has all conversations of these days, also those that were read.
    """
    days: defaultdict[date, list[str]] = defaultdict(list)
    for each in began:
        day = datetime.fromtimestamp(each.at, zone).date()
        if day < today:
            days[day].append(each.conversation_id)
    return frozenset(
        id_
        for day, ids in days.items()
        for id_ in sorted(ids, key=lambda each: hashlib.sha256(f"{day}:{each}".encode()).digest())[:size]
    )


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
