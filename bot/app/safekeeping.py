"""`balie backup FILE` and `balie restore FILE`. What the file is, is `bot.store.backup`."""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, make_url
from tqdm import tqdm

from bot.app.config import Settings
from bot.model.errors import Conflict, NotFound
from bot.store.backup import Backup, rows_in, write_backup
from bot.store.database import Database

FOLDERS = ("blobs",)
"""Beside the database in the var folder. Models and the articles' vectors are not: they are made anew."""


def make_backup(settings: Settings, given: argparse.Namespace) -> None:
    """Write the file, whole or not at all; raises `Conflict` where there is one already."""
    path: Path = given.file
    if path.exists():
        raise Conflict(f"there is a file {path} already")
    there(settings)
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(path.name + ".part")

    def work(connection: Connection) -> dict[str, Any]:
        total = sum(rows_in(connection).values())
        with open(os.open(part, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o600), "w+b") as file:
            with _progress(total, "rows") as bar:
                manifest = write_backup(connection, file, _files(settings), bar.update)
            file.flush()
            os.fsync(file.fileno())
        return manifest

    try:
        manifest = asyncio.run(_read(settings, work))
        part.rename(path)
    finally:
        part.unlink(missing_ok=True)
    rows = sum(each["rows"] for each in manifest["tables"].values())
    print(f"{path}: {_n(rows, 'row')}, {_n(len(manifest['files']), 'file')}, {path.stat().st_size} bytes.")
    print(
        "Not in it: the pack (--data), balie.toml, secrets; nor models: they are trained again by themselves."
    )


def restore_backup(settings: Settings, given: argparse.Namespace) -> None:
    """Check the file, then put it back, whole or not at all."""
    path: Path = given.file
    if not path.is_file():
        raise NotFound(f"there is no file {path}")
    backup = Backup(path)
    with _progress(None, "B") as bar:
        backup.check(bar.update)
    settings.make_var()
    database = Database.open(settings.database)
    try:
        with _progress(backup.rows, "rows") as bar:
            database.exclusively(
                lambda connection: backup.load(
                    connection, replace=given.replace, now=time.time(), told=bar.update
                )
            )
        backup.extract(settings.var)
        asyncio.run(database.scrub())
    finally:
        asyncio.run(database.close())
    made = time.strftime("%Y-%m-%d %H:%M", time.localtime(backup.manifest["made_at"]))
    print(f"Restored {_n(backup.rows, 'row')} and {_n(len(backup.files), 'file')}, as they were on {made}.")
    print(
        "Everybody has to log in again; links to accept an invitation or choose a password count no longer."
    )
    print(
        "Passwords, roles, blocked users and API tokens are those of that moment: look whether one is to end."
    )
    print("Whoever was erased since then is back: erase them again ('balie customer erase').")


def there(settings: Settings) -> None:
    """Raise `NotFound` where there is no database: opening one of SQLite makes it, and nothing is in it."""
    url = make_url(settings.database)
    if url.drivername.startswith("sqlite") and not Path(url.database or "").is_file():
        raise NotFound(f"there is no database {url.database}; name its folder with --var or BALIE_VAR")


def _n(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"


def _files(settings: Settings) -> Mapping[str, Path]:
    return {
        path.relative_to(settings.var).as_posix(): path
        for folder in FOLDERS
        for path in sorted((settings.var / folder).rglob("*"))
        if path.is_file() and not path.name.startswith(".")
    }


async def _read(settings: Settings, work: Any) -> Any:
    database = Database.open(settings.database)
    try:
        return await database.read(work)
    finally:
        await database.close()


def _progress(total: int | None, unit: str) -> Any:
    return tqdm(total=total, unit=unit, unit_scale=True, leave=False, disable=not sys.stderr.isatty())
