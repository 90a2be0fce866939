"""Calls that are on the line, for the people of the helpdesk: which there are, and how one speaks on them.
The sound itself is with whoever carries the call (`Talks`)."""

from __future__ import annotations

import asyncio
import logging
import secrets
import time
from collections.abc import Callable
from typing import Protocol

from bot.bus import DESK, Bus, conversation_topic
from bot.store import calls
from bot.store.database import Database

log = logging.getLogger(__name__)

EVERY = 10.0
"""Seconds between two signs of life of the calls of a process."""


class Person(Protocol):
    """Somebody of the helpdesk on a call, as the call sees them."""

    @property
    def id(self) -> str:
        """The user's id."""
        ...

    @property
    def name(self) -> str:
        """As customers know them."""
        ...

    def hear(self, ulaw: bytes) -> None:
        """The caller's sound."""
        ...

    def off(self) -> None:
        """The call is over for them: it ended, or somebody else has the conversation now."""
        ...


class Talk(Protocol):
    """A call, as a person on it sees it."""

    async def speak(self, ulaw: bytes) -> None:
        """Sound for the caller; nothing is heard of it while they are on hold."""
        ...

    def hold(self, holds: bool) -> None:
        """Put the caller on hold, or take them back."""
        ...

    def leave(self) -> None:
        """The person's line is gone: the caller waits for somebody."""
        ...

    async def hang_up(self) -> None:
        """End the call."""
        ...


class Talks(Protocol):
    """Where one joins calls."""

    async def join(self, conversation_id: str, person: Person) -> Talk:
        """Speak on a call. Raises `NotFound` where none is on, and `Conflict` where somebody else speaks on
        it."""
        ...


class Lines:
    """The calls of this process, on record."""

    def __init__(self, database: Database, bus: Bus, clock: Callable[[], float] = time.time) -> None:
        self.node = secrets.token_urlsafe(9)
        self._database = database
        self._bus = bus
        self._clock = clock

    async def opened(self, conversation_id: str) -> None:
        """A call is on."""
        now = self._clock()
        await self._database.write(lambda c: calls.open_call(c, conversation_id, self.node, now=now))
        await self._tell(conversation_id)

    async def closed(self, conversation_id: str) -> None:
        """It is over."""
        await self._database.write(lambda c: calls.close_call(c, conversation_id, self.node))
        await self._tell(conversation_id)

    async def talks(self, conversation_id: str, agent_id: str | None) -> None:
        """Who speaks on it."""
        await self._database.write(lambda c: calls.set_agent(c, conversation_id, agent_id))
        await self._tell(conversation_id)

    async def keep(self) -> None:
        """Tell, until cancelled, that the calls of this process are still on."""
        while True:
            await asyncio.sleep(EVERY)
            now = self._clock()
            try:
                await self._database.write(lambda c, now=now: calls.keep_calls(c, self.node, now=now))
            except Exception:
                log.exception("the calls that are on cannot be kept on record")

    async def _tell(self, conversation_id: str) -> None:
        await self._bus.publish(conversation_topic(conversation_id), {"type": "line"})
        await self._bus.publish(DESK, {"type": "list"})
