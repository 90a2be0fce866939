"""The database itself, on both kinds: migrations, transactions, group commit, blobs."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlalchemy import Connection, inspect, text

from bot.model.errors import ConfigError, NotFound, Unavailable
from bot.model.messages import InboundMessage
from bot.store import answers, queue
from bot.store.blobs import Blobs, DatabaseBlobs, FolderBlobs, get_active, set_active
from bot.store.database import Database
from bot.store.feedback import add_feedback, feedback_counts
from bot.store.migrations import migrate
from bot.store.sqlite import GROUP
from bot.store.tables import metadata
from tests.store_talk import NOW

_ROOT = Path(__file__).resolve().parents[2]

_START = """
import sys
from bot.store.database import Database
from bot.store.migrations import migrate
migrate(Database.open(sys.argv[1]))
"""


# ── migrations ────────────────────────────────────────────────────────────────────────────────────────────


async def test_two_processes_may_start_at_once_and_again(database_url: str) -> None:
    start_it = [sys.executable, "-c", _START, database_url]
    starts = [subprocess.Popen(start_it, cwd=_ROOT, stderr=subprocess.PIPE, text=True) for _ in range(2)]  # noqa: ASYNC220
    for start in starts:
        _, errors = start.communicate()
        assert start.returncode == 0, errors
    database = Database.open(database_url)
    await asyncio.to_thread(migrate, database)
    assert (
        await database.read(lambda c: c.execute(text("SELECT count(*) FROM alembic_version")).scalar()) == 1
    )
    await database.close()


async def test_the_migrations_make_the_tables_of_the_schema(database: Database) -> None:
    def differences(connection: Connection) -> list[object]:
        return list(compare_metadata(MigrationContext.configure(connection), metadata))

    assert await database.read(differences) == []
    tables = await database.read(lambda c: set(inspect(c).get_table_names()))
    assert tables == set(metadata.tables) | {"alembic_version"}


async def test_what_was_said_before_answers_were_counted_is_told_to_nobody_again(database_url: str) -> None:
    database = Database.open(database_url)

    def first_version(connection: Connection) -> None:
        config = Config()
        config.set_main_option("script_location", str(_ROOT / "bot/store/migrations"))
        config.attributes["connection"] = connection
        command.upgrade(config, "0001")
        connection.execute(
            text(
                "INSERT INTO conversations (id, channel, sender_id, owner, status, owner_epoch, language,"
                " version, seq, arrivals, episode, lease_until, lease_token, created_at, updated_at)"
                " VALUES ('c', 'rest', 'klant', 'agent', 'open', 1, 'nl', 1, 7, 1, 1, 0, 0, 0, 0)"
            )
        )

    await asyncio.to_thread(database.exclusively, first_version)
    await asyncio.to_thread(migrate, database)
    sent = InboundMessage("rest", "klant", "m2", "nog iets?")
    taken = await database.write(lambda c: queue.accept(c, sent, now=2.0, burst=0.0))
    told = await database.write(lambda c: answers.collect(c, taken.conversation_id, taken.inbox_id))
    assert told == (7, 8)
    await database.close()


async def test_indexes_are_as_in_the_schema(database: Database) -> None:
    """Alembic does not compare an index's condition; the names and conditions must be the same."""
    wanted = {
        index.name: index.dialect_options[database.dialect].get("where") is not None
        for table in metadata.tables.values()
        for index in table.indexes
    }

    def found(connection: Connection) -> dict[str | None, bool]:
        inspector = inspect(connection)
        return {
            index["name"]: bool(index.get("dialect_options", {}).get(f"{database.dialect}_where") is not None)
            for table in metadata.tables
            for index in inspector.get_indexes(table)
            if not index.get("duplicates_constraint") and str(index["name"]).startswith("ix_")
        }

    assert await database.read(found) == wanted


def test_what_is_not_a_database_is_a_setting_that_is_wrong() -> None:
    for url in ("mysql://x/y", "nonsense", "sqlite://", "sqlite:///:memory:"):
        with pytest.raises(ConfigError):
            Database.open(url)


async def test_a_new_file_is_for_its_owner_alone(tmp_path: Path) -> None:
    folder = tmp_path / "var"
    database = Database.open(f"sqlite:///{folder / 'balie.db'}")
    migrate(database)
    assert {path.name: path.stat().st_mode & 0o077 for path in (folder, *folder.iterdir())} == {
        "var": 0, "balie.db": 0, "balie.db-wal": 0, "balie.db-shm": 0
    }  # fmt: skip
    await database.close()


async def test_the_short_name_of_postgresql_is_accepted(postgres_url: str) -> None:
    database = Database.open(postgres_url.replace("postgresql://", "postgres://"))
    assert database.dialect == "postgresql"
    assert await database.read(lambda c: c.execute(text("SELECT 1")).scalar()) == 1
    await database.close()


# ── transactions ──────────────────────────────────────────────────────────────────────────────────────────


def _add(connection: Connection, name: str) -> None:
    set_active(connection, name, "h", now=NOW)


def _add_and_fail(connection: Connection, name: str) -> None:
    _add(connection, name)
    raise NotFound(name)


async def _names(database: Database) -> set[str]:
    return await database.read(lambda c: {row[0] for row in c.execute(text("SELECT name FROM active"))})


