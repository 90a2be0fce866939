"""Calls out of the chat (`channels.web.call.Telephone`): the conversation that somebody has there goes on by
voice. The socket is the web chat's."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import Protocol

from bot.service.calls import Begun
from bot.voice import ear
from bot.voice.words import words
from channels.phone.line import Line
from channels.phone.session import Caller, Session
from channels.phone.switchboard import Switchboard


class Calls(Protocol):
    """The record of calls (`bot.service.calls.Calls`)."""

    async def conversation(self, channel: str, sender_id: str) -> str | None: ...

    async def call_from(
        self, channel: str, sender_id: str, language: str, user: str | None = None
    ) -> Begun: ...

    async def note(self, conversation_id: str, text: str, key: str) -> None: ...


class FromChat:
    """Takes them."""

    def __init__(self, calls: Calls, switchboard: Switchboard) -> None:
        self._calls = calls
        self._switchboard = switchboard

    def speaks(self, language: str) -> bool:
        """Whether calls in a language can be taken."""
        return self._switchboard.speaks(language)

    async def ready(self) -> None:
        """Wait until it is known in which languages calls can be taken."""
        await self._switchboard.ready()

    async def call(
        self, channel: str, sender_id: str, language: str, user: str | None, line: Line
    ) -> tuple[Session, asyncio.Task[None]]:
        """A call begins; the task is done when it is over. Raises `Unavailable` or `TooMany`."""
        known = await self._calls.conversation(channel, sender_id)
        self._switchboard.check(language, known)
        begun = await self._calls.call_from(channel, sender_id, language, user)
        seq = begun.seq - 1 if begun.greeting else begun.seq
        caller = Caller(channel, sender_id, begun.conversation_id, begun.language, seq)
        return self._switchboard.connect(caller, line, partial(self._over, begun))

    async def _over(self, begun: Begun, seconds: float) -> None:
        """Agents read how long it was."""
        text = words(begun.language).note_ended.format(length=ear.length(round(seconds)))
        await self._calls.note(begun.conversation_id, text, f"{begun.conversation_id}:call:{begun.seq}")
