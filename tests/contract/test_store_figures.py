"""What figures are read from, on both databases: contacts over episodes, filters, due times, intents, funnels."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from sqlalchemy import Connection, event

from bot.model.conversation import Deed, Owner, Status
from bot.model.events import Event
from bot.store import figures, funnel, runs, suggestions
from bot.store import repositories as repo
from bot.store.database import Database
from bot.store.figures import Wanted
from bot.store.queue import append, transfer
from bot.store.schema import CANNOT_HANDLE
from bot.store.views import conversation, timeline
from handoff.contacts import Contact
from tests.store_talk import NOW, accept, claim, message, save, ticket, user

DAY = 86_400.0
ALL = Wanted(NOW - DAY, NOW + 90 * DAY)


def understood(intent: str) -> Event:
    return Event("understood", {"intent": intent, "confidence": 0.9})


def flow(change: str, name: str = "wifi_problem", **more: str) -> Event:
    return Event("flow", {"flow": name, "change": change, **more})


def step(name: str, of: str = "wifi_problem") -> Event:
    return Event("step", {"flow": of, "step": name, "kind": "collect"})


async def turn(
    database: Database, sender: str, number: int, *events: Event, now: float, **more: object
) -> str:
    """One message and its turn; the conversation's id."""
    accepted = await accept(database, message(number, sender=sender), now=now)
    [claimed] = [each for each in await claim(database, now=now) if each.id == accepted.conversation_id]
    await save(database, claimed, *events, now=now, **more)  # type: ignore[arg-type]
    return accepted.conversation_id


async def handed(database: Database, sender: str, *, now: float, team: str = "network") -> str:
    """A conversation that was begun, handed over a minute later, answered, and solved by Ann."""
    id_ = await turn(database, sender, 1, understood("wifi_problem"), flow("started"), step("ask"), now=now)
    await turn(
        database, sender, 2, Event("handoff", {"reason": "asked", "team": team}), now=now + 60,
        owner=Owner.QUEUE, status=Status.OPEN, team=team,
    )  # fmt: skip
    ann = await user(database, f"ann-{sender}")

    def work(c: Connection) -> None:
        due = datetime.fromtimestamp(now + 400, UTC)
        asked = ticket(id_, team=team, response_due=due, resolution_due=due)
        number = repo.create_ticket(c, asked, episode=1, now=now + 60).number
        repo.create_handoff(c, id_, episode=1, team=team, reason="asked", priority="P2", now=now + 60)
        repo.claim_handoff(c, id_, agent_id=ann.id, now=now + 360)
        transfer(c, id_, Deed.CLAIM, agent_id=ann.id, now=now + 360)
        append(c, id_, [Event("agent", {"author": "agent"}, {"text": "Dag"})], push=False, now=now + 380)
        transfer(c, id_, Deed.RESOLVE, now=now + 960, events=[Event("ended", {"outcome": "solved"})])
        repo.close_handoff(c, id_, outcome="solved", now=now + 960)
        repo.update_ticket(c, number, now=now + 960, status="solved")

    await database.write(work)
    return id_


async def contacts(database: Database, wanted: Wanted = ALL) -> list[Contact]:
    found = await database.read(lambda c: figures.contacts(c, wanted))
    return sorted(found, key=lambda each: each.began)


async def test_a_contact_that_people_solved_has_its_clocks_and_its_due_times(database: Database) -> None:
    await handed(database, "sofie", now=NOW)
    [contact] = await contacts(database)
    assert contact.clocks == {"bot": 60, "queue": 300, "agent": 600}
    assert (contact.first_answer, contact.ending, contact.team) == (320, "solved_person", "network")
    [promise] = await database.read(lambda c: figures.promises(c, ALL, [contact]))
    assert (promise.response_due, promise.answered_at) == (NOW + 400, NOW + 380)
    assert (promise.solved_at, promise.closed) == (NOW + 960, True)


async def test_a_later_contact_s_ticket_is_not_counted_with_an_earlier_one(database: Database) -> None:
    id_ = await handed(database, "sofie", now=NOW)
    await turn(database, "sofie", 9, now=NOW + DAY, new_episode=True)
    await database.write(lambda c: repo.create_ticket(c, ticket(id_), episode=2, now=NOW + DAY))
    early = Wanted(NOW, NOW + DAY)
    found = await contacts(database, early)
    assert len(await database.read(lambda c: figures.promises(c, early, found))) == 1


