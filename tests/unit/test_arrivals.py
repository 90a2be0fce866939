"""How far messages have come: which of them are marked, and as what."""

from __future__ import annotations

import pytest

from bot.store.receipts import Posted, Reached
from bot.web.texts import TABLES
from handoff.desk.arrivals import ICONS, TROUBLES, Arrival, arrivals_of

SENT = (Posted(3, "sent"),)


def states(reached: Reached | None, *posted: Posted) -> dict[int, str]:
    return {seq: mark.state for seq, mark in arrivals_of(reached, posted).items()}


def reached(last: int | None, got: int | None = None, seen: int | None = None) -> Reached:
    return Reached(last, got, 10.0, seen, 20.0 if seen else None)


@pytest.mark.parametrize(
    ("how", "marks"),
    [
        (None, {}),
        (reached(None), {}),
        (reached(9), {9: "sent"}),
        (reached(9, 5), {5: "delivered", 9: "sent"}),
        (reached(9, 5, 2), {2: "seen", 5: "delivered", 9: "sent"}),
        (reached(9, 9, 2), {2: "seen", 9: "delivered"}),
        (reached(9, 5, 5), {5: "seen", 9: "sent"}),
        (reached(9, 9, 9), {9: "seen"}),
    ],
)
def test_what_goes_well_is_marked_once_at_the_newest(how: Reached | None, marks: dict[int, str]) -> None:
    assert states(how) == marks


@pytest.mark.parametrize(
    ("posted", "marks"),
    [
        (SENT, {3: "sent"}),
        ((*SENT, Posted(4, "pending"), Posted(5, "pending")), {3: "sent", 5: "waiting"}),
        ((*SENT, Posted(4, "pending", retried=True), Posted(5, "pending")), {3: "sent", 4: "retried", 5: "waiting"}),
        ((Posted(1, "failed"), Posted(2, "failed"), *SENT), {1: "failed", 2: "failed", 3: "sent"}),
        ((Posted(1, "unknown"), Posted(2, "cancelled"), Posted(4, "repeated")), {1: "unknown", 2: "cancelled", 4: "repeated"}),
    ],
)  # fmt: skip
def test_trouble_stands_at_every_message_concerned(posted: tuple[Posted, ...], marks: dict[int, str]) -> None:
    assert states(None, *posted) == marks


def test_a_channel_that_pushes_may_tell_later_what_arrived_and_was_read() -> None:
    posted = (Posted(2, "failed"), Posted(6, "sent"), Posted(7, "pending"))
    assert states(reached(7, 5, 3), *posted) == {
        2: "failed",
        3: "seen",
        5: "delivered",
        6: "sent",
        7: "waiting",
    }
    assert states(reached(7, 6, 2), *posted) == {2: "failed", 6: "delivered", 7: "waiting"}


def test_a_mark_says_since_when_where_that_is_known() -> None:
    marks = arrivals_of(reached(9, 5, 2), ())
    assert [mark.at for mark in marks.values()] == [20.0, 10.0, None]


@pytest.mark.parametrize("table", TABLES.values(), ids=TABLES)
def test_every_state_has_words_and_an_icon(table: dict[str, str]) -> None:
    assert ICONS.keys() > TROUBLES
    assert all(table[f"arrival.{state}"] for state in ICONS)
    assert Arrival(1, "failed").trouble
    assert not Arrival(1, "seen").trouble
