"""The night's round: what is old goes, what is in hand stays, one process does it, and once."""

from __future__ import annotations

import dataclasses
import logging
import sqlite3
from datetime import datetime, time
from time import time as time_now
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Connection, func, select

from bot.bus.local import LocalBus
from bot.model.conversation import Owner, Status
from bot.model.events import Event
from bot.service.retention import NAME, Rounds
from bot.store import accounts, ageing, queue, views
from bot.store import repositories as repo
from bot.store.database import Database
from bot.store.schema import audit_log, conversations, customers, inbox, outbox, tickets
from bot.store.schema_review import corrections
from handoff.retention import DAY, Retention, next_round
from tests.fixtures_server import Served
from tests.store_talk import NOW, accept, claim, converse, message, said, save, ticket

pytestmark = pytest.mark.slow  # many nights, over both databases

BRUSSELS = ZoneInfo("Europe/Brussels")
POLICY = Retention(time(3), conversations=10, tickets=20, customers=10, audit_log=20, deliveries=5)


class Clock:
    """Time that passes when a test says so."""

    now = NOW

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


def rounds(database: Database, clock: Clock, policy: Retention = POLICY) -> Rounds:
    return Rounds(database, LocalBus(), lambda: policy, lambda: BRUSSELS, clock)


async def with_ticket(database: Database, sender: str, status: str) -> str:
    id_ = await converse(database, said("Dag"), sender=sender, push=True)
    row = await database.write(lambda c: repo.create_ticket(c, ticket(id_), episode=1, now=NOW))
    await database.write(lambda c: repo.update_ticket(c, row.number, now=NOW, status=status))
    return id_


async def erased(database: Database) -> set[str]:
    query = select(conversations.c.sender_id, conversations.c.id).where(
        conversations.c.erased_at.is_not(None)
    )
    return {row.id for row in await database.read(lambda c: c.execute(query).all())}


async def counts(database: Database, table: object) -> int:
    return await database.read(lambda c: c.execute(select(func.count()).select_from(table)).scalar_one())  # type: ignore[arg-type]


async def test_what_is_old_goes_and_what_is_in_hand_stays(database: Database, clock: Clock) -> None:
    solved = await with_ticket(database, "solved", "solved")
    open_ = await with_ticket(database, "open", "open")
    waits = await converse(database, sender="waits", owner=Owner.QUEUE, status=Status.OPEN)
    alone = await converse(database, said("Dag"), sender="alone")
    clock.now += 9 * DAY
    late = await accept(database, message(sender="late"), now=clock.now)
    assert "conversations" not in await rounds(database, clock).round()
    clock.now += 2 * DAY
    assert (await rounds(database, clock).round())["conversations"] == 2
    assert await erased(database) == {solved, alone}
    assert {open_, waits, late.conversation_id}.isdisjoint(await erased(database))
    [item, *_] = await database.read(lambda c: views.transcript(c, solved))
    assert item.content is None
    view = await database.read(lambda c: views.conversation(c, solved))
    assert view is not None
    assert view.ticket is not None
    assert view.ticket.ticket.customer == "Sofie Peeters"  # a ticket may be kept longer
    items = await database.read(lambda c: views.timeline(c, alone))
    assert items[-1].data == {"why": "age"}


async def test_what_is_written_to_an_erased_one_goes_in_its_time_too(
    database: Database, clock: Clock
) -> None:
    id_ = await converse(database, said("Dag"))
    clock.now += 11 * DAY
    assert (await rounds(database, clock).round())["conversations"] == 1
    clock.now += DAY
    await database.write(
        lambda c: queue.append(
            c, id_, (Event("note", {}, {"text": "Sofie belde"}),), push=False, now=clock.now
        )
    )
    clock.now += 9 * DAY
    assert "conversations" not in await rounds(database, clock).round()
    clock.now += 2 * DAY
    assert (await rounds(database, clock).round())["conversations"] == 1
    assert {item.content for item in await database.read(lambda c: views.timeline(c, id_))} == {None}


