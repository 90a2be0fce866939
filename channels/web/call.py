"""A call out of the browser: the microphone's sound to the scenario, and what it says back, in the
conversation of the chat. What the frames look like is `call_codec`; what is done in a call is not
here (`Telephone`)."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterable
from contextlib import suppress
from typing import Protocol

from aiohttp import WSMsgType, web

from bot.model.errors import BadInput, BalieError, Malformed, NotAllowed, TooMany
from bot.web.limits import AddressLimits
from bot.web.reach import counted_address
from channels.web import call_codec, codec
from channels.web.entrance import (
    BAD_FRAMES,
    NOT_ALLOWED,
    TOO_MANY,
    TRY_LATER,
    busy_at,
    check_handshake,
    read_hello,
)
from channels.web.identity import sender_of
from channels.web.pace import Pace
from channels.web.settings import WebSettings
from channels.web.verdicts import verdict

log = logging.getLogger(__name__)

PATH = "/webhooks/web/call"
DEAD_AFTER = 20.0
"""Seconds without a frame, of which there are fifty a second, after which nobody is there."""
MAX_BAD = 50
"""Frames that cannot be read, or are more than a hand and a player send, after which the call ends."""
SOUND, SOUND_AT_ONCE = 8_800, 80_000
"""Bytes in a second: a tenth more than is spoken in it, and ten seconds from a browser that catches up."""
FRAMES, FRAMES_AT_ONCE = 20, 100
"""Keys and marks in a second, and at once."""
RINGING = 3.0
"""Seconds after which somebody may try again whose call is being taken."""


class OnLine(Protocol):
    """A call that is on (`channels.phone.session.Session`): it is told what comes in."""

    def hear(self, ulaw: bytes) -> None: ...
    def key(self, key: str) -> None: ...
    def marked(self, mark: str) -> None: ...
    def hung_up(self) -> None: ...


class Telephone(Protocol):
    """Where calls are taken (`channels.phone.from_chat.FromChat`)."""

    def speaks(self, language: str) -> bool:
        """Whether calls in a language can be taken."""
        ...

    async def ready(self) -> None:
        """Wait until it is known in which languages calls can be taken."""
        ...

    async def call(
        self, channel: str, sender_id: str, language: str, user: str | None, line: BrowserLine
    ) -> tuple[OnLine, asyncio.Task[None]]:
        """A call begins; the task is done when it is over. `user` is who has proved to be calling. Raises
        `Unavailable` or `TooMany`."""
        ...


class BrowserLine:
    """A call's line over the socket (`channels.phone.line.Line`). People come to it, and nothing follows."""

    follows = False

    def __init__(self, ws: web.WebSocketResponse) -> None:
        self._ws = ws

    async def play(self, sound: bytes) -> None:
        """Send mu-law."""
        with suppress(ConnectionError):  # the line is gone; the reading side tells the call so
            await self._ws.send_bytes(sound)

    async def mark(self, name: str) -> None:
        """Have a mark sent back."""
        await self._send(call_codec.mark(name))

    async def clear(self) -> None:
        """Throw away what was not played."""
        await self._send(call_codec.clear())

    def lets_go(self, standing: object) -> bool:
        """People come to this line."""
        return False

    async def hang_up(self, *, over: bool) -> None:
        """The call has ended in order."""
        await self._send(call_codec.over())
        await self._ws.close()

    async def _send(self, frame: str) -> None:
        with suppress(ConnectionError):
            await self._ws.send_str(frame)


