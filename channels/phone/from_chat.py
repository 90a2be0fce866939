"""Calls out of the chat (`channels.web.call.Telephone`): the conversation that somebody has there goes on by
voice. The socket is the web chat's."""

from __future__ import annotations

import asyncio
import time
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

    async def call_from(self, channel: str, sender_id: str, language: str) -> Begun: ...

    async def note(self, conversation_id: str, text: str, key: str) -> None: ...


class FromChat:
    """Takes them."""

    def __init__(self, calls: Calls, switchboard: Switchboard) -> None:
        self._calls = calls
        self._switchboard = switchboard

    def speaks(self, language: str) -> bool:
        """Whether calls in a language can be taken."""
        return self._switchboard.speaks(language)

    async def call(
        self, channel: str, sender_id: str, language: str, line: Line
    ) -> tuple[Session, asyncio.Task[None]]:
        """A call begins; the task is done when it is over. Raises `Unavailable` or `TooMany`."""
        known = await self._calls.conversation(channel, sender_id)
        self._switchboard.check(language, known)
        begun = await self._calls.call_from(channel, sender_id, language)
        caller = Caller(channel, sender_id, begun.conversation_id, language, begun.seq - 1)
        session, call = self._switchboard.connect(caller, line)
        return session, asyncio.create_task(self._until_over(call, begun, language))

    async def _until_over(self, call: asyncio.Task[None], begun: Begun, language: str) -> None:
        """Agents read how long it was."""
        began = time.monotonic()
        await asyncio.wait((call,))
        text = words(language).note_ended.format(length=ear.length(round(time.monotonic() - began)))
        await self._calls.note(begun.conversation_id, text, f"{begun.conversation_id}:call:{begun.seq}")
