"""The socket of Twilio's Media Streams: who may open it, and the line that it is to a call."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from contextlib import suppress

from aiohttp import WSCloseCode, WSMsgType, web

from bot.model.errors import BadInput, ConfigError, NotAllowed
from bot.service.calls import CHANNEL
from channels.phone import media
from channels.phone.passes import Pass, Passes
from channels.phone.session import Counter, Engines, Session

log = logging.getLogger(__name__)

PATH = "/webhooks/twilio_voice/media"
START_WITHIN = 5.0
"""Seconds within which a socket says whose stream it is."""
DEAD_AFTER = 20.0
"""Seconds without a frame, of which there are fifty a second, after which nobody is on the line."""
MAX_BAD = 50
"""Frames that cannot be read, or are another stream's, after which the socket is closed: a second's."""


class StreamLine:
    """A call's line over the socket (`channels.phone.line.Line`)."""

    def __init__(self, ws: web.WebSocketResponse, stream: str) -> None:
        self._ws = ws
        self._stream = stream

    async def play(self, sound: bytes) -> None:
        """Send mu-law."""
        await self._send(media.audio(self._stream, sound))

    async def mark(self, name: str) -> None:
        """Have a mark sent back."""
        await self._send(media.mark(self._stream, name))

    async def clear(self) -> None:
        """Throw away what was not played."""
        await self._send(media.clear(self._stream))

    async def hang_up(self) -> None:
        """Close the socket: Twilio goes on with what stands after `<Connect>`."""
        await self._ws.close()

    async def _send(self, frame: str) -> None:
        with suppress(ConnectionError):  # the line is gone; the reading side tells the call so
            await self._ws.send_str(frame)


class Streams:
    """A carrier of `channels.phone.channel`: takes the sockets in, and makes a call of each that may come in.

    `load` gives who hears and speaks; it takes seconds, so it is done beside what runs, and until then, or
    where it raises `ConfigError`, no call is taken. At most `most` calls are on at once.
    """

    def __init__(
        self,
        passes: Passes,
        counter: Counter,
        load: Callable[[], Engines],
        *,
        most: int,
    ) -> None:
        self._passes = passes
        self._counter = counter
        self._load = load
        self._most = most
        self._engines: Engines | None = None
        self._loading: asyncio.Task[None] | None = None
        self._calls: dict[asyncio.Task[None], Session] = {}

    def routes(self) -> list[web.RouteDef]:
        """The socket's path, with the pass in it."""
        return [web.get(PATH + "/{pass}", self._socket)]

    @property
    def underruns(self) -> int:
        """How often, of the calls that are on, the next sound was not there in time."""
        return sum(call.underruns for call in self._calls.values())

    def address(self, call: str, language: str, base: str) -> str | None:
        """Where Twilio brings the sound of a call; None where nobody could hear or speak its language now."""
        engines = self._engines
        if engines is None or not engines.speak(language) or len(self._calls) >= self._most:
            return None
        socket = "ws" + base.removeprefix("http")
        return f"{socket}{PATH}/{self._passes.make(Pass(call, language))}"

    async def start(self) -> None:
        """Begin to load who hears and speaks."""
        self._loading = asyncio.create_task(self._get_ready())

    async def ready(self) -> bool:
        """Wait until the engines are loaded; whether they are there."""
        if self._loading is not None:
            await self._loading
        return self._engines is not None

    async def _get_ready(self) -> None:
        try:
            self._engines = await asyncio.to_thread(self._load)
        except ConfigError as error:
            log.warning("calls are not heard here, but by Twilio", extra={"why": str(error)})

    async def stop(self) -> None:
        """Hang up on everybody, and wait until what they said is kept."""
        if self._loading is not None:
            self._loading.cancel()
        for call in self._calls.values():
            call.hung_up()
        await asyncio.gather(*self._calls, return_exceptions=True)
        if self._engines is not None:
            self._engines.ears.close()

    async def _socket(self, request: web.Request) -> web.WebSocketResponse:
        given = await self._passes.take(request.match_info["pass"])
        ws = web.WebSocketResponse(max_msg_size=media.MAX_FRAME, receive_timeout=DEAD_AFTER)
        await ws.prepare(request)
        opened = await _opened(ws)
        known = await self._counter.transcripts.find(CHANNEL, given.call)
        engines = self._engines
        if opened is None or opened.call != given.call or known is None or engines is None:
            await ws.close(code=WSCloseCode.POLICY_VIOLATION, message=b"no stream of this call")
            return ws
        line = StreamLine(ws, opened.stream)
        session = Session(given.call, known.conversation_id, given.language, line, engines, self._counter)
        call = asyncio.create_task(session.run(), name=f"call {session.id}")
        self._calls[call] = session
        call.add_done_callback(self._calls.pop)
        reading = asyncio.create_task(_read(ws, opened.stream, session))
        try:
            await asyncio.shield(call)  # what was said last is kept, though the socket's handler is cancelled
        finally:
            reading.cancel()
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
                        "a media stream is not readable", extra={"call": session.id, "error": str(error)}
                    )
                    break
    except TimeoutError:
        log.info("a media stream fell silent", extra={"call": session.id})
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
