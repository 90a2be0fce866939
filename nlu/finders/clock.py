"""Times of the clock: "14u30", "half drie", "neuf heures et quart", "a quarter to eleven", "4 pm".

One bounded pattern a language. An hour from one to six without more is taken for the afternoon: people who
write to a helpdesk are at work. "Twee uur" may also be how long something takes, so it is only a time after a
word such as "om", or where the message begins.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from nlu.finders.context import words
from nlu.finders.number_words import AND, SMALL
from nlu.patterns import either

_HOURS: Mapping[str, Mapping[str, int]] = {
    code: {word: value for word, value in words.items() if 0 < value <= 24} for code, words in SMALL.items()
}


def _hours(language: str) -> str:
    return rf"(?:\d{{1,2}}|{either(','.join(_HOURS[language]))}|{_TWENTIES[language]})"


_TWENTIES = {
    "nl": "vier ?en ?twintig",
    "fr": "vingt[ -](?:et[ -]une|deux|trois)|dix[ -](?:sept|huit|neuf)",
    "en": "twenty",
}
_TWO = {
    "vingt et une": 21,
    "vingt deux": 22,
    "vingt trois": 23,
    "dix sept": 17,
    "dix huit": 18,
    "dix neuf": 19,
}
NOON = 720
"""Minutes since midnight."""

_EDGE, _END = r"(?<![\w:.,/-])", r"(?![\w:/-]|[.,]\d)"
_MINUTES = "vijf,tien,twintig,kwart,een kwart,cinq,dix,vingt,five,ten,twenty,quarter,a quarter"
_MINUTE_WORDS = {
    "vijf": 5, "cinq": 5, "five": 5, "tien": 10, "dix": 10, "ten": 10, "twintig": 20, "vingt": 20,
    "twenty": 20, "kwart": 15, "quart": 15, "quarter": 15, "demie": 30, "demi": 30, "trente": 30,
    "dertig": 30, "thirty": 30,
    "vingt cinq": 25, "quarante cinq": 45, "vijfenveertig": 45, "forty five": 45,
}  # fmt: skip
_SHIFT = rf"(?P<shift>\d{{1,2}}|{either(_MINUTES)})"
_LASTING = either("minuten,min,mensen,keer")
_PATTERNS: Mapping[str, re.Pattern[str]] = {
    "nl": re.compile(
        rf"{_EDGE}(?:(?:{_SHIFT} (?P<way>voor|over) )?(?P<half>half )?(?P<spoken>{_hours('nl')})"
        rf"(?P<unit> ?uur| ?u\b)?(?: ?(?P<after>\d\d|dertig|vijfenveertig|kwart)(?! ?{_LASTING}))?"
        r"|(?P<hour>\d{1,2})(?P<mark>[:.u])(?P<minute>\d\d)(?P<bare> ?(?:uur|u)\b)?"
        rf"|(?P<noon>middernacht)){_END}"
    ),
    "fr": re.compile(
        rf"{_EDGE}(?:(?P<spoken>{_hours('fr')}) ?(?P<unit>heures?|h\b)"
        r"(?: (?:et (?=quart|demie?))?"
        r"(?P<after>quart|demie?|trente|quarante cinq|vingt cinq|vingt|dix|cinq|\d\d)"
        r"| moins (?P<shift>(?:le )?quart|dix|cinq|vingt|\d{1,2}))?"
        r"|(?P<hour>\d{1,2})(?P<mark>[:h])(?P<minute>\d\d)(?P<bare>)"
        rf"|(?P<noon>midi et demie?|midi|minuit)){_END}"
    ),
    "en": re.compile(
        rf"{_EDGE}(?:(?:{_SHIFT} (?P<way>to|past) |(?P<half>half (?:past )?))?(?P<spoken>{_hours('en')})"
        r"(?: (?P<after>thirty|fifteen|forty five))?(?P<unit> ?o'?clock)?(?P<day> ?(?:[ap]m\b|[ap]\.m\.?))?"
        r"|(?P<hour>\d{1,2})(?P<mark>[:.])(?P<minute>\d\d)(?P<bare> ?(?:[ap]m\b|[ap]\.m\.?))?"
        rf"|(?P<noon>noon|midnight)){_END}"
    ),
}
_NAMED_TIMES = {
    "middernacht": 0,
    "minuit": 0,
    "midnight": 0,
    "midi": NOON,
    "noon": NOON,
    "midi et demi": 750,
    "midi et demie": 750,
}
_BEFORE = {
    "nl": words("om na voor vanaf tegen tot rond omstreeks tussen liever dan op sinds"),
    "fr": words("a vers apres avant des entre plutot que"),
    "en": words("at around about after before by from until till between rather than"),
}
"""Words after which an hour is one of the clock, and not how long something takes."""
_WORD = re.compile(r"(\w+)\W*$")
_TRIGGERS = re.compile(
    r"\d|\b(?:uur|half|kwart|heures?|midi|minuit|middernacht|noon|midnight|past|to|over|voor|quarter|o'?clock|at)\b"
)


@dataclass(frozen=True, slots=True)
class Clock:
    """A time in a text: its minutes since midnight, and whether the text says which half of the day."""

    start: int
    end: int
    minutes: int
    sure: bool

    def written(self) -> str:
        """`HH:MM`."""
        return f"{self.minutes // 60:02d}:{self.minutes % 60:02d}"

    def later(self) -> Clock:
        """The same time after noon."""
        if self.sure or self.minutes >= NOON:
            return self
        return Clock(self.start, self.end, self.minutes + NOON, True)


def find_clocks(folded: str, language: str, after_day: bool = False) -> Iterator[Clock]:
    """Every time of the clock in a folded text; `after_day` takes "thursday at ten" for one too."""
    pattern = _PATTERNS.get(language)
    if pattern is None or not _TRIGGERS.search(folded):
        return
    last = -1
    for match in pattern.finditer(folded):
        clock = _read(match, language, folded, after_day, match.start() == 0, last)
        if clock is not None:
            last = clock.end
            yield clock


def _read(
    match: re.Match[str], language: str, folded: str, after_day: bool, first: bool, last: int
) -> Clock | None:
    groups = match.groupdict()
    if groups["noon"]:
        return Clock(match.start(), match.end(), _NAMED_TIMES[groups["noon"]], True)
    if groups["minute"]:
        return _written(match, groups)
    hour = _value(groups["spoken"], language)
    if hour is None or hour > 23:  # "24h" is how long a day is
        return None
    lead = _lead(folded, match.start())
    led = lead in _BEFORE[language] or first or (lead == AND[language] and 0 <= last >= match.start() - 5)
    shift, half, unit, day = (groups.get(name) for name in ("shift", "half", "unit", "day"))
    # "ten to one" are odds, where no word for a time stands before them
    exact = shift and (groups.get("way") != "to" or "quarter" in shift or (led and not first))
    clear = bool(exact or half or day or (unit and groups["after"]) or (unit or "").strip() in _SHORT_UNITS)
    if not clear and not (led and (unit or (after_day and language == "en" and lead == "at"))):
        return None
    if groups["spoken"] in _ONES and not clear and lead not in _AT_ONE:
        return None
    minutes = 60 * (hour % 24)
    if half:
        minutes += 30 if "past" in half or language == "en" else -30
    if groups["after"]:
        minutes += _minutes(groups["after"])
    if shift:
        back = groups.get("way") in ("voor", "to") or language == "fr"
        minutes += -_minutes(shift) if back else _minutes(shift)
    early = (unit or "").strip() in ("u", "h") and groups["spoken"].startswith("0")
    return _settled(match.start(), match.end(), minutes % 1440, day, early)


_ONES = ("een", "une", "one", "1")
_AT_ONE = words("om rond tegen liever vanaf tot a vers plutot at around until")
"""Words after which "een uur" is a time; after others it is how long something takes."""
_SHORT_UNITS = ("u", "h", "oclock", "o'clock")


def _written(match: re.Match[str], groups: Mapping[str, str | None]) -> Clock | None:
    """`14:30`, `8.15 u`, `14u30`; a full stop is only one between hours where a unit follows."""
    hour, minute = int(groups["hour"] or 0), int(groups["minute"] or 0)
    if hour > 23 or minute > 59 or (groups["mark"] == "." and not groups["bare"]):
        return None
    day = groups["bare"] if groups["bare"] and "m" in groups["bare"] else None
    return _settled(
        match.start(), match.end(), 60 * hour + minute, day, (groups["hour"] or "").startswith("0")
    )


def _settled(start: int, end: int, minutes: int, day: str | None, exact: bool) -> Clock:
    if day:
        morning = "a" in day
        minutes = minutes % NOON + (0 if morning else NOON)
        return Clock(start, end, minutes, True)
    if exact or minutes >= NOON:
        return Clock(start, end, minutes, True)
    return Clock(start, end, minutes + NOON if 0 < minutes < 420 else minutes, False)


def _lead(folded: str, at: int) -> str:
    match = _WORD.search(folded[max(0, at - 16) : at])
    return match.group(1) if match else ""


def _value(word: str, language: str) -> int | None:
    if word.isdecimal():
        return int(word)
    return _HOURS[language].get(word, _TWO.get(word.replace("-", " "), 24 if "twintig" in word else None))


def _minutes(word: str) -> int:
    word = word.removeprefix("le ").removeprefix("een ").removeprefix("a ")
    return int(word) if word.isdecimal() else _MINUTE_WORDS.get(word, 15 if word == "fifteen" else 0)
