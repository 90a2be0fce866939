"""Until when a conversation sleeps, from the name of a choice. Pure."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Protocol


class Opening(Protocol):
    """What is needed of a calendar."""

    def next_opening(self, at: datetime) -> datetime:
        """The first moment from `at` on at which somebody is there."""
        ...


SNOOZES = ("reply", "hour", "tomorrow", "week")
"""Until the customer writes, an hour from now, the next day's opening, the opening of next week."""


def snooze_until(choice: str, now: datetime, calendar: Opening) -> datetime | None:
    """The moment of a choice (`now` in the helpdesk's own zone); None is until the customer writes."""
    if choice == "reply":
        return None
    if choice == "hour":
        return now.astimezone(UTC) + timedelta(hours=1)
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    days = 1 if choice == "tomorrow" else 7 - now.weekday()
    return calendar.next_opening(midnight + timedelta(days=days))
