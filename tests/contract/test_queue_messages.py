"""The way of a message, on both databases: nothing lost, nothing doubled, every number given once."""

from __future__ import annotations

import asyncio

import pytest

from bot.model.conversation import Owner, Status
from bot.model.errors import NotFound, StaleVersion
from bot.model.events import Event
from bot.model.messages import Attachment, InboundMessage
from bot.store import queue
from bot.store.database import Database
from bot.store.views import conversation, timeline, transcript
from tests.store_talk import NOW, accept, claim, converse, message, said, save, seqs


async def test_a_message_is_kept_with_its_words(database: Database) -> None:
    picture = Attachment("a.png", "image/png", 3, "h", "id", 4, 5)
    sent = InboundMessage("web", "s", "1", "Hallo 👋", "/greet", language="fr", attachments=(picture,))
    accepted = await accept(database, sent)
    assert (accepted.seq, accepted.duplicate, accepted.created, accepted.owner) == (1, False, True, Owner.BOT)
    [claimed] = await claim(database)
    assert (claimed.id, claimed.language, claimed.state) == (accepted.conversation_id, "fr", None)
    [row] = claimed.rows
    assert (row.kind, row.text, row.payload, row.seq, row.external_id) == (
        "message",
        "Hallo 👋",
        "/greet",
        1,
        "1",
    )
    assert row.data["attachments"] == [
        {
            "name": "a.png",
            "content_type": "image/png",
            "size": 3,
            "blob": "h",
            "id": "id",
            "width": 4,
            "height": 5,
        }
    ]


async def test_fifty_copies_at_once_are_one_message_and_one_reply(database: Database) -> None:
    copies = await asyncio.gather(*(accept(database) for _ in range(50)))
    assert sum(not copy.duplicate for copy in copies) == 1
    assert {(copy.conversation_id, copy.seq) for copy in copies} == {(copies[0].conversation_id, 1)}
    claims = await asyncio.gather(*(claim(database) for _ in range(5)))
    [claimed] = [one for each in claims for one in each]
    assert len(claimed.rows) == 1
    await save(database, claimed, said("dag"), push=True)
    await accept(database)
    assert await claim(database) == []
    rows = await database.write(lambda c: queue.claim_outbox(c, now=NOW, lease=1, limit=10))
    assert [row.message.text for row in rows] == ["dag"]


async def test_a_copy_that_comes_later_gets_the_first_ones_number(database: Database) -> None:
    await accept(database, message(1))
    await accept(database, message(2))
    again = await accept(database, message(1))
    assert (again.seq, again.duplicate, again.created) == (1, True, False)


async def test_the_same_id_on_another_channel_is_another_message(database: Database) -> None:
    await accept(database, InboundMessage("web", "a", "1", "x"))
    other = await accept(database, InboundMessage("rest", "a", "1", "x"))
    assert not other.duplicate


async def test_a_burst_is_one_turn(database: Database) -> None:
    for n, at in enumerate((0.0, 0.8, 1.6)):
        await accept(database, message(n, text=f"deel {n}"), now=NOW + at, burst=1.0)
    assert await claim(database, now=NOW + 2.5) == []
    assert await database.read(queue.next_due) == NOW + 2.6
    [claimed] = await claim(database, now=NOW + 2.6)
    assert [row.text for row in claimed.rows] == ["deel 0", "deel 1", "deel 2"]


async def test_who_never_stops_typing_is_answered_all_the_same(database: Database) -> None:
    for n in range(12):
        await accept(database, message(n), now=NOW + n * 0.5, burst=1.0)
    assert len(await claim(database, now=NOW + 4.0)) == 1


async def test_what_comes_during_a_turn_is_for_the_next(database: Database) -> None:
    await accept(database, message(1))
    [first] = await claim(database)
    await accept(database, message(2, text="en nog iets"), now=NOW + 1, burst=1.0)
    assert await claim(database, now=NOW + 3) == []  # one worker at a time
    last = await save(database, first, said("antwoord"), now=NOW + 3, wake_at=NOW + 600)
    assert last == 3
    [second] = await claim(database, now=NOW + 3)
    assert ([row.text for row in second.rows], second.state) == (["en nog iets"], {"turns": 1})
    items = await database.read(lambda c: timeline(c, first.id))
    assert [(item.type, item.turn) for item in items] == [("user", 1), ("user", 2), ("bot", 1)]


async def test_a_timer_comes_when_nothing_else_does(database: Database) -> None:
    await accept(database)
    [claimed] = await claim(database)
    await save(database, claimed, wake_at=NOW + 60)
    assert await claim(database, now=NOW + 59) == []
    [again] = await claim(database, now=NOW + 60)
    assert again.timer
    assert not again.rows
    await save(database, again, now=NOW + 60)
    assert await claim(database, now=NOW + 9_999) == []


async def test_a_message_before_the_timer_is_no_timer(database: Database) -> None:
    await converse(database, wake_at=NOW + 60)
    await accept(database, message(2), now=NOW + 60)
    [claimed] = await claim(database, now=NOW + 61)
    assert not claimed.timer
    assert len(claimed.rows) == 1


