"""How far a customer has it: what the widget tells of what arrived and was seen."""

from __future__ import annotations

from typing import Any

import pytest
from aiohttp import ClientWebSocketResponse

from bot.bus import conversation_topic
from channels.web.identity import sender_of_token
from channels.web.settings import WebSettings
from tests.fixtures_web import Record
from tests.socket_client import (
    TOKEN,
    Serve,
    record,
    serve,
    until,
)

__all__ = ["record", "serve"]


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


async def test_that_a_conversation_was_left_is_told_once(serve: Serve, record: Record) -> None:
    sender = sender_of_token(TOKEN)
    await record.add(sender, "agent", {"name": "Els"}, "Ik kijk even")
    async with serve() as client, record.bus.subscribe(conversation_topic(sender)) as heard:
        socket, _ = await client.hello(token=TOKEN)
        for _ in range(2):
            await socket.send_json({"type": "left"})
        await socket.send_json({"type": "ping"})
        await until(socket, "pong")
        assert record.was_left == {sender}
        assert (await anext(heard))["type"] == "seq"
        await record.bus.publish(conversation_topic(sender), {"type": "last"})
        assert (await anext(heard))["type"] == "last", "only once"
