"""Which of the pack's languages a message is in, and when that changes the conversation's language.

py3langid, restricted to the pack's languages, says how likely each is; words that belong to one language,
learned from the training examples, weigh in. A conversation keeps its language unless a message is long
enough, sure enough and has small words of another (`ik`, `je`, `the`): a greeting, a loan word or a code
changes nothing. A first message is read for its words: the language that the page or the channel hints at
stands unless words tell of another that it (almost) never uses ("bonjour" on a Dutch page, but not "hello").
Words that are borrowed ("password" on a Dutch page) do not tell, however rare they are in the examples: how
often people borrow a word cannot be counted there, so the pack lists them.
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
_NO_LANGUAGE = re.compile(r"\S*(?:@|://|www\.|\\|_)\S*|\S*\d\S*|\S{30,}")
_QUOTED = re.compile(r"""["“„«][^"”»\n]{2,200}["”»]|(?<!\w)['‘][^'’\n]{2,200}['’](?!\w)""")
"""What a message quotes, such as an error, is in the language of the machine."""
_MAX_CHARACTERS = 500
_MARKER_WEIGHT = math.log(3.0)
_VERY_SURE = 0.99
"""From here on one telling word is enough in a longer message."""
_FIRST_CONFIDENCE = 0.8
"""How sure a first message without a telling word must be; otherwise the pack's default language is taken."""
_OFTENER = 4
_OFTENER_THAN_HINT = 20
"""So many times as often as in any other language a word must stand in the examples of one to tell of it; and
as in the language that is hinted at, where one is."""


@dataclass(frozen=True, slots=True)
class Reading:
    """The language to go on in, and how likely this message is in it."""

    language: str
    confidence: float


class LanguageIdentifier:
    """Reads languages.

    `markers` are small words that belong to one language alone; `counts` say how many examples of a language
    a word stands in: they decide while a conversation has no language yet. `loan_words` are, by language,
    words of others that people use when they write it: where it is hinted at, they tell of no other.
    `tables` is what a model file keeps of py3langid; without it, all of it is loaded.
    """

    def __init__(
        self,
        languages: Sequence[str],
        markers: Mapping[str, Iterable[str]] | None = None,
        counts: Mapping[str, Mapping[str, int]] | None = None,
        loan_words: Mapping[str, Iterable[str]] | None = None,
        *,
        confidence: float = 0.9,
        words: int = 3,
        needed_markers: int = 2,
        tables: Any | None = None,
    ) -> None:
        self._languages = tuple(languages)
        self._markers = {code: frozenset((markers or {}).get(code, ())) for code in self._languages}
        self._counts = {code: (counts or {}).get(code, {}) for code in self._languages}
        borrowed = {code: (loan_words or {}).get(code, ()) for code in self._languages}
        self._borrowed = {code: frozenset(map(str.lower, words)) for code, words in borrowed.items()}
        self._confidence = confidence
        self._words = words
        self._needed = needed_markers
        self._model = None
        if len(self._languages) > 1:
            self._model = tables or language_tables.whole(self._languages)

    def probabilities(self, text: str) -> dict[str, float]:
        """How likely each language is for this text alone."""
        return self._weigh(reduced(text))[0]

    def read(self, text: str, current: str | None, hint: str | None = None) -> Reading:
        """The language after this message, in a conversation in `current` (None: it has none yet).

        `hint` is the language that a first message is expected in, by the page or the channel.
        """
        if self._model is None:
            return Reading(self._languages[0], 1.0)
        words = reduced(text)
        likely, markers = self._weigh(words)
        if current not in self._languages:
            language = self._first(words, likely, hint if hint in self._languages else None)
        else:
            language = current
            best = max(likely, key=lambda code: (likely[code], code == current))
            if best != current and self._may_change(
                words, likely[best], markers[best], markers[current], best
            ):
                language = best
        return Reading(language, round(likely[language], 4))

    def _first(self, words: list[str], likely: Mapping[str, float], hint: str | None) -> str:
        """The language to begin in: where words tell of one, that; else what was hinted at, or seems sure."""
        told = {code: self._telling(words, code, hint) for code in self._languages}
        best = max(told, key=lambda code: (told[code], code == hint, likely[code]))
        most = told[best]
        alone = sum(1 for count in told.values() if count == most) == 1
        if hint is not None:
            return best if alone and most > 2 * told[hint] else hint
        if alone:
            return best
        best = max(likely, key=lambda code: likely[code])
        return best if likely[best] >= _FIRST_CONFIDENCE else self._languages[0]

    def _telling(self, words: list[str], code: str, hint: str | None) -> int:
        """How many words tell of a language rather than of any other, least of all of the one hinted at."""
        times = {other: _OFTENER for other in self._languages if other != code}
        borrowed: frozenset[str] = frozenset()
        if hint in times:
            times[hint], borrowed = _OFTENER_THAN_HINT, self._borrowed[hint]
        told = 0
        for word in words:
            often = self._counts[code].get(word, 0)
            needed = max((n * self._counts[other].get(word, 0) for other, n in times.items()), default=0)
            told += often > 1 and often > needed and word not in borrowed
        return told

    def _may_change(self, words: list[str], sure: float, new: int, old: int, language: str) -> bool:
        if sure < self._confidence or len(words) < self._words:
            return False
        if not self._markers[language]:
            return len(words) >= 2 * self._words
        needed = 1 if sure >= _VERY_SURE and len(words) >= 2 * self._words else self._needed
        return new >= needed and new > 2 * old

    def _weigh(self, words: list[str]) -> tuple[dict[str, float], dict[str, int]]:
        """How likely each language is, and how many markers of each there are."""
        counts = {code: sum(1 for word in words if word in self._markers[code]) for code in self._languages}
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
) -> tuple[dict[str, list[str]], dict[str, dict[str, int]]]:
    """Markers of every language, and in how many of its examples each word stands.

    Of (text, intent, language). A marker stands under many intents and (almost) never in another language.
    """
    counts: dict[str, Counter[str]] = {code: Counter() for code in languages}
    spread: dict[str, dict[str, set[str]]] = {code: {} for code in languages}
    for text, intent, language in examples:
        for word in set(reduced(text)):
            counts[language][word] += 1
            spread[language].setdefault(word, set()).add(intent)
    markers: dict[str, list[str]] = {}
    for code in languages:
        others = [counts[other] for other in languages if other != code]
        elsewhere = {word: max((other[word] for other in others), default=0) for word in counts[code]}
        least = max(4, len({intent for found in spread[code].values() for intent in found}) // 8)
        markers[code] = sorted(
            word
            for word, count in counts[code].items()
            if len(spread[code][word]) >= least and count > 20 * elsewhere[word]
        )
    often = {word for found in counts.values() for word, count in found.items() if count > 1}
    return markers, {
        code: {word: found[word] for word in sorted(often & found.keys())} for code, found in counts.items()
    }


def reduced(text: str) -> list[str]:
    """The words that can tell a language: no addresses, figures or codes."""
    own = _QUOTED.sub(" ", text[:_MAX_CHARACTERS])
    return [word.lower() for word in _WORD.findall(_NO_LANGUAGE.sub(" ", own))]
