"""A person is found by any name, shown whole and erased without a trace; the figures stay. On both databases."""

from __future__ import annotations

import dataclasses
import json
import sqlite3
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import Connection, inspect, select, text

from bot.bus import conversation_topic
from bot.bus.local import LocalBus
from bot.model.conversation import Owner, Status
from bot.model.errors import StaleVersion
from bot.model.events import Event
from bot.model.messages import InboundMessage, OutboundMessage, QuickReply
from bot.model.ticket import CheckResult
from bot.service.persons import Persons
from bot.store import accounts, article_drafts, desk, marks, queue, schema_desk, schema_review, views
from bot.store import repositories as repo
from bot.store.database import Database
from bot.store.jobs import NewJob, claim_jobs
from bot.store.schema import conversations, events
from bot.store.tables import metadata
from tests.store_talk import NOW, accept, claim, said, save, seqs, ticket, user

WORDS = ("sofie", "peeters", "470123456", "0470 12 34 56", "zwaluwstraat", "laptop-sp-07", "10.20.30.40")
"""What no table may know of her afterwards; compared without capitals."""

OTHER = "Mijn printer doet niets meer"


@pytest.fixture
async def persons(database: Database) -> AsyncIterator[Persons]:
    bus = LocalBus()
    yield Persons(database, bus, clock=lambda: NOW + 100)
    await bus.close()


async def seed(database: Database) -> str:
    """Sofie, with her words in every place that has room for some; her first conversation's id."""
    first = await _sofies(database, "sofie@example.org", "web", handed=True)
    await _sofies(database, "+32470123456", "sms", handed=False)

    def known(connection: Connection) -> None:
        customer = repo.identify(
            connection, "user", "sofie.peeters", now=NOW, verified=True, name="Sofie Peeters"
        )
        repo.update_customer(connection, customer.id, email="Sofie@Example.org", phone="+32470123456")
        repo.identify(connection, "phone", "+32470123456", now=NOW, verified=False)
        repo.set_customer(connection, first, customer.id)
        connection.execute(
            schema_desk.customer_notes.insert().values(
                customer_id=customer.id, at=NOW, author="Ann", text="Sofie belt liever"
            )
        )

    await database.write(known)
    return first


async def _sofies(database: Database, sender: str, channel: str, *, handed: bool) -> str:
    texts = "Met Sofie Peeters, Zwaluwstraat 7, 0470 12 34 56: LAPTOP-SP-07 raakt niet op het net"
    accepted = await accept(
        database,
        InboundMessage(
            channel, sender, f"{sender}:1", texts, payload="/sofie", metadata={"ip": "10.20.30.40"}
        ),
    )
    [claimed] = [each for each in await claim(database) if each.id == accepted.conversation_id]
    record = [
        Event("understood", {"language": "nl", "intent": "wifi_problem", "confidence": 0.9}, {"entities": ["Sofie"]}),
        Event("decided", {"rule": "answer", "commands": [{"command": "AskWhich", "values": ["Zwaluwstraat"]}]}),
        Event("slot", {"name": "customer_phone", "by": "collect"}, {"value": "0470 12 34 56"}),
        Event("check", {"name": "dns", "ok": False, "ms": 3, "target": "laptop-sp-07", "found": "10.20.30.40"}),
        queue.event_of(
            OutboundMessage("Dag Sofie", (QuickReply("Zwaluwstraat?", "/SetSlots(street=Zwaluwstraat)"),),
                            metadata={"of": "Peeters"})
        ),
    ]  # fmt: skip
    job = NewJob(f"{accepted.conversation_id}:1", "action", {"name": "x", "slots": {"customer_name": "Sofie"}}, NOW,
                 accepted.conversation_id)  # fmt: skip
    await save(
        database, claimed, *record, push=True, jobs=[job],
        owner=Owner.QUEUE if handed else Owner.BOT, status=Status.OPEN if handed else Status.PENDING,
    )  # fmt: skip
    await database.write(
        lambda c: c.execute(
            conversations.update()
            .where(conversations.c.id == accepted.conversation_id)
            .values(state={"slots": {"customer_name": "Sofie Peeters"}, "pad": "Zwaluwstraat " * 900})
        )
    )
    if handed:
        await database.write(lambda c: _hand_over(c, accepted.conversation_id))
    return accepted.conversation_id


