"""Due times in opening time, and the pauses in which the customer has to do something."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handoff.calendar import Calendar, ClosedDays, Span
from handoff.sla import Pause, Target, due_times, paused_time, remaining

DAY = (Span.parse("8:30-17:00"),)
CALENDAR = Calendar((DAY, DAY, DAY, DAY, DAY, (), ()), ClosedDays("BE"))
TARGET = Target(timedelta(minutes=30), timedelta(hours=4))


def at(day: int, hour: int, minute: int = 0) -> datetime:
    """A moment in March 2026, when Brussels is an hour ahead of UTC; 9 March is a Monday."""
    return datetime(2026, 3, day, hour - 1, minute, tzinfo=UTC)


def test_due_times_count_in_opening_time() -> None:
    due = due_times(CALENDAR, TARGET, opened=at(9, 16, 45))
    assert (due.response, due.resolution) == (at(10, 8, 45), at(10, 12, 15))


def test_the_answer_counts_from_the_handover_and_the_solution_from_the_ticket() -> None:
    due = due_times(CALENDAR, TARGET, opened=at(9, 9), handed_over=at(9, 10))
    assert (due.response, due.resolution) == (at(9, 10, 30), at(9, 13))


def test_a_pause_moves_the_solution_by_the_opening_time_in_it() -> None:
    pauses = (Pause(at(9, 16), at(10, 9, 30)),)  # an hour before closing, an hour after opening
    due = due_times(CALENDAR, TARGET, opened=at(9, 9), pauses=pauses)
    assert due.resolution == at(9, 15)
    assert paused_time(CALENDAR, pauses) == timedelta(hours=2)


def test_overlapping_pauses_count_once_and_a_lasting_one_until_now() -> None:
    pauses = (Pause(at(9, 11)), Pause(at(9, 10), at(9, 12)), Pause(at(9, 10, 30), at(9, 11)))
    assert paused_time(CALENDAR, pauses, now=at(9, 13)) == timedelta(hours=3)
    with pytest.raises(ValueError, match="now"):
        paused_time(CALENDAR, pauses)


def test_what_remains_becomes_negative_when_it_is_late() -> None:
    assert remaining(CALENDAR, at(10, 9), at(9, 16)) == timedelta(hours=1, minutes=30)
    assert remaining(CALENDAR, at(9, 16), at(10, 9)) == timedelta(hours=-1, minutes=-30)


moments = st.datetimes(datetime(2026, 1, 1), datetime(2026, 12, 31), timezones=st.just(UTC))


@given(moments, st.lists(st.tuples(moments, st.timedeltas(timedelta(), timedelta(days=5))), max_size=5))
def test_pauses_never_bring_a_due_time_forward(
    opened: datetime, raw: list[tuple[datetime, timedelta]]
) -> None:
    pauses = [Pause(start, start + length) for start, length in raw]
    plain = due_times(CALENDAR, TARGET, opened=opened)
    paused = due_times(CALENDAR, TARGET, opened=opened, pauses=pauses)
    assert paused.response == plain.response
    assert paused.resolution >= plain.resolution
    assert paused_time(CALENDAR, pauses) <= sum((length for _, length in raw), timedelta())
