"""`make bench-desk`: how long the desk's pages take with 1,000 conversations and one of 2,000 messages, and how
soon 50 agents see 200 notes a second. Prints a table; aims are the issue's: list 150 ms, open 300 ms, feed 200 ms.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import re
import statistics
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import aiohttp
import orjson
from sqlalchemy import Connection
from tqdm import tqdm

from bot.model.conversation import Deed, Owner, Status
from bot.model.events import Event
from bot.model.messages import InboundMessage
from bot.store import queue
from bot.store import repositories as repo
from bot.store.accounts import create_user
from bot.store.database import Database
from bot.store.migrations import migrate
from bot.web.passwords import Passwords
from tests.bench.server import Server, serving
from tests.store_talk import ticket

PASSWORD = "correct horse battery staple"
TEAMS = ("network", "service_desk", "workplace")


async def fill(url: str, conversations: int, messages: int, agents: int) -> tuple[list[str], list[str]]:
    """A desk's day in a database: conversations in line and with agents, the first a long one; their ids, and
    the agents' usernames."""
    database = Database.open(url)
    await asyncio.to_thread(migrate, database)
    passwords = Passwords()
    hashed, now = passwords.hash(PASSWORD), time.time()
    ids: list[str] = []
    names = [f"agent{n}" for n in range(agents)]

    def people(connection: Connection) -> list[str]:
        return [
            create_user(connection, username=name, name=name, role="agent", password_hash=hashed, now=now).id
            for name in names
        ]

    user_ids = await database.write(people)
    for n in tqdm(range(conversations), desc="conversations", leave=False):
        message = InboundMessage(
            "web", f"s{n}", f"m{n}", f"Vraag {n}: de printer op verdieping {n % 9} hapert."
        )

        def work(connection: Connection, n: int = n, message: InboundMessage = message) -> str:
            accepted = queue.accept(connection, message, now=now - n, burst=0.0)
            [claimed] = queue.claim(connection, now=now, lease=30, limit=1)
            team = TEAMS[n % len(TEAMS)]
            queue.save_turn(
                connection, claimed, state={}, events=[Event("bot", {"author": "bot"}, {"text": "Ogenblik."})],
                status=Status.OPEN, owner=Owner.QUEUE, language="nl", wake_at=None, push=False, now=now - n, team=team,
            )  # fmt: skip
            made = ticket(accepted.conversation_id, customer=f"Klant {n}", team=team)
            repo.create_ticket(connection, made, episode=1, now=now - n)
            repo.create_handoff(
                connection, accepted.conversation_id, episode=1, team=team, reason="asked",
                priority=f"P{1 + n % 4}", now=now - n,
            )  # fmt: skip
            if n < agents:
                queue.transfer(
                    connection, accepted.conversation_id, Deed.CLAIM, agent_id=user_ids[n], now=now
                )
            return accepted.conversation_id

        ids.append(await database.write(work))
    said = [
        Event("agent", {"author": "agent"}, {"text": f"Bericht {n} over de printer."})
        for n in range(messages)
    ]
    await database.write(lambda connection: queue.append(connection, ids[0], said, push=False, now=now))
    await database.close()
    passwords.close()
    return ids, names


async def log_in(url: str, name: str) -> tuple[aiohttp.ClientSession, str]:
    """A browser of that agent, and its token against forged forms."""
    session = aiohttp.ClientSession(
        url, cookie_jar=aiohttp.CookieJar(unsafe=True), connector=aiohttp.TCPConnector(limit=0)
    )
    async with session.post("/desk/login", data={"username": name, "password": PASSWORD}) as answer:
        page = await answer.text()
    found = re.search(r"X-CSRF-Token(?:&#34;|\")+: ?(?:&#34;|\")+([\w-]+)", page)
    assert found, page[:500]
    return session, found[1]


async def pages(
    session: aiohttp.ClientSession, ids: Sequence[str], times: int
) -> list[tuple[str, float, float]]:
    """Each page's median and worst time in ms, one request after the other."""
    wanted = {
        "list, most pressing": "/desk/list?view=all",
        "list, latest activity": "/desk/list?view=all&sort=newest",
        "list, search": "/desk/list?q=printer+verdieping",
        "desk with list": "/desk?view=all",
        "open, short": f"/desk/c/{ids[1]}?view=all",
        f"open, long ({ids[0][:4]}…)": f"/desk/c/{ids[0]}?view=all",
    }
    rows: list[tuple[str, float, float]] = []
    for name, path in wanted.items():
        spent: list[float] = []
        for _ in range(times):
            begin = time.perf_counter()
            async with session.get(path) as answer:
                await answer.read()
                assert answer.status == 200, (path, answer.status)
            spent.append((time.perf_counter() - begin) * 1000)
        rows.append((name, statistics.median(spent), max(spent)))
    return rows


