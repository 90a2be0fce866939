"""A text in sentences, so that the first can be said before the last is made. Pure; no word changes."""

from __future__ import annotations

import re

LONGEST = 300
"""Characters said in one go; more is cut after a comma, or else between two words."""

_SHORT = frozenset(
    ["bv", "dhr", "mevr", "mw", "nr", "tel", "ca", "vb", "mme", "mlle", "dr", "mr", "mrs", "ms"]
)
"""Words that end in a full stop within a sentence, as any single letter does."""
_END = re.compile(r"[.!?…]+[\"'”’»)]*\s+|\n+")
_LAST_WORD = re.compile(r"(\w+)\.\s+$")


def sentences(text: str) -> list[str]:
    """Its sentences, none of them longer than `LONGEST`, none of them empty."""
    found: list[str] = []
    begin = 0
    for end in _END.finditer(text):
        piece = text[begin : end.end()]
        word = _LAST_WORD.search(piece)
        if word and (len(word[1]) == 1 or word[1].casefold() in _SHORT) and "\n" not in end[0]:
            continue
        found.append(piece)
        begin = end.end()
    found.append(text[begin:])
    return [part for piece in found for part in _cut(" ".join(piece.split()))]


def _cut(sentence: str) -> list[str]:
    parts: list[str] = []
    while len(sentence) > LONGEST:
        at = max(sentence.rfind(", ", 0, LONGEST) + 1, 0) or sentence.rfind(" ", 0, LONGEST)
        at = at if at > 0 else LONGEST
        parts.append(sentence[:at])
        sentence = sentence[at:].lstrip()
    return [*parts, sentence] if sentence else parts
