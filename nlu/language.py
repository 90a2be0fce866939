"""Which of the pack's languages a message is in, and when that changes the conversation's language.

py3langid, restricted to the pack's languages, says how likely each is; small words that belong to one
language alone (`ik`, `je`, `the`), learned from the training examples, weigh in. A conversation keeps its
language unless a message is long enough, sure enough and has such words: a greeting, a loan word or a code
changes nothing.
An explicit request ("English please") is an intent, and not decided here.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from nlu import language_tables

_WORD = re.compile(r"[^\W\d_]+")
_NO_LANGUAGE = re.compile(r"\S*(?:@|://|www\.|\\)\S*|\S*\d\S*|\S{30,}")
_MAX_CHARACTERS = 500
_MARKER_WEIGHT = math.log(3.0)
_VERY_SURE = 0.99
"""From here on one telling word is enough in a longer message."""
_FIRST_CONFIDENCE = 0.55
"""How sure the first message must be; otherwise the pack's default language is taken."""


@dataclass(frozen=True, slots=True)
class Reading:
    """The language to go on in, and how likely this message is in it."""

    language: str
    confidence: float


class LanguageIdentifier:
    """Reads languages.

    `markers` are small words that belong to one language alone; `hints` are all words that are seldom seen in
    the others ("hello"): they count only while a conversation has no language yet. `tables` is what a model
    file keeps of py3langid; without it, all of it is loaded.
    """

    def __init__(
        self,
        languages: Sequence[str],
        markers: Mapping[str, Iterable[str]] | None = None,
        hints: Mapping[str, Iterable[str]] | None = None,
        *,
        confidence: float = 0.9,
        words: int = 3,
        needed_markers: int = 2,
        tables: Any | None = None,
    ) -> None:
        self._languages = tuple(languages)
        self._markers = {code: frozenset((markers or {}).get(code, ())) for code in self._languages}
        self._hints = {
            code: self._markers[code].union((hints or {}).get(code, ())) for code in self._languages
        }
        self._confidence = confidence
        self._words = words
        self._needed = needed_markers
        self._model = None
        if len(self._languages) > 1:
            self._model = tables or language_tables.whole(self._languages)

    def probabilities(self, text: str) -> dict[str, float]:
        """How likely each language is for this text alone."""
        return self._weigh(reduced(text), self._markers)[0]

    def read(self, text: str, current: str | None) -> Reading:
        """The language after this message, in a conversation in `current` (None: it has none yet)."""
        if current not in self._languages:
            current = None
        if self._model is None:
            return Reading(self._languages[0], 1.0)
        words = reduced(text)
        likely, markers = self._weigh(words, self._hints if current is None else self._markers)
        best = max(likely, key=lambda code: (likely[code], code == current))
        if current is None:
            sure = likely[best] >= _FIRST_CONFIDENCE
            current = best if sure else self._languages[0]
        elif best != current and self._may_change(words, likely[best], markers[best], markers[current], best):
            current = best
        return Reading(current, round(likely[current], 4))

    def _may_change(self, words: list[str], sure: float, new: int, old: int, language: str) -> bool:
        if sure < self._confidence or len(words) < self._words:
            return False
        if not self._markers[language]:
            return len(words) >= 2 * self._words
        needed = 1 if sure >= _VERY_SURE and len(words) >= 2 * self._words else self._needed
        return new >= needed and new > 2 * old

    def _weigh(
        self, words: list[str], telling: Mapping[str, frozenset[str]]
    ) -> tuple[dict[str, float], dict[str, int]]:
        """How likely each language is, and how many telling words of each there are."""
        counts = {code: sum(1 for word in words if word in telling[code]) for code in self._languages}
        base = {code: 1.0 / len(self._languages) for code in self._languages}
        if self._model is not None and words:
            base = dict(self._model.rank(" ".join(words)))
        logs = {c: math.log(max(base.get(c, 0.0), 1e-9)) + _MARKER_WEIGHT * min(counts[c], 6) for c in counts}
        top = max(logs.values())
        shares = {code: math.exp(value - top) for code, value in logs.items()}
        total = sum(shares.values())
        return {code: share / total for code, share in shares.items()}, counts


def learn_words(
    examples: Iterable[tuple[str, str, str]], languages: Sequence[str]
) -> tuple[dict[str, list[str]], dict[str, list[str]]]:
    """Markers and hints of every language, from (text, intent, language).

    A marker stands under many intents and (almost) never in another language; a hint at least twice.
    """
    counts: dict[str, Counter[str]] = {code: Counter() for code in languages}
    spread: dict[str, dict[str, set[str]]] = {code: {} for code in languages}
    for text, intent, language in examples:
        for word in set(reduced(text)):
            counts[language][word] += 1
            spread[language].setdefault(word, set()).add(intent)
    markers: dict[str, list[str]] = {}
    hints: dict[str, list[str]] = {}
    for code in languages:
        others = [counts[other] for other in languages if other != code]
        elsewhere = {word: max((other[word] for other in others), default=0) for word in counts[code]}
        least = max(4, len({intent for found in spread[code].values() for intent in found}) // 8)
        markers[code] = sorted(
            word
            for word, count in counts[code].items()
            if len(spread[code][word]) >= least and count > 20 * elsewhere[word]
        )
        hints[code] = sorted(
            word for word, count in counts[code].items() if count >= 2 and count > 5 * elsewhere[word]
        )
    return markers, hints


def reduced(text: str) -> list[str]:
    """The words that can tell a language: no addresses, figures or codes."""
    return [word.lower() for word in _WORD.findall(_NO_LANGUAGE.sub(" ", text[:_MAX_CHARACTERS]))]
