"""`make bench`: messages over REST, understood, decided, stored and answered; none from a cache.

First as fast as 64 callers can (messages a CPU-second), then at half of that with arrivals that do not wait
for answers (p50, p99). The caller's own CPU is not counted; the machine's load is printed.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import random
import statistics
import tempfile
import time
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
    parser.add_argument("--conversations", type=int, default=200)
    parser.add_argument("--messages", type=int, default=12, help="of each conversation")
    parser.add_argument("--callers", type=int, default=64)
    parser.add_argument("--seconds", type=float, default=20, help="of the half load")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as fresh:
        var = Path(os.environ.get("BALIE_BENCH_VAR", fresh))
        with serving(var) as server:
            rows = asyncio.run(_measure(server, given))
    width = max(len(name) for name, _ in rows)
    for name, value in rows:
        print(f"{name:<{width}}  {value}")


async def _measure(server: Server, given: argparse.Namespace) -> list[tuple[str, str]]:
    traffic = Traffic(DEFAULT_DATA, seed=1)
    idle = server.rss_mb()
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as session:
        await _closed(server, session, traffic, 20, 3, 8)  # warm up
        before, begin, cpu = server.metrics(), time.perf_counter(), server.cpu_seconds()
        count = await _closed(server, session, traffic, given.conversations, given.messages, given.callers)
        wall, cpu = time.perf_counter() - begin, server.cpu_seconds() - cpu
        after = server.metrics()
        half = count / wall / 2
        delays, late_cpu = await _open(server, session, traffic, half, given.seconds)
        last = server.metrics()
    delays.sort()
    rows = [
        ("messages", f"{count} in {given.conversations} conversations, {given.callers} callers"),
        ("messages a second", f"{count / wall:.0f}"),
        ("messages a CPU-second", f"{count / cpu:.0f}"),
        ("CPU-ms a message", f"{1000 * cpu / count:.2f}"),
        (
            "half load",
            f"{half:.0f} a second, {len(delays)} messages, {1000 * late_cpu / len(delays):.2f} CPU-ms each",
        ),
        (
            "p50 / p99 at half load",
            f"{1000 * statistics.median(delays):.1f} / {1000 * _at(delays, 0.99):.1f} ms",
        ),
        ("RSS idle / now / most", f"{idle:.0f} / {server.rss_mb():.0f} / {server.rss_mb('VmHWM'):.0f} MB"),
        ("load average", " ".join(f"{load:.1f}" for load in os.getloadavg())),
    ]
    rows.append(("where the time goes", "CPU-ms a message at full and at half load, by thread"))
    full, calm = _where(before, after, count), _where(after, last, len(delays))
    rows.extend((f"  {name}", f"{spent:.2f}  {calm.get(name, 0.0):.2f}") for name, spent in full.items())
    return rows


def _where(before: dict[str, float], after: dict[str, float], count: int) -> dict[str, float]:
    """CPU-ms a message of each of the server's threads."""
    spent = {
        key.split('"')[1]: 1000 * (value - before.get(key, 0.0)) / count
        for key, value in sorted(after.items())
        if key.startswith("balie_thread_cpu_seconds")
    }
    return {name: value for name, value in spent.items() if value >= 0.01}


def _at(ordered: list[float], share: float) -> float:
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


async def _closed(
    server: Server,
    session: aiohttp.ClientSession,
    traffic: Traffic,
    conversations: int,
    length: int,
    callers: int,
) -> int:
    """Conversations by callers who wait for each answer."""
    waiting = [
        (f"c{random.random()}", list(traffic.conversation(LANGUAGES[number % 3], length)))
        for number in range(conversations)
    ]
    sent = 0

    async def caller() -> None:
        nonlocal sent
        while waiting:
            sender, texts = waiting.pop()
            for text in texts:
                await _send(server, session, sender, text)
                sent += 1

    await asyncio.gather(*(caller() for _ in range(callers)))
    return sent


async def _open(
    server: Server, session: aiohttp.ClientSession, traffic: Traffic, rate: float, seconds: float
) -> tuple[list[float], float]:
    """Messages at random moments, `rate` a second on average, whether or not earlier ones were answered."""
    delays: list[float] = []
    tasks: list[asyncio.Task[Any]] = []
    cpu = server.cpu_seconds()
    chance = random.Random(2)
    senders = [(f"o{number}", traffic.conversation(LANGUAGES[number % 3], 10**9)) for number in range(200)]
    begin = at = time.perf_counter()

    async def one(sender: str, text: str, due: float) -> None:
        await _send(server, session, sender, text)
        delays.append(time.perf_counter() - due)

    while at < begin + seconds:
        at += chance.expovariate(rate)
        await asyncio.sleep(max(0.0, at - time.perf_counter()))
        sender, texts = chance.choice(senders)
        tasks.append(asyncio.create_task(one(sender, next(texts), at)))
    await asyncio.gather(*tasks)
    return delays, server.cpu_seconds() - cpu


async def _send(server: Server, session: aiohttp.ClientSession, sender: str, text: str) -> None:
    async with session.post(
        f"{server.url}/webhooks/rest/webhook", json={"sender": sender, "message": text}
    ) as answer:
        body = await answer.json()
        if answer.status != 200:
            raise RuntimeError(f"{answer.status}: {body}")


if __name__ == "__main__":
    main()
