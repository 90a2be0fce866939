"""Who speaks: takeovers, hand-backs and races between agents, on both databases."""

from __future__ import annotations

import asyncio
import functools
from typing import Any

import pytest

from bot.model.conversation import Deed, Owner, Status
from bot.model.errors import Conflict, NotFound
from bot.model.events import Event
from bot.store import queue
from bot.store.database import Database
from bot.store.outbox import OutboxRow
from bot.store.views import conversation, timeline
from tests.store_talk import NOW, accept, claim, converse, message, said, save, seqs


async def transfer(database: Database, id_: str, deed: Deed, now: float = NOW, **more: Any) -> int:
    return await database.write(
        functools.partial(queue.transfer, conversation_id=id_, deed=deed, now=now, **more)
    )


async def outbox(database: Database, now: float = NOW, limit: int = 10) -> list[OutboxRow]:
    return await database.write(functools.partial(queue.claim_outbox, now=now, lease=30.0, limit=limit))


async def test_a_takeover_between_claim_and_save_silences_the_bot_and_keeps_the_record(
    database: Database,
) -> None:
    await accept(database)
    [claimed] = await claim(database)
    await transfer(database, claimed.id, Deed.CLAIM, agent_id="ann")
    last = await save(
        database,
        claimed,
        Event("understood", {"intent": "greet"}),
        said("Dag!"),
        Event("system", {"author": "system"}, {"text": "Ann neemt over"}),
        push=True,
        owner=Owner.QUEUE,
        status=Status.OPEN,
    )
    items = await database.read(lambda c: timeline(c, claimed.id))
    assert [item.type for item in items] == ["user", "owner", "understood", "system"]
    assert (last, await seqs(database, claimed.id)) == (4, [1, 2, 3, 4])
    view = await database.read(lambda c: conversation(c, claimed.id))
    assert view is not None
    assert (view.owner, view.agent_id, view.status, view.owner_epoch) == ("agent", "ann", "open", 1)
    assert (view.version, view.state) == (1, {"turns": 1})
    assert [row.author for row in await outbox(database)] == ["system"]
    assert await claim(database, now=NOW + 999) == []


async def test_a_takeover_cancels_what_the_bot_had_not_sent(database: Database) -> None:
    system = Event("system", {"author": "system"}, {"text": "U bent tweede in de rij"})
    id_ = await converse(database, said("een"), system, said("twee"), push=True)
    await transfer(database, id_, Deed.CLAIM, agent_id="ann")
    [row] = await outbox(database)
    assert (row.author, row.message.text) == ("system", "U bent tweede in de rij")
    await database.write(lambda c: queue.mark_sent(c, row, now=NOW))
    assert await outbox(database) == []


async def test_two_agents_claim_at_once_and_one_wins(database: Database) -> None:
    id_ = await converse(database, owner=Owner.QUEUE, status=Status.OPEN)
    results = await asyncio.gather(
        *(transfer(database, id_, Deed.CLAIM, agent_id=f"agent{n}") for n in range(6)), return_exceptions=True
    )
    assert sum(isinstance(result, int) for result in results) == 1
    assert sum(isinstance(result, Conflict) for result in results) == 5
    view = await database.read(lambda c: conversation(c, id_))
    winner = next(n for n, result in enumerate(results) if isinstance(result, int))
    assert view is not None
    assert view.agent_id == f"agent{winner}"
    assert await seqs(database, id_) == [1, 2]


async def test_only_the_agent_who_has_it_may_give_it_away(database: Database) -> None:
    id_ = await converse(database)
    await transfer(database, id_, Deed.CLAIM, agent_id="ann")
    with pytest.raises(Conflict):
        await transfer(database, id_, Deed.TO_BOT, expect_agent="bob")
    await transfer(database, id_, Deed.TRANSFER, agent_id="bob", expect_agent="ann")
    with pytest.raises(Conflict):
        await transfer(database, id_, Deed.RESOLVE, expect_agent="ann")
    await transfer(database, id_, Deed.RESOLVE, expect_agent="bob", outcome="solved")
    view = await database.read(lambda c: conversation(c, id_))
    assert view is not None
    assert (view.owner, view.status, view.agent_id, view.outcome) == ("bot", "resolved", None, "solved")
    assert view.owner_epoch == 3


@pytest.mark.parametrize("deed", [Deed.REPLY, Deed.TO_QUEUE, Deed.TO_BOT, Deed.TRANSFER])
async def test_what_the_table_does_not_have_is_a_conflict(database: Database, deed: Deed) -> None:
    id_ = await converse(database)
    with pytest.raises(Conflict):
        await transfer(database, id_, deed)
    assert await seqs(database, id_) == [1]


async def test_a_conversation_that_is_not_there(database: Database) -> None:
    with pytest.raises(NotFound):
        await transfer(database, "nobody", Deed.CLAIM, agent_id="ann")
    with pytest.raises(NotFound):
        await database.write(lambda c: queue.append(c, "nobody", [Event("note")], push=False, now=NOW))


async def test_messages_to_an_agent_wake_no_worker(database: Database) -> None:
    id_ = await converse(database, wake_at=NOW + 60)
    await transfer(database, id_, Deed.CLAIM, agent_id="ann")
    accepted = await accept(database, message(2))
    assert accepted.owner is Owner.AGENT
    assert await claim(database, now=NOW + 999) == []
    view = await database.read(lambda c: conversation(c, id_))
    assert view is not None
    assert view.waiting_since == NOW
    await database.write(
        lambda c: queue.append(c, id_, [Event("agent", {}, {"text": "dag"})], push=False, now=NOW)
    )
    view = await database.read(lambda c: conversation(c, id_))
    assert view is not None
    assert view.waiting_since is None


