"""Days that customers mention: "sinds gisteren", "il y a deux jours", "last Monday", 12/11, 3 mei.

Tables of words for nl, fr and en and a few bounded patterns, not a date library: those take milliseconds for
every message. Values are ISO dates (with the hour and minute where a text speaks of hours or minutes).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from nlu.lookup import Found, Phrases, Token

Now = Callable[[], datetime]

_DAYS: Mapping[str, Mapping[str, int]] = {
    "nl": {
        "vandaag": 0, "vanmorgen": 0, "vanochtend": 0, "vanmiddag": 0, "vannamiddag": 0, "vanavond": 0,
        "vannacht": 0, "deze morgen": 0, "deze ochtend": 0, "deze middag": 0, "deze namiddag": 0, "daarnet": 0,
        "zonet": 0, "daarstraks": 0, "gisteren": -1, "gister": -1, "gisteravond": -1, "gisterenavond": -1,
        "gisterochtend": -1, "gisterenochtend": -1, "gistermorgen": -1, "gisterenmorgen": -1, "gistermiddag": -1,
        "gisterennamiddag": -1, "gisternamiddag": -1, "eergisteren": -2, "morgen": 1, "morgenvroeg": 1,
        "morgenochtend": 1, "overmorgen": 2, "vorige week": -7, "verleden week": -7, "afgelopen week": -7,
        "volgende week": 7, "vorige maand": -30, "verleden maand": -30, "goede morgen": 99, "goeie morgen": 99,
    },
    "fr": {
        "aujourd'hui": 0, "ce matin": 0, "ce midi": 0, "cet apres midi": 0, "cette apres midi": 0, "ce soir": 0,
        "cette nuit": 0, "tantot": 0, "hier": -1, "hier soir": -1, "hier matin": -1, "hier apres midi": -1,
        "avant hier": -2, "demain": 1, "demain matin": 1, "apres demain": 2, "la semaine passee": -7,
        "la semaine derniere": -7, "semaine passee": -7, "semaine derniere": -7, "la semaine prochaine": 7,
        "semaine prochaine": 7, "le mois passe": -30, "le mois dernier": -30,
    },
    "en": {
        "today": 0, "this morning": 0, "this afternoon": 0, "this evening": 0, "tonight": 0, "just now": 0,
        "yesterday": -1, "yesterday morning": -1, "yesterday evening": -1, "last night": -1, "tomorrow": 1,
        "tomorrow morning": 1, "day before yesterday": -2, "the day before yesterday": -2,
        "day after tomorrow": 2, "the day after tomorrow": 2, "last week": -7, "next week": 7, "last month": -30,
    },
}  # fmt: skip
_NOTHING = 99
_WEEKDAYS: Mapping[str, tuple[str, ...]] = {
    "nl": ("maandag", "dinsdag", "woensdag", "donderdag", "vrijdag", "zaterdag", "zondag"),
    "fr": ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"),
    "en": ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"),
}
_FUTURE = frozenset(
    "volgende komende tegen voor aanstaande next coming by until tot prochain prochaine pour avant".split()
)
_MONTHS: Mapping[str, tuple[str, ...]] = {
    "nl": tuple("januari februari maart april mei juni juli augustus september oktober november december".split()),
    "fr": tuple("janvier fevrier mars avril mai juin juillet aout septembre octobre novembre decembre".split()),
    "en": tuple("january february march april may june july august september october november december".split()),
}
NUMBERS: Mapping[str, tuple[str, ...]] = {
    "nl": tuple("een twee drie vier vijf zes zeven acht negen tien elf twaalf".split()),
    "fr": tuple("un deux trois quatre cinq six sept huit neuf dix onze douze".split()),
    "en": tuple("one two three four five six seven eight nine ten eleven twelve".split()),
}
"""One to twelve in words."""
_EXTRA_NUMBERS: Mapping[str, Mapping[str, int]] = {
    "nl": {"'n": 1, "n": 1, "paar": 2},
    "fr": {"une": 1, "quelques": 3},
    "en": {"a": 1, "an": 1, "few": 3, "couple": 2},
}
_UNITS: Mapping[str, Mapping[str, float]] = {
    "nl": {"minuut": 0, "minuten": 0, "min": 0, "uur": 0.5, "uren": 0.5, "dag": 1, "dagen": 1, "week": 7,
           "weken": 7, "maand": 30, "maanden": 30},
    "fr": {"minute": 0, "minutes": 0, "min": 0, "heure": 0.5, "heures": 0.5, "jour": 1, "jours": 1, "semaine": 7,
           "semaines": 7, "mois": 30},
    "en": {"minute": 0, "minutes": 0, "min": 0, "hour": 0.5, "hours": 0.5, "day": 1, "days": 1, "week": 7,
           "weeks": 7, "month": 30, "months": 30},
}  # fmt: skip
_BEFORE = {"nl": frozenset({"sinds", "sedert", "al"}), "fr": frozenset({"depuis", "a"}), "en": frozenset({"for", "past", "last"})}
_AFTER = {"nl": frozenset({"geleden", "lang"}), "fr": frozenset[str](), "en": frozenset({"ago"})}

_NUMERIC = re.compile(r"(?<![\w/.-])(?:(\d{4})-(\d{1,2})-(\d{1,2})|(\d{1,2})([/.-])(\d{1,2})(?:\5(\d{4}|\d{2}))?)(?![\w/-]|\.\d)")
_DAY_OF_MONTH = re.compile(r"(\d{1,2})(?:e|er|ste|de|st|nd|rd|th)?")


@dataclass(frozen=True, slots=True)
class _Words:
    """One language's tables, ready to be looked up."""

    days: Phrases
    weekdays: Mapping[str, int]
    months: Mapping[str, int]
    numbers: Mapping[str, int]
    units: Mapping[str, float]
    before: frozenset[str]
    after: frozenset[str]


