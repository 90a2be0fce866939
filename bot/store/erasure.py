"""Carries out what `fates` says: a person's words go, the figures stay. Who a person is, is `persons`.

An erased conversation is closed first, and whoever has it in hand is fenced off, so that no worker, job or
delivery writes a word back. Ticket and conversation may be erased apart: tickets are often kept longer.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Table, bindparam, delete, not_, select, update

from bot.model.conversation import Deed, Owner, Status
from bot.model.events import Event
from bot.store import attachments, corrections
from bot.store.deeds import append, transfer
from bot.store.fates import FATES, Fate
from bot.store.handoffs import close_handoff
from bot.store.persons import Person, pieces
from bot.store.schema import conversations, tickets
from bot.store.tables import metadata

_c, _t = conversations.c, tickets.c

REQUEST, AGE = "request", "age"
"""Why something is erased: somebody asked for it, or it was kept long enough."""
OUTCOME = "erased"
"""How a handoff ended whose conversation was erased."""


def erase(connection: Connection, person: Person, *, why: str, now: float) -> dict[str, int]:
    """Erase everything of a person; how many rows of each table went or were emptied. `why`: REQUEST, AGE.

    A sentence that an editor has read and approved as an example outlives the age of its conversation, and
    nothing says any more where it came from; not who asks to be erased.
    """
    if why == AGE:
        corrections.forget(connection, person.conversations, keep_approved=True)
    for id_ in person.conversations:
        _close(connection, id_, why, now)
    for some in pieces(person.tickets):
        connection.execute(
            update(tickets).where(_t.number.in_(some), _t.status == "open").values(status="closed")
        )
        connection.execute(update(tickets).where(_t.number.in_(some)).values(erased_at=now))
    files = {
        hash_ for some in pieces(person.conversations) for hash_ in attachments.hashes_of(connection, some)
    }
    done: dict[str, int] = {}
    for table in reversed(metadata.sorted_tables):
        fate = FATES[table.name]
        for keys in pieces(person.keys(fate.whose)):
            done[table.name] = done.get(table.name, 0) + _carry_out(connection, table, fate, keys)
    done["blobs"] = sum(attachments.drop_unused(connection, some) for some in pieces(sorted(files)))
    return {name: count for name, count in done.items() if count}


def _close(connection: Connection, conversation_id: str, why: str, now: float) -> None:
    """End what is going on, write down that it was erased, and fence off whoever has it in hand."""
    row = connection.execute(select(_c.owner, _c.status).where(_c.id == conversation_id)).first()
    if row is None:
        return
    close_handoff(connection, conversation_id, outcome=OUTCOME, now=now)
    erased = (Event("erased", {"why": why}),)
    if row.status == Status.RESOLVED and row.owner == Owner.BOT:
        append(connection, conversation_id, erased, push=False, now=now)
    else:
        transfer(connection, conversation_id, Deed.RESOLVE, now=now, events=erased)
    connection.execute(
        update(conversations)
        .where(_c.id == conversation_id)
        .values(
            erased_at=now,
            lease_token=_c.lease_token + 1,
            lease_until=0.0,
            due_at=None,
            snoozed_until=None,
            wake_at=None,
            burst_at=None,
            waiting_since=None,
            told=_c.seq,
        )
    )


def _carry_out(connection: Connection, table: Table, fate: Fate, keys: Sequence[Any]) -> int:
    theirs = table.c[fate.by].in_(keys)
    gone = 0
    if fate.deleted:
        going = delete(table).where(theirs)
        gone = connection.execute(going.where(not_(fate.spared(table.c))) if fate.spared else going).rowcount
    if not fate.emptied:
        return gone
    made = {name: value for name, value in fate.emptied.items() if callable(value)}
    if not made:
        return connection.execute(update(table).where(theirs).values(dict(fate.emptied))).rowcount
    return gone + _rewrite(connection, table, fate, theirs)


def _rewrite(connection: Connection, table: Table, fate: Fate, theirs: Any) -> int:
    """Empty rows one by one, where what comes instead is made from what stands there."""
    keys = list(table.primary_key.columns)
    rows = connection.execute(select(table).where(theirs)).all()
    changed: list[dict[str, Any]] = []
    for row in rows:
        values = {name: value(row) if callable(value) else value for name, value in fate.emptied.items()}
        if any(row._mapping[table.c[name]] != value for name, value in values.items()):
            changed.append(values | {f"key_{column.name}": row._mapping[column] for column in keys})
    if changed:
        this = [column == bindparam(f"key_{column.name}") for column in keys]
        connection.execute(
            update(table).where(*this).values({name: bindparam(name) for name in fate.emptied}), changed
        )
    return len(changed)
