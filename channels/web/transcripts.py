"""What the web chat reads of the record: which conversation a sender has, and what was said in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from sqlalchemy import Connection, select

from bot.store import schema, views
from bot.store.database import Database
from channels.spoken import Spoken

AT_ONCE = views.EVENTS_AT_ONCE
"""How many turns one look gives at most; a full look is followed by another."""


@dataclass(frozen=True, slots=True)
class Known:
    """A conversation that exists, and its last sequence number."""

    conversation_id: str
    seq: int


class Transcripts(Protocol):
    """The port; the channel's tests bring one without a database."""

    async def find(self, channel: str, sender_id: str) -> Known | None:
        """The conversation of a sender, if there is one."""
        ...

    async def after(self, conversation_id: str, seq: int) -> Sequence[Spoken]:
        """What was said after `seq`, in order."""
        ...


class StoredTranscripts:
    """The port over the database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def find(self, channel: str, sender_id: str) -> Known | None:
        """The conversation of a sender, if there is one."""
        conversations = schema.conversations
        wanted = select(conversations.c.id, conversations.c.seq).where(
            conversations.c.channel == channel, conversations.c.sender_id == sender_id
        )

        def read(connection: Connection) -> Known | None:
            row = connection.execute(wanted).first()
            return Known(row.id, row.seq) if row else None

        return await self._database.read(read)

    async def after(self, conversation_id: str, seq: int) -> Sequence[Spoken]:
        """What was said after `seq`, in order."""
        return await self._database.read(
            lambda connection: views.transcript(connection, conversation_id, after=seq)
        )