def _hand_over(connection: Connection, id_: str) -> None:
    checks = (CheckResult("dns", "laptop-sp-07", False, "10.20.30.40", "niets"),)
    row = repo.create_ticket(connection, ticket(id_, checks=checks), episode=1, now=NOW)
    repo.update_ticket(connection, row.number, now=NOW, solution="Sofie herstartte LAPTOP-SP-07")
    repo.create_handoff(connection, id_, episode=1, team="network", reason="asked", priority="P1", now=NOW)
    d = schema_desk
    connection.execute(
        d.ticket_changes.insert().values(
            number=row.number, at=NOW, actor="ann", field="customer", before="Sofie", after="Sofie Peeters"
        )
    )
    connection.execute(
        d.article_drafts.insert().values(
            conversation_id=id_, ticket=row.number, language="nl", intent="wifi_problem", title="Sofie",
            text="LAPTOP-SP-07", author="ann", created_at=NOW, state="draft",
        )
    )  # fmt: skip

    r = schema_review
    connection.execute(
        r.corrections.insert().values(
            conversation_id=id_, seq=2, language="nl", text="[Sofie](name) belt", intent="wifi_problem", was="x",
            status="approved", made_by="riet", made_at=NOW,
        )
    )  # fmt: skip
    connection.execute(
        r.comments.insert().values(conversation_id=id_, made_by="riet", made_at=NOW, text="Sofie was boos")
    )
    connection.execute(
        r.scores.insert().values(
            conversation_id=id_, made_by="riet", made_at=NOW, scores={"tone": 4}, remark="Sofie bedankte"
        )
    )


async def draft(database: Database, id_: str) -> None:
    """An agent was writing to her."""
    ann = await user(database)
    await database.write(
        lambda c: c.execute(
            schema_desk.drafts.insert().values(
                user_id=ann.id, conversation_id=id_, kind="reply", text="Beste Sofie", updated_at=NOW
            )
        )
    )


def everything(connection: Connection) -> str:
    """Every value of every column of every table."""
    return json.dumps(
        {
            name: [list(map(str, row)) for row in connection.execute(text(f'SELECT * FROM "{name}"'))]
            for name in inspect(connection).get_table_names()
        },
        ensure_ascii=False,
    ).casefold()


@pytest.mark.parametrize(
    "known_by",
    [
        "sofie@example.org",
        " SOFIE@example.org",
        "+32470123456",
        "0470/12.34.56",
        "sofie.peeters",
        "#1001",
        "1001",
    ],
)
async def test_a_person_is_found_by_any_name(database: Database, persons: Persons, known_by: str) -> None:
    first = await seed(database)
    other = await accept(database, InboundMessage("web", "jan", "jan-1", OTHER))
    found = await persons.look(known_by)
    assert first in found.person.conversations
    assert len(found.person.conversations) == 2
    assert other.conversation_id not in found.person.conversations
    assert found.person.tickets == (1001,)
    assert len(found.person.customers) == 2  # of the site, and of the phone number that she only claimed


async def test_who_nobody_knows_is_empty(database: Database, persons: Persons) -> None:
    await seed(database)
    for known_by in ("", "nobody@example.org", "0499 99 99 99", "999", "%", "_"):
        assert not (await persons.look(known_by)).person


async def test_a_conversation_of_another_that_names_them_is_told_and_left(
    database: Database, persons: Persons
) -> None:
    await seed(database)
    words = "Mail naar sofie@example.org komt terug, of bel 0470 12 34 56"
    other = await accept(database, InboundMessage("web", "jan", "jan-1", words))
    for known_by in ("sofie@example.org", "+32 470 12 34 56"):
        found = await persons.look(known_by)
        assert [each.id for each in found.mentioned] == [other.conversation_id]
    await persons.erase(found.person, actor="ann")
    [item] = await database.read(lambda c: views.transcript(c, other.conversation_id))
    assert item.content == {"text": words}


async def test_an_address_that_was_heard_in_a_problem_is_nobodys_own(
    database: Database, persons: Persons
) -> None:
    """What is said of an address fills the customer's slot, whoever's it is."""
    await seed(database)
    jan = await accept(
        database, InboundMessage("web", "jan", "jan-1", "Mail naar sofie@example.org komt terug")
    )
    [claimed] = [each for each in await claim(database) if each.id == jan.conversation_id]
    slot = Event("slot", {"name": "customer_email", "by": "collect"}, {"value": "sofie@example.org"})
    await save(database, claimed, slot)
    found = await persons.look("sofie@example.org")
    assert jan.conversation_id not in found.person.conversations
    assert [each.id for each in found.mentioned] == [jan.conversation_id]


