"""The words of the pages, written in each language by itself; `words("nl")("desk.queue")`.

One table a language with the same keys and the same `{names}`; tests/unit/test_texts.py holds them together.
What the bot says is not here: that is the pack's.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from functools import lru_cache

from bot.web.texts import en, fr, nl

_CLOSE = re.compile(r" (?=[;:!?»%])|(?<=«) ")
"""Spaces that no line may break at; nobody has to type them so."""


def _set(table: Mapping[str, str], space: str) -> Mapping[str, str]:
    return {key: _CLOSE.sub(space, text) for key, text in table.items()}


TABLES: Mapping[str, Mapping[str, str]] = {
    "nl": _set(nl.TEXTS, "\u00a0"),
    "fr": _set(fr.TEXTS, "\u202f"),
    "en": _set(en.TEXTS, "\u00a0"),
}
ONE: Mapping[str, Collection[int]] = {"nl": (1,), "fr": (0, 1), "en": (1,)}
"""What each language counts as one."""


class Words:
    """One language's table. Texts go out unescaped: templates escape them with everything else."""

    def __init__(self, table: Mapping[str, str], one: Collection[int]) -> None:
        self._table, self._one = table, one

    def __call__(self, key: str, /, **values: object) -> str:
        """The text of a key, with its values filled in."""
        text = self._table[key]
        return text.format(**values) if values else text

    def counted(self, key: str, number: int, /, **values: object) -> str:
        """The text of a key for so many, that of `key`_one for one; `n` is the number as it is shown."""
        return self(f"{key}_one" if number in self._one else key, **{"n": number, **values})

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
    known = language if language in TABLES else "nl"
    return Words(TABLES[known], ONE[known])
