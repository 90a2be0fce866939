"""Agents' deeds: one transaction each, the ticket and the line kept in step, everybody told."""

from __future__ import annotations

import asyncio

import pytest

from bot.bus import DESK, WORK, conversation_topic
from bot.bus.local import LocalBus
from bot.model.conversation import Owner, Status
from bot.model.errors import Conflict, Malformed, NotFound
from bot.service.agents import Agent, Agents
from bot.store import accounts
from bot.store import repositories as repo
from bot.store.database import Database
from bot.store.queue import claim_outbox
from bot.store.views import ConversationView, conversation, timeline
from tests.store_talk import NOW, claim, converse, save, ticket, user

ANN, BOB = Agent("ann", "Ann"), Agent("bob", "Bob")


@pytest.fixture
def bus() -> LocalBus:
    return LocalBus()


@pytest.fixture
def agents(database: Database, bus: LocalBus) -> Agents:
    return Agents(database, bus, push={"web"}, clock=lambda: NOW)


@pytest.fixture
async def waiting(database: Database) -> str:
    """A conversation in line, with its ticket."""
    id_ = await converse(database, owner=Owner.QUEUE, status=Status.OPEN, team="network")
    await database.write(lambda c: repo.create_ticket(c, ticket(id_), episode=1, now=NOW))
    await database.write(
        lambda c: repo.create_handoff(
            c, id_, episode=1, team="network", reason="asked", priority="P2", now=NOW
        )
    )
    return id_


async def _view(database: Database, id_: str) -> ConversationView:
    view = await database.read(lambda c: conversation(c, id_))
    assert view is not None
    return view


async def _types(database: Database, id_: str) -> list[str]:
    return [item.type for item in await database.read(lambda c: timeline(c, id_))]


async def test_one_of_many_claims_wins(database: Database, agents: Agents, waiting: str) -> None:
    everybody = [Agent(f"a{n}", f"A{n}") for n in range(6)]
    results = await asyncio.gather(*(agents.claim(waiting, one) for one in everybody), return_exceptions=True)
    assert sum(isinstance(result, Conflict) for result in results) == 5
    winner = next(n for n, result in enumerate(results) if isinstance(result, int))
    view = await _view(database, waiting)
    assert view.agent_id == f"a{winner}"
    assert view.handoff is not None
    assert (view.handoff.agent_id, view.handoff.claimed_at) == (f"a{winner}", NOW)


async def test_everybody_is_told(bus: LocalBus, agents: Agents, waiting: str) -> None:
    async with bus.subscribe(conversation_topic(waiting)) as feed, bus.subscribe(DESK) as desk:
        seq = await agents.claim(waiting, ANN)
        assert await anext(feed) == {"type": "seq", "seq": seq}
        assert await anext(desk) == {"type": "list"}
        assert await bus.wait(WORK, 0.0) is True


async def test_the_engine_hears_of_a_deed(database: Database, agents: Agents, waiting: str) -> None:
    await agents.claim(waiting, ANN)
    [claimed] = await claim(database)
    [row] = claimed.rows
    assert row.kind == "deed"
    assert (row.data["deed"], row.data["agent_id"], row.data["name"]) == ("claim", "ann", "Ann")
    await save(database, claimed, owner=Owner.AGENT, status=Status.OPEN)
    assert (await _view(database, waiting)).agent_id == "ann"


async def test_a_reply_goes_out_once(database: Database, agents: Agents, waiting: str) -> None:
    await agents.claim(waiting, ANN)
    first = await agents.reply(waiting, ANN, " Dag Sofie ", key="r1")
    assert await agents.reply(waiting, ANN, "Dag Sofie", key="r1") == first
    rows = await database.write(lambda c: claim_outbox(c, now=NOW, lease=9, limit=9))
    assert [(row.author, row.message.text) for row in rows] == [("agent", "Dag Sofie")]
    assert (await _types(database, waiting)).count("agent") == 1


async def test_a_reply_takes_ownership(database: Database, agents: Agents) -> None:
    id_ = await converse(database)
    await agents.reply(id_, ANN, "Ik neem het over")
    view = await _view(database, id_)
    assert (view.owner, view.agent_id) == ("agent", "ann")
    assert await _types(database, id_) == ["user", "owner", "agent"]
    with pytest.raises(Conflict):
        await agents.reply(id_, BOB, "Ik ook")
    assert await _types(database, id_) == ["user", "owner", "agent"]


async def test_a_note_changes_no_owner_and_keeps_no_secret(
    database: Database, agents: Agents, waiting: str
) -> None:
    await agents.note(waiting, BOB, "klant gaf kaart 4111 1111 1111 1111")
    items = await database.read(lambda c: timeline(c, waiting))
    assert items[-1].type == "note"
    assert "4111" not in str(items[-1].content)
    assert (await _view(database, waiting)).owner == "queue"