def _words(language: str) -> _Words:
    numbers = {word: at + 1 for at, word in enumerate(NUMBERS[language])}
    months = {name: at + 1 for at, name in enumerate(_MONTHS[language])}
    return _Words(
        days=Phrases((wording, "date", str(shift)) for wording, shift in _DAYS[language].items()),
        weekdays={name: at for at, name in enumerate(_WEEKDAYS[language])},
        months=months | {name[:3]: month for name, month in months.items() if len(name) > 4 and name[:3] != "jui"},
        numbers=numbers | dict(_EXTRA_NUMBERS[language]),
        units=_UNITS[language],
        before=_BEFORE[language],
        after=_AFTER[language],
    )


_LANGUAGES: dict[str, _Words] = {language: _words(language) for language in _DAYS}


def find_dates(folded: str, tokens: list[Token], language: str, now: Now) -> list[Found]:
    """Every day that a folded text mentions, given its words."""
    found: list[Found] = []
    words = _LANGUAGES.get(language)
    today: datetime | None = None
    if words is not None:
        for hit in words.days.find(folded, tokens):
            if int(hit.value) != _NOTHING:
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
    if before in _FUTURE or after in _FUTURE:
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
    if unit >= 1:
        value = (now.date() - timedelta(days=unit * amount)).isoformat()
    else:
        span = timedelta(hours=amount) if unit else timedelta(minutes=amount)
        value = (now - span).replace(tzinfo=None).isoformat(timespec="minutes")
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
        if last + 1 < len(tokens) and re.fullmatch(r"20\d\d", tokens[last + 1].text):
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
    """An ISO date; without a year the one that lies nearest to today."""
    years = [year] if year else [today.year - 1, today.year, today.year + 1]
    days: list[date] = []
    for candidate in years:
        try:
            days.append(date(candidate, month, day))
        except ValueError:
            continue
    return min(days, key=lambda found: abs((found - today).days)).isoformat() if days else None
