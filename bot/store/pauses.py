"""When a ticket's clock stands still: while its conversation is snoozed until the customer answers.

`tickets.paused_at` says that it does, or that it did and the due time has not moved on yet; how long it was
is read from the record."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from sqlalchemy import Connection, func, select, update

from bot.model.conversation import Deed, Status
from bot.store.schema import conversations, events, tickets
from handoff.sla import Pause

Resume = Callable[[Connection, str, float], None]
"""Lets the clock of a conversation's ticket go on at a moment, where it stood still and that is over."""

ENDS = ("agent", "owner", "user")
"""The events after which nobody waits for the customer any more; a snooze is one too."""

_t, _c, _e = tickets.c, conversations.c, events.c


def pause(connection: Connection, conversation_id: str, episode: int, *, now: float) -> None:
    """The customer has to do something; a clock that stands still already goes on doing so."""
    connection.execute(
        update(tickets)
        .where(_t.conversation_id == conversation_id, _t.episode == episode, _t.status == "open")
        .values(paused_at=func.coalesce(_t.paused_at, now))
    )


def to_resume(connection: Connection, conversation_id: str) -> int | None:
    """The ticket whose clock stands still although nobody waits for the customer any more."""
    waits = (_c.status == Status.SNOOZED.value) & _c.snoozed_until.is_(None)
    return connection.execute(
        select(_t.number)
        .join(conversations, _c.id == _t.conversation_id)
        .where(_t.conversation_id == conversation_id, _t.paused_at.is_not(None), ~waits)
        .limit(1)
    ).scalar()


def resume(connection: Connection, number: int, *, resolution_due: float | None) -> None:
    """The clock goes on, towards another moment."""
    connection.execute(
        update(tickets).where(_t.number == number).values(paused_at=None, resolution_due=resolution_due)
    )


def pauses_of(connection: Connection, conversation_id: str, *, since: float) -> list[Pause]:
    """When the customer had to do something: from a snooze until somebody wrote or did something."""
    rows = connection.execute(
        select(_e.type, _e.at, _e.data)
        .where(_e.conversation_id == conversation_id, _e.type.in_(ENDS), _e.at >= since)
        .order_by(_e.seq)
    )
    found: list[Pause] = []
    start: datetime | None = None
    for type_, at, data in rows:
        moment = datetime.fromtimestamp(at, UTC)
        if start is not None:
            found.append(Pause(start, moment))
        snoozed = type_ == "owner" and data.get("deed") == Deed.SNOOZE and data.get("until") is None
        start = moment if snoozed else None
    return found if start is None else [*found, Pause(start)]
