"""Moments and spans in words, in three languages and in the helpdesk's own time. Not for machines: those get
ISO 8601 or epoch seconds.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, tzinfo
from math import ceil

MONTHS = {
    "nl": [
        "januari",
        "februari",
        "maart",
        "april",
        "mei",
        "juni",
        "juli",
        "augustus",
        "september",
        "oktober",
        "november",
        "december",
    ],
    "fr": [
        "janvier",
        "février",
        "mars",
        "avril",
        "mai",
        "juin",
        "juillet",
        "août",
        "septembre",
        "octobre",
        "novembre",
        "décembre",
    ],
    "en": [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ],
}
DAYS = {
    "nl": ["maandag", "dinsdag", "woensdag", "donderdag", "vrijdag", "zaterdag", "zondag"],
    "fr": ["lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"],
    "en": ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"],
}
SHORT_MONTHS = {
    "nl": ["jan", "feb", "mrt", "apr", "mei", "jun", "jul", "aug", "sep", "okt", "nov", "dec"],
    "fr": ["janv.", "févr.", "mars", "avr.", "mai", "juin", "juil.", "août", "sept.", "oct.", "nov.", "déc."],
    "en": ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"],
}
_AT = {"nl": "om", "fr": "à", "en": "at"}
_NEAR = {"nl": ("vandaag", "gisteren", "morgen"), "fr": ("aujourd’hui", "hier", "demain"),
         "en": ("today", "yesterday", "tomorrow")}  # fmt: skip
_UNITS = {
    "nl": {"now": "nu", "m": "{} min", "h": "{} u", "d": "{} d"},
    "fr": {"now": "à l’instant", "m": "{} min", "h": "{} h", "d": "{} j"},
    "en": {"now": "now", "m": "{} min", "h": "{} h", "d": "{} d"},
}

_WORDS = {
    "nl": (("seconde", "seconden"), ("minuut", "minuten")),
    "fr": (("seconde", "secondes"), ("minute", "minutes")),
    "en": (("second", "seconds"), ("minute", "minutes")),
}


def moment(at: float, zone: tzinfo) -> datetime:
    """A stored time in the helpdesk's zone."""
    return datetime.fromtimestamp(at, UTC).astimezone(zone)


def iso(at: float, zone: tzinfo) -> str:
    """For `<time datetime>`."""
    return moment(at, zone).isoformat(timespec="seconds")


def clock(at: float, zone: tzinfo) -> str:
    """14:05."""
    return moment(at, zone).strftime("%H:%M")


def day(value: date, language: str) -> str:
    """12 november 2026."""
    return f"{value.day} {MONTHS[language][value.month - 1]} {value.year}"


def short_day(value: date, language: str, *, year: bool = True) -> str:
    """12 nov 2026, or 12 nov."""
    return f"{value.day} {SHORT_MONTHS[language][value.month - 1]}" + (f" {value.year}" if year else "")


def long_day(value: date, language: str) -> str:
    """donderdag 12 november."""
    return f"{DAYS[language][value.weekday()]} {value.day} {MONTHS[language][value.month - 1]}"


def short(at: float, now: float, zone: tzinfo, language: str) -> str:
    """The clock today, otherwise the day too: 14:05, gisteren 14:05, 3 november 14:05."""
    then, today = moment(at, zone), moment(now, zone).date()
    near = _near(then.date(), today, language)
    if near is not None:
        return clock(at, zone) if then.date() == today else f"{near} {clock(at, zone)}"
    year = f" {then.year}" if then.year != today.year else ""
    return f"{then.day} {MONTHS[language][then.month - 1]}{year} {clock(at, zone)}"


def full(at: float, now: float, zone: tzinfo, language: str) -> str:
    """As in a sentence: vandaag om 14:05, donderdag 12 november om 14:05."""
    then, today = moment(at, zone), moment(now, zone).date()
    near = _near(then.date(), today, language)
    return f"{near or long_day(then.date(), language)} {_AT[language]} {clock(at, zone)}"


def _near(then: date, today: date, language: str) -> str | None:
    names = _NEAR[language]
    return {0: names[0], -1: names[1], 1: names[2]}.get((then - today).days)


def span(seconds: float, language: str) -> str:
    """How long: nu, 5 min, 3 u, 2 d."""
    units, minutes = _UNITS[language], int(abs(seconds) // 60)
    if minutes < 1:
        return units["now"]
    if minutes < 60:
        return units["m"].format(minutes)
    hours, rest = divmod(minutes, 60)
    if hours < 24:
        return units["h"].format(hours) + (f" {units['m'].format(rest)}" if rest and hours < 4 else "")
    return units["d"].format(hours // 24)


def wait(seconds: float, language: str) -> str:
    """How long to wait, written out and rounded up: 8 seconden, 1 minuut, 15 minuten."""
    whole = max(1, ceil(seconds))
    number, unit = (whole, 0) if whole < 60 else (ceil(whole / 60), 1)
    one, more = _WORDS[language][unit]
    return f"{number} {one if number == 1 else more}"
