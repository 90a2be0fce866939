"""What is being spoken on a call, and how much was heard: the mark behind every sentence comes back. Pure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from bot.voice.actions import Play, PlayPrompt, Prompt, WasHeard
from bot.voice.words import words


@dataclass(frozen=True, slots=True)
class Speaking:
    """A prompt on its way, with the marks that have not come back. Without an `id` it is the call's own."""

    id: str | None
    marks: tuple[str, ...]
    of: int
    last: bool = False

    @property
    def heard(self) -> list[WasHeard]:
        """What to tell of it, now that no more of it will be heard."""
        return [] if self.id is None else [WasHeard(self.id, self.of - len(self.marks), self.of)]


def text_of(prompt: Prompt, language: str) -> str:
    """The words of a fixed prompt."""
    return getattr(words(language), prompt.value)


class Prompts:
    """Prompts in the order in which they are spoken."""

    def __init__(self) -> None:
        self._on_way: list[Speaking] = []
        self._marks = 0

    def __bool__(self) -> bool:
        return bool(self._on_way)

    def say(self, id: str | None, sentences: Sequence[str], *, last: bool) -> list[Play]:
        """Speak sentences after what is spoken already; without an `id` nothing is told afterwards."""
        plays = [Play(self._mark(), text) for text in sentences]
        self._add(id, plays, last)
        return plays

    def say_own(self, prompt: Prompt, more: Sequence[str], *, last: bool) -> list[Play | PlayPrompt]:
        """Speak a fixed prompt, and sentences after it."""
        plays = [PlayPrompt(self._mark(), prompt), *(Play(self._mark(), text) for text in more)]
        self._add(None, plays, last)
        return plays

    def marked(self, mark: str) -> None:
        """A mark came back. One that is not known, or was taken back meanwhile, changes nothing."""
        self._on_way = [
            replace(prompt, marks=tuple(each for each in prompt.marks if each != mark))
            for prompt in self._on_way
        ]

    def over(self) -> list[Speaking]:
        """Take out what was heard to its end."""
        return self._take(lambda prompt: not prompt.marks)

    def failed(self, mark: str) -> list[Speaking]:
        """Take out what could not be spoken: the prompt that this mark belongs to."""
        return self._take(lambda prompt: mark in prompt.marks)

    def drop(self) -> list[Speaking]:
        """Take out everything: the voice stops."""
        return self._take(lambda _: True)

    def _take(self, which: Callable[[Speaking], bool]) -> list[Speaking]:
        taken = [prompt for prompt in self._on_way if which(prompt)]
        self._on_way = [prompt for prompt in self._on_way if not which(prompt)]
        return taken

    def _add(self, id: str | None, plays: Sequence[Play | PlayPrompt], last: bool) -> None:
        self._on_way.append(Speaking(id, tuple(play.mark for play in plays), len(plays), last))

    def _mark(self) -> str:
        self._marks += 1
        return f"m{self._marks}"
