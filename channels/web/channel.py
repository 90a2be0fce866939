"""The web chat's socket. The record is the truth: a socket sends what stands in it after the number that the
widget knows, so a reconnect, a restart or a lost bus event costs time and never a message. What frames look
like is `codec`; what the widget looks like is bot/web/static/widget.js."""

from __future__ import annotations

import asyncio
import logging
import secrets
import time
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from aiohttp import WSCloseCode, WSMsgType, web

from bot.bus import Bus, conversation_topic
from bot.model.errors import BadInput, BalieError, Malformed, NotAllowed, TooLarge, TooMany, Unavailable
from bot.service.pictures import Pictures
from bot.web.limits import AddressLimits
from bot.web.reach import counted_address
from channels.contract import Ingest
from channels.web import codec
from channels.web.pictures import PictureRoute
from channels.web.session import Session, aborter, end_with
from channels.web.transcripts import Known, Transcripts
from channels.web.verdicts import verdict

log = logging.getLogger(__name__)

PATH = "/webhooks/web/socket"
BAD_FRAMES = 4400
NOT_ALLOWED = 4403
NO_HELLO = 4408
TOO_MANY = 4429
TRY_LATER = WSCloseCode.TRY_AGAIN_LATER
Ahead = Callable[[str, str], Awaitable[None]]
"""Looks up what is being typed in a conversation: its id, and the text."""

FULL_FOR = 15.0
"""Seconds after which an address that has all its connections may try again."""


@dataclass(frozen=True, slots=True)
class WebSettings:
    """The web chat's section of the configuration.

    `origins` lists the sites that may embed the widget besides Balie's own pages, as
    `https://intranet.example.org`; "*" allows every site. `public_url` is how customers reach Balie when
    that is not the Host that requests carry.
    """

    origins: tuple[str, ...] = ()
    public_url: str | None = None
    identity_secret: str | None = None
    receipts: bool = True
    """Whether widgets tell up to where the customer has it."""
    burst: float = 1.2
    heartbeat: float = 25.0
    hello_within: float = 10.0
    send_within: float = 20.0
    look_every: float = 15.0
    """Seconds between looks at the record when the bus is silent: what a lost event costs at most."""
    max_sockets: int = 2_000
    sockets_at_once: int = 500
    """Of one client address."""
    max_bad_frames: int = 10


