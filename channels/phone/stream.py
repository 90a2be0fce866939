"""The socket of Twilio's Media Streams: who may open it, and the line that it is to a call."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress
from functools import partial

from aiohttp import WSCloseCode, WSMsgType, web

from bot.model.errors import BadInput, NotAllowed, TooMany, Unavailable
from bot.service.calls import CHANNEL
from channels.phone import media
from channels.phone.passes import Pass, Passes
from channels.phone.saying import comes_later
from channels.phone.script import Standing
from channels.phone.session import Caller, Counter, Session
from channels.phone.switchboard import Switchboard

log = logging.getLogger(__name__)

PATH = "/webhooks/twilio_voice/media"
Transfer = Callable[[str], str | None]
"""The number of a team, where it has one."""
START_WITHIN = 5.0
"""Seconds within which a socket says whose stream it is."""
DEAD_AFTER = 20.0
"""Seconds without a frame, of which there are fifty a second, after which nobody is on the line."""
MAX_BAD = 50
"""Frames that cannot be read, or are another stream's, after which the socket is closed: a second's."""


class StreamLine:
    """A call's line over the socket (`channels.phone.line.Line`)."""

    follows = True

    def __init__(
        self, ws: web.WebSocketResponse, stream: str, transfer: Transfer, end: Callable[[], Awaitable[object]]
    ) -> None:
        self._ws = ws
        self._stream = stream
        self._transfer = transfer
        self._end = end

    async def play(self, sound: bytes) -> None:
        """Send mu-law."""
        await self._send(media.audio(self._stream, sound))

    async def mark(self, name: str) -> None:
        """Have a mark sent back."""
        await self._send(media.mark(self._stream, name))

    async def clear(self) -> None:
        """Throw away what was not played."""
        await self._send(media.clear(self._stream))

    def lets_go(self, standing: Standing) -> bool:
        """Where the team has a number, or nothing is left but to say how people come back."""
        return self._transfer(standing.team) is not None or comes_later(standing)

    async def hang_up(self, *, over: bool) -> None:
        """Close the socket: Twilio goes on with what stands after `<Connect>`."""
        if over:
            await self._end()
        await self._ws.close()

    async def _send(self, frame: str) -> None:
        with suppress(ConnectionError):  # the line is gone; the reading side tells the call so
            await self._ws.send_str(frame)


class Streams:
    """A carrier of `channels.phone.channel`: takes the sockets in, and has each that may come in connected.
    `transfer` knows the numbers of teams."""

    def __init__(
        self, passes: Passes, counter: Counter, switchboard: Switchboard, transfer: Transfer
    ) -> None:
        self._passes = passes
        self._counter = counter
        self._switchboard = switchboard
        self._transfer = transfer

    def routes(self) -> list[web.RouteDef]:
        """The socket's path, with the pass in it."""
        return [web.get(PATH + "/{pass}", self._socket)]

    async def start(self) -> None:
        """The switchboard loads who hears and speaks."""

    async def stop(self) -> None:
        """The switchboard hangs up."""

    def address(self, call: str, language: str, base: str) -> str | None:
        """Where Twilio brings the sound of a call; None where nobody could hear or speak its language now."""
        if not self._switchboard.takes(language):
            return None
        socket = "ws" + base.removeprefix("http")
        return f"{socket}{PATH}/{self._passes.make(Pass(call, language))}"

    async def _socket(self, request: web.Request) -> web.WebSocketResponse:
        given = await self._passes.take(request.match_info["pass"])
        ws = web.WebSocketResponse(max_msg_size=media.MAX_FRAME, receive_timeout=DEAD_AFTER)
        await ws.prepare(request)
        opened = await _opened(ws)
        known = await self._counter.transcripts.find(CHANNEL, given.call)
        if opened is None or opened.call != given.call or known is None:
            await ws.close(code=WSCloseCode.POLICY_VIOLATION, message=b"no stream of this call")
            return ws
        id_ = known.conversation_id
        line = StreamLine(ws, opened.stream, self._transfer, partial(self._counter.calls.end, id_))
        try:
            session, call = self._switchboard.connect(Caller(CHANNEL, given.call, id_, given.language), line)
        except (TooMany, Unavailable) as error:  # the last line went between the ringing and now
            log.warning("a call is left to Twilio", extra={"call": given.call, "why": str(error)})
            await ws.close(code=WSCloseCode.TRY_AGAIN_LATER, message=b"no line is free")
            return ws
        reading = asyncio.create_task(_read(ws, opened.stream, session))
        try:
            await asyncio.shield(call)  # what was said last is kept, though the socket's handler is cancelled
        finally:
            reading.cancel()
            await asyncio.shield(self._counter.transcripts.left(id_))
            await ws.close()
        return ws


async def _opened(ws: web.WebSocketResponse) -> media.Opened | None:
    """The frame that opens the stream; None where none comes in time, or something else does."""
    try:
        async with asyncio.timeout(START_WITHIN):
            async for message in ws:
                frame = media.decode(message.data) if message.type is WSMsgType.TEXT else None
                if isinstance(frame, media.Opened):
                    return frame
                if not isinstance(frame, media.Nothing):
                    return None
    except (TimeoutError, BadInput):
        pass
    return None


async def _read(ws: web.WebSocketResponse, stream: str, session: Session) -> None:
    """Tell the call what comes in, until the stream ends or is not worth reading."""
    bad = 0
    try:
        async for message in ws:
            if message.type is not WSMsgType.TEXT:
                break
            try:
                _tell(session, media.decode(message.data), stream)
            except (BadInput, NotAllowed) as error:
                bad += 1
                if bad > MAX_BAD:
                    log.warning(
                        "a media stream is not readable",
                        extra={"call": session.caller.sender_id, "error": str(error)},
                    )
                    break
    except TimeoutError:
        log.info("a media stream fell silent", extra={"call": session.caller.sender_id})
    finally:
        session.hung_up()


def _tell(session: Session, frame: media.Frame, stream: str) -> None:
    if not isinstance(frame, media.Opened | media.Nothing) and frame.stream != stream:
        raise NotAllowed("the frame is another stream's")
    match frame:
        case media.Audio(_, payload):
            session.hear(payload)
        case media.Key(_, key):
            session.key(key)
        case media.MarkBack(_, mark):
            session.marked(mark)
        case media.Closed():
            session.hung_up()
        case _:
            pass
