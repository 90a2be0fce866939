"""Where speech begins and ends in a stream of sound, for an engine that wants whole utterances. Pure: how
likely a moment is to be speech, it is told.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable

from bot.speech.audio import WIDTH, Frames, Resampler

RATE = 16_000
"""Of what is cut, and of the moments."""
MOMENT = 512 * WIDTH
"""Bytes of a moment, 32 ms: what a detector looks at."""
_SECOND = RATE * WIDTH / MOMENT
BEFORE = round(0.6 * _SECOND)
"""Moments kept from before speech was noticed: a word begins softly."""
PAUSE = round(0.8 * _SECOND)
"""Moments of silence that end an utterance."""
SHORTEST = round(0.1 * _SECOND)
"""Moments of speech; less is a click."""
LONGEST = round(28 * _SECOND)
"""Moments of one utterance; the engine takes 30 seconds."""
_SPEECH, _SILENCE = 0.5, 0.35
"""Likelier than the first is speech, less likely than the second is none; between them nothing changes."""


class Cutter:
    """Takes PCM at 8 kHz and gives utterances at 16 kHz when they are over."""

    def __init__(self, likely: Callable[[bytes], float]) -> None:
        self._likely = likely
        self._resampler = Resampler(8_000, RATE)
        self._moments = Frames(MOMENT)
        self._before: deque[bytes] = deque(maxlen=BEFORE)
        self._sound: list[bytes] = []
        self._spoken = self._quiet = 0

    def feed(self, pcm: bytes) -> list[bytes]:
        """The utterances that ended in it."""
        return self._cut(self._moments.feed(self._resampler.feed(pcm)))

    def finish(self) -> list[bytes]:
        """They, and the one that has not ended; what comes next is a new stream."""
        rest = self._moments.feed(self._resampler.feed(b"", last=True)) + self._moments.end()
        return [*self._cut(rest), *self._end()]

    def _cut(self, moments: list[bytes]) -> list[bytes]:
        utterances: list[bytes] = []
        for moment in moments:
            likely = self._likely(moment)
            if not self._sound:
                if likely < _SPEECH:
                    self._before.append(moment)
                    continue
                self._sound = list(self._before)
                self._before.clear()
            self._sound.append(moment)
            self._spoken += likely >= _SPEECH
            if likely >= _SPEECH:
                self._quiet = 0
            elif likely < _SILENCE or self._quiet:
                self._quiet += 1
            if self._quiet >= PAUSE or len(self._sound) >= LONGEST:
                utterances += self._end()
        return utterances

    def _end(self) -> list[bytes]:
        sound, spoken = self._sound, self._spoken
        self._sound = []
        self._spoken = self._quiet = 0
        self._before.extend(sound[-BEFORE:])
        return [b"".join(sound)] if spoken >= SHORTEST else []