async def test_a_new_episode_is_a_contact_of_its_own(database: Database) -> None:
    score = Event("satisfaction", {"score": 5})
    stuck = Event("flow", {"flow": CANNOT_HANDLE, "change": "started"})
    id_ = await turn(database, "sofie", 1, understood("nlu_fallback"), stuck, score, now=NOW)
    ended = Event("ended", {"outcome": "solved"})
    await turn(database, "sofie", 2, ended, now=NOW + 100, status=Status.RESOLVED)
    answers = (understood("wifi_problem"), understood("nlu_fallback"))  # "laptop" answers the question well
    await turn(database, "sofie", 3, *answers, now=NOW + DAY, new_episode=True)
    first, second = await contacts(database)
    assert (first.ending, first.fallbacks, first.score, first.reopened) == ("solved_bot", 1, 5, True)
    assert (second.ending, second.fallbacks, second.began) == ("open", 0, NOW + DAY)
    recorded = [each for each in await database.read(lambda c: timeline(c, id_)) if each.type == "episode"]
    assert [each.data for each in recorded] == [{"number": 2}]
    [only] = await contacts(database, Wanted(NOW + DAY - 1, NOW + 2 * DAY))
    assert only.began == NOW + DAY, "the period began in the middle of the conversation"
    [only] = await contacts(database, Wanted(NOW, NOW + DAY))
    assert only.reopened, "what came after the period still counts for what began in it"


async def test_the_silence_after_the_last_words_is_left_out(database: Database) -> None:
    id_ = await turn(database, "sofie", 1, now=NOW)
    await accept(database, message(2), now=NOW + 50)
    [claimed] = await claim(database, now=NOW + 50)
    await save(database, claimed, now=NOW + 50, wake_at=NOW + 900)
    [claimed] = await claim(database, now=NOW + 900)
    await save(database, claimed, Event("ended", {"outcome": "silent"}), now=NOW + 900)
    [contact] = await contacts(database)
    assert (contact.talk.id, contact.ending, contact.clocks["bot"]) == (id_, "silent", 50)


async def test_a_known_outcome_counts_at_once_and_only_for_its_own_contact(database: Database) -> None:
    await turn(database, "sofie", 1, now=NOW)
    await turn(database, "sofie", 9, now=NOW + 8, outcome="solved")
    [solved] = await contacts(database)
    assert (solved.ending, solved.over, solved.clocks["bot"]) == ("solved_bot", True, 8)
    ended = Event("ended", {"outcome": "solved"})
    await turn(database, "sofie", 2, ended, now=NOW + 9, status=Status.RESOLVED, outcome="solved")
    await turn(database, "sofie", 3, now=NOW + DAY, new_episode=True)
    assert [each.ending for each in await contacts(database)] == ["solved_bot", "open"]


async def test_what_is_open_again_is_solved_no_longer(database: Database) -> None:
    id_ = await turn(database, "sofie", 1, now=NOW, outcome="solved")
    await turn(database, "sofie", 2, now=NOW + 1)
    assert [each.ending for each in await contacts(database)] == ["solved_bot"], "nothing was said of it"
    await turn(database, "sofie", 3, now=NOW + 2, outcome="")
    assert [each.ending for each in await contacts(database)] == ["open"]
    view = await database.read(lambda c: conversation(c, id_))
    assert view is not None
    assert view.outcome is None


async def test_an_agent_s_takeover_leaves_no_episode_on_record(database: Database) -> None:
    """The turn that would have begun one came too late: the episode did not begin."""
    accepted = await accept(database)
    [claimed] = await claim(database)
    ann = await user(database)
    await database.write(
        lambda c: transfer(c, accepted.conversation_id, Deed.CLAIM, agent_id=ann.id, now=NOW + 1)
    )
    await save(database, claimed, understood("wifi_problem"), new_episode=True)
    items = await database.read(lambda c: timeline(c, accepted.conversation_id))
    assert [item.type for item in items] == ["user", "owner", "understood"]


async def test_the_filters(database: Database) -> None:
    await handed(database, "sofie", now=NOW, team="network")
    await handed(database, "karim", now=NOW + 10 * DAY, team="accounts")
    await turn(database, "piet", 1, understood("vpn_problem"), flow("started", "vpn_problem"), now=NOW + DAY)

    async def count(**wanted: object) -> tuple[int, list[str], int]:
        asked = Wanted(**{"since": ALL.since, "until": ALL.until, **wanted})  # type: ignore[arg-type]
        intents = await database.read(lambda c: figures.intents(c, asked))
        flows = await database.read(lambda c: runs.flows(c, asked, ["wifi_problem", "vpn_problem"]))
        names = sorted({each.name for each in flows})
        return len(await contacts(database, asked)), names, sum(each.times for each in intents)

    assert await count() == (3, ["vpn_problem", "wifi_problem"], 3)
    assert await count(team="accounts") == (1, ["wifi_problem"], 1)
    assert await count(channel="web") == (3, ["vpn_problem", "wifi_problem"], 3)
    assert await count(channel="rest") == (0, [], 0)
    assert await count(until=NOW + DAY) == (1, ["wifi_problem"], 1)
    assert await count(since=NOW + 1) == (2, ["vpn_problem", "wifi_problem"], 2)
    assert await database.read(figures.choices) == (["web"], ["accounts", "network"])


