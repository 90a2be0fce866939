"""When a caller has finished: how long a pause ends a turn, and what counts as speaking at all. Pure.

The pause is what callers notice most: too short cuts them off, too long makes the line feel dead. It depends
on what was asked, and on whether the last word promises more.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.voice.events import Asked, Listening
from bot.voice.words import words as words_of

PAUSES: dict[Listening, float] = {
    Listening.YES_NO: 0.45,
    Listening.CHOICE: 0.6,
    Listening.OPEN: 0.9,
    Listening.DIGITS: 1.4,
    Listening.LONG: 2.2,
}
"""Seconds without a new word after which a turn is over."""

KNOWN_ANSWER = 0.3
"""Seconds after one of the answers that were offered, word for word."""
UNFINISHED = 1.8
"""By how much a pause is longer after a word that promises more."""
KEPT_SPEAKING = 2
"""Words that stop the voice; fewer are a cough, an "hm" or a "yes, yes" while listening."""

_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")


def words(text: str) -> list[str]:
    """The words of recognised speech, in lower case; what was not recognised ("[unk]") is none."""
    return _WORD.findall(text.lower().replace("[unk]", " "))


def pause(asked: Asked, text: str, language: str) -> float:
    """Seconds without a new word after which `text` is all that the caller says."""
    said = words(text)
    if not said:
        return PAUSES[asked.listening]
    if asked.listening is not Listening.LONG and said in map(words, asked.answers):
        return KNOWN_ANSWER
    seconds = PAUSES[asked.listening]
    return seconds * UNFINISHED if said[-1] in words_of(language).goes_on else seconds


def interrupts(text: str, language: str, answers: Sequence[str]) -> bool:
    """Whether this much speech means that the caller wants the voice to stop.

    One of the offered answers does, however short; else it takes some words that are not murmured.
    """
    said = words(text)
    if said and said in map(words, answers):
        return True
    murmured = words_of(language).murmured
    return sum(word not in murmured for word in said) >= KEPT_SPEAKING
