"""A call, as an agent speaks on it: the socket of their microphone and headphones, and what a conversation's
head shows of its line. Who answers takes the conversation, where nobody has it.

Frames, up: `hello` (the first), `hold` {holds}, `bye` (hang up), and sound; down: `connected`, `over`,
`error` {code}, and sound. Sound is mu-law at 8000 samples a second, in binary frames.
"""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from contextlib import suppress
from typing import Any, cast

import orjson
from aiohttp import WSMsgType, web
from sqlalchemy import Connection

from bot.model.conversation import Owner
from bot.model.errors import BalieError, Conflict, NotAllowed, NotFound
from bot.service import deeds
from bot.service.agents import Agent
from bot.service.lines import Talk
from bot.store import views
from bot.store.accounts import User
from bot.store.calls import CallRow, on_line
from bot.store.views import ConversationView
from bot.web import access, templates
from bot.web.security import own_origins
from bot.web.site import Site, site_of
from handoff.desk.common import FOLDER

log = logging.getLogger(__name__)

HELLO_WITHIN = 10.0
DEAD_AFTER = 20.0
"""Seconds without a frame, of which there are fifty a second, after which the agent's line is gone."""
MAX_FRAME = 16 * 1024
MOST_WAITING = 50
"""Pieces of the caller's sound, a second's, that wait for a slow browser; older ones are dropped: who talks
wants to hear now."""


def read_line(connection: Connection, site: Site, conversation_id: str) -> CallRow | None:
    """The call of a conversation, where one is on."""
    return on_line(connection, (conversation_id,), now=site.clock()).get(conversation_id)


@access.roles(*access.AGENTS)
async def line(request: web.Request) -> web.StreamResponse:
    """GET /desk/c/{id}/line: the conversation's line as its head shows it."""
    site, user, id_ = site_of(request), await access.user_of(request), request.match_info["id"]

    def read(connection: Connection) -> tuple[ConversationView | None, CallRow | None]:
        return views.conversation(connection, id_), read_line(connection, site, id_)

    view, call = await site.database.read(read)
    if view is None:
        raise NotFound("there is no such conversation")
    return templates.render(request, "_line.html", folder=FOLDER, **line_values(view, call, user))


def line_values(view: ConversationView, call: CallRow | None, user: User) -> dict[str, Any]:
    """What the template of a line shows."""
    other = view.owner == Owner.AGENT and view.agent_id != user.id
    return {"line": call, "line_of": view.id, "line_free": call is not None and not other}


class _Browser:
    """An agent's browser (`bot.service.lines.Person`)."""

    def __init__(self, ws: web.WebSocketResponse, user: User) -> None:
        self.id = user.id
        self.name = user.name
        self._ws = ws
        self._sound: deque[bytes] = deque(maxlen=MOST_WAITING)
        self._news = asyncio.Event()
        self._off = False

    def hear(self, ulaw: bytes) -> None:
        """The caller's sound."""
        self._sound.append(ulaw)
        self._news.set()

    def off(self) -> None:
        """The call is over for them."""
        self._off = True
        self._news.set()

    async def send(self) -> None:
        """Bring the sound to the browser until the call is over for them."""
        with suppress(ConnectionError):
            while not self._off:
                await self._news.wait()
                self._news.clear()
                while self._sound:
                    await self._ws.send_bytes(self._sound.popleft())
            await self._ws.send_str(_frame("over"))


@access.roles(*access.AGENTS)
async def socket(request: web.Request) -> web.StreamResponse:
    """GET /desk/c/{id}/talk, a WebSocket: speak on the conversation's call."""
    ws = web.WebSocketResponse(max_msg_size=MAX_FRAME, compress=False, receive_timeout=DEAD_AFTER)
    if not ws.can_prepare(request):
        raise NotFound("this address speaks WebSocket only")
    if request.headers.get("Origin") not in own_origins(request):  # a browser says where a socket is opened
        raise NotAllowed("a call is answered from the desk's own page")
    site, user, id_ = site_of(request), await access.user_of(request), request.match_info["id"]
    await ws.prepare(request)
    try:
        async with asyncio.timeout(HELLO_WITHIN):
            await ws.receive()
    except TimeoutError:
        await ws.close()
        return ws
    person = _Browser(ws, user)
    try:
        talk = await _join(site, user, id_, person)
    except BalieError as error:
        await ws.send_str(_frame("error", code=_code(error), message=str(error)))
        await ws.close()
        return ws
    sending = asyncio.create_task(_send(ws, person))
    try:
        await ws.send_str(_frame("connected"))
        await _read(ws, talk)
    except ConnectionError:
        log.debug("an agent's line was lost")
    finally:
        talk.leave()
        await asyncio.gather(sending, return_exceptions=True)
        await ws.close()
    return ws


async def _join(site: Site, user: User, conversation_id: str, person: _Browser) -> Talk:
    if site.talks is None:
        raise NotFound("there are no calls here")
    view = await site.database.read(lambda connection: views.conversation(connection, conversation_id))
    if view is None:
        raise NotFound("there is no such conversation")
    if view.owner != Owner.AGENT:
        await site.agents.do(conversation_id, Agent(user.id, user.name), deeds.claim)
    elif view.agent_id != user.id:
        raise Conflict("a colleague has this conversation")
    return await site.talks.join(conversation_id, person)


async def _send(ws: web.WebSocketResponse, person: _Browser) -> None:
    """When nothing more is to be sent, the call is over for the agent, and reading ends, too."""
    await person.send()
    await ws.close()


async def _read(ws: web.WebSocketResponse, talk: Talk) -> None:
    """Until the agent hangs up, or their line is gone."""
    with suppress(TimeoutError):
        async for message in ws:
            if message.type is WSMsgType.BINARY:
                await talk.speak(message.data)
                continue
            if message.type is not WSMsgType.TEXT:
                break
            frame = _fields(message.data)
            if frame.get("type") == "hold":
                talk.hold(bool(frame.get("holds")))
            elif frame.get("type") == "bye":
                await talk.hang_up()
                break


def _fields(text: str) -> dict[str, Any]:
    try:
        loaded = orjson.loads(text)
    except ValueError:
        return {}
    return cast("dict[str, Any]", loaded) if isinstance(loaded, dict) else {}


def _code(error: BalieError) -> str:
    return (
        "taken" if isinstance(error, Conflict) else "gone" if isinstance(error, NotFound) else "unavailable"
    )


def _frame(kind: str, **fields: str) -> str:
    return orjson.dumps({"type": kind, **fields}).decode()
