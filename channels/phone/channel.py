"""The telephone as a channel: one name for all the ways that a call can be carried. A way is a `Line`: it has
routes, and holds the calls that it carries. Here is only what they share.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Protocol

from aiohttp import web


class Line(Protocol):
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
    """All lines. What is said is read from the record by whoever carries the call, so nothing is pushed; and
    what was heard is a whole turn, so nothing more is waited for."""

    name = "phone"
    push = False
    burst = 0.0

    def __init__(self, lines: Sequence[Line]) -> None:
        self._lines = tuple(lines)

    def routes(self) -> Iterable[web.RouteDef]:
        """Those of all lines."""
        return [route for line in self._lines for route in line.routes()]

    async def start(self) -> None:
        """Begin."""
        for line in self._lines:
            await line.start()

    async def stop(self) -> None:
        """End."""
        for line in self._lines:
            await line.stop()
