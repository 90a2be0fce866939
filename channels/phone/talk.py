"""A person of the helpdesk on a call: their sound goes to the caller, the caller's to them, and what they say
is written down. What the caller hears when they come and go is the machine's (`bot.voice.call`)."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable

from bot.model.errors import BalieError
from bot.service.lines import Person
from bot.speech.ports import SpeechToText
from bot.voice import events as ev
from channels.phone.line import Line
from channels.phone.overhearing import Overhearing

log = logging.getLogger(__name__)


class PersonTalk:
    """One person on one call (`bot.service.lines.Talk`). `tell` gives the call its events, `speaks` says
    whether the two speak now, `said` writes down what the person says, `left` hears that they are off."""

    def __init__(
        self,
        person: Person,
        line: Line,
        ears: SpeechToText,
        language: str,
        *,
        tell: Callable[[ev.Event], None],
        speaks: Callable[[], bool],
        said: Callable[[Person, str], Awaitable[None]],
        left: Callable[[], None],
    ) -> None:
        self.person = person
        self._line = line
        self._tell = tell
        self._speaks = speaks
        self._said = said
        self._left = left
        self._over = False
        self._overhearing = Overhearing(ears, language, self._write)
        self._hearing = asyncio.create_task(self._overhearing.run(), name=f"call: what {person.id} says")
        self._hearing.add_done_callback(_told)
        tell(ev.PersonOn())

    async def speak(self, ulaw: bytes) -> None:
        """Sound for the caller; nothing is heard of it while they are on hold."""
        if not self._over and self._speaks():
            self._overhearing.feed(ulaw)
            await self._line.play(ulaw)

    def hear(self, ulaw: bytes) -> None:
        """The caller's sound; nothing of it while they are on hold."""
        if not self._over and self._speaks():
            self.person.hear(ulaw)

    def hold(self, holds: bool) -> None:
        """Put the caller on hold, or take them back."""
        if not self._over:
            self._tell(ev.PersonOff(ev.Off.HOLDS) if holds else ev.PersonOn())

    def leave(self) -> None:
        """The person's line is gone: the caller waits for somebody."""
        self.end(ev.Off.LOST)

    async def hang_up(self) -> None:
        """End the call."""
        if not self._over:
            self.end(None)
            await self._line.hang_up(over=True)
            self._tell(ev.HungUp())

    def end(self, why: ev.Off | None) -> None:
        """The person is off: for a reason that the caller is told, or because the call is over."""
        if self._over:
            return
        self._over = True
        self._hearing.cancel()
        if why is not None:
            self._tell(ev.PersonOff(why))
        self.person.off()
        self._left()

    async def _write(self, text: str) -> None:
        try:
            await self._said(self.person, text)
        except BalieError as error:
            log.warning("what was said on a call was not written down", extra={"error": str(error)})


def _told(task: asyncio.Task[None]) -> None:
    """Ears that fail end no talk between two people."""
    if not task.cancelled() and (error := task.exception()) is not None:
        log.error("a talk is not written down any more", exc_info=error)
