"""Agents on the line: who may answer, what both hear, what is written down, and how it ends."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

import orjson
import pytest
from aiohttp import ClientWebSocketResponse, WSMsgType, WSServerHandshakeError

from bot.bus import conversation_topic
from bot.model.errors import NotFound
from bot.service.calls import Calls
from bot.service.ingest import Ingest
from bot.service.lines import Lines
from bot.service.relay import Relay
from bot.speech.audio import to_ulaw
from bot.store import calls as call_rows
from bot.store import views
from bot.store.queue import append
from bot.voice import call
from channels.phone.script import Standing
from channels.phone.session import Caller, Counter, Engines, Session
from channels.phone.switchboard import Switchboard
from channels.transcripts import StoredTranscripts
from tests.fixtures_pages import Person, Visited
from tests.fixtures_pages import on_both as visited
from tests.scripted_speech import ScriptedEars, ToneVoice, tone
from tests.store_talk import said

__all__ = ["visited"]

pytestmark = pytest.mark.slow  # talks take the time of talking

LOUD, QUIET = to_ulaw(tone(0.1)), to_ulaw(bytes(1600))
"""A tenth of a second of speech, and of silence."""


@dataclass
class CallersLine:
    """The line of a caller who plays everything at once."""

    session: Session | None = None
    heard: bytearray = field(default_factory=bytearray)
    over: asyncio.Event = field(default_factory=asyncio.Event)
    follows: bool = False
    slow: bool = False
    """Nothing more is played to its end."""

    async def play(self, sound: bytes) -> None:
        self.heard += sound

    async def mark(self, name: str) -> None:
        assert self.session is not None
        if not self.slow:
            self.session.marked(name)

    async def clear(self) -> None:
        """Nothing waits."""

    def lets_go(self, standing: Standing) -> bool:
        return False

    async def hang_up(self, *, over: bool) -> None:
        self.over.set()


@dataclass
class Telephone:
    """A switchboard over the pages' database, and a call on it."""

    visited: Visited
    switchboard: Switchboard
    voice: ToneVoice
    conversation: str = ""
    line: CallersLine = field(default_factory=CallersLine)
    call: asyncio.Task[None] | None = None

    async def ring(self) -> None:
        """A customer whose conversation was handed over is on the line, and waits."""
        self.conversation = await self.visited.conversation("c1", ["mijn internet is weg"])
        caller = Caller("web", "c1", self.conversation, "nl")
        self.line.session, self.call = self.switchboard.connect(caller, self.line)
        await self.until(lambda: "Klopt dat?" in self.voice.said)

    async def row(self) -> call_rows.CallRow | None:
        now = self.visited.site.clock()
        found = await self.visited.site.database.read(
            lambda c: call_rows.on_line(c, (self.conversation,), now=now)
        )
        return found.get(self.conversation)

    async def said(self, *types: str) -> list[str]:
        items = await self.visited.site.database.read(lambda c: views.timeline(c, self.conversation))
        return [str((item.content or {}).get("text")) for item in items if item.type in types]

    async def until(self, what: Any) -> None:
        """Wait for something that comes by itself."""
        async with asyncio.timeout(10):
            while not (await found if asyncio.iscoroutine(found := what()) else found):  # noqa: ASYNC110
                await asyncio.sleep(0.01)


class NoCalls:
    """A process without calls."""

    async def join(self, conversation_id: str, person: Any) -> Any:
        raise NotFound("the call is in another process")


@pytest.fixture(params=["here", "elsewhere"])
async def telephone(visited: Visited, request: pytest.FixtureRequest) -> AsyncIterator[Telephone]:
    """Calls in the process of the desk's pages, or in another one."""
    site, database, bus = visited.site, visited.site.database, visited.site.bus
    voice, ears = ToneVoice(), ScriptedEars(["goeiedag met Lies"])
    calls = Calls(database, bus, site.pack, site.agents, site.ticketing, site.clock)
    ingest = Ingest(database, bus, clock=site.clock)
    counter = Counter(ingest, StoredTranscripts(database, site.clock), calls, bus)
    lines = Lines(database, bus, clock=site.clock)
    switchboard = Switchboard(counter, lines, lambda: Engines(ears, voice), most=10)
    relay = Relay(lines.node, switchboard, database, bus, site.clock)
    desk = relay if request.param == "here" else Relay("another", NoCalls(), database, bus, site.clock)
    object.__setattr__(site, "talks", desk)  # the site is made before its telephone here
    relaying = asyncio.create_task(relay.run())
    await switchboard.start()
    assert await switchboard.ready()
    made = Telephone(visited, switchboard, voice)
    await made.ring()
    yield made
    await switchboard.stop()
    relaying.cancel()
    await asyncio.wait({relaying})


