"""A message, prepared once for everything that looks for entities in it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from nlu.finders.number_words import Run
from nlu.lookup import Token


@dataclass(frozen=True, slots=True)
class Context:
    """A cleaned text, folded, in words, with its spelled numbers (`runs`); `digits` says whether there
    may be a number or a code in it."""

    text: str
    folded: str
    tokens: list[Token]
    language: str
    asked: str | None
    region: str
    now: Callable[[], datetime]
    digits: bool
    runs: tuple[Run, ...] = ()

    def span(self, first: int, last: int) -> tuple[int, int]:
        """Where words stand in the text."""
        return self.tokens[first].start, self.tokens[last].end

    def word(self, at: int) -> str:
        """A word, folded; nothing outside the text."""
        return self.tokens[at].text if 0 <= at < len(self.tokens) else ""

    def gap(self, at: int) -> str:
        """What stands between a word and the next one, or the end."""
        begin = self.tokens[at].end
        return self.folded[
            begin : self.tokens[at + 1].start if at + 1 < len(self.tokens) else len(self.folded)
        ]

    def named_before(self, at: int, names: frozenset[str], fillers: frozenset[str], most: int = 3) -> bool:
        """Whether one of the names stands before a word, with at most some fillers between."""
        for place in range(at - 1, max(-1, at - 2 - most), -1):
            if self.tokens[place].text in names:
                return True
            if self.tokens[place].text not in fillers:
                return False
        return False


def words(listed: str) -> frozenset[str]:
    """A set of folded words, written with blanks between."""
    return frozenset(listed.split())
