"""How many there are in each view of the desk, and what is new for an agent, on both databases."""

from __future__ import annotations

from bot.model.conversation import Deed
from bot.model.events import Event
from bot.store import marks
from bot.store import repositories as repo
from bot.store.database import Database
from bot.store.desk_counts import Counts, counts
from bot.store.queue import append, transfer
from tests.store_talk import NOW, accept, in_line, message, user


async def counted(database: Database, user_id: str) -> Counts:
    return await database.read(lambda c: counts(c, user_id))


async def goes_to(database: Database, conversation_id: str, agent_id: str, by: str) -> int:
    await database.write(lambda c: repo.claim_handoff(c, conversation_id, agent_id=agent_id, now=NOW + 1))
    return await database.write(
        lambda c: transfer(c, conversation_id, Deed.CLAIM, agent_id=agent_id, by=by, now=NOW + 1)
    )


async def test_every_view_is_counted_by_team(database: Database) -> None:
    ann = await user(database)
    for name, team in (("a", "network"), ("b", "network"), ("c", "accounts"), ("d", "accounts")):
        id_ = await in_line(database, name, priority="P3", now=NOW, team=team)
        if name in "bd":
            await goes_to(database, id_, ann.id, ann.id)
    snoozed = await in_line(database, "e", priority="P3", now=NOW, team="network")
    await goes_to(database, snoozed, ann.id, ann.id)
    await database.write(lambda c: transfer(c, snoozed, Deed.SNOOZE, now=NOW + 2, expect_agent=ann.id))

    found = await counted(database, ann.id)
    numbers = {view: found.number(view) for view in ("mine", "unassigned", "all", "mentions")}
    assert numbers == {"mine": 2, "unassigned": 2, "all": 4, "mentions": 0}
    assert [found.number(view, "network") for view in ("mine", "unassigned", "all")] == [1, 1, 2]
    assert found.number("all", "security") == 0
    assert (await counted(database, "somebody-else")).number("mine") == 0


async def test_what_a_colleague_hands_over_is_new_until_it_is_looked_at(database: Database) -> None:
    ann = await user(database)
    id_ = await in_line(database, "s", priority="P2", now=NOW)
    seq = await goes_to(database, id_, ann.id, "els")
    assert (await counted(database, ann.id)).handed == 1
    await database.write(lambda c: marks.mark_read(c, ann.id, id_, seq, now=NOW + 3))
    assert (await counted(database, ann.id)).handed == 0


async def test_what_an_agent_takes_is_no_news_to_them(database: Database) -> None:
    ann = await user(database)
    id_ = await in_line(database, "s", priority="P2", now=NOW)
    await goes_to(database, id_, ann.id, ann.id)
    assert (await counted(database, ann.id)).handed == 0
    assert (await counted(database, "els")).handed == 0


async def test_every_message_of_the_agents_own_customers_is_unread_until_it_is_seen(
    database: Database,
) -> None:
    ann = await user(database)
    id_ = await in_line(database, "s", priority="P2", now=NOW)
    seq = await goes_to(database, id_, ann.id, ann.id)
    await database.write(lambda c: marks.mark_read(c, ann.id, id_, seq, now=NOW + 2))
    found = []
    for number in (2, 3):
        seq = (await accept(database, message(number, sender="s"), now=NOW + number)).seq
        here = await counted(database, ann.id)
        found.append((here.asking, here.unread))
    assert found == [(1, 1), (1, 2)], "one customer waits, who wrote twice"
    await database.write(lambda c: marks.mark_read(c, ann.id, id_, seq, now=NOW + 9))
    assert (await counted(database, ann.id)).unread == 0


async def test_a_mention_counts_until_it_is_read(database: Database) -> None:
    ann = await user(database)
    id_ = await in_line(database, "sofie", priority="P3", now=NOW)
    seq = await database.write(
        lambda c: append(c, id_, [Event("note", {}, {"text": "@ann kijk"})], push=False, now=NOW + 1)
    )
    await database.write(lambda c: marks.mention(c, [ann.id, ann.id], id_, seq, now=NOW + 1))
    assert (await counted(database, ann.id)).number("mentions") == 1
    await database.write(lambda c: marks.mark_read(c, ann.id, id_, seq, now=NOW + 3))
    assert (await counted(database, ann.id)).number("mentions") == 0
