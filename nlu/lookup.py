"""Finding many known wordings in a text at once: whole words, any case, accents or not, in linear time."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

_TOKEN = re.compile(r"\w+[+#]{0,2}")
_MAX_WORDS = 8
_SENTENCE_END = frozenset(".!?;:\n\r,")


class _Fold(dict[int, str]):
    """Character by character: lower case and without accent, always one character for one."""

    def __missing__(self, code: int) -> str:
        char = chr(code)
        base = unicodedata.normalize("NFKD", char)[0].lower()
        folded = base if len(base) == 1 else char
        if len(self) < 20_000:
            self[code] = folded
        return folded


_FOLD = _Fold({0x2019: "'", 0x2018: "'", 0x00B4: "'", 0x0060: "'"})


def fold(text: str) -> str:
    """The text in lower case without accents, of the same length."""
    return text.lower() if text.isascii() else text.translate(_FOLD)


@dataclass(frozen=True, slots=True)
class Token:
    """A word of a folded text and where it stands."""

    text: str
    start: int
    end: int


def split(folded: str) -> list[Token]:
    """The words of a folded text."""
    return [Token(match.group(), match.start(), match.end()) for match in _TOKEN.finditer(folded)]


@dataclass(frozen=True, slots=True)
class Found:
    """A wording that stands in the text, and what it stands for."""

    entity: str
    value: str
    start: int
    end: int


class Phrases:
    """Wordings of entities: `find` gives every one that stands in a text, the longest from each word on."""

    def __init__(self, wordings: Iterable[tuple[str, str, str]]) -> None:
        """From (wording, entity, canonical value)."""
        self._known: dict[str, dict[str, str]] = {}
        self._longest: dict[str, int] = {}
        for wording, entity, value in wordings:
            words = [token.text for token in split(fold(wording))]
            if not 0 < len(words) <= _MAX_WORDS:
                continue
            self._known.setdefault(" ".join(words), {}).setdefault(entity, value)
            self._longest[words[0]] = max(self._longest.get(words[0], 0), len(words))

    def __len__(self) -> int:
        return len(self._known)

    def find(self, folded: str, tokens: list[Token]) -> list[Found]:
        """All wordings in a folded text, given its words."""
        found: list[Found] = []
        for at, token in enumerate(tokens):
            longest = self._longest.get(token.text)
            if longest is None:
                continue
            seen: set[str] = set()
            reach = _reach(folded, tokens, at, longest)
            for size in range(reach, 0, -1):
                entries = self._known.get(" ".join(word.text for word in tokens[at : at + size]))
                for entity, value in (entries or {}).items():
                    if entity not in seen:
                        seen.add(entity)
                        found.append(Found(entity, value, token.start, tokens[at + size - 1].end))
        return found


def _reach(folded: str, tokens: list[Token], at: int, longest: int) -> int:
    """How many words from `at` on belong to one stretch of a sentence."""
    size = 1
    while size < longest and at + size < len(tokens):
        gap = folded[tokens[at + size - 1].end : tokens[at + size].start]
        if len(gap) > 3 or (len(gap) > 1 and not _SENTENCE_END.isdisjoint(gap)):
            break
        size += 1
    return size


def wordings_of(
    lookups: Mapping[str, Iterable[str]], synonyms: Mapping[str, Iterable[str]], *, use_synonyms: bool = True
) -> list[tuple[str, str, str]]:
    """(wording, entity, canonical value) of a language's lookups and synonyms.

    A wording means the canonical value of which it is a synonym. Where two claim it, the one nearest to the
    entity wins: the share of its wordings that the entity's lookup has. A synonym group that mostly belongs
    to an entity brings its other wordings along.
    """
    if not use_synonyms:
        return [(wording, entity, wording) for entity, listed in lookups.items() for wording in listed]
    groups = {value: {fold(wording) for wording in listed} for value, listed in synonyms.items() if listed}
    out: list[tuple[str, str, str]] = []
    for entity, listed in lookups.items():
        own = {fold(wording): wording for wording in listed}
        share = {value: len(group & own.keys()) / len(group) for value, group in groups.items()}
        meaning: dict[str, str] = {}
        for value in sorted(groups, key=lambda name: (-share[name], name)):
            if share[value] > 0:
                for wording in sorted(groups[value]):
                    if wording in own or share[value] > 0.5:
                        meaning.setdefault(wording, value)
        out += [(wording, entity, meaning.get(wording, shown)) for wording, shown in own.items()]
        out += [(wording, entity, value) for wording, value in meaning.items() if wording not in own]
    return out