async def test_only_what_is_chosen_is_taken(database: Database, persons: Persons) -> None:
    first = await seed(database)
    found = await persons.look("sofie@example.org")
    [second] = set(found.person.conversations) - {first}
    part = await persons.choose(found, [first, "somebody else's"])
    assert (part.conversations, part.tickets) == ((first,), (1001,))
    rest = await persons.choose(found, [second])
    assert (rest.conversations, rest.tickets) == ((second,), ())
    known = await database.read(lambda c: repo.customer_by_identity(c, "user", "sofie.peeters"))
    assert known is not None
    assert known.id in part.customers  # nothing of hers is left beside it
    assert known.id not in rest.customers
    await persons.erase(rest, actor="ann")
    assert (await persons.look("1001")).person.conversations == (first,)


async def test_an_export_has_all_that_is_kept_but_keys(database: Database, persons: Persons) -> None:
    first = await seed(database)
    await draft(database, first)
    found = await persons.look("sofie@example.org")
    kept = await persons.export(found.person, actor="ann")
    whole = json.dumps(kept.tables, default=str, ensure_ascii=False).casefold()
    assert all(word in whole for word in WORDS)
    assert {name: len(rows) for name, rows in kept.tables.items() if rows} == found.rows
    assert "secret" not in kept.tables["tickets"][0]


async def test_nothing_of_a_person_is_left_but_figures(database: Database, persons: Persons) -> None:
    first = await seed(database)
    await draft(database, first)
    jan = await accept(database, InboundMessage("web", "jan", "jan-1", OTHER))
    before = await database.read(everything)
    assert all(word in before for word in WORDS)
    columns = (events.c.type, events.c.name, events.c.score, events.c.at)
    count = select(*columns).where(events.c.conversation_id == first).order_by(events.c.seq)
    figures = await database.read(lambda c: c.execute(count).all())
    found = await persons.look("sofie@example.org")
    erased = await persons.erase(found.person, actor="ann")
    assert erased.scrubbed
    after = await database.read(everything)
    assert [word for word in WORDS if word in after] == []
    assert OTHER.casefold() in after
    assert jan.conversation_id.casefold() in after
    kept = await database.read(lambda c: c.execute(count).all())
    assert kept[: len(figures)] == figures
    assert [row.type for row in kept[len(figures) :]] == ["owner", "erased"]
    assert not (await persons.look("sofie@example.org")).person
    assert set(erased.rows) <= set(metadata.tables)


async def test_what_is_left_is_closed_and_still_shows(database: Database, persons: Persons) -> None:
    first = await seed(database)
    await persons.erase((await persons.look("1001")).person, actor="ann")
    view = await database.read(lambda c: views.conversation(c, first))
    assert view is not None
    assert (view.owner, view.status, view.handoff, view.state) == ("bot", "resolved", None, None)
    assert view.ticket is not None
    assert (view.ticket.status, view.ticket.ticket.customer, view.ticket.ticket.priority.value) == (
        "closed",
        "",
        "P2",
    )
    items = await database.read(lambda c: views.timeline(c, first))
    assert {item.content for item in items if item.type in ("user", "bot", "slot")} == {None}
    assert items[-1].data == {"why": "request"}
    assert await seqs(database, first) == list(range(1, view.seq + 1))
    assert (await database.read(lambda c: desk.listed(c, desk.DeskQuery("ann")))).items == ()
    [entry] = await database.read(lambda c: c.execute(select(metadata.tables["audit_log"])).all())
    assert (entry.actor, entry.deed, entry.data["tickets"]) == ("ann", "erase", [1001])


async def test_what_an_agents_page_still_drafts_is_not_kept(database: Database, persons: Persons) -> None:
    first = await seed(database)
    await draft(database, first)
    await persons.erase((await persons.look("1001")).person, actor="ann")
    [row] = await database.read(accounts.list_users)
    await database.write(lambda c: marks.save_draft(c, row.id, first, "reply", "Beste Sofie", now=NOW + 200))
    assert await database.read(lambda c: marks.drafts_of(c, row.id, first)) == {}


async def test_who_has_it_in_hand_writes_nothing_back(database: Database, persons: Persons) -> None:
    accepted = await accept(database, InboundMessage("web", "sofie", "sofie-1", "Sofie hier"))
    [claimed] = await claim(database)
    await persons.erase((await persons.look("sofie")).person, actor="ann")
    with pytest.raises(StaleVersion):
        await save(database, claimed, said("Dag Sofie"))
    assert await claim(database, now=NOW + 9_999) == []
    again = await accept(database, InboundMessage("web", "sofie", "sofie-1", "Sofie opnieuw"))
    assert again.conversation_id != accepted.conversation_id


