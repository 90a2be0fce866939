"""What is worth reading: by reason, and by a draw that everybody gets the same."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.store.review_queue import Began, Signs
from handoff.review.worth import LONG, SAMPLE, drawn, worth_reading

ZONE = ZoneInfo("Europe/Brussels")
NOON = datetime(2026, 10, 26, 12, tzinfo=ZONE).timestamp()
DAY = 86_400.0


def signs(id_: str = "c", **more: Any) -> Signs:
    values: dict[str, Any] = {
        "created_at": NOON,
        "turns": 3,
        "confidence": 0.9,
        "misunderstood": 0,
        "satisfaction": None,
        "handed_off": 0,
        "standing": None,
    }
    return Signs(id_, **(values | more))


@pytest.mark.parametrize(
    ("more", "reasons"),
    [
        ({}, None),
        ({"confidence": None}, None),
        ({"satisfaction": 3.0}, None),
        ({"satisfaction": 2.0}, ("bad",)),
        ({"misunderstood": 1, "confidence": 0.1}, ("fallback", "low")),
        ({"handed_off": 1}, ("handed_off",)),
        ({"turns": LONG}, ("long",)),
        ({"turns": LONG - 1}, None),
    ],
)
def test_why_one_is_worth_reading(more: dict[str, Any], reasons: tuple[str, ...] | None) -> None:
    found = worth_reading([signs(**more)], frozenset())
    assert [each.reasons for each in found] == ([reasons] if reasons else [])


def test_the_weightiest_reason_comes_first_then_more_of_them_then_the_newest() -> None:
    found = worth_reading(
        [
            signs("drawn"),
            signs("handed", handed_off=1),
            signs("old", misunderstood=1, created_at=NOON - DAY),
            signs("new", misunderstood=1),
            signs("both", misunderstood=1, turns=LONG, created_at=NOON - DAY),
            signs("bad", satisfaction=1.0),
            signs("nothing"),
        ],
        {"drawn"},
    )
    assert [each.id for each in found] == ["bad", "both", "new", "old", "handed", "drawn"]


began = st.lists(
    st.builds(
        Began,
        conversation_id=st.text(alphabet="abcdef", min_size=3, max_size=6),
        at=st.floats(NOON - 5 * DAY, NOON + DAY),
        done=st.booleans(),
    ),
    max_size=60,
    unique_by=lambda each: each.conversation_id,
)


@given(began, st.randoms())
def test_the_draw_is_the_same_for_everybody_and_no_day_goes_without(found: list[Began], random: Any) -> None:
    sample = drawn(found, zone=ZONE)
    read = [Began(each.conversation_id, each.at, not each.done) for each in found]
    random.shuffle(read)
    assert drawn(read, zone=ZONE) == sample

    def day(each: Began) -> date:
        return datetime.fromtimestamp(each.at, ZONE).date()

    assert {day(each) for each in found if each.conversation_id in sample} == {day(each) for each in found}


@given(began, began)
def test_what_was_drawn_stays_drawn_whatever_comes_later(found: list[Began], more: list[Began]) -> None:
    later = [Began(f"later-{each.conversation_id}", each.at + 7 * DAY, False) for each in more]
    known = {each.conversation_id for each in found}
    assert drawn([*found, *later], zone=ZONE) & known == drawn(found, zone=ZONE)


def test_about_one_in_so_many_is_drawn() -> None:
    many = [Began(f"conversation-{number}", NOON + number, False) for number in range(100 * SAMPLE)]
    assert 60 < len(drawn(many, zone=ZONE)) < 140
