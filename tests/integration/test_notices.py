"""Customers hear who has their conversation, in the transaction that makes it so."""

from __future__ import annotations

from functools import cache

import pytest
from sqlalchemy import update

from bot.app.content import DEFAULT_DATA, load_pack
from bot.bus.local import LocalBus
from bot.dialogue.engine import new_tracker
from bot.dialogue.pack import Pack
from bot.model.conversation import Owner, Status
from bot.service.agents import Agent, Agents
from bot.service.notices import Notices
from bot.store import repositories as repo
from bot.store.database import Database
from bot.store.schema import conversations
from bot.store.views import TimelineItem, transcript
from handoff.calendar import Calendar, Span
from tests.store_talk import NOW, converse, ticket, user

ALWAYS = Calendar(((Span(0, 1440),),) * 7)
ELS = Agent("els", "Els")


@cache
def shipped() -> Pack:
    return load_pack(DEFAULT_DATA)


@pytest.fixture
def agents(database: Database) -> Agents:
    notices = Notices(shipped, lambda: ALWAYS, push={"web"}, clock=lambda: NOW)
    return Agents(database, LocalBus(), push={"web"}, tell=notices.tell, clock=lambda: NOW)


async def begun(database: Database, language: str = "nl", **more: object) -> str:
    """A conversation that the bot has, or as is said, of which something is known."""
    id_ = await converse(database, **more)  # type: ignore[arg-type]
    state = new_tracker(shipped(), id_, language, "web", {}).to_json()
    set_ = update(conversations).where(conversations.c.id == id_).values(state=state)
    await database.write(lambda c: c.execute(set_) and None)
    return id_


async def in_line(database: Database, language: str = "nl") -> str:
    id_ = await begun(database, language, owner=Owner.QUEUE, status=Status.OPEN, team="network")
    handoff = {"episode": 1, "team": "network", "reason": "asked", "priority": "P2", "now": NOW}
    await database.write(lambda c: repo.create_handoff(c, id_, **handoff) and None)
    return id_


async def heard(database: Database, id_: str) -> list[TimelineItem]:
    items = await database.read(lambda c: transcript(c, id_))
    return [item for item in items if item.type in ("system", "agent")]


@pytest.mark.parametrize(
    ("language", "words"),
    [("nl", "Els neemt het gesprek over"), ("fr", "Els prend le relais"), ("en", "Els has joined")],
)
async def test_who_takes_it_over_is_told_by_name(
    database: Database, agents: Agents, language: str, words: str
) -> None:
    id_ = await in_line(database, language)
    await agents.claim(id_, ELS)
    [notice] = await heard(database, id_)
    assert (notice.type, notice.data["name"]) == ("system", "Els")
    assert words in str((notice.content or {})["text"])


async def test_who_takes_it_from_the_bot_is_told_and_then_speaks(database: Database, agents: Agents) -> None:
    id_ = await begun(database)
    await agents.reply(id_, ELS, "Dag, ik kijk mee.")
    assert [item.type for item in await heard(database, id_)] == ["system", "agent"]
    await agents.reply(id_, ELS, "Nog een vraag.")
    assert [item.type for item in await heard(database, id_)] == ["system", "agent", "agent"]


async def test_the_line_is_told_with_its_place(database: Database, agents: Agents) -> None:
    id_ = await begun(database)
    await agents.claim(id_, ELS)
    await agents.to_queue(id_, ELS, team="network")
    *_, notice = await heard(database, id_)
    assert "andere collega" in str((notice.content or {})["text"])
    assert "als eerste" in str((notice.content or {})["text"])
    assert "name" not in notice.data


async def test_a_colleague_who_gets_it_is_told_by_their_own_name(database: Database, agents: Agents) -> None:
    colleague = await user(database, "ann")
    id_ = await begun(database)
    await agents.claim(id_, ELS)
    await agents.transfer(id_, ELS, to_agent=colleague.id)
    assert [item.data["name"] for item in await heard(database, id_)] == ["Els", "Ann A."]


async def test_who_waits_hears_nothing_of_another_team(database: Database, agents: Agents) -> None:
    id_ = await in_line(database)
    await agents.transfer(id_, ELS, team="accounts")
    assert await heard(database, id_) == []


@pytest.mark.parametrize(
    ("language", "words"), [("nl", "is afgesloten (ticket"), ("fr", "est clôturée"), ("en", "is now closed")]
)
async def test_that_it_was_closed_is_told(
    database: Database, agents: Agents, language: str, words: str
) -> None:
    id_ = await begun(database, language)
    await database.write(lambda c: repo.create_ticket(c, ticket(id_), episode=1, now=NOW))
    await agents.claim(id_, ELS)
    await agents.resolve(id_, ELS, "Router herstart.")
    *_, notice = await heard(database, id_)
    assert words in str((notice.content or {})["text"])
    assert notice.data["over"] is True
    assert "Router" not in str(notice.content), "the solution is the helpdesk's own"


async def test_back_in_line_it_has_the_tickets_priority(database: Database, agents: Agents) -> None:
    id_ = await begun(database)
    row = await database.write(lambda c: repo.create_ticket(c, ticket(id_), episode=1, now=NOW))
    await agents.claim(id_, ELS)
    await agents.to_queue(id_, ELS)
    found = await database.read(lambda c: repo.open_handoff(c, id_))
    assert found is not None
    assert found.priority == row.ticket.priority


async def test_what_is_reopened_has_an_open_ticket(database: Database, agents: Agents) -> None:
    id_ = await begun(database)
    row = await database.write(lambda c: repo.create_ticket(c, ticket(id_), episode=1, now=NOW))
    await agents.claim(id_, ELS)
    await agents.resolve(id_, ELS, "Router herstart.")
    await agents.claim(id_, ELS)
    found = await database.read(lambda c: repo.get_ticket(c, row.number))
    assert found is not None
    assert (found.status, found.solved_at) == ("open", None)
