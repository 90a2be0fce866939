"""The period that figures are about: from day to day, in the helpdesk's own time. Pure but for its errors."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo

from bot.model.errors import Malformed

LONGEST = 732
"""Days of a period, at most: two years."""


@dataclass(frozen=True, slots=True)
class Period:
    """Both days belong to it."""

    first: date
    last: date

    def seconds(self, zone: tzinfo) -> tuple[float, float]:
        """From midnight to midnight there, the second excluded; a day may have 23 or 25 hours."""
        return _midnight(self.first, zone), _midnight(self.last + timedelta(days=1), zone)


def _midnight(day: date, zone: tzinfo) -> float:
    return datetime(day.year, day.month, day.day, tzinfo=zone).timestamp()


def shortcuts(today: date) -> Mapping[str, Period]:
    """The periods that are one press away."""
    month = today.replace(day=1)
    before = month - timedelta(days=1)
    return {
        "7": Period(today - timedelta(days=6), today),
        "30": Period(today - timedelta(days=29), today),
        "month": Period(month, today),
        "last_month": Period(before.replace(day=1), before),
    }


def usual(today: date) -> Period:
    """What is shown to who asks for nothing."""
    return shortcuts(today)["30"]


def period_of(since: str, until: str, today: date) -> Period:
    """The period that two days name; a day that is not given is as usual.

    Raises `Malformed`, whose text is the end of the key of what is said about it.
    """
    if not since and not until:
        return usual(today)
    last = _day(until) if until else today
    first = _day(since) if since else last - timedelta(days=29)
    if first > last:
        raise Malformed("order")
    if (last - first).days >= LONGEST:
        raise Malformed("long")
    return Period(first, last)


def _day(text: str) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise Malformed("day") from None
    if not 2000 <= day.year <= 2200:
        raise Malformed("day")
    return day
