"""How far the customer has it, and what became of what was pushed, on both databases."""

from __future__ import annotations

from typing import Any

from sqlalchemy import event, select, update

from bot.model.events import Event
from bot.store import receipts
from bot.store.database import Database
from bot.store.erasure import erase
from bot.store.outbox import repeat
from bot.store.persons import Person
from bot.store.queue import append
from bot.store.receipts import Posted, Reached
from bot.store.schema import outbox
from bot.store.schema_desk import receipts as table
from handoff.desk.arrivals import read_arrivals
from tests.store_talk import NOW, converse, said


async def acknowledge(database: Database, id_: str, got: int, seen: int, now: float = NOW) -> bool:
    return await database.write(lambda c: receipts.acknowledge(c, id_, got=got, seen=seen, now=now))


async def row(database: Database) -> Any:
    return await database.read(lambda c: c.execute(select(table)).first())


async def state(database: Database, seq: int, name: str, error: str | None = None) -> None:
    await database.write(
        lambda c: (
            c.execute(update(outbox).where(outbox.c.seq == seq).values(state=name, error=error)).rowcount
        )
    )


async def test_nothing_ever_goes_back(database: Database) -> None:
    id_ = await converse(database, said("een"), said("twee"))
    assert await acknowledge(database, id_, 2, 0, NOW + 1)
    assert await row(database) == (id_, 2, NOW + 1, 0, None)
    assert await acknowledge(database, id_, 3, 2, NOW + 2)
    assert await row(database) == (id_, 3, NOW + 2, 2, NOW + 2)
    assert not await acknowledge(database, id_, 2, 1, NOW + 3), "another device, that is behind"
    assert not await acknowledge(database, id_, 3, 2, NOW + 3)
    assert await acknowledge(database, id_, 1, 3, NOW + 4)
    assert await row(database) == (id_, 3, NOW + 2, 3, NOW + 4)


async def test_nothing_is_kept_beyond_what_there_is_nor_of_nobody(database: Database) -> None:
    id_ = await converse(database, said("een"))
    assert not await acknowledge(database, id_, 3, 3)
    assert not await acknowledge(database, "nobody", 1, 1)
    assert await row(database) is None


async def test_erasing_takes_it_and_nothing_comes_back(database: Database) -> None:
    id_ = await converse(database, said("een"))
    assert await acknowledge(database, id_, 2, 2)
    await database.write(lambda c: erase(c, Person(conversations=(id_,)), why="request", now=NOW))
    assert await row(database) is None
    assert not await acknowledge(database, id_, 2, 2)


async def test_those_of_one_channel_are_forgotten(database: Database) -> None:
    id_ = await converse(database, said("een"))
    await acknowledge(database, id_, 2, 2)
    assert await database.write(lambda c: receipts.forget(c, "sms")) == 0
    assert await row(database) is not None
    assert await database.write(lambda c: receipts.forget(c, "web")) == 1
    assert await row(database) is None


async def test_the_last_messages_that_arrived_and_were_seen(database: Database) -> None:
    id_ = await converse(database, said("een"), Event("flow", {}), said("twee"), Event("slot", {}))
    assert await database.read(lambda c: receipts.reached(c, id_)) is None
    await acknowledge(database, id_, 3, 1)
    assert await database.read(lambda c: receipts.reached(c, id_)) == Reached(4, 2, NOW, None, NOW)
    await acknowledge(database, id_, 5, 3)
    assert await database.read(lambda c: receipts.reached(c, id_)) == Reached(4, 4, NOW, 2, NOW)
    note = Event("note", {}, {"text": "intern"})
    await database.write(lambda c: append(c, id_, (note,), push=False, now=NOW))
    found = await database.read(lambda c: receipts.reached(c, id_))
    assert found is not None
    assert found.last == 4


async def test_of_what_was_sent_the_last_and_of_what_was_not_all(database: Database) -> None:
    id_ = await converse(database, *(said(str(n)) for n in range(2, 8)), push=True)
    for seq, name in {2: "failed", 3: "sent", 4: "sent", 5: "unknown", 6: "cancelled"}.items():
        await state(database, seq, name)
    found = [
        Posted(2, "failed"),
        Posted(4, "sent"),
        Posted(5, "unknown"),
        Posted(6, "cancelled"),
        Posted(7, "pending"),
    ]
    assert await database.read(lambda c: receipts.posted(c, id_, after=0)) == found
    assert await database.read(lambda c: receipts.posted(c, id_, after=5)) == [found[1], *found[3:]]
    await state(database, 7, "pending", "503")
    assert (await database.read(lambda c: receipts.posted(c, id_, after=6)))[-1] == Posted(
        7, "pending", retried=True
    )


async def test_what_failed_is_sent_again_once(database: Database) -> None:
    id_ = await converse(database, said("een"), said("twee"), push=True)
    await state(database, 2, "failed")
    assert not await database.write(lambda c: repeat(c, id_, 3)), "this one is still on its way"
    assert await database.write(lambda c: repeat(c, id_, 2))
    assert not await database.write(lambda c: repeat(c, id_, 2))
    assert (await database.read(lambda c: receipts.posted(c, id_, after=0)))[0] == Posted(2, "repeated")


async def test_two_queries_however_much_was_said(database: Database) -> None:
    counts: list[int] = []
    for size in (2, 60):
        id_ = await converse(database, *(said(str(n)) for n in range(size)), sender=f"s{size}", push=True)
        await acknowledge(database, id_, size, 2)
        statements: list[str] = []

        def count(*args: Any, statements: list[str] = statements) -> None:
            statements.append(args[2])

        def read(connection: Any, count: Any = count, id_: str = id_) -> None:
            event.listen(connection, "before_cursor_execute", count)
            assert read_arrivals(connection, id_, 0)
            event.remove(connection, "before_cursor_execute", count)

        await database.read(read)
        counts.append(len(statements))
    assert counts == [2, 2]
