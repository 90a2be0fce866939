"""A browser's side of calls, for tests of them: the socket over a record in memory, and a page that hears,
speaks, keys and hangs up. Its sound takes no time: a mark goes back as it comes, unless it is `held`."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

import orjson
import pytest
from aiohttp import ClientSession, ClientWebSocketResponse, WSMsgType
from aiohttp.test_utils import TestServer

from bot.bus.local import LocalBus
from bot.model.messages import InboundMessage
from bot.speech.audio import framed, to_ulaw
from channels.phone.from_chat import FromChat
from channels.phone.session import Counter, Engines
from channels.phone.switchboard import Switchboard
from channels.web import call
from channels.web.identity import sender_of_token
from channels.web.settings import WebSettings
from tests.fixtures_phone import Calls, Lines
from tests.fixtures_web import Record, application
from tests.scripted_speech import ScriptedEars, ToneVoice, tone
from tests.socket_client import PROXIED, TOKEN

SPEECH = to_ulaw(tone(0.3))
SENDER = sender_of_token(TOKEN)
Answer = Callable[[InboundMessage], Any]


async def until(true: Callable[[], object], within: float = 10.0) -> None:
    """Wait for what the telephone or the record shows, which rings no bell."""
    async with asyncio.timeout(within):
        while not true():  # noqa: ASYNC110
            await asyncio.sleep(0.02)


@dataclass
class Telephone:
    """Who hears and speaks in calls out of the chat, and what is on record of them."""

    record: Record
    ears: ScriptedEars
    voice: ToneVoice
    calls: Calls
    switchboard: Switchboard
    from_chat: FromChat

    @classmethod
    def over(
        cls, record: Record, script: list[str], *, most: int = 8, carries: int | None = None
    ) -> Telephone:
        """A telephone whose callers say what the script says."""
        ears, voice, calls = ScriptedEars(script), ToneVoice(), Calls(record)
        counter = Counter(record, record, calls, record.bus)
        switchboard = Switchboard(counter, Lines(), lambda: Engines(ears, voice, carries), most=most)
        return cls(record, ears, voice, calls, switchboard, FromChat(calls, switchboard))


@dataclass
class Page:
    """One call, as the page has it: what it was told, and the sound that it heard."""

    socket: ClientWebSocketResponse
    held: bool = False
    told: list[Mapping[str, Any]] = field(default_factory=list)
    sound: bytearray = field(default_factory=bytearray)
    closed: int | None = None
    """Why the socket was closed."""
    _reading: asyncio.Task[None] | None = None

    def read(self) -> None:
        """Begin to hear."""
        self._reading = asyncio.create_task(self._read())

    async def _read(self) -> None:
        async for message in self.socket:
            if message.type is WSMsgType.BINARY:
                self.sound += message.data
            else:
                frame = orjson.loads(message.data)
                self.told.append(frame)
                if frame["type"] == "mark" and not self.held:
                    await self.send(frame)
        self.closed = self.socket.close_code

    async def hear(self, type_: str) -> Mapping[str, Any]:
        """Wait for a frame, and take it and what came before it away."""
        await until(lambda: any(frame["type"] == type_ for frame in self.told))
        at = next(at for at, frame in enumerate(self.told) if frame["type"] == type_)
        found = self.told[at]
        del self.told[: at + 1]
        return found

    async def over(self) -> int | None:
        """Wait until the socket is closed, and why."""
        assert self._reading is not None
        async with asyncio.timeout(8):
            await self._reading
        return self.closed

    async def send(self, frame: Mapping[str, Any]) -> None:
        """A text frame."""
        with suppress(ConnectionError):
            await self.socket.send_str(orjson.dumps(frame).decode())

    async def speak(self, sound: bytes = SPEECH) -> None:
        """As the microphone does, in frames of 20 ms; but at once."""
        for piece in framed([sound], 160):
            await self.socket.send_bytes(piece)

    async def key(self, key: str) -> None:
        """A key of the keypad."""
        await self.send({"type": "key", "key": key})

    async def hang_up(self) -> None:
        """Say so, and be let go."""
        await self.send({"type": "bye"})
        await self.over()


@dataclass
class Line(Telephone):
    """The telephone with the socket that brings calls to it."""

    server: TestServer
    client: ClientSession

    async def open(self, *, origin: str | None = None, held: bool = False) -> Page:
        """Open a socket, and say nothing yet."""
        page = Page(await self.client.ws_connect(self.server.make_url(call.PATH), origin=origin), held)
        page.read()
        return page

    async def ring(self, token: str | None = TOKEN, *, held: bool = False, **hello: Any) -> Page:
        """Call, and say who it is."""
        page = await self.open(held=held)
        await page.send({"type": "hello", "token": token, "language": "nl", **hello})
        return page

    async def call(self, token: str = TOKEN, *, held: bool = False, **hello: Any) -> Page:
        """A call that was taken, and whose greeting is on its way."""
        page = await self.ring(token, held=held, **hello)
        await page.hear("connected")
        return page

    async def greeted(self, token: str = TOKEN) -> Page:
        """A call in which one may speak."""
        page = await self.call(token)
        await page.hear("mark")
        return page

    def said(self) -> list[str]:
        """What callers said, as it was taken in."""
        return [message.text for message in self.record.received]

    async def has_heard(self, sound: bytes) -> None:
        """Wait until so much sound has come through to the ears."""
        await until(lambda: len(self.ears.sound) >= 2 * len(sound))

    async def deaf(self) -> None:
        """Wait until nobody is listened to."""
        async with asyncio.timeout(5):
            await self.ears.deaf.wait()


Serve = Callable[..., AbstractAsyncContextManager[Line]]


@pytest.fixture
def serve() -> Serve:
    @asynccontextmanager
    async def served(
        script: list[str],
        answer: Answer = lambda _: [("bot", {}, "Goed.")],
        settings: WebSettings | None = None,
        *,
        most: int = 8,
        carries: int | None = None,
        loaded: bool = True,
        **limits: int,
    ) -> AsyncIterator[Line]:
        record = Record(LocalBus(), answer=answer)
        made = Telephone.over(record, script, most=most, carries=carries)
        app, _ = application(record, settings, PROXIED, telephone=made.from_chat, **limits)
        if loaded:
            await made.switchboard.start()
            assert await made.switchboard.ready()
        async with TestServer(app) as server, ClientSession() as client:
            running = server.runner.server if server.runner else None
            assert running is not None
            running.handler_cancellation = False  # as Balie is served
            yield Line(**vars(made), server=server, client=client)
            await made.switchboard.stop()

    return served
