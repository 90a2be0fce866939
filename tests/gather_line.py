"""A line of <Gather> over a record in memory, and a caller on it, for the tests of its steps."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field, replace

import pytest
from aiohttp import ClientSession
from aiohttp.test_utils import BaseTestServer, TestServer

from bot.bus.local import LocalBus
from bot.model.messages import Accepted
from bot.voice.words import WORDS
from bot.web.site import SiteSettings
from channels.phone.gather import Gather
from channels.phone.settings import GatherSettings
from tests.fixtures_phone import TOKEN, Calls, sign
from tests.fixtures_web import Item, Record, bare, limits_of

PUBLIC = "https://balie.example.org/help"
PATH = "/webhooks/twilio_voice/"
RECORDING = "https://api.twilio.com/2010-04-01/Accounts/AC1/Recordings/RE1"
NL = WORDS["nl"]


@dataclass
class Line:
    """A line, and a caller on it. Answers are slow as often as `slow` says."""

    record: Record
    calls: Calls
    settings: GatherSettings = field(
        default_factory=lambda: GatherSettings(auth_token=TOKEN, public_url=PUBLIC)
    )
    slow: int = 0
    call: str = "CA1"
    client: ClientSession | None = None
    server: BaseTestServer | None = None
    messages: list[tuple[str, str, str]] = field(default_factory=list)
    """The messages that were to be written down: call, language, address."""

    def write_down(self, call: str, language: str, url: str) -> None:
        self.messages.append((call, language, url))

    async def stop(self) -> None:
        """Nothing is written."""

    async def answered(self, accepted: Accepted, _: float) -> Sequence[Item]:
        if self.slow:
            self.slow -= 1
            raise TimeoutError
        return await self.record.after(accepted.conversation_id, accepted.seq)

    async def ask(self, step: str, *, status: int = 200, **form: str) -> ET.Element:
        """A request of Twilio's; the TwiML."""
        fields = {
            "CallSid": self.call,
            "AccountSid": "AC1",
            "From": "+32470123456",
            "To": "+3225551234",
            **form,
        }
        headers, body = sign(PUBLIC + PATH + step, fields)
        assert self.client is not None
        assert self.server is not None
        url = str(self.server.make_url("/"))[:-1] + PATH + step
        async with self.client.post(url, data=body, headers=headers) as answer:
            text = await answer.text()
            assert answer.status == status, text
            return ET.fromstring(text) if status == 200 else ET.Element("none")

    async def next(self, twiml: ET.Element, **form: str) -> ET.Element:
        """The caller answers, or Twilio does what is next."""
        [verb] = [each for each in twiml if each.tag in ("Gather", "Redirect", "Dial", "Record")]
        return await self.ask(verb.get("action") or verb.text or "", **form)


def said(twiml: ET.Element) -> str:
    return " ".join(each.text or "" for each in twiml.iter("Say"))


def tags(twiml: ET.Element) -> list[str]:
    return [each.tag for each in twiml]


@pytest.fixture
async def line() -> AsyncIterator[Line]:
    still = LocalBus(lambda: 1.0)  # what a limit allows does not depend on how fast the machine is
    record = Record(still, answer=lambda message: [("bot", {}, f"U zei: {message.text}?")])
    line = Line(record, Calls(record))

    async def answered(accepted: Accepted, within: float) -> Sequence[Item]:
        return await line.answered(accepted, within)

    numbers = replace(line.settings, numbers={"+3225551234": "nl"}, transfer_to={"network": "+3225550000"})
    made = Gather(record, answered, line.calls, limits_of(record), numbers, voicemail=line)
    app = bare(SiteSettings(public_url=PUBLIC))
    app.add_routes(made.routes())
    async with TestServer(app) as server, ClientSession() as client:
        line.client, line.server = client, server
        yield line
