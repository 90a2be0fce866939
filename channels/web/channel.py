"""The web chat's socket. The record is the truth: a socket sends what stands in it after the number that the
widget knows, so a reconnect, a restart or a lost bus event costs time and never a message. What frames look
like is `codec`; what the widget looks like is bot/web/static/widget.js."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Iterable
from functools import partial

from aiohttp import WSCloseCode, WSMsgType, web

from bot.bus import Bus, conversation_topic
from bot.model.errors import BadInput, BalieError, NotAllowed, TooLarge, TooMany, Unavailable
from bot.service.pictures import Pictures
from bot.web.limits import AddressLimits
from bot.web.reach import counted_address
from channels.contract import Ingest
from channels.transcripts import Transcripts
from channels.web import codec
from channels.web.call import CallRoute, Telephone
from channels.web.entrance import BAD_FRAMES, TOO_MANY, Entrance, busy_at, check_handshake, may_embed, refuse
from channels.web.pictures import PictureRoute
from channels.web.session import Session, aborter, end_with
from channels.web.settings import WebSettings
from channels.web.verdicts import verdict

log = logging.getLogger(__name__)

PATH = "/webhooks/web/socket"
Ahead = Callable[[str, str], Awaitable[None]]
"""Looks up what is being typed in a conversation: its id, and the text."""

FULL_FOR = 15.0
"""Seconds after which an address that has all its connections may try again."""


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
        telephone: Telephone | None = None,
    ) -> None:
        """With `ahead`, widgets tell what is being typed to a person; with a `telephone` they can call."""
        self._ingest = ingest
        self._transcripts = transcripts
        self._bus = bus
        self._limits = limits
        self._settings = settings
        self._ahead = ahead
        embeds = partial(may_embed, settings=settings)
        self._call = CallRoute(telephone, limits, embeds, settings) if telephone is not None else None
        calls = self._call.speaks if self._call is not None else lambda _: False
        self._entrance = Entrance(transcripts, settings, typed=ahead is not None, calls=calls)
        self._sessions: set[Session] = set()
        self._offering: asyncio.Task[None] | None = None
        self._stopping = False
        self._pictures = PictureRoute(ingest, limits, pictures, embeds, settings.identity_secret)
        self.burst = settings.burst

    def routes(self) -> Iterable[web.RouteDef]:
        """The socket, the way of a picture beside it, and a call's."""
        calls = self._call.routes() if self._call is not None else ()
        return [web.get(PATH, self._socket), *self._pictures.routes(), *calls]

    async def start(self) -> None:
        """Offer calls once they can be taken. Where receipts are switched off, those of before go too: they
        would stand still, and tell agents what is not so."""
        if self._call is not None:
            self._offering = asyncio.create_task(self._offer_calls(self._call))
        if not self._settings.receipts:
            await self._transcripts.forget(self.name)

    async def stop(self) -> None:
        """Tell every widget that the server goes; they come back by themselves."""
        self._stopping = True
        if self._offering is not None:
            self._offering.cancel()
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
        if not may_embed(request, self._settings):
            raise NotAllowed("this site may not embed the chat; add it to the web channel's origins")
        if self._stopping or len(self._sessions) >= self._settings.max_sockets:
            raise Unavailable("no room for another connection now")
        ws = web.WebSocketResponse(
            heartbeat=self._settings.heartbeat, max_msg_size=codec.MAX_FRAME, compress=False, timeout=5.0
        )
        address = counted_address(request)
        busy = await self._busy(address)
        check_handshake(request, ws, busy)
        await ws.prepare(request)
        session = Session(ws, aborter(request), self._settings.send_within, address)
        try:
            if busy is not None:
                await refuse(session, TOO_MANY, "too_many", str(busy), busy.retry_after)
                return ws
            self._sessions.add(session)
            if await self._entrance.greet(session):
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
        return await busy_at(self._limits, address)

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

    async def _offer_calls(self, calls: CallRoute) -> None:
        """Tell whoever was welcomed before it was known."""
        await calls.ready()
        told = [session for session in self._sessions if calls.speaks(session.language)]
        # Who is gone meanwhile comes back, and is told in the welcome.
        await asyncio.gather(*(each.send(codec.calls()) for each in told), return_exceptions=True)

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
