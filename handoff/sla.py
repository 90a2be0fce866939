"""Until when a ticket must be answered and solved: opening time, paused for the customer. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol


class BusinessTime(Protocol):
    """What a deadline needs of a calendar."""

    def add_business_time(self, at: datetime, amount: timedelta) -> datetime:
        """The moment when so much opening time has passed since `at`."""
        ...

    def business_time_between(self, since: datetime, until: datetime) -> timedelta:
        """How much opening time lies between two moments."""
        ...


@dataclass(frozen=True, slots=True)
class Target:
    """What is promised for a priority, in opening time: until somebody answers, and until it is solved."""

    response: timedelta
    resolution: timedelta


@dataclass(frozen=True, slots=True)
class DueTimes:
    """The same as moments, in UTC."""

    response: datetime
    resolution: datetime


@dataclass(frozen=True, slots=True)
class Pause:
    """The customer had to do something from `start` until `end`; None while it lasts."""

    start: datetime
    end: datetime | None = None


def due_times(
    calendar: BusinessTime,
    target: Target,
    *,
    opened: datetime,
    handed_over: datetime | None = None,
    pauses: Sequence[Pause] = (),
    now: datetime | None = None,
) -> DueTimes:
    """When the ticket is due.

    The answer counts from the handover (`opened` where there is none), the solution from `opened`. The
    solution moves on by the opening time of the pauses; one that lasts counts until `now`.
    """
    waited = paused_time(calendar, pauses, now)
    return DueTimes(
        calendar.add_business_time(handed_over or opened, target.response),
        calendar.add_business_time(opened, target.resolution + waited),
    )


def paused_time(calendar: BusinessTime, pauses: Sequence[Pause], now: datetime | None = None) -> timedelta:
    """The opening time in the pauses; where they overlap it counts once. A pause that lasts needs `now`."""
    total = timedelta()
    reached: datetime | None = None
    for pause in sorted(pauses, key=lambda each: each.start):
        end = pause.end or now
        if end is None:
            raise ValueError("a pause that lasts can only be counted until now; give 'now'")
        start = pause.start if reached is None else max(pause.start, reached)
        if end > start:
            total += calendar.business_time_between(start, end)
            reached = end
    return total


def remaining(calendar: BusinessTime, due: datetime, now: datetime) -> timedelta:
    """The opening time that is left until `due`; negative when it is late."""
    return calendar.business_time_between(now, due)
