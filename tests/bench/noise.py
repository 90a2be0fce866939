"""What happens to sentences on the way: a recogniser's bare text, slips of the keyboard, a word that is missing."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Mapping


def _bare(text: str, _: random.Random) -> str:
    """As a recogniser writes: no capitals, no marks."""
    return re.sub(r"[^\w\s'’-]", "", text.lower())


def _mistyped(text: str, draw: random.Random) -> str:
    """One slip for every twelve characters: two letters changed about, one missing, or one twice."""
    letters = list(text)
    for _ in range(max(1, len(text) // 12)):
        at = draw.randrange(max(1, len(letters) - 1))
        slip = draw.choice(("swap", "drop", "double"))
        if slip == "swap":
            letters[at : at + 2] = reversed(letters[at : at + 2])
        else:
            letters[at : at + 1] = [] if slip == "drop" else letters[at : at + 1] * 2
    return "".join(letters)


def _without_a_word(text: str, draw: random.Random) -> str:
    words = text.split()
    if len(words) > 2:
        words.pop(draw.randrange(len(words)))
    return " ".join(words)


NOISES: Mapping[str, Callable[[str, random.Random], str]] = {
    "bare": _bare,
    "mistyped": _mistyped,
    "word missing": _without_a_word,
}
