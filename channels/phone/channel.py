"""The telephone as a channel: one name for all the ways that a call can be carried. A way is a `Carrier`: it
has routes, and holds the calls that it carries. Here is only what they share.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from typing import Protocol

from aiohttp import web

from bot.service.relay import Relay
from channels.phone.switchboard import Switchboard


class Carrier(Protocol):
    """One way to carry calls."""

    def routes(self) -> Iterable[web.RouteDef]:
        """Its HTTP routes, with their full paths."""
        ...

    async def start(self) -> None:
        """Begin what runs beside the routes."""
        ...

    async def stop(self) -> None:
        """End the calls that are on, and what `start` began."""
        ...


class PhoneChannel:
    """All carriers. What is said is read from the record by whoever carries the call: nothing is pushed. And
    what was heard is a whole turn, so nothing more is waited for."""

    name = "phone"
    push = False
    burst = 0.0

    def __init__(
        self,
        carriers: Sequence[Carrier],
        switchboard: Switchboard | None = None,
        relay: Relay | None = None,
    ) -> None:
        """`switchboard`: where calls are spoken with here; `relay`: by which people join them."""
        self._carriers = tuple(carriers)
        self._switchboard = switchboard
        self._relaying: asyncio.Task[None] | None = None
        self.relay = relay

    def routes(self) -> Iterable[web.RouteDef]:
        """Those of all carriers."""
        return [route for carrier in self._carriers for route in carrier.routes()]

    async def start(self) -> None:
        """Begin."""
        if self._switchboard is not None:
            await self._switchboard.start()
        if self.relay is not None:
            self._relaying = asyncio.create_task(self.relay.run(), name="relay of calls")
        for carrier in self._carriers:
            await carrier.start()

    async def stop(self) -> None:
        """End."""
        if self._switchboard is not None:
            await self._switchboard.stop()
        if self._relaying is not None:
            self._relaying.cancel()
            await asyncio.wait({self._relaying})
        for carrier in self._carriers:
            await carrier.stop()
