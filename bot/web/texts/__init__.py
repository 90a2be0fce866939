"""The words of the pages, written in each language by itself; `words("nl")("desk.queue")`.

One table a language with the same keys and the same `{names}`; tests/unit/test_texts.py holds them together.
What the bot says is not here: that is the pack's.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from bot.web.texts import en, fr, nl

TABLES: Mapping[str, Mapping[str, str]] = {"nl": nl.TEXTS, "fr": fr.TEXTS, "en": en.TEXTS}


class Words:
    """One language's table. Texts go out unescaped: templates escape them with everything else."""

    def __init__(self, table: Mapping[str, str]) -> None:
        self._table = table

    def __call__(self, key: str, /, **values: object) -> str:
        """The text of a key, with its values filled in."""
        text = self._table[key]
        return text.format(**values) if values else text

    def __contains__(self, key: str) -> bool:
        return key in self._table

    def known(self, prefix: str, name: str | None) -> str:
        """The text of a name from data (a status, a channel); the name itself where there is none."""
        if not name:
            return ""
        return self._table.get(f"{prefix}.{name}") or name.replace("_", " ")


@lru_cache(maxsize=8)
def words(language: str) -> Words:
    """The words of a language, or Dutch."""
    return Words(TABLES.get(language, nl.TEXTS))
