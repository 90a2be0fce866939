"""What would make training data better, though nothing in it is wrong: intents with few examples, sentences
that are nearly the same, and pairs of intents whose sentences look alike. Pure.

Likeness is that of the parts of words (cosine of TF-IDF over runs of three to five letters), within a
language: what `balie data check` tells in a few seconds, without a model.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer

from bot.model.errors import Problem
from nlu.formats import Example, NluData

FEW = 15
"""Examples of an intent in a language, below which it is thin."""

NEARLY = 0.9
"""From this likeness on two sentences teach what one does."""

ALIKE = 0.25
"""The share of an intent's sentences that are most like another one's, from which the two are confusable."""

MOST_PAIRS = 10
"""Confusable pairs that are told, in a language."""

SHORT = 3
"""Sentences of fewer words may be alike: "akkoord" and "niet akkoord" teach different things."""

_WORD = re.compile(r"\w+")

_AT_ONCE = 1_000
"""Rows of likenesses that are held in memory."""


def advice(data: NluData) -> Iterator[Problem]:
    """Each with its place and a mend, language by language."""
    by_language: dict[str, list[Example]] = {}
    for example in data.examples:
        by_language.setdefault(example.language, []).append(example)
    for language, examples in sorted(by_language.items()):
        yield from _thin(language, examples)
        nearest = list(_nearest(examples))
        yield from _near_duplicates(examples, nearest)
        yield from _confusable(language, examples, nearest)


def _thin(language: str, examples: Sequence[Example]) -> Iterator[Problem]:
    counts = Counter(example.intent for example in examples)
    firsts = {example.intent: example for example in reversed(examples)}
    for intent, count in sorted(counts.items()):
        if count < FEW:
            what = f"the intent '{intent}' has {count} examples in {language}"
            mend = f"Write at least {FEW}, as different as customers are; 40 are better."
            yield Problem(firsts[intent].file, firsts[intent].line, what, mend)


def _nearest(examples: Sequence[Example]) -> Iterator[tuple[int, float]]:
    """Which other sentence each is most like, and how much."""
    if len(examples) < 2:
        return
    words: Any = TfidfVectorizer(analyzer="char_wb", ngram_range=(3, 5), sublinear_tf=True)
    rows = words.fit_transform([" ".join(_WORD.findall(example.text)) for example in examples])
    rows = rows.astype(np.float32)
    for begin in range(0, len(examples), _AT_ONCE):
        likeness = (rows[begin : begin + _AT_ONCE] @ rows.T).toarray()
        for at, row in enumerate(likeness, begin):
            row[at] = -1.0
            best = int(row.argmax())
            yield best, float(row[best])


def _near_duplicates(examples: Sequence[Example], nearest: Sequence[tuple[int, float]]) -> Iterator[Problem]:
    """Each pair once, under the one that comes later."""
    told: set[tuple[int, int]] = set()
    for at, (other, likeness) in enumerate(nearest):
        pair = (min(at, other), max(at, other))
        if likeness < NEARLY or pair in told:
            continue
        told.add(pair)
        first, later = examples[pair[0]], examples[pair[1]]
        if min(len(first.text.split()), len(later.text.split())) < SHORT:
            continue
        what = f"{later.text!r} is nearly {first.text!r} ({first.file}:{first.line})"
        if first.intent == later.intent:
            yield Problem(later.file, later.line, what, "One of them is enough: what differs teaches.")
        else:
            what = f"{what}, which stands under {first.intent}"
            yield Problem(later.file, later.line, what, "See which of the two intents they mean.")


def _confusable(
    language: str, examples: Sequence[Example], nearest: Sequence[tuple[int, float]]
) -> Iterator[Problem]:
    counts = Counter(example.intent for example in examples)
    pairs: dict[tuple[str, str], list[Example]] = {}
    for at, (other, _) in enumerate(nearest):
        meant, like = examples[at].intent, examples[other].intent
        if meant != like:
            pairs.setdefault((meant, like), []).append(examples[at])
    shares = {pair: len(of) / counts[pair[0]] for pair, of in pairs.items() if counts[pair[0]] >= FEW}
    for (meant, like), share in sorted(shares.items(), key=lambda each: -each[1])[:MOST_PAIRS]:
        if share < ALIKE:
            continue
        of = pairs[meant, like]
        what = (
            f"{len(of)} of {counts[meant]} examples of '{meant}' in {language} are most like one of '{like}'"
            f", as {of[0].text!r}"
        )
        yield Problem(of[0].file, of[0].line, what, "Say in both what tells them apart, or make them one.")
