"""A ticket's clock stands still while it is the customer's turn, and goes on by opening time; on both databases."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from bot.bus.local import LocalBus
from bot.model.conversation import Status
from bot.model.messages import InboundMessage
from bot.model.ticket import Priority
from bot.service import deeds, saying
from bot.service.agents import Agent, Agents, Work
from bot.service.ingest import Ingest
from bot.service.ticketing import Ticketing
from bot.store import desk, repositories
from bot.store.changes import changes_of
from bot.store.database import Database
from bot.store.schema import conversations, tickets
from tests.engine_talk import small_pack
from tests.fixtures_pages import POLICY
from tests.store_talk import converse, ticket

ELS = Agent("els", "Els")


def at(day: int, hour: int, minute: int = 0) -> float:
    """A moment of September 2026 in Brussels; the 7th is a Monday, open from 8.30 to 17.00."""
    return datetime(2026, 9, day, hour - 2, minute, tzinfo=UTC).timestamp()


PROMISED = POLICY.targets[Priority.P3].resolution


class Helped:
    """A conversation that Els has, with a ticket of P3 that was made on Monday at ten."""

    def __init__(self, database: Database) -> None:
        self.now = at(7, 10)
        self.database = database
        ticketing = Ticketing(small_pack, lambda: POLICY)
        self.ticketing, clock, bus = ticketing, lambda: self.now, LocalBus()
        self.agents = Agents(database, bus, resume=ticketing.resume, clock=clock)
        self.ingest = Ingest(database, bus, resume=ticketing.resume, clock=clock)
        self.id = ""

    async def begin(self) -> Helped:
        self.id = await converse(self.database)
        due = POLICY.calendar.add_business_time(datetime.fromtimestamp(self.now, UTC), PROMISED)
        filled = ticket(self.id, priority=Priority.P3, resolution_due=due)
        await self.database.write(lambda c: repositories.create_ticket(c, filled, episode=1, now=self.now))
        await self.agents.claim(self.id, ELS)
        return self

    async def snooze(self, until: float | None = None) -> None:
        await self.agents.do(self.id, ELS, lambda place: deeds.snooze(place, until))

    async def write(self, text: str = "hier ben ik") -> None:
        await self.ingest.receive(InboundMessage("web", "sofie", f"m{self.now}", text))

    async def due(self) -> tuple[float | None, float | None]:
        query = select(tickets.c.resolution_due, tickets.c.paused_at)
        due, paused = await self.database.read(lambda c: c.execute(query).one())
        return due, paused

    async def moved(self) -> float:
        """By how many hours of opening time the solution was put off; the clock must go on."""
        due, paused = await self.due()
        assert paused is None
        began = POLICY.calendar.add_business_time(datetime.fromtimestamp(at(7, 10), UTC), PROMISED)
        assert due is not None
        more = POLICY.calendar.business_time_between(began, datetime.fromtimestamp(due, UTC))
        return more.total_seconds() / 3600

    async def line(self) -> desk.DeskItem:
        wanted = desk.DeskQuery("els", status="snoozed" if await self.asleep() else "open")
        [item] = (await self.database.read(lambda c: desk.listed(c, wanted))).items
        return item

    async def asleep(self) -> bool:
        query = select(conversations.c.status)
        return await self.database.read(lambda c: c.execute(query).scalar_one()) == Status.SNOOZED


@pytest.fixture
async def helped(database: Database) -> Helped:
    return await Helped(database).begin()


async def test_it_stands_still_until_the_customer_answers(helped: Helped) -> None:
    assert (await helped.line()).due is not None
    helped.now = at(7, 11)
    await helped.snooze()
    assert (await helped.due())[1] == at(7, 11)
    assert (await helped.line()).due is None
    helped.now = at(8, 9, 30)
    await helped.write()
    assert await helped.moved() == 7  # from eleven to five, and from half past eight to half past nine
    number = (await helped.line()).ticket
    [change] = await helped.database.read(lambda c: changes_of(c, number or 0))
    assert (change.field, change.by_rule) == ("resolution_due", True)
    assert change.before < change.after
    assert (await helped.line()).due == (await helped.due())[0]
    helped.now = at(8, 12)
    await helped.write("en nog iets")
    assert await helped.moved() == 7


@pytest.mark.parametrize("how", ["wake", "reply", "resolve", "to_queue", "snooze"])
async def test_it_goes_on_when_an_agent_goes_on(helped: Helped, how: str) -> None:
    steps: dict[str, Work] = {
        "wake": deeds.wake,
        "reply": lambda place: saying.reply(place, "nog dit"),
        "resolve": lambda place: deeds.resolve(place, "opgelost"),
        "to_queue": deeds.to_queue,
        "snooze": lambda place: deeds.snooze(place, at(9, 9)),
    }
    helped.now = at(7, 11)
    await helped.snooze()
    helped.now = at(7, 13)
    await helped.agents.do(helped.id, ELS, steps[how])
    assert await helped.moved() == 2


async def test_a_snooze_until_a_moment_is_the_agents_own_time(helped: Helped) -> None:
    helped.now = at(7, 11)
    await helped.snooze(at(7, 13))
    assert (await helped.due())[1] is None
    helped.now = at(7, 14)
    await helped.agents.do(helped.id, ELS, deeds.wake)
    assert await helped.moved() == 0


async def test_pauses_add_up_and_one_that_is_asked_for_twice_is_one(helped: Helped) -> None:
    helped.now = at(7, 11)
    await helped.snooze()
    helped.now = at(7, 12)
    await helped.snooze()
    helped.now = at(7, 13)
    await helped.write()
    helped.now = at(7, 16)
    await helped.snooze()
    helped.now = at(8, 9)
    await helped.write()
    assert await helped.moved() == 2 + 1.5


async def test_another_priority_moves_the_due_time_and_keeps_the_pause(helped: Helped) -> None:
    helped.now = at(7, 11)
    await helped.snooze()
    helped.now = at(7, 12)
    await helped.agents.do(helped.id, ELS, lambda place: helped.ticketing.edit(place, {"priority": "P4"}))
    await helped.agents.do(helped.id, ELS, lambda place: helped.ticketing.edit(place, {"priority": "P3"}))
    assert (await helped.due())[1] == at(7, 11)
    helped.now = at(7, 15)
    await helped.write()
    assert await helped.moved() == 4
    await helped.agents.do(helped.id, ELS, lambda place: helped.ticketing.edit(place, {"priority": "P4"}))
    await helped.agents.do(helped.id, ELS, lambda place: helped.ticketing.edit(place, {"priority": "P3"}))
    assert await helped.moved() == 4
