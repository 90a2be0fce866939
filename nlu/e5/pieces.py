"""From a text to the numbers of its pieces: the likeliest way to cut each word (a unigram language model,
Kudo 2018), as the encoder learned to read.

The library that the other encoder uses for it could be given these pieces too, but takes 78 MB and most of a
second for them, where a table takes 30 MB and a tenth.
"""

from __future__ import annotations

import re

from nlu.e5.weights import Vocabulary

_SPACE = "\u2581"
_LONGEST = 16
"""Letters of the longest piece that there is."""
_STRANGE = 10.0
"""How much less likely than the rarest piece a letter is that is none."""
_REMEMBERED = 20_000

_SPACES = re.compile("  +")
_WORDS = re.compile("(?=\u2581)")


class Pieces:
    """Cuts texts up; remembers the pieces of single words, because customers' words repeat."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._of = vocabulary
        self._strange = min(vocabulary.likely) - _STRANGE
        self._known: dict[str, tuple[int, ...]] = {}

    def numbers(self, text: str, most: int) -> list[int]:
        """The numbers of a text's pieces, at most so many, with the mark at either end."""
        text = _SPACES.sub(" ", text.translate(self._of.folded))
        if not text.startswith(" "):
            text = f" {text}"
        found = [self._of.begin]
        for word in _WORDS.split(text.replace(" ", _SPACE)):
            known = self._known.get(word)
            found += self._cut(word) if known is None else known
        return [*found[: most - 1], self._of.end]

    def _cut(self, word: str) -> tuple[int, ...]:
        """The likeliest pieces of one word: of every way to each letter, the best one is kept."""
        numbers, likely = self._of.numbers, self._of.likely
        best = [0.0, *[-float("inf")] * len(word)]
        last = [(0, self._of.unknown)] * (len(word) + 1)
        for first in range(len(word)):
            here = best[first]
            if here + self._strange > best[first + 1]:
                best[first + 1], last[first + 1] = here + self._strange, (first, self._of.unknown)
            for end in range(first + 1, min(first + _LONGEST, len(word)) + 1):
                number = numbers.get(word[first:end].encode())
                if number is not None and here + likely[number] > best[end]:
                    best[end], last[end] = here + likely[number], (first, number)
        pieces: list[int] = []
        end = len(word)
        while end:
            end, number = last[end]
            pieces.append(number)
        pieces.reverse()
        if len(self._known) >= _REMEMBERED:
            self._known.clear()
        self._known[word] = tuple(pieces)
        return self._known[word]
