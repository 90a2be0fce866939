"""How long things are kept, and when the night's round is due."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.model.errors import ContentError
from handoff.retention import Retention, before, load_retention, next_round

FILE = Path(__file__).parents[2] / "data" / "policy" / "retention.yml"
BRUSSELS = ZoneInfo("Europe/Brussels")


def test_the_shipped_file_says_the_defaults() -> None:
    assert load_retention({"policy/retention.yml": FILE.read_text("utf-8")}) == Retention()
    assert load_retention({}) == Retention()


def test_never_is_for_ever() -> None:
    kept = load_retention({"policy/retention.yml": 'at: "23:30"\ntickets: never\nconversations: 90\n'})
    assert (kept.at, kept.tickets, kept.conversations) == (time(23, 30), None, 90)
    assert before(1_000_000.0, kept.tickets) is None
    assert before(90 * 86_400.0 + 5, kept.conversations) == 5.0


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("at: 3", 'as "03:00"'),
        ('at: "25:00"', "is not a time"),
        ("conversations: 0", "greater than or equal to 1"),
        ("conversations: soon", "whole number"),
        ("conversation: 30", "conversation"),
    ],
)
def test_what_is_wrong_is_told_with_file_and_line(text: str, told: str) -> None:
    with pytest.raises(ContentError) as error:
        load_retention({"policy/retention.yml": f"# how long\n{text}\n"})
    assert "policy/retention.yml:2" in str(error.value)
    assert told in str(error.value)


@given(
    st.datetimes(datetime(2024, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC)),
    st.times().map(lambda at: at.replace(second=0, microsecond=0)),
)
def test_a_round_is_due_once_a_day_at_its_hour(after: datetime, at: time) -> None:
    due = next_round(after.timestamp(), at, BRUSSELS)
    assert after.timestamp() < due <= (after + timedelta(hours=25)).timestamp()
    again = next_round(due, at, BRUSSELS)
    assert timedelta(hours=23) <= timedelta(seconds=again - due) <= timedelta(hours=25)


@pytest.mark.parametrize("day", ["2026-03-28", "2026-10-24"])
def test_summer_time_costs_no_round(day: str) -> None:
    """The night in which the clock jumps, and the one in which it strikes twice."""
    evening = datetime.fromisoformat(f"{day}T22:00").replace(tzinfo=BRUSSELS).timestamp()
    due = datetime.fromtimestamp(next_round(evening, time(2, 30), BRUSSELS), BRUSSELS)
    assert due.date() == datetime.fromisoformat(day).date() + timedelta(days=1)