async def test_who_fails_in_a_crowd_rolls_back_alone(database: Database) -> None:
    results = await asyncio.gather(
        *(
            database.write(lambda c, n=n: (_add_and_fail if n % 3 == 0 else _add)(c, f"n{n}"))
            for n in range(2 * GROUP)
        ),
        return_exceptions=True,
    )
    failed = {f"n{n}" for n in range(0, 2 * GROUP, 3)}
    assert {str(result) for result in results if isinstance(result, NotFound)} == failed
    assert await _names(database) == {f"n{n}" for n in range(2 * GROUP)} - failed


async def test_a_group_is_one_commit(sqlite_database: Database) -> None:
    """Held up by one, the others gather and are committed together."""
    started, go_on = threading.Event(), threading.Event()

    def slow(connection: Connection) -> None:
        started.set()
        assert go_on.wait(10)
        _add(connection, "slow")

    first = asyncio.create_task(sqlite_database.write(slow))
    await asyncio.to_thread(started.wait, 10)
    transactions: set[int] = set()

    def quick(connection: Connection, n: int) -> None:
        transactions.add(id(connection))
        _add(connection, f"q{n}")

    rest = [asyncio.create_task(sqlite_database.write(lambda c, n=n: quick(c, n))) for n in range(20)]
    await asyncio.sleep(0)
    go_on.set()
    await asyncio.gather(first, *rest)
    assert len(transactions) == 1
    assert len(await _names(sqlite_database)) == 21


async def test_who_gives_up_waiting_harms_nobody(sqlite_database: Database) -> None:
    started, go_on = threading.Event(), threading.Event()

    def slow(_: Connection) -> None:
        started.set()
        assert go_on.wait(10)

    first = asyncio.create_task(sqlite_database.write(slow))
    await asyncio.to_thread(started.wait, 10)
    impatient = asyncio.create_task(sqlite_database.write(lambda c: _add(c, "a")))
    patient = asyncio.create_task(sqlite_database.write(lambda c: _add(c, "b")))
    await asyncio.sleep(0)
    impatient.cancel()
    go_on.set()
    await asyncio.gather(first, patient)
    assert {"b"} <= await _names(sqlite_database)


async def test_a_read_cannot_write(database: Database) -> None:
    with pytest.raises(Exception, match=r"readonly|read-only"):
        await database.read(lambda c: _add(c, "x"))
    assert await _names(database) == set()


async def test_what_was_written_is_read(database: Database) -> None:
    for n in range(5):
        await database.write(lambda c, n=n: _add(c, f"n{n}"))
        assert f"n{n}" in await _names(database)


async def test_after_closing_nothing_is_taken(database_url: str) -> None:
    database = Database.open(database_url)
    await asyncio.to_thread(migrate, database)
    asked = [asyncio.create_task(database.write(lambda c, n=n: _add(c, f"n{n}"))) for n in range(10)]
    await asyncio.sleep(0)
    await database.close()
    await asyncio.gather(*asked)
    for call in (database.write, database.read):
        with pytest.raises(Unavailable):
            await call(lambda c: None)
    await database.close()


async def test_a_lost_conflict_is_run_again(postgres_url: str) -> None:
    """Two transactions that lock two rows the other way round: PostgreSQL ends one, we run it again."""
    database = Database.open(postgres_url)
    await asyncio.to_thread(migrate, database)
    for name in ("a", "b"):
        await database.write(lambda c, name=name: _add(c, name))
    both = threading.Barrier(2)
    runs: list[str] = []

    def crossing(connection: Connection, first: str, second: str) -> None:
        runs.append(first)
        _add(connection, first)
        if len(runs) <= 2:
            both.wait(10)
        _add(connection, second)

    await asyncio.gather(
        database.write(lambda c: crossing(c, "a", "b")), database.write(lambda c: crossing(c, "b", "a"))
    )
    assert len(runs) > 2
    await database.close()


# ── blobs, the active one, feedback ───────────────────────────────────────────────────────────────────────


async def test_blobs_come_back_by_their_hash(database: Database, tmp_path: Path) -> None:
    content = bytes(range(256)) * 400
    stores: tuple[Blobs, ...] = (FolderBlobs(tmp_path / "blobs"), DatabaseBlobs(database))
    for blobs in stores:
        hash_ = await blobs.put(content)
        assert await blobs.put(content) == hash_
        assert await blobs.get(hash_) == content
        for wrong in ("0" * 64, "../../etc/passwd", ""):
            with pytest.raises(NotFound):
                await blobs.get(wrong)


async def test_which_one_is_active(database: Database) -> None:
    assert await database.read(lambda c: get_active(c, "model")) is None
    for hash_ in ("one", "two"):
        await database.write(lambda c, hash_=hash_: set_active(c, "model", hash_, now=NOW))
        assert await database.read(lambda c: get_active(c, "model")) == hash_


async def test_whether_articles_helped(database: Database) -> None:
    for helpful in (True, True, False):
        await database.write(
            lambda c, helpful=helpful: add_feedback(c, slug="wifi", language="nl", helpful=helpful, now=NOW)
        )
    assert await database.read(feedback_counts) == {("wifi", "nl"): (2, 1)}