async def test_a_lease_passes_on_and_the_late_worker_cannot_save(database: Database) -> None:
    await accept(database)
    [dead] = await claim(database, lease=30)
    assert await claim(database, now=NOW + 29) == []
    [heir] = await claim(database, now=NOW + 31)
    assert heir.rows == dead.rows
    with pytest.raises(StaleVersion):
        await save(database, dead, said("te laat"), now=NOW + 32, push=True)
    await save(database, heir, said("op tijd"), now=NOW + 33)
    with pytest.raises(StaleVersion):
        await save(database, dead, said("veel te laat"), now=NOW + 34)
    spoken = await database.read(lambda c: transcript(c, dead.id))
    assert [item.content and item.content["text"] for item in spoken][1:] == ["op tijd"]


async def test_a_conversation_that_is_given_back_is_due_again(database: Database) -> None:
    await accept(database)
    [claimed] = await claim(database)
    await database.write(lambda c: queue.release(c, claimed, now=NOW, delay=5))
    assert await claim(database, now=NOW + 4) == []
    [again] = await claim(database, now=NOW + 5)
    assert len(again.rows) == 1


async def test_two_workers_never_hold_the_same(database: Database) -> None:
    await asyncio.gather(*(accept(database, message(sender=f"s{n}")) for n in range(40)))
    taken = await asyncio.gather(*(claim(database, limit=7) for _ in range(10)))
    ids = [one.id for each in taken for one in each]
    assert len(ids) == len(set(ids)) == 40
    assert all(len(each) <= 7 for each in taken)


async def test_numbers_have_no_gap_and_no_double_under_concurrency(database: Database) -> None:
    first = await accept(database, message("first"))
    id_ = first.conversation_id
    work: asyncio.Event = asyncio.Event()

    async def customer(n: int) -> None:
        for k in range(8):
            await accept(database, message(f"{n}-{k}"))
            work.set()

    async def colleague() -> None:
        for _ in range(8):
            await database.write(
                lambda c: queue.append(c, id_, [Event("note"), Event("note")], push=False, now=NOW)
            )

    async def worker() -> int:
        turns = 0
        while not done.is_set() or await _due(database):
            for claimed in await claim(database):
                await save(database, claimed, *(said(f"{n}") for n in range(3)))
                turns += 1
        return turns

    done = asyncio.Event()
    workers = [asyncio.create_task(worker()) for _ in range(2)]
    await asyncio.gather(*(customer(n) for n in range(4)), colleague())
    done.set()
    turns = sum(await asyncio.gather(*workers))
    numbers = await seqs(database, id_)
    assert numbers == list(range(1, 1 + 4 * 8 + 2 * 8 + 3 * turns + 1))
    view = await database.read(lambda c: conversation(c, id_))
    assert view is not None
    assert (view.seq, view.version) == (len(numbers), turns)


async def _due(database: Database) -> bool:
    return await database.read(queue.next_due) is not None


async def test_a_result_comes_back_once_and_starts_a_turn(database: Database) -> None:
    id_ = await converse(database)
    result = {"ok": True, "slots": {"up": True}}
    for expected in (True, False):
        new = await database.write(
            lambda c: queue.accept_result(c, id_, "action_result", "job-1", result, now=NOW)
        )
        assert new is expected
    [claimed] = await claim(database)
    assert [(row.kind, row.external_id, row.data, row.seq) for row in claimed.rows] == [
        ("action_result", "job-1", result, None)
    ]
    with pytest.raises(NotFound):
        await database.write(lambda c: queue.accept_result(c, "nobody", "deed", "1", {}, now=NOW))


async def test_a_result_does_not_cut_a_burst_short(database: Database) -> None:
    id_ = await converse(database)
    await accept(database, message(2), burst=2.0)
    await database.write(lambda c: queue.accept_result(c, id_, "deed", "1", {}, now=NOW + 1))
    assert await claim(database, now=NOW + 1) == []
    [claimed] = await claim(database, now=NOW + 2)
    assert [row.kind for row in claimed.rows] == ["message", "deed"]


async def test_a_turn_saves_all_it_came_to(database: Database) -> None:
    id_ = await converse(
        database,
        Event("understood", {"intent": "wifi_problem", "confidence": 0.9}, {"entities": []}),
        said("Ik verbind u door."),
        owner=Owner.QUEUE,
        status=Status.OPEN,
        team="network",
        outcome="handed_over",
        customer_id="c1",
        new_episode=True,
    )
    view = await database.read(lambda c: conversation(c, id_))
    assert view is not None
    assert (view.owner, view.status, view.owner_epoch, view.team) == ("queue", "open", 1, "network")
    assert (view.outcome, view.episode, view.waiting_since, view.state) == (
        "handed_over",
        2,
        NOW,
        {"turns": 1},
    )


async def test_opening_twice_is_one_conversation(database: Database) -> None:
    opened = await asyncio.gather(
        *(database.write(lambda c: queue.open_conversation(c, "web", "s", now=NOW)) for _ in range(10))
    )
    assert len({id_ for id_, _ in opened}) == 1
    assert sum(made for _, made in opened) == 1
