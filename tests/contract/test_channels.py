"""What every channel must do, whatever its protocol: one suite, a driver for each channel.

A new channel adds a driver. The record behind it is in memory; the protocol in front of it is the real one.
"""

from __future__ import annotations

import asyncio
import hashlib
import re
import xml.etree.ElementTree as ET
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any, Protocol

import orjson
import pytest
from aiohttp import ClientSession, ClientWebSocketResponse
from aiohttp.test_utils import TestServer

from bot.bus.local import LocalBus
from bot.model.errors import TooMany, Unavailable
from bot.model.messages import MAX_TEXT, Accepted
from bot.service.pictures import Pictures
from bot.voice import ear
from channels.contract import Channel
from channels.phone.channel import PhoneChannel
from channels.phone.gather import Gather
from channels.phone.settings import GatherSettings
from channels.phone.twiml import parts
from channels.rest.channel import RestChannel, RestSettings
from channels.web.channel import PATH, WebChannel
from channels.web.settings import WebSettings
from tests.fixtures_phone import TOKEN, Calls, sign
from tests.fixtures_web import Item, Record, bare, limits_of

GARBAGE: list[bytes] = [
    b"",
    b"\x00\xff\xfe",
    b"null",
    b"[]",
    b'"text"',
    b"{",
    b'{"sender": {}, "message": []}',
    b'{"type": "message"}',
    b'{"type": 7, "sender": 7}',
    b"[" * 5_000,
    '{"type": "message", "client_id": "\ud800"}'.encode("utf-8", "surrogatepass"),
]


@dataclass
class Outcome:
    """What the client sees of one message."""

    accepted: bool
    code: str = ""
    retry_after: float | None = None
    answers: list[dict[str, Any]] = field(default_factory=list)


class Driver(Protocol):
    """A client of one channel."""

    channel: Channel

    async def say(self, sender: str, text: str, *, id: str, payload: str | None = None) -> Outcome: ...
    async def send_raw(self, sender: str, raw: bytes) -> bool:
        """True when the channel refused in its protocol's own way and still works."""
        ...

    def shown(self, text: str) -> str:
        """A text as this channel's client gets it."""
        ...

    def offered(self, buttons: list[dict[str, str]]) -> list[dict[str, str]]:
        """Buttons as this channel's client gets them."""
        ...


class AsWritten:
    """What is said arrives as it was written."""

    def shown(self, text: str) -> str:
        return text

    def offered(self, buttons: list[dict[str, str]]) -> list[dict[str, str]]:
        return buttons


class Web(AsWritten):
    """A widget without a page: a socket per sender."""

    def __init__(self, record: Record) -> None:
        self.channel = WebChannel(
            record, record, record.bus, limits_of(record), WebSettings(max_bad_frames=100), Pictures()
        )
        self.sockets: dict[str, ClientWebSocketResponse] = {}
        self.told: dict[str, int] = {}
        self.server: TestServer
        self.client: ClientSession

    async def _socket(self, sender: str) -> ClientWebSocketResponse:
        if sender not in self.sockets:
            socket = await self.client.ws_connect(self.server.make_url(PATH))
            token = hashlib.sha256(sender.encode()).hexdigest()
            await socket.send_json({"type": "hello", "token": token, "last_seq": 0, "language": "nl"})
            assert (await socket.receive_json(timeout=5))["type"] == "welcome"
            self.sockets[sender] = socket
        return self.sockets[sender]

    async def say(self, sender: str, text: str, *, id: str, payload: str | None = None) -> Outcome:
        socket = await self._socket(sender)
        client_id = hashlib.sha256(id.encode()).hexdigest()[:16]
        await socket.send_json({"type": "message", "client_id": client_id, "text": text, "payload": payload})
        outcome = Outcome(accepted=False)
        while True:
            frame = await socket.receive_json(timeout=5)
            if frame["type"] == "error":
                return Outcome(False, frame["code"], frame.get("retry_after"))
            if frame["type"] == "ack":
                outcome.accepted = True
                if frame["seq"] <= self.told.get(sender, 0):
                    return outcome  # a duplicate: nothing follows
            elif frame["type"] == "turn":
                self.told[sender] = frame["seq"]
                if frame["author"] == "bot":
                    outcome.answers.append({"text": frame["text"], "buttons": frame.get("replies", [])})
                    return outcome

    async def send_raw(self, sender: str, raw: bytes) -> bool:
        socket = await self._socket(sender)
        await socket.send_bytes(raw)
        return (await socket.receive_json(timeout=5))["type"] == "error"


