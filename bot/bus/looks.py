"""When to look again at what others may have changed: the bus says so, or some time has passed."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

from bot.bus import Bus


async def looks(bus: Bus, topic: str, stop: asyncio.Event, every: float) -> AsyncIterator[None]:
    """Now, and then after each notice on a topic or `every` seconds, until `stop` or the bus is closed."""
    async with bus.subscribe(topic) as notices:
        while not stop.is_set():
            yield
            try:
                async with asyncio.timeout(every):
                    await anext(notices)
            except TimeoutError:
                continue
            except StopAsyncIteration:
                return
