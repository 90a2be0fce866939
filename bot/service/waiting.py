"""Who writes while waiting for a person hears, now and then, that it is added to the ticket.

A notice, not the bot: the bot is silent while the queue or an agent has the conversation.
"""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import Connection, Float, Text, bindparam, select

from bot.bus import OUTBOX, Bus, conversation_topic
from bot.model.conversation import Owner
from bot.service.notices import STILL_WAITING, Notices
from bot.store.database import Database
from bot.store.schema import conversations, events
from bot.store.statements import Prepared

QUIET = 600.0
"""Seconds between two such notices."""

_e = events.c


class Waiting:
    """Says it, at most once in `QUIET` seconds."""

    def __init__(self, database: Database, bus: Bus, notices: Notices, *, clock: Callable[[], float]) -> None:
        self._database = database
        self._bus = bus
        self._notices = notices
        self._clock = clock

    async def tell(self, conversation_id: str) -> None:
        """Call after a message that came in while the conversation was in the queue."""
        since = self._clock() - QUIET
        if await self._database.read(lambda connection: _said_since(connection, conversation_id, since)):
            return  # nearly always: who waits writes more than once
        seq = await self._database.write(lambda connection: self._write(connection, conversation_id))
        if seq is None:
            return
        await self._bus.publish(conversation_topic(conversation_id), {"type": "seq", "seq": seq})
        await self._bus.ring(OUTBOX)

    def _write(self, connection: Connection, conversation_id: str) -> int | None:
        c = conversations.c
        owner = connection.execute(select(c.owner).where(c.id == conversation_id)).scalar()
        if owner != Owner.QUEUE or _said_since(connection, conversation_id, self._clock() - QUIET):
            return None
        return self._notices.tell(connection, conversation_id, STILL_WAITING)


_SAID = Prepared(
    lambda _: (
        select(_e.seq)
        .where(
            _e.conversation_id == bindparam("id", type_=Text),
            _e.type == "system",
            _e.name == STILL_WAITING,
            _e.at > bindparam("since", type_=Float),
        )
        .limit(1)
    )
)


def _said_since(connection: Connection, conversation_id: str, since: float) -> bool:
    return _SAID.row(connection, {"id": conversation_id, "since": since}) is not None
