"""Everything in the database as one file, and back: for SQLite, PostgreSQL, and from one to the other.

A ZIP file: `tables/<name>.jsonl`, a row a line in the order of the columns; `files/…` from beside the
database; and last `manifest.json`: the revision of the tables, columns, rows and checksum of each. The tables
are read as they are there, in one transaction, so a server may go on working; they are put back by making the
tables of that very revision and then upgrading, in one transaction, so that a restore is whole or nothing.
"""

from __future__ import annotations

import base64
import hashlib
import time
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import IO, Any

import orjson
from sqlalchemy import Connection, LargeBinary, MetaData, Table, delete, func, insert, select, text, update

from bot.model.errors import ConfigError, Conflict, Malformed
from bot.store.migrations import VERSION_TABLE, revision_of, revisions, upgrade
from bot.store.schema import leases, sessions
from bot.store.schema_people import half_logins, invitations, password_links

FORMAT = 1
MANIFEST = "manifest.json"
AT_ONCE = 1_000
"""Rows of one statement."""
BIG_AT_ONCE = 8
"""Rows of one statement where they hold files."""
CHUNK = 1 << 20
KEYS = (sessions, half_logins, invitations, password_links)
"""What lets somebody in without a password. It does not come back: perhaps it was used or ended since."""

Told = Callable[[int], object]
"""Hears of so many rows or bytes more."""


def _quiet(_: int) -> None:
    """Nobody watches."""


def rows_in(connection: Connection) -> dict[str, int]:
    """How many rows each table has."""
    return {
        table.name: connection.execute(select(func.count()).select_from(table)).scalar_one()
        for table in _tables(connection)
    }


def _tables(connection: Connection) -> list[Table]:
    """The tables as they are in this database, those that others refer to first."""
    found = MetaData()
    found.reflect(connection)
    return [table for table in found.sorted_tables if table.name != VERSION_TABLE]


# ── out ───────────────────────────────────────────────────────────────────────────────────────────────────


def write_backup(
    connection: Connection, file: IO[bytes], files: Mapping[str, Path] | None = None, told: Told = _quiet
) -> dict[str, Any]:
    """Write everything into `file`, and what lies beside as `files` (name to path); gives the manifest."""
    revision = revision_of(connection)
    if revision is None:
        raise ConfigError("there is nothing to back up: the database has no tables yet")
    manifest: dict[str, Any] = {
        "format": FORMAT,
        "revision": revision,
        "made_at": time.time(),
        "dialect": connection.dialect.name,
        "numbers": _numbers(connection),
        "tables": {},
        "files": {},
    }
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=4) as made:
        for table in _tables(connection):
            count, checksum = _write(made, f"tables/{table.name}.jsonl", _lines(connection, table), told)
            manifest["tables"][str(table.name)] = {
                "columns": [str(column.name) for column in table.columns],
                "rows": count,
                "sha256": checksum,
            }
        for name, path in (files or {}).items():
            with path.open("rb") as content:
                pieces = iter(lambda content=content: content.read(CHUNK), b"")
                _, manifest["files"][name] = _write(made, f"files/{name}", pieces, _quiet)
        made.writestr(MANIFEST, orjson.dumps(manifest, option=orjson.OPT_INDENT_2))
    return manifest


def _write(made: zipfile.ZipFile, name: str, pieces: Iterable[bytes], told: Told) -> tuple[int, str]:
    """How many pieces there were, and the checksum of all."""
    hash_, count = hashlib.sha256(), 0
    with made.open(name, "w", force_zip64=True) as member:
        for piece in pieces:
            member.write(piece)
            hash_.update(piece)
            count += 1
            told(1)
    return count, hash_.hexdigest()


def _lines(connection: Connection, table: Table) -> Iterator[bytes]:
    columns = list(table.columns)
    binary = [number for number, column in enumerate(columns) if isinstance(column.type, LargeBinary)]
    query = select(*columns).order_by(*table.primary_key.columns)
    for row in connection.execute(query, execution_options={"yield_per": _at_once(table)}):
        values = list(row)
        for number in binary:
            if values[number] is not None:
                values[number] = base64.b64encode(values[number]).decode()
        yield orjson.dumps(values) + b"\n"


def _at_once(table: Table) -> int:
    big = any(isinstance(column.type, LargeBinary) for column in table.columns)
    return BIG_AT_ONCE if big else AT_ONCE


# ── back ──────────────────────────────────────────────────────────────────────────────────────────────────


