"""Messages leave: in order, again where it failed, never by a guess."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest
from sqlalchemy import text

from bot.bus import OUTBOX
from bot.bus.local import LocalBus
from bot.model.errors import BadInput, TooMany, Unavailable
from bot.model.messages import OutboundMessage
from bot.service.delivery import Delivery, DeliverySettings, OutcomeUnknown
from bot.store.database import Database
from tests.store_talk import NOW, converse, said


class Provider:
    """A channel that fails when it is told to."""

    def __init__(self) -> None:
        self.sent: list[tuple[str, str, str]] = []
        self.failures: list[Exception] = []
        self.news = asyncio.Event()

    async def send(self, message: OutboundMessage, recipient: str, key: str) -> str | None:
        """Take a message, or fail."""
        if self.failures:
            raise self.failures.pop(0)
        self.sent.append((recipient, message.text, key))
        self.news.set()
        return f"id-{len(self.sent)}"


class Clock:
    """Time that passes when a test says so."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> float:
        return self.now


Make = Callable[..., Delivery]


@pytest.fixture
def provider() -> Provider:
    return Provider()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def delivery(sqlite_database: Database, provider: Provider, clock: Clock) -> Delivery:
    settings = DeliverySettings(pauses=(5.0, 50.0))
    return Delivery(sqlite_database, LocalBus(), {"web": provider}, settings=settings, clock=clock)


async def _states(database: Database) -> list[str]:
    found = await database.read(lambda c: c.execute(text("SELECT state FROM outbox ORDER BY id")).all())
    return [row[0] for row in found]


async def test_all_is_sent_in_order(
    sqlite_database: Database, delivery: Delivery, provider: Provider
) -> None:
    id_ = await converse(sqlite_database, said("een"), said("twee"), push=True)
    while await delivery.deliver():
        pass
    assert provider.sent == [("sofie", "een", f"{id_}:2"), ("sofie", "twee", f"{id_}:3")]
    assert await _states(sqlite_database) == ["sent", "sent"]


async def test_a_failure_is_tried_again_and_holds_up_only_its_own(
    sqlite_database: Database, delivery: Delivery, provider: Provider, clock: Clock
) -> None:
    await converse(sqlite_database, said("een"), said("twee"), push=True)
    provider.failures = [Unavailable("503")]
    await delivery.deliver()
    await converse(sqlite_database, said("uno"), sender="luis", push=True)
    while await delivery.deliver():
        pass
    assert [sent[1] for sent in provider.sent] == ["uno"]
    clock.now += 5
    while await delivery.deliver():
        pass
    assert [sent[1] for sent in provider.sent] == ["uno", "een", "twee"]


async def test_a_failure_that_stays_is_given_up(
    sqlite_database: Database, delivery: Delivery, provider: Provider, clock: Clock
) -> None:
    await converse(sqlite_database, said("een"), said("twee"), push=True)
    provider.failures = [Unavailable("503"), RuntimeError("odd"), ConnectionError()]
    for pause in (0.0, 5.0, 50.0):
        clock.now += pause
        await delivery.deliver()
    assert await _states(sqlite_database) == ["failed", "pending"]
    await delivery.deliver()
    assert [sent[1] for sent in provider.sent] == ["twee"]


async def test_what_the_provider_says_decides(
    sqlite_database: Database, delivery: Delivery, provider: Provider, clock: Clock
) -> None:
    for n, failure in enumerate((BadInput("blocked"), OutcomeUnknown("cut off"), TooMany("slow down", 30.0))):
        await converse(sqlite_database, said("x"), sender=f"s{n}", push=True)
        provider.failures = [failure]
        await delivery.deliver()
    assert await _states(sqlite_database) == ["failed", "unknown", "pending"]
    clock.now += 29.0
    assert await delivery.deliver() == 0
    clock.now += 1.0
    assert await delivery.deliver() == 1
    assert await _states(sqlite_database) == ["failed", "unknown", "sent"]


async def test_a_channel_that_is_gone_is_a_failure(sqlite_database: Database) -> None:
    await converse(sqlite_database, said("x"), push=True)
    delivery = Delivery(sqlite_database, LocalBus(), {}, clock=lambda: NOW)
    assert await delivery.deliver() == 1
    assert await _states(sqlite_database) == ["failed"]


async def test_the_loop_wakes_by_the_bell_and_ends(sqlite_database: Database, provider: Provider) -> None:
    bus, stop = LocalBus(), asyncio.Event()
    delivery = Delivery(
        sqlite_database, bus, {"web": provider}, settings=DeliverySettings(idle=60.0), clock=lambda: NOW
    )
    running = asyncio.create_task(delivery.run(stop))
    await converse(sqlite_database, said("x"), push=True)
    await bus.ring(OUTBOX)
    await asyncio.wait_for(provider.news.wait(), 10)
    stop.set()
    await bus.ring(OUTBOX)
    await asyncio.wait_for(running, 10)