class WebChannel:
    """The widget's channel; nothing is pushed through delivery, each socket reads the record."""

    name = codec.NAME
    push = False

    def __init__(
        self,
        ingest: Ingest,
        transcripts: Transcripts,
        bus: Bus,
        limits: AddressLimits,
        settings: WebSettings,
        pictures: Pictures,
        ahead: Ahead | None = None,
    ) -> None:
        """With `ahead`, widgets tell what is being typed to a person."""
        self._ingest = ingest
        self._transcripts = transcripts
        self._bus = bus
        self._limits = limits
        self._settings = settings
        self._ahead = ahead
        self._sessions: set[Session] = set()
        self._stopping = False
        self._pictures = PictureRoute(ingest, limits, pictures, self._may_embed, settings.identity_secret)
        self.burst = settings.burst

    def routes(self) -> Iterable[web.RouteDef]:
        """The socket, and the way of a picture beside it."""
        return [web.get(PATH, self._socket), *self._pictures.routes()]

    async def start(self) -> None:
        """Nothing runs beside the sockets. Where receipts are switched off, those of before go too: they
        would stand still, and tell agents what is not so."""
        if not self._settings.receipts:
            await self._transcripts.forget(self.name)

    async def stop(self) -> None:
        """Tell every widget that the server goes; they come back by themselves."""
        self._stopping = True
        sockets = [session.ws for session in self._sessions]
        await asyncio.gather(
            *(ws.close(code=WSCloseCode.SERVICE_RESTART, message=b"restart") for ws in sockets),
            return_exceptions=True,
        )

    @property
    def sockets(self) -> int:
        """How many are open."""
        return len(self._sessions)

    # --- one socket -----------------------------------------------------------------------------

    async def _socket(self, request: web.Request) -> web.StreamResponse:
        if not self._may_embed(request):
            raise NotAllowed("this site may not embed the chat; add it to the web channel's origins")
        if self._stopping or len(self._sessions) >= self._settings.max_sockets:
            raise Unavailable("no room for another connection now")
        ws = web.WebSocketResponse(
            heartbeat=self._settings.heartbeat, max_msg_size=codec.MAX_FRAME, compress=False, timeout=5.0
        )
        if not ws.can_prepare(request):
            raise Malformed("this address speaks WebSocket only")
        address = counted_address(request)
        busy = await self._busy(address)
        if busy is not None and "Origin" not in request.headers:
            raise busy
        await ws.prepare(request)
        session = Session(ws, aborter(request), self._settings.send_within, address)
        try:
            if busy is not None:  # a page cannot read the answer to a refused handshake: tell it in a frame
                await self._refuse(session, TOO_MANY, "too_many", str(busy), busy.retry_after)
                return ws
            self._sessions.add(session)
            if await self._greet(session):
                await self._converse(session)
        except (ConnectionError, asyncio.IncompleteReadError):
            log.debug("a web chat connection was lost")
        finally:
            self._sessions.discard(session)
            if not ws.closed:
                await ws.close()
        return ws

    async def _busy(self, address: str) -> TooMany | None:
        """Why this address may not open another connection now."""
        if sum(each.address == address for each in self._sessions) >= self._settings.sockets_at_once:
            return TooMany("too many connections from your address", FULL_FOR)
        try:
            await self._limits.socket(address)
        except TooMany as error:
            return error
        return None

    def _may_embed(self, request: web.Request) -> bool:
        """Whether the page that opens the socket may. Only browsers send an Origin, or need this."""
        origin = request.headers.get("Origin")
        if origin is None or "*" in self._settings.origins:
            return True
        if urlsplit(origin).netloc == request.host and origin.startswith(("http://", "https://")):
            return True
        allowed = (*self._settings.origins, self._settings.public_url or "")
        return origin.lower() in {_origin(each) for each in allowed if each}

    async def _greet(self, session: Session) -> bool:
        """Read the first frame and answer it; False when the socket was closed instead."""
        try:
            async with asyncio.timeout(self._settings.hello_within):
                raw = await session.ws.receive()
        except TimeoutError:
            await session.ws.close(code=NO_HELLO, message=b"no hello")
            return False
        if raw.type not in (WSMsgType.TEXT, WSMsgType.BINARY):
            return False
        try:
            hello = codec.decode(raw.data)
            if not isinstance(hello, codec.Hello):
                raise codec.BadFrame("the first frame is hello")
            token = self._identify(session, hello)
        except NotAllowed as error:
            return await self._refuse(session, NOT_ALLOWED, "not_allowed", str(error))
        except BadInput as error:
            return await self._refuse(session, BAD_FRAMES, "bad_frame", str(error))
        try:
            known = None if token else await self._transcripts.find(self.name, session.sender_id)
        except Exception:
            log.exception("the web chat cannot read the record")
            return await self._refuse(session, TRY_LATER, "unavailable", "try again")
        await self._welcome(session, hello, known, token)
        return True

    def _identify(self, session: Session, hello: codec.Hello) -> str | None:
        """Set whose socket it is; the token, when a new one had to be made."""
        session.language = hello.language
        made = None if hello.token or hello.identity else secrets.token_urlsafe(32)
        hello = replace(hello, token=made) if made else hello
        session.sender_id = codec.sender_of(hello, self._settings.identity_secret)
        session.user = hello.identity.user if hello.identity else None
        return made

    async def _welcome(
        self, session: Session, hello: codec.Hello, known: Known | None, token: str | None
    ) -> None:
        if known is not None:
            # A number beyond what there is belongs to another conversation: start from the beginning.
            session.seq = hello.last_seq if hello.last_seq <= known.seq else 0
            session.got, session.seen = known.got, known.seen
            session.learn(known.conversation_id)
        await session.send(
            codec.welcome(
                token=token,
                seq=known.seq if known else 0,
                resumed=known is not None,
                receipts=self._settings.receipts,
                typed=self._ahead is not None,
            )
        )

    async def _refuse(
        self, session: Session, close: int, code: str, message: str, retry_after: float | None = None
    ) -> bool:
        await session.send(codec.error(code, message, retry_after=retry_after))
        await session.ws.close(code=close, message=code.encode())
        return False

    async def _converse(self, session: Session) -> None:
        beside = [
            asyncio.create_task(session.tell(self._transcripts, self._settings.look_every)),
            asyncio.create_task(session.listen(self._bus)),
        ]
        for task in beside:
            task.add_done_callback(end_with(session))
        try:
            await self._read(session)
        finally:
            for task in beside:
                task.cancel()
            await asyncio.gather(*beside, return_exceptions=True)

    # --- up -------------------------------------------------------------------------------------

    async def _read(self, session: Session) -> None:
        """Frame after frame; the next is not read before this one is done, which is the backpressure."""
        bad = 0
        async for raw in session.ws:
            if raw.type not in (WSMsgType.TEXT, WSMsgType.BINARY):
                break
            try:
                frame = codec.decode(raw.data)
                if isinstance(frame, codec.Hello):
                    raise codec.BadFrame("hello comes once")
            except BadInput as error:
                bad += 1
                code = "too_large" if isinstance(error, TooLarge) else "bad_frame"
                await session.send(codec.error(code, str(error), client_id=getattr(error, "client_id", None)))
                if bad >= self._settings.max_bad_frames:
                    await session.ws.close(code=BAD_FRAMES, message=b"too many bad frames")
                continue
            if isinstance(frame, codec.Message):
                await self._take(session, frame)
            elif isinstance(frame, codec.Typing):
                await self._typing(session, frame.text)
            elif isinstance(frame, codec.Receipt):
                await self._acknowledge(session, frame)
            elif isinstance(frame, codec.Left):
                await self._left(session)
            else:
                await session.send(codec.pong())

    async def _take(self, session: Session, message: codec.Message) -> None:
        """Bring one message in and say so; only then does the widget forget it."""
        try:
            if session.conversation_id is None:
                await self._limits.message(session.address, self.name, session.sender_id)
            accepted = await self._ingest.receive(
                codec.inbound(message, session.sender_id, session.language, session.user)
            )
        except Exception as error:
            code, retry_after = verdict(error)
            if retry_after is not None and not isinstance(error, BalieError):
                log.exception("a web chat message could not be taken in")
            text = str(error) if isinstance(error, BalieError) else "try again"
            await session.send(codec.error(code, text, client_id=message.client_id, retry_after=retry_after))
            return
        session.language = message.language or session.language
        await session.send(codec.ack(message.client_id, accepted.seq))
        if session.conversation_id not in (None, accepted.conversation_id):
            session.abort()  # the one that was shown is erased; the widget comes back to the new one
            return
        session.learn(accepted.conversation_id)
        session.bell.set()

    async def _typing(self, session: Session, text: str) -> None:
        now = time.monotonic()
        if session.conversation_id is None or now < session.typing_until:
            return
        session.typing_until = now + 2.0
        await self._bus.publish(
            conversation_topic(session.conversation_id), {"type": "typing", "author": "customer"}
        )
        if text and self._ahead is not None:
            await self._ahead(session.conversation_id, text)

    async def _left(self, session: Session) -> None:
        """People who have the conversation must not go on writing to somebody who does not read it."""
        id_ = session.conversation_id
        seq = None if id_ is None else await self._transcripts.left(id_)
        if id_ is not None and seq is not None:
            await self._bus.publish(conversation_topic(id_), {"type": "seq", "seq": seq})

    async def _acknowledge(self, session: Session, receipt: codec.Receipt) -> None:
        """Keep what is further than before, never further than this socket was told: so however many frames
        come, there is never more to write than there are messages."""
        got, seen = min(receipt.got, session.seq), min(receipt.seen, session.seq)
        further = got > session.got or seen > session.seen
        if session.conversation_id is None or not further or not self._settings.receipts:
            return
        try:
            news = await self._transcripts.acknowledge(session.conversation_id, got, seen)
        except Exception:
            log.exception("the web chat cannot keep how far a customer has it")
            return
        session.got, session.seen = max(got, session.got), max(seen, session.seen)
        if news:
            await self._bus.publish(conversation_topic(session.conversation_id), {"type": "receipt"})


def _origin(url: str) -> str:
    """`https://host:port` of a URL or an origin, in lower case."""
    parts = urlsplit(url.lower())
    return f"{parts.scheme}://{parts.netloc}"
