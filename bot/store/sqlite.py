"""SQLite: one writer thread with group commit, and a few readers. Not for a network disk or two machines.

The writer takes what is queued (up to `GROUP`), begins once, gives every member a savepoint, commits once and
then answers all of them: one flush to disk for many messages, and a member that fails rolls back alone.
"""

from __future__ import annotations

import asyncio
import sqlite3
import threading
import time
from collections import defaultdict
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Any, NamedTuple, TypeVar

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL
from sqlalchemy.pool import QueuePool

from bot.model.errors import ConfigError, Unavailable
from bot.store.database import Work

T = TypeVar("T")

GROUP = 64
"""Members of one commit, at most."""
READERS = 4
WAITING = 10_000
"""Writes that may wait; beyond that the caller is told to come back."""
BUSY_SECONDS = 15.0
"""How long another process may hold the file."""
SCRUB_SECONDS = 1.0
"""How long a reader, a backup say, may keep the write-ahead log from being emptied."""
OLDEST = (3, 35, 0)
"""RETURNING came with this version of SQLite."""
_WRITER = ("cache_size=-16000", "wal_autocheckpoint=4000", "secure_delete=ON")
"""Room for 16 MB of pages, and a checkpoint every 16 MB: busy pages are copied back less often. What is
deleted or replaced is overwritten by zeros, which costs a turn some 5 µs."""
_SCRUBBED = 1
"""`user_version` of a file that has been written anew since what is deleted is overwritten."""
_READER = ("cache_size=-2000", "query_only=ON")
"""A reader finds its few pages in the system's own cache."""


class _Member(NamedTuple):
    """One caller's work, and where the answer goes."""

    work: Work[Any]
    loop: asyncio.AbstractEventLoop
    future: asyncio.Future[Any]


class Sqlite:
    """A database file, its writer and its readers."""

    dialect = "sqlite"

    def __init__(self, url: URL) -> None:
        if not url.database or url.database == ":memory:":
            raise ConfigError("SQLite needs a file: sqlite:////path/to/balie.db")
        if sqlite3.sqlite_version_info < OLDEST:
            raise ConfigError(
                f"this Python has SQLite {sqlite3.sqlite_version}; 3.35 or newer is needed. "
                "Use another Python, or PostgreSQL."
            )
        _make(Path(url.database))
        self._writer = _engine(url, size=1, begin="BEGIN IMMEDIATE", read_only=False)
        self._reader = _engine(url, size=READERS, begin="BEGIN", read_only=True)
        self._readers = ThreadPoolExecutor(READERS, thread_name_prefix="store-read")
        self._kept = threading.local()
        self._kept_by_all: list[Connection] = []
        self._queue: SimpleQueue[_Member | None] = SimpleQueue()
        self._closed = False
        self._write_lock = threading.Lock()  # the writer's one connection, shared with `exclusively`
        self._thread = threading.Thread(target=self._write_all, name="store-write", daemon=True)
        self._thread.start()

    async def write(self, work: Work[T]) -> T:
        """Queue `work` for the next group."""
        if self._closed:
            raise Unavailable("the database is closed")
        if self._queue.qsize() > WAITING:
            raise Unavailable("the database is too busy to take more; try again in a moment")
        loop = asyncio.get_running_loop()
        future: asyncio.Future[T] = loop.create_future()
        self._queue.put(_Member(work, loop, future))
        return await future

    async def read(self, work: Work[T]) -> T:
        """Run `work` on a reader's connection."""
        if self._closed:
            raise Unavailable("the database is closed")
        return await asyncio.get_running_loop().run_in_executor(self._readers, self._read, work)

    def exclusively(self, work: Work[T]) -> T:
        """Run `work` under SQLite's own write lock, which other processes respect too."""
        with self._write_lock, self._writer.begin() as connection:
            return work(connection)

    async def scrub(self) -> bool:
        """Bring the write-ahead log into the file and empty it; the first time, write the file anew."""
        return await asyncio.to_thread(self._scrub)

    def _scrub(self) -> bool:
        raw = self._writer.raw_connection()
        driver: Any = raw.driver_connection
        try:
            with self._write_lock, _impatient(driver):
                if driver.execute("PRAGMA user_version").fetchone()[0] < _SCRUBBED:
                    driver.execute("VACUUM")
                    driver.execute(f"PRAGMA user_version={_SCRUBBED}")
                return not driver.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
        except sqlite3.OperationalError:  # another process writes, for longer than we wait
            return False
        finally:
            raw.close()

    async def close(self) -> None:
        """Let the writer finish its queue, then close everything."""
        if self._closed:
            return
        self._closed = True
        self._queue.put(None)
        await asyncio.to_thread(self._thread.join)
        await asyncio.to_thread(self._readers.shutdown)
        for connection in self._kept_by_all:
            connection.close()
        self._reader.dispose()
        self._writer.dispose()

    def _read(self, work: Work[T]) -> T:
        # Each reader keeps its connection: taking one from the pool costs more than most reads.
        connection: Connection | None = getattr(self._kept, "connection", None)
        if connection is None or connection.closed or connection.invalidated:
            connection = self._kept.connection = self._reader.connect()
            self._kept_by_all.append(connection)
        try:
            return work(connection)
        finally:
            connection.rollback()  # never commits

    def _write_all(self) -> None:
        open_ = True
        while open_:
            first = self._queue.get()
            if first is None:
                return
            group = [first]
            while len(group) < GROUP:
                try:
                    member = self._queue.get_nowait()
                except Empty:
                    break
                if member is None:
                    open_ = False
                    break
                group.append(member)
            _answer(group, self._commit(group))

    def _commit(self, group: list[_Member]) -> list[Any]:
        """What each member gets: its result, or a `_Failed`. Nothing escapes: the thread must live."""
        try:
            with self._write_lock, self._writer.begin() as connection:
                if len(group) == 1:
                    return [group[0].work(connection)]
                return [_in_savepoint(connection, member.work) for member in group]
        except BaseException as error:
            return [_Failed(error)] * len(group)