def origin(person: Person) -> dict[str, str]:
    return {"Origin": str(person.client.make_url("/").origin())}


async def answer(telephone: Telephone, username: str = "els") -> tuple[Person, ClientWebSocketResponse]:
    """An agent presses the button; what the server says first is still to be read."""
    person = await telephone.visited.as_(username)
    path = f"/desk/c/{telephone.conversation}/talk"
    ws = await person.client.ws_connect(path, headers=origin(person))
    await ws.send_str('{"type":"hello"}')
    return person, ws


async def told(ws: ClientWebSocketResponse) -> dict[str, Any]:
    """The next that is no sound."""
    async with asyncio.timeout(10):
        while (message := await ws.receive()).type is WSMsgType.BINARY:
            pass
    assert message.type is WSMsgType.TEXT, message
    return orjson.loads(message.data)


async def on_the_line(telephone: Telephone) -> tuple[Person, ClientWebSocketResponse]:
    """Els speaks with the caller."""
    person, ws = await answer(telephone)
    assert await told(ws) == {"type": "connected"}

    async def heard() -> bool:
        await ws.send_bytes(LOUD)
        return LOUD in telephone.line.heard

    await telephone.until(heard)
    return person, ws


async def speaks_on(telephone: Telephone) -> str | None:
    row = await telephone.row()
    return row.agent_id if row else None


async def test_who_is_on_the_line_is_seen_and_who_answers_has_the_conversation(telephone: Telephone) -> None:
    els = await telephone.visited.as_("els")
    assert 'data-testid="on-line"' in await els.text("/desk")
    assert 'data-testid="answer"' in await els.text(f"/desk/c/{telephone.conversation}")
    await on_the_line(telephone)
    view = await telephone.visited.site.database.read(lambda c: views.conversation(c, telephone.conversation))
    assert view is not None
    assert view.agent_name == "Els Vermeulen"
    assert await speaks_on(telephone) == view.agent_id
    karim = await telephone.visited.as_("karim")
    assert 'data-testid="answer"' not in await karim.text(f"/desk/c/{telephone.conversation}/line")


async def test_both_hear_each_other(telephone: Telephone) -> None:
    _, ws = await on_the_line(telephone)
    assert telephone.line.session is not None
    telephone.line.session.hear(LOUD)
    message = await ws.receive(timeout=10)
    assert (message.type, message.data) == (WSMsgType.BINARY, LOUD)


async def test_what_both_say_is_written_down(telephone: Telephone) -> None:
    _, ws = await on_the_line(telephone)
    assert telephone.line.session is not None
    telephone.line.session.hear(LOUD)
    for _ in range(13):  # the pause that ends what an agent says is told by their sound
        await ws.send_bytes(QUIET)

    async def written() -> bool:
        return await telephone.said("agent") == ["goeiedag met Lies"]

    async def heard() -> bool:
        return await telephone.said("user") == ["mijn internet is weg", "goeiedag met Lies"]

    await telephone.until(written)
    await telephone.until(heard)
    assert "goeiedag met Lies" not in telephone.voice.said, "a person's words are not spoken again"
    els = await telephone.visited.as_("els")
    assert (await els.text(f"/desk/c/{telephone.conversation}")).count('data-testid="by-voice"') == 2


async def test_what_a_caller_did_not_hear_is_in_the_transcript(telephone: Telephone) -> None:
    telephone.line.slow = True
    site, id_ = telephone.visited.site, telephone.conversation
    seq = await site.database.write(
        lambda c: append(c, id_, (said("Een. Twee. Drie."),), push=False, now=site.clock())
    )
    await site.bus.publish(conversation_topic(id_), {"type": "seq", "seq": seq})
    await telephone.until(lambda: "Een." in telephone.voice.said)
    assert telephone.line.session is not None
    assert telephone.call is not None
    telephone.line.session.hung_up()
    await telephone.call
    items = await site.database.read(lambda c: views.timeline(c, id_))
    heard = {item.data["of"]: item.data for item in items if item.type == "heard"}
    assert heard[seq] == {"of": seq, "sentences": 0, "total": 3}
    els = await telephone.visited.as_("els")
    assert "heeft de beller niet gehoord" in await els.text(f"/desk/c/{id_}")


