"""What a channel whose line stays open reads of the record: which conversation a sender has, what was said in
it. And what it writes there: how far the customer has it, and that they left it for another."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from sqlalchemy import Connection, Text, bindparam, func, select

from bot.model.conversation import Owner
from bot.model.events import Event
from bot.store import receipts, schema, views
from bot.store.database import Database
from bot.store.queue import append
from bot.store.schema_desk import receipts as receipts_table
from bot.store.statements import Prepared
from channels.spoken import Spoken

AT_ONCE = views.EVENTS_AT_ONCE
"""How many turns one look gives at most; a full look is followed by another."""


@dataclass(frozen=True, slots=True)
class Known:
    """A conversation that exists, its last sequence number, and up to where the customer has it."""

    conversation_id: str
    seq: int
    got: int = 0
    seen: int = 0


class Transcripts(Protocol):
    """The port; the channel's tests bring one without a database."""

    async def find(self, channel: str, sender_id: str) -> Known | None:
        """The conversation of a sender, if there is one."""
        ...

    async def after(self, conversation_id: str, seq: int) -> Sequence[Spoken]:
        """What was said after `seq`, in order."""
        ...

    async def acknowledge(self, conversation_id: str, got: int, seen: int) -> bool:
        """The customer has it up to `got` and saw it up to `seen`; whether that was news."""
        ...

    async def left(self, conversation_id: str) -> int | None:
        """The customer began another one: the event's number, where people have this one and it is news."""
        ...

    async def forget(self, channel: str) -> None:
        """What is known of how far a channel's customers have it goes."""
        ...


_c, _e, _r = schema.conversations.c, schema.events.c, receipts_table.c
_FIND = Prepared(
    lambda _: (
        select(_c.id, _c.seq, func.coalesce(_r.got, 0), func.coalesce(_r.seen, 0))
        .outerjoin(receipts_table, _r.conversation_id == _c.id)
        .where(
            _c.channel == bindparam("channel_", type_=Text), _c.sender_id == bindparam("sender", type_=Text)
        )
    )
)

_LAST = select(_c.owner, _e.type).join(schema.events, (_e.conversation_id == _c.id) & (_e.seq == _c.seq))


class StoredTranscripts:
    """The port over the database."""

    def __init__(self, database: Database, clock: Callable[[], float] = time.time) -> None:
        self._database = database
        self._clock = clock

    async def find(self, channel: str, sender_id: str) -> Known | None:
        """The conversation of a sender, if there is one."""

        def read(connection: Connection) -> Known | None:
            row = _FIND.row(connection, {"channel_": channel, "sender": sender_id})
            return Known(*row) if row else None

        return await self._database.read(read)

    async def after(self, conversation_id: str, seq: int) -> Sequence[Spoken]:
        """What was said after `seq`, in order."""
        return await self._database.read(
            lambda connection: views.transcript(connection, conversation_id, after=seq)
        )

    async def acknowledge(self, conversation_id: str, got: int, seen: int) -> bool:
        """The customer has it up to `got` and saw it up to `seen`; whether that was news."""
        now = self._clock()
        return await self._database.write(
            lambda connection: receipts.acknowledge(connection, conversation_id, got=got, seen=seen, now=now)
        )

    async def left(self, conversation_id: str) -> int | None:
        """The customer began another one: the event's number, where people have this one and it is news."""
        now = self._clock()

        def write(connection: Connection) -> int | None:
            row = connection.execute(_LAST.where(_c.id == conversation_id)).first()
            if row is None or row.owner == Owner.BOT or row.type == "left":
                return None
            return append(connection, conversation_id, (Event("left"),), push=False, now=now)

        return await self._database.write(write)

    async def forget(self, channel: str) -> None:
        """What is known of how far a channel's customers have it goes."""
        await self._database.write(lambda connection: receipts.forget(connection, channel))
