"""What agents see of how far their messages have come: on the page, live, over a channel that pushes and over
one that reads by itself; and sending again what failed."""

from __future__ import annotations

import asyncio
import re
from typing import Any

import orjson
import pytest
from aiohttp import ClientResponse
from sqlalchemy import event

from bot.bus import Bus, conversation_topic
from bot.model.errors import BadInput, Unavailable
from bot.model.messages import OutboundMessage
from bot.service.agents import Agents
from bot.service.delivery import Delivery, DeliverySettings, OutcomeUnknown
from bot.store import receipts, views
from tests.fixtures_pages import Person, Visited, visited

pytestmark = pytest.mark.slow  # the quick run keeps to the pages that are used most

__all__ = ["visited"]

HTMX = {"HX-Request": "true"}


class Provider:
    """A channel that fails as it is told."""

    def __init__(self) -> None:
        self.failures: list[Exception] = []
        self.sent: list[str] = []

    async def send(self, message: OutboundMessage, recipient: str, key: str) -> str | None:
        """Take it, or fail."""
        if self.failures:
            raise self.failures.pop(0)
        self.sent.append(message.text)
        return None


@pytest.fixture
def provider() -> Provider:
    return Provider()


@pytest.fixture
def delivery(visited: Visited, provider: Provider) -> Delivery:
    """The site's conversations on "web" are pushed, by this provider."""
    site = visited.site
    pushing = Agents(site.database, site.bus, push={"web"}, clock=visited.clock)
    object.__setattr__(site, "agents", pushing)
    settings = DeliverySettings(pauses=(5.0,))
    return Delivery(site.database, site.bus, {"web": provider}, settings=settings, clock=visited.clock)


async def taken(visited: Visited, by: Person) -> str:
    """A conversation that this agent has."""
    id_ = await visited.conversation("c1", ["help"])
    await by.post(f"/desk/c/{id_}/claim")
    return id_


async def last(visited: Visited, id_: str) -> int:
    view = await visited.site.database.read(lambda c: views.conversation(c, id_))
    assert view is not None
    return view.seq


async def reply(person: Person, visited: Visited, id_: str, text: str) -> int:
    answer = await person.post(f"/desk/c/{id_}/reply", {"text": text}, headers=HTMX)
    assert answer.status == 204
    return await last(visited, id_)


async def acknowledge(visited: Visited, id_: str, got: int, seen: int) -> None:
    now = visited.clock()
    await visited.site.database.write(lambda c: receipts.acknowledge(c, id_, got=got, seen=seen, now=now))
    await visited.site.bus.publish(conversation_topic(id_), {"type": "receipt"})


def marks(page: str) -> dict[int, str]:
    """The marks of a page, by the number of their message."""
    found = re.findall(r'class="arrival[^"]*" data-of="(\d+)"[^>]*data-testid="arrival-(\w+)"', page)
    return {int(seq): state for seq, state in found}


async def shown(person: Person, id_: str, query: str = "") -> dict[int, str]:
    return marks(await person.text(f"/desk/c/{id_}{query}"))


class Stream:
    """An agent's feed."""

    def __init__(self, answer: ClientResponse) -> None:
        self._answer = answer

    async def hears(self, name: str) -> dict[str, Any]:
        """The next event of this name."""
        async with asyncio.timeout(5):
            heard = b""
            async for line in self._answer.content:
                if line.startswith(b"event: "):
                    heard = line[7:].strip()
                elif line.startswith(b"data: ") and heard == name.encode():
                    return orjson.loads(line[6:])
        raise AssertionError(f"no {name}")


async def stream(person: Person, id_: str) -> Stream:
    found = Stream(await person.client.get(f"/desk/events?open={id_}"))
    assert (await found.hears("seq"))["id"] == id_
    return found


# ── the web chat ──────────────────────────────────────────────────────────────────────────────────────────


async def test_sent_delivered_and_seen_for_everybody_who_looks(visited: Visited, bus: Bus) -> None:
    object.__setattr__(visited.site, "bus", bus)
    els, karim = await visited.as_("els"), await visited.as_("karim")
    id_ = await taken(visited, els)
    first = await reply(els, visited, id_, "Dag Sofie")
    assert await shown(els, id_) == {}, "nobody ever said how far it came"
    streams = [await stream(each, id_) for each in (els, karim)]
    await acknowledge(visited, id_, first, first)
    second = await reply(els, visited, id_, "Bent u daar nog?")
    third = await reply(els, visited, id_, "Ik wacht even.")
    for got, seen, expected in (
        (first, first, {first: "seen", third: "sent"}),
        (second, first, {first: "seen", second: "delivered", third: "sent"}),
        (third, first, {first: "seen", third: "delivered"}),
        (third, third, {third: "seen"}),
    ):
        if (got, seen) != (first, first):
            await acknowledge(visited, id_, got, seen)
        for person, each in zip((els, karim), streams, strict=True):
            assert (await each.hears("receipt"))["id"] == id_
            assert await shown(person, id_) == expected
            assert await shown(person, id_, f"/news?after={third}&shown=0") == expected, "live as on the page"
    assert "Gelezen <time" in await els.text(f"/desk/c/{id_}?lang=nl")
    assert "Lu <time" in await els.text(f"/desk/c/{id_}?lang=fr")
    assert "Seen <time" in await els.text(f"/desk/c/{id_}?lang=en")


