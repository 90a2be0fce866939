"""When the helpdesk is open: opening hours, holidays, and time that counts only while it is. Pure.

Moments go in as aware datetimes and come out in UTC; the wall clock of the helpdesk's zone exists only here
and in the texts. What a deadline is made of is `handoff.sla`'s, where the hours come from `handoff.config`'s.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from itertools import pairwise
from zoneinfo import ZoneInfo

import holidays

from bot.model.errors import ConfigError
from handoff import calendar_words as words

BRUSSELS = ZoneInfo("Europe/Brussels")

ONE_DAY = timedelta(days=1)

MAX_DAYS = 3660
"""How far ahead an opening is looked for; a helpdesk that is closed for ten years has wrong hours."""

_SPAN = re.compile(r"(\d{1,2})[:.](\d{2})\s*[-\N{EN DASH}]\s*(\d{1,2})[:.](\d{2})")


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A stretch of one day, in minutes since midnight; `end` may be 24:00 (1440)."""

    start: int
    end: int

    def __post_init__(self) -> None:
        if not 0 <= self.start < self.end <= words.DAY:
            raise ValueError(f"{_clock(self.start)}-{_clock(self.end)} does not lie within one day")

    @classmethod
    def parse(cls, text: str) -> Span:
        """From `8:30-17:00`; raises `ValueError`."""
        found = _SPAN.fullmatch(text.strip())
        if not found:
            raise ValueError(f"'{text}' is not a stretch of hours like 8:30-17:00")
        hour, minute, to_hour, to_minute = map(int, found.groups())
        if minute > 59 or to_minute > 59:
            raise ValueError(f"'{text}' has more than 59 minutes")
        return cls(hour * 60 + minute, to_hour * 60 + to_minute)

    def __str__(self) -> str:
        return f"{_clock(self.start)}-{_clock(self.end)}"


def _clock(minutes: int) -> str:
    return f"{minutes // 60}:{minutes % 60:02d}"


@lru_cache(maxsize=64)
def _public_holidays(country: str, year: int) -> frozenset[date]:
    # A year at a time and frozen: the library's own object fills itself while it is asked, in any thread.
    return frozenset(holidays.country_holidays(country, years=year))


@dataclass(frozen=True, slots=True)
class ClosedDays:
    """Days without opening hours: public holidays, days of every year, and periods (both ends in)."""

    country: str = ""
    every_year: frozenset[tuple[int, int]] = frozenset()
    periods: tuple[tuple[date, date], ...] = ()

    def __contains__(self, day: date) -> bool:
        return (
            (day.month, day.day) in self.every_year
            or any(first <= day <= last for first, last in self.periods)
            or bool(self.country and day in _public_holidays(self.country, day.year))
        )