async def feed(
    browsers: Sequence[tuple[aiohttp.ClientSession, str]], ids: Sequence[str], rate: float, seconds: float
) -> tuple[list[float], int]:
    """Milliseconds from a note's sending until the stream of who has the conversation open tells of it, and how
    many notes were not told. Every agent has a conversation open and writes in it in turn."""
    sent: dict[tuple[str, int], float] = {}
    told: list[float] = []
    ready = asyncio.Barrier(len(browsers) + 1)

    async def listen(session: aiohttp.ClientSession, id_: str) -> None:
        first = True
        timeout = aiohttp.ClientTimeout(total=None)
        async with session.get("/desk/events", params={"open": id_}, timeout=timeout) as answer:
            name = ""
            async for line in answer.content:
                if line.startswith(b"event: "):
                    name = line[7:].strip().decode()
                elif line.startswith(b"data: ") and name == "seq":
                    if first:
                        first = False
                        await ready.wait()
                        continue
                    reached = orjson.loads(line[6:])["seq"]
                    now = time.perf_counter()
                    for key in [key for key in sent if key[0] == id_ and key[1] <= reached]:
                        told.append((now - sent.pop(key)) * 1000)

    numbers: dict[str, int] = {}

    async def write(session: aiohttp.ClientSession, csrf: str, id_: str) -> None:
        numbers[id_] = numbers.get(id_, starts[id_]) + 1
        sent[id_, numbers[id_]] = time.perf_counter()
        async with session.post(f"/desk/c/{id_}/note", data={"csrf": csrf, "text": "even nagekeken"},
                                headers={"HX-Request": "true"}) as answer:  # fmt: skip
            assert answer.status == 204, await answer.text()

    starts: dict[str, int] = {}
    for (session, _), id_ in zip(browsers, ids, strict=False):
        async with session.get(f"/desk/c/{id_}") as answer:
            found = re.search(r'<desk-transcript[^>]*data-seq="(\d+)"', await answer.text())
            assert found
            starts[id_] = int(found[1])
    readers = [
        asyncio.create_task(listen(session, id_)) for (session, _), id_ in zip(browsers, ids, strict=False)
    ]
    await ready.wait()
    writers: set[asyncio.Task[None]] = set()
    begin = time.perf_counter()
    for n in range(int(rate * seconds)):
        session, csrf = browsers[n % len(browsers)]
        writers.add(asyncio.create_task(write(session, csrf, ids[n % len(browsers)])))
        await asyncio.sleep(max(0.0, begin + (n + 1) / rate - time.perf_counter()))
    await asyncio.gather(*writers)
    await asyncio.sleep(1.0)
    for reader in readers:
        reader.cancel()
    await asyncio.gather(*readers, return_exceptions=True)
    return told, len(sent)


async def measure(
    server: Server, names: Sequence[str], ids: Sequence[str], given: argparse.Namespace
) -> None:
    """Everything, printed."""
    browsers = [await log_in(server.url, name) for name in tqdm(names, desc="log in", leave=False)]
    print(f"{'page':<28}{'median ms':>10}{'worst ms':>10}")
    for name, median, worst in await pages(browsers[0][0], ids, given.times):
        print(f"{name:<28}{median:>10.1f}{worst:>10.1f}")
    print()
    print(
        f"{'feed, ' + str(len(names)) + ' agents':<28}{'told':>8}{'p50 ms':>8}{'p95 ms':>8}{'lost':>6}{'RSS MB':>8}{'CPU':>6}"
    )
    for round_ in range(given.rounds):
        cpu, begin = server.cpu_seconds(), time.perf_counter()
        told, lost = await feed(browsers, ids, given.rate, given.seconds)
        share = (server.cpu_seconds() - cpu) / (time.perf_counter() - begin)
        told.sort()
        p50, p95 = told[len(told) // 2], told[int(len(told) * 0.95)]
        label = f"  {given.rate:g} notes/s, round {round_ + 1}"
        print(f"{label:<28}{len(told):>8}{p50:>8.1f}{p95:>8.1f}{lost:>6}{server.rss_mb():>8.0f}{share:>6.2f}")
    for session, _ in browsers:
        await session.close()


def main() -> None:
    """Fill, serve, measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--conversations", type=int, default=1000)
    parser.add_argument("--messages", type=int, default=2000)
    parser.add_argument("--agents", type=int, default=50)
    parser.add_argument("--rate", type=float, default=200.0)
    parser.add_argument("--seconds", type=float, default=10.0)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--times", type=int, default=20)
    given = parser.parse_args()
    kept = os.environ.get("BALIE_BENCH_VAR")
    with tempfile.TemporaryDirectory() as made:
        var = Path(made)
        if kept:
            (var / "models").symlink_to(Path(kept) / "models")
        ids, names = asyncio.run(
            fill(f"sqlite:///{var / 'balie.db'}", given.conversations, given.messages, given.agents)
        )
        with serving(var, BALIE_ADMIN_PASSWORD=PASSWORD) as server:
            asyncio.run(measure(server, names, ids, given))
    print(f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores; the client is on the same machine")


if __name__ == "__main__":
    main()
