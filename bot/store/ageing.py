"""What is old enough to go, and rows that only say that something was done. How it is erased is `erasure`.

Every function does one small piece in one transaction, and says how much, so that nothing is held for long.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import Connection, Table, and_, delete, exists, func, or_, select, update

from bot.model.conversation import Owner
from bot.store.erasure import erase
from bot.store.persons import Person
from bot.store.schema import (
    audit_log,
    conversations,
    customers,
    inbox,
    jobs,
    leases,
    outbox,
    tickets,
)
from bot.store.statements import insert_into

_c, _t, _k = conversations.c, tickets.c, customers.c

PIECE = 1_000
"""Rows of one transaction."""


def old_conversations(before: float) -> Any:
    """The ids of those that rest since before then, with nobody and without an open ticket."""
    open_ticket = exists().where(_t.conversation_id == _c.id, _t.status == "open")
    return select(_c.id).where(_left(_c), _c.updated_at < before, _c.owner == Owner.BOT.value, ~open_ticket)


def old_tickets(before: float) -> Any:
    """The numbers of those that are not open any more and rest since before then."""
    return select(_t.number).where(_left(_t), _t.updated_at < before, _t.status != "open")


def _left(columns: Any) -> Any:
    """Not erased yet, or something was written since."""
    return or_(columns.erased_at.is_(None), columns.updated_at > columns.erased_at)


def left_customers(before: float) -> Any:
    """The ids of people who came before then and have no conversation left."""
    return select(_k.id).where(_k.created_at < before, ~exists().where(_c.customer_id == _k.id))


def how_many(connection: Connection, old: Callable[[float], Any], before: float | None) -> int:
    """How many `old` (one of the above) finds; none where nothing grows old."""
    if before is None:
        return 0
    return connection.execute(select(func.count()).select_from(old(before).subquery())).scalar_one()


def erase_aged(connection: Connection, old: Any, ids: Sequence[Any], *, why: str, now: float) -> list[Any]:
    """Erase those of `ids` that are still `old`, which is one of the above; which they were."""
    [column] = old.selected_columns
    still = list(connection.execute(old.where(column.in_(ids))).scalars())
    if still:
        erase(connection, _WHOSE[column.table.name](still), why=why, now=now)
    return still


_WHOSE = {
    "conversations": lambda ids: Person(conversations=tuple(ids)),
    "tickets": lambda ids: Person(tickets=tuple(ids)),
    "customers": lambda ids: Person(customers=tuple(ids)),
}  # pyright: ignore[reportUnknownLambdaType]


def forget_deliveries(connection: Connection, before: float) -> int:
    """Forget what was taken in, sent or carried out before then; one piece of each, how many in all."""
    i, o, j = inbox.c, outbox.c, jobs.c
    return (
        _drop(connection, inbox, i.id, i.done_at < before)
        + _drop(connection, outbox, o.id, and_(o.state != "pending", o.created_at < before))
        + _drop(connection, jobs, j.id, and_(j.state != "pending", j.due_at < before))
    )


def forget_audit(connection: Connection, before: float) -> int:
    """Forget who did what before then; one piece, how many."""
    return _drop(connection, audit_log, audit_log.c.id, audit_log.c.at < before)


def _drop(connection: Connection, table: Table, id_: Any, old: Any) -> int:
    some = select(id_).where(old).order_by(id_).limit(PIECE)
    return connection.execute(delete(table).where(id_.in_(some))).rowcount


# ── whose turn it is ──────────────────────────────────────────────────────────────────────────────────────


def next_at(connection: Connection, name: str) -> float | None:
    """When the round of this name may begin next; None where there never was one."""
    return connection.execute(select(leases.c.until).where(leases.c.name == name)).scalar()


def rest_until(connection: Connection, name: str, holder: str, until: float) -> None:
    """Nobody begins the round of this name before then: it was done, or is new."""
    made = insert_into(connection.dialect.name, leases).values(name=name, holder="", until=until, token=1)
    connection.execute(made.on_conflict_do_nothing())
    connection.execute(
        update(leases)
        .where(leases.c.name == name, or_(leases.c.holder == holder, leases.c.holder == ""))
        .values(holder="", until=until)
    )
