"""Housekeeping: one process at a time, what ended is forgotten, who waits too long is told of once."""

from __future__ import annotations

import asyncio

import pytest

from bot.bus import WORK
from bot.bus.local import LocalBus
from bot.model.conversation import Owner, Status
from bot.service.schedule import Schedule, ScheduleSettings, Tidied
from bot.store import accounts
from bot.store import repositories as repo
from bot.store.database import Database
from tests.store_talk import NOW, accept, claim, converse


class Clock:
    """Time that passes when a test says so."""

    now = NOW

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


async def test_what_ended_is_forgotten(database: Database, clock: Clock) -> None:
    user = await database.write(
        lambda c: accounts.create_user(
            c, username="ann", name="Ann", password_hash="h", role="agent", now=NOW
        )
    )
    for token, until in (("old", NOW + 1), ("new", NOW + 10_000_000)):
        await database.write(
            lambda c, token=token, until=until: accounts.create_session(
                c, user.id, token_hash=token, csrf="x", now=NOW, expires_at=until
            )
        )
    await database.write(lambda c: accounts.record_attempt(c, "user:ann", now=NOW))
    schedule = Schedule(database, LocalBus(), clock=clock)
    assert await schedule.tick() == Tidied()
    clock.now += 25 * 3600
    assert await schedule.tick() == Tidied(sessions=1, attempts=1)


async def test_one_process_keeps_the_house(database: Database, clock: Clock) -> None:
    one, other = (Schedule(database, LocalBus(), clock=clock) for _ in range(2))
    assert await one.tick() is not None
    assert await other.tick() is None
    clock.now += 60
    assert await one.tick() is not None
    clock.now += 89
    assert await other.tick() is None
    clock.now += 2
    assert await other.tick() is not None
    assert await one.tick() is None


async def test_a_dead_workers_conversation_is_passed_on(
    database: Database, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    await accept(database)
    await claim(database, lease=30)
    bus = LocalBus()
    schedule = Schedule(database, bus, clock=clock)
    assert await schedule.tick() == Tidied()
    clock.now += 31
    assert await schedule.tick() == Tidied(dead_leases=1)
    assert "passed on" in caplog.text
    assert await bus.wait(WORK, 0.0) is True
    [heir] = await claim(database, now=clock.now)
    assert heir.lease_token == 2


async def test_who_waits_too_long_is_an_alarm_once(
    database: Database, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    id_ = await converse(database, owner=Owner.QUEUE, status=Status.OPEN)
    await database.write(
        lambda c: repo.create_handoff(
            c, id_, episode=1, team="network", reason="asked", priority="P1", now=NOW
        )
    )
    counts: list[int] = []
    schedule = Schedule(
        database,
        LocalBus(),
        settings=ScheduleSettings(alarm_after=600.0),
        on_waiting=lambda waiting: counts.append(len(waiting)),
        clock=clock,
    )
    for passed in (599.0, 61.0, 30.0):
        clock.now += passed
        await schedule.tick()
    assert counts == [0, 1, 1]
    warnings = [line for line in caplog.messages if "has waited" in line]
    assert len(warnings) == 1
    assert id_ in warnings[0]
    assert "11 minutes for team network" in warnings[0]


async def test_the_loop_ends_and_lets_go(database: Database, clock: Clock) -> None:
    ticked = asyncio.Event()
    schedule = Schedule(database, LocalBus(), on_waiting=lambda _: ticked.set(), clock=clock)
    stop = asyncio.Event()
    running = asyncio.create_task(schedule.run(stop))
    await asyncio.wait_for(ticked.wait(), 10)
    stop.set()
    await asyncio.wait_for(running, 10)
    assert await Schedule(database, LocalBus(), clock=clock).tick() is not None
