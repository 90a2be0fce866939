"""The way of one message, on both databases: understood, decided, carried out, saved once."""

from __future__ import annotations

import asyncio

import pytest

from bot.bus.local import LocalBus
from bot.model.errors import Conflict
from bot.service.agents import Agent
from bot.service.notices import STILL_WAITING
from bot.service.waiting import QUIET
from bot.store import queue, views
from bot.store.database import Database
from tests.counter import Counter

ANN = Agent("ann", "Ann")


async def test_a_message_is_understood_decided_and_answered(counter: Counter) -> None:
    assert await counter.say("a", "mijn wifi") == ["Ik ben een bot.", "Welk toestel?"]
    assert await counter.say("a", "2") == ["Welke verdieping?"]
    accepted = await counter.accept("a", "4")
    items = await counter.timeline(accepted.conversation_id)
    assert [item.seq for item in items] == list(range(1, len(items) + 1))
    kinds = [item.type for item in items]
    assert kinds[0] == "user"
    assert {"understood", "decided", "flow", "step", "slot", "bot"} <= set(kinds)
    rules = [item.data["rule"] for item in items if item.type == "decided"]
    assert rules[:2] == ["digression", "offered_reply"]


async def test_a_choice_costs_no_reading(counter: Counter) -> None:
    await counter.say("a", "wifi")
    read = sum(counter.reader.batches)
    await counter.say("a", "laptop")
    assert sum(counter.reader.batches) == read


async def test_messages_that_come_together_are_one_turn(counter: Counter) -> None:
    counter.ingest.set_burst("test", 2.0)
    first = await counter.accept("a", "hallo")
    await counter.accept("a", "mijn wifi")
    await counter.accept("a", "op mijn laptop")
    counter.now += 10
    said = await counter.replies.answered(first, 10)
    texts = [(item.content or {})["text"] for item in said if item.type == "bot"]
    assert texts == ["Ik ben een bot.", "Welke verdieping?"]


async def test_a_person_asked_for_inside_a_burst_is_heard(counter: Counter) -> None:
    counter.ingest.set_burst("test", 2.0)
    first = await counter.accept("a", "mijn wifi op mijn laptop")
    await counter.accept("a", "een mens graag")
    counter.now += 10
    said = await counter.replies.answered(first, 10)
    texts = [(item.content or {})["text"] for item in said if item.type != "user"]
    assert texts[-1] == "Ik haal iemand: 1001."


async def test_a_person_asked_for_beside_a_problem_is_heard(counter: Counter) -> None:
    said = await counter.say("a", "de wifi op mijn laptop hapert, geef mij eens een mens")
    assert said[-1] == "Ik haal iemand: 1001."


async def test_fifty_copies_of_a_message_get_one_answer(counter: Counter) -> None:
    accepted = await asyncio.gather(*(counter.accept("a", "wifi", id="same") for _ in range(50)))
    assert sum(not each.duplicate for each in accepted) == 1
    await counter.replies.answered(accepted[0], 10)
    items = await counter.timeline(accepted[0].conversation_id)
    assert [item.type for item in items if item.type in ("user", "bot")] == ["user", "bot", "bot"]


async def test_many_conversations_are_understood_in_batches(counter: Counter) -> None:
    said = await asyncio.gather(*(counter.say(f"s{n}", "wifi") for n in range(60)))
    assert all(each == ["Ik ben een bot.", "Welk toestel?"] for each in said)
    assert max(counter.reader.batches) > 1
    assert sum(counter.reader.batches) == 60


async def test_a_text_that_breaks_the_reader_is_answered_and_harms_nobody(counter: Counter) -> None:
    broken, well = await asyncio.gather(counter.say("a", "boem"), counter.say("b", "dag"))
    assert broken == ["Er ging iets mis."]
    assert (await counter.say("a", "wifi"))[-1] == "Welk toestel?"
    assert well == ["Ik ben een bot.", "Dag."]


async def test_a_slow_action_speaks_first_and_its_result_comes_through_the_inbox(counter: Counter) -> None:
    counter.doubles.gate = asyncio.Event()
    accepted = await counter.accept("a", "printer op mijn laptop")
    while not counter.doubles.called:
        await counter.bus.wait("never", 0.01)
    busy = await counter.accept("a", "en?")
    await _until(counter, busy.conversation_id, "Nog even.")
    counter.doubles.gate.set()
    said = await counter.replies.answered(accepted, 10)
    assert [(item.content or {})["text"] for item in said if item.type == "bot"] == ["Opgelost.", "Nog iets?"]
    assert len(counter.doubles.called) == 1


async def test_a_person_takes_over_and_the_bot_is_silent(counter: Counter) -> None:
    assert (await counter.say("a", "een mens"))[-1] == "Ik haal iemand: 1001."
    accepted = await counter.accept("a", "bent u daar?")
    view = await counter.database.read(lambda c: views.conversation(c, accepted.conversation_id))
    assert view is not None
    assert (view.owner, view.status, view.team) == ("queue", "open", "desk")
    await counter.agents.claim(accepted.conversation_id, ANN)
    with pytest.raises(Conflict):
        await counter.agents.claim(accepted.conversation_id, Agent("bob", "Bob"))
    await counter.agents.reply(accepted.conversation_id, ANN, "Dag, ik ben Ann")
    await counter.accept("a", "wifi")
    kinds = [item.type for item in await counter.timeline(accepted.conversation_id)]
    assert kinds[-2:] == ["agent", "user"]


