"""PostgreSQL: a bounded pool of threads, one connection and one transaction for each piece of work.

A transaction that loses a conflict (serialization failure, deadlock) is run again; what else goes wrong is
the caller's to know. PostgreSQL groups commits by itself.
"""

from __future__ import annotations

import asyncio
import logging
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

import psycopg.errors
from sqlalchemy import create_engine, text
from sqlalchemy.engine import URL
from sqlalchemy.exc import DBAPIError

from bot.model.errors import Unavailable
from bot.store.database import Work

log = logging.getLogger(__name__)

T = TypeVar("T")

THREADS = 8
TRIES = 6
MIGRATION_LOCK = 0x62616C6965
"""The advisory lock that `exclusively` takes: "balie" in hexadecimal."""

_AGAIN = (psycopg.errors.SerializationFailure, psycopg.errors.DeadlockDetected)


class Postgres:
    """A server, reached through a few connections."""

    dialect = "postgresql"

    def __init__(self, url: URL) -> None:
        self._engine = create_engine(url, pool_size=THREADS, max_overflow=1, pool_pre_ping=False)
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="store")
        self._closed = False

    async def write(self, work: Work[T]) -> T:
        """Run `work` in a transaction, again where it lost a conflict."""
        return await self._run(self._write, work)

    async def read(self, work: Work[T]) -> T:
        """Run `work` on one snapshot, read only."""
        return await self._run(self._read, work)

    def exclusively(self, work: Work[T]) -> T:
        """Run `work` in a transaction under an advisory lock."""
        with self._engine.begin() as connection:
            connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": MIGRATION_LOCK})
            return work(connection)

    async def scrub(self) -> bool:
        """Ask for a vacuum now; what is deleted would stand in the files until the next."""
        await asyncio.to_thread(self._vacuum)
        return True

    def _vacuum(self) -> None:
        with self._engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("VACUUM"))

    async def close(self) -> None:
        """Finish what runs, then close the connections."""
        self._closed = True
        await asyncio.to_thread(self._threads.shutdown)
        self._engine.dispose()

    async def _run(self, how: object, work: Work[T]) -> T:
        if self._closed:
            raise Unavailable("the database is closed")
        return await asyncio.get_running_loop().run_in_executor(self._threads, how, work)  # type: ignore[arg-type]

    def _write(self, work: Work[T]) -> T:
        for attempt in range(1, TRIES + 1):
            try:
                with self._engine.begin() as connection:
                    return work(connection)
            except Exception as error:
                if attempt == TRIES or not _may_try_again(error):
                    raise
                log.info("a transaction lost a conflict and is run again (%s of %s)", attempt, TRIES)
        raise AssertionError("unreachable")

    def _read(self, work: Work[T]) -> T:
        with self._engine.connect() as connection:
            connection.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
            return work(connection)


def _may_try_again(error: Exception) -> bool:
    """Whether it is a lost conflict, from the driver itself or wrapped by SQLAlchemy."""
    cause = error.orig if isinstance(error, DBAPIError) else error
    return isinstance(cause, _AGAIN)
