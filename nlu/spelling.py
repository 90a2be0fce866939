"""Slips of the keyboard set right before a message is understood: a word that no example has, one letter off
one that they have. Nobody sees it: what was written stays as it is, for entities and for the record.

The method is Norvig's (norvig.com/spell-correct.html): of the words that are known in the language, one
deletion, insertion, replacement or exchange of neighbours away, the commonest.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping

LETTERS = "abcdefghijklmnopqrstuvwxyzàâçèéêëîïôùûü'"

LONGEST = 25
"""Letters; what is longer is no word that was mistyped."""

MOST = 12
"""Unknown words of a message that are looked at, which takes some 0.1 ms each."""

_WORD = re.compile(r"[^\W\d_]+")


class SpellingCorrector:
    """`counts` are the words of each language with the number of examples that have them; `known` are other
    words that are right. Words of fewer letters than `least` are left alone: too many others are near."""

    def __init__(
        self, counts: Mapping[str, Mapping[str, int]], known: Collection[str] = (), *, least: int = 5
    ) -> None:
        self._counts = counts
        self._known = known
        self._least = least

    def correct(self, text: str, language: str) -> str:
        """The text with its slips set right; its words may become a letter longer or shorter."""
        counts = self._counts.get(language, {})
        unknown = [match for match in _WORD.finditer(text) if self._is_unknown(match[0])] if counts else []
        for match in reversed(unknown[:MOST]):
            text = text[: match.start()] + _meant(match[0], counts) + text[match.end() :]
        return text

    def _is_unknown(self, word: str) -> bool:
        low = word.lower()
        if not self._least <= len(low) <= LONGEST or low in self._known:
            return False
        return not any(low in counts for counts in self._counts.values())


def _meant(word: str, counts: Mapping[str, int]) -> str:
    low = word.lower()
    near = {each for each in _one_off(low) if each in counts}
    # People seldom miss the first letter, and the rest goes by how common a word is.
    return max(near, key=lambda each: (each[0] == low[0], counts[each], each), default=word)


def _one_off(word: str) -> Iterator[str]:
    parts = [(word[:at], word[at:]) for at in range(len(word) + 1)]
    for before, after in parts:
        if after:
            yield before + after[1:]
        if len(after) > 1:
            yield before + after[1] + after[0] + after[2:]
        for letter in LETTERS:
            yield before + letter + after
            if after:
                yield before + letter + after[1:]