@dataclass(frozen=True, slots=True)
class Calendar:
    """Opening hours: `week` has the spans of Monday to Sunday."""

    week: tuple[tuple[Span, ...], ...]
    closed: ClosedDays = ClosedDays()
    zone: ZoneInfo = BRUSSELS

    def __post_init__(self) -> None:
        if len(self.week) != 7 or not any(self.week):
            raise ValueError("a week has seven days, and opening hours on one of them at least")
        for spans in self.week:
            for before, after in pairwise(spans):
                if after.start < before.end:
                    raise ValueError(f"{before} and {after} overlap or are not in order")

    # ── moments ───────────────────────────────────────────────────────────────────────────────────────────

    def is_open(self, at: datetime) -> bool:
        """Whether somebody is there. The moment of opening counts, that of closing does not."""
        at = _utc(at)
        return any(start <= at < end for start, end in self._open_on(self._day(at)))

    def next_opening(self, at: datetime) -> datetime:
        """The first moment from `at` on at which it is open: `at` itself when it is open then."""
        return next(self._stretches(at))[0]

    def add_business_time(self, at: datetime, amount: timedelta) -> datetime:
        """The moment when so much opening time has passed since `at`. It may be a moment of closing."""
        if amount < timedelta():
            raise ValueError("business time is only counted forward")
        for start, end in self._stretches(at):
            if amount <= end - start:
                return start + amount
            amount -= end - start
        raise AssertionError("the stretches never end")

    def business_time_between(self, since: datetime, until: datetime) -> timedelta:
        """How much opening time lies between two moments; negative when `until` is the earlier one."""
        since, until = _utc(since), _utc(until)
        if until < since:
            return -self.business_time_between(until, since)
        passed = timedelta()
        for start, end in self._stretches(since):
            if start >= until:
                break
            passed += min(end, until) - start
        return passed

    def _stretches(self, at: datetime) -> Iterator[tuple[datetime, datetime]]:
        """The open stretches that end after `at`, the first of them cut to begin no earlier than `at`."""
        at = _utc(at)
        day = self._day(at)
        for _ in range(MAX_DAYS):
            for start, end in self._open_on(day):
                if end > at:
                    yield max(start, at), end
            day += ONE_DAY
        raise ConfigError(
            f"by its opening hours the helpdesk does not open within {MAX_DAYS} days after {at:%Y-%m-%d}; "
            "look at policy/hours.yml"
        )

    def _open_on(self, day: date) -> Iterator[tuple[datetime, datetime]]:
        if day in self.closed:
            return
        for span in self.week[day.weekday()]:
            start, end = self._instant(day, span.start), self._instant(day, span.end)
            if start < end:  # a span that falls in the hour that summer time skips is empty
                yield start, end

    def _day(self, at: datetime) -> date:
        return at.astimezone(self.zone).date()

    def _instant(self, day: date, minutes: int) -> datetime:
        """The moment at which the wall clock shows so many minutes; of two, the first.

        A time that the clock skips becomes the moment at which it jumps: later times never come earlier.
        """
        if minutes == words.DAY:
            day, minutes = day + ONE_DAY, 0
        wall = datetime.combine(day, time(minutes // 60, minutes % 60), self.zone)
        moment = wall.astimezone(UTC)
        if moment.astimezone(self.zone).time() == wall.time():
            return moment
        before, after = wall.replace(fold=1).astimezone(UTC), moment
        offset = after.astimezone(self.zone).utcoffset()
        while after - before > timedelta(seconds=1):
            middle = before + (after - before) // 2
            if middle.astimezone(self.zone).utcoffset() == offset:
                after = middle
            else:
                before = middle
        return after.replace(microsecond=0)

    # ── texts ─────────────────────────────────────────────────────────────────────────────────────────────

    def opening_text(self, language: str, at: datetime) -> str:
        """The hours as a part of a sentence: `op weekdagen van 8.30 tot 17.00 uur`.

        When `at` is a day that has hours but is closed, that is said too.
        """
        say = words.of(language)
        groups: dict[tuple[Span, ...], list[int]] = {}
        for day, spans in enumerate(self.week):
            if spans:
                groups.setdefault(spans, []).append(day)
        text = say.join([say.group(days, _pairs(spans)) for spans, days in groups.items()])
        today = self._day(_utc(at))
        if self.week[today.weekday()] and today in self.closed:
            text += say.not_today
        return text

    def next_opening_text(self, language: str, at: datetime) -> str:
        """When somebody is there again, in a sentence: `morgen om 8.30 uur`, or `nu` when it is open."""
        say = words.of(language)
        at = _utc(at)
        opening = self.next_opening(at)
        if opening == at:
            return say.now
        local = opening.astimezone(self.zone)
        return say.moment(self._day(at), local.date(), local.hour * 60 + local.minute)


def _pairs(spans: Sequence[Span]) -> list[tuple[int, int]]:
    return [(span.start, span.end) for span in spans]


def _utc(at: datetime) -> datetime:
    if at.tzinfo is None:
        raise ValueError("a moment needs a time zone")
    return at.astimezone(UTC)