async def test_unread_messages_are_the_agents_but_a_result_is_still_recorded(database: Database) -> None:
    id_ = await converse(database)
    await accept(database, message(2), burst=5.0)
    await database.write(lambda c: queue.accept_result(c, id_, "action_result", "j", {"up": 1}, now=NOW))
    await transfer(database, id_, Deed.CLAIM, agent_id="ann")
    [claimed] = await claim(database)
    assert [row.kind for row in claimed.rows] == ["action_result"]
    late = Event("action", {"name": "a", "late": True})
    await save(database, claimed, late, said("Het werkt!"), owner=Owner.AGENT, status=Status.OPEN)
    items = await database.read(lambda c: timeline(c, id_))
    assert [item.type for item in items] == ["user", "user", "owner", "action"]


async def test_given_back_to_the_bot_the_next_message_is_the_bots(database: Database) -> None:
    id_ = await converse(database)
    await transfer(database, id_, Deed.CLAIM, agent_id="ann")
    await accept(database, message(2))
    await transfer(database, id_, Deed.TO_BOT, expect_agent="ann")
    await accept(database, message(3))
    [claimed] = await claim(database)
    assert [row.external_id for row in claimed.rows] == ["sofie-3"]
    assert claimed.owner is Owner.BOT


async def test_taken_over_and_given_back_during_one_turn_is_taken_over(database: Database) -> None:
    await accept(database)
    [claimed] = await claim(database)
    await transfer(database, claimed.id, Deed.CLAIM, agent_id="ann")
    await transfer(database, claimed.id, Deed.TO_BOT, expect_agent="ann")
    await accept(database, message(2))
    await save(database, claimed, said("Dag!"))
    items = await database.read(lambda c: timeline(c, claimed.id))
    assert "bot" not in [item.type for item in items]
    [again] = await claim(database)
    assert [row.external_id for row in again.rows] == ["sofie-2"]


# ── the outbox ────────────────────────────────────────────────────────────────────────────────────────────


async def test_messages_leave_in_order_and_one_at_a_time(database: Database) -> None:
    await converse(database, said("een"), said("twee"), push=True)
    await converse(database, said("uno"), sender="luis", push=True)
    heads = await outbox(database)
    assert sorted(row.message.text for row in heads) == ["een", "uno"]
    assert {row.recipient for row in heads} == {"sofie", "luis"}
    assert await outbox(database) == []
    first = next(row for row in heads if row.message.text == "een")
    await database.write(lambda c: queue.mark_failed(c, first, error="503", retry_at=NOW + 10))
    assert await outbox(database, now=NOW + 9) == []
    [again] = await outbox(database, now=NOW + 10)
    assert (again.message.text, again.attempts, again.key) == ("een", 2, first.key)
    await database.write(lambda c: queue.mark_sent(c, again, now=NOW + 10, external_id="x"))
    [second] = await outbox(database, now=NOW + 10)
    assert second.message.text == "twee"
    assert await database.write(lambda c: queue.mark_unknown(c, second, error="lost"))
    assert not await database.write(lambda c: queue.mark_failed(c, second, error="late", retry_at=None))


async def test_a_dead_senders_message_is_sent_by_another(database: Database) -> None:
    await converse(database, said("een"), push=True)
    [dead] = await outbox(database)
    [heir] = await outbox(database, now=NOW + 31)
    assert heir.key == dead.key
    assert not await database.write(lambda c: queue.mark_failed(c, dead, error="late", retry_at=None))


# ── jobs and leases ───────────────────────────────────────────────────────────────────────────────────────


async def test_jobs_are_ordered_once_and_passed_on(database: Database) -> None:
    job = queue.NewJob("c:1:1", "action", {"name": "action_check"}, NOW, "c")
    await converse(database, jobs=[job, job])
    [held] = await database.write(lambda c: queue.claim_jobs(c, now=NOW, lease=10, limit=5))
    assert (held.key, held.payload, held.attempts) == ("c:1:1", {"name": "action_check"}, 1)
    [heir] = await database.write(lambda c: queue.claim_jobs(c, now=NOW + 11, lease=10, limit=5))
    assert not await database.write(lambda c: queue.finish_job(c, held))
    assert await database.write(lambda c: queue.retry_job(c, heir, due_at=NOW + 20, error="time-out"))
    assert await database.read(queue.next_job_due) == NOW + 20
    [third] = await database.write(lambda c: queue.claim_jobs(c, now=NOW + 20, lease=10, limit=5))
    assert third.attempts == 3
    assert await database.write(lambda c: queue.finish_job(c, third))
    assert await database.write(lambda c: queue.claim_jobs(c, now=NOW + 99, lease=10, limit=5)) == []


async def test_a_named_lease_has_one_holder(database: Database) -> None:
    def take(holder: str, now: float) -> Any:
        return database.write(lambda c: queue.acquire_lease(c, "schedule", holder, now=now, seconds=10))

    answers = await asyncio.gather(*(take(f"h{n}", NOW) for n in range(8)))
    assert [answer for answer in answers if answer is not None] == [1]
    holder = f"h{answers.index(1)}"
    assert await take(holder, NOW + 5) == 1
    assert await take("other", NOW + 14) is None
    assert await take("other", NOW + 16) == 2
    await database.write(lambda c: queue.release_lease(c, "schedule", "other"))
    assert await take(holder, NOW + 16.1) == 3