async def test_what_came_up_is_counted_by_turns_and_by_conversations(database: Database) -> None:
    shown = Event("suggestion", {"article": "reset-password", "outcome": "shown"})
    solved = Event("suggestion", {"article": "reset-password", "outcome": "solved"})
    await turn(database, "sofie", 1, understood("wifi_problem"), shown, now=NOW)
    await turn(database, "sofie", 2, understood("wifi_problem"), solved, now=NOW + 9)
    await turn(database, "karim", 1, understood("affirm"), shown, now=NOW)
    intents = await database.read(lambda c: figures.intents(c, ALL))
    assert [(each.name, each.times, each.conversations) for each in intents] == [
        ("affirm", 1, 1), ("wifi_problem", 2, 1),
    ]  # fmt: skip
    articles = await database.read(lambda c: suggestions.suggestions(c, ALL))
    assert {(each.name, each.data["outcome"]): each.times for each in articles} == {
        ("reset-password", "open"): 1, ("reset-password", "solved"): 1,
    }  # fmt: skip


async def test_an_article_that_nobody_answered_is_open_only_as_long_as_the_contact(
    database: Database,
) -> None:
    def article(outcome: str, name: str = "wifi") -> Event:
        return Event("suggestion", {"article": name, "outcome": outcome})

    def ended(outcome: str) -> Event:
        return Event("ended", {"outcome": outcome})

    person = Event("handoff", {"reason": "asked", "team": "network"})
    told: dict[str, tuple[Event, ...]] = {
        "goes on": (article("shown"),),
        "wants a person": (article("shown"), person, ended("solved")),
        "falls silent": (article("shown"), ended("silent")),
        "is helped otherwise": (article("shown"), article("shown", "other"), article("solved", "other"), ended("solved")),
        "answers": (article("shown"), article("skipped"), person),
        "is helped later": (article("shown"), person, article("shown"), article("solved"), ended("solved")),
    }  # fmt: skip
    for sender, happened in told.items():
        await turn(database, sender, 1, *happened, now=NOW)
    taken = await turn(database, "is taken over", 1, article("shown"), now=NOW)
    ann = await user(database)
    await database.write(lambda c: transfer(c, taken, Deed.CLAIM, agent_id=ann.id, now=NOW + 1))
    await turn(database, "answers after the period", 1, article("shown"), now=NOW + DAY - 1)
    await turn(database, "answers after the period", 2, article("solved"), now=NOW + DAY + 1)

    async def counted(wanted: Wanted) -> dict[tuple[str, str], int]:
        found = await database.read(lambda c: suggestions.suggestions(c, wanted))
        return {(each.name, each.data["outcome"]): each.times for each in found}

    assert await counted(Wanted(NOW, NOW + DAY)) == {
        ("wifi", "open"): 1, ("wifi", "not_solved"): 4, ("wifi", "skipped"): 2, ("wifi", "solved"): 2,
        ("other", "solved"): 1,
    }  # fmt: skip
    assert await counted(Wanted(NOW + DAY, NOW + 2 * DAY)) == {}


async def test_those_who_did_not_finish_a_flow_are_told_apart(database: Database) -> None:
    begun = (flow("started"), step("ask"))
    await turn(database, "leaves", 1, *begun, Event("ended", {"outcome": "silent"}), now=NOW)
    await turn(database, "is still there", 1, *begun, now=NOW)
    await turn(database, "finishes", 1, *begun, flow("completed"), now=NOW)
    await turn(database, "goes on", 1, *begun, flow("linked", to="other"), now=NOW)
    await handed(database, "asks", now=NOW)
    again = (*begun, flow("cancelled"), Event("ended", {"outcome": "silent"}), *begun)
    await turn(database, "comes back", 1, *again, now=NOW)
    counted = await database.read(lambda c: runs.flows(c, ALL, ["wifi_problem"]))
    assert {each.data["change"]: (each.times, each.conversations) for each in counted} == {
        "started": (7, 6), "completed": (1, 1), "linked": (1, 1), "cancelled": (1, 1),
        "person": (1, 1), "left": (1, 1), "open": (2, 2),
    }  # fmt: skip


