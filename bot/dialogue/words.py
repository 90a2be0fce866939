"""How words are compared: without case, accents and punctuation. Not understanding: that is `nlu`."""

from __future__ import annotations

import unicodedata


def normal(text: str) -> str:
    """Letters and digits only, lower case, without accents, one space between words."""
    low = text.casefold()
    plain = low if low.isascii() else unicodedata.normalize("NFKD", low)
    kept = (letter if letter.isalnum() else " " for letter in plain if not unicodedata.combining(letter))
    return " ".join("".join(kept).split())


STEM = 4
"""Letters by which words are compared: "vindt" and "vinden", "imprime" and "imprimer" are the same."""


def stems(normal_text: str) -> frozenset[str]:
    """The beginnings of the longer words of a text that is `normal` already."""
    return frozenset(word[:STEM] for word in normal_text.split() if len(word) >= STEM)
