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

_WORD = re.compile(r"[^\W\d_]+")
_NO_LANGUAGE = re.compile(r"\S*(?:@|://|www\.|\\)\S*|\S*\d\S*|\S{30,}")
_MAX_CHARACTERS = 500
_MARKER_WEIGHT = math.log(3.0)
_FIRST_CONFIDENCE = 0.55
"""How sure the first message must be; otherwise the pack's default language is taken."""


@dataclass(frozen=True, slots=True)
class Reading:
    """The language to go on in, and how likely this message is in it."""

    language: str
    confidence: float


class LanguageIdentifier:
    """Reads languages. `markers` are the words that belong to one language alone."""

    def __init__(
        self,
        languages: Sequence[str],
        markers: Mapping[str, Iterable[str]] | None = None,
        *,
        confidence: float = 0.9,
        words: int = 3,
        needed_markers: int = 2,
    ) -> None:
        self._languages = tuple(languages)
        self._markers = {code: frozenset((markers or {}).get(code, ())) for code in self._languages}
        self._confidence = confidence
        self._words = words
        self._needed = needed_markers
        self._model = _restricted(self._languages) if len(self._languages) > 1 else None

    def probabilities(self, text: str) -> dict[str, float]:
        """How likely each language is for this text alone."""
        return self._weigh(_reduced(text))[0]

    def read(self, text: str, current: str | None) -> Reading:
        """The language after this message, in a conversation in `current` (None: it has none yet)."""
        if current not in self._languages:
            current = None
        if self._model is None:
            return Reading(self._languages[0], 1.0)
        words = _reduced(text)
        likely, markers = self._weigh(words)
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
        return new >= self._needed and new > 2 * old

    def _weigh(self, words: list[str]) -> tuple[dict[str, float], dict[str, int]]:
        counts = {code: sum(1 for word in words if word in self._markers[code]) for code in self._languages}
        base = {code: 1.0 / len(self._languages) for code in self._languages}
        if self._model is not None and words:
            base = dict(self._model.rank(" ".join(words)))
        logs = {c: math.log(max(base.get(c, 0.0), 1e-9)) + _MARKER_WEIGHT * min(counts[c], 6) for c in counts}
        top = max(logs.values())
        shares = {code: math.exp(value - top) for code, value in logs.items()}
        total = sum(shares.values())
        return {code: share / total for code, share in shares.items()}, counts


def learn_markers(examples: Iterable[tuple[str, str, str]], languages: Sequence[str]) -> dict[str, list[str]]:
    """Words of one language alone, from (text, intent, language): under many intents, and rare elsewhere."""
    counts: dict[str, Counter[str]] = {code: Counter() for code in languages}
    spread: dict[str, dict[str, set[str]]] = {code: {} for code in languages}
    for text, intent, language in examples:
        for word in set(_reduced(text)):
            counts[language][word] += 1
            spread[language].setdefault(word, set()).add(intent)
    intents = {
        code: len({intent for found in spread[code].values() for intent in found}) for code in languages
    }
    markers: dict[str, list[str]] = {}
    for code in languages:
        least = max(4, intents[code] // 8)
        others = [counts[other] for other in languages if other != code]
        markers[code] = sorted(
            word
            for word, found in spread[code].items()
            if len(found) >= least and all(counts[code][word] > 20 * other[word] for other in others)
        )
    return markers


def _reduced(text: str) -> list[str]:
    """The words that can tell a language: no addresses, figures or codes."""
    return [word.lower() for word in _WORD.findall(_NO_LANGUAGE.sub(" ", text[:_MAX_CHARACTERS]))]


def _restricted(languages: Sequence[str]) -> Any:
    """py3langid with only the pack's languages in memory."""
    from py3langid import langid  # here, not at the top: it brings its model

    full: Any = langid.LanguageIdentifier.from_model_file(langid.MODEL_FILE, norm_probs=True)
    full.set_languages(list(languages))
    return langid.LanguageIdentifier(
        full.nb_ptc.copy(),
        full.nb_pc.copy(),
        list(full.nb_classes),
        full.tk_nextmove,
        full.tk_output,
        norm_probs=True,
        tk_row=full.tk_row,
    )
