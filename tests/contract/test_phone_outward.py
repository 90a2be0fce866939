"""The steps of a call that was placed, where our own ears and voice carry it; with those of Twilio it is
tests/integration/test_phone_out.py."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field

import pytest
from aiohttp import ClientSession
from aiohttp.test_utils import TestServer

from bot.bus.local import LocalBus
from bot.model.messages import Accepted
from bot.service.placed import Answered
from bot.store.outgoing import Going
from bot.web.site import SiteSettings
from channels.phone.gather import Gather
from tests.fixtures_phone import Calls
from tests.fixtures_web import Item, Record, bare, limits_of
from tests.gather_line import PUBLIC, Line, tags

SOCKET = "wss://balie.example.org/help/webhooks/twilio_voice/media/a-pass"


@dataclass
class Placed:
    """The port of `channels.phone.outward`, over one call."""

    record: Record
    about: dict[str, object]
    did: list[str] = field(default_factory=list)

    async def of(self, id: str) -> Going | None:
        return Going("o1", "k", "call", "CA1", None, 1.0, "placed", None, self.about) if id == "o1" else None

    async def answered(
        self, id: str, sid: str, *, through: str = "", dialled: bool = False
    ) -> Answered | None:
        self.did.append(f"answered through {through or 'ours'}")
        seq = await self.record.begin(sid)
        agent = str(self.about.get("agent", ""))
        return Answered(sid, "nl", seq, "Dag.", agent_id="u1" if agent else "", agent=agent)

    async def joined(self, id: str) -> None:
        self.did.append("joined")

    async def note(self, id: str, text: str, key: str) -> None:
        self.did.append(key)

    async def progress(self, id: str, sid: str, status: str, seconds: int = 0) -> None:
        self.did.append(status)

    async def settled(self, conversation_id: str, within: float) -> None:
        raise AssertionError("a stream reads the record by itself")


class Streams:
    def address(self, call: str, language: str, base: str) -> str | None:
        return SOCKET


@pytest.fixture
async def line(request: pytest.FixtureRequest) -> AsyncIterator[tuple[Line, Placed]]:
    record = Record(LocalBus(), answer=lambda message: [])
    line = Line(record, Calls(record))

    async def answered(accepted: Accepted, within: float) -> Sequence[Item]:
        return await line.answered(accepted, within)

    placed = Placed(record, {"language": "nl", **getattr(request, "param", {})})
    made = Gather(record, answered, line.calls, limits_of(record), line.settings, Streams(), placed)
    app = bare(SiteSettings(public_url=PUBLIC))
    app.add_routes(made.routes())
    async with TestServer(app) as server, ClientSession() as client:
        line.client, line.server = client, server
        yield line, placed


def connects(twiml: ET.Element) -> bool:
    stream = twiml.find("Connect/Stream")
    return tags(twiml) == ["Connect", "Redirect"] and stream is not None and stream.get("url") == SOCKET


async def test_our_own_ears_carry_it(line: tuple[Line, Placed]) -> None:
    caller, placed = line
    assert connects(await caller.ask("answered?id=o1"))
    assert placed.did == ["answered through ours", "answered"]


@pytest.mark.parametrize("line", [{"agent_id": "u1", "agent": "Sofie"}], indirect=True)
async def test_an_agent_who_types_has_it_before_the_stream_begins(line: tuple[Line, Placed]) -> None:
    caller, placed = line
    assert connects(await caller.ask("answered?id=o1"))
    assert placed.did == ["answered through ours", "answered", "joined"]


async def test_an_unknown_call_is_hung_up_on(line: tuple[Line, Placed]) -> None:
    caller, _ = line
    assert tags(await caller.ask("answered?id=another")) == ["Hangup"]
    await caller.ask("answered", status=400)
