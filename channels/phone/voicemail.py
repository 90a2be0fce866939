"""Messages that callers left, written down by our own ears, where those hear their language: the words come
into the conversation as the caller's. The address of the sound is noted in any case (`people`)."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from typing import Protocol

from bot.model.errors import BalieError
from bot.model.messages import InboundMessage
from bot.service.calls import CHANNEL
from bot.speech.audio import RATE, WIDTH, silence
from bot.speech.ports import SpeechToText
from bot.voice.timing import OVERHEARD
from channels.contract import Ingest
from channels.phone.overhearing import Dictation

log = logging.getLogger(__name__)

PIECE = RATE * WIDTH // 2
"""Bytes that are heard at once: half a second, so that a call's ears come in between."""


class Recordings(Protocol):
    """Where the sound is (`channels.phone.recordings`)."""

    async def pcm(self, url: str) -> bytes: ...


class Voicemail:
    """Writes messages down, beside whatever goes on. `ears` gives who hears a language, if anybody."""

    def __init__(
        self, recordings: Recordings, ears: Callable[[str], SpeechToText | None], ingest: Ingest
    ) -> None:
        self._recordings = recordings
        self._ears = ears
        self._ingest = ingest
        self._tasks: set[asyncio.Task[None]] = set()

    def write_down(self, call: str, language: str, url: str) -> None:
        """Begin with the message of a call; a repeated request writes nothing twice."""
        ears = self._ears(language)
        if ears is None:
            return
        task = asyncio.create_task(self._work(ears, call, language, url), name=f"voicemail of {call}")
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def stop(self) -> None:
        """Leave what is not written down: its address is noted."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _work(self, ears: SpeechToText, call: str, language: str, url: str) -> None:
        try:
            text = await _text_of(ears, language, await self._recordings.pcm(url))
            if text:
                id_ = f"{call}:voicemail:{url[-34:]}"
                await self._ingest.receive(
                    InboundMessage(CHANNEL, call, id_, text, language=language, voice=True)
                )
        except BalieError as error:
            log.warning("a message was not written down", extra={"call": call, "error": str(error)})
        except Exception:
            log.exception("a message was not written down", extra={"call": call})


async def _text_of(ears: SpeechToText, language: str, pcm: bytes) -> str:
    listener = ears.open(language)
    dictation = Dictation(listener)
    pcm += silence(OVERHEARD)
    try:
        said = [await dictation.hear(pcm[at : at + PIECE]) for at in range(0, len(pcm), PIECE)]
        return " ".join(text for text in (*said, await dictation.rest()) if text)
    finally:
        listener.close()
