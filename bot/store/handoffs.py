"""Handoffs on record: who waits for which team, since when, and who took it. Ownership itself is the
conversation's (`deeds.transfer`); this is the queue's bookkeeping, changed in the same transaction."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from statistics import median
from typing import Any

from sqlalchemy import Connection, and_, func, insert, or_, select, update

from bot.store.schema import handoffs

_h = handoffs.c

LAST_CLAIMS = 20
"""The expected wait is the median of so many."""


@dataclass(frozen=True, slots=True)
class Handoff:
    """One wait for a person, and how it ended."""

    id: int
    conversation_id: str
    episode: int
    team: str
    reason: str
    priority: str
    created_at: float
    claimed_at: float | None
    agent_id: str | None
    closed_at: float | None
    outcome: str | None


_open = _h.closed_at.is_(None)
_waiting = and_(_open, _h.claimed_at.is_(None))
_in_line = (_h.priority, _h.created_at, _h.id)
"""Strict first in, first out within a priority."""


def create_handoff(
    connection: Connection,
    conversation_id: str,
    *,
    episode: int,
    team: str,
    reason: str,
    priority: str,
    now: float,
) -> Handoff:
    """Put a conversation in line; an open handoff that it still has is closed as replaced."""
    close_handoff(connection, conversation_id, outcome="replaced", now=now)
    row = connection.execute(
        insert(handoffs)
        .values(
            conversation_id=conversation_id,
            episode=episode,
            team=team,
            reason=reason,
            priority=priority,
            created_at=now,
        )
        .returning(*_h)
    ).one()
    return Handoff(*row)


def open_handoff(connection: Connection, conversation_id: str) -> Handoff | None:
    """The handoff that is not closed yet, claimed or not."""
    return _first(connection, and_(_open, _h.conversation_id == conversation_id))


def claim_handoff(connection: Connection, conversation_id: str, *, agent_id: str, now: float) -> bool:
    """An agent takes it; the first claim's time stays, so that a transfer does not look like an answer."""
    done = connection.execute(
        update(handoffs)
        .where(_open, _h.conversation_id == conversation_id)
        .values(agent_id=agent_id, claimed_at=func.coalesce(_h.claimed_at, now))
    )
    return done.rowcount > 0


def move_handoff(connection: Connection, conversation_id: str, *, team: str) -> bool:
    """To another team's line, at the place that its time gives it."""
    done = connection.execute(
        update(handoffs).where(_open, _h.conversation_id == conversation_id).values(team=team)
    )
    return done.rowcount > 0


def close_handoff(connection: Connection, conversation_id: str, *, outcome: str, now: float) -> bool:
    """It ended: solved, returned to the bot or the line, replaced, cancelled."""
    done = connection.execute(
        update(handoffs)
        .where(_open, _h.conversation_id == conversation_id)
        .values(closed_at=now, outcome=outcome)
    )
    return done.rowcount > 0


def position(connection: Connection, conversation_id: str) -> int | None:
    """The place in its team's line, from 1; None when it does not wait."""
    mine = _first(connection, and_(_waiting, _h.conversation_id == conversation_id))
    if mine is None:
        return None
    before = or_(
        _h.priority < mine.priority,
        and_(_h.priority == mine.priority, _h.created_at < mine.created_at),
        and_(_h.priority == mine.priority, _h.created_at == mine.created_at, _h.id < mine.id),
    )
    ahead = select(func.count()).select_from(handoffs).where(_waiting, _h.team == mine.team, before)
    return connection.execute(ahead).scalar_one() + 1


def expected_wait(connection: Connection, team: str) -> float | None:
    """Seconds that a customer of this team waited lately; None where nobody was ever helped."""
    found = connection.execute(
        select(_h.claimed_at - _h.created_at)
        .where(_h.team == team, _h.claimed_at.is_not(None))
        .order_by(_h.claimed_at.desc())
        .limit(LAST_CLAIMS)
    )
    waits = [row[0] for row in found]
    return median(waits) if waits else None


def next_in_line(connection: Connection, teams: Collection[str] | None = None) -> Handoff | None:
    """Who must be helped next by these teams (or by any)."""
    return _first(connection, and_(_waiting, _h.team.in_(teams)) if teams is not None else _waiting)


def waiting_since_before(connection: Connection, before: float, *, limit: int = 100) -> list[Handoff]:
    """Who has waited since before that time, the longest first."""
    rows = connection.execute(
        select(*_h).where(_waiting, _h.created_at < before).order_by(_h.created_at).limit(limit)
    )
    return [Handoff(*row) for row in rows]


def _first(connection: Connection, wanted: Any) -> Handoff | None:
    row = connection.execute(select(*_h).where(wanted).order_by(*_in_line).limit(1)).first()
    return Handoff(*row) if row else None
