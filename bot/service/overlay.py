"""A part of the pack as it is now: its files, with what was edited in the pages laid over them.

`Agreed` is what the helpdesk agreed (`policy/`), `Library` the knowledge base (`kb/`). Whoever needs it asks
`now` each time. An edit is checked with everything else before it is kept; the process that keeps it works
with it at once, the others as soon as the bus tells them, or within `LOOK_EVERY`.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Collection, Mapping
from pathlib import PurePosixPath
from typing import Generic, TypeVar

from sqlalchemy import Connection

from bot.bus import EDITED, Bus
from bot.bus.looks import looks
from bot.knowledge.search import KnowledgeIndex
from bot.model.errors import Conflict, ContentError, Problem
from bot.source.differing import differing_lines
from bot.store.accounts import audit
from bot.store.blobs import hash_of
from bot.store.database import Database
from bot.store.edited_files import EditedFile, forget_edited, keep_edited, list_edited, lock_edited
from handoff.agreements import Agreements, load_agreements

T = TypeVar("T")

log = logging.getLogger(__name__)

LOOK_EVERY = 30.0
"""Seconds until an edit is found that the bus did not tell of."""

Edited = Mapping[str, EditedFile]


class Overlay(Generic[T]):
    """One folder of a pack (`policy/`), read by `load` from its files (path in the pack → text).

    `load` raises `ContentError`, and may take a while: it runs in a thread. `kind` is what the audit log
    calls what is edited; `now` may be given where it is known already."""

    folder: str
    kind: str
    lines_logged: bool
    """Whether the audit log has the lines that an edit changed."""

    def __init__(
        self,
        files: Mapping[str, str],
        load: Callable[[Mapping[str, str]], T],
        *,
        database: Database,
        bus: Bus,
        clock: Callable[[], float] = time.time,
        now: T | None = None,
    ) -> None:
        self._files = dict(files)
        self._load = load
        self._database, self._bus, self._clock = database, bus, clock
        self._edited: Edited = {}
        self._now = load(self._files) if now is None else now

    @property
    def now(self) -> T:
        """What counts."""
        return self._now

    @property
    def edited(self) -> Edited:
        """The files that are not as the pack has them, by path."""
        return self._edited

    def text(self, path: str) -> str:
        """What counts of a file; nothing for one that the pack does not have."""
        return self._edited[path].text if path in self._edited else self._files.get(path, "")

    def original(self, path: str) -> str:
        """The pack's own text of a file, whatever was edited."""
        return self._files.get(path, "")

    def version(self, path: str) -> str:
        """What an edit was made from: the hash of `text`."""
        return _hash(self.text(path))

    def outdated(self, path: str) -> bool:
        """Whether the pack's file is another one than that which was edited."""
        return path in self._edited and self._edited[path].base != _hash(self._files.get(path, ""))

    # ── learning of edits ─────────────────────────────────────────────────────────────────────────────────

    async def begin(self) -> None:
        """Lay over what was edited before; forget edits that the pack's files have taken over. Raises
        `ContentError` when the pack and an edit no longer go together."""

        def absorb(connection: Connection) -> None:
            for path, each in self._list(connection).items():
                if each.text == self._files.get(path):
                    forget_edited(connection, path)

        await self._database.write(absorb)
        edited = await self._database.read(self._list)
        if edited == self._edited:
            return  # the pack's own files, which are loaded
        try:
            await self._take(edited)
        except ContentError as error:
            raise ContentError([*error.problems, *(_mend(path) for path in edited)]) from None
        for path in filter(self.outdated, edited):
            log.warning(
                "%s was edited in the pages, and in the pack since: the pages' text counts. "
                "'balie data forget %s' goes back to the file",
                path,
                path,
            )

    async def refresh(self) -> None:
        """Take over what was edited elsewhere; what does not go together is logged, and all stays as it
        was."""
        edited = await self._database.read(self._list)
        if edited == self._edited:
            return
        try:
            await self._take(edited)
        except ContentError as error:
            log.error("what was edited in the pages cannot be used: %s", error)

    async def run(self, stop: asyncio.Event) -> None:
        """Follow the others' edits until it is time to stop."""
        async for _ in looks(self._bus, EDITED, stop, LOOK_EVERY):
            try:
                await self.refresh()
            except Exception:
                log.exception("what was edited in the pages could not be read; it is tried again")

    # ── editing ───────────────────────────────────────────────────────────────────────────────────────────

    async def keep(self, path: str, text: str, *, version: str, actor: str, what: str) -> None:
        """Put another text in a file's place. `version` is that of the text which was edited, `what` names
        for the audit log what in the file it was.

        Raises `ContentError` with all that is wrong, `Conflict` when it was edited by somebody else
        meanwhile."""
        edited = await self._database.read(self._list)
        if _hash(self._laid(edited).get(path, "")) != version:
            raise Conflict("somebody else has changed this meanwhile")
        base = _hash(self._files.get(path, ""))
        file = EditedFile(path, text, base, actor, self._clock())
        after = {**edited, path: file}
        if text == self._files.get(path):
            del after[path]
        await self._write(edited, after, actor=actor, data={"file": path, "name": what})

    async def forget(self, path: str, *, actor: str) -> None:
        """Go back to the pack's file; raises as `keep` does."""
        edited = await self._database.read(self._list)
        after = {each: file for each, file in edited.items() if each != path}
        if after != edited:
            await self._write(edited, after, actor=actor, data={"file": path})

    async def _write(self, before: Edited, after: Edited, *, actor: str, data: Mapping[str, str]) -> None:
        loaded = await self._checked(after)
        path = data["file"]
        texts = (self._laid(edited).get(path, "") for edited in (before, after))
        changes = {"changes": differing_lines(*texts)} if self.lines_logged else {}

        def write(connection: Connection) -> None:
            lock_edited(connection)
            if self._list(connection) != before:  # what was checked is not what would be kept
                raise Conflict("somebody else has changed this meanwhile")
            if path in after:
                keep_edited(connection, after[path])
            else:
                forget_edited(connection, path)
            deed = f"{self.kind}_edit" if "name" in data else f"{self.kind}_forget"
            now, subject = self._clock(), subject_of(path)
            audit(connection, actor=actor, deed=deed, subject=subject, now=now, data={**data, **changes})

        await self._database.write(write)
        self._edited, self._now = after, loaded
        await self._bus.publish(EDITED, {"type": "edited"})

    async def _take(self, edited: Edited) -> None:
        self._now = await self._checked(edited)
        self._edited = edited

    async def _checked(self, edited: Edited) -> T:
        return await asyncio.to_thread(self._load, self._laid(edited))

    def _list(self, connection: Connection) -> dict[str, EditedFile]:
        return list_edited(connection, self.folder)

    def _laid(self, edited: Edited) -> dict[str, str]:
        return {**self._files, **{path: each.text for path, each in edited.items()}}


class Agreed(Overlay[Agreements]):
    """What the helpdesk agreed. `intents` are those that need an entry, `languages` those of the texts."""

    folder, kind, lines_logged = "policy/", "agreement", True

    def __init__(
        self,
        files: Mapping[str, str],
        *,
        intents: Collection[str],
        languages: Collection[str],
        database: Database,
        bus: Bus,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.languages = tuple(languages)
        super().__init__(
            files,
            lambda files: load_agreements(files, intents=intents, languages=languages),
            database=database,
            bus=bus,
            clock=clock,
        )


class Library(Overlay[KnowledgeIndex]):
    """The knowledge base, ready to be searched."""

    folder, kind, lines_logged = "kb/", "article", False


def subject_of(path: str) -> str:
    """What the audit log calls a file: `agreement:teams`, `article:connect-to-wifi`."""
    kind = Library.kind if path.startswith(Library.folder) else Agreed.kind
    return f"{kind}:{PurePosixPath(path).stem}"


def _hash(text: str) -> str:
    return hash_of(text.encode())


def _mend(path: str) -> Problem:
    return Problem(
        path, 1, "this was edited in the pages", f"'balie data forget {path}' goes back to the pack's file."
    )
