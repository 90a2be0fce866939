"""For channels that answer in the response itself: wait until a message's turn is saved, then read it."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from sqlalchemy import Connection, exists, select

from bot.bus import Bus, conversation_topic
from bot.store import views
from bot.store.database import Database
from bot.store.schema import inbox, jobs
from bot.store.views import TimelineItem

LOOK_EVERY = 1.0
"""Seconds between looks at the store when the bus says nothing."""

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
        async with (
            asyncio.timeout(within),
            self._bus.subscribe(conversation_topic(conversation_id)) as events,
        ):
            while True:
                found = await self._database.read(lambda c: _if_done(c, conversation_id, after_seq))
                if found is not None:
                    return found
                try:
                    async with asyncio.timeout(self._look_every):
                        await anext(aiter(events))
                except (TimeoutError, StopAsyncIteration):
                    continue


def _if_done(connection: Connection, conversation_id: str, after_seq: int) -> list[TimelineItem] | None:
    waiting = select(
        exists().where(_i.conversation_id == conversation_id, _i.done_at.is_(None)),
        exists().where(_j.conversation_id == conversation_id, _j.state == "pending"),
    )
    if any(connection.execute(waiting).one()):
        return None
    return views.transcript(connection, conversation_id, after=after_seq)