class Rest(AsWritten):
    """A program that speaks Rasa's REST."""

    def __init__(self, record: Record) -> None:
        async def answered(accepted: Accepted, _: float) -> list[Item]:
            return list(await record.after(accepted.conversation_id, accepted.seq))

        self.channel = RestChannel(record, answered, limits_of(record), RestSettings(open=True))
        self.server: TestServer
        self.client: ClientSession

    async def _post(self, raw: bytes) -> tuple[int, Any, dict[str, str]]:
        url = self.server.make_url("/webhooks/rest/webhook")
        async with self.client.post(url, data=raw) as response:
            assert response.content_type == "application/json"
            return response.status, orjson.loads(await response.read()), dict(response.headers)

    async def say(self, sender: str, text: str, *, id: str, payload: str | None = None) -> Outcome:
        body = {"sender": sender, "message": payload or text, "metadata": {"message_id": id}}
        status, answer, headers = await self._post(orjson.dumps(body))
        if status == 200:
            answers = [{"text": each["text"], "buttons": each.get("buttons", [])} for each in answer]
            return Outcome(True, answers=answers)
        wait = headers.get("Retry-After")
        return Outcome(False, answer["error"]["code"], float(wait) if wait else None)

    async def send_raw(self, sender: str, raw: bytes) -> bool:
        status, answer, _ = await self._post(raw)
        return 400 <= status < 500 and set(answer["error"]) == {"code", "message"}


class Phone:
    """A caller through Twilio's <Gather>, past the greeting. What is heard has no signs, and a button is a key."""

    def __init__(self, record: Record) -> None:
        async def answered(accepted: Accepted, _: float) -> list[Item]:
            return list(await record.after(accepted.conversation_id, accepted.seq))

        self.record = record
        settings = GatherSettings(auth_token=TOKEN)
        line = Gather(record, answered, Calls(record), limits_of(record), settings)
        self.channel = PhoneChannel([line])
        self.turns: dict[tuple[str, str], str] = {}
        self.server: TestServer
        self.client: ClientSession

    async def _post(self, path: str, form: dict[str, str] | bytes) -> tuple[int, str, dict[str, str]]:
        url = str(self.server.make_url("/webhooks/twilio_voice/" + path))
        headers, body = sign(url, form)
        async with self.client.post(url, data=body, headers=headers) as response:
            return response.status, await response.text(), dict(response.headers)

    async def say(self, sender: str, text: str, *, id: str, payload: str | None = None) -> Outcome:
        call = "CA" + hashlib.sha256(sender.encode()).hexdigest()[:32]
        if not any(who == sender for who, _ in self.turns):
            await self.record.begin(call)
        turn = self.turns.setdefault((sender, id), f"{1 + sum(who == sender for who, _ in self.turns)}")
        heard = {"Digits": "1"} if payload else {"SpeechResult": text}
        path = f"turn?lang=nl&turn={turn}&heard=0"
        status, answer, headers = await self._post(path, {"CallSid": call, **heard})
        if status != 200:
            del self.turns[sender, id]
            wait = headers.get("Retry-After")
            return Outcome(False, orjson.loads(answer)["error"]["code"], float(wait) if wait else None)
        said = " ".join(each.text or "" for each in ET.fromstring(answer).iter("Say"))
        if not text.strip():
            return Outcome(accepted="niet gehoord" not in said)
        spoken, _, keys = said.partition(" Zeg ")
        titles = re.findall(r"(?:^|; )(.+?) of druk \d", keys)
        buttons = [{"title": title, "payload": ""} for title in titles]
        return Outcome(True, answers=[{"text": spoken, "buttons": buttons}])

    async def send_raw(self, sender: str, raw: bytes) -> bool:
        status, answer, _ = await self._post("turn?lang=nl&turn=1", raw)
        return 400 <= status < 500 and set(orjson.loads(answer)["error"]) == {"code", "message"}

    def shown(self, text: str) -> str:
        return " ".join(part.strip() for part in parts(ear.said(text, "nl")))

    def offered(self, buttons: list[dict[str, str]]) -> list[dict[str, str]]:
        return [{"title": each["title"][:1].lower() + each["title"][1:], "payload": ""} for each in buttons]


@pytest.fixture
def record() -> Record:
    return Record(LocalBus(), answer=lambda message: [("bot", {}, f"u zei: {message.text}")])


@pytest.fixture(params=[Web, Rest, Phone])
async def driver(request: pytest.FixtureRequest, record: Record) -> AsyncIterator[Driver]:
    driver = request.param(record)
    app = bare()
    app.add_routes(driver.channel.routes())
    async with TestServer(app) as server, ClientSession() as client:
        driver.server, driver.client = server, client
        await driver.channel.start()
        yield driver
        await driver.channel.stop()


