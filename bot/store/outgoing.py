"""Calls and texts that go out, on record: each wish once, its state, and how many there were on a day.

State: `asked` before the provider hears of it, then `placed`, `refused`, `not_done` (nobody heard of it) or
`unknown`; of a call afterwards what the provider tells (`ringing`, `answered`, `busy`, …). Who is stopped
between the two leaves `asked`: it may have been done or not, as with `unknown`.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, literal, select, update

from bot.store.schema import conversations
from bot.store.schema_calls import outgoing, outgoing_days
from bot.store.statements import insert_into

CALL, TEXT = "call", "text"
OVER = frozenset({"refused", "not_done", "completed", "busy", "no-answer", "failed", "canceled"})
"""States after which nothing follows."""
ORDER = ("asked", "placed", "unknown", "initiated", "ringing", "answered", "machine")
"""The others: news of a call may come before the answer to what asked for it, and in any order."""

_o, _d, _c = outgoing.c, outgoing_days.c, conversations.c


@dataclass(frozen=True, slots=True)
class Going:
    """A call or a text that was asked for. `source_id` is the conversation from which somebody called."""

    id: str
    key: str
    kind: str
    conversation_id: str
    source_id: str | None
    at: float
    state: str
    sid: str | None
    about: Mapping[str, Any]


_ALL = (_o.id, _o.key, _o.kind, _o.conversation_id, _o.source_id, _o.at, _o.state, _o.sid, _o.about)


def new_id() -> str:
    """An id that nobody guesses."""
    return secrets.token_urlsafe(16)


def sender_of(id: str) -> str:
    """The sender of a call's conversation until the provider has given the call its name."""
    return f"out:{id}"


def count_one(connection: Connection, kind: str, day: str, most: int) -> bool:
    """One more on that day, over all processes; False where there were as many as may be."""
    if most < 1:
        return False
    name = connection.dialect.name
    one_more = (
        insert_into(name, outgoing_days)
        .values(kind=kind, day=day, count=1)
        .on_conflict_do_update(
            index_elements=[_d.kind, _d.day], set_={"count": _d.count + literal(1)}, where=_d.count < most
        )
        .returning(_d.count)
    )
    return connection.execute(one_more).first() is not None


def counted(connection: Connection, kind: str, day: str) -> int:
    """How many there were on that day."""
    found = select(_d.count).where(_d.kind == kind, _d.day == day)
    return connection.execute(found).scalar() or 0


def by_key(connection: Connection, key: str) -> Going | None:
    """The one that was asked for with this key."""
    return _one(connection, _o.key == key)


def by_id(connection: Connection, id: str) -> Going | None:
    """The one with this id."""
    return _one(connection, _o.id == id)


def of_conversation(connection: Connection, conversation_id: str) -> Going | None:
    """The call whose own conversation this is."""
    return _one(connection, (_o.conversation_id == conversation_id) & (_o.kind == CALL))


def add(connection: Connection, going: Going) -> bool:
    """Put it on record; False where its key is there already."""
    values = {column.name: getattr(going, column.name) for column in _ALL}
    new = insert_into(connection.dialect.name, outgoing).values(values).on_conflict_do_nothing()
    return connection.execute(new.returning(_o.id)).first() is not None


def set_conversation(connection: Connection, id: str, conversation_id: str) -> None:
    """Which conversation a call has; it is made once nobody else carries out the same wish."""
    connection.execute(update(outgoing).where(_o.id == id).values(conversation_id=conversation_id))


def set_state(connection: Connection, id: str, state: str, *, sid: str | None = None) -> bool:
    """How it stands now; False where it is further than that already. The name that the provider gave a call
    becomes its conversation's sender."""
    found = connection.execute(select(*_ALL).where(_o.id == id).with_for_update()).first()
    if found is None:
        return False
    known = Going(*found)
    further = _rank(state) > _rank(known.state)
    values: dict[str, Any] = {"state": state} if further else {}
    if sid and known.sid is None:
        values["sid"] = sid
        connection.execute(
            update(conversations)
            .where(_c.id == known.conversation_id, _c.sender_id == sender_of(id))
            .values(sender_id=sid)
        )
    if values:
        connection.execute(update(outgoing).where(_o.id == id).values(values))
    return further


def _rank(state: str) -> int:
    return len(ORDER) if state in OVER else ORDER.index(state)


def _one(connection: Connection, which: Any) -> Going | None:
    row = connection.execute(select(*_ALL).where(which)).first()
    return Going(*row) if row else None
