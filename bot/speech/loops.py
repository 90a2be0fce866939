"""Whether a transcript is the engine talking to itself: the same words again and again, more than anybody can
say, or what stands between brackets. Pure.
"""

from __future__ import annotations

import re
import zlib

_MOST_TIMES = {1: 8, 2: 5}
"""How often so many words may follow themselves; longer phrases twice. People say "nee nee nee", or zeros."""
_OFTEN = 2
_LONGEST_PHRASE = 12
_DENSEST = 2.4
"""How much smaller a text may become by compression; Whisper's own bound."""
_FASTEST = 8.0
"""Words a second; who speaks very quickly says five."""
_NOISE = re.compile(r"\[[^\]]*\]|\([^)]*\)|\*[^*]*\*|[♪♫]+")


def spoken(text: str) -> str:
    """The words alone, without "[muziek]", "(rires)" and notes."""
    return " ".join(_NOISE.sub(" ", text).split())


def believable(text: str, seconds: float) -> bool:
    """Whether somebody may have said that in so many seconds."""
    words = re.findall(r"[\w'’]+", text.casefold())
    if len(words) > _FASTEST * seconds + 4:
        return False
    raw = text.encode()
    return len(raw) <= _DENSEST * len(zlib.compress(raw)) and not _repeats(words)


def _repeats(words: list[str]) -> bool:
    for size in range(1, _LONGEST_PHRASE + 1):
        most = _MOST_TIMES.get(size, _OFTEN)
        same = 0
        for at in range(size, len(words)):
            same = same + 1 if words[at] == words[at - size] else 0
            if same >= most * size:
                return True
    return False
