"""For channels that answer in the response itself: wait until a message's turn is saved, then give what was
said and told to nobody yet. Which that is, `bot.store.answers` keeps; a turn of this process hands over what
it saved, so that it need not be read back."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence

from sqlalchemy import Connection

from bot.bus import Bus, Notice, conversation_topic
from bot.model.conversation import Owner
from bot.model.messages import Accepted
from bot.store import answers, views
from bot.store.answers import Span
from bot.store.database import Database
from bot.store.views import TimelineItem

FIRST_LOOK, LOOK_EVERY = 0.05, 1.0
"""Seconds until the first look at the store, and between further ones, when the bus says nothing."""

Found = Sequence[TimelineItem]


class Replies:
    """Answers to a message, once they are on record and nothing of its turn is left to do."""

    def __init__(self, database: Database, bus: Bus, *, look_every: float = LOOK_EVERY) -> None:
        self._database = database
        self._bus = bus
        self._look_every = look_every
        self._expected: dict[int, asyncio.Future[Found | None]] = {}

    def hand(self, inbox_id: int, said: Found | None) -> None:
        """A turn of this process is over, and that is what its message is told; None: look it up."""
        expected = self._expected.get(inbox_id)
        if expected is not None and not expected.done():
            expected.set_result(said)

    async def answered(self, asked: Accepted, within: float) -> Found:
        """What is said to that message, and before it to a sender who was not asking; each thing once.

        The same for a repeated delivery. A slow action that the turn ordered belongs to it: its result is
        waited for too. Raises `TimeoutError` after `within` seconds; then the next message is told.
        """
        try:
            async with asyncio.timeout(within):
                return await self._answered(asked)
        except TimeoutError:
            found = await self._database.write(lambda connection: _leave(connection, asked))
            if found is None:
                raise
            return found

    async def settled(self, conversation_id: str, within: float) -> None:
        """Until nothing is left to do for the conversation but messages; raises `TimeoutError`."""
        async with (
            asyncio.timeout(within),
            self._bus.subscribe(conversation_topic(conversation_id)) as events,
        ):
            while await self._database.read(lambda c: answers.left_to_do(c, conversation_id)):
                await _told(events, FIRST_LOOK)

    async def _answered(self, asked: Accepted) -> Found:
        if asked.taken:
            said = await self._handed(asked.inbox_id)
            if said is not None:
                return said
        async with self._bus.subscribe(conversation_topic(asked.conversation_id)) as events:
            if asked.owner is Owner.BOT and not asked.duplicate and not asked.taken:
                await _told(events, FIRST_LOOK)
            while True:
                found, over = await self._database.read(lambda connection: _look(connection, asked))
                if over:
                    return await self._database.write(lambda connection: _collect(connection, asked))
                if found is not None:
                    return found
                await _told(events, self._look_every)

    async def _handed(self, inbox_id: int) -> Found | None:
        expected = self._expected[inbox_id] = asyncio.get_running_loop().create_future()
        try:
            async with asyncio.timeout(self._look_every):
                return await expected
        except TimeoutError:
            return None
        finally:
            del self._expected[inbox_id]


async def _told(events: AsyncIterator[Notice], patience: float) -> None:
    """Wait until the bus says that a turn is saved with nothing left to do, or until it is time to look."""
    try:
        async with asyncio.timeout(patience):
            async for event in events:
                if "handled" in event and not event.get("waits"):
                    return
    except TimeoutError:
        pass


def _look(connection: Connection, asked: Accepted) -> tuple[Found | None, bool]:
    """The answer, if there is one; else whether no turn will give one any more."""
    given = answers.answer_of(connection, asked.inbox_id)
    if given:
        return _spoken(connection, asked, given), False
    return None, answers.may_collect(connection, asked.conversation_id, asked.inbox_id)


def _collect(connection: Connection, asked: Accepted) -> Found:
    span = answers.collect(connection, asked.conversation_id, asked.inbox_id)
    return _spoken(connection, asked, span)


def _leave(connection: Connection, asked: Accepted) -> Found | None:
    given = answers.leave(connection, asked.conversation_id, asked.inbox_id)
    return _spoken(connection, asked, given) if given else None


def _spoken(connection: Connection, asked: Accepted, span: Span) -> Found:
    found = views.transcript(connection, asked.conversation_id, after=span.after)
    return [item for item in found if item.seq <= span.upto and item.type != "user"]