class CallRoute:
    """The route. `may_embed` says whether the page that calls may; `secret` signs identities."""

    def __init__(
        self,
        telephone: Telephone,
        limits: AddressLimits,
        may_embed: Callable[[web.Request], bool],
        settings: WebSettings,
    ) -> None:
        self._telephone = telephone
        self._limits = limits
        self._may_embed = may_embed
        self._settings = settings
        self._ringing: set[str] = set()

    def routes(self) -> Iterable[web.RouteDef]:
        """The socket."""
        return [web.get(PATH, self._socket)]

    def speaks(self, language: str | None) -> bool:
        """Whether a widget in this language may offer to call."""
        return language is not None and self._telephone.speaks(language)

    async def ready(self) -> None:
        """Wait until `speaks` says what it will go on saying: ears take a while to be loaded."""
        await self._telephone.ready()

    async def _socket(self, request: web.Request) -> web.StreamResponse:
        if not self._may_embed(request):
            raise NotAllowed("this site may not embed the chat; add it to the web channel's origins")
        ws = web.WebSocketResponse(max_msg_size=codec.MAX_FRAME, compress=False, receive_timeout=DEAD_AFTER)
        address = counted_address(request)
        busy = await busy_at(self._limits, address)
        check_handshake(request, ws, busy)
        await ws.prepare(request)
        try:
            if busy is not None:
                await _refuse(ws, TOO_MANY, *_told(busy))
            elif (hello := await read_hello(ws, self._settings.hello_within)) is not None:
                await self._call(ws, hello, address)
        except BadInput as error:
            await _refuse(ws, BAD_FRAMES, "bad_frame", str(error))
        finally:
            await ws.close()
        return ws

    async def _call(self, ws: web.WebSocketResponse, hello: codec.Hello, address: str) -> None:
        try:
            session, call = await self._connect(ws, hello, address)
        except BalieError as error:
            await _refuse(ws, NOT_ALLOWED if isinstance(error, NotAllowed) else TRY_LATER, *_told(error))
            return
        except Exception as error:
            log.exception("a call from a browser could not be taken")
            await _refuse(ws, TRY_LATER, *_told(error))
            return
        reading: asyncio.Task[None] | None = None
        try:
            await ws.send_str(call_codec.connected())
            reading = asyncio.create_task(_read(ws, session))
            await asyncio.shield(call)  # what was said last is kept, though the socket's handler is cancelled
        finally:
            session.hung_up()
            if reading is not None:
                reading.cancel()

    async def _connect(
        self, ws: web.WebSocketResponse, hello: codec.Hello, address: str
    ) -> tuple[OnLine, asyncio.Task[None]]:
        """Have the call taken; of two that somebody begins at once only one, so that one is greeted."""
        sender_id = sender_of(hello, self._settings.identity_secret)
        await self._limits.call_from_chat(address, sender_id)
        await self._limits.message(address, codec.NAME, sender_id)
        if sender_id in self._ringing:
            raise TooMany("this conversation is being called already", RINGING)
        self._ringing.add(sender_id)
        try:
            user = hello.identity.user if hello.identity else None
            language = hello.language or ""
            return await self._telephone.call(codec.NAME, sender_id, language, user, BrowserLine(ws))
        finally:
            self._ringing.discard(sender_id)


def _told(error: Exception) -> tuple[str, str, float | None]:
    """What the page is told of an error: its code, the words, and when to try again."""
    code, retry_after = verdict(error)
    return code, str(error) if isinstance(error, BalieError) else "try again", retry_after


async def _refuse(
    ws: web.WebSocketResponse, close: int, code: str, why: str, retry_after: float | None = None
) -> None:
    with suppress(ConnectionError):
        await ws.send_str(call_codec.error(code, why, retry_after))
    await ws.close(code=close)


async def _read(ws: web.WebSocketResponse, session: OnLine) -> None:
    """Tell the call what comes in, until the socket ends or is not worth reading."""
    bad = 0
    sound, frames = Pace(SOUND, SOUND_AT_ONCE), Pace(FRAMES, FRAMES_AT_ONCE)
    try:
        async for message in ws:
            if message.type not in (WSMsgType.TEXT, WSMsgType.BINARY):
                break
            try:
                frame = call_codec.decode(message.data)
                if not isinstance(frame, call_codec.Sound) and not frames.keeps():
                    raise Malformed("so many keys and marks at once are no call's")
            except Malformed as error:
                bad += 1
                if bad > MAX_BAD:
                    log.warning("a call from a browser is not readable", extra={"error": str(error)})
                    break
                continue
            match frame:
                case call_codec.Sound(ulaw):
                    if sound.keeps(len(ulaw)):
                        session.hear(ulaw)
                case call_codec.Key(key):
                    session.key(key)
                case call_codec.Mark(name):
                    session.marked(name)
                case call_codec.Bye():
                    break
    except TimeoutError:
        log.info("a call from a browser fell silent")
    finally:
        session.hung_up()
