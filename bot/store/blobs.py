"""Bytes by their hash (models, attachments, content versions), in a folder or in the database; and which of
them is `active`. Bytes never change under a hash, so that every process may keep what it has read."""

from __future__ import annotations

import asyncio
import hashlib
import os
import secrets
from pathlib import Path
from typing import Protocol

from sqlalchemy import Connection, select

from bot.model.errors import NotFound
from bot.store.database import Database
from bot.store.schema import active, blobs
from bot.store.statements import insert_into


class Blobs(Protocol):
    """Where bytes are kept."""

    async def put(self, content: bytes) -> str:
        """Keep them; their hash."""
        ...

    async def get(self, hash_: str) -> bytes:
        """The bytes; raises `NotFound`."""
        ...


def hash_of(content: bytes) -> str:
    """The name of these bytes."""
    return hashlib.sha256(content).hexdigest()


class FolderBlobs:
    """Blobs as files, spread over 256 folders."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def put(self, content: bytes) -> str:
        """Write beside and rename, so that a file under a hash is always whole."""
        return await asyncio.to_thread(self._put, content)

    async def get(self, hash_: str) -> bytes:
        """Read; raises `NotFound`, also for what is not a hash."""
        if len(hash_) != 64 or not set(hash_) <= set("0123456789abcdef"):
            raise NotFound("that is not the hash of a blob")
        try:
            return await asyncio.to_thread(self._path(hash_).read_bytes)
        except FileNotFoundError:
            raise NotFound(f"there is no blob {hash_}") from None

    def _path(self, hash_: str) -> Path:
        return self._folder / hash_[:2] / hash_[2:]

    def _put(self, content: bytes) -> str:
        hash_ = hash_of(content)
        path = self._path(hash_)
        if path.exists():
            return hash_
        path.parent.mkdir(parents=True, exist_ok=True)
        beside = path.with_name(f".{secrets.token_hex(8)}")
        with beside.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
        return hash_


class DatabaseBlobs:
    """Blobs as rows, for processes that share no disk."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def put(self, content: bytes) -> str:
        """Insert once."""
        return await self._database.write(lambda connection: put_blob(connection, content))

    async def get(self, hash_: str) -> bytes:
        """Read; raises `NotFound`."""

        def work(connection: Connection) -> bytes | None:
            return connection.execute(select(blobs.c.content).where(blobs.c.hash == hash_)).scalar()

        content = await self._database.read(work)
        if content is None:
            raise NotFound(f"there is no blob {hash_}")
        return content


def put_blob(connection: Connection, content: bytes) -> str:
    """Keep bytes within a transaction, with what names them; their hash. Locks the row, also one that is
    there, so that nobody drops it meanwhile."""
    hash_ = hash_of(content)
    insert = insert_into(connection.dialect.name, blobs).values(hash=hash_, content=content)
    connection.execute(insert.on_conflict_do_update(index_elements=[blobs.c.hash], set_={"hash": hash_}))
    return hash_


def set_active(connection: Connection, name: str, hash_: str, *, now: float) -> None:
    """From now on this is the one: the model, the content version. Ring afterwards."""
    insert = insert_into(connection.dialect.name, active).values(name=name, hash=hash_, at=now)
    connection.execute(
        insert.on_conflict_do_update(
            index_elements=[active.c.name], set_={"hash": insert.excluded.hash, "at": insert.excluded.at}
        )
    )


def get_active(connection: Connection, name: str) -> str | None:
    """The hash of the one in use; None before there is one."""
    return connection.execute(select(active.c.hash).where(active.c.name == name)).scalar()
