"""/desk/events: what happens, told to an agent's browser by server-sent events. One stream a browser: its
tabs share it (see desk/feed.js), and each names the conversation that it has open.

An event only says that there is something; pages fetch it from the store. So nothing is lost when the bus or
the line is away: every stream begins with a snapshot (`list`, and a `seq` for each open conversation), and a
browser that comes back, with its Last-Event-ID, begins a stream.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack
from typing import Any

import orjson
from aiohttp import web
from sqlalchemy import Connection, select

from bot.bus import DESK, Notice, conversation_topic
from bot.store.accounts import find_session
from bot.store.schema import conversations
from bot.web import access
from bot.web.site import Site, site_of

HEARTBEAT = 20.0
"""Seconds after which a quiet line shows that it lives, and the login is looked at again."""

MOST_OPEN = 20
BACKLOG = 200

Told = tuple[str, Notice]


@access.roles(*access.AGENTS)
async def events(request: web.Request) -> web.StreamResponse:
    """The stream. `?open=` names the conversations whose messages and typing are wanted."""
    site = site_of(request)
    session = await access.session_required(request)
    opened = tuple(dict.fromkeys(request.query.getall("open", [])))[:MOST_OPEN]
    response = web.StreamResponse(
        headers={"Content-Type": "text/event-stream", "Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    )
    number = _number(request.headers.get("Last-Event-ID"))
    try:
        await response.prepare(request)
        async with AsyncExitStack() as stack:
            told = await _listen(site, opened, stack)
            await response.write(b"retry: 2000\n\n")
            for name, data in await _snapshot(site, opened):
                number += 1
                await response.write(_frame(number, name, data))
            while True:
                try:
                    async with asyncio.timeout(HEARTBEAT):
                        event = await told.get()
                except TimeoutError:
                    if not await _still_in(site, session.token_hash):
                        break
                    await response.write(b": here\n\n")
                    continue
                if event is None:
                    break  # the bus closed: the server goes down
                number += 1
                await response.write(_frame(number, *event))
    except ConnectionError:
        pass  # the browser went away
    return response


async def _listen(site: Site, opened: tuple[str, ...], stack: AsyncExitStack) -> asyncio.Queue[Told | None]:
    """One queue of what happens on all topics; None when the bus ends."""
    told: asyncio.Queue[Told | None] = asyncio.Queue(BACKLOG)
    topics = [(DESK, "")] + [(conversation_topic(each), each) for each in opened]
    readers = [(await stack.enter_async_context(site.bus.subscribe(topic)), each) for topic, each in topics]
    for reader, conversation_id in readers:
        task = asyncio.create_task(_pump(reader, conversation_id, told))
        stack.push_async_callback(_stop, task)
    return told


async def _pump(
    reader: AsyncIterator[Notice], conversation_id: str, told: asyncio.Queue[Told | None]
) -> None:
    async for notice in reader:
        event = translate(notice, conversation_id)
        if event is not None:
            await told.put(event)
    await told.put(None)


async def _stop(task: asyncio.Task[None]) -> None:
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


def translate(notice: Notice, conversation_id: str) -> Told | None:
    """What a browser is told of a notice on the bus."""
    kind = notice.get("type")
    if not conversation_id:
        return ("list", {}) if kind == "list" else None
    if kind == "seq":
        return "seq", {"id": conversation_id, "seq": notice.get("seq", 0)}
    if kind == "typing" and notice.get("author") in ("customer", "agent"):
        who: Mapping[str, Any] = {"author": notice["author"], "name": notice.get("name", "")}
        return "typing", {"id": conversation_id, "by": notice.get("by", ""), **who}
    return None


async def _snapshot(site: Site, opened: tuple[str, ...]) -> list[Told]:
    def read(connection: Connection) -> list[Told]:
        c = conversations.c
        rows = connection.execute(select(c.id, c.seq).where(c.id.in_(opened))) if opened else []
        return [("seq", {"id": id_, "seq": seq}) for id_, seq in rows]

    return [("list", {}), *await site.database.read(read)]


async def _still_in(site: Site, token_hash: str) -> bool:
    now = site.clock()
    session = await site.database.read(lambda connection: find_session(connection, token_hash, now=now))
    return session is not None and session.user.role in access.AGENTS


def _number(last: str | None) -> int:
    return int(last) if last and last.isascii() and last.isdigit() and len(last) < 15 else 0


def _frame(number: int, name: str, data: Notice) -> bytes:
    return b"id: %d\nevent: %s\ndata: %s\n\n" % (number, name.encode(), orjson.dumps(dict(data)))