class Backup:
    """A backup file, open and looked at; `check` it before anything is changed."""

    def __init__(self, path: Path) -> None:
        try:
            self._file = zipfile.ZipFile(path)
            self.manifest: dict[str, Any] = orjson.loads(self._file.read(MANIFEST))
            known = self.manifest["format"] == FORMAT
            self.revision: str = self.manifest["revision"]
            self.tables: Mapping[str, Any] = self.manifest["tables"]
            self.files: Mapping[str, str] = self.manifest["files"]
        except (OSError, zipfile.BadZipFile, zlib.error, KeyError, TypeError, ValueError) as error:
            raise Malformed(f"{path} is not a whole backup of Balie: {error}") from None
        if not known or self.revision not in revisions():
            raise ConfigError(
                f"{path} was made by a newer Balie (revision {self.revision}; this one knows up to "
                f"{revisions()[-1]}). Restore it with that one."
            )

    @property
    def rows(self) -> int:
        """How many rows there are in all."""
        return sum(each["rows"] for each in self.tables.values())

    def check(self, told: Told = _quiet) -> None:
        """Read everything once; raises `Malformed` where a byte is not as it was written."""
        members = {f"tables/{name}.jsonl": each["sha256"] for name, each in self.tables.items()}
        members |= {f"files/{name}": checksum for name, checksum in self.files.items()}
        for name, checksum in members.items():
            hash_ = hashlib.sha256()
            try:
                with self._file.open(name) as member:
                    while piece := member.read(CHUNK):
                        hash_.update(piece)
                        told(len(piece))
            except (KeyError, zipfile.BadZipFile, zlib.error, OSError) as error:
                raise Malformed(f"the backup is damaged: {error}") from None
            if hash_.hexdigest() != checksum:
                raise Malformed(f"the backup is damaged: {name} is not what was written")

    def load(self, connection: Connection, *, replace: bool, now: float, told: Told = _quiet) -> None:
        """Put everything but `KEYS` into the database and bring it up to date, within the caller's
        transaction.

        Raises `Conflict` where there is something already, unless it is to be replaced, and in any case
        while a server works on it.
        """
        _clear(connection, replace=replace, now=now)
        upgrade(connection, self.revision)
        for table in _tables(connection):
            if table.name not in self.tables:
                raise Malformed(f"the backup has no table {table.name}")
            _fill(connection, table, self._rows(table), told)
        _set_numbers(connection, self.manifest["numbers"])
        upgrade(connection)
        for table in KEYS:
            connection.execute(delete(table))
        # Whoever held a lease then is not there now.
        connection.execute(update(leases).where(leases.c.holder != "").values(until=0.0))

    def extract(self, folder: Path) -> None:
        """Lay the files beside the database; one that is there stays, as its name says what is in it."""
        for name in self.files:
            path = (folder / name).resolve()
            if folder.resolve() not in path.parents:
                raise Malformed(f"the backup has a file that leads elsewhere: {name}")
            if path.exists():
                continue
            path.parent.mkdir(parents=True, exist_ok=True)
            with self._file.open(f"files/{name}") as member:
                path.write_bytes(member.read())

    def _rows(self, table: Table) -> Iterator[dict[str, Any]]:
        columns: Sequence[str] = self.tables[table.name]["columns"]
        binary = [name for name in columns if isinstance(table.c[name].type, LargeBinary)]
        with self._file.open(f"tables/{table.name}.jsonl") as member:
            for line in member:
                row = dict(zip(columns, orjson.loads(line), strict=True))
                for name in binary:
                    row[name] = None if row[name] is None else base64.b64decode(row[name])
                yield row


def _clear(connection: Connection, *, replace: bool, now: float) -> None:
    tables = _tables(connection)
    if "leases" in {table.name for table in tables}:
        held = connection.execute(
            select(leases.c.holder).where(leases.c.name == "schedule", leases.c.until > now)
        ).first()
        if held is not None:
            raise Conflict(
                "a server works on this database: stop it and its workers, or wait 90 s after it was killed"
            )
    if not replace and any(rows_in(connection).values()):
        raise Conflict("there is something in this database already; --replace throws it away")
    found = MetaData()
    found.reflect(connection)
    found.drop_all(connection)


def _fill(connection: Connection, table: Table, rows: Iterator[dict[str, Any]], told: Told) -> None:
    connection.execute(table.delete())  # what a migration puts into a table that it makes
    while some := list(islice(rows, _at_once(table))):
        connection.execute(insert(table), some)
        told(len(some))


# ── numbers that were given out ───────────────────────────────────────────────────────────────────────────


def _numbers(connection: Connection) -> dict[str, int]:
    """The last number that each table gave out, where the database remembers it beyond its rows."""
    if connection.dialect.name == "sqlite":
        rows = connection.execute(text("SELECT name, seq FROM sqlite_sequence")).all()
        return {row.name: row.seq for row in rows}
    numbers: dict[str, int] = {}
    for table, sequence in _sequences(connection):
        query = text(f"SELECT last_value, is_called FROM {sequence}")  # noqa: S608
        last, called = connection.execute(query).one()
        numbers[str(table.name)] = last if called else last - 1
    return numbers


def _set_numbers(connection: Connection, numbers: Mapping[str, int]) -> None:
    if connection.dialect.name == "sqlite":
        for name, last in numbers.items():
            given = {"name": name, "last": last}
            change = text("UPDATE sqlite_sequence SET seq = max(seq, :last) WHERE name = :name")
            if not connection.execute(change, given).rowcount:
                connection.execute(
                    text("INSERT INTO sqlite_sequence (name, seq) VALUES (:name, :last)"), given
                )
        return
    for table, sequence in _sequences(connection):
        [key] = table.primary_key.columns
        highest = connection.execute(select(func.max(key))).scalar() or 0
        last = max(numbers.get(table.name, 0), highest)
        if last > 0:
            connection.execute(text("SELECT setval(:sequence, :last)"), {"sequence": sequence, "last": last})


def _sequences(connection: Connection) -> Iterator[tuple[Table, str]]:
    """PostgreSQL's tables that number their rows, and by which sequence."""
    for table in _tables(connection):
        keys = list(table.primary_key.columns)
        if len(keys) == 1:
            query = text("SELECT pg_get_serial_sequence(:name, :key)")
            found = connection.execute(query, {"name": table.name, "key": keys[0].name}).scalar()
            if found:
                yield table, str(found)
