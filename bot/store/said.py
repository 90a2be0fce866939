"""Looking for words: in what was said, on tickets, in names. The same on both databases.

What can be looked for stands beside itself once more, `folded`, in a column of the same row: it goes when
that goes. Every row is read, there is no index to keep; `make bench-search` measures a million events.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, and_

from bot.model.languages import alphabetical

WORDS = 8
"""Of a search, so many words count."""

_SPOKEN = ("text", "comment", "solution")
"""Where a content has what was said: a message, what a customer said of the help, how an agent solved it."""
_SIGNS = str.maketrans(dict.fromkeys("’‘", "'") | dict.fromkeys("“”„«»", '"') | {"œ": "oe", "æ": "ae"})
_WORD = re.compile(r'"([^"]+)"|([^\s"]+)')


def folded(text: str) -> str:
    """A text as it is compared: no capitals, accents, line breaks or curly signs."""
    low = text.lower() if text.isascii() else alphabetical(text).translate(_SIGNS)
    return " ".join(low.split())


def spoken(content: Mapping[str, Any]) -> str | None:
    """What was said in an event's content, folded; None where nothing was."""
    said = next((content[name] for name in _SPOKEN if content.get(name)), None)
    return folded(str(said)) if said else None


def words_of(search: str) -> list[str]:
    """What somebody looks for, folded: words, and as one what stands between quotation marks."""
    found = (quoted.strip() or word for quoted, word in _WORD.findall(folded(search)))
    return [each for each in found if each][:WORDS]


def holds(column: Any, words: Sequence[str]) -> ColumnElement[bool]:
    """Whether a folded column has all these words, in any order, each as a whole or a part of one."""
    return and_(*(column.contains(word, autoescape=True) for word in words))
