"""Words and parts of words of a text as weighted numbers (TF-IDF), quickly.

Training fits it with scikit-learn's vectorisers over the analysers below; at run time the same features are
made here without scikit-learn, with the parts of each word remembered, because customers' words repeat.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]

MAX_CHARACTERS = 2_000
"""Characters of a message that are read; the rest is kept, but not understood."""
_MAX_WORD = 40
_CACHED_WORDS = 20_000

_TAG = re.compile(r"<[/!]?[A-Za-z][^<>]{0,300}>")
_UNSEEN = (*range(32), *range(127, 160), 0x200B, 0x200E, 0x200F, 0xFEFF, 0xFFFD, *range(0x2028, 0x2030))
_CONTROL = dict.fromkeys((*_UNSEEN, *range(0xD800, 0xE000)), " ")
_WORD = re.compile(r"\w+|[^\w\s.,;:()\"'’`«»“”/\\<>|*=_\-]")
_DIGIT = re.compile(r"\d")


def clean(text: str) -> str:
    """The part of a message that is read, with control characters and HTML tags blanked.

    Offsets do not change: what is taken out is replaced by as many spaces.
    """
    text = text[:MAX_CHARACTERS].translate(_CONTROL)
    return _TAG.sub(_blank, text) if "<" in text else text


def _blank(match: re.Match[str]) -> str:
    return " " * (match.end() - match.start())


def tokens(text: str) -> list[str]:
    """The words of a text, lower case, figures as zeros; an emoji or a question mark is a word too."""
    if not text.isascii():
        text = unicodedata.normalize("NFC", text)
    return [word[:_MAX_WORD] for word in _WORD.findall(_DIGIT.sub("0", text.lower()))]


def has_words(text: str) -> bool:
    """Whether there is a letter or a figure in a text at all."""
    return any(char.isalnum() for char in text)


def word_grams(words: Sequence[str], sizes: tuple[int, int]) -> list[str]:
    """Words and runs of words, from `sizes[0]` to `sizes[1]` of them."""
    grams: list[str] = []
    for size in range(sizes[0], sizes[1] + 1):
        if size == 1:
            grams += words
        else:
            grams += [" ".join(words[at : at + size]) for at in range(len(words) - size + 1)]
    return grams


def character_grams(word: str, sizes: tuple[int, int]) -> list[str]:
    """The parts of one word with a space at both ends, as scikit-learn's `char_wb` makes them."""
    padded = f" {word} "
    grams: list[str] = []
    for size in range(sizes[0], sizes[1] + 1):
        if size >= len(padded):
            grams.append(padded)
            break
        grams += [padded[at : at + size] for at in range(len(padded) - size + 1)]
    return grams


@dataclass(frozen=True, slots=True)
class Analyser:
    """The two analysers that training and run time share."""

    words: tuple[int, int] = (1, 2)
    characters: tuple[int, int] = (2, 4)

    def word_features(self, text: str) -> list[str]:
        """For scikit-learn: the word features of a cleaned text."""
        return word_grams(tokens(text), self.words)

    def character_features(self, text: str) -> list[str]:
        """For scikit-learn: the character features of a cleaned text."""
        return [gram for word in tokens(text) for gram in character_grams(word, self.characters)]


@dataclass(slots=True)
class Row:
    """One text's features: which, how heavy, and how much of its words training had seen (0 to 1)."""

    ids: Ints
    weights: Floats
    known: float


_NONE_IDS = np.empty(0, dtype=np.int64)
_NONE_WEIGHTS = np.empty(0, dtype=np.float32)


@dataclass(slots=True)
class Vectoriser:
    """The lean twin of what `word_learning` fits: sublinear counts, words and parts each of length 1."""

    analyser: Analyser
    words: dict[str, int]
    """Word features; their numbers come first."""
    characters: dict[str, int]
    """Character features, numbered on from the words."""
    idf: Floats
    _parts: dict[str, tuple[int, ...]] = field(default_factory=dict[str, tuple[int, ...]])

    def rows(self, texts: Iterable[str]) -> list[Row]:
        """The features of every text (already cleaned)."""
        return [self._row(tokens(text)) for text in texts]

    def _row(self, words: list[str]) -> Row:
        if not words:
            return Row(_NONE_IDS, _NONE_WEIGHTS, 0.0)
        table = self.words
        ids = [
            number
            for gram in word_grams(words, self.analyser.words)
            if (number := table.get(gram)) is not None
        ]
        known = sum(1 for word in words if word in table) / len(words)
        parts = self._parts
        for word in words:
            found = parts.get(word)
            ids += self._parts_of(word) if found is None else found
        if not ids:
            return Row(_NONE_IDS, _NONE_WEIGHTS, 0.0)
        numbers, counts = np.unique(np.array(ids, dtype=np.int64), return_counts=True)
        weights = (1.0 + np.log(counts)).astype(np.float32) * self.idf[numbers]
        split = int(np.searchsorted(numbers, len(table)))
        for block in (weights[:split], weights[split:]):
            if len(block):
                block /= np.sqrt(block @ block)
        return Row(numbers, weights, known)

    def _parts_of(self, word: str) -> tuple[int, ...]:
        table = self.characters
        grams = character_grams(word, self.analyser.characters)
        found = tuple(number for gram in grams if (number := table.get(gram)) is not None)
        if len(self._parts) >= _CACHED_WORDS:
            self._parts.clear()
        self._parts[word] = found
        return found


def scores(rows: Sequence[Row], weights: NDArray[np.floating[Any]], bias: Floats) -> Floats:
    """The linear model's score of every class for every row. The weights may be of half precision: there are
    many, and few are needed at once."""
    out = np.tile(bias, (len(rows), 1)).astype(np.float32)
    for at, row in enumerate(rows):
        if len(row.ids):
            out[at] += row.weights @ np.asarray(weights[row.ids], dtype=np.float32)
    return out


def joined(table: Mapping[str, int]) -> NDArray[np.uint8]:
    """The features in the order of their numbers, as bytes for a model file."""
    return np.frombuffer("\n".join(table).encode("utf-8"), dtype=np.uint8)


def numbered(names: NDArray[np.uint8], first: int) -> dict[str, int]:
    """The reverse of `joined`, numbered from `first` on."""
    text = names.tobytes().decode("utf-8")
    return {gram: at for at, gram in enumerate(text.split("\n"), start=first)} if text else {}
