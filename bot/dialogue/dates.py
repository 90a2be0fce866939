"""Days in words: an ISO date or moment as people say it. What a text means is `nlu.finders.dates`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

DAYS: Mapping[str, tuple[str, ...]] = {
    "nl": ("maandag", "dinsdag", "woensdag", "donderdag", "vrijdag", "zaterdag", "zondag"),
    "fr": ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"),
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
}
MONTHS: Mapping[str, tuple[str, ...]] = {
    "nl": (
        "januari", "februari", "maart", "april", "mei", "juni",
        "juli", "augustus", "september", "oktober", "november", "december",
    ),
    "fr": (
        "janvier", "février", "mars", "avril", "mai", "juin",
        "juillet", "août", "septembre", "octobre", "novembre", "décembre",
    ),
    "en": (
        "January", "February", "March", "April", "May", "June",
        "July", "August", "September", "October", "November", "December",
    ),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Words:
    """Days near today by their distance, and how a time follows a day."""

    near: Mapping[int, str]
    at: str


_WORDS: Mapping[str, _Words] = {
    "nl": _Words(
        {-2: "eergisteren", -1: "gisteren", 0: "vandaag", 1: "morgen", 2: "overmorgen"},
        "{day} om {hour}.{minute:02d} uur",
    ),
    "fr": _Words(
        {-2: "avant-hier", -1: "hier", 0: "aujourd'hui", 1: "demain", 2: "après-demain"},
        "{day} à {hour}h{minute:02d}",
    ),
    "en": _Words(
        {-1: "yesterday", 0: "today", 1: "tomorrow"},
        "{day}, {hour}:{minute:02d}",
    ),
}


def in_words(iso: str, language: str, today: str = "") -> str | None:
    """A date ("2026-11-16") or moment ("2026-11-16T14:00") in words; None for what is neither.

    `today`, where it is known, gives "yesterday" and leaves this year out.
    """
    try:
        moment = datetime.fromisoformat(iso)
        now = date.fromisoformat(today) if today else None
    except ValueError:
        return None
    words = _WORDS.get(language)
    if words is None:
        return None
    day = _day(moment.date(), language, words, now)
    timed = "T" in iso
    return words.at.format(day=day, hour=moment.hour, minute=moment.minute) if timed else day


def _day(day: date, language: str, words: _Words, today: date | None) -> str:
    if today is not None and (near := words.near.get((day - today).days)):
        return near
    name, month = DAYS[language][day.weekday()], MONTHS[language][day.month - 1]
    number = "1er" if language == "fr" and day.day == 1 else str(day.day)
    year = "" if today is not None and day.year == today.year else f" {day.year}"
    return f"{name} {number} {month}{year}"
