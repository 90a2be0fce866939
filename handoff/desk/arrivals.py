"""How far each message to the customer has come, as marks under the lines of a transcript.

What goes well is marked at the newest message only: the last that was seen, the last that arrived after it,
the last that was sent after that. Trouble stands at every message concerned. What a mark looks like is
`_arrival.html`, its words are in `bot.web.texts`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from bot.store import receipts
from bot.store.receipts import Posted, Reached

ICONS: Mapping[str, str] = {
    "waiting": "clock",
    "sent": "check",
    "delivered": "check-check",
    "seen": "eye",
    "retried": "refresh-cw",
    "failed": "circle-alert",
    "repeated": "corner-down-right",
    "unknown": "circle-question-mark",
    "cancelled": "circle-x",
}
"""The icon of each state."""

TROUBLES = frozenset({"retried", "failed", "repeated", "unknown", "cancelled"})
"""States that are told at every message, with what to do."""


@dataclass(frozen=True, slots=True)
class Arrival:
    """How far one message has come, and since when where that is known."""

    seq: int
    state: str
    at: float | None = None

    @property
    def icon(self) -> str:
        """Its icon."""
        return ICONS[self.state]

    @property
    def trouble(self) -> bool:
        """Whether somebody should know."""
        return self.state in TROUBLES


def arrivals_of(reached: Reached | None, posted: Sequence[Posted]) -> dict[int, Arrival]:
    """The marks by the number of their message."""
    steps: list[Arrival] = []
    if reached and reached.seen is not None:
        steps.append(Arrival(reached.seen, "seen", reached.seen_at))
    if reached and reached.got is not None:
        steps.append(Arrival(reached.got, "delivered", reached.got_at))
    if posted:
        steps += _last(posted, "sent", "sent")
        steps += _last(posted, "pending", "waiting")
    elif reached and reached.last is not None:
        steps.append(Arrival(reached.last, "sent"))
    marks: dict[int, Arrival] = {}
    for step in steps:  # the furthest first: what came no later than that needs no mark
        if step.seq > max(marks, default=0):
            marks[step.seq] = step
    states = ((each.seq, "retried" if each.retried else each.state) for each in posted)
    return marks | {seq: Arrival(seq, state) for seq, state in states if state in TROUBLES}


def _last(posted: Iterable[Posted], state: str, shown: str) -> list[Arrival]:
    seqs = [each.seq for each in posted if each.state == state and not each.retried]
    return [Arrival(max(seqs), shown)] if seqs else []


def read_arrivals(connection: Connection, conversation_id: str, after: int) -> dict[int, Arrival]:
    """The marks of a conversation; of trouble only what comes after a number."""
    return arrivals_of(
        receipts.reached(connection, conversation_id),
        receipts.posted(connection, conversation_id, after=after),
    )
