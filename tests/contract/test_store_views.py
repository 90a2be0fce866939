"""The pages' read models, on both databases."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import delete, event

from bot.model.conversation import Deed, Status
from bot.model.events import Event
from bot.store import desk, desk_counts, queue, remarks, review_queue, views
from bot.store import repositories as repo
from bot.store.database import Database
from bot.store.deeds import transfer
from bot.store.desk import DeskQuery
from bot.store.review_queue import began_since
from bot.store.schema import CANNOT_HANDLE, contents
from bot.store.views import ReviewFilter
from tests.store_talk import NOW, accept, claim, converse, in_line, message, said, save, ticket, user


async def test_a_transcript_is_what_the_customer_saw(database: Database) -> None:
    note = Event("note", {"agent_id": "ann"}, {"text": "geheim"})
    id_ = await converse(
        database, Event("understood", {"intent": "greet", "confidence": 1.0}), said("Dag!"), note
    )
    spoken = await database.read(lambda c: views.transcript(c, id_))
    assert [(item.seq, item.type) for item in spoken] == [(1, "user"), (3, "bot")]
    assert [item.seq for item in await database.read(lambda c: views.transcript(c, id_, after=1))] == [3]
    everything = await database.read(lambda c: views.timeline(c, id_))
    assert [item.type for item in everything] == ["user", "understood", "bot", "note"]
    assert everything[1].content is None
    assert await database.read(lambda c: views.find_conversation(c, "web", "sofie")) == id_


async def test_one_conversation_with_all_about_it(database: Database) -> None:
    id_ = await in_line(database, "s", priority="P2", now=NOW)
    await database.write(lambda c: repo.create_ticket(c, ticket(id_), episode=1, now=NOW))
    view = await database.read(lambda c: views.conversation(c, id_))
    assert view is not None
    assert view.ticket is not None
    assert (view.ticket.number, view.position, view.team, view.sender_id) == (1001, 1, "network", "s")
    assert await database.read(lambda c: views.conversation(c, "nobody")) is None


async def test_the_reviews_filters(database: Database) -> None:
    def understood(intent: str, confidence: float) -> Event:
        return Event("understood", {"intent": intent, "confidence": confidence})

    await accept(database, message(sender="a", text="mijn PRINTER is kapot"))
    await _answer(database, understood("printer_problem", 0.9))
    await accept(database, message(2, sender="a", text="ja"))
    a = await _answer(database, understood("affirm", 0.4), outcome="solved")
    await accept(database, message(sender="b", text='zegt "100% vol"'), now=NOW + 10)
    b = await _answer(database, understood("storage_full", 0.45), now=NOW + 10)

    async def ids(**wanted: Any) -> list[str]:
        page = await database.read(lambda c: views.review_list(c, ReviewFilter(**wanted)))
        assert page.total == len(page.items)
        return [item.conversation_id for item in page.items]

    assert await ids() == [b, a]
    assert await ids(text="printer") == await ids(text=a) == [a]
    assert await ids(text="b ") == [b]  # the id of its sender
    assert await ids(text="100%") == [b]
    assert await ids(text="printer", speaker="user") == [a]
    assert await ids(text="printer", speaker="agent") == []
    assert await ids(text=a, speaker="bot") == [a], "an id is nobody's words"
    assert await ids(text="1_0") == []
    assert await ids(intent="printer_problem") == [a]
    assert await ids(unsure_below=0.5) == [b, a]
    assert await ids(unsure_below=0.45) == [a], "below, and not as much"
    assert await ids(intent="printer_problem", unsure_below=0.5) == []
    assert await ids(min_confidence=0.8) == [a]
    assert await ids(outcome="solved") == [a]
    assert await ids(owner="queue") == []
    assert await ids(language="nl", channel="web", since=NOW + 5, until=NOW + 11) == [b]
    await database.write(
        lambda c: repo.create_ticket(
            c, replace(ticket(b), summary="Problème de VPN : connexion impossible."), episode=1, now=NOW
        )
    )
    assert await ids(text="vpn probleme") == await ids(text='"connexion impossible"') == [b]
    assert await ids(text="vpn 100%") == [], "all words stand together, in a message or in a summary"
    assert await ids(text="vpn", speaker="user") == []
    assert await ids(text='"') == []
    page = await database.read(lambda c: views.review_list(c, limit=1, offset=1))
    [item] = page.items
    assert (page.total, item.first_text, item.turns) == (2, "mijn PRINTER is kapot", 2)
    assert (item.intents, item.confidence) == (("printer_problem", "affirm"), 0.4)


async def test_a_turn_that_answered_the_question_was_understood(database: Database) -> None:
    """In the list, its filters and the queue alike, however little the words mean by themselves."""

    def understood(intent: str, confidence: float) -> Event:
        return Event("understood", {"intent": intent, "confidence": confidence})

    answer = Event("slot", {"name": "who", "by": "collect"})
    stuck = Event("flow", {"flow": CANNOT_HANDLE, "change": "started"})
    told = {
        "answers": (understood("nlu_fallback", 0.9), answer),
        "answers with what resembles": (understood("affirm", 0.2), answer),
        "lost": (understood("nlu_fallback", 0.9),),
        "lost, and said so": (understood("wifi_problem", 0.9), stuck),
        "refused": (understood("wifi_problem", 0.2), answer, stuck),
        "unsure": (understood("wifi_problem", 0.4), Event("slot", {"name": "x", "by": "flow"})),
        "sure": (understood("wifi_problem", 0.8),),
    }
    for sender, events in told.items():
        await accept(database, message(sender=sender))
        await _answer(database, *events)
    await accept(database, message(2, sender="lost"))
    await _answer(database, understood("nlu_fallback", 0.9), answer)

    async def listed(**wanted: Any) -> dict[str, tuple[tuple[str, ...], float | None]]:
        page = await database.read(lambda c: views.review_list(c, ReviewFilter(**wanted)))
        assert page.total == len(page.items)
        return {item.sender_id: (item.intents, item.confidence) for item in page.items}

    lost, unsure = {"lost", "lost, and said so", "refused"}, {"unsure"}
    assert set(await listed(intent="nlu_fallback")) == lost
    assert set(await listed(unsure_below=0.5)) == lost | unsure
    assert set(await listed(intent="wifi_problem", unsure_below=0.5)) == lost - {"lost"} | unsure
    assert await listed() == {
        "answers": ((), None),
        "answers with what resembles": (("affirm",), None),
        "lost": (("nlu_fallback",), None),
        "lost, and said so": (("wifi_problem", "nlu_fallback"), 0.9),
        "refused": (("wifi_problem", "nlu_fallback"), None),
        "unsure": (("wifi_problem",), 0.4),
        "sure": (("wifi_problem",), 0.8),
    }
    began = [each.conversation_id for each in await database.read(lambda c: began_since(c, 0))]
    signs = await database.read(lambda c: review_queue.signs(c, began))
    assert sum(each.misunderstood > 0 for each in signs) == len(lost)
    assert sum(each.confidence is not None and each.confidence < 0.5 for each in signs) == len(unsure)


async def test_a_conversation_is_found_by_what_any_of_its_contacts_came_to(database: Database) -> None:
    def ended(outcome: str) -> Event:
        return Event("ended", {"outcome": outcome})

    async def said_again(n: int, *events: Event, **more: Any) -> str:
        await accept(database, message(n))
        return await _answer(database, *events, **more)

    async def found(outcome: str) -> list[tuple[str, str | None]]:
        page = await database.read(lambda c: views.review_list(c, ReviewFilter(outcome=outcome)))
        return [(item.conversation_id, item.outcome) for item in page.items]

    over = {"status": Status.RESOLVED}
    id_ = await said_again(1, ended("cancelled"), outcome="cancelled", **over)
    await said_again(2, ended("solved"), outcome="solved", **over)  # taken up again: what it came to is this
    await said_again(3, new_episode=True, outcome="")
    assert await found("solved") == [(id_, None)]
    await said_again(4, ended("unsolved"), outcome="unsolved", **over)
    assert await found("unsolved") == await found("solved") == [(id_, "unsolved")]
    assert await found("cancelled") == await found("silent") == []


async def test_the_reviews_filters_of_what_came_of_it(database: Database) -> None:
    def step(flow: str, name: str) -> Event:
        return Event("step", {"flow": flow, "step": name, "kind": "collect"})

    async def talk(sender: str, *events: Event) -> str:
        await accept(database, message(sender=sender))
        return await _answer(database, *events)

    asked = await talk(
        "a", step("wifi", "ask"), step("wifi_more", "ask"), step("pattern_user_silence", "end")
    )
    rated = await talk("b", step("wifi", "ask"), Event("satisfaction", {"score": 2}), step("wifi", "end"))
    taken = await in_line(database, "c", priority="P2", now=NOW)
    ann = await user(database)
    await database.write(lambda c: repo.claim_handoff(c, taken, agent_id=ann.id, now=NOW + 1))
    await database.write(lambda c: remarks.add_tag(c, rated, "training", by=ann.id, now=NOW))

    async def ids(**wanted: Any) -> set[str]:
        page = await database.read(lambda c: views.review_list(c, ReviewFilter(**wanted)))
        assert page.total == len(page.items)
        return {item.conversation_id for item in page.items}

    assert await ids(stopped="wifi") == {rated}
    assert await ids(stopped="wifi/end") == {rated}
    assert await ids(stopped="wifi/ask") == set()
    assert await ids(stopped="wifi_more/ask") == {asked}
    assert await ids(stopped="wif%") == set()
    assert await ids(satisfaction=(1, 2)) == {rated}
    assert await ids(satisfaction=(4, 5)) == set()
    assert await ids(agent=ann.id) == {taken}
    assert await ids(agent="nobody") == set()
    assert await ids(handed=True) == set()
    await database.write(lambda c: transfer(c, taken, Deed.CLAIM, agent_id=ann.id, now=NOW + 2))
    solved = Event("ended", {"outcome": "solved"}, {"solution": "Kabel gewisseld"})
    await database.write(lambda c: transfer(c, taken, Deed.RESOLVE, now=NOW + 3, events=[solved]))
    assert await ids(handed=True) == {taken}, "whatever came of it"
    page = await database.read(lambda c: views.review_list(c))
    assert {item.conversation_id for item in page.items if item.handed} == {taken}
    assert await ids(text="kabel") == {taken}
    number = (await database.write(lambda c: repo.create_ticket(c, ticket(rated), episode=1, now=NOW))).number
    assert await ids(text=str(number)) == await ids(text=f"#{number}") == {rated}
    assert await ids(text="#999999999") == await ids(text="#1²") == set()
    assert await ids(tag="training") == {rated}
    assert await ids(tag="trainin") == set()
    page = await database.read(lambda c: views.review_list(c))
    assert {item.conversation_id: item.stopped for item in page.items} == {
        asked: "wifi_more/ask", rated: "wifi/end", taken: "",
    }  # fmt: skip


async def _answer(database: Database, *events: Event, now: float = NOW, **more: Any) -> str:
    [claimed] = await claim(database, now=now)
    await save(database, claimed, *events, now=now, **more)
    return claimed.id


async def test_lists_take_as_many_queries_for_many_as_for_few(sqlite_database: Database) -> None:
    counts: list[int] = []
    for size in (2, 12):
        for n in range(size):
            await in_line(sqlite_database, f"{size}-{n}", priority="P3", now=NOW)
        statements: list[str] = []

        def count(*args: Any, statements: list[str] = statements) -> None:
            statements.append(args[2])

        def read(connection: Any, count: Any = count) -> int:
            event.listen(connection, "before_cursor_execute", count)
            found = len(desk.listed(connection, DeskQuery("els")).items)
            desk_counts.counts(connection, "els")
            found += len(views.review_list(connection).items)
            event.remove(connection, "before_cursor_execute", count)
            return found

        assert await sqlite_database.read(read) >= size * 2
        counts.append(len(statements))
    assert counts[0] == counts[1] == 9


@pytest.mark.parametrize(("offset", "shown"), [(0, 2), (2, 1), (3, 0), (9, 0)])
async def test_every_page_of_the_review_says_how_many_there_are(
    database: Database, offset: int, shown: int
) -> None:
    for n in range(3):
        await in_line(database, f"s{n}", priority="P3", now=NOW)
    page = await database.read(lambda c: views.review_list(c, limit=2, offset=offset))
    assert (len(page.items), page.total) == (shown, 3)


async def test_an_erased_message_leaves_its_place(database: Database) -> None:
    id_ = await converse(database, said("Dag!"))
    await database.write(
        lambda c: c.execute(delete(contents).where(contents.c.conversation_id == id_)).rowcount
    )
    spoken = await database.read(lambda c: views.transcript(c, id_))
    assert [(item.seq, item.content) for item in spoken] == [(1, None), (2, None)]
    assert queue.message_of("bot", spoken[1].data, None).text == ""
