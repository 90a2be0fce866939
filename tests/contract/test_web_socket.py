"""What only the widget's socket does: who may open it, how it resumes, what it says of others."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any

import pytest
from aiohttp import ClientSession, ClientWebSocketResponse, WSMsgType, WSServerHandshakeError
from aiohttp.test_utils import TestServer

from bot.bus import conversation_topic
from bot.bus.local import LocalBus
from bot.web.site import SiteSettings
from channels.web.channel import PATH, WebSettings
from channels.web.codec import sender_of_token
from channels.web.session import Session
from tests.fixtures_web import Record, application, taken

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
    async def served(settings: WebSettings | None = None, **limits: int) -> AsyncIterator[Client]:
        app, channel = application(record, settings, PROXIED, **limits)
        async with TestServer(app) as server, ClientSession() as session:
            yield Client(server, session, channel)

    return served


# --- who ------------------------------------------------------------------------------------------


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


# --- resuming -------------------------------------------------------------------------------------


async def test_a_reconnect_gets_what_it_missed_and_only_that(serve: Serve, record: Record) -> None:
    sender = sender_of_token(TOKEN)
    for n in range(5):
        await record.add(sender, "bot", {}, f"nummer {n + 1}")
    async with serve() as client:
        socket, welcome = await client.hello(token=TOKEN, last_seq=3)
        assert (welcome["seq"], welcome["resumed"]) == (5, True)
        assert [(await frame(socket))["text"] for _ in range(2)] == ["nummer 4", "nummer 5"]


async def test_a_number_that_does_not_exist_starts_from_the_beginning(serve: Serve, record: Record) -> None:
    await record.add(sender_of_token(TOKEN), "bot", {}, "één")
    async with serve() as client:
        socket, welcome = await client.hello(token=TOKEN, last_seq=40)
        assert welcome["seq"] == 1
        assert (await frame(socket))["text"] == "één"


async def test_what_was_sent_before_the_line_broke_is_not_doubled(serve: Serve, record: Record) -> None:
    async with serve() as client:
        socket, _ = await client.hello(token=TOKEN)
        await say(socket, "Dag")
        await record.changed.wait()
        await socket.close()  # before the ack was read
        socket, _ = await client.hello(token=TOKEN)
        await say(socket, "Dag")
        assert (await until(socket, "ack"))["seq"] == 1
    assert len(record.received) == 1


async def test_two_tabs_see_the_same_conversation(serve: Serve) -> None:
    async with serve() as client:
        one, _ = await client.hello(token=TOKEN)
        await say(one, "Dag")
        await until(one, "turn")
        other, _ = await client.hello(token=TOKEN)
        assert (await until(other, "turn"))["text"] == "Dag"
        await say(one, "en nog iets", "f" * 16)
        assert (await until(other, "turn"))["text"] == "en nog iets"


async def test_a_lost_event_costs_only_time(serve: Serve, record: Record, monkeypatch: Any) -> None:
    async def deaf(*_: Any) -> None:
        """A bus that carries nothing."""

    async with serve(WebSettings(look_every=0.02)) as client:
        socket, _ = await client.hello(token=TOKEN)
        await say(socket, "Dag")
        await until(socket, "turn")
        monkeypatch.setattr(record.bus, "publish", deaf)
        await record.add(sender_of_token(TOKEN), "agent", {"name": "Jan"}, "Hier ben ik")
        assert (await until(socket, "turn"))["text"] == "Hier ben ik"


async def test_the_server_says_that_it_goes(serve: Serve) -> None:
    async with serve() as client:
        socket, _ = await client.hello(token=TOKEN)
        stopping = asyncio.create_task(client.channel.stop())
        assert await closed(socket) == 1012
        await stopping
        assert client.channel.sockets == 0
        with pytest.raises(WSServerHandshakeError):
            await client.open()


# --- beside messages --------------------------------------------------------------------------------


async def test_an_agent_s_typing_shows_and_the_customer_s_own_does_not(serve: Serve, record: Record) -> None:
    topic = conversation_topic(sender_of_token(TOKEN))
    async with serve() as client, record.bus.subscribe(topic) as heard:
        socket, _ = await client.hello(token=TOKEN)
        await say(socket, "Dag")
        await until(socket, "turn")
        await socket.send_json({"type": "typing"})
        async for event in heard:
            if event["type"] == "typing":
                assert event["author"] == "customer"
                break
        await record.bus.publish(topic, {"type": "typing", "author": "agent", "name": "Jan"})
        assert await frame(socket) == {"type": "typing", "author": "agent", "name": "Jan"}


async def test_who_is_erased_while_the_widget_is_open_begins_anew(serve: Serve, record: Record) -> None:
    topic = conversation_topic(sender_of_token(TOKEN))
    async with serve() as client:
        socket, _ = await client.hello(token=TOKEN)
        await say(socket, "Dag")
        await until(socket, "turn")
        record.items.clear()
        await record.bus.publish(topic, {"type": "erased"})
        await closed(socket)
        again, welcome = await client.hello(token=TOKEN, last_seq=1)
        assert (welcome["seq"], welcome["resumed"]) == (0, False)
        await say(again, "Opnieuw", "another-" + ID)
        assert (await until(again, "turn"))["text"] == "Opnieuw"


async def test_who_is_erased_from_elsewhere_is_shown_the_new_conversation(
    serve: Serve, record: Record, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with serve() as client:
        socket, _ = await client.hello(token=TOKEN)
        await say(socket, "Dag")
        await until(socket, "turn")

        async def anew(_: object) -> object:
            return taken("another conversation", 1)

        monkeypatch.setattr(record, "receive", anew)
        await say(socket, "Opnieuw", "another-" + ID)
        await until(socket, "ack")
        await closed(socket)


async def test_a_ping_is_answered(serve: Serve) -> None:
    async with serve() as client:
        socket, _ = await client.hello(token=TOKEN)
        await socket.send_json({"type": "ping"})
        assert await frame(socket) == {"type": "pong"}


async def test_a_second_hello_is_refused_and_changes_nothing(serve: Serve, record: Record) -> None:
    async with serve() as client:
        socket, _ = await client.hello(token=TOKEN)
        await socket.send_json({"type": "hello", "token": "o" * 43})
        assert (await frame(socket))["code"] == "bad_frame"
        await say(socket, "Dag")
        await until(socket, "ack")
    assert record.received[0].sender_id == sender_of_token(TOKEN)


async def test_who_keeps_sending_garbage_is_cut_off(serve: Serve) -> None:
    async with serve(WebSettings(max_bad_frames=3)) as client:
        socket, _ = await client.hello(token=TOKEN)
        for _ in range(3):
            await socket.send_str("garbage")
        for _ in range(3):
            assert (await frame(socket))["type"] == "error"
        assert await closed(socket) == 4400


async def test_a_frame_beyond_the_cap_closes_only_this_socket(serve: Serve) -> None:
    async with serve() as client:
        socket, _ = await client.hello(token=TOKEN)
        other, _ = await client.hello(token="o" * 43)
        await socket.send_str("x" * 200_000)
        assert await closed(socket) == 1009
        await other.send_json({"type": "ping"})
        assert (await frame(other))["type"] == "pong"


async def test_a_record_that_cannot_be_read_is_no_crash(
    serve: Serve, record: Record, monkeypatch: Any
) -> None:
    async def broken(*_: Any) -> None:
        raise OSError("disk")

    async with serve() as client:
        monkeypatch.setattr(record, "find", broken)
        socket, error = await client.hello(token=TOKEN)
        assert error["code"] == "unavailable"
        assert await closed(socket) == 1013


async def test_a_client_that_does_not_read_is_cut_off() -> None:
    class Stuck:
        async def send_str(self, _: str) -> None:
            await asyncio.Event().wait()

    cut: list[bool] = []
    session = Session(Stuck(), lambda: cut.append(True), send_within=0.0)  # type: ignore[arg-type]
    with pytest.raises(ConnectionResetError):
        await session.send("{}")
    assert cut == [True]


# --- how far the customer has it ------------------------------------------------------------------


async def receipt(socket: ClientWebSocketResponse, got: int, seen: int) -> None:
    """Tells it, and waits until the frame was read."""
    await socket.send_json({"type": "receipt", "got": got, "seen": seen})
    await socket.send_json({"type": "ping"})
    await until(socket, "pong")


async def test_what_arrived_and_was_seen_is_kept_and_told_once(serve: Serve, record: Record) -> None:
    sender = sender_of_token(TOKEN)
    for n in range(3):
        await record.add(sender, "bot", {}, str(n))
    async with serve() as client, record.bus.subscribe(conversation_topic(sender)) as heard:
        socket, welcome = await client.hello(token=TOKEN)
        assert welcome["receipts"] is True
        for _ in range(3):
            await until(socket, "turn")
        for got, seen, kept in ((2, 0, (2, 0)), (3, 1, (3, 1)), (1, 1, (3, 1)), (3, 3, (3, 3))):
            await receipt(socket, got, seen)
            assert record.receipts[sender] == kept
        await record.bus.publish(conversation_topic(sender), {"type": "end"})
        told = [(await anext(heard))["type"] for _ in range(4)]
        assert told == ["receipt", "receipt", "receipt", "end"]


async def test_nobody_has_more_than_was_sent(serve: Serve, record: Record) -> None:
    sender = sender_of_token(TOKEN)
    await record.add(sender, "bot", {}, "een")
    async with serve() as client:
        fresh, _ = await client.hello()
        await receipt(fresh, 5, 5)
        assert not record.receipts
        socket, _ = await client.hello(token=TOKEN)
        await until(socket, "turn")
        await receipt(socket, 2**40, 2**40)
        assert record.receipts == {sender: (1, 1)}


async def test_a_page_that_comes_back_says_it_again_and_nothing_is_written(
    serve: Serve, record: Record
) -> None:
    sender = sender_of_token(TOKEN)
    await record.add(sender, "bot", {}, "een")
    record.receipts[sender] = (1, 1)
    async with serve() as client:
        socket, _ = await client.hello(token=TOKEN)
        await until(socket, "turn")
        record.changed.clear()
        await receipt(socket, 1, 1)
        assert not record.changed.is_set()


async def test_receipts_can_be_switched_off(serve: Serve, record: Record) -> None:
    await record.add(sender_of_token(TOKEN), "bot", {}, "een")
    async with serve(WebSettings(receipts=False)) as client:
        socket, welcome = await client.hello(token=TOKEN)
        assert welcome["receipts"] is False
        await until(socket, "turn")
        await receipt(socket, 1, 1)
        assert not record.receipts
        record.receipts["who came before"] = (1, 1)
        await client.channel.start()
    assert not record.receipts


async def test_a_record_that_fails_does_not_end_the_chat(
    serve: Serve, record: Record, monkeypatch: pytest.MonkeyPatch
) -> None:
    await record.add(sender_of_token(TOKEN), "bot", {}, "een")
    keep = record.acknowledge

    async def fail(*_: Any) -> bool:
        raise OSError("the disk is full")

    async with serve() as client:
        socket, _ = await client.hello(token=TOKEN)
        await until(socket, "turn")
        monkeypatch.setattr(record, "acknowledge", fail)
        await receipt(socket, 1, 1)
        monkeypatch.setattr(record, "acknowledge", keep)
        await receipt(socket, 1, 1)
    assert record.receipts == {sender_of_token(TOKEN): (1, 1)}
