"""What somebody says without being answered, written down: a person of the helpdesk on a call, a message that
was left. The ears hear them as they hear a caller, and each pause ends something said."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from bot.model.errors import FallenBehind
from bot.speech.audio import from_ulaw, seconds
from bot.speech.ports import Listener, SpeechToText
from bot.voice.endpointing import words
from bot.voice.timing import OVERHEARD
from channels.phone.sound import Sound


class Dictation:
    """Writes down one person's sound. A pause is told by the sound itself, which goes on in silence, too."""

    def __init__(self, listener: Listener) -> None:
        self._listener = listener
        self._finals: list[str] = []
        self._partial = ""
        self._quiet = 0.0

    async def hear(self, pcm: bytes) -> str:
        """Some more; what was said, where a pause ended it, and else nothing."""
        self._quiet += seconds(pcm)
        try:
            heard = await self._listener.hear(pcm)
        except FallenBehind:  # a word is lost
            return ""
        for each in heard:
            if each.final:
                self._finals, self._partial, self._quiet = [*self._finals, each.text], "", 0.0
            elif each.text != self._partial:
                self._partial, self._quiet = each.text, 0.0
        if self._quiet < OVERHEARD or not (self._finals or self._partial):
            return ""
        return await self.rest()

    async def rest(self) -> str:
        """What was said since the last pause."""
        finals = [*self._finals, *(each.text for each in await self._listener.finish() if each.final)]
        text = " ".join(part.strip() for part in finals or [self._partial] if part.strip())
        self._finals, self._partial = [], ""
        return text if words(text) else ""


class Overhearing:
    """Hears one person; `said` is told what they said, in order. Runs until cancelled."""

    def __init__(self, ears: SpeechToText, language: str, said: Callable[[str], Awaitable[None]]) -> None:
        self._ears = ears
        self._language = language
        self._said = said
        self._sound = Sound()

    def feed(self, ulaw: bytes) -> None:
        """Their sound."""
        self._sound.put(ulaw)

    async def run(self) -> None:
        """Write down what is said."""
        listener = self._ears.open(self._language)
        dictation = Dictation(listener)
        try:
            while True:
                ulaw, _ = await self._sound.take()
                if text := await dictation.hear(from_ulaw(ulaw)):
                    await self._said(text)
        finally:
            listener.close()
