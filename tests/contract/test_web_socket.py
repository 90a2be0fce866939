"""What only the widget's socket does: how it resumes, what it says of others, what it bears."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from aiohttp import WSServerHandshakeError

from bot.bus import conversation_topic
from channels.web.identity import sender_of_token
from channels.web.session import Session
from channels.web.settings import WebSettings
from tests.fixtures_web import Record, taken
from tests.socket_client import (
    ID,
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


# --- resuming -----------------------------------------------------------------------------------


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


# --- beside messages ----------------------------------------------------------------------------


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
