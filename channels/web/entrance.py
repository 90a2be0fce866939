"""The door of the web chat's socket: which pages may open one, and the first frame, which says who it is."""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections.abc import Callable
from dataclasses import replace
from urllib.parse import urlsplit

from aiohttp import WSCloseCode, WSMsgType, web

from bot.model.errors import BadInput, Malformed, NotAllowed, TooMany
from bot.web.limits import AddressLimits
from channels.transcripts import Known, Transcripts
from channels.web import codec
from channels.web.identity import sender_of
from channels.web.session import Session
from channels.web.settings import WebSettings

log = logging.getLogger(__name__)

BAD_FRAMES = 4400
NOT_ALLOWED = 4403
NO_HELLO = 4408
TOO_MANY = 4429
TRY_LATER = WSCloseCode.TRY_AGAIN_LATER
"""Why a socket is closed."""


def may_embed(request: web.Request, settings: WebSettings) -> bool:
    """Whether the page that opens the socket may. Only browsers send an Origin, or need this."""
    origin = request.headers.get("Origin")
    if origin is None or "*" in settings.origins:
        return True
    if urlsplit(origin).netloc == request.host and origin.startswith(("http://", "https://")):
        return True
    allowed = (*settings.origins, settings.public_url or "")
    return origin.lower() in {_origin(each) for each in allowed if each}


def _origin(url: str) -> str:
    """`https://host:port` of a URL or an origin, in lower case."""
    parts = urlsplit(url.lower())
    return f"{parts.scheme}://{parts.netloc}"


async def busy_at(limits: AddressLimits, address: str) -> TooMany | None:
    """Why this address may not open another socket now."""
    try:
        await limits.socket(address)
    except TooMany as error:
        return error
    return None


def check_handshake(request: web.Request, ws: web.WebSocketResponse, busy: TooMany | None) -> None:
    """Before a socket is opened: raises `Malformed` for a request that asks for none, and `busy`, but not to
    a page, which could not read it: that one is told in a frame."""
    if not ws.can_prepare(request):
        raise Malformed("this address speaks WebSocket only")
    if busy is not None and "Origin" not in request.headers:
        raise busy


async def read_hello(ws: web.WebSocketResponse, within: float) -> codec.Hello | None:
    """The first frame; None where nothing came in time and the socket is closed. Raises `BadInput`."""
    try:
        async with asyncio.timeout(within):
            raw = await ws.receive()
    except TimeoutError:
        await ws.close(code=NO_HELLO, message=b"no hello")
        return None
    if raw.type not in (WSMsgType.TEXT, WSMsgType.BINARY):
        return None
    hello = codec.decode(raw.data)
    if not isinstance(hello, codec.Hello):
        raise codec.BadFrame("the first frame is hello")
    return hello


class Entrance:
    """Greets who opens a socket; with `typed`, widgets are asked to tell what is being typed; `calls` says
    in which languages they may offer to call."""

    def __init__(
        self,
        transcripts: Transcripts,
        settings: WebSettings,
        *,
        typed: bool,
        calls: Callable[[str | None], bool],
    ) -> None:
        self._transcripts = transcripts
        self._settings = settings
        self._typed = typed
        self._calls = calls

    async def greet(self, session: Session) -> bool:
        """Read the first frame and answer it; False when the socket was closed instead."""
        try:
            hello = await read_hello(session.ws, self._settings.hello_within)
            if hello is None:
                return False
            token = self._identify(session, hello)
        except NotAllowed as error:
            return await refuse(session, NOT_ALLOWED, "not_allowed", str(error))
        except BadInput as error:
            return await refuse(session, BAD_FRAMES, "bad_frame", str(error))
        try:
            known = None if token else await self._transcripts.find(codec.NAME, session.sender_id)
        except Exception:
            log.exception("the web chat cannot read the record")
            return await refuse(session, TRY_LATER, "unavailable", "try again")
        await self._welcome(session, hello, known, token)
        return True

    def _identify(self, session: Session, hello: codec.Hello) -> str | None:
        """Set whose socket it is; the token, when a new one had to be made."""
        session.language = hello.language
        made = None if hello.token or hello.identity else secrets.token_urlsafe(32)
        hello = replace(hello, token=made) if made else hello
        session.sender_id = sender_of(hello, self._settings.identity_secret)
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
                typed=self._typed,
                call=self._calls(hello.language),
            )
        )


async def refuse(
    session: Session, close: int, code: str, message: str, retry_after: float | None = None
) -> bool:
    """Tell why, and close; False, for who greets."""
    await session.send(codec.error(code, message, retry_after=retry_after))
    await session.ws.close(code=close, message=code.encode())
    return False
