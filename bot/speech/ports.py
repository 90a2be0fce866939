"""What a call needs of speech: somebody who listens, and somebody who says it. Nothing here does either.

Sound is PCM: 16 bits, one channel, 8000 samples a second (`bot.speech.audio`). An engine is closed by who
made it; listeners and what is being said end one by one.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Heard:
    """What somebody said, as far as it is known now: `text` is all since the last that was final.

    A final without text: somebody spoke, and it was not understood, or was none of the answers. Confidence is
    between 0 and 1 where the engine knows one.
    """

    text: str
    final: bool
    confidence: float | None = None


class Listener(Protocol):
    """The ears of one call, for one language. Heavy work is done beside the event loop, in order."""

    async def hear(self, pcm: bytes) -> list[Heard]:
        """What came of it, often nothing; partials only when their text changes. Raises `FallenBehind` where
        too much is waiting: this piece is then lost, and one may go on."""
        ...

    async def finish(self) -> list[Heard]:
        """The utterance is over, says the caller, who watches the silence: its final, or nothing where nobody
        spoke. What comes then begins a new one."""
        ...

    def close(self) -> None:
        """Hear no more; what is still waiting is dropped."""
        ...


class SpeechToText(Protocol):
    """A recogniser with its models loaded."""

    @property
    def name(self) -> str:
        """As `vosk`, for logs and figures."""
        ...

    @property
    def languages(self) -> tuple[str, ...]:
        """Those that it can do now."""
        ...

    def open(self, language: str, answers: Sequence[str] = ()) -> Listener:
        """A listener of its own; `answers` are the few things that can be said, where there are few (some
        engines cannot use them). Raises `NotFound` for a language that is not there."""
        ...

    def close(self) -> None:
        """Let go of its threads; who still listens is told that it broke off."""
        ...


class TextToSpeech(Protocol):
    """A synthesiser with its voices found."""

    @property
    def name(self) -> str:
        """As `espeak`, for logs and figures."""
        ...

    @property
    def languages(self) -> tuple[str, ...]:
        """Those that it has a voice for."""
        ...

    def say(self, text: str, language: str) -> AsyncGenerator[bytes, None]:
        """The sound of a plain text in pieces, the first sentence's first. Raises `SpeechFailed` after what
        was made, where it breaks off; closing it, or cancelling who reads it, ends the work."""
        ...
