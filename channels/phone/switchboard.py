"""All calls of this process that are spoken with: who hears and speaks in them, how many there may be, and
which conversation is on the line now. How sound comes in and goes out is the lines' (`channels.phone.line`).
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from typing import Protocol

from bot.model.errors import ConfigError, NotFound, TooMany, Unavailable
from bot.service.lines import Person, Talk
from bot.speech.ports import SpeechToText
from channels.phone.line import Line
from channels.phone.session import Caller, Counter, Engines, Session

log = logging.getLogger(__name__)


class Lines(Protocol):
    """The record of the calls that are on (`bot.service.lines.Lines`)."""

    async def opened(self, conversation_id: str) -> None: ...

    async def closed(self, conversation_id: str) -> None: ...

    async def talks(self, conversation_id: str, agent_id: str | None) -> None: ...

    async def keep(self) -> None: ...


Over = Callable[[float], Awaitable[None]]
FULL_FOR = 30.0
"""Seconds after which somebody may try again for whom there was no room."""


class Switchboard:
    """Connects callers. `load` gives who hears and speaks; it takes seconds, so it is done beside what runs,
    and until then, or where it raises `ConfigError`, no call is taken. At most `most` are on at once, and no
    more than they carry."""

    def __init__(self, counter: Counter, lines: Lines, load: Callable[[], Engines], *, most: int) -> None:
        self._counter = counter
        self._lines = lines
        self._load = load
        self._most = most
        self._engines: Engines | None = None
        self._loading: asyncio.Task[None] | None = None
        self._looked = asyncio.Event()
        self._keeping: asyncio.Task[None] | None = None
        self._telling: set[asyncio.Task[None]] = set()
        self._calls: dict[str, tuple[Session, asyncio.Task[None]]] = {}

    @property
    def underruns(self) -> int:
        """How often, of the calls that are on, the next sound was not there in time."""
        return sum(session.underruns for session, _ in self._calls.values())

    def ears(self, language: str) -> SpeechToText | None:
        """Who hears a language here, where somebody does."""
        engines = self._engines
        return engines.ears if engines is not None and language in engines.ears.languages else None

    def speaks(self, language: str) -> bool:
        """Whether calls in a language can be taken at all."""
        return self._engines is not None and self._engines.speak(language)

    def takes(self, language: str) -> bool:
        """Whether one more call in a language can be taken now."""
        return self.speaks(language) and self._has_room()

    def _has_room(self) -> bool:
        carries = self._engines.carries if self._engines is not None else 0
        return len(self._calls) < (self._most if carries is None else min(self._most, carries))

    def check(self, language: str, conversation_id: str | None) -> Engines:
        """Who would hear and speak in a call; raises as `connect` does."""
        engines = self._engines
        if engines is None or not engines.speak(language):
            raise Unavailable("calls are not taken here now")
        if conversation_id in self._calls:
            raise TooMany("this conversation is on the line already", FULL_FOR)
        if not self._has_room():
            raise TooMany("all lines are busy; try again in a moment", FULL_FOR)
        return engines

    def connect(
        self, caller: Caller, line: Line, over: Over | None = None
    ) -> tuple[Session, asyncio.Task[None]]:
        """A call begins: whoever has the line tells the session what comes in, until the task is done; `over`
        hears how many seconds it was. Raises `Unavailable` where nobody hears or speaks the language, and
        `TooMany` where there is no room, or the conversation is on the line already."""
        engines = self.check(caller.language, caller.conversation_id)
        session = Session(caller, line, engines, self._counter)
        task = asyncio.create_task(self._run(session, over), name=f"call of {caller.conversation_id}")
        self._calls[caller.conversation_id] = session, task
        task.add_done_callback(lambda _: self._calls.pop(caller.conversation_id, None))
        return session, task

    async def _run(self, session: Session, over: Over | None) -> None:
        id_, began = session.caller.conversation_id, time.monotonic()
        await self._lines.opened(id_)
        try:
            await session.run()
        finally:
            await self._lines.closed(id_)
            if over is not None:
                await over(time.monotonic() - began)

    async def join(self, conversation_id: str, person: Person) -> Talk:
        """See `bot.service.lines.Talks`."""
        found = self._calls.get(conversation_id)
        if found is None:
            raise NotFound("this conversation is not on the line any more")

        def left() -> None:
            task = asyncio.create_task(self._lines.talks(conversation_id, None))
            self._telling.add(task)
            task.add_done_callback(self._telling.discard)

        talk = found[0].join(person, left)
        await self._lines.talks(conversation_id, person.id)
        return talk

    async def start(self) -> None:
        """Begin to load who hears and speaks."""
        self._keeping = asyncio.create_task(self._lines.keep())
        self._loading = asyncio.create_task(self._get_ready())

    async def ready(self) -> bool:
        """Wait until the engines are loaded, or were found not to be there; whether they are."""
        await self._looked.wait()
        return self._engines is not None

    async def _get_ready(self) -> None:
        try:
            self._engines = await asyncio.to_thread(self._load)
        except ConfigError as error:
            log.info("this server does not hear calls itself", extra={"why": str(error)})
        except Exception:
            log.exception("who hears and speaks in calls could not be loaded")
        else:
            told = {"ears": self._engines.ears.name, "carries": self._engines.carries, "most": self._most}
            log.info("this server hears calls itself", extra=told)
        finally:
            self._looked.set()

    async def stop(self) -> None:
        """Hang up on everybody, and wait until what they said is kept."""
        for task in (self._loading, self._keeping):
            if task is not None:
                task.cancel()
        calls = list(self._calls.values())
        for session, _ in calls:
            session.hung_up()
        await asyncio.gather(*(task for _, task in calls), return_exceptions=True)
        await asyncio.gather(*self._telling, return_exceptions=True)
        if self._engines is not None:
            self._engines.ears.close()