async def test_the_result_of_an_erased_conversations_job_is_nobodys(
    database: Database, persons: Persons
) -> None:
    id_ = await _sofies(database, "sofie", "web", handed=False)
    [job] = await database.write(lambda c: claim_jobs(c, now=NOW, lease=30, limit=9))
    assert await database.read(lambda c: queue.is_ordered(c, job))
    await persons.erase((await persons.look("sofie")).person, actor="ann")
    assert not await database.read(lambda c: queue.is_ordered(c, job))
    assert await database.write(lambda c: queue.finish_job(c, job)) is False
    assert id_


async def test_a_published_article_outlives_the_draft_that_it_was(
    database: Database, persons: Persons
) -> None:
    id_ = await _sofies(database, "sofie", "web", handed=True)

    def publish(connection: Connection) -> None:
        [draft] = article_drafts.list_drafts(connection)
        version = article_drafts.version_of(draft)
        article_drafts.write_out(connection, draft.id, slug="lader", article="Draai om.", version=version)
        article_drafts.set_state(connection, draft.id, "published")
        article_drafts.propose_article(
            connection, conversation_id=id_, ticket=None, language="nl", intent="", title="Sofie", text="x",
            author="ann", now=NOW,
        )  # fmt: skip

    await database.write(publish)
    await persons.erase((await persons.look("sofie")).person, actor="ann")
    [left] = await database.read(lambda c: article_drafts.list_drafts(c, state="published"))
    assert (left.slug, left.article, left.author) == ("lader", "Draai om.", "ann")
    assert (left.conversation_id, left.ticket, left.title, left.text) == ("", None, "lader", "")
    assert await database.read(article_drafts.list_drafts) == []


async def test_erasing_twice_changes_nothing_more(database: Database, persons: Persons) -> None:
    await seed(database)
    person = (await persons.look("1001")).person
    await persons.erase(person, actor="ann")
    left = dataclasses.replace(person, customers=())
    again = await persons.erase(left, actor="ann")
    assert set(again.rows) <= {
        "conversations",
        "tickets",
        "ticket_changes",
        "review_scores",
    }  # emptied once more


async def test_whoever_shows_the_conversation_is_told(database: Database) -> None:
    bus = LocalBus()
    await accept(database, InboundMessage("web", "sofie", "sofie-1", "Sofie hier"))
    persons = Persons(database, bus)
    person = (await persons.look("sofie")).person
    async with bus.subscribe(conversation_topic(person.conversations[0])) as heard:
        await persons.erase(person, actor="ann")
        assert (await anext(heard))["type"] == "erased"
    await bus.close()


async def test_the_file_forgets_too(sqlite_database: Database, sqlite_url: str) -> None:
    """Not in a table, not between the pages, not in the write-ahead log."""
    bus = LocalBus()
    persons = Persons(sqlite_database, bus)
    first = await seed(sqlite_database)
    await draft(sqlite_database, first)
    file = Path(sqlite_url.removeprefix("sqlite:///"))

    def bytes_() -> bytes:
        return b"".join(
            path.read_bytes() for path in file.parent.glob("balie.db*") if "-shm" not in path.name
        ).lower()

    seeded = [word.encode() for word in WORDS]
    assert all(word in bytes_() for word in seeded)
    assert (await persons.erase((await persons.look("sofie@example.org")).person, actor="ann")).scrubbed
    assert [word for word in seeded if word in bytes_()] == []
    # And again, without the file being written anew: what is deleted now is overwritten by itself.
    await seed(sqlite_database)
    await persons.erase((await persons.look("sofie@example.org")).person, actor="ann")
    assert [word for word in seeded if word in bytes_()] == []
    await bus.close()


async def test_who_reads_meanwhile_is_waited_for_a_moment_and_then_told_of(
    sqlite_database: Database, sqlite_url: str
) -> None:
    """A backup that takes long keeps the old pages; writing goes on, and the next round empties them."""
    bus = LocalBus()
    persons = Persons(sqlite_database, bus)
    await seed(sqlite_database)
    person = (await persons.look("1001")).person
    reader = sqlite3.connect(sqlite_url.removeprefix("sqlite:///"), isolation_level=None)
    reader.execute("BEGIN")
    assert reader.execute("SELECT count(*) FROM contents").fetchone() != (0,)
    assert not (await persons.erase(person, actor="ann")).scrubbed
    await accept(sqlite_database, InboundMessage("web", "jan", "jan-1", OTHER))
    reader.close()
    assert await sqlite_database.scrub()
    await bus.close()
