"""Named leases: what must have one holder (the schedule, a mailbox) asks here, and again before it ends."""

from __future__ import annotations

from sqlalchemy import Connection, case, func, or_, select, update

from bot.store.schema import leases
from bot.store.statements import insert_into

_l = leases.c


def acquire_lease(
    connection: Connection, name: str, holder: str, *, now: float, seconds: float
) -> int | None:
    """Take or renew a lease; its token grows with every change of holder. None while another has it."""
    insert = insert_into(connection.dialect.name, leases)
    made = connection.execute(
        insert.values(name=name, holder=holder, until=now + seconds, token=1)
        .on_conflict_do_update(
            index_elements=[_l.name],
            set_={
                "token": case((_l.holder == holder, _l.token), else_=_l.token + 1),
                "holder": insert.excluded.holder,
                "until": insert.excluded.until,
            },
            where=or_(_l.holder == holder, _l.until < now),
        )
        .returning(_l.token)
    )
    return made.scalar()


def release_lease(connection: Connection, name: str, holder: str) -> None:
    """Let go of a lease that is ours, so that another need not wait until it ends."""
    connection.execute(update(leases).where(_l.name == name, _l.holder == holder).values(until=0.0))


def in_turn(connection: Connection, name: str) -> None:
    """From here on, transactions that name the same thing follow one another. SQLite's always do."""
    if connection.dialect.name == "postgresql":
        connection.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(name, 0))))
