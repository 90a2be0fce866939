"""Days that customers mention: "sinds gisteren", "il y a deux jours", "last Monday", 12/11, 3 mei.

Tables of words for nl, fr and en and a few bounded patterns, not a date library: those take milliseconds for
every message. Values are ISO dates (with the hour and minute where a text speaks of hours or minutes).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from nlu import date_words as table
from nlu.lookup import Found, Phrases, Token

Now = Callable[[], datetime]

_NUMERIC = re.compile(
    r"(?<![\w/.-])(?:(\d{4})-(\d{1,2})-(\d{1,2})|(\d{1,2})([/.-])(\d{1,2})(?:\5(\d{4}|\d{2}))?)(?![\w/-]|\.\d)"
)
_DAY_OF_MONTH = re.compile(r"(\d{1,2})(?:e|er|ste|de|st|nd|rd|th)?")
_SOON = timedelta(days=92)
_YEAR = re.compile(r"20\d\d")


@dataclass(frozen=True, slots=True)
class _Words:
    """One language's tables, ready to be looked up."""

    days: Phrases
    weekdays: Mapping[str, int]
    months: Mapping[str, int]
    numbers: Mapping[str, int]
    units: Mapping[str, int]
    before: frozenset[str]
    after: frozenset[str]


def _words(language: str) -> _Words:
    months = {name: at + 1 for at, name in enumerate(table.MONTHS[language])}
    return _Words(
        days=Phrases((wording, "date", str(shift)) for wording, shift in table.DAYS[language].items()),
        weekdays={name: at for at, name in enumerate(table.WEEKDAYS[language])},
        months=months
        | {name[:3]: month for name, month in months.items() if len(name) > 5 and name[:3] != "jui"},
        numbers={word: at + 1 for at, word in enumerate(table.NUMBERS[language])}
        | dict(table.AMOUNTS[language]),
        units=table.UNITS[language],
        before=table.BEFORE[language],
        after=table.AFTER[language],
    )


_LANGUAGES: dict[str, _Words] = {language: _words(language) for language in table.DAYS}


def find_dates(folded: str, tokens: list[Token], language: str, now: Now) -> list[Found]:
    """Every day that a folded text mentions, given its words."""
    found: list[Found] = []
    words = _LANGUAGES.get(language)
    today: datetime | None = None
    if words is not None:
        for hit in words.days.find(folded, tokens):
            if int(hit.value) != table.NOTHING:
                today = today or now()
                day = today.date() + timedelta(days=int(hit.value))
                found.append(Found("date", day.isoformat(), hit.start, hit.end))
        for at, token in enumerate(tokens):
            if token.text in words.weekdays:
                today = today or now()
                found.append(_weekday(tokens, at, words, today.date()))
            elif token.text in words.units and at > 0:
                today = today or now()
                found += _ago(tokens, at, words, today)
            elif token.text in words.months:
                today = today or now()
                found += _month(tokens, at, words, today.date())
    if any(mark in folded for mark in "/-."):
        found += _numeric(folded, now)
    return found


def _weekday(tokens: list[Token], at: int, words: _Words, today: date) -> Found:
    before = tokens[at - 1].text if at else ""
    after = tokens[at + 1].text if at + 1 < len(tokens) else ""
    wanted = words.weekdays[tokens[at].text]
    if before in table.FUTURE or after in table.FUTURE:
        day = today + timedelta(days=(wanted - today.weekday() - 1) % 7 + 1)
    else:
        day = today - timedelta(days=(today.weekday() - wanted - 1) % 7 + 1)
    return Found("date", day.isoformat(), tokens[at].start, tokens[at].end)


def _ago(tokens: list[Token], at: int, words: _Words, now: datetime) -> Iterator[Found]:
    """`2 dagen geleden`, `depuis trois jours`, `a week ago`: the unit stands at `at`."""
    first = at - 1
    amount = words.numbers.get(tokens[first].text)
    if amount is None and tokens[first].text.isdecimal() and len(tokens[first].text) <= 3:
        amount = int(tokens[first].text)
    if amount is None:
        return
    last = at
    lead = {tokens[place].text for place in range(max(0, first - 2), first)}
    if at + 1 < len(tokens) and tokens[at + 1].text in words.after:
        last = at + 1
    elif lead.isdisjoint(words.before):
        return
    unit = words.units[tokens[at].text]
    if unit in (table.HOURS, table.MINUTES):
        span = timedelta(hours=amount) if unit == table.HOURS else timedelta(minutes=amount)
        value = (now - span).replace(tzinfo=None).isoformat(timespec="minutes")
    else:
        value = (now.date() - timedelta(days=unit * amount)).isoformat()
    yield Found("date", value, tokens[first].start, tokens[last].end)


def _month(tokens: list[Token], at: int, words: _Words, today: date) -> Iterator[Found]:
    """`3 mei`, `le 1er avril 2026`, `May 3rd`: the month stands at `at`."""
    month = words.months[tokens[at].text]
    for place in (at - 1, at - 2 if at >= 2 and tokens[at - 1].text == "of" else -1, at + 1):
        if not 0 <= place < len(tokens):
            continue
        match = _DAY_OF_MONTH.fullmatch(tokens[place].text)
        if match is None:
            continue
        first, last = min(place, at), max(place, at)
        year: int | None = None
        if last + 1 < len(tokens) and _YEAR.fullmatch(tokens[last + 1].text):
            last += 1
            year = int(tokens[last].text)
        value = _date(int(match.group(1)), month, year, today)
        if value is not None:
            yield Found("date", value, tokens[first].start, tokens[last].end)
            return


def _numeric(folded: str, now: Now) -> Iterator[Found]:
    today: date | None = None
    for match in _NUMERIC.finditer(folded):
        year, month, day, other_day, mark, other_month, other_year = match.groups()
        if match.group() == "24/7" or (mark in ("-", ".") and not other_year):
            continue
        today = today or now().date()
        if year:
            value = _date(int(day), int(month), int(year), today)
        else:
            full = int(other_year) if other_year else None
            full = 2000 + full if full is not None and full < 100 else full
            value = _date(int(other_day), int(other_month), full, today)
        if value is not None:
            yield Found("date", value, match.start(), match.end())


def _date(day: int, month: int, year: int | None, today: date) -> str | None:
    """An ISO date; without a year the last one that is past or soon: people speak of what happened."""
    years = [year] if year else [today.year - 1, today.year, today.year + 1]
    days: list[date] = []
    for candidate in years:
        try:
            days.append(date(candidate, month, day))
        except ValueError:
            continue
    if not days:
        return None
    near = [found for found in days if found <= today + _SOON]
    return max(near).isoformat() if near else days[0].isoformat()