async def test_back_to_the_line_of_another_team(database: Database, agents: Agents, waiting: str) -> None:
    await agents.claim(waiting, ANN)
    with pytest.raises(Conflict):
        await agents.to_queue(waiting, BOB)
    await agents.to_queue(waiting, ANN, team="devices")
    view = await _view(database, waiting)
    assert (view.owner, view.agent_id, view.team, view.position) == ("queue", None, "devices", 1)
    assert view.handoff is not None
    assert (view.handoff.team, view.handoff.priority, view.handoff.reason) == ("devices", "P2", "returned")
    assert view.ticket is not None
    assert view.ticket.ticket.team == "devices"


async def test_a_lost_race_leaves_nothing_behind(database: Database, agents: Agents, waiting: str) -> None:
    """The handoff and the ticket are changed before the owner is checked; all of it must be undone."""
    before = await _view(database, waiting)
    with pytest.raises(Conflict):
        await agents.to_queue(waiting, ANN, team="devices")  # it is nobody's to give back
    assert await _view(database, waiting) == before


async def test_back_to_the_bot(database: Database, agents: Agents, waiting: str) -> None:
    await agents.claim(waiting, ANN)
    with pytest.raises(Conflict):
        await agents.to_bot(waiting, BOB)
    await agents.to_bot(waiting, ANN)
    view = await _view(database, waiting)
    assert (view.owner, view.status, view.handoff) == ("bot", "pending", None)


async def test_resolved_with_a_solution(database: Database, agents: Agents, waiting: str) -> None:
    await agents.claim(waiting, ANN)
    with pytest.raises(Malformed):
        await agents.resolve(waiting, ANN, "  ")
    await agents.resolve(waiting, ANN, "Kabel gewisseld")
    view = await _view(database, waiting)
    assert (view.owner, view.status, view.outcome, view.handoff) == ("bot", "resolved", "solved", None)
    assert view.ticket is not None
    assert (view.ticket.status, view.ticket.solution, view.ticket.solved_at) == (
        "solved",
        "Kabel gewisseld",
        NOW,
    )
    assert (await _types(database, waiting))[-2:] == ["owner", "ended"]


async def test_to_a_colleague_and_to_a_team(database: Database, agents: Agents, waiting: str) -> None:
    await agents.transfer(waiting, ANN, team="devices")  # still in line
    assert (await _view(database, waiting)).team == "devices"
    await agents.claim(waiting, ANN)
    bob = await user(database, "bob")
    await agents.transfer(waiting, ANN, to_agent=bob.id, note="Bob, jij kent dit.")
    view = await _view(database, waiting)
    assert view.handoff is not None
    assert (view.agent_id, view.handoff.agent_id) == (bob.id, bob.id)
    assert (await _types(database, waiting))[-2:] == ["note", "owner"], "the note goes with it"
    with pytest.raises(Conflict):
        await agents.transfer(waiting, ANN, team="network", note="toch niet")
    assert (await _types(database, waiting))[-1] == "owner", "and not without it"
    await agents.transfer(waiting, Agent(bob.id, "Bob"), team="network")
    view = await _view(database, waiting)
    assert (view.owner, view.team, view.agent_id) == ("queue", "network", None)
    for nobody in ("nobody", ""):
        with pytest.raises(Malformed):
            await agents.transfer(waiting, BOB, to_agent=nobody)
    with pytest.raises(Malformed):
        await agents.transfer(waiting, BOB)


async def test_every_deed_is_in_the_audit_log(database: Database, agents: Agents, waiting: str) -> None:
    await agents.claim(waiting, ANN)
    await agents.resolve(waiting, ANN, "klaar")
    entries = await database.read(accounts.audit_entries)
    assert [(entry.actor, entry.deed) for entry in entries] == [("ann", "resolve"), ("ann", "claim")]
    assert {entry.subject for entry in entries} == {f"conversation:{waiting}"}


async def test_a_conversation_that_is_not_there(agents: Agents) -> None:
    with pytest.raises(NotFound):
        await agents.claim("nobody", ANN)


async def test_what_is_resolved_is_not_resolved_again(
    database: Database, agents: Agents, waiting: str
) -> None:
    await agents.claim(waiting, ANN)
    await agents.resolve(waiting, ANN, "kabel vervangen")
    with pytest.raises(Conflict):
        await agents.resolve(waiting, BOB, "iets anders")
    view = await _view(database, waiting)
    assert view.ticket is not None
    assert view.ticket.solution == "kabel vervangen"
