"""A person's data for who asks for them: what there is, all of it, or gone. Who may ask, the caller knows.

What goes and what stays is `bot.store.fates`; here it is done in pieces that hold nothing up, whoever shows
the conversation is told, and the audit log says who did it, by ids.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection

from bot.bus import DESK, Bus, conversation_topic
from bot.store.accounts import audit
from bot.store.attachments import bytes_of
from bot.store.database import Database
from bot.store.erasure import REQUEST, erase
from bot.store.persons import (
    Held,
    Person,
    counts_of,
    find_person,
    held_of,
    part_of,
    pieces,
    rows_of,
)

AT_ONCE = 20
"""Conversations that are erased in one transaction."""


@dataclass(frozen=True, slots=True)
class Found:
    """Who is known by a name, and what there is of them; `rows` by table."""

    person: Person
    held: tuple[Held, ...]
    mentioned: tuple[Held, ...]
    rows: Mapping[str, int]

    @property
    def language(self) -> str:
        """The language that they last spoke with us; empty where none is known."""
        return next((each.language for each in reversed(self.held or self.mentioned) if each.language), "")


@dataclass(frozen=True, slots=True)
class Kept:
    """All that is kept of a person, table by table, as it was at `at`; `files` are bytes by their hash."""

    person: Person
    at: float
    tables: Mapping[str, list[dict[str, Any]]]
    files: Mapping[str, bytes] = field(default_factory=dict[str, bytes])


@dataclass(frozen=True, slots=True)
class Erased:
    """How many rows went or were emptied. `scrubbed` is false while something that reads the file holds on to
    what was there."""

    rows: Mapping[str, int]
    scrubbed: bool


class Persons:
    """Looks, exports and erases. A person whom nobody knows is empty, not an error."""

    def __init__(self, database: Database, bus: Bus, clock: Callable[[], float] = time.time) -> None:
        self._database = database
        self._bus = bus
        self._clock = clock

    async def look(self, known_by: str) -> Found:
        """What there is of who is known by this."""

        def read(connection: Connection) -> Found:
            person = find_person(connection, known_by)
            others = Person(conversations=person.mentioned)
            return Found(
                person,
                tuple(held_of(connection, person)),
                tuple(held_of(connection, others)),
                counts_of(connection, person),
            )

        return await self._database.read(read)

    async def choose(self, found: Found, chosen: Iterable[str]) -> Person:
        """Those of the conversations that were found or name them, with what belongs to those."""
        ids = tuple(chosen)
        return await self._database.read(lambda connection: part_of(connection, found.person, ids))

    async def looked(self, person: Person, *, actor: str) -> None:
        """Write down that somebody looked this person up."""
        now = self._clock()
        await self._database.write(lambda connection: _note(connection, actor, "look_up", person, now))

    async def export(self, person: Person, *, actor: str) -> Kept:
        """All of it; that it was taken is written down."""
        now = self._clock()

        def read(connection: Connection) -> Kept:
            tables = rows_of(connection, person)
            hashes = sorted({row["blob"] for row in tables.get("attachments", ())})
            files = [bytes_of(connection, some) for some in pieces(hashes)]
            return Kept(person, now, tables, {hash_: each[hash_] for each in files for hash_ in each})

        kept = await self._database.read(read)
        await self._database.write(lambda connection: _note(connection, actor, "export", person, now))
        return kept

    async def erase(self, person: Person, *, actor: str) -> Erased:
        """Erase all of it, for good."""
        rows = await self._erase_conversations(person)
        rest = Person(customers=person.customers)
        now = self._clock()

        def write(connection: Connection) -> dict[str, int]:
            _note(connection, actor, "erase", person, now)
            return erase(connection, rest, why=REQUEST, now=now)

        _add(rows, await self._database.write(write))
        return Erased(rows, await self._database.scrub())

    async def _erase_conversations(self, person: Person) -> dict[str, int]:
        """The conversations with their tickets, some at a time; the files are not scrubbed yet."""
        done: dict[str, int] = {}
        for ids in pieces(person.conversations, AT_ONCE):

            def write(connection: Connection, ids: Sequence[str] = ids) -> dict[str, int]:
                part = part_of(connection, Person(conversations=person.conversations), ids)
                return erase(connection, part, why=REQUEST, now=self._clock())

            _add(done, await self._database.write(write))
            for id_ in ids:
                await self._bus.publish(conversation_topic(id_), {"type": "erased"})
        if person.conversations:
            await self._bus.publish(DESK, {"type": "list"})
        return done


def _add(done: dict[str, int], more: Mapping[str, int]) -> None:
    for name, count in more.items():
        done[name] = done.get(name, 0) + count


def _note(connection: Connection, actor: str, deed: str, person: Person, now: float) -> None:
    subject = (
        f"customer:{person.customers[0]}"
        if person.customers
        else "conversation:" + next(iter(person.conversations), "")
    )
    audit(
        connection,
        actor=actor,
        deed=deed,
        subject=subject,
        now=now,
        data={"conversations": list(person.conversations), "tickets": list(person.tickets)},
    )
