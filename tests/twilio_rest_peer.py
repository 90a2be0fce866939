"""A little server that plays Twilio's REST, for tests of what goes out: it keeps what it was asked, and
answers as it is told."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

from aiohttp import encode_basic_auth, web
from aiohttp.test_utils import TestServer

ACCOUNT, SECRET = "AC" + "1" * 32, "a-secret-of-the-account"
KINDS = {"Calls": "CA", "Messages": "SM"}


@dataclass
class Peer:
    """`answer` is what comes: `created`, a status with Twilio's code, `garbage`, `nameless`, `cut` or `slow`.
    `asked` are the requests that came, with their fields."""

    base: str = ""
    answer: str | tuple[int, int, str] = "created"
    asked: list[tuple[str, dict[str, list[str]]]] = field(default_factory=list)
    came: asyncio.Event = field(default_factory=asyncio.Event)
    released: asyncio.Event = field(default_factory=asyncio.Event)

    @staticmethod
    def sid(what: str, number: int) -> str:
        """What the request with that number is called, counted from 1."""
        return f"{KINDS[what]}{number:032d}"

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """One request."""
        what, form = request.match_info["what"], await request.post()
        assert request.headers["Authorization"] == encode_basic_auth(ACCOUNT, SECRET)
        self.asked.append((what, {name: [str(each) for each in form.getall(name)] for name in form}))
        self.came.set()
        match self.answer:
            case "created":
                return web.json_response(
                    {"sid": self.sid(what, len(self.asked)), "status": "queued"}, status=201
                )
            case "nameless":
                return web.json_response({"status": "queued"}, status=201)
            case "garbage":
                return web.Response(body=b"<html>\xff no JSON", status=201)
            case "slow":
                await self.released.wait()
            case (status, code, message):
                body: dict[str, Any] = {"code": code, "message": message, "status": status}
                return web.json_response(body, status=status)
            case _:
                pass
        with suppress(AttributeError):
            request.transport.close()  # type: ignore[union-attr]
        return web.Response()


@asynccontextmanager
async def twilio_peer() -> AsyncIterator[Peer]:
    """The peer, listening."""
    peer, app = Peer(), web.Application()
    app.router.add_post("/2010-04-01/Accounts/{account}/{what}.json", peer.handle)
    server = TestServer(app)
    await server.start_server(access_log=None)
    peer.base = str(server.make_url("/")).rstrip("/")
    yield peer
    peer.released.set()
    await server.close()
