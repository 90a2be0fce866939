"""Takes a greeting off a message: "Hallo, ik kan niet inloggen" is read for what follows.

Which words greet is learned from the pack's examples; what the rest means is not decided here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

INTENT = "greet"
"""The intent whose short examples are greetings."""
MOST_WORDS = 3
"""Longer examples say more than a greeting."""
_LEAST_REST = 2
"""Fewer words after a greeting belong to it ("hallo daar")."""
_WORD = re.compile(r"[^\W_]+")


class Greetings:
    """The greetings of a pack, in all its languages."""

    def __init__(self, greetings: Iterable[str]) -> None:
        self._known = frozenset(_words(greeting) for greeting in greetings)

    def rest(self, text: str) -> str:
        """What follows the greetings that a text begins with; empty where there is none, or nothing more."""
        found = list(_WORD.finditer(text))
        words = [word.group().lower() for word in found]
        at = 0
        while size := self._size(words[at : at + MOST_WORDS]):
            at += size
        return text[found[at].start() :] if 0 < at <= len(words) - _LEAST_REST else ""

    def _size(self, words: list[str]) -> int:
        """How many words the longest greeting has that these begin with."""
        return next((size for size in range(len(words), 0, -1) if tuple(words[:size]) in self._known), 0)


def learn_greetings(examples: Iterable[tuple[str, str]]) -> list[str]:
    """The greetings among (text, intent)."""
    short = {" ".join(_words(text)) for text, intent in examples if intent == INTENT}
    return sorted(greeting for greeting in short if 0 < len(greeting.split()) <= MOST_WORDS)


def _words(text: str) -> tuple[str, ...]:
    return tuple(_WORD.findall(text.lower()))
