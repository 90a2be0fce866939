"""Looking for words: in what was said, in names. The same on both databases.

Every message is read, as nothing beside it says which words it has: there is no index to keep, and nothing
that is left when somebody is erased. A million events take some 0.1 s (`make bench-search`).
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Text, func, or_, type_coerce

from bot.store.values import dumps

BEGINS = ('{"text":"', '{"comment":"', '{"solution":"')
"""How a content begins that is a message, what a customer said of the help, or how an agent solved it.
Others were not said."""


def said(content: Any, words: str) -> ColumnElement[bool]:
    """Whether these words, as they stand, are in what was said; `content` is the column."""
    written = type_coerce(content, Text)
    spoken = or_(*(written.startswith(begin, autoescape=True) for begin in BEGINS))
    return spoken & _like(written, '":"%', dumps(words)[1:-1])


def holds(column: Any, words: str) -> ColumnElement[bool]:
    """Whether a column of plain text has them."""
    return _like(column, "", words)


def _like(column: Any, after: str, words: str) -> ColumnElement[bool]:
    """SQLite folds the case of ASCII only: words with other letters are looked for as one writes them."""
    others = set() if words.isascii() else {words.lower(), words.upper(), words[:1].upper() + words[1:]}
    ways, low = {words, *others}, func.lower(column)
    return or_(*(low.like(func.lower(f"%{after}{_plain(way)}%"), escape="/") for way in sorted(ways)))


def _plain(text: str) -> str:
    """Text in which nothing means anything to LIKE."""
    return text.replace("/", "//").replace("%", "/%").replace("_", "/_")