async def test_a_message_is_taken_in_and_answered(driver: Driver, record: Record) -> None:
    outcome = await driver.say("klant", "Dag", id="m1")
    assert outcome == Outcome(True, answers=[{"text": driver.shown("u zei: Dag"), "buttons": []}])
    [message] = record.received
    assert (message.channel, message.text) == (driver.channel.name, "Dag")


@pytest.mark.parametrize(
    "text",
    ["é 👩‍👩‍👧 \u202e מה", "<script>alert(1)</script>", "{{ 7*7 }} {% x %}", "' OR 1=1",
     "regel\nregel\ttab", "x" * MAX_TEXT],
)  # fmt: skip
async def test_text_is_only_ever_text(driver: Driver, record: Record, text: str) -> None:
    outcome = await driver.say("klant", text, id="m1")
    assert record.received[0].text == text
    assert outcome.answers[0]["text"] == driver.shown(f"u zei: {text}")


async def test_a_repeated_delivery_changes_nothing(driver: Driver, record: Record) -> None:
    first = await driver.say("klant", "Dag", id="m1")
    again = await driver.say("klant", "Dag", id="m1")
    assert first.accepted
    assert again.accepted
    assert len(record.received) == 1


async def test_the_same_id_of_another_sender_is_another_message(driver: Driver, record: Record) -> None:
    await driver.say("klant", "Dag", id="m1")
    await driver.say("ander", "Dag", id="m1")
    assert len({message.sender_id for message in record.received}) == 2


async def test_what_is_too_long_is_refused_and_the_next_is_not(driver: Driver, record: Record) -> None:
    outcome = await driver.say("klant", "x" * (MAX_TEXT + 1), id="m1")
    assert (outcome.accepted, outcome.code, outcome.retry_after) == (False, "too_large", None)
    assert (await driver.say("klant", "kort", id="m2")).accepted
    assert [message.text for message in record.received] == ["kort"]


@pytest.mark.parametrize("text", ["", "   ", "\n\t"])
async def test_nothing_said_is_refused(driver: Driver, record: Record, text: str) -> None:
    assert not (await driver.say("klant", text, id="m1")).accepted
    assert record.received == []


async def test_garbage_is_refused_and_harms_nobody(driver: Driver, record: Record) -> None:
    await driver.say("ander", "Dag", id="m1")
    for raw in GARBAGE:
        assert await driver.send_raw("klant", raw), raw
    assert (await driver.say("ander", "nog altijd hier", id="m2")).accepted
    assert (await driver.say("klant", "nu juist", id="m3")).accepted
    assert len(record.received) == 3


async def test_messages_keep_their_order(driver: Driver, record: Record) -> None:
    answers = [(await driver.say("klant", f"nummer {n}", id=f"m{n}")).answers[0]["text"] for n in range(12)]
    assert [message.text for message in record.received] == [f"nummer {n}" for n in range(12)]
    assert answers == [driver.shown(f"u zei: nummer {n}") for n in range(12)]


async def test_senders_hear_only_their_own(driver: Driver) -> None:
    said = {f"klant {n}": f"van klant {n}" for n in range(8)}
    outcomes = await asyncio.gather(*(driver.say(who, text, id="m") for who, text in said.items()))
    assert [outcome.answers[0]["text"] for outcome in outcomes] == [
        driver.shown(f"u zei: {text}") for text in said.values()
    ]


async def test_buttons_go_out_and_a_press_comes_back(driver: Driver, record: Record) -> None:
    buttons = [{"title": "Ja, dat klopt", "payload": '/SetSlots(x="é")'}]
    record.answer = lambda _: [("bot", {"replies": buttons}, "Klopt dat?")]
    assert (await driver.say("klant", "Dag", id="m1")).answers == [
        {"text": driver.shown("Klopt dat?"), "buttons": driver.offered(buttons)}
    ]
    await driver.say("klant", "Ja, dat klopt", id="m2", payload=buttons[0]["payload"])
    assert record.received[-1].payload == buttons[0]["payload"]


@pytest.mark.parametrize(
    ("error", "code"),
    [(TooMany("slow down", 2.0), "too_many"), (Unavailable("the database does not answer"), "unavailable")],
)
async def test_what_goes_wrong_is_told_and_passes(
    driver: Driver, record: Record, error: Any, code: str
) -> None:
    record.failing = error
    outcome = await driver.say("klant", "Dag", id="m1")
    assert (outcome.accepted, outcome.code) == (False, code)
    if code == "too_many":
        assert outcome.retry_after == 2.0
    record.failing = None
    assert (await driver.say("klant", "Dag", id="m1")).accepted
