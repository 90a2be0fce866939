"""The languages that Balie itself speaks: its pages, its own words, and the codes that channels accept.

A pack may know fewer. What a new one takes stands in the README.
"""

from __future__ import annotations

import unicodedata

LANGUAGES = {"nl": "Nederlands", "fr": "Français", "en": "English"}
"""Each code (ISO 639-1) with its name in the language itself."""


def alphabetical(text: str) -> str:
    """What to sort a text by as a dictionary does: É stands with E, not after Z."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in plain if not unicodedata.combining(letter))
