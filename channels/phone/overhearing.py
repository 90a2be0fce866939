"""What a person of the helpdesk says on a call, written down: the ears hear them as they hear a caller, and
each pause ends something said. What is done in the call is not decided by it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from bot.model.errors import FallenBehind
from bot.speech.audio import RATE, from_ulaw
from bot.speech.ports import SpeechToText
from bot.voice.endpointing import words
from bot.voice.timing import OVERHEARD
from channels.phone.sound import Sound


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
        """Write down what is said; a pause is told by the sound itself, which goes on in silence, too."""
        listener = self._ears.open(self._language)
        finals: list[str] = []
        partial, quiet = "", 0.0
        try:
            while True:
                ulaw, _ = await self._sound.take()
                quiet += len(ulaw) / RATE
                try:
                    heard = await listener.hear(from_ulaw(ulaw))
                except FallenBehind:  # a word is lost
                    continue
                for each in heard:
                    if each.final:
                        finals, partial, quiet = [*finals, each.text], "", 0.0
                    elif each.text != partial:
                        partial, quiet = each.text, 0.0
                if quiet < OVERHEARD or not (finals or partial):
                    continue
                finals += [each.text for each in await listener.finish() if each.final]
                text = " ".join(part.strip() for part in finals or [partial] if part.strip())
                finals, partial = [], ""
                if words(text):
                    await self._said(text)
        finally:
            listener.close()
