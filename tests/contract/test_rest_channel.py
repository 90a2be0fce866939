"""What only the REST channel does: Rasa's paths, streaming, who may, and how long it waits."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from bot.bus.local import LocalBus
from bot.model.conversation import Owner
from bot.model.errors import NotAuthenticated
from bot.model.messages import Accepted, InboundMessage
from bot.web.site import SiteSettings
from channels.rest.channel import RestChannel, RestSettings
from channels.rest.codec import MAX_BODY
from tests.fixtures_web import Item, Record, bare, limits_of, taken

WEBHOOK = "/webhooks/rest/webhook"
BODY = {"sender": "klant", "message": "Dag"}
OPEN = RestSettings(open=True)
Serve = Callable[..., AbstractAsyncContextManager[TestClient[web.Request, web.Application]]]


@pytest.fixture
def record() -> Record:
    return Record(LocalBus(), answer=lambda _: [("bot", {}, "één"), ("bot", {}, "twee")])


@pytest.fixture
def serve(record: Record) -> Serve:
    async def answered(accepted: Accepted, _: float) -> list[Item]:
        return list(await record.after(accepted.conversation_id, accepted.seq))

    @asynccontextmanager
    async def served(settings: RestSettings = OPEN, **replaced: Any) -> AsyncIterator[Any]:
        limits = limits_of(record, conversations_per_minute=2)
        given = {"ingest": record, "answered": answered, "limits": limits, "settings": settings, **replaced}
        app = bare(SiteSettings(trusted_proxies=("127.0.0.1",)))
        app.add_routes(RestChannel(**given).routes())
        async with TestClient(TestServer(app)) as client:
            yield client

    return served


@pytest.mark.parametrize("path", ["/webhooks/rest/", "/webhooks/rest"])
async def test_health_is_rasa_s(serve: Serve, path: str) -> None:
    async with serve() as client, client.get(path) as response:
        assert (response.status, await response.json()) == (200, {"status": "ok"})


async def test_a_turn_is_answered_as_a_list(serve: Serve) -> None:
    async with serve() as client, client.post(WEBHOOK, json=BODY) as response:
        assert await response.json() == [
            {"recipient_id": "klant", "text": "één"},
            {"recipient_id": "klant", "text": "twee"},
        ]


async def test_or_as_a_stream_of_lines(serve: Serve) -> None:
    async with serve() as client, client.post(WEBHOOK + "?stream=true", json=BODY) as response:
        assert response.content_type == "text/event-stream"
        lines = (await response.text()).splitlines()
    assert lines == ['{"recipient_id":"klant","text":"één"}', '{"recipient_id":"klant","text":"twee"}']


async def test_what_a_person_said_comes_back_too(serve: Serve) -> None:
    async def answered(accepted: Accepted, _: float) -> list[Item]:
        said = {"author": "agent", "name": "Jan"}
        return [Item(accepted.seq - 1, "agent", 0.0, said, {"text": "Ik kijk het na."})]

    class Handed:
        async def receive(self, _: InboundMessage) -> Accepted:
            return taken("c", 7, owner=Owner.AGENT)

    handed = serve(ingest=Handed(), answered=answered)
    async with handed as client, client.post(WEBHOOK, json=BODY) as response:
        assert await response.json() == [{"recipient_id": "klant", "text": "Ik kijk het na."}]


async def test_a_turn_that_takes_too_long_says_that_it_was_taken_in(serve: Serve, record: Record) -> None:
    async def never(*_: Any) -> list[Item]:
        raise TimeoutError

    async with serve(answered=never) as client, client.post(WEBHOOK, json=BODY) as response:
        assert response.status == 503
        assert "taken in" in (await response.json())["error"]["message"]
    assert len(record.received) == 1


async def test_it_is_closed_unless_it_is_opened(serve: Serve, record: Record) -> None:
    async with serve(RestSettings()) as client, client.post(WEBHOOK, json=BODY) as response:
        assert response.status == 403
    assert record.received == []


@pytest.mark.parametrize(
    "headers", [{"Origin": "http://evil.example"}, {"Origin": "null"}, {"Sec-Fetch-Site": "cross-site"}]
)
async def test_open_is_not_for_pages_of_other_sites(
    serve: Serve, record: Record, headers: dict[str, str]
) -> None:
    async with serve() as client:
        body = b'{"sender": "klant", "message": "Dag"}'
        told = {"Content-Type": "text/plain", **headers}
        async with client.post(WEBHOOK, data=body, headers=told) as response:
            assert response.status == 403
        assert record.received == []
        ours = {"Origin": f"http://{client.host}:{client.port}", "Sec-Fetch-Site": "same-origin"}
        async with client.post(WEBHOOK, json=BODY, headers=ours) as response:
            assert response.status == 200


async def test_a_body_that_is_not_compressed_as_it_says(serve: Serve, record: Record) -> None:
    async with serve() as client:
        told = {"Content-Encoding": "gzip", "Content-Type": "application/json"}
        async with client.post(WEBHOOK, data=b"no", headers=told) as response:
            assert response.status == 400
    assert record.received == []


async def test_a_token_opens_it(serve: Serve) -> None:
    async def authorize(request: web.Request) -> None:
        if request.headers.get("Authorization") != "Bearer right":
            raise NotAuthenticated("send a token")

    async with serve(RestSettings(), authorize=authorize) as client:
        async with client.post(WEBHOOK, json=BODY) as response:
            assert response.status == 401
        async with client.post(WEBHOOK, json=BODY, headers={"Authorization": "Bearer right"}) as response:
            assert response.status == 200


async def test_strangers_open_so_many_conversations_from_one_address(serve: Serve) -> None:
    async def new(sender: int, **headers: str) -> tuple[int, dict[str, str]]:
        body = {"sender": f"klant {sender}", "message": "Dag"}
        async with client.post(WEBHOOK, json=body, headers=headers) as response:
            return response.status, dict(response.headers)

    async with serve() as client:
        office = {"X-Forwarded-For": "198.51.100.7"}
        assert [(await new(n, **office))[0] for n in range(3)] == [200, 200, 429]
        assert 0 < int((await new(3, **office))[1]["Retry-After"]) <= 60
        assert (await new(0, **office))[0] == 200  # a conversation that is there goes on
        assert (await new(4, **{"X-Forwarded-For": "203.0.113.9"}))[0] == 200
        assert {(await new(10 + n))[0] for n in range(5)} == {200}  # this machine's own programs


async def test_a_program_with_a_token_speaks_for_many(serve: Serve) -> None:
    async def anybody(_: web.Request) -> None:
        """The token is right."""

    async with serve(RestSettings(), authorize=anybody) as client:
        for n in range(5):
            body = {"sender": f"klant {n}", "message": "Dag"}
            told = {"X-Forwarded-For": "198.51.100.7"}
            async with client.post(WEBHOOK, json=body, headers=told) as response:
                assert response.status == 200


async def test_a_body_without_an_end_is_cut(serve: Serve, record: Record) -> None:
    async def endless() -> AsyncIterator[bytes]:
        for _ in range(2 * MAX_BODY // 1024):
            yield b"x" * 1024

    async with serve() as client, client.post(WEBHOOK, data=endless()) as response:
        assert (response.status, (await response.json())["error"]["code"]) == (413, "too_large")
    assert record.received == []
