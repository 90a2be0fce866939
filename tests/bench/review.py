"""`make bench-review`: how long the review's pages take with 1,000 conversations of the last days and one of 2,000
messages. Prints a table; aims are the issue's: list 150 ms, open 300 ms.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import statistics
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, insert, select

from bot.store.database import Database
from bot.store.schema import contents, conversations, events
from handoff.review.worth import DAYS
from tests.bench.desk import PASSWORD, log_in
from tests.bench.figures_filled import filled
from tests.bench.server import serving

LONG = "a-long-conversation"
SPOKEN = ("user", "bot", "agent")
PAGES = {
    "list": "/review",
    "list, words": "/review?text=modem",
    "list, words nobody said": "/review?text=stoomlocomotief",
    "list, intent and unsure": "/review?intent=wifi_problem&low=1",
    "list, stopped at a step": "/review?stopped=wifi_problem",
    "list, bad satisfaction": "/review?satisfaction=bad",
    "list, last page": "/review?page=40",
    "queue": "/review/queue",
    "queue, sample": "/review/queue?reason=random",
    "open, short": "/review/conversation0000000001",
    "open, long": f"/review/{LONG}",
    "open, end of long": f"/review/{LONG}?at=99999",
}


async def fill(url: str, count: int, messages: int, now: float) -> None:
    """Conversations with their words, and a long one."""
    await filled(url, count, now, days=DAYS)
    database = Database.open(url)

    def work(connection: Connection) -> None:
        spoken = select(events.c.conversation_id, events.c.seq).where(events.c.type.in_(SPOKEN))
        rows = connection.execute(spoken).all()
        words = [
            {"conversation_id": id_, "seq": seq, "content": {"text": f"De modem knippert {seq} keer."}}
            for id_, seq in rows
        ]
        long, said = _long(messages // 2, now)
        connection.execute(insert(contents), [*words, *said])
        connection.execute(insert(events), long)
        connection.execute(
            insert(conversations).values(
                id=LONG, channel="web", sender_id="long", owner="bot", status="resolved", language="nl",
                seq=len(long), version=messages // 2, state={}, created_at=now - 9_000, updated_at=now,
            )
        )  # fmt: skip

    await database.write(work)
    await database.close()


def _long(turns: int, now: float) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """The events of many turns, and their words."""
    ranking = [["wifi_problem", 0.9]] * 5
    understood = {"language": "nl", "intent": "wifi_problem", "confidence": 0.9, "ranking": ranking}
    turn: Mapping[str, Mapping[str, Any]] = {
        "user": {"channel": "web"},
        "understood": understood,
        "decided": {"rule": "valid_answer", "commands": [{"command": "SetSlots"}]},
        "step": {"flow": "wifi_problem", "step": "ask", "kind": "collect"},
        "slot": {"name": "device", "by": "collect"},
        "bot": {"response": "utter_ask"},
    }
    rows = [
        {"conversation_id": LONG, "seq": seq, "type": kind, "at": now - 9_000 + seq, "turn": 1 + seq // len(turn),
         "name": data.get("intent") or data.get("step"), "score": data.get("confidence"), "data": data}
        for seq, (kind, data) in enumerate((pair for _ in range(turns) for pair in turn.items()), 1)
    ]  # fmt: skip
    said = [
        {"conversation_id": LONG, "seq": row["seq"], "content": {"text": "De modem knippert nog altijd."}}
        for row in rows
        if row["type"] in SPOKEN
    ]
    return rows, said


async def measure(url: str, times: int) -> None:
    """Each page's median and worst time, printed."""
    session, _ = await log_in(url, "admin")
    print(f"{'page':<28}{'median ms':>10}{'worst ms':>10}{'kB':>8}")
    for name, path in PAGES.items():
        spent: list[float] = []
        for _ in range(times):
            begin = time.perf_counter()
            async with session.get(path) as answer:
                body = await answer.read()
                assert answer.status == 200, (path, answer.status)
            spent.append((time.perf_counter() - begin) * 1000)
        print(f"{name:<28}{statistics.median(spent):>10.1f}{max(spent):>10.1f}{len(body) // 1024:>8}")
    await session.close()


def main() -> None:
    """Fill, serve, measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--conversations", type=int, default=1000)
    parser.add_argument("--messages", type=int, default=2000)
    parser.add_argument("--times", type=int, default=20)
    given = parser.parse_args()
    kept = os.environ.get("BALIE_BENCH_VAR")
    with tempfile.TemporaryDirectory() as made:
        var = Path(made)
        if kept:
            (var / "models").symlink_to(Path(kept) / "models")
        asyncio.run(fill(f"sqlite:///{var / 'balie.db'}", given.conversations, given.messages, time.time()))
        with serving(var, BALIE_ADMIN_PASSWORD=PASSWORD) as server:
            asyncio.run(measure(server.url, given.times))
    print(f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores; the client is on the same machine")


if __name__ == "__main__":
    main()