class _Failed:
    """An exception on its way to the caller."""

    __slots__ = ("error",)

    def __init__(self, error: BaseException) -> None:
        self.error = error


def _in_savepoint(connection: Connection, work: Work[Any]) -> Any:
    driver: Any = connection.connection.dbapi_connection  # its own savepoints cost forty times as much
    driver.execute("SAVEPOINT member")
    try:
        result = work(connection)
    except Exception as error:
        if not driver.in_transaction:
            raise  # SQLite gave up the whole transaction (disk full, I/O error): everybody must know
        driver.execute("ROLLBACK TO member")
        driver.execute("RELEASE member")
        return _Failed(error)
    driver.execute("RELEASE member")
    return result


def _answer(group: list[_Member], results: list[Any]) -> None:
    """Hand every result to its event loop, waking each loop once."""
    by_loop: dict[asyncio.AbstractEventLoop, list[tuple[asyncio.Future[Any], Any]]] = defaultdict(list)
    for member, result in zip(group, results, strict=True):
        by_loop[member.loop].append((member.future, result))
    for loop, answers in by_loop.items():
        try:
            loop.call_soon_threadsafe(_resolve, answers)
        except RuntimeError:
            continue  # that loop is closed: nobody waits any more


def _resolve(answers: list[tuple[asyncio.Future[Any], Any]]) -> None:
    for future, result in answers:
        if future.done():
            continue  # the caller gave up waiting; the work is committed all the same
        if isinstance(result, _Failed):
            future.set_exception(result.error)
        else:
            future.set_result(result)


def _make(file: Path) -> None:
    """Make the file where there is none, for its owner alone; its log beside it gets the same rights."""
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not file.exists():
        file.touch(mode=0o600)


def _engine(url: URL, *, size: int, begin: str, read_only: bool) -> Engine:
    engine = create_engine(
        url,
        poolclass=QueuePool,
        pool_size=size,
        max_overflow=0,
        connect_args={"check_same_thread": False, "timeout": BUSY_SECONDS, "cached_statements": 256},
    )

    def connected(driver: sqlite3.Connection, _record: object) -> None:
        driver.isolation_level = None  # transactions begin where we say, not where the driver guesses
        tuning = _READER if read_only else _WRITER
        _use_wal(driver)
        for pragma in ("synchronous=FULL", "foreign_keys=ON", *tuning):
            driver.execute(f"PRAGMA {pragma}")

    def began(connection: Connection) -> None:
        driver: Any = connection.connection.dbapi_connection
        driver.execute(begin)

    event.listen(engine, "connect", connected)
    event.listen(engine, "begin", began)
    return engine


@contextmanager
def _impatient(driver: Any) -> Iterator[None]:
    """Wait for others no longer than `SCRUB_SECONDS`: meanwhile nothing is written."""
    driver.execute(f"PRAGMA busy_timeout={round(SCRUB_SECONDS * 1000)}")
    try:
        yield
    finally:
        driver.execute(f"PRAGMA busy_timeout={round(BUSY_SECONDS * 1000)}")


def _use_wal(driver: sqlite3.Connection) -> None:
    """Turn write-ahead logging on. SQLite does not wait here for another process that makes the same file."""
    deadline = time.monotonic() + BUSY_SECONDS
    while True:
        try:
            driver.execute("PRAGMA journal_mode=WAL")
            return
        except sqlite3.OperationalError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.02)
