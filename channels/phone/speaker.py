"""The voice of a call: sentences become sound, which is sent at the pace of speech, a little ahead.

A mark follows each sentence. One that does not come back is taken for played when its time is long over; a
sentence that cannot be spoken is told as such. Nothing is decided here (`bot.voice.call`).
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections import deque
from collections.abc import Callable
from contextlib import aclosing
from dataclasses import dataclass

from bot.model.errors import BalieError
from bot.speech.audio import RATE, to_ulaw
from bot.speech.ports import TextToSpeech
from bot.voice.events import Event, Marked, SpeechFailed
from channels.phone.line import Line

log = logging.getLogger(__name__)

AHEAD = 0.2
"""Seconds of sound that are sent before their time: enough for a busy moment, little to throw away."""
LOST = 5.0
"""Seconds after its time at which a mark that did not come back is given up."""
_PIECE = round(AHEAD / 2 * RATE)
"""Bytes of mu-law sent at a time."""


@dataclass(frozen=True, slots=True)
class _Sentence:
    mark: str
    text: str
    language: str


class Speaker:
    """Speaks on one line; `report` is told what becomes of each mark."""

    def __init__(
        self,
        line: Line,
        voice: TextToSpeech,
        report: Callable[[Event], None],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._line = line
        self._voice = voice
        self._report = report
        self._clock = clock
        self._sentences: deque[_Sentence] = deque()
        self._bell = asyncio.Event()
        self._speaking: asyncio.Task[None] | None = None
        self._until = 0.0
        self.underruns = 0
        """How often the next frame was not there when the one before had been played."""

    def say(self, mark: str, text: str, language: str) -> None:
        """Speak after what is spoken already."""
        self._sentences.append(_Sentence(mark, text, language))
        self._bell.set()

    async def stop(self) -> None:
        """Be silent at once, and forget what was to be said."""
        self._sentences.clear()
        if self._speaking is not None:
            self._speaking.cancel()
        self._until = 0.0
        await self._line.clear()

    async def run(self) -> None:
        """Speak until cancelled."""
        while True:
            await self._bell.wait()
            if not self._sentences:
                self._bell.clear()
                continue
            self._speaking = asyncio.create_task(self._speak(self._sentences.popleft()))
            try:
                await asyncio.wait((self._speaking,))
            finally:
                self._speaking.cancel()
            if not self._speaking.cancelled() and (error := self._speaking.exception()):
                raise error
            self._speaking = None

    async def _speak(self, sentence: _Sentence) -> None:
        if self._clock() > self._until:
            self._until = 0.0  # the line was silent, and nobody waited for more
        try:
            async with aclosing(self._voice.say(sentence.text, sentence.language)) as pieces:
                async for piece in pieces:
                    await self._send(to_ulaw(piece))
        except BalieError as error:
            log.error("a sentence could not be spoken", extra={"error": str(error)})
            self._report(SpeechFailed(sentence.mark))
            return
        await self._line.mark(sentence.mark)
        over = max(0.0, self._until - self._clock()) + LOST
        asyncio.get_running_loop().call_later(over, self._report, Marked(sentence.mark))

    async def _send(self, sound: bytes) -> None:
        """Send at the pace at which it is heard: pieces of half of what may be ahead."""
        for at in range(0, len(sound), _PIECE):
            piece = sound[at : at + _PIECE]
            now = self._clock()
            if self._until and now > self._until:
                self.underruns += 1
            self._until = max(self._until, now) + len(piece) / RATE
            await self._line.play(piece)
            if (ahead := self._until - now) > AHEAD:
                await asyncio.sleep(ahead - AHEAD / 2)
