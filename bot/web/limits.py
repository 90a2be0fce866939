"""How much one address may open: connections and new conversations. What one sender may say is not here
(`bot.service.ingest`). The bus counts, so it holds over all processes; an office has one address, so it is
generous.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from bot.bus import Bus
from bot.model.errors import TooMany

MINUTE = 60.0
PICTURES = 60
PICTURES_OF_ONE = 10
"""Pictures in a minute, from one address and of one sender: each costs a second of work."""

CALLS = 10
"""Calls that begin in a minute, of one caller."""
CALLS_OF_ADDRESS = 60
"""The same, out of the browsers behind one address."""
STEPS = 120
"""Requests in a minute that one call may make: each step of a conversation is one."""

Known = Callable[[str, str], Awaitable[object | None]]
"""What there is of a conversation, by channel and sender; None when it would be a new one."""


class AddressLimits:
    """The limits that channels ask; an address is `bot.web.reach.counted_address`."""

    def __init__(
        self, bus: Bus, known: Known, *, conversations_per_minute: int = 120, sockets_per_minute: int = 300
    ) -> None:
        self._bus = bus
        self._known = known
        self._conversations = conversations_per_minute
        self._sockets = sockets_per_minute

    async def message(self, address: str, channel: str, sender_id: str) -> None:
        """Before a message is taken in; raises `TooMany` when it would open one conversation too many."""
        if await self._known(channel, sender_id) is None:
            await self._count(f"conversations:{address}", self._conversations, "new conversations")

    async def socket(self, address: str) -> None:
        """Before a connection is opened; raises `TooMany`."""
        await self._count(f"sockets:{address}", self._sockets, "new connections")

    async def picture(self, address: str, sender_id: str) -> None:
        """Before a picture is read; raises `TooMany`."""
        await self._count(f"pictures:{address}", PICTURES, "pictures")
        await self._count(f"pictures:{sender_id}", PICTURES_OF_ONE, "pictures")

    async def call(self, caller: str, call: str) -> None:
        """Before a telephone call is taken; raises `TooMany`. All callers come from their provider's address,
        so the caller is counted: each call once, however often it is told."""
        if await self._bus.allow(f"call:{call}", 1, MINUTE):
            return
        await self._count(f"calls:{caller}", CALLS, "calls", "this number")

    async def call_from_chat(self, address: str, sender_id: str) -> None:
        """Before a call out of a browser is taken; raises `TooMany`."""
        await self._count(f"browser-calls:{address}", CALLS_OF_ADDRESS, "calls")
        await self._count(f"browser-calls:{sender_id}", CALLS, "calls")

    async def step(self, call: str) -> None:
        """Before a step of a call; raises `TooMany`."""
        await self._count(f"steps:{call}", STEPS, "requests", "this call")

    async def _count(self, key: str, limit: int, what: str, who: str = "your address") -> None:
        wait = await self._bus.allow(key, limit, MINUTE)
        if wait:
            raise TooMany(f"too many {what} from {who} at once; wait a moment", wait)
