"""What every channel is to the rest of Balie. Not a base class: a channel is anything of this shape, and
tests/contract/test_channels.py says how it must behave."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Sequence
from typing import Protocol

from aiohttp import web

from bot.model.messages import Accepted, InboundMessage, OutboundMessage
from bot.store.attachments import NewFile
from channels.spoken import Spoken


class Channel(Protocol):
    """A way to talk with a customer.

    `push`: messages are sent by delivery through `send`; otherwise the client reads the record by sequence
    number and nothing is queued for it. `burst`: seconds within which several messages are one turn.
    """

    name: str
    push: bool
    burst: float

    def routes(self) -> Iterable[web.RouteDef]:
        """The HTTP routes of this channel, with their full paths."""
        ...

    async def start(self) -> None:
        """Begin what runs beside the routes (polling, a health check)."""
        ...

    async def stop(self) -> None:
        """Say goodbye to whoever is connected and end what `start` began."""
        ...


class PushChannel(Channel, Protocol):
    """A channel whose provider is called to send."""

    async def send(self, message: OutboundMessage, recipient: str, key: str) -> str | None:
        """Send one message; `key` is the same for a repeated try. Returns the provider's id for it."""
        ...


class Ingest(Protocol):
    """The way in (`bot.service.ingest.Ingest`): when `receive` returns, the message is on disk."""

    async def receive(self, message: InboundMessage, files: Sequence[NewFile] = ()) -> Accepted: ...


Answered = Callable[[Accepted, float], Awaitable[Sequence[Spoken]]]
"""`answered(accepted, timeout)`: what was said and told to nobody yet, once that message's turn is saved."""
