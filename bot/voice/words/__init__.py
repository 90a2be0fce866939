"""What Balie itself says and listens for in a call, and how signs and numbers are spoken: a module for each
language. All other sentences are the pack's. Data only; `ear` and the call use it.
"""

from __future__ import annotations

from collections.abc import Mapping

from bot.voice.words.en import EN
from bot.voice.words.fr import FR
from bot.voice.words.nl import NL
from bot.voice.words.shape import Words

__all__ = ["WORDS", "Words", "words"]

WORDS: Mapping[str, Words] = {"nl": NL, "fr": FR, "en": EN}


def words(language: str) -> Words:
    """Those of a language; English where there are none of it."""
    return WORDS.get(language, EN)