async def test_what_is_shown_takes_as_many_queries_for_much_as_for_little(visited: Visited) -> None:
    els = await visited.as_("els")
    id_ = await taken(visited, els)
    engine = visited.site.database._backend._reader  # type: ignore[attr-defined]
    counted: list[int] = []

    def count(*_: object) -> None:
        counted[-1] += 1

    for _ in range(2):
        seq = await reply(els, visited, id_, "Dag")
        await acknowledge(visited, id_, seq, seq - 1)
        await els.text(f"/desk/c/{id_}/news?after={seq}")
        counted.append(0)
        event.listen(engine, "before_cursor_execute", count)
        assert await shown(els, id_, f"/news?after={seq}")
        event.remove(engine, "before_cursor_execute", count)
        for _ in range(20):
            await reply(els, visited, id_, "Nog iets")
    assert counted[0] == counted[1] > 0


# ── a channel that pushes ─────────────────────────────────────────────────────────────────────────────────


async def test_a_message_that_is_pushed_on_its_way(
    visited: Visited, delivery: Delivery, provider: Provider
) -> None:
    els = await visited.as_("els")
    id_ = await taken(visited, els)
    seq = await reply(els, visited, id_, "Dag Sofie")
    assert await shown(els, id_) == {seq: "waiting"}
    feed = await stream(els, id_)
    provider.failures = [Unavailable("503")]
    await delivery.deliver()
    await feed.hears("receipt")
    assert await shown(els, id_) == {seq: "retried"}
    visited.clock.now += 6
    await delivery.deliver()
    await feed.hears("receipt")
    assert await shown(els, id_) == {seq: "sent"}
    assert provider.sent == ["Dag Sofie"]


async def test_what_failed_says_so_and_is_sent_again_once(
    visited: Visited, delivery: Delivery, provider: Provider
) -> None:
    els, karim = await visited.as_("els"), await visited.as_("karim")
    id_ = await taken(visited, els)
    seq = await reply(els, visited, id_, "Dag Sofie")
    provider.failures = [BadInput("this number is not in use")]
    await delivery.deliver()
    page = await els.text(f"/desk/c/{id_}?lang=nl")
    assert marks(page) == {seq: "failed"}
    assert "Niet aangekomen bij de klant." in page
    assert "Opnieuw verzenden" in page
    other = await karim.text(f"/desk/c/{id_}")
    assert marks(other) == {seq: "failed"}
    assert 'data-testid="again"' not in other
    again = {"seq": str(seq)}
    assert (await karim.post(f"/desk/c/{id_}/again", again, headers=HTMX)).status == 409
    twice = await asyncio.gather(*(els.post(f"/desk/c/{id_}/again", again, headers=HTMX) for _ in range(2)))
    assert [answer.status for answer in twice] == [204, 204]
    assert twice[0].headers["HX-Trigger"] == "desk:said"
    while await delivery.deliver():
        pass
    assert provider.sent == ["Dag Sofie"]
    assert await last(visited, id_) == seq + 1
    page = await els.text(f"/desk/c/{id_}")
    assert marks(page) == {seq: "repeated", seq + 1: "sent"}
    assert 'data-testid="again"' not in page


async def test_nobody_knows_whether_it_arrived(
    visited: Visited, delivery: Delivery, provider: Provider
) -> None:
    els = await visited.as_("els")
    id_ = await taken(visited, els)
    seq = await reply(els, visited, id_, "Dag Sofie")
    provider.failures = [OutcomeUnknown("the line broke")]
    await delivery.deliver()
    page = await els.text(f"/desk/c/{id_}?lang=nl")
    assert marks(page) == {seq: "unknown"}
    assert 'data-testid="again"' not in page
    assert (await els.post(f"/desk/c/{id_}/again", {"seq": str(seq)}, headers=HTMX)).status == 204
    assert await last(visited, id_) == seq, "it may have arrived: it is not said twice"


@pytest.mark.parametrize("seq", ["", "x", "-1", "1e3", "9" * 30, "٣"])
async def test_a_number_that_is_none_is_refused(visited: Visited, seq: str) -> None:
    els = await visited.as_("els")
    id_ = await taken(visited, els)
    assert (await els.post(f"/desk/c/{id_}/again", {"seq": seq})).status == 400
