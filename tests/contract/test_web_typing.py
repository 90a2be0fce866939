"""What the widget tells of what is being typed."""

from __future__ import annotations

from bot.bus import conversation_topic
from channels.web.codec import MAX_TYPED
from channels.web.identity import sender_of_token
from tests.fixtures_web import Record
from tests.socket_client import TOKEN, Serve, record, serve, until

__all__ = ["record", "serve"]


async def test_what_is_typed_is_looked_up_and_not_told_on_the_bus(serve: Serve, record: Record) -> None:
    sender = sender_of_token(TOKEN)
    await record.add(sender, "bot", {}, "Dag")
    looked: list[tuple[str, str]] = []

    async def ahead(conversation_id: str, text: str) -> None:
        looked.append((conversation_id, text))

    async with serve(ahead=ahead) as client, record.bus.subscribe(conversation_topic(sender)) as heard:
        socket, welcome = await client.hello(token=TOKEN)
        assert welcome["typed"] is True
        await socket.send_json({"type": "typing", "text": "x" * MAX_TYPED + "mijn printer"})
        notice = await anext(heard)
        await socket.send_json({"type": "ping"})
        await until(socket, "pong")
    assert dict(notice) == {"type": "typing", "author": "customer"}
    [(conversation, text)] = looked
    assert conversation == sender
    assert len(text) == MAX_TYPED
    assert text.endswith("mijn printer")


async def test_nobody_looks_it_up_who_was_not_told_to(serve: Serve, record: Record) -> None:
    sender = sender_of_token(TOKEN)
    await record.add(sender, "bot", {}, "Dag")
    async with serve() as client, record.bus.subscribe(conversation_topic(sender)) as heard:
        socket, welcome = await client.hello(token=TOKEN)
        assert welcome["typed"] is False
        await socket.send_json({"type": "typing", "text": "mijn printer"})
        assert dict(await anext(heard)) == {"type": "typing", "author": "customer"}


async def test_only_a_text_is_typed(serve: Serve) -> None:
    async with serve() as client:
        socket, _ = await client.hello(token=TOKEN)
        await socket.send_json({"type": "typing", "text": 3})
        assert (await until(socket, "error"))["code"] == "bad_frame"
