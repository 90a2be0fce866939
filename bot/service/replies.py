"""For channels that answer in the response itself: wait until a message's turn is saved, then read it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence

from sqlalchemy import Connection, Text, bindparam, exists, select

from bot.bus import Bus, Notice, conversation_topic
from bot.store import views
from bot.store.database import Database
from bot.store.schema import inbox, jobs
from bot.store.statements import Prepared
from bot.store.views import TimelineItem

FIRST_LOOK, LOOK_EVERY = 0.05, 1.0
"""Seconds until the first look at the store, and between further ones, when the bus says nothing."""

_i, _j = inbox.c, jobs.c


class Replies:
    """Answers to a message, read from the record once nothing of its turn is left to do."""

    def __init__(self, database: Database, bus: Bus, *, look_every: float = LOOK_EVERY) -> None:
        self._database = database
        self._bus = bus
        self._look_every = look_every

    async def answered(self, conversation_id: str, after_seq: int, within: float) -> Sequence[TimelineItem]:
        """What was said after the message numbered `after_seq`; raises `TimeoutError` after `within` seconds.

        A slow action that the turn ordered belongs to it: its result is waited for too.
        """
        topic = conversation_topic(conversation_id)
        async with asyncio.timeout(within), self._bus.subscribe(topic) as events:
            patience = FIRST_LOOK
            while True:
                if await _told(events, after_seq, patience):
                    return await self._database.read(
                        lambda connection: views.transcript(connection, conversation_id, after=after_seq)
                    )
                found = await self._database.read(lambda c: _if_done(c, conversation_id, after_seq))
                if found is not None:
                    return found
                patience = self._look_every


async def _told(events: AsyncIterator[Notice], after_seq: int, patience: float) -> bool:
    """Whether the bus says in time that the turn of that message is saved, with nothing left to do."""
    try:
        async with asyncio.timeout(patience):
            async for event in events:
                if event.get("handled", 0) >= after_seq and not event.get("waits"):
                    return True
    except TimeoutError:
        pass
    return False


_WAITING = Prepared(
    lambda _: select(
        exists().where(_i.conversation_id == bindparam("id", type_=Text), _i.done_at.is_(None)),
        exists().where(_j.conversation_id == bindparam("id", type_=Text), _j.state == "pending"),
    )
)


def _if_done(connection: Connection, conversation_id: str, after_seq: int) -> list[TimelineItem] | None:
    if any(_WAITING.row(connection, {"id": conversation_id}) or ()):
        return None
    return views.transcript(connection, conversation_id, after=after_seq)
