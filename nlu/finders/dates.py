"""Days that customers mention: "sinds gisteren", "il y a deux jours", "last Monday", 12/11, 3 mei.

Tables of words for nl, fr and en and a few bounded patterns, not a date library: those take milliseconds for
every message. Values are ISO dates (with the hour and minute where a text speaks of hours or minutes).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from nlu.finders import date_words as table
from nlu.finders.number_words import SMALL
from nlu.lookup import Found, Phrases, Token

Now = Callable[[], datetime]

_NUMERIC = re.compile(
    r"(?<![\w/.-])(?:(\d{4})-(\d{1,2})-(\d{1,2})|(\d{1,2})([/.-])(\d{1,2})(?:\5(\d{4}|\d{2}))?)(?![\w/-]|\.\d)"
)
_DAY_OF_MONTH = re.compile(r"(\d{1,2})(?:e|er|ste|de|st|nd|rd|th)?")
_HALVES, _ARTICLES = frozenset({"half", "demi"}), frozenset({"een", "un", "une", "a"})
_QUARTERS = (["quart", "d"], ["quarter", "of", "an"])
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
    beside: tuple[frozenset[str], frozenset[str]]
    periods: Mapping[str, int]
    ordinals: Mapping[str, int]


def _words(language: str) -> _Words:
    months = {name: at + 1 for at, name in enumerate(table.MONTHS[language])}
    return _Words(
        days=Phrases((wording, "date", str(shift)) for wording, shift in table.DAYS[language].items()),
        weekdays={name: at for at, name in enumerate(table.WEEKDAYS[language])} | _dutch_parts(language),
        months=months
        | {name[:3]: month for name, month in months.items() if len(name) > 5 and name[:3] != "jui"},
        numbers={**SMALL[language], **table.AMOUNTS[language]},
        units=table.UNITS[language],
        before=table.BEFORE[language],
        after=table.AFTER[language],
        beside=table.BESIDE[language],
        periods=table.PERIODS[language],
        ordinals=table.ORDINALS[language],
    )


def _dutch_parts(language: str) -> dict[str, int]:
    """Days with their part in one word: "maandagochtend"."""
    if language != "nl":
        return {}
    parts = table.BESIDE["nl"][1]
    return {name + part: at for at, name in enumerate(table.WEEKDAYS["nl"]) for part in parts}


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
                day = _shifted(today.date(), int(hit.value))
                found.append(Found("date", day.isoformat(), hit.start, hit.end))
        for at, token in enumerate(tokens):
            if token.text in words.weekdays and not (at and tokens[at - 1].text in table.CALLED):
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


def _shifted(today: date, shift: int) -> date:
    if shift == table.WEEKEND:
        return today - timedelta(days=(today.weekday() - 5 - 1) % 7 + 1)
    return today + timedelta(days=shift)


def _weekday(tokens: list[Token], at: int, words: _Words, today: date) -> Found:
    first, last = at, at
    before, after = words.beside
    if at and tokens[at - 1].text in before:
        first = at - 1
    if at + 1 < len(tokens) and tokens[at + 1].text in after:
        last = at + 1
        if tokens[last].text == "apres":  # "lundi après" is no part of a day, "lundi après-midi" is
            last = at + 2 if at + 2 < len(tokens) and tokens[at + 2].text == "midi" else at
    near = {tokens[place].text for place in (at - 1, at + 1) if 0 <= place < len(tokens)}
    wanted = words.weekdays[tokens[at].text]
    coming = not table.FUTURE.isdisjoint(near) or (
        table.PAST.isdisjoint(near) and any(token.text in table.MEETING for token in tokens)
    )
    if coming:
        day = today + timedelta(days=(wanted - today.weekday() - 1) % 7 + 1)
    else:
        day = today - timedelta(days=(today.weekday() - wanted - 1) % 7 + 1)
    return Found("date", day.isoformat(), tokens[first].start, tokens[last].end)


def _ago(tokens: list[Token], at: int, words: _Words, now: datetime) -> Iterator[Found]:
    """`2 dagen geleden`, `il y a trois jours`, `half an hour ago`: the unit stands at `at`."""
    amount, first = _amount(tokens, at, words)
    if amount is None:
        return
    last = at
    lead = [tokens[place].text for place in range(max(0, first - 2), first)]
    if at + 1 < len(tokens) and tokens[at + 1].text in words.after:
        last = at + 1
    elif words.before.isdisjoint(lead):
        return
    if lead[-2:] == ["y", "a"]:
        first -= 3 if first >= 3 and tokens[first - 3].text == "il" else 2
    unit = words.units[tokens[at].text]
    if unit <= 0:
        span = timedelta(minutes=amount * table.IN_MINUTES[unit])
        value = (now - span).replace(tzinfo=None).isoformat(timespec="minutes")
    else:
        value = (now.date() - timedelta(days=unit * amount)).isoformat()
    yield Found("date", value, tokens[first].start, tokens[last].end)


def _amount(tokens: list[Token], at: int, words: _Words) -> tuple[float | None, int]:
    """How many of the unit at `at`, and the word with which that begins."""
    first = at - 1
    word = tokens[first].text
    said = [token.text for token in tokens[max(0, at - 4) : at]]
    for quarter in _QUARTERS:  # "un quart d'heure", "a quarter of an hour"
        if said[-len(quarter) :] == quarter:
            first = at - len(quarter)
            return 0.25, first - 1 if first and tokens[first - 1].text in _ARTICLES else first
    if word in _HALVES or (word == "an" and first and tokens[first - 1].text in _HALVES):
        first -= 0 if word in _HALVES else 1
        return 0.5, first - 1 if first and tokens[first - 1].text in _ARTICLES else first
    if word.isdecimal() and len(word) <= 3:
        return int(word), first
    return words.numbers.get(word), first


def _month(tokens: list[Token], at: int, words: _Words, today: date) -> Iterator[Found]:
    """`3 mei`, `begin mei`, `lundi 23 mars 2026`, `the third of May`: the month stands at `at`."""
    month = words.months[tokens[at].text]
    if at and tokens[at - 1].text in words.periods:
        value = _date(words.periods[tokens[at - 1].text], month, None, today)
        if value is not None:
            yield Found("date", value, tokens[at - 1].start, tokens[at].end)
        return
    for place in (at - 1, at - 2 if at >= 2 and tokens[at - 1].text == "of" else -1, at + 1):
        day, begin = _day_of_month(tokens, place, words, spelled=place < at)
        if day is None:
            continue
        first, last = min(begin, at), max(place, at)
        if first and tokens[first - 1].text in words.weekdays:
            first -= 1
        year: int | None = None
        if last + 1 < len(tokens) and _YEAR.fullmatch(tokens[last + 1].text):
            last += 1
            year = int(tokens[last].text)
        value = _date(day, month, year, today)
        if value is not None:
            yield Found("date", value, tokens[first].start, tokens[last].end)
            return


def _day_of_month(tokens: list[Token], place: int, words: _Words, *, spelled: bool) -> tuple[int | None, int]:
    """The day that a word says, alone or with the one before it ("vingt trois"), and where that begins."""
    if not 0 <= place < len(tokens):
        return None, place
    word = tokens[place].text
    match = _DAY_OF_MONTH.fullmatch(word)
    if match is not None:
        return int(match.group(1)), place
    if not spelled:
        return None, place
    last = words.ordinals.get(word, words.numbers.get(word))
    if last is None or word in table.ONES:
        return None, place
    ten = words.numbers.get(tokens[place - 1].text, 0) if place else 0
    return (ten + last, place - 1) if ten in (20, 30) and last < 10 else (last, place)


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
