"""kill -9 in the middle of writing: the file can be read, and every message that was accepted is in it."""

from __future__ import annotations

import asyncio
import signal
import subprocess
import sys

from sqlalchemy import text

from bot.store.database import Database
from bot.store.migrations import migrate
from bot.store.views import transcript
from tests.store_talk import claim

_WRITER = """
import asyncio, sys
from bot.store import queue
from bot.store.database import Database
from tests.store_talk import accept, claim, message, said, save

async def main(url):
    database = Database.open(url)
    async def customer(n):
        k = 0
        while True:
            k += 1
            accepted = await accept(database, message(k, sender=f"s{n}"))
            print("accepted", accepted.conversation_id, accepted.seq, flush=True)
    async def worker():
        while True:
            for claimed in await claim(database, lease=5):
                await save(database, claimed, said("antwoord"), push=True)
                print("answered", claimed.id, len(claimed.rows), flush=True)
    await asyncio.gather(*(customer(n) for n in range(8)), worker())

asyncio.run(main(sys.argv[1]))
"""


async def test_kill_9_loses_no_accepted_message(sqlite_url: str) -> None:
    database = Database.open(sqlite_url)
    await asyncio.to_thread(migrate, database)
    await database.close()

    accepted: set[tuple[str, int]] = set()
    for _ in range(2):
        lines = await asyncio.to_thread(_write_and_die, sqlite_url)
        accepted |= {(words[1], int(words[2])) for words in lines if words[0] == "accepted"}
    assert len(accepted) > 100

    database = Database.open(sqlite_url)
    try:
        assert await database.read(lambda c: c.execute(text("PRAGMA integrity_check")).scalar()) == "ok"
        for id_ in {id_ for id_, _ in accepted}:
            found = await database.read(lambda c, id_=id_: transcript(c, id_, limit=100_000))
            numbers = [item.seq for item in found]
            assert numbers == list(range(1, len(numbers) + 1))
            users = {item.seq for item in found if item.type == "user"}
            assert {seq for other, seq in accepted if other == id_} <= users
        # What the dead process held or had not read is still there to be answered.
        unread = sum([len(claimed.rows) for claimed in await claim(database, now=2_000_000.0, limit=100)])
        undone = await database.read(
            lambda c: c.execute(text("SELECT count(*) FROM inbox WHERE done_at IS NULL")).scalar()
        )
        assert unread == undone
    finally:
        await database.close()


def _write_and_die(url: str) -> list[list[str]]:
    process = subprocess.Popen(
        [sys.executable, "-c", _WRITER, url], stdout=subprocess.PIPE, text=True, cwd=_root()
    )
    assert process.stdout is not None
    lines: list[list[str]] = []
    while len(lines) < 400:
        line = process.stdout.readline()
        assert line, "the writer ended by itself"
        lines.append(line.split())
    process.send_signal(signal.SIGKILL)
    lines += [line.split() for line in process.stdout if line.endswith("\n")]
    process.wait()
    assert process.returncode == -signal.SIGKILL
    return lines


def _root() -> str:
    from pathlib import Path

    return str(Path(__file__).resolve().parents[2])
