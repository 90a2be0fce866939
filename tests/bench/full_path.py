"""`make bench`: messages over REST, understood, decided, stored and answered; none from a cache.

First as fast as 64 callers can (messages a CPU-second), then at half of that with arrivals that do not wait
for answers (p50, p99). A conversation that a person takes over ends there and another begins: every message
that counts is the bot's to answer. The caller's own CPU is not counted; the machine's load is printed.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import random
import secrets
import statistics
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp

from bot.app.content import DEFAULT_DATA
from tests.bench.server import Server, serving
from tests.bench.traffic import Traffic

LANGUAGES = ("nl", "fr", "en")


def main() -> None:
    """Measure and print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--messages", type=int, default=2400, help="at full load")
    parser.add_argument("--callers", type=int, default=64, help="at full load")
    parser.add_argument("--conversations", type=int, default=200, help="at half load, all the time")
    parser.add_argument("--length", type=int, default=12, help="of a conversation, in messages, at most")
    parser.add_argument("--seconds", type=float, default=20, help="of the half load")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as fresh:
        var = Path(os.environ.get("BALIE_BENCH_VAR", fresh))
        with serving(var) as server:
            rows = asyncio.run(_measure(server, given))
    width = max(len(name) for name, _ in rows)
    for name, value in rows:
        print(f"{name:<{width}}  {value}")


@dataclass(frozen=True, slots=True)
class Load:
    """What a phase came to: messages that the bot answered, seconds, and the server's CPU seconds.

    The few that a person will answer are not counted; what they cost is.
    """

    answered: int
    seconds: float
    cpu: float

    @property
    def rate(self) -> float:
        """Messages a second."""
        return self.answered / self.seconds

    @property
    def cpu_ms(self) -> float:
        """CPU-ms a message."""
        return 1000 * self.cpu / self.answered


async def _measure(server: Server, given: argparse.Namespace) -> list[tuple[str, str]]:
    traffic = Traffic(DEFAULT_DATA, seed=1)
    idle = server.rss_mb()
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as session:
        await _closed(server, session, traffic, 200, given.length, 8)  # warm up
        before = server.metrics()
        full = await _closed(server, session, traffic, given.messages, given.length, given.callers)
        between = server.metrics()
        half, delays = await at_rate(
            server,
            session,
            traffic,
            rate=full.rate / 2,
            seconds=given.seconds,
            conversations=given.conversations,
            length=given.length,
        )
        after = server.metrics()
    rows = [
        ("full load", f"{full.answered} messages, {given.callers} callers"),
        ("  messages a second", f"{full.rate:.0f}"),
        ("  messages a CPU-second", f"{full.answered / full.cpu:.0f}"),
        ("  CPU-ms a message", f"{full.cpu_ms:.2f}"),
        ("half load", f"{half.answered} messages, {given.conversations} conversations"),
        ("  messages a second", f"{half.rate:.0f}"),
        ("  CPU-ms a message", f"{half.cpu_ms:.2f}"),
        ("  p50 / p99", f"{1000 * statistics.median(delays):.1f} / {1000 * percentile(delays, 0.99):.1f} ms"),
        ("RSS idle / now / most", f"{idle:.0f} / {server.rss_mb():.0f} / {server.rss_mb('VmHWM'):.0f} MB"),
        ("load average", " ".join(f"{load:.1f}" for load in os.getloadavg())),
        ("where the time goes", "CPU-ms a message at full and at half load, by thread"),
    ]
    loud, calm = _where(before, between, full.answered), _where(between, after, half.answered)
    rows.extend((f"  {name}", f"{spent:.2f}  {calm.get(name, 0.0):.2f}") for name, spent in loud.items())
    return rows


def _where(before: dict[str, float], after: dict[str, float], count: int) -> dict[str, float]:
    """CPU-ms a message of each of the server's threads."""
    spent = {
        key.split('"')[1]: 1000 * (value - before.get(key, 0.0)) / count
        for key, value in sorted(after.items())
        if key.startswith("balie_thread_cpu_seconds")
    }
    return {name: value for name, value in spent.items() if value >= 0.01}


def percentile(ordered: list[float], share: float) -> float:
    """The value below which this share of them lies."""
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


async def _closed(
    server: Server, session: aiohttp.ClientSession, traffic: Traffic, messages: int, length: int, callers: int
) -> Load:
    """Callers who wait for each answer, until so many are answered."""
    left = messages
    begin, cpu = time.perf_counter(), server.cpu_seconds()

    async def caller(number: int) -> None:
        nonlocal left
        customer = Customer(traffic, number, length)
        while left > 0:
            answered = await customer.says(server, session)
            left -= answered

    await asyncio.gather(*(caller(number) for number in range(callers)))
    return Load(messages - left, time.perf_counter() - begin, server.cpu_seconds() - cpu)


async def at_rate(
    server: Server,
    session: aiohttp.ClientSession,
    traffic: Traffic,
    *,
    rate: float,
    seconds: float,
    conversations: int,
    length: int,
) -> tuple[Load, list[float]]:
    """Messages at random moments, `rate` a second on average, whether or not others were answered: what it came
    to, and the seconds that each answer took, in order.

    A customer does not speak while the bot answers: one who is free is chosen, and it counts from the moment
    that was drawn.
    """
    delays: list[float] = []
    tasks: list[asyncio.Task[Any]] = []
    cpu = server.cpu_seconds()
    chance = random.Random(2)
    free = [Customer(traffic, number, length) for number in range(conversations)]
    begin = at = time.perf_counter()

    async def one(customer: Customer, due: float) -> None:
        if await customer.says(server, session):
            delays.append(time.perf_counter() - due)
        free.append(customer)

    while at < begin + seconds:
        at += chance.expovariate(rate)
        await asyncio.sleep(max(0.0, at - time.perf_counter()))
        if not free:
            raise RuntimeError(f"all {conversations} customers wait for an answer: the server cannot keep up")
        tasks.append(asyncio.create_task(one(free.pop(chance.randrange(len(free))), at)))
    await asyncio.gather(*tasks)
    load = Load(len(delays), time.perf_counter() - begin, server.cpu_seconds() - cpu)
    return load, sorted(delays)


class Customer:
    """One who has a conversation, and then another: after `length` messages, or when a person takes over."""

    def __init__(self, traffic: Traffic, number: int, length: int) -> None:
        self._traffic = traffic
        self._language = LANGUAGES[number % 3]
        self._length = length
        self._texts: Iterator[str] = iter(())
        self._sender = ""

    async def says(self, server: Server, session: aiohttp.ClientSession) -> bool:
        """Send the next message and wait; whether the bot answered."""
        text = next(self._texts, None)
        if text is None:
            self._sender = secrets.token_hex(8)
            self._texts = self._traffic.conversation(self._language, self._length)
            text = next(self._texts)
        async with session.post(
            f"{server.url}/webhooks/rest/webhook", json={"sender": self._sender, "message": text}
        ) as answer:
            body = await answer.json()
            if answer.status != 200:
                raise RuntimeError(f"{answer.status}: {body}")
        if not body:  # a person has it: the next message begins another conversation
            self._texts = iter(())
        return bool(body)


if __name__ == "__main__":
    main()
