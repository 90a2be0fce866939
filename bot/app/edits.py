"""`balie data export` and `forget`: what of the pack was edited in the pages, written back or forgotten."""

from __future__ import annotations

import argparse
import asyncio
import os
import secrets
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TypeVar

from sqlalchemy import Connection

from bot.app.config import Settings
from bot.app.safekeeping import there
from bot.model.errors import NotFound
from bot.service.overlay import subject_of
from bot.store.accounts import audit
from bot.store.database import Database
from bot.store.edited_files import EditedFile, forget_edited, list_edited
from bot.store.migrations import migrate

T = TypeVar("T")

WHO = "command line"
"""Who the audit log says it was."""


def write_back(settings: Settings, given: argparse.Namespace) -> None:
    """Every edited file, whole; in the pack's own folder the next start finds nothing edited any more."""
    there(settings)
    folder: Path = given.to or settings.data
    edited = _with(settings, lambda database: database.read(list_edited))
    for each in edited.values():
        _write(folder / each.path, each)
        print(folder / each.path)
    print(f"{len(edited)} files" if edited else "nothing was edited in the pages")


def go_back(settings: Settings, given: argparse.Namespace) -> None:
    """Drop the edit of one file, whether or not the rest goes without; raises `NotFound`."""
    there(settings)

    def forget(connection: Connection) -> None:
        if not forget_edited(connection, given.file):
            known = ", ".join(list_edited(connection)) or "nothing was"
            raise NotFound(f"{given.file} was not edited in the pages; edited: {known}")
        subject, data = subject_of(given.file), {"file": given.file}
        audit(connection, actor=WHO, deed="agreement_forget", subject=subject, now=time.time(), data=data)

    _with(settings, lambda database: database.write(forget))
    print(f"{given.file} is the pack's own again; a server that runs finds it out by itself")


def _write(path: Path, file: EditedFile) -> None:
    """Beside and renamed, so that the file is always whole."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        part.write_text(file.text, encoding="utf-8")
        if path.exists():
            part.chmod(path.stat().st_mode)
        os.replace(part, path)
    finally:
        part.unlink(missing_ok=True)


def _with(settings: Settings, work: Callable[[Database], Awaitable[T]]) -> T:
    async def run() -> T:
        database = Database.open(settings.database)
        try:
            await asyncio.to_thread(migrate, database)
            return await work(database)
        finally:
            await database.close()

    return asyncio.run(run())
