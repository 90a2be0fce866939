"""One database behind one small face: `write` a transaction, `read` one, close. Not a place for queries.

SQLite is served by `bot.store.sqlite`, PostgreSQL by `bot.store.postgres`; work is a plain function on a
SQLAlchemy `Connection` in both, run in a thread, and commits when it returns. Work may be run again after a
conflict between transactions (PostgreSQL), so it must do nothing but read and write this database.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol, TypeVar

from sqlalchemy import Connection, make_url
from sqlalchemy.engine import URL
from sqlalchemy.exc import ArgumentError

from bot.model.errors import ConfigError

T = TypeVar("T")
Work = Callable[[Connection], T]

_POSTGRESQL = frozenset({"postgres", "postgresql", "postgresql+psycopg"})


class Backend(Protocol):
    """What a kind of database must be able to do."""

    dialect: str

    async def write(self, work: Work[T]) -> T: ...
    async def read(self, work: Work[T]) -> T: ...
    def exclusively(self, work: Work[T]) -> T: ...
    async def scrub(self) -> bool: ...
    async def close(self) -> None: ...


class Database:
    """The database of one process."""

    def __init__(self, backend: Backend) -> None:
        self._backend = backend

    @classmethod
    def open(cls, url: str) -> Database:
        """Open by URL: sqlite:////absolute/path or postgresql://…; raises `ConfigError` for any other."""
        try:
            parsed = make_url(url)
        except ArgumentError:
            raise ConfigError(
                "the database URL cannot be read. Use sqlite:////path or postgresql://…"
            ) from None
        return cls(_backend(parsed))

    @property
    def dialect(self) -> str:
        """`sqlite` or `postgresql`."""
        return self._backend.dialect

    async def write(self, work: Work[T]) -> T:
        """Run `work` in one transaction that commits when it returns and rolls back when it raises."""
        return await self._backend.write(work)

    async def read(self, work: Work[T]) -> T:
        """Run `work` on one consistent state, without the right to change it."""
        return await self._backend.read(work)

    def exclusively(self, work: Work[T]) -> T:
        """Run `work` in a transaction that no other process shares. Blocks: for migrations and commands."""
        return self._backend.exclusively(work)

    async def scrub(self) -> bool:
        """Leave nothing of what was deleted in the files; False where somebody who reads holds on to it."""
        return await self._backend.scrub()

    async def close(self) -> None:
        """Finish what was asked, then let go of files, threads and connections."""
        await self._backend.close()


def _backend(url: URL) -> Backend:
    # Imported here, so that the driver that is not used need not be installed.
    if url.drivername in {"sqlite", "sqlite+pysqlite"}:
        from bot.store.sqlite import Sqlite

        return Sqlite(url)
    if url.drivername in _POSTGRESQL:
        from bot.store.postgres import Postgres

        return Postgres(url.set(drivername="postgresql+psycopg"))
    raise ConfigError(
        f"{url.drivername} is not supported as a database. Use sqlite:////path or postgresql://…"
    )
