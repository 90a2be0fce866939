"""/desk/events: what happens, told to an agent's browser by server-sent events. One stream a browser: its
tabs share it (see desk/feed.js), and each names the conversation that it has open.

An event only says that there is something; pages fetch it from the store. So nothing is lost when the bus or
the line is away: every stream begins with a snapshot (`list`, a `seq` for each open conversation, how the
agent is known), and a browser that comes back, with its Last-Event-ID, begins a stream. What a slow browser
has not taken yet is replaced by what says the same later (`Mailbox`): memory stays flat however much happens.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass, field
from typing import Any

import orjson
from aiohttp import web
from sqlalchemy import Connection, select

from bot.bus import DESK, Bus, Notice, conversation_topic
from bot.model.numbers import whole_number
from bot.store.accounts import Session, User, find_session, get_user, touch_session
from bot.store.schema import conversations
from bot.web import access
from bot.web.sessions import SEEN_EVERY
from bot.web.site import Site, site_of

HEARTBEAT = 15.0
"""Seconds after which the line shows that it lives, the login is looked at again, and colleagues are told who
still looks. A page that hears nothing for two of them and some (desk/feed.js) takes the line for dead."""

_BEAT = b"event: beat\ndata: {}\n\n"  # an event, as scripts hear no comments; without an id, as it is no news

GONE_WITHIN = 2.0
"""Seconds until it is seen that a browser is gone, and colleagues are told that its agent looks no more."""

LISTS_EVERY = 0.5
"""Seconds between two times that a browser is told that lists changed: each time it fetches its own."""

MOST_OPEN = 20

Told = tuple[str, Notice]


@access.roles(*access.AGENTS)
async def events(request: web.Request) -> web.StreamResponse:
    """The stream. `?open=` names the conversations whose messages, typing and readers are wanted."""
    site, session = site_of(request), await access.session_required(request)
    opened = tuple(dict.fromkeys(request.query.getall("open", [])))[:MOST_OPEN]
    response = web.StreamResponse(
        headers={"Content-Type": "text/event-stream", "Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    )
    number = whole_number(request.headers.get("Last-Event-ID"), digits=14) or 0
    look = Look(site.bus, session.user, opened)
    try:
        await response.prepare(request)
        async with AsyncExitStack() as stack:
            mailbox = await _listen(site, look, stack)
            await response.write(b"retry: 2000\n\n")
            for name, data in await _snapshot(site, session.user, opened):
                number += 1
                await response.write(_frame(number, name, data))
            await look.tell(hello=True)
            loop = asyncio.get_running_loop()
            beat = loop.time() + HEARTBEAT
            while True:
                try:
                    async with asyncio.timeout_at(min(beat, loop.time() + GONE_WITHIN)):
                        event = await mailbox.take()
                except TimeoutError:
                    if request.transport is None:
                        break  # the browser went away
                    if loop.time() < beat:
                        continue
                    if not await _still_in(site, session):
                        break
                    await response.write(_BEAT)
                    await look.tell()
                    beat += HEARTBEAT
                    continue
                if event is None:
                    break  # the bus closed: the server goes down
                number += 1
                await response.write(_frame(number, *event))
    except ConnectionError:
        pass  # the browser went away
    finally:
        await look.tell(left=True)
    return response


_LIST = ("list", None, None, None)


@dataclass
class Mailbox:
    """What a browser has still to be told, each thing once: what comes later takes the place of the same."""

    _told: dict[tuple[Any, ...], Told] = field(default_factory=dict[tuple[Any, ...], Told])
    _news: asyncio.Event = field(default_factory=asyncio.Event)
    _ended: bool = False
    _list_at: float = 0.0

    def put(self, event: Told) -> None:
        """One more, or the same anew."""
        name, data = event
        self._told[name, data.get("id"), data.get("by"), data.get("via")] = event
        self._news.set()

    def end(self) -> None:
        """After what is there, no more."""
        self._ended = True
        self._news.set()

    async def take(self) -> Told | None:
        """The oldest, that lists changed not too often; None at the end."""
        loop = asyncio.get_running_loop()
        while True:
            wait = max(0.0, self._list_at - loop.time())
            ready = next((key for key in self._told if key != _LIST or not wait), None)
            if ready is not None:
                if ready == _LIST:
                    self._list_at = loop.time() + LISTS_EVERY
                return self._told.pop(ready)
            if self._ended:
                return None
            self._news.clear()
            with suppress(TimeoutError):
                async with asyncio.timeout(wait if _LIST in self._told else None):
                    await self._news.wait()


@dataclass
class Look:
    """An agent's look at some conversations, told to who looks at them too. `via` tells one stream of a
    person from another, so that closing one does not end the other's."""

    bus: Bus
    user: User
    opened: tuple[str, ...]
    via: str = field(default_factory=lambda: secrets.token_hex(4))

    async def tell(self, *, hello: bool = False, left: bool = False) -> None:
        """That they look, or that they do not any more. A `hello` is answered by the others."""
        for conversation_id in self.opened:
            await self._tell(conversation_id, hello=hello, left=left)

    async def answer(self, notice: Notice, conversation_id: str) -> None:
        """To a hello of somebody else: here too."""
        if notice.get("type") == "looking" and notice.get("hello") and notice.get("via") != self.via:
            await self._tell(conversation_id)

    async def _tell(self, conversation_id: str, *, hello: bool = False, left: bool = False) -> None:
        what = {"by": self.user.id, "name": self.user.name, "via": self.via, "hello": hello, "left": left}
        await self.bus.publish(conversation_topic(conversation_id), {"type": "looking", **what})