async def test_on_hold_nothing_passes(telephone: Telephone) -> None:
    _, ws = await on_the_line(telephone)
    await ws.send_str('{"type":"hold","holds":true}')
    await telephone.until(lambda: any("in de wacht" in said for said in telephone.voice.said))
    assert telephone.line.session is not None
    telephone.line.session.hear(LOUD)
    telephone.line.heard.clear()
    await ws.send_bytes(LOUD)
    await ws.send_str('{"type":"hold","holds":false}')

    async def heard() -> bool:
        await ws.send_bytes(LOUD)
        return LOUD in telephone.line.heard

    await telephone.until(heard)
    telephone.line.session.hear(QUIET)
    message = await ws.receive(timeout=10)
    assert message.data == QUIET, "what was said on hold was not heard"


async def test_one_at_a_time(telephone: Telephone) -> None:
    await on_the_line(telephone)
    _, ws = await answer(telephone, "karim")
    assert (await told(ws))["code"] == "taken"
    await ws.close()
    _, ws = await answer(telephone)  # the same agent, in another tab
    assert (await told(ws))["code"] == "taken"
    await ws.close()
    assert await speaks_on(telephone)


async def test_a_browser_that_dies_leaves_the_caller_waiting(telephone: Telephone) -> None:
    _, ws = await on_the_line(telephone)
    await ws.close()
    await telephone.until(lambda: any("viel weg" in said for said in telephone.voice.said))

    async def free() -> bool:
        row = await telephone.row()
        return row is not None and row.agent_id is None

    await telephone.until(free)
    _, again = await answer(telephone)
    assert await told(again) == {"type": "connected"}


@pytest.mark.parametrize("to", ["queue", "bot"])
async def test_who_passes_the_conversation_on_is_off_its_call(telephone: Telephone, to: str) -> None:
    els, ws = await on_the_line(telephone)
    given = await els.post(f"/desk/c/{telephone.conversation}/transfer", {"to": to})
    assert given.status == 303
    assert await told(ws) == {"type": "over"}
    assert telephone.call is not None
    assert not telephone.call.done(), "the caller stays"


async def test_hanging_up_ends_the_call(telephone: Telephone) -> None:
    _, ws = await on_the_line(telephone)
    await ws.send_str('{"type":"bye"}')
    assert await told(ws) == {"type": "over"}
    async with asyncio.timeout(10):
        await telephone.line.over.wait()
        assert telephone.call is not None
        await telephone.call
    assert await telephone.row() is None


async def test_a_caller_who_hangs_up_ends_it_for_the_agent(telephone: Telephone) -> None:
    _, ws = await on_the_line(telephone)
    assert telephone.line.session is not None
    telephone.line.session.hung_up()
    assert await told(ws) == {"type": "over"}
    _, again = await answer(telephone)
    assert (await told(again))["code"] == "gone"
    await again.close()


async def test_who_waits_in_vain_is_told_where_the_answer_comes(
    telephone: Telephone, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(call, "HOLD", 0.01)
    _, ws = await on_the_line(telephone)
    await ws.close()
    async with asyncio.timeout(20):
        await telephone.line.over.wait()
    assert any(said.startswith("Er is nog niemand vrij.") for said in telephone.voice.said)
    assert "U mag ophangen." in telephone.voice.said


async def test_only_agents_from_the_desks_own_page(telephone: Telephone) -> None:
    path = f"/desk/c/{telephone.conversation}/talk"
    els = await telephone.visited.as_("els")
    for headers in ({"Origin": "https://elsewhere.example"}, {}):
        with pytest.raises(WSServerHandshakeError) as refused:
            await els.client.ws_connect(path, headers=headers)
        assert refused.value.status == 403
    nobody = Person(await telephone.visited.browser(), "")
    with pytest.raises(WSServerHandshakeError) as refused:
        await nobody.client.ws_connect(path, headers=origin(nobody))
    assert refused.value.request_info.url.path == "/desk/login"


@pytest.mark.parametrize("frame", ["", "no json", "[]", '{"type":"hold"}', '{"type":7}'])
async def test_bad_frames_end_nothing(telephone: Telephone, frame: str) -> None:
    _, ws = await on_the_line(telephone)
    await ws.send_str(frame)
    await ws.send_str('{"type":"hold","holds":false}')
    telephone.line.heard.clear()

    async def heard() -> bool:
        await ws.send_bytes(LOUD)
        return LOUD in telephone.line.heard

    await telephone.until(heard)
