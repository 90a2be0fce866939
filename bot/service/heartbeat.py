"""A process says now and then that it is alive, what it is and with which model it works. For people who look
at how the system does; nothing is decided by it."""

from __future__ import annotations

import asyncio
import logging
import os
import secrets
import socket
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass

from bot.bus import Bus

log = logging.getLogger(__name__)

EVERY = 15.0
"""Seconds between two signs of life."""
LASTS = 120.0
"""Seconds after the last one until a process is forgotten: long enough to see that it died."""


@dataclass(frozen=True, slots=True)
class Process:
    """One process. `serves` says that it answers HTTP, beside working; times are epoch seconds."""

    id: str
    host: str
    pid: int
    serves: bool
    model: str
    since: float
    seen: float


class Heartbeat:
    """The signs of life of this process."""

    def __init__(self, bus: Bus, model: Callable[[], str], clock: Callable[[], float]) -> None:
        self.id = secrets.token_urlsafe(6)
        self._bus, self._model, self._clock = bus, model, clock

    async def run(self, stop: asyncio.Event, *, serves: bool) -> None:
        """Every now and then until `stop`."""
        since = self._clock()
        while not stop.is_set():
            now = self._clock()
            what = Process(self.id, socket.gethostname(), os.getpid(), serves, self._model(), since, now)
            await self._bus.keep_alive(self.id, asdict(what), LASTS)
            try:
                async with asyncio.timeout(EVERY):
                    await stop.wait()
            except TimeoutError:
                continue

    async def end(self) -> None:
        """It stops by itself: nobody need wonder where it is."""
        await self._bus.keep_alive(self.id, {}, 0)


async def processes(bus: Bus) -> Sequence[Process]:
    """Those that gave a sign of life lately: who serves first, then by host and age."""
    found: list[Process] = []
    for each in await bus.alive():
        try:
            found.append(Process(**each))
        except TypeError:  # of another version of Balie
            log.debug("a sign of life that is not understood")
    return sorted(found, key=lambda each: (not each.serves, each.host, each.since))
