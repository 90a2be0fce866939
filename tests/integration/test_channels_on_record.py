"""The channels over the real way in and the real record, on both databases."""

from __future__ import annotations

from typing import Any

from aiohttp import ClientSession, ClientWebSocketResponse, web
from aiohttp.test_utils import TestServer

from bot.bus import conversation_topic
from bot.bus.local import LocalBus
from bot.model.events import Event
from bot.service.ingest import Ingest, IngestSettings
from bot.service.pictures import Pictures
from bot.store import queue
from bot.store.database import Database
from bot.store.views import find_conversation, timeline
from bot.web.limits import AddressLimits
from channels.rest.channel import RestChannel, RestSettings
from channels.transcripts import StoredTranscripts
from channels.web.channel import PATH, WebChannel
from channels.web.identity import sender_of_token
from channels.web.settings import WebSettings
from tests.fixtures_web import bare
from tests.store_talk import NOW, converse, in_line

TOKEN = "t" * 43


def application(database: Database, bus: LocalBus, settings: IngestSettings | None = None) -> web.Application:
    """Both channels, with nobody behind them who answers."""

    async def nobody(*_: Any) -> list[Any]:
        return []

    ingest, transcripts = Ingest(database, bus, settings=settings), StoredTranscripts(database)
    limits = AddressLimits(bus, transcripts.find, conversations_per_minute=2)
    app = bare()
    app.add_routes(WebChannel(ingest, transcripts, bus, limits, WebSettings(), Pictures()).routes())
    app.add_routes(RestChannel(ingest, nobody, limits, RestSettings(open=True)).routes())
    return app


async def until(socket: ClientWebSocketResponse, kind: str) -> dict[str, Any]:
    while (found := await socket.receive_json(timeout=5))["type"] != kind:
        pass
    return found


async def say(socket: ClientWebSocketResponse, text: str, number: int) -> None:
    await socket.send_json({"type": "message", "client_id": f"message-{number}", "text": text})


async def test_a_conversation_over_two_connections(database: Database) -> None:
    bus = LocalBus()
    async with TestServer(application(database, bus)) as server, ClientSession() as client:
        url = server.make_url(PATH)
        async with client.ws_connect(url) as socket:
            await socket.send_json({"type": "hello", "token": TOKEN, "language": "fr"})
            assert (await until(socket, "welcome"))["resumed"] is False
            await say(socket, "Bonjour", 1)
            assert (await until(socket, "ack"))["seq"] == 1
            turn = await until(socket, "turn")
            assert (turn["author"], turn["text"], turn["client_id"]) == ("customer", "Bonjour", "message-1")
            await say(socket, "Bonjour", 1)
            assert (await until(socket, "ack"))["seq"] == 1
        conversation = await database.read(lambda c: find_conversation(c, "web", sender_of_token(TOKEN)))
        assert conversation is not None
        reply = Event("agent", {"author": "agent", "name": "Jan"}, {"text": "Dag"})
        note = Event("note", {"agent_id": "u1"}, {"text": "niet voor de klant"})
        await database.write(lambda c: queue.append(c, conversation, [note, reply], push=False, now=2.0))
        async with client.ws_connect(url) as socket:
            await socket.send_json({"type": "hello", "token": TOKEN, "last_seq": 1})
            assert (await until(socket, "welcome"))["seq"] == 3
            turn = await until(socket, "turn")
            assert (turn["seq"], turn["author"], turn["name"], turn["text"]) == (3, "agent", "Jan", "Dag")
            await database.write(lambda c: queue.append(c, conversation, [reply], push=False, now=3.0))
            await bus.publish(conversation_topic(conversation), {"type": "seq", "seq": 4})
            assert (await until(socket, "turn"))["seq"] == 4


async def test_the_token_is_nowhere_in_the_database(database: Database) -> None:
    async with (
        TestServer(application(database, LocalBus())) as server,
        ClientSession() as client,
        client.ws_connect(server.make_url(PATH)) as socket,
    ):
        await socket.send_json({"type": "hello", "token": TOKEN})
        await say(socket, "Dag", 1)
        await until(socket, "ack")
    assert await database.read(lambda c: find_conversation(c, "web", TOKEN)) is None
    assert await database.read(lambda c: find_conversation(c, "web", sender_of_token(TOKEN))) is not None


async def test_who_sends_too_much_is_slowed_on_both(database: Database) -> None:
    app = application(database, LocalBus(), IngestSettings(messages=2, seconds=60.0))
    async with TestServer(app) as server, ClientSession() as client:
        async with client.ws_connect(server.make_url(PATH)) as socket:
            await socket.send_json({"type": "hello", "token": TOKEN})
            for number in range(3):
                await say(socket, f"nummer {number}", number)
            error = await until(socket, "error")
            assert (error["code"], error["client_id"]) == ("too_many", "message-2")
            assert 0 < error["retry_after"] <= 60
        statuses: list[int] = []
        for number in range(3):
            body = {"sender": "klant", "message": f"nummer {number}"}
            async with client.post(server.make_url("/webhooks/rest/webhook"), json=body) as response:
                statuses.append(response.status)
        assert statuses == [200, 200, 429]
        assert int(response.headers["Retry-After"]) > 0


async def test_what_ingest_refuses_is_a_4xx_and_an_error_frame(database: Database) -> None:
    async with TestServer(application(database, LocalBus())) as server, ClientSession() as client:
        async with client.ws_connect(server.make_url(PATH)) as socket:
            await socket.send_json({"type": "hello", "token": TOKEN})
            await say(socket, "\x00\x01\u2028", 1)
            assert (await until(socket, "error"))["code"] == "bad_input"
        for body in ({"sender": "klant", "message": "\x00\x01"}, {"sender": "a\x00b", "message": "Dag"}):
            async with client.post(server.make_url("/webhooks/rest/webhook"), json=body) as response:
                assert response.status == 400
                assert (await response.json())["error"]["message"]


async def test_only_people_are_told_that_a_conversation_was_left(database: Database) -> None:
    bots, theirs = await converse(database, sender="a"), await in_line(database, "b", priority="P2", now=NOW)
    transcripts = StoredTranscripts(database)
    assert await transcripts.left(bots) is None
    seq = await transcripts.left(theirs)
    assert seq is not None
    [event] = await database.read(lambda connection: timeline(connection, theirs, seq - 1))
    assert event.type == "left"
    assert await transcripts.left(theirs) is None, "it is known"
    assert await transcripts.left("nothing") is None
