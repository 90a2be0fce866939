"""A widget's side of the socket, for tests of it: a client, and a server with a record that they can look into."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any

import pytest
from aiohttp import ClientSession, ClientWebSocketResponse, WSMsgType
from aiohttp.test_utils import TestServer

from bot.bus.local import LocalBus
from bot.web.site import SiteSettings
from channels.web.channel import PATH, Ahead
from channels.web.settings import WebSettings
from tests.fixtures_web import Record, application

ID = "0123456789abcdef"
TOKEN = "t" * 43
PROXIED = SiteSettings(trusted_proxies=("127.0.0.1",))
OFFICE, HOME = "198.51.100.7", "203.0.113.9"
Serve = Callable[..., AbstractAsyncContextManager["Client"]]


class Client:
    """A widget's side of the line."""

    def __init__(self, server: TestServer, session: ClientSession, channel: Any) -> None:
        self.server, self.session, self.channel = server, session, channel

    async def open(self, *, origin: str | None = None, address: str | None = None) -> ClientWebSocketResponse:
        headers = {"X-Forwarded-For": address} if address else {}
        return await self.session.ws_connect(self.server.make_url(PATH), origin=origin, headers=headers)

    async def hello(
        self, *, address: str | None = None, **fields: Any
    ) -> tuple[ClientWebSocketResponse, dict[str, Any]]:
        socket = await self.open(address=address)
        await socket.send_json({"type": "hello", **fields})
        return socket, await frame(socket)


async def frame(socket: ClientWebSocketResponse) -> dict[str, Any]:
    return await socket.receive_json(timeout=5)


async def until(socket: ClientWebSocketResponse, type_: str) -> dict[str, Any]:
    while (found := await frame(socket))["type"] != type_:
        pass
    return found


async def closed(socket: ClientWebSocketResponse) -> int | None:
    message = await socket.receive(timeout=5)
    assert message.type in (WSMsgType.CLOSE, WSMsgType.CLOSED, WSMsgType.CLOSING), message
    return socket.close_code


async def say(socket: ClientWebSocketResponse, text: str, id: str = ID) -> None:
    await socket.send_json({"type": "message", "client_id": id, "text": text})


@pytest.fixture
def record() -> Record:
    return Record(LocalBus())


@pytest.fixture
def serve(record: Record) -> Serve:
    @asynccontextmanager
    async def served(
        settings: WebSettings | None = None, ahead: Ahead | None = None, **limits: int
    ) -> AsyncIterator[Client]:
        app, channel = application(record, settings, PROXIED, ahead, **limits)
        async with TestServer(app) as server, ClientSession() as session:
            yield Client(server, session, channel)

    return served
