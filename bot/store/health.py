"""How the system does, counted: what waits, what is stuck, who holds which lease, how large the database is.

A fixed number of queries, all but the size over small indexes: a page asks every ten seconds.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import Connection, Select, func, select, text

from bot.store.accounts import AuditEntry, last_deed
from bot.store.schema import conversations, handoffs, inbox, jobs, leases, outbox, users

_i, _o, _j, _h, _l, _c, _u = inbox.c, outbox.c, jobs.c, handoffs.c, leases.c, conversations.c, users.c


@dataclass(frozen=True, slots=True)
class Line:
    """What waits in one place: how many, and since when the first; later than now where it is to wait."""

    waiting: int
    since: float | None


@dataclass(frozen=True, slots=True)
class Lease:
    """What one process at a time does. Without a holder nobody does it, or not before `until`."""

    name: str
    holder: str
    until: float


@dataclass(frozen=True, slots=True)
class Health:
    """One look. `failed` and `dead` are messages and jobs that were given up, `cleaned` is the last night's
    round with what went, and `waits_long` how many customers wait too long for somebody."""

    inbox: Line
    outbox: Line
    jobs: Line
    failed: int
    dead: int
    in_hand: int
    waits_long: int
    teams: dict[str, Line]
    present: dict[str, int]
    leases: list[Lease]
    cleaned: AuditEntry | None
    bytes: int


def health(connection: Connection, *, roles: Collection[str], long: float, now: float) -> Health:
    """Look once; `present` are people with one of these roles, and `long` is how many seconds are a long
    wait."""

    def line(query: Select[int, float | None]) -> Line:
        return Line(*connection.execute(query).one())

    count = func.count()
    waits = (_h.closed_at.is_(None), _h.claimed_at.is_(None))
    teams = select(_h.team, count, func.min(_h.created_at)).where(*waits).group_by(_h.team).order_by(_h.team)
    failed = select(count).where(_o.state.in_(("failed", "unknown"))).scalar_subquery()
    dead = select(count).where(_j.state == "dead").scalar_subquery()
    in_hand = select(count).where(_c.due_at.is_not(None), _c.lease_until > now).scalar_subquery()
    late = select(count).where(*waits, _h.created_at < now - long).scalar_subquery()
    stuck = connection.execute(select(failed, dead, in_hand, late)).one()
    there = (_u.disabled.is_(False), _u.role.in_(roles))
    present = select(_u.availability, count).where(*there).group_by(_u.availability)
    return Health(
        inbox=line(select(count, func.min(_i.received_at)).where(_i.done_at.is_(None))),
        outbox=line(select(count, func.min(_o.next_at)).where(_o.state == "pending")),
        jobs=line(select(count, func.min(_j.due_at)).where(_j.state == "pending", _j.due_at <= now)),
        failed=stuck[0],
        dead=stuck[1],
        in_hand=stuck[2],
        waits_long=stuck[3],
        teams={row[0]: Line(row[1], row[2]) for row in connection.execute(teams)},
        present={row[0]: row[1] for row in connection.execute(present)},
        leases=[
            Lease(*row) for row in connection.execute(select(_l.name, _l.holder, _l.until).order_by(_l.name))
        ],
        cleaned=last_deed(connection, "retention"),
        bytes=_size(connection),
    )


def _size(connection: Connection) -> int:
    if connection.dialect.name == "sqlite":
        size = text("SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()")
    else:
        size = text("SELECT pg_database_size(current_database())")
    return int(connection.execute(size).scalar_one())
