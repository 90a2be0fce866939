"""One socket of the web chat: who it is, up to where it was told, and the two tasks that tell it more. Frames
that come in are `channel`'s."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass, field

from aiohttp import web

from bot.bus import Bus, conversation_topic
from channels.transcripts import AT_ONCE, Transcripts
from channels.web import codec

log = logging.getLogger(__name__)


@dataclass(slots=True, eq=False)
class Session:
    """One socket: who it is, up to where it was told, and up to where the customer has it."""

    ws: web.WebSocketResponse
    abort: Callable[[], None]
    send_within: float
    address: str = ""
    sender_id: str = ""
    user: str | None = None
    language: str | None = None
    seq: int = 0
    got: int = 0
    seen: int = 0
    conversation_id: str | None = None
    known: asyncio.Event = field(default_factory=asyncio.Event)
    bell: asyncio.Event = field(default_factory=asyncio.Event)
    typing_until: float = 0.0

    def learn(self, conversation_id: str) -> None:
        """The conversation exists from now on."""
        self.conversation_id = conversation_id
        self.known.set()

    async def send(self, frame: str) -> None:
        """Send, or cut the line to a client that does not read."""
        try:
            async with asyncio.timeout(self.send_within):
                await self.ws.send_str(frame)
        except TimeoutError:
            self.abort()
            raise ConnectionResetError("the client does not read") from None

    async def tell(self, transcripts: Transcripts, look_every: float) -> None:
        """Send what the record has and the widget has not, at every ring and now and then without one."""
        await self.known.wait()
        while self.conversation_id is not None:
            self.bell.clear()
            try:
                items = await transcripts.after(self.conversation_id, self.seq)
            except Exception:
                log.exception("the web chat cannot read the record; trying again")
                items = ()
            for item in items:
                self.seq = item.seq  # before it is sent: a receipt may be here before `send` comes back
                await self.send(codec.turn(item))
            if len(items) >= AT_ONCE:
                continue
            try:
                async with asyncio.timeout(look_every):
                    await self.bell.wait()
            except TimeoutError:
                continue

    async def listen(self, bus: Bus) -> None:
        """Turn what the bus says of this conversation into rings and typing frames."""
        await self.known.wait()
        if self.conversation_id is None:
            return
        async with bus.subscribe(conversation_topic(self.conversation_id)) as heard:
            self.bell.set()  # what was said before the subscription stood
            async for event in heard:
                if event.get("type") == "seq":
                    self.bell.set()
                elif event.get("type") == "erased":
                    self.abort()  # the widget comes back as somebody whom nobody knows
                elif event.get("type") == "typing" and event.get("author") != "customer":
                    await self.send(codec.typing(str(event.get("author")), event.get("name")))


def end_with(session: Session) -> Callable[[asyncio.Task[None]], None]:
    """A task beside the socket that fails ends the socket, so that the widget reconnects."""

    def done(task: asyncio.Task[None]) -> None:
        if task.cancelled() or (error := task.exception()) is None:
            return
        if not isinstance(error, ConnectionError):
            log.error("a web chat connection failed", exc_info=error)
        session.abort()

    return done


def aborter(request: web.Request) -> Callable[[], None]:
    def abort() -> None:
        if request.transport is not None:
            request.transport.abort()

    return abort
