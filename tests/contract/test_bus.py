"""The contract of every bus: rings wake, events arrive, limits hold, a dead Redis is nobody's exception."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest

from bot.bus import WORK, Bus, conversation_topic
from bot.bus.hub import BACKLOG
from bot.bus.limits import Limits
from bot.bus.local import LocalBus
from bot.bus.redis import RedisBus
from bot.service.heartbeat import Heartbeat, processes
from tests.fixtures_store import start_redis

SOON = 5.0


async def test_a_ring_wakes_who_waits(bus: Bus) -> None:
    waiting = asyncio.create_task(bus.wait(WORK, SOON))
    await asyncio.sleep(0)
    await bus.ring(WORK)
    assert await waiting is True


async def test_a_ring_before_the_wait_is_not_lost(bus: Bus) -> None:
    await bus.ring(WORK)
    assert await bus.wait(WORK, SOON) is True


async def test_without_a_ring_the_wait_ends(bus: Bus) -> None:
    await bus.wait(WORK, 0.5)  # a bus that has just come up may ring once by itself
    assert await bus.wait(WORK, 0.01) is False


async def test_who_is_alive_is_known_until_it_is_not(bus: Bus) -> None:
    async def hosts() -> list[str]:
        return sorted(each["host"] for each in await bus.alive() if each.get("of") == "this test")

    await bus.keep_alive("a", {"of": "this test", "host": "one"}, 30)
    await bus.keep_alive("b", {"of": "this test", "host": "two"}, 30)
    await bus.keep_alive("a", {"of": "this test", "host": "three"}, 30)
    assert await hosts() == ["three", "two"]
    await bus.keep_alive("b", {}, 0)
    assert await hosts() == ["three"]
    await bus.keep_alive("a", {}, 0)
    assert await hosts() == []


async def test_another_bell_wakes_nobody(bus: Bus) -> None:
    await bus.wait("other", 0.5)
    await bus.ring(WORK)
    assert await bus.wait("other", 0.05) is False


async def test_events_reach_all_subscribers_in_order(bus: Bus) -> None:
    topic = conversation_topic("abc")
    async with bus.subscribe(topic, "desk") as one, bus.subscribe(topic) as two:
        await bus.publish(topic, {"type": "seq", "seq": 1})
        await bus.publish(topic, {"type": "seq", "seq": 2})
        await bus.publish("desk", {"type": "list"})
        assert [await _next(one) for _ in range(3)] == [
            {"type": "seq", "seq": 1},
            {"type": "seq", "seq": 2},
            {"type": "list"},
        ]
        assert [(await _next(two))["seq"] for _ in range(2)] == [1, 2]


async def test_another_topic_is_not_heard(bus: Bus) -> None:
    async with bus.subscribe("conversation:a") as reader:
        await bus.publish("conversation:b", {"n": 1})
        await bus.publish("conversation:a", {"n": 2})
        assert await _next(reader) == {"n": 2}


async def test_topics_may_be_left_and_joined_again(bus: Bus) -> None:
    async with bus.subscribe("t"):
        pass
    await bus.publish("t", {"n": 1})
    async with bus.subscribe("t") as reader:
        await bus.publish("t", {"n": 2})
        assert await _next(reader) == {"n": 2}


async def test_a_slow_reader_loses_the_oldest_and_no_memory(bus: Bus) -> None:
    async with bus.subscribe("t") as slow, bus.subscribe("end") as end:
        for n in range(BACKLOG + 10):
            await bus.publish("t", {"n": n})
        await bus.publish("end", {})
        await _next(end)
        assert await _next(slow) == {"n": 10}


async def test_limits(bus: Bus) -> None:
    waits = [await bus.allow("sender:a", 3, 60.0) for _ in range(4)]
    assert waits[:3] == [0.0, 0.0, 0.0]
    assert 15.0 < waits[3] <= 20.0
    assert await bus.allow("sender:b", 3, 60.0) == 0.0


async def test_closing_ends_readers_and_waiters(bus: Bus) -> None:
    async with bus.subscribe("t") as reader:
        waiting = asyncio.create_task(bus.wait("never", SOON))
        reading = asyncio.create_task(anext(reader, None))
        await asyncio.sleep(0)
        await bus.close()
        assert await asyncio.wait_for(waiting, SOON) is False
        assert await asyncio.wait_for(reading, SOON) is None


def test_a_limit_refills_with_time() -> None:
    now = [100.0]
    limits = Limits(lambda: now[0])
    assert [limits.allow("k", 2, 10.0) for _ in range(3)] == [0.0, 0.0, 5.0]
    now[0] += 5.0
    assert limits.allow("k", 2, 10.0) == 0.0
    assert limits.allow("k", 2, 10.0) == 5.0


# ── a cluster ─────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
async def two(redis_server: Any) -> AsyncIterator[tuple[RedisBus, RedisBus]]:
    """The buses of two processes."""
    one, other = RedisBus(redis_server.connection_url), RedisBus(redis_server.connection_url)
    yield one, other
    await one.close()
    await other.close()


async def test_processes_hear_each_other(two: tuple[RedisBus, RedisBus]) -> None:
    one, other = two
    async with other.subscribe("t") as reader:
        await one.publish("t", {"n": 1})
        assert await _next(reader) == {"n": 1}
        await other.wait(WORK, 0.2)  # what it rang by itself when it came up
        waiting = asyncio.create_task(other.wait(WORK, SOON))
        await one.ring(WORK)
        assert await waiting is True


async def test_processes_share_limits(two: tuple[RedisBus, RedisBus]) -> None:
    one, other = two
    assert await one.allow("shared", 1, 60.0) == 0.0
    assert await other.allow("shared", 1, 60.0) > 0.0


async def test_processes_know_of_each_other(two: tuple[RedisBus, RedisBus]) -> None:
    one, other = two
    stop, beats = asyncio.Event(), [Heartbeat(bus, lambda: "m" * 16, lambda: 100.0) for bus in two]
    ids = {each.id for each in beats}

    async def known() -> list[tuple[bool, str, float]]:
        found = [each for each in await processes(one) if each.id in ids]
        return [(each.serves, each.model, each.seen) for each in found]

    running = [asyncio.create_task(each.run(stop, serves=each is beats[1])) for each in beats]
    await _until(lambda: _is(known, [(True, "m" * 16, 100.0), (False, "m" * 16, 100.0)]))
    await other.keep_alive("odd", {"of": "another version"}, 30)
    assert len(await known()) == 2
    await other.keep_alive("odd", {}, 0)
    stop.set()
    await asyncio.gather(*running)
    for each in beats:
        await each.end()
    assert await known() == []


async def test_nobody_notices_that_redis_died_except_the_log(caplog: pytest.LogCaptureFixture) -> None:
    server = start_redis()
    port, url = server.port, server.connection_url
    bus = RedisBus(url)
    try:
        async with bus.subscribe("t") as reader:
            await bus.publish("t", {"n": 1})
            assert await _next(reader) == {"n": 1}
            server.terminate()
            await bus.publish("t", {"n": 2})
            await bus.ring("quiet")
            assert await bus.wait("quiet", SOON) is True
            assert await _next(reader) == {"n": 2}
            assert await bus.allow("k", 1, 60.0) == 0.0
            assert await bus.allow("k", 1, 60.0) > 0.0
            await bus.keep_alive("me", {"n": 1}, 30)
            assert await bus.alive() == [{"n": 1}], "each knows its own"
            assert len([line for line in caplog.messages if "Redis does not answer" in line]) == 1

            server = start_redis(port)
            other = RedisBus(url)
            try:
                await _until(lambda: _reaches(other, reader))
            finally:
                await other.close()
    finally:
        await bus.close()
        server.terminate()


async def test_what_is_not_ours_is_ignored(two: tuple[RedisBus, RedisBus], redis_server: Any) -> None:
    one, other = two
    async with other.subscribe("t") as reader:
        with redis_server.client() as stranger:
            for rubbish in (b"{", b"7", b"\xff\xfe", b"[1]"):
                stranger.publish("balie:t", rubbish)
            stranger.publish("balie:bells", b"\xff")
        await one.publish("t", {"n": 1})
        assert await _next(reader) == {"n": 1}


async def test_a_bus_starts_without_redis() -> None:
    bus = RedisBus("redis://127.0.0.1:1")
    await bus.ring(WORK)
    assert await bus.wait(WORK, SOON) is True
    await bus.close()


async def test_the_local_bus_takes_its_time_from_a_clock() -> None:
    now = [0.0]
    bus = LocalBus(lambda: now[0])
    assert await bus.allow("k", 1, 10.0) == 0.0
    assert await bus.allow("k", 1, 10.0) == 10.0
    await bus.keep_alive("a", {"n": 1}, 10.0)
    now[0] = 9.0
    assert await bus.alive() == [{"n": 1}]
    now[0] = 10.0
    assert await bus.alive() == []
    assert await bus.allow("k", 1, 10.0) == 0.0


async def _next(reader: AsyncIterator[Any]) -> Any:
    return await asyncio.wait_for(anext(reader), SOON)


async def _is(look: Callable[[], Awaitable[Any]], wanted: Any) -> bool:
    return await look() == wanted


async def _reaches(bus: Bus, reader: AsyncIterator[Any]) -> bool:
    await bus.publish("t", {"n": 3})
    try:
        return await asyncio.wait_for(anext(reader), 0.2) == {"n": 3}
    except TimeoutError:
        return False


async def _until(condition: Callable[[], Awaitable[bool]]) -> None:
    async with asyncio.timeout(15):
        while not await condition():
            pass
