"""Who may open the widget's socket, and how many may."""

from __future__ import annotations

import hashlib
import hmac

import pytest
from aiohttp import WSServerHandshakeError

from channels.web.channel import PATH
from channels.web.identity import sender_of_token
from channels.web.settings import WebSettings
from tests.fixtures_web import Record
from tests.socket_client import (
    HOME,
    ID,
    OFFICE,
    TOKEN,
    Serve,
    closed,
    frame,
    record,
    say,
    serve,
    until,
)

__all__ = ["record", "serve"]


async def test_a_new_visitor_gets_a_token_that_is_nowhere_on_record(serve: Serve, record: Record) -> None:
    async with serve() as client:
        socket, welcome = await client.hello(language="fr")
        assert (welcome["resumed"], welcome["seq"]) == (False, 0)
        await say(socket, "Bonjour")
        await until(socket, "ack")
    [message] = record.received
    assert message.language == "fr"
    assert message.sender_id == sender_of_token(welcome["token"])
    assert welcome["token"] not in repr(message)
    assert len(welcome["token"]) >= 43


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "https://balie.example.evil.example"])
async def test_a_foreign_page_may_not_open_the_socket(serve: Serve, origin: str) -> None:
    async with serve(WebSettings(public_url="https://balie.example")) as client:
        with pytest.raises(WSServerHandshakeError) as refused:
            await client.open(origin=origin)
        assert refused.value.status == 403


async def test_our_own_pages_and_listed_ones_may(serve: Serve) -> None:
    settings = WebSettings(origins=("https://Intranet.example/",), public_url="https://balie.example/chat")
    async with serve(settings) as client:
        own = f"http://{client.server.host}:{client.server.port}"
        for origin in (own, "https://intranet.example", "https://balie.example", None):
            await (await client.open(origin=origin)).close()


async def test_a_signed_user_has_one_conversation_everywhere(serve: Serve, record: Record) -> None:
    signature = hmac.new(b"secret", b"jan", hashlib.sha256).hexdigest()
    identity = {"user": "jan", "hmac": signature}
    async with serve(WebSettings(identity_secret="secret")) as client:
        laptop, welcome = await client.hello(identity=identity)
        assert "token" not in welcome
        await say(laptop, "Dag")
        await until(laptop, "ack")
        phone, welcome = await client.hello(identity=identity, token=TOKEN)
        assert (await until(phone, "turn"))["text"] == "Dag"
        assert welcome["resumed"]
    assert record.received[0].identity == "jan"


@pytest.mark.parametrize("secret", ["another", None])
async def test_a_forged_identity_is_shown_the_door(serve: Serve, secret: str | None) -> None:
    signature = hmac.new(b"secret", b"jan", hashlib.sha256).hexdigest()
    async with serve(WebSettings(identity_secret=secret)) as client:
        socket, error = await client.hello(identity={"user": "jan", "hmac": signature})
        assert (error["type"], error["code"]) == ("error", "not_allowed")
        assert await closed(socket) == 4403


@pytest.mark.parametrize(
    "first", ['{"type": "ping"}', "{}", "nonsense", '{"type": "hello", "token": "short"}']
)
async def test_who_does_not_say_hello_is_shown_the_door(serve: Serve, first: str) -> None:
    async with serve() as client:
        socket = await client.open()
        await socket.send_str(first)
        assert (await frame(socket))["code"] == "bad_frame"
        assert await closed(socket) == 4400


async def test_who_says_nothing_is_shown_the_door(serve: Serve) -> None:
    async with serve(WebSettings(hello_within=0.01)) as client:
        assert await closed(await client.open()) == 4408


async def test_there_is_room_for_so_many_and_no_more(serve: Serve) -> None:
    async with serve(WebSettings(max_sockets=1)) as client:
        first, _ = await client.hello(token=TOKEN)
        with pytest.raises(WSServerHandshakeError) as refused:
            await client.open()
        assert refused.value.status == 503
        await first.close()


async def test_one_address_may_open_so_many_a_minute(serve: Serve) -> None:
    async with serve(sockets_per_minute=2) as client:
        for _ in range(2):
            await (await client.open(address=OFFICE)).close()
        with pytest.raises(WSServerHandshakeError) as refused:
            await client.open(address=OFFICE)
        assert refused.value.status == 429
        assert refused.value.headers is not None
        assert 0 < int(refused.value.headers["Retry-After"]) <= 60
        _, welcome = await client.hello(address=HOME)
        assert welcome["type"] == "welcome"


async def test_a_page_is_told_in_a_frame_when_to_come_back(serve: Serve) -> None:
    async with serve(sockets_per_minute=1) as client:
        own = f"http://{client.server.host}:{client.server.port}"
        first = await client.open(origin=own)
        socket = await client.open(origin=own)
        error = await frame(socket)
        assert (error["type"], error["code"]) == ("error", "too_many")
        assert 0 < error["retry_after"] <= 60
        assert await closed(socket) == 4429
        assert not first.closed
        assert client.channel.sockets == 1


async def test_one_address_has_so_many_at_once(serve: Serve) -> None:
    async with serve(WebSettings(sockets_at_once=1)) as client:
        office, _ = await client.hello(address=OFFICE)
        with pytest.raises(WSServerHandshakeError) as refused:
            await client.open(address=OFFICE)
        assert refused.value.status == 429
        home, _ = await client.hello(address=HOME)
        assert not office.closed
        assert not home.closed


async def test_one_address_opens_so_many_conversations_and_goes_on_with_those(
    serve: Serve, record: Record
) -> None:
    async with serve(conversations_per_minute=1) as client:
        first, _ = await client.hello(address=OFFICE)
        await say(first, "Dag")
        await until(first, "ack")
        second, _ = await client.hello(address=OFFICE)
        await say(second, "Ook dag")
        error = await frame(second)
        assert (error["code"], error["client_id"]) == ("too_many", ID)
        assert 0 < error["retry_after"] <= 60
        await say(first, "nog iets", "f" * 16)
        await until(first, "ack")
        home, _ = await client.hello(address=HOME)
        await say(home, "van thuis")
        await until(home, "ack")
    assert [message.text for message in record.received] == ["Dag", "nog iets", "van thuis"]


async def test_an_ordinary_request_is_told_what_lives_here(serve: Serve) -> None:
    async with serve() as client, client.session.get(client.server.make_url(PATH)) as response:
        assert response.status == 400
        assert "WebSocket" in (await response.json())["error"]["message"]
