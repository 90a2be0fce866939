"""The entities of a message: the pack's patterns and word lists, and the built-in ones, without overlaps."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.model.understanding import Entity
from nlu.features import MAX_CHARACTERS
from nlu.finders.builtin import FINDERS, WEAK
from nlu.finders.context import Context
from nlu.finders.dates import Now
from nlu.finders.number_words import runs
from nlu.lookup import Found, Phrases, fold, split

_REGEX, _LOOKUP, _BUILTIN = 0, 1, 2
_PACK = _LOOKUP
"""Ranks up to this one are the pack's own."""
_WEAKEST = 1_000
_MOST = 50
"""Entities of one message; more is noise."""


def local_now() -> datetime:
    """The time here, with its zone."""
    return datetime.now().astimezone()


@dataclass(frozen=True, slots=True)
class Wordlist:
    """One language's own entities: (wording, entity, value), and patterns with the value of a wording."""

    wordings: tuple[tuple[str, str, str], ...] = ()
    patterns: tuple[tuple[str, str], ...] = ()
    """(entity, pattern); a group named `value` or the first group is the value, if there is one."""
    synonyms: Mapping[str, str] | None = None
    """Folded wording to canonical value, for what patterns find."""


@dataclass(frozen=True, slots=True)
class _Candidate:
    found: Found
    extractor: str
    rank: int


class EntityExtractor:
    """Finds entities: longer matches win over shorter ones, of two alike the pack's over the built-in."""

    def __init__(
        self,
        lists: Mapping[str, Wordlist],
        *,
        builtin: Sequence[str] = tuple(FINDERS),
        region: str = "BE",
        now: Now = local_now,
    ) -> None:
        self._phrases = {code: Phrases(words.wordings) for code, words in lists.items()}
        self._patterns = {
            code: [(entity, re.compile(pattern, re.IGNORECASE)) for entity, pattern in words.patterns]
            for code, words in lists.items()
        }
        self._synonyms = {code: dict(words.synonyms or {}) for code, words in lists.items()}
        self._builtin = [FINDERS[name] for name in FINDERS if name in builtin]
        self._weak = [WEAK[name] for name in WEAK if name in builtin]
        self._region = region
        self._now = now

    def extract(self, text: str, language: str, asked: str | None = None) -> tuple[Entity, ...]:
        """The entities of a cleaned text, in text order."""
        text = text[:MAX_CHARACTERS]
        if not text or text.isspace():
            return ()
        folded = fold(text)
        tokens = split(folded)
        candidates: list[_Candidate] = []
        for entity, pattern in self._patterns.get(language, ()):
            for match in pattern.finditer(text):
                if match.end() > match.start():
                    candidates.append(
                        _Candidate(self._from_pattern(entity, match, language), "regex", _REGEX)
                    )
        phrases = self._phrases.get(language)
        if phrases is not None:
            candidates += [_Candidate(found, "lookup", _LOOKUP) for found in phrases.find(folded, tokens)]
        digits = any(token.text[0].isdigit() or not token.text.isalpha() for token in tokens) or "#" in text
        spelled = runs(folded, tokens, language)
        context = Context(text, folded, tokens, language, asked, self._region, self._now, digits, spelled)
        for rank, find in enumerate(self._builtin, start=_BUILTIN):
            candidates += [_Candidate(found, "builtin", rank) for found in find(context)]
        for find in self._weak:
            candidates += [_Candidate(found, "builtin", _WEAKEST) for found in find(context)]
        return tuple(
            Entity(
                entity=found.found.entity,
                value=found.found.value,
                start=found.found.start,
                end=found.found.end,
                text=text[found.found.start : found.found.end],
                extractor=found.extractor,
            )
            for found in _without_overlaps(candidates)
        )

    def _from_pattern(self, entity: str, match: re.Match[str], language: str) -> Found:
        groups = match.groupdict()
        group: int | str = "value" if groups.get("value") is not None else 1 if match.re.groups else 0
        shown = match.group(group) if match.group(group) is not None else match.group()
        value = self._synonyms.get(language, {}).get(fold(shown), shown)
        return Found(entity, value, match.start(), match.end())


def _without_overlaps(candidates: Iterable[_Candidate]) -> list[_Candidate]:
    """Longest first; the same words may be two entities only when the pack itself says so."""
    kept: list[_Candidate] = []
    of_span: dict[tuple[int, int], list[_Candidate]] = {}
    covered: set[int] = set()
    order = sorted(
        candidates,
        key=lambda c: (c.rank == _WEAKEST, c.found.start - c.found.end, c.rank, c.found.start),
    )
    for candidate in order:
        span = (candidate.found.start, candidate.found.end)
        same = of_span.get(span)
        if same is not None:
            known = {one.found.entity for one in same}
            if candidate.rank > _PACK or same[0].rank > _PACK or candidate.found.entity in known:
                continue
        elif not covered.isdisjoint(range(*span)):
            continue
        of_span.setdefault(span, []).append(candidate)
        covered.update(range(*span))
        kept.append(candidate)
        if len(kept) == _MOST:
            break
    return sorted(kept, key=lambda c: (c.found.start, c.found.end, c.rank))
