"""Speaking on a call that another process has: over both buses, and what happens when one end is gone."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from typing import Any

import pytest

from bot.bus import Bus
from bot.bus.local import LocalBus
from bot.bus.redis import RedisBus
from bot.model.errors import Conflict, NotFound, Unavailable
from bot.service import relay
from bot.service.lines import Lines, Person, Talk
from bot.service.relay import Relay
from bot.store.database import Database
from tests.store_talk import accept, message

SOON = 5.0


@dataclass
class Somebody:
    """An agent."""

    id: str = "a1"
    name: str = "Els"
    heard: bytearray = field(default_factory=bytearray)
    gone: asyncio.Event = field(default_factory=asyncio.Event)

    def hear(self, ulaw: bytes) -> None:
        self.heard += ulaw

    def off(self) -> None:
        self.gone.set()


@dataclass
class Calls:
    """The calls of one process, and what was done on them."""

    here: set[str] = field(default_factory=set)
    person: Person | None = None
    heard: bytearray = field(default_factory=bytearray)
    done: list[str] = field(default_factory=list)

    async def join(self, conversation_id: str, person: Person) -> Talk:
        if conversation_id not in self.here:
            raise NotFound("not on the line")
        if self.person is not None:
            raise Conflict(f"{self.person.name} is on this call")
        self.person = person
        return self

    async def speak(self, ulaw: bytes) -> None:
        self.heard += ulaw

    def hold(self, holds: bool) -> None:
        self.done.append(f"hold {holds}")

    def leave(self) -> None:
        self.done.append("leave")
        self.person = None

    async def hang_up(self) -> None:
        self.done.append("hang up")
        assert self.person is not None
        self.person.off()


@dataclass
class Two:
    """Two processes: the call is in the one, who speaks on it in the other."""

    id: str
    calls: Calls
    there: asyncio.Task[None]
    here: Relay

    async def until(self, what: Callable[[], Any]) -> None:
        async with asyncio.timeout(SOON):
            while not what():  # noqa: ASYNC110
                await asyncio.sleep(0.005)


@pytest.fixture(params=["local", "redis"])
async def buses(request: pytest.FixtureRequest) -> AsyncIterator[tuple[Bus, Bus]]:
    if request.param == "local":
        bus = LocalBus()
        yield bus, bus
        await bus.close()
        return
    url = request.getfixturevalue("redis_server").connection_url
    both = RedisBus(url), RedisBus(url)
    yield both
    for each in both:
        await each.close()


@pytest.fixture
async def two(
    sqlite_database: Database, buses: tuple[Bus, Bus], monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Two]:
    monkeypatch.setattr(relay, "LAST_WORDS", 0.05)  # talks that a test leaves open
    database = sqlite_database
    id_ = (await accept(database)).conversation_id
    lines = Lines(database, buses[0])
    await lines.opened(id_)
    calls = Calls({id_})
    there = asyncio.create_task(Relay(lines.node, calls, database, buses[0]).run())
    nobody = Relay("another", Calls(), database, buses[1])
    here = asyncio.create_task(nobody.run())
    await asyncio.sleep(0)
    yield Two(id_, calls, there, nobody)
    for task in (there, here):
        task.cancel()
    await asyncio.gather(there, here, return_exceptions=True)


async def test_both_hear_each_other(two: Two) -> None:
    els = Somebody()
    talk = await two.here.join(two.id, els)
    assert two.calls.person is not None
    assert (two.calls.person.id, two.calls.person.name) == ("a1", "Els")
    for n in range(10):
        await talk.speak(bytes([n]) * 160)
        two.calls.person.hear(bytes([100 + n]) * 160)
    await two.until(lambda: len(two.calls.heard) == len(els.heard) == 1600)
    assert two.calls.heard == b"".join(bytes([n]) * 160 for n in range(10)), "in order"
    assert els.heard == b"".join(bytes([100 + n]) * 160 for n in range(10))


async def test_hold_and_hanging_up_reach_the_call(two: Two) -> None:
    els = Somebody()
    talk = await two.here.join(two.id, els)
    talk.hold(True)
    talk.hold(False)
    await talk.hang_up()
    await two.until(lambda: "hang up" in two.calls.done)
    assert two.calls.done[:3] == ["hold True", "hold False", "hang up"]
    assert els.gone.is_set()


async def test_who_leaves_is_off_the_call(two: Two) -> None:
    els = Somebody()
    talk = await two.here.join(two.id, els)
    talk.leave()
    assert els.gone.is_set()
    await two.until(lambda: "leave" in two.calls.done)
    await two.here.join(two.id, Somebody("a2", "Karim"))


async def test_a_call_that_ends_is_over_for_who_speaks_on_it(two: Two) -> None:
    els = Somebody()
    await two.here.join(two.id, els)
    assert two.calls.person is not None
    two.calls.person.off()
    async with asyncio.timeout(SOON):
        await els.gone.wait()


async def test_a_second_person_hears_who_is_on_it(two: Two) -> None:
    await two.here.join(two.id, Somebody())
    with pytest.raises(Conflict, match="Els is on this call"):
        await two.here.join(two.id, Somebody("a2", "Karim"))


async def test_a_call_that_is_over_meanwhile_is_told_so(two: Two) -> None:
    two.calls.here.clear()
    with pytest.raises(NotFound):
        await two.here.join(two.id, Somebody())


async def test_no_call_at_all_is_asked_of_this_process(two: Two, sqlite_database: Database) -> None:
    with pytest.raises(NotFound):
        await two.here.join((await accept(sqlite_database, message(sender="c2"))).conversation_id, Somebody())


async def test_a_process_that_is_dead_is_waited_for_but_a_moment(
    two: Two, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(relay, "JOIN_WITHIN", 0.1)
    two.there.cancel()
    await asyncio.gather(two.there, return_exceptions=True)
    with pytest.raises(Unavailable):
        await two.here.join(two.id, Somebody())


async def test_each_end_notices_when_the_other_is_gone(two: Two, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(relay, "SILENT", 0.5)
    monkeypatch.setattr(relay, "BEAT", 30.0)  # nobody tells that they are there
    els = Somebody()
    await two.here.join(two.id, els)
    async with asyncio.timeout(SOON):
        await els.gone.wait()
    await two.until(lambda: "leave" in two.calls.done)


async def test_a_silent_talk_goes_on(two: Two, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(relay, "SILENT", 0.3)
    monkeypatch.setattr(relay, "BEAT", 0.05)
    els = Somebody()
    talk = await two.here.join(two.id, els)
    later = asyncio.get_running_loop().time() + 0.7
    await two.until(lambda: asyncio.get_running_loop().time() > later)
    assert not els.gone.is_set()
    await talk.speak(b"\x01")
    await two.until(lambda: two.calls.heard == b"\x01")


async def test_a_call_of_ones_own_process_does_not_go_over_the_bus(database: Database, bus: Bus) -> None:
    id_, lines = (await accept(database)).conversation_id, Lines(database, bus)
    await lines.opened(id_)
    calls = Calls({id_})
    assert await Relay(lines.node, calls, database, bus).join(id_, Somebody()) is calls


async def test_a_process_that_stops_tells_who_speaks_on_its_calls(two: Two) -> None:
    els = Somebody()
    await two.here.join(two.id, els)
    assert two.calls.person is not None
    two.calls.person.off()  # as a switchboard does that stops
    two.there.cancel()
    async with asyncio.timeout(SOON):
        await els.gone.wait()
