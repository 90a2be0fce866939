"""Ears and a voice for tests of the telephone: what is heard is written beforehand, what is said is a tone.

A loud piece of sound begins the next line of the script, whatever it is; so a peer that sends real audio can speak
with them. The real engines are in tests/speech.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass, field

import numpy as np

from bot.model.errors import SpeechFailed
from bot.speech.audio import RATE, SAMPLE
from bot.speech.ports import Heard

LOUD = 1_000
"""Of 32,767: the mean size of a sample that is speech."""


def tone(seconds: float, size: int = 8_000) -> bytes:
    """A beep."""
    time = np.arange(round(seconds * RATE)) / RATE
    return (size * np.sin(2 * np.pi * 440 * time)).astype(SAMPLE).tobytes()


@dataclass
class ScriptedEars:
    """Hears the lines of a script, one after the other, on every line that is opened."""

    script: Sequence[str]
    name: str = "scripted"
    languages: tuple[str, ...] = ("nl", "fr", "en")
    listening: int = 0
    sound: bytearray = field(default_factory=bytearray)
    """All that came."""
    languages_opened: list[str] = field(default_factory=list[str])
    deaf: asyncio.Event = field(default_factory=asyncio.Event)
    """Set while no listener is open."""

    def open(self, language: str, answers: Sequence[str] = ()) -> ScriptedListener:
        """A listener at the script's beginning."""
        self.listening += 1
        self.languages_opened.append(language)
        self.deaf.clear()
        return ScriptedListener(self, list(self.script))

    def close(self) -> None:
        """Nothing to let go of."""


@dataclass
class ScriptedListener:
    """One line's ears."""

    ears: ScriptedEars
    left: list[str]
    line: str = ""

    async def hear(self, pcm: bytes) -> list[Heard]:
        """The next line, as soon as somebody speaks."""
        self.ears.sound += pcm
        if self.line or not self.left or not pcm or np.abs(np.frombuffer(pcm, SAMPLE)).mean() < LOUD:
            return []
        self.line = self.left.pop(0)
        return [Heard(self.line, final=False)]

    async def finish(self) -> list[Heard]:
        """The line as it was."""
        line, self.line = self.line, ""
        return [Heard(line, final=True)] if line else []

    def close(self) -> None:
        """Told, so that a test can see that nobody is left listening."""
        self.ears.listening -= 1
        if not self.ears.listening:
            self.ears.deaf.set()


@dataclass
class ToneVoice:
    """Beeps for as long as `a_word` times the words; a sentence with `breaks` in it breaks off in the middle."""

    a_word: float = 0.02
    breaks: str = "\0"
    name: str = "tone"
    languages: tuple[str, ...] = ("nl", "fr", "en")
    said: list[str] = field(default_factory=list[str])
    languages_said: list[str] = field(default_factory=list[str])

    async def say(self, text: str, language: str) -> AsyncGenerator[bytes, None]:
        """The tone, in pieces."""
        self.said.append(text)
        self.languages_said.append(language)
        beep = tone(self.a_word)
        for _ in text.split():
            yield beep
            if self.breaks in text:
                raise SpeechFailed("the voice broke off")