async def test_who_comes_back_begins_anew_and_what_became_of_the_first_time_stands(
    database: Database,
) -> None:
    await handed(database, "sofie", now=NOW)
    begun = (flow("started"), step("ask"))
    await turn(database, "sofie", 3, *begun, now=NOW + DAY, new_episode=True)

    async def came(wanted: Wanted = ALL) -> tuple[dict[str, int], dict[str, int]]:
        counted = await database.read(lambda c: runs.flows(c, wanted, ["wifi_problem"]))
        found = await database.read(lambda c: funnel.funnel(c, wanted, "wifi_problem"))
        assert {each.data["change"]: each.conversations for each in counted}["started"] == 1
        return {each.data["change"]: each.times for each in counted}, {"begun": found.begun, **found.sums}

    none = {"completed": 0, "cancelled": 0}
    assert await came() == (
        {"started": 2, "person": 1, "open": 1}, {**none, "begun": 2, "moved": 1, "left": 0, "open": 1},
    )  # fmt: skip
    silent = Event("ended", {"outcome": "silent"})
    await turn(database, "sofie", 4, silent, now=NOW + DAY + 9, status=Status.RESOLVED)
    both = {"started": 2, "person": 1, "left": 1}, {**none, "begun": 2, "moved": 1, "left": 1, "open": 0}
    assert await came() == both
    other = (flow("started", "vpn_problem"), Event("handoff", {"reason": "asked", "team": "network"}))
    await turn(database, "sofie", 5, *other, now=NOW + 2 * DAY, new_episode=True)
    assert await came() == both, "another contact went to a person, about something else"
    assert (await came(Wanted(NOW, NOW + DAY)))[0] == {"started": 1, "person": 1}
    assert (await came(Wanted(NOW + 1, ALL.until)))[0] == {"started": 1, "left": 1}


async def test_what_comes_of_a_flow_after_the_period_counts_where_it_began(database: Database) -> None:
    await turn(database, "sofie", 1, flow("started"), step("ask"), now=NOW)
    await turn(database, "sofie", 2, flow("completed"), now=NOW + DAY)
    counted = await database.read(lambda c: runs.flows(c, Wanted(NOW, NOW + 1), ["wifi_problem"]))
    assert {each.data["change"]: each.times for each in counted} == {"started": 1, "completed": 1}


async def test_the_funnel_of_one_flow(database: Database) -> None:
    begun = (flow("started"), step("ask"), step("0_noop", of="other"))
    await turn(database, "leaves", 1, *begun, Event("ended", {"outcome": "silent"}), now=NOW)
    await turn(database, "is still there", 1, *begun, now=NOW)
    await turn(database, "finishes", 1, *begun, step("where"), flow("completed"), now=NOW)
    await turn(database, "other", 1, flow("started", "vpn_problem"), step("ask", of="vpn_problem"), now=NOW)
    await handed(database, "asks", now=NOW)
    found = await database.read(lambda c: funnel.funnel(c, ALL, "wifi_problem"))
    assert found.begun == 4
    assert found.finished["completed"] == 1
    assert {each.step: (each.reached, each.person, each.left, each.open) for each in found.steps} == {
        "ask": (4, 1, 1, 1), "where": (1, 0, 0, 0),
    }  # fmt: skip
    nothing = await database.read(lambda c: funnel.funnel(c, ALL, "no_such_flow' OR '1'='1"))
    assert nothing.begun == 0


@pytest.mark.parametrize("people", [1, 4])
async def test_as_many_queries_for_few_as_for_many(database: Database, people: int) -> None:
    for number in range(people):
        await handed(database, f"c{number}", now=NOW + 10_000 * number)
    statements: list[str] = []

    def read(c: Connection) -> None:
        event.listen(c, "before_cursor_execute", lambda *args: statements.append(args[2]))
        found = figures.contacts(c, ALL)
        figures.promises(c, ALL, found)
        figures.intents(c, ALL)
        suggestions.suggestions(c, ALL)
        runs.flows(c, ALL, ["wifi_problem"])
        funnel.funnel(c, ALL, "wifi_problem")
        figures.choices(c)

    await database.read(read)
    assert len(statements) == 10


async def test_sqlite_finds_events_by_their_time(sqlite_database: Database) -> None:
    """The index must fit the statement, or every page of figures reads the whole record."""

    def plan(c: Connection) -> str:
        query = figures._happenings(0.0)
        text = str(query.compile(c, compile_kwargs={"literal_binds": True}))
        return " ".join(str(row[-1]) for row in c.exec_driver_sql(f"EXPLAIN QUERY PLAN {text}"))

    found = await sqlite_database.read(plan)
    assert "ix_events_counted" in found
    assert "SCAN e" not in found, found
