"""Sound as numbers: μ-law (G.711), other rates, frames of 20 ms. Pure; what is said in it is not here.

Everywhere in Balie sound is PCM: 16 bits a sample, little-endian, one channel, 8000 samples a second.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np
import soxr
from numpy.typing import NDArray

RATE = 8_000
"""Samples a second, as telephones have them."""
WIDTH = 2
"""Bytes of a sample."""
FRAME_MS = 20
FRAME = RATE * FRAME_MS // 1000 * WIDTH
"""Bytes of a frame of PCM; one of μ-law has half of them."""
SAMPLE = np.dtype("<i2")

_BIAS, _CLIP = 132, 32_635
"""G.711's 33 and 8158 at 14 bits, here at 16."""


def seconds(pcm: bytes, rate: int = RATE) -> float:
    """How long it sounds."""
    return len(pcm) / (rate * WIDTH)


def silence(length: float) -> bytes:
    """So many seconds of nothing."""
    return bytes(round(length * RATE) * WIDTH)


# ── μ-law ─────────────────────────────────────────────────────────────────────────────────────────────────


def _decoded() -> NDArray[np.int16]:
    """The value of each of the 256 codes: sign, three bits of segment, four of step, all inverted."""
    codes = ~np.arange(256, dtype=np.uint8)
    steps = ((codes & 0x0F).astype(np.int32) << 3) + _BIAS
    sizes = (steps << (codes >> 4 & 0x07)) - _BIAS
    return np.where(codes & 0x80, -sizes, sizes).astype(SAMPLE)


def _encoded() -> NDArray[np.uint8]:
    """The code of each of the 65,536 values, by their bits."""
    values = np.arange(65_536, dtype=np.uint16).view(np.int16).astype(np.int32)
    sizes = np.minimum(np.abs(values), _CLIP) + _BIAS
    segments = np.floor(np.log2(sizes)).astype(np.int32) - 7
    steps = sizes >> (segments + 3) & 0x0F
    signs = np.where(values < 0, 0x80, 0)
    return ~(signs | segments << 4 | steps).astype(np.uint8)


_DECODED = _decoded()
_ENCODED = _encoded()


def from_ulaw(codes: bytes) -> bytes:
    """PCM of μ-law."""
    return _DECODED[np.frombuffer(codes, np.uint8)].tobytes()


def to_ulaw(pcm: bytes) -> bytes:
    """μ-law of PCM, which must have whole samples."""
    return _ENCODED[np.frombuffer(pcm, np.dtype("<u2"))].tobytes()


# ── rates ─────────────────────────────────────────────────────────────────────────────────────────────────


class Resampler:
    """PCM of one rate to PCM of another, piece by piece and without a seam; a piece may end in mid-sample."""

    def __init__(self, source: int, target: int = RATE) -> None:
        # in whole numbers it would add noise of its own, another each time
        same = source == target
        self._stream: Any = None if same else soxr.ResampleStream(source, target, 1, dtype="float32")
        self._rest = b""

    def feed(self, pcm: bytes, *, last: bool = False) -> bytes:
        """What can be given of it now; with `last` all that is left, and another sound may begin."""
        pcm = self._rest + pcm
        whole = len(pcm) - len(pcm) % WIDTH
        self._rest = b"" if last else pcm[whole:]
        if self._stream is None:
            return pcm[:whole]
        made = self._stream.resample_chunk(np.frombuffer(pcm[:whole], SAMPLE).astype(np.float32), last=last)
        if last:
            self._stream.clear()
        return np.rint(made).clip(-32_768, 32_767).astype(SAMPLE).tobytes()


# ── frames ────────────────────────────────────────────────────────────────────────────────────────────────


class Frames:
    """Cuts sound into pieces of one size and keeps the rest for the next time."""

    def __init__(self, size: int = FRAME) -> None:
        self._size = size
        self._rest = bytearray()

    def feed(self, sound: bytes) -> list[bytes]:
        """The frames that are whole now."""
        self._rest += sound
        whole = len(self._rest) // self._size * self._size
        frames = [bytes(self._rest[at : at + self._size]) for at in range(0, whole, self._size)]
        del self._rest[:whole]
        return frames

    def end(self, filler: bytes = b"\0") -> list[bytes]:
        """The rest as a last frame, filled up (μ-law's silence is 0xFF), or nothing."""
        if not self._rest:
            return []
        last = bytes(self._rest).ljust(self._size, filler)
        self._rest.clear()
        return [last]


def framed(pieces: Iterable[bytes], size: int = FRAME) -> Iterator[bytes]:
    """All of a sound in frames, the last one filled up with silence."""
    frames = Frames(size)
    for piece in pieces:
        yield from frames.feed(piece)
    yield from frames.end()
