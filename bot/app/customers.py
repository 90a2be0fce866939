"""`balie customer`: what is kept of a person, exported or erased. What that is, is `bot.service.persons`."""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import TypeVar
from zoneinfo import ZoneInfo

from bot.app.config import Settings
from bot.app.content import load_pack
from bot.model.errors import Conflict, NotFound
from bot.model.languages import LANGUAGES
from bot.service.persons import Found, Persons
from bot.store.database import Database
from bot.store.migrations import migrate
from bot.store.persons import Held, Person
from bot.web import times
from bot.web.archive import archive
from bot.web.site import SiteSettings

T = TypeVar("T")

WHO = "command line"
"""Who the audit log says it was."""
SURE = "yes"


def show_customer(settings: Settings, given: argparse.Namespace) -> None:
    """What there is; raises `NotFound`."""
    _tell(_with(settings, lambda persons: _found(persons, given.known_by)))


def export_customer(settings: Settings, given: argparse.Namespace) -> None:
    """The ZIP file, for its owner's eyes only; raises `Conflict` where there is a file already."""
    path: Path = given.to
    if path.exists():
        raise Conflict(f"there is a file {path} already; name another with --to")

    async def work(persons: Persons) -> bytes:
        found = await _found(persons, given.known_by)
        _tell(found)
        kept = await persons.export(await _chosen(persons, found, given), actor=WHO)
        pack = load_pack(settings.data)
        language = given.lang or (found.language if found.language in LANGUAGES else pack.language)
        return archive(kept, language, ZoneInfo(SiteSettings().timezone), pack)

    content = _with(settings, work)
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(content)
    print(f"\n{path}: {len(content)} bytes. It is personal: give it to nobody but them.")


def erase_customer(settings: Settings, given: argparse.Namespace) -> int:
    """Tell, ask, erase; 1 when it was not done after all."""

    async def work(persons: Persons) -> int:
        found = await _found(persons, given.known_by)
        _tell(found)
        if given.dry_run:
            print("\nNothing was changed.")
            return 0
        if not given.yes and not _asked():
            print("Nothing was changed.")
            return 1
        erased = await persons.erase(await _chosen(persons, found, given), actor=WHO)
        print(f"\nErased. {_counted(erased.rows)}")
        print("What stays: figures and times under ids, the ticket numbers, and that it was erased.")
        print("Backups that were made before still have it.")
        if not erased.scrubbed:
            print(
                "Something else holds the database: its files keep what was there until the night's round.",
                file=sys.stderr,
            )
        return 0

    return _with(settings, work)


def _asked() -> bool:
    print(f"\nThis cannot be undone. Write '{SURE}' to erase it: ", end="", flush=True)
    return sys.stdin.readline().strip().casefold() == SURE


async def _found(persons: Persons, known_by: str) -> Found:
    found = await persons.look(known_by)
    if not found.person and not found.mentioned:
        raise NotFound(f"nothing is kept of '{known_by}'")
    return found


async def _chosen(persons: Persons, found: Found, given: argparse.Namespace) -> Person:
    """What `--only` and `--also` leave and add; raises `NotFound` for what was not shown."""
    ids = {*(given.only or found.person.conversations), *(given.also or ())}
    unknown = ids - {*found.person.conversations, *found.person.mentioned}
    if unknown:
        raise NotFound(f"these conversations are neither theirs nor name them: {', '.join(sorted(unknown))}")
    chosen = await persons.choose(found, ids)
    if not chosen:
        raise NotFound(
            "none of these conversations is theirs as far as anybody knows; --also=ID takes one along"
        )
    return chosen


def _tell(found: Found) -> None:
    for held in found.held:
        print(_line(held))
    for number in found.person.tickets:
        print(f"ticket #{number}")
    for customer in found.person.customers:
        print(f"customer {customer}")
    print(_counted(found.rows))
    if found.mentioned:
        print("\nOnly named in these, which are left as they are; --also=ID takes one along:")
        for held in found.mentioned:
            print(_line(held))


def _line(held: Held) -> str:
    zone, words = ZoneInfo(SiteSettings().timezone), " ".join(held.first_text.split())
    said = "(erased)" if held.erased_at else f"“{words[:60]}{'…' if len(words) > 60 else ''}”"
    since = times.moment(held.created_at, zone).strftime("%Y-%m-%d %H:%M")
    return f"conversation {held.id}  {held.channel}  {since}  {held.events} events  {said}"


def _counted(rows: Mapping[str, int]) -> str:
    return ", ".join(f"{name} {count}" for name, count in rows.items())


def _with(settings: Settings, work: Callable[[Persons], Awaitable[T]]) -> T:
    settings.make_var()

    async def run() -> T:
        from bot.app.build import make_bus  # with all that a server needs: two seconds

        database = Database.open(settings.database)
        bus = make_bus(settings)
        try:
            await asyncio.to_thread(migrate, database)
            return await work(Persons(database, bus))
        finally:
            await bus.close()
            await database.close()

    return asyncio.run(run())