async def _listen(site: Site, look: Look, stack: AsyncExitStack) -> Mailbox:
    """One mailbox for what happens on all topics."""
    mailbox = Mailbox()
    topics = [(DESK, "")] + [(conversation_topic(each), each) for each in look.opened]
    readers = [(await stack.enter_async_context(site.bus.subscribe(topic)), each) for topic, each in topics]
    for reader, conversation_id in readers:
        task = asyncio.create_task(_pump(reader, conversation_id, look, mailbox))
        stack.push_async_callback(_stop, task)
    return mailbox


async def _pump(reader: AsyncIterator[Notice], conversation_id: str, look: Look, mailbox: Mailbox) -> None:
    async for notice in reader:
        event = translate(notice, conversation_id, look.user.id)
        if event is not None:
            mailbox.put(event)
        await look.answer(notice, conversation_id)
    mailbox.end()


async def _stop(task: asyncio.Task[None]) -> None:
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


def translate(notice: Notice, conversation_id: str, user_id: str) -> Told | None:
    """What a browser of this user is told of a notice on the bus."""
    kind = notice.get("type")
    if not conversation_id:
        if kind == "availability" and notice.get("by") == user_id:
            return kind, {"availability": notice.get("availability", "")}
        return ("list", {}) if kind == "list" else None
    if kind == "seq":
        return "seq", {"id": conversation_id, "seq": notice.get("seq", 0)}
    if kind == "fitting":
        return kind, {"id": conversation_id, "articles": notice.get("articles", ())}
    if kind in ("erased", "receipt", "line"):
        return kind, {"id": conversation_id}
    if kind == "read":
        return ("list", {}) if notice.get("by") == user_id else None
    who: Mapping[str, Any] = {
        "id": conversation_id,
        "by": notice.get("by", ""),
        "name": notice.get("name", ""),
    }
    if kind == "typing" and notice.get("author") in ("customer", "agent"):
        return "typing", {**who, "author": notice["author"]}
    if kind == "writing":
        return "typing", {**who, "author": "agent"}
    if kind == "looking" and notice.get("by") != user_id:
        return "looking", {**who, "via": notice.get("via", ""), "left": bool(notice.get("left"))}
    return None


async def _snapshot(site: Site, user: User, opened: tuple[str, ...]) -> list[Told]:
    def read(connection: Connection) -> list[Told]:
        c = conversations.c
        rows = connection.execute(select(c.id, c.seq).where(c.id.in_(opened))) if opened else []
        now = get_user(connection, user.id) or user
        seqs: list[Told] = [("seq", {"id": id_, "seq": seq}) for id_, seq in rows]
        return [*seqs, ("availability", {"availability": now.availability})]

    return [("list", {}), *await site.database.read(read)]


async def _still_in(site: Site, session: Session) -> bool:
    """Whether the login lasts. A stream that is read is a sign of life of who reads it."""
    now = site.clock()
    found = await site.database.read(lambda c: find_session(c, session.token_hash, now=now))
    if found is None or found.user.role not in access.AGENTS:
        return False
    if now - found.seen_at > SEEN_EVERY:
        await site.database.write(lambda c: touch_session(c, session.token_hash, now=now))
    return True


def _frame(number: int, name: str, data: Notice) -> bytes:
    return b"id: %d\nevent: %s\ndata: %s\n\n" % (number, name.encode(), orjson.dumps(dict(data)))
