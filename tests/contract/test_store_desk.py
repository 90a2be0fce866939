"""The desk's list, its counts, and what agents mark, on both databases."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from sqlalchemy import update

from bot.model.conversation import Deed
from bot.model.errors import Conflict
from bot.model.events import Event
from bot.store import changes, customers, desk, marks, tickets
from bot.store import repositories as repo
from bot.store.database import Database
from bot.store.desk import DeskItem, DeskQuery
from bot.store.queue import append, transfer
from bot.store.schema import conversations
from tests.store_talk import NOW, accept, claim, converse, in_line, message, said, save, ticket, user


async def listed(
    database: Database, user_id: str = "els", limit: int = 50, **wanted: Any
) -> Sequence[DeskItem]:
    return (await database.read(lambda c: desk.listed(c, DeskQuery(user_id, **wanted), limit=limit))).items


async def ids(database: Database, user_id: str = "els", **wanted: Any) -> list[str]:
    return [item.conversation_id for item in await listed(database, user_id, **wanted)]


async def taken_by(database: Database, conversation_id: str, agent_id: str, now: float = NOW + 1) -> None:
    await database.write(lambda c: repo.claim_handoff(c, conversation_id, agent_id=agent_id, now=now))
    await database.write(lambda c: transfer(c, conversation_id, Deed.CLAIM, agent_id=agent_id, now=now))


async def test_who_is_most_pressing_comes_first(database: Database) -> None:
    await converse(database, sender="with-the-bot")
    first = await in_line(database, "first", priority="P3", now=NOW)
    urgent = await in_line(database, "urgent", priority="P1", now=NOW + 9)
    await database.write(lambda c: repo.create_ticket(c, ticket(urgent), episode=1, now=NOW))
    await accept(database, message(2, sender="first", text="is daar iemand?"), now=NOW + 5)
    ann = await user(database)
    taken = await in_line(database, "taken", priority="P2", now=NOW)
    await taken_by(database, taken, ann.id)

    top, mine, last = items = await listed(database, ann.id)
    assert [item.conversation_id for item in items] == [urgent, taken, first]
    assert (top.ticket, top.name, top.priority, top.intent) == (1001, "Sofie Peeters", "P1", "wifi_problem")
    assert top.due is not None
    assert (mine.owner, mine.agent_name) == ("agent", "Ann A.")
    assert (last.last_text, last.last.at, last.last.type) == ("is daar iemand?", NOW + 5, "user")
    assert await ids(database, ann.id, view="unassigned") == [urgent, first]
    assert await ids(database, ann.id, view="mine") == [taken]
    assert [len(await listed(database, limit=size)) for size in (1, 2, 9)] == [1, 2, 3]


async def test_an_open_ticket_keeps_a_conversation_on_the_list(database: Database) -> None:
    back = await in_line(database, "back-at-the-bot", priority="P1", now=NOW)
    waits = await in_line(database, "waits", priority="P4", now=NOW + 1)
    for id_ in (back, waits):
        await database.write(lambda c, id_=id_: repo.create_ticket(c, ticket(id_), episode=1, now=NOW))
    await database.write(lambda c: repo.close_handoff(c, back, outcome="to_bot", now=NOW + 2))
    await database.write(lambda c: transfer(c, back, Deed.TO_BOT, now=NOW + 2))

    async def shown() -> list[tuple[str, str, int | None]]:
        return [(item.conversation_id, item.owner, item.ticket) for item in await listed(database)]

    assert await shown() == [(waits, "queue", 1002), (back, "bot", 1001)]
    await accept(database, message(2, sender="back-at-the-bot"), now=NOW + 3)
    [again] = [each for each in await claim(database, now=NOW + 3) if each.id == back]
    await save(database, again, said("Dag!"), new_episode=True)
    assert (await shown())[-1] == (back, "bot", 1001), "of an episode that is over, and still open"
    await database.write(lambda c: repo.update_ticket(c, 1001, now=NOW + 9, status="solved"))
    assert await shown() == [(waits, "queue", 1002)]
    assert await ids(database, status="resolved") == [back]


async def test_filters_and_orders(database: Database) -> None:
    a = await in_line(database, "a", priority="P3", now=NOW, team="network")
    b = await in_line(database, "b", priority="P1", now=NOW + 10, team="devices")
    c = await in_line(database, "c", priority="P2", now=NOW + 20, team="devices")
    for id_, customer in ((a, "Anke Ö"), (b, "Bram"), (c, "Cem")):
        made = ticket(id_, customer=customer, summary=f"Probleem van {customer}")
        await database.write(lambda k, made=made: repo.create_ticket(k, made, episode=1, now=NOW))
    assert await ids(database, team="devices") == [b, c]
    assert await ids(database, priority="P3") == [a]
    assert await ids(database, channel="sms") == []
    for id_, since in ((a, 3.0), (b, 1.0), (c, 2.0)):
        waits = update(conversations).where(conversations.c.id == id_).values(waiting_since=NOW + since)
        await database.write(lambda k, waits=waits: k.execute(waits).rowcount)
    assert await ids(database, sort="waiting") == [b, c, a]
    await accept(database, message(2, sender="b", text="Nog een LAATSTE vraag"), now=NOW + 99)
    assert (await ids(database, sort="newest"))[0] == b
    assert set(await ids(database, sort="due")) == {a, b, c}
    for q, found in (
        ("anke", [a]), ("ö anke", [a]), ("ANKE O", [a]), ('"van cem"', [c]), ("probleem cem", [c]), ("laatste", [b]), ("#1002", [b]), ("1003", [c]),
        ("100%", []), ("bram cem", []),
    ):  # fmt: skip
        assert await ids(database, q=q, view="mine", status="resolved") == found, q
    assert await ids(database, q="probleem", team="network") == [a]


async def test_what_is_snoozed_is_out_of_sight_until_the_customer_writes(database: Database) -> None:
    ann = await user(database)
    id_ = await in_line(database, "s", priority="P2", now=NOW)
    await taken_by(database, id_, ann.id)
    await database.write(
        lambda c: transfer(c, id_, Deed.SNOOZE, now=NOW + 2, expect_agent=ann.id, snoozed_until=NOW + 900)
    )
    assert await ids(database, ann.id, view="mine") == []
    [asleep] = await listed(database, ann.id, view="mine", status="snoozed")
    assert (asleep.status, asleep.snoozed_until, asleep.agent_id) == ("snoozed", NOW + 900, ann.id)
    await accept(database, message(2, sender="s"), now=NOW + 3)
    [awake] = await listed(database, ann.id, view="mine")
    assert (awake.status, awake.snoozed_until) == ("open", None)
    with pytest.raises(Conflict):
        await database.write(lambda c: transfer(c, id_, Deed.HAND_OFF, now=NOW + 4))


async def test_unread_is_what_came_after_the_last_look(database: Database) -> None:
    ann = await user(database)
    id_ = await in_line(database, "s", priority="P2", now=NOW)
    await accept(database, message(2, sender="s"), now=NOW + 1)
    seq = (await accept(database, message(3, sender="s"), now=NOW + 2)).seq

    async def unread() -> int:
        return (await listed(database, ann.id))[0].last.unread

    assert await unread() == 3
    await database.write(lambda c: marks.mark_read(c, ann.id, id_, seq - 1, now=NOW + 3))
    assert await unread() == 1
    assert not await database.read(lambda c: marks.is_read(c, ann.id, id_, seq))
    await database.write(lambda c: marks.mark_read(c, ann.id, id_, seq, now=NOW + 3))
    await database.write(lambda c: marks.mark_read(c, ann.id, id_, 1, now=NOW + 4))
    assert await unread() == 0, "a late tab does not make it unread again"
    assert (await listed(database, "somebody-else"))[0].last.unread == 3


async def test_who_is_mentioned_finds_it_and_has_read_it(database: Database) -> None:
    ann = await user(database)
    id_ = await in_line(database, "sofie", priority="P3", now=NOW)
    seq = await database.write(
        lambda c: append(c, id_, [Event("note", {}, {"text": "@ann kijk"})], push=False, now=NOW + 1)
    )
    await database.write(lambda c: marks.mention(c, [ann.id, ann.id], id_, seq, now=NOW + 1))
    assert await ids(database, ann.id, view="mentions") == [id_]
    assert await ids(database, "els", view="mentions") == []
    over = update(conversations).where(conversations.c.id == id_).values(owner="bot", status="resolved")
    await database.write(lambda c: c.execute(over) and None)
    assert await ids(database, ann.id, view="mentions") == [id_], "nobody has read it"
    await database.write(lambda c: marks.mark_read(c, ann.id, id_, seq, now=NOW + 2))
    assert await ids(database, ann.id, view="mentions") == []


async def test_a_draft_is_one_persons(database: Database) -> None:
    ann = await user(database)

    async def save_draft(kind: str, text: str, *known: str) -> str | None:
        return await database.write(
            lambda c: marks.save_draft(c, ann.id, "c1", kind, text, now=NOW, known=known)
        )

    await save_draft("reply", "Dag S")
    await save_draft("reply", "Dag Sofie", "Dag S")
    await save_draft("note", "bel terug")
    assert await database.read(lambda c: marks.drafts_of(c, ann.id, "c1")) == {
        "reply": "Dag Sofie",
        "note": "bel terug",
    }
    for other in ("Beste", "  "):
        assert await save_draft("reply", other, "", "Dag S") == "Dag Sofie", "what another page wrote stays"
    assert await save_draft("reply", "Dag Sofie") is None, "the same text is no other one"
    assert await save_draft("reply", "  ", "", "Dag Sofie\r\n") is None
    await database.write(lambda c: marks.drop_draft(c, ann.id, "c1", "note"))
    assert await database.read(lambda c: marks.drafts_of(c, ann.id, "c1")) == {}


async def test_a_tickets_history_and_the_like_of_it(database: Database) -> None:
    ann = await user(database)
    id_ = await converse(database, said("Dag!"))
    row = await database.write(lambda c: repo.create_ticket(c, ticket(id_), episode=1, now=NOW))
    await database.write(
        lambda c: changes.record_changes(
            c, row.number, [("priority", "P3", "P1"), ("team", "a", "b")], actor=ann.id, now=NOW
        )
    )
    found = await database.read(lambda c: changes.changes_of(c, row.number))
    assert [(each.actor, each.field, each.before, each.after) for each in found] == [
        ("Ann A.", "team", "a", "b"),
        ("Ann A.", "priority", "P3", "P1"),
    ]
    other = await converse(database, said("Dag!"), sender="other")
    old = await database.write(lambda c: repo.create_ticket(c, ticket(other), episode=1, now=NOW))
    assert await database.read(lambda c: tickets.solved_before(c, "wifi_problem", besides=row.number)) == []
    await database.write(
        lambda c: repo.update_ticket(c, old.number, now=NOW, status="solved", solution="kabel")
    )
    [like] = await database.read(lambda c: tickets.solved_before(c, "wifi_problem", besides=row.number))
    assert (like.number, like.solution) == (old.number, "kabel")


async def test_notes_on_a_customer_are_with_the_customer(database: Database) -> None:
    ann = await user(database)
    sofie = await database.write(
        lambda c: customers.identify(c, "email", "sofie@example.org", now=NOW, verified=False, name="Sofie")
    )
    await database.write(
        lambda c: customers.add_customer_note(c, sofie.id, "werkt halftijds", author=ann.id, now=NOW)
    )
    [note] = await database.read(lambda c: customers.notes_of_customer(c, sofie.id))
    assert (note.made_by, note.author, note.text) == (ann.id, "Ann A.", "werkt halftijds")
    [identity] = await database.read(lambda c: customers.identities_of(c, sofie.id))
    assert (identity.kind, identity.value, identity.verified_at) == ("email", "sofie@example.org", None)
