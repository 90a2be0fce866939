"""Balie as it is, with ears for a benchmark: `python -m tests.bench.call_server serve …`, as `balie serve`.

BENCH_EARS=vosk: the real Vosk with its Korean model, the one that comes from a package; of what it hears only the
number of words counts, and a line of the script in the caller's language stands for them. Anything else: a line for
each loud piece of sound, at no cost.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass

from bot.app import telephone
from bot.app.cli import main
from bot.app.config import Settings
from bot.speech.cache import PromptCache
from bot.speech.espeak import find_espeak
from bot.speech.ports import Heard, Listener, SpeechToText
from bot.speech.vosk import Vosk
from bot.voice.actions import Prompt
from bot.voice.prompts import text_of
from channels.phone.session import Engines
from tests.scripted_speech import ScriptedEars
from tests.speech_models import korean_vosk

SCRIPT = (
    "mijn wifi valt de hele tijd weg", "laptop", "ja", "sinds vanmorgen op kantoor", "nee", "ja",
    "het lukt nog altijd niet", "ja", "nee", "ik weet het niet",
)  # fmt: skip
"""What a caller says, turn by turn: sentences and short answers."""


@dataclass
class Interpreter:
    """Real ears, whose words are others'."""

    ears: Vosk
    name: str = "interpreter"
    languages: tuple[str, ...] = ("nl",)

    def open(self, language: str, answers: Sequence[str] = ()) -> Interpreted:
        """A line of its own, at the script's beginning."""
        return Interpreted(self.ears.open("ko"), list(SCRIPT))

    def close(self) -> None:
        """Let go of its threads."""
        self.ears.close()


@dataclass
class Interpreted:
    """One call's ears."""

    real: Listener
    left: list[str]

    async def hear(self, pcm: bytes) -> list[Heard]:
        """As many words of the line as were heard."""
        return [self._instead(each) for each in await self.real.hear(pcm)]

    async def finish(self) -> list[Heard]:
        """The whole line."""
        heard = [self._instead(each) for each in await self.real.finish()]
        self.left = self.left[1:] if heard else self.left
        return heard

    def close(self) -> None:
        """Hear no more."""
        self.real.close()

    def _instead(self, heard: Heard) -> Heard:
        line = (self.left or SCRIPT[-1:])[0].split()
        return Heard(" ".join(line if heard.final else line[: len(heard.text.split())]), heard.final)


def engines(_: Settings, languages: Sequence[str]) -> Engines:
    """The ears of the environment, and the voice that every Balie has."""
    ears: SpeechToText = (
        Interpreter(korean_vosk()) if os.environ.get("BENCH_EARS") == "vosk" else ScriptedEars(SCRIPT)
    )
    fixed = {language: [text_of(each, language) for each in Prompt] for language in languages}
    return Engines(ears, PromptCache(find_espeak(), fixed))


if __name__ == "__main__":
    telephone.load_engines = engines
    sys.exit(main())