async def test_who_writes_while_waiting_is_told_once_that_it_is_added(counter: Counter) -> None:
    await counter.say("a", "een mens")
    first = await counter.accept("a", "bent u daar?")
    await counter.accept("a", "hallo?")

    async def told() -> int:
        items = await counter.timeline(first.conversation_id)
        return sum(item.type == "system" and item.data.get("response") == STILL_WAITING for item in items)

    assert await told() == 1
    counter.now += QUIET + 1
    await counter.accept("a", "nog altijd niets")
    assert await told() == 2
    await counter.agents.claim(first.conversation_id, ANN)
    counter.now += QUIET + 1
    await counter.accept("a", "dag Ann")
    assert await told() == 2, "a person is there now"


async def test_back_at_the_bot_it_says_so_and_goes_on(counter: Counter) -> None:
    await counter.say("a", "een mens")
    accepted = await counter.accept("a", "hallo?")
    await counter.agents.claim(accepted.conversation_id, ANN)
    await counter.agents.to_bot(accepted.conversation_id, ANN)
    await _until(counter, accepted.conversation_id, "Ik ben er weer.")
    assert (await counter.say("a", "wifi"))[-1] == "Welk toestel?"


async def test_after_a_resolution_a_new_message_opens_a_fresh_episode(counter: Counter) -> None:
    await counter.say("a", "wifi op mijn laptop")
    await counter.say("a", "een mens")
    accepted = await counter.accept("a", "hallo?")
    await counter.agents.claim(accepted.conversation_id, ANN)
    await counter.agents.resolve(accepted.conversation_id, ANN, "Router herstart")
    await _until(counter, accepted.conversation_id, "Hoeveel sterren?")
    assert (await counter.say("a", "dank u"))[-2:] == ["Graag gedaan.", "Hoeveel sterren?"]
    assert await counter.say("a", "wifi") == ["Ik ben een bot.", "Welk toestel?"]
    view = await counter.database.read(lambda c: views.conversation(c, accepted.conversation_id))
    assert view is not None
    assert (view.owner, view.status, view.episode) == ("bot", "pending", 2)


async def test_an_outcome_is_that_of_the_latest_problem(counter: Counter) -> None:
    accepted = await counter.accept("a", "printer van mijn laptop")
    await _until(counter, accepted.conversation_id, "Nog iets?")

    async def outcome() -> str | None:
        view = await counter.database.read(lambda c: views.conversation(c, accepted.conversation_id))
        assert view is not None
        return view.outcome

    assert await outcome() == "solved"
    await counter.say("a", "dank u")
    assert await outcome() == "solved", "pleasantries open nothing"
    await counter.say("a", "wifi")
    assert await outcome() is None, "a second problem is open"
    await counter.say("a", "laat maar")
    assert await outcome() is None, "and it was given up"
    await counter.say("a", "een mens")
    assert await outcome() == "handed_off"


async def test_what_a_person_solved_stays_so_when_the_customer_says_thanks(counter: Counter) -> None:
    await counter.say("a", "een mens")
    accepted = await counter.accept("a", "hallo?")
    await counter.agents.claim(accepted.conversation_id, ANN)
    await counter.agents.resolve(accepted.conversation_id, ANN, "Router herstart")
    await _until(counter, accepted.conversation_id, "Hoeveel sterren?")
    await counter.say("a", "dank u")
    view = await counter.database.read(lambda c: views.conversation(c, accepted.conversation_id))
    assert view is not None
    assert view.outcome == "solved"


async def test_silence_is_noticed_by_the_clock(counter: Counter) -> None:
    accepted = await counter.accept("a", "wifi")
    await _until(counter, accepted.conversation_id, "Welk toestel?")
    counter.now += 601
    await _until(counter, accepted.conversation_id, "Bent u er nog?")
    counter.now += 601
    async with asyncio.timeout(10):
        while True:
            view = await counter.database.read(lambda c: views.conversation(c, accepted.conversation_id))
            if view is not None and view.status == "resolved":
                break
            await counter.bus.wait("never", 0.02)
    assert view.outcome == "silent"


async def test_a_worker_that_died_in_a_turn_is_followed_by_another(database: Database) -> None:
    counter = Counter(database, LocalBus(), lease=30)
    accepted = await counter.accept("a", "wifi")
    # Somebody claimed it and was killed before saving.
    await database.write(lambda c: queue.claim(c, now=counter.now, lease=30, limit=1))
    counter.worker.start()
    counter.now += 31
    said = await counter.replies.answered(accepted, 10)
    assert [item.type for item in said] == ["bot", "bot"]
    await counter.close()


async def test_a_proven_identity_is_one_customer_in_all_their_conversations(counter: Counter) -> None:
    from bot.model.messages import InboundMessage

    ids = [
        (
            await counter.ingest.receive(InboundMessage("test", sender, sender, "dag", identity=who))
        ).conversation_id
        for sender, who in (("a", "jan"), ("b", "jan"), ("c", "piet"), ("d", None))
    ]
    known = [await counter.database.read(lambda c, id=id: views.conversation(c, id)) for id in ids]
    customers = [view.customer.id if view and view.customer else None for view in known]
    assert customers[0] == customers[1] is not None
    assert customers[2] not in (None, customers[0])
    assert customers[3] is None


async def _until(counter: Counter, conversation_id: str, text: str) -> None:
    """Wait until the customer is told `text`."""
    async with asyncio.timeout(10):
        while True:
            items = await counter.timeline(conversation_id)
            if any((item.content or {}).get("text") == text for item in items):
                return
            await counter.bus.wait("never", 0.02)
