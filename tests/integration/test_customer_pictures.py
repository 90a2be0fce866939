"""Pictures that customers send from the widget: who may, how many, and what is kept of them. On both databases."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import json
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from typing import Any

import pytest
from aiohttp import ClientResponse, ClientSession, FormData, web
from aiohttp.test_utils import TestServer
from sqlalchemy import select

from bot.bus.local import LocalBus
from bot.service import ingest as way_in
from bot.service.ingest import Ingest, IngestSettings
from bot.service.pictures import MAX_BYTES, Pictures
from bot.store import views
from bot.store.database import Database
from bot.store.schema import blobs, contents, conversations, inbox
from bot.store.schema_files import attachments
from bot.store.views import find_conversation
from bot.web import access
from bot.web.limits import PICTURES_OF_ONE, AddressLimits
from channels.transcripts import StoredTranscripts
from channels.web.channel import PATH as SOCKET
from channels.web.channel import WebChannel
from channels.web.codec import HELLO
from channels.web.identity import sender_of_token
from channels.web.pictures import PATH
from channels.web.settings import WebSettings
from tests.counter import Counter
from tests.fixtures_web import bare
from tests.unit.test_pictures import picture, png_that_says

TOKEN, OTHER = "t" * 43, "u" * 43
SECRET = "identity-secret"
PARTNER = "https://intranet.example.org"


def hello(**fields: Any) -> dict[str, str]:
    frame = json.dumps({"type": "hello", **fields})
    return {HELLO: base64.b64encode(frame.encode()).decode()}


@dataclass
class Widget:
    """The widget's side."""

    url: Callable[[str], Any]
    client: ClientSession
    database: Database
    bus: LocalBus

    async def send(
        self, content: bytes, *, number: int = 1, headers: dict[str, str] | None = None, **fields: str
    ) -> ClientResponse:
        form = FormData()
        for name, value in {"client_id": f"picture-{number}", "filename": "scherm.png", **fields}.items():
            form.add_field(name, value)
        form.add_field("picture", content, filename="picture", content_type="image/png")
        headers = hello(token=TOKEN, language="fr") if headers is None else headers
        return await self.client.post(self.url(PATH), data=form, headers=headers)

    async def counted(self) -> list[int]:
        """How many conversations, messages, texts, files and blobs are kept."""
        tables = (conversations, inbox, contents, attachments, blobs)
        return await self.database.read(lambda c: [len(c.execute(select(table)).all()) for table in tables])


@pytest.fixture
async def widget(database: Database) -> AsyncIterator[Widget]:
    bus = LocalBus()
    ingest, transcripts = (
        Ingest(database, bus, settings=IngestSettings(1_000, 1.0)),
        StoredTranscripts(database),
    )
    limits = AddressLimits(bus, transcripts.find)
    settings = WebSettings(origins=(PARTNER,), identity_secret=SECRET)
    channel = WebChannel(ingest, transcripts, bus, limits, settings, Pictures())
    app: web.Application = bare()
    app.add_routes(access.opened(channel.routes()))
    async with TestServer(app) as server, ClientSession() as client:
        yield Widget(server.make_url, client, database, bus)
        await channel.stop()


async def said(widget: Widget, token: str = TOKEN) -> list[dict[str, Any]]:
    id_ = await widget.database.read(lambda c: find_conversation(c, "web", sender_of_token(token)))
    assert id_ is not None
    items = await widget.database.read(lambda c: views.transcript(c, id_))
    return [dict(item.content or {}) for item in items]


async def test_a_picture_is_a_message_that_comes_back_over_the_socket(widget: Widget) -> None:
    async with widget.client.ws_connect(widget.url(SOCKET)) as socket:
        await socket.send_json({"type": "hello", "token": TOKEN})
        await socket.receive_json(timeout=5)
        await socket.send_json({"type": "message", "client_id": "message-1", "text": "Kijk eens"})
        while (await socket.receive_json(timeout=5))["type"] != "turn":
            pass
        answer = await widget.send(picture(), text="Dit staat er: 4111 1111 1111 1111")
        assert answer.status == 200
        assert (await answer.json())["seq"] == 2
        while (turn := await socket.receive_json(timeout=5))["type"] != "turn":
            pass
    assert (turn["author"], turn["client_id"]) == ("customer", "picture-1")
    assert turn["text"] == "Dit staat er: [card number]"
    [shown] = turn["pictures"]
    assert (shown["name"], shown["width"], shown["height"]) == ("scherm.png", 60, 40)
    assert set(shown) == {"path", "name", "width", "height"}


async def test_it_may_begin_a_conversation_and_is_taken_once(widget: Widget) -> None:
    answers = await asyncio.gather(*(widget.send(picture()) for _ in range(5)))
    assert [answer.status for answer in answers] == [200] * 5
    assert await widget.counted() == [1, 1, 1, 1, 1]
    [content] = await said(widget)
    assert content["text"] == ""
    language = await widget.database.read(lambda c: c.execute(select(conversations.c.language)).scalar())
    assert language == "fr"


