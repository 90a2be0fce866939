"""The bus of one process: nothing leaves it."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager

from bot.bus import Notice
from bot.bus.hub import Hub, Reader
from bot.bus.limits import Limits
from bot.bus.living import Living


class LocalBus:
    """Bells, topics, limits and who is alive, in memory."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._hub = Hub()
        self._limits = Limits(clock)
        self._living = Living(clock)

    async def ring(self, bell: str) -> None:
        """See `Bus`."""
        self._hub.ring(bell)

    async def wait(self, bell: str, seconds: float) -> bool:
        """See `Bus`."""
        return await self._hub.wait(bell, seconds)

    async def publish(self, topic: str, event: Notice) -> None:
        """See `Bus`."""
        self._hub.publish(topic, event)

    @asynccontextmanager
    async def subscribe(self, *topics: str) -> AsyncIterator[AsyncIterator[Notice]]:
        """See `Bus`."""
        reader = Reader()
        self._hub.add(reader, topics)
        try:
            yield reader
        finally:
            self._hub.remove(reader, topics)

    async def allow(self, key: str, limit: int, per: float) -> float:
        """See `Bus`."""
        return self._limits.allow(key, limit, per)

    async def keep_alive(self, name: str, what: Notice, seconds: float) -> None:
        """See `Bus`."""
        self._living.keep(name, what, seconds)

    async def alive(self) -> Sequence[Notice]:
        """See `Bus`."""
        return self._living.known()

    async def close(self) -> None:
        """See `Bus`."""
        self._hub.close()
