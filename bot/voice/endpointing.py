"""When a caller has finished: how long a pause ends a turn, and what counts as speaking at all. Pure.

The pause is what callers notice most: too short cuts them off, too long makes the line feel dead. It depends
on what was asked, and on whether the last word promises more.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.voice.events import Asked, Listening


def _sets(**of: str) -> dict[str, frozenset[str]]:
    return {language: frozenset(written.split()) for language, written in of.items()}


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

_GOES_ON = _sets(
    nl="en of maar want omdat dus met van de het een mijn in op bij naar dat die als ik euh eh uh ehm",
    fr="et ou mais car parce que donc avec de du la le les un une mon ma dans sur chez qui si je euh heu",
    en="and or but because so with of the a an my in on at to that which if i uh um er erm",
)
"""After these people go on."""
_MURMURED = _sets(
    nl="hm hmm mm mhm aha ah oh eh euh uh ehm ach tja ja jaja oké ok",
    fr="hm hmm mm mhm ah oh eh euh heu ben bah oui ouais ok d'accord",
    en="hm hmm mm mhm uh-huh ah oh uh um er erm yeah yes right ok okay",
)
"""What people murmur while they listen; it is no attempt to speak."""
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
    return seconds * UNFINISHED if said[-1] in _GOES_ON.get(language, frozenset()) else seconds


def interrupts(text: str, language: str, answers: Sequence[str]) -> bool:
    """Whether this much speech means that the caller wants the voice to stop.

    One of the offered answers does, however short; else it takes some words that are not murmured.
    """
    said = words(text)
    if said and said in map(words, answers):
        return True
    murmured = _MURMURED.get(language, frozenset())
    return sum(word not in murmured for word in said) >= KEPT_SPEAKING
