"""Days with the time of day that is said beside them: "gisteren om 16u", "at 4 pm on Monday"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from nlu.finders.clock import NOON, Clock, find_clocks
from nlu.finders.dates import Now, find_dates
from nlu.lookup import Found, Token
from nlu.patterns import either

_LINKS = either("om,rond,tegen,omstreeks,vanaf,na,voor,a,vers,apres,at,around,about,on,op,le")
_BETWEEN = re.compile(rf" ?,? ?(?:{_LINKS}(?: de| the)? )?")
"""What may stand between a day and its time."""
_FAR = 20
"""Characters between the two; no words of `_BETWEEN` are longer."""
_LATE = re.compile(r"(?:namiddag|avond|apres.midi|soir|afternoon|evening)$")
_EARLY = re.compile(r"(?:ochtend|morgen|voormiddag|nacht|matin|nuit|morning)$")


def find_moments(folded: str, tokens: list[Token], language: str, now: Now) -> Iterator[Found]:
    """Every day of a folded text, given its words; with the hour and minute where a time belongs to it."""
    days = find_dates(folded, tokens, language, now)
    yield from days
    if days:
        for clock in find_clocks(folded, language, after_day=True):
            for day in days:
                moment = _together(folded, day, clock)
                if moment is not None:
                    yield moment


def find_times(folded: str, language: str) -> Iterator[Found]:
    """Every time of the clock, with its value as `HH:MM`."""
    for clock in find_clocks(folded, language):
        yield Found("time", clock.written(), clock.start, clock.end)


def _together(folded: str, day: Found, clock: Clock) -> Found | None:
    """A day and a time as one moment, where nothing parts them."""
    first, last = min(day.end, clock.end), max(day.start, clock.start)
    if not 0 <= last - first <= _FAR or len(day.value) > len("2026-03-18"):
        return None
    start, end = min(day.start, clock.start), max(day.end, clock.end)
    if not _BETWEEN.fullmatch(folded, first, last):
        return None
    shown = folded[day.start : day.end]
    if _LATE.search(shown):
        clock = clock.later()
    elif _EARLY.search(shown) and not clock.sure and clock.minutes >= NOON:
        clock = replace(clock, minutes=clock.minutes - NOON)
    return replace(day, value=f"{day.value}T{clock.written()}", start=start, end=end)