async def test_tickets_go_by_their_own_age(database: Database, clock: Clock) -> None:
    await with_ticket(database, "solved", "solved")
    await with_ticket(database, "open", "open")
    clock.now += 21 * DAY
    assert (await rounds(database, clock).round())["tickets"] == 1
    rows = await database.read(lambda c: c.execute(select(tickets.c.status, tickets.c.customer)).all())
    assert {tuple(row) for row in rows} == {("solved", ""), ("open", "Sofie Peeters")}


async def test_rows_that_say_that_it_was_done_go(database: Database, clock: Clock) -> None:
    id_ = await converse(database, said("Dag"), push=True)
    [row] = await database.write(lambda c: queue.claim_outbox(c, now=NOW, lease=9, limit=9))
    await database.write(lambda c: queue.mark_sent(c, row, now=NOW))
    await accept(database, message(2), now=NOW)  # nobody has read this one: it stays
    await database.write(lambda c: accounts.audit(c, actor="a", deed="d", subject="s", now=NOW))
    clock.now += 6 * DAY
    assert await rounds(database, clock).round() == {"deliveries": 2}
    assert (await counts(database, inbox), await counts(database, outbox)) == (1, 0)
    assert len(await database.read(lambda c: views.transcript(c, id_))) == 3
    clock.now += 15 * DAY
    assert (await rounds(database, clock).round())["audit log"] == 1
    assert await counts(database, audit_log) == 0


async def test_who_has_no_conversation_left_goes_too(database: Database, clock: Clock) -> None:
    id_ = await converse(database, said("Dag"))

    def known(connection: Connection) -> None:
        customer = repo.identify(connection, "user", "sofie", now=NOW, verified=True)
        repo.set_customer(connection, id_, customer.id)
        later = repo.identify(connection, "user", "jan", now=NOW, verified=True)
        assert later.id != customer.id

    await database.write(known)
    clock.now += 9 * DAY
    await accept(database, message(2), now=clock.now)
    clock.now += 2 * DAY
    assert (await rounds(database, clock).round())["customers"] == 1  # jan never wrote
    clock.now += 11 * DAY
    await claim(database, now=clock.now)
    assert (await rounds(database, clock).round())["customers"] == 1
    assert await counts(database, customers) == 0


async def test_an_approved_example_outlives_its_conversation_without_saying_whose_it_was(
    database: Database, clock: Clock
) -> None:
    id_ = await converse(database, said("Dag"))

    def corrected(connection: Connection) -> None:
        for seq, status in enumerate(("approved", "pending"), 1):
            connection.execute(
                corrections.insert().values(
                    conversation_id=id_, seq=seq, language="nl", text=status, intent="wifi_problem", was="x",
                    status=status, made_by="riet", made_at=NOW,
                )
            )  # fmt: skip

    await database.write(corrected)
    clock.now += 11 * DAY
    await rounds(database, clock).round()
    query = select(corrections.c.text, corrections.c.conversation_id, corrections.c.seq)
    assert await database.read(lambda c: [tuple(row) for row in c.execute(query)]) == [
        ("approved", None, None)
    ]


async def test_for_ever_is_for_ever(database: Database, clock: Clock) -> None:
    await with_ticket(database, "solved", "solved")
    clock.now += 10_000 * DAY
    assert await rounds(database, clock, Retention(time(3), *[None] * 5)).round() == {}


async def test_more_than_one_piece_is_done_whole(database: Database, clock: Clock) -> None:
    for number in range(45):
        await converse(database, said("Dag"), sender=f"s{number}")
    clock.now += 11 * DAY
    done = await rounds(database, clock).round()
    assert (done["conversations"], len(await erased(database))) == (45, 45)
    assert await rounds(database, clock).round() == {}


