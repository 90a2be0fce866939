"""A person is erased without a trace; the figures stay. On both databases."""

from __future__ import annotations

import dataclasses
import sqlite3
from pathlib import Path

import pytest
from sqlalchemy import Connection, select

from bot.bus import conversation_topic
from bot.bus.local import LocalBus
from bot.model.errors import StaleVersion
from bot.model.messages import InboundMessage
from bot.service.persons import Persons
from bot.store import accounts, article_drafts, desk, marks, queue, views
from bot.store.database import Database
from bot.store.jobs import claim_jobs
from bot.store.schema import events
from bot.store.tables import metadata
from tests.known_person import OTHER, WORDS, conversation_of, draft, everything, persons, seed
from tests.store_talk import NOW, accept, claim, said, save, seqs

__all__ = ["persons"]


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
    id_ = await conversation_of(database, "sofie", "web", handed=False)
    [job] = await database.write(lambda c: claim_jobs(c, now=NOW, lease=30, limit=9))
    assert await database.read(lambda c: queue.is_ordered(c, job))
    await persons.erase((await persons.look("sofie")).person, actor="ann")
    assert not await database.read(lambda c: queue.is_ordered(c, job))
    assert await database.write(lambda c: queue.finish_job(c, job)) is False
    assert id_


async def test_a_published_article_outlives_the_draft_that_it_was(
    database: Database, persons: Persons
) -> None:
    id_ = await conversation_of(database, "sofie", "web", handed=True)

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