async def test_a_signed_customer_sends_as_that_customer(widget: Widget) -> None:
    signature = hmac.new(SECRET.encode(), "sofié".encode(), hashlib.sha256).hexdigest()
    right = hello(identity={"user": "sofié", "hmac": signature})
    wrong = hello(identity={"user": "jan", "hmac": signature})
    assert (await widget.send(picture(), headers=right)).status == 200
    assert (await widget.send(picture(), headers=wrong)).status == 403
    assert (await widget.counted())[0] == 1


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 400),
        ({HELLO: "no base64!"}, 400),
        ({HELLO: base64.b64encode(b"{}").decode()}, 400),
        ({HELLO: base64.b64encode(b'{"type": "typing"}').decode()}, 400),
        (hello(token="short"), 400),
        (hello(), 403),
        ({**hello(token=TOKEN), "Origin": "https://evil.example"}, 403),
        ({**hello(token=TOKEN), "Origin": "null"}, 403),
    ],
)
async def test_who_does_not_say_who_it_is_sends_nothing(
    widget: Widget, headers: dict[str, str], status: int
) -> None:
    assert (await widget.send(picture(), headers=headers)).status == status
    assert await widget.counted() == [0, 0, 0, 0, 0]


async def test_a_site_that_embeds_the_widget_may_and_reads_the_answer(widget: Widget) -> None:
    origin = {"Origin": PARTNER}
    answer = await widget.client.options(widget.url(PATH), headers=origin)
    assert answer.status == 204
    assert answer.headers["Access-Control-Allow-Origin"] == PARTNER
    assert answer.headers["Access-Control-Allow-Headers"] == HELLO
    assert "Access-Control-Allow-Credentials" not in answer.headers
    for content, status in ((picture(), 200), (b"no picture", 400)):
        answer = await widget.send(content, headers={**hello(token=TOKEN), **origin})
        assert answer.status == status
        assert answer.headers["Access-Control-Allow-Origin"] == PARTNER
        assert answer.headers["Vary"] == "Origin"
    refused = await widget.client.options(widget.url(PATH), headers={"Origin": "https://evil.example"})
    assert refused.status == 403
    assert "Access-Control-Allow-Origin" not in refused.headers


@pytest.mark.parametrize(
    ("content", "fields", "code"),
    [
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", {}, "bad_input"),
        (b"<!doctype html>", {}, "bad_input"),
        (b"", {}, "bad_input"),
        (png_that_says(60_000, 60_000), {}, "too_large"),
        (picture() + bytes(MAX_BYTES), {}, "too_large"),
        (picture(), {"client_id": ""}, "bad_input"),
        (picture(), {"client_id": "../../x"}, "bad_input"),
        (picture(), {"text": "x" * 8_001}, "too_large"),
    ],
)
async def test_what_cannot_be_kept_is_told_by_a_code_and_leaves_nothing(
    widget: Widget, content: bytes, fields: dict[str, str], code: str
) -> None:
    answer = await widget.send(content, **fields)
    assert answer.status in (400, 413)
    assert (await answer.json())["code"] == code
    assert await widget.counted() == [0, 0, 0, 0, 0]


async def test_nobody_floods_with_pictures(widget: Widget) -> None:
    statuses = [
        (await widget.send(picture(size=(2, 2)), number=n)).status for n in range(PICTURES_OF_ONE + 2)
    ]
    assert statuses == [200] * PICTURES_OF_ONE + [429] * 2
    answer = await widget.send(picture(), number=99)
    assert (await answer.json())["retry_after"] > 0
    assert (await widget.send(picture(), headers=hello(token=OTHER))).status == 200, (
        "others of that office may"
    )


async def test_a_conversation_has_room_for_so_many(widget: Widget, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(way_in, "MAX_FILES", 2)
    answers = [await widget.send(picture(size=(n + 1, 1)), number=n) for n in range(3)]
    assert [answer.status for answer in answers] == [200, 200, 403]
    assert (await answers[2].json())["code"] == "not_allowed"
    assert (await widget.counted())[1:] == [2, 2, 2, 2], "nothing of the third"


async def test_the_bot_says_that_it_cannot_see_it_and_asks_again_what_it_asked(counter: Counter) -> None:
    pictures = Pictures()

    async def show(number: int) -> list[str]:
        message = way_in.InboundMessage("test", "a", f"picture-{number}", language="nl")
        file = await pictures.ready(picture(), "a.png")
        accepted = await counter.ingest.receive(message, (file,))
        items = await counter.replies.answered(accepted, 10)
        return [str((item.content or {}).get("text")) for item in items if item.type == "bot"]

    assert await show(1) == ["Wat ziet u?"]
    assert await counter.say("a", "mijn wifi") == ["Ik ben een bot.", "Welk toestel?"]
    assert await show(2) == ["Wat ziet u?", "Welk toestel?"]
    assert (await counter.say("a", "2"))[-1] == "Welke verdieping?", "the question is open as before"