async def test_it_is_done_at_night_by_one_and_once(
    database: Database, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    await converse(database, said("Dag"))
    one, other = rounds(database, clock), rounds(database, clock)
    assert await one.tick() is None  # new: the first night is still to come
    clock.now += 30 * DAY
    assert (await one.tick() or {})["conversations"] == 1
    assert "kept long enough: conversations 1" in caplog.text
    [entry] = await database.read(accounts.audit_entries)
    assert (entry.actor, entry.deed, entry.data) == (accounts.BY_RULE, "retention", {"conversations": 1})
    assert (await one.tick(), await other.tick()) == (None, None)
    night = next_round(clock.now, POLICY.at, BRUSSELS)
    clock.now = night - 1
    assert await other.tick() is None
    clock.now = night + 1
    assert await other.tick() == {}
    assert await one.tick() is None
    assert len(await database.read(accounts.audit_entries)) == 2, "a line for each night, also for nothing"


async def until_of(database: Database) -> float | None:
    return await database.read(lambda c: ageing.next_at(c, NAME))


async def test_another_time_counts_from_now(database: Database, clock: Clock) -> None:
    policy = POLICY
    server = Rounds(database, LocalBus(), lambda: policy, lambda: BRUSSELS, clock)
    old = rounds(database, clock)  # another process, which has not heard of the change
    assert (await server.tick(), await old.tick()) == (None, None)
    clock.now = next_round(clock.now, time(12, 21), BRUSSELS)
    await server.tick()
    policy = dataclasses.replace(POLICY, at=time(12, 22))
    soon = clock.now + 60
    assert (await server.tick(), await old.tick()) == (None, None)
    assert await until_of(database) == soon
    clock.now = soon + 1
    assert await server.tick() is not None
    assert await until_of(database) == next_round(clock.now, time(12, 22), BRUSSELS)


async def test_a_time_that_passed_between_two_looks_is_not_lost(database: Database, clock: Clock) -> None:
    policy = POLICY
    server = Rounds(database, LocalBus(), lambda: policy, lambda: BRUSSELS, clock)
    clock.now = next_round(clock.now, time(12, 21), BRUSSELS)
    await server.tick()
    policy = dataclasses.replace(POLICY, at=time(12, 22))
    clock.now += 61
    assert await server.tick() is not None


async def test_a_time_that_was_changed_while_no_server_ran(database: Database, clock: Clock) -> None:
    assert await rounds(database, clock).tick() is None
    later = dataclasses.replace(POLICY, at=time(4))
    assert await rounds(database, clock, later).tick() is None
    assert await until_of(database) == next_round(clock.now, time(4), BRUSSELS)


async def test_who_writes_meanwhile_is_spared(database: Database, clock: Clock) -> None:
    id_ = await converse(database, said("Dag"))
    clock.now += 11 * DAY
    night = rounds(database, clock)
    taken = night._piece

    async def piece(which: object, some: list[str]) -> list[str]:
        await accept(database, message(2), now=clock.now)
        return await taken(which, some)

    night._piece = piece  # type: ignore[method-assign]
    await night.round()
    assert id_ not in await erased(database)
    assert await save_again(database, clock) == id_


async def save_again(database: Database, clock: Clock) -> str:
    [claimed] = await claim(database, now=clock.now)
    await save(database, claimed, said("Dag"), now=clock.now)
    return claimed.id


def test_every_server_waits_for_the_night(served: Served) -> None:
    served.say("sofie", "Dag")  # by now it has looked
    with sqlite3.connect(f"file:{served.var / 'balie.db'}?mode=ro", uri=True) as found:
        query = "SELECT holder, until FROM leases WHERE name = 'retention'"
        holder, until = found.execute(query).fetchone()
    night = datetime.fromtimestamp(until, BRUSSELS)
    assert (holder, night.hour, night.minute) == ("", 3, 0)
    assert until > time_now()
