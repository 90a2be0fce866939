"""How much may come in over time."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from channels.web.pace import Pace


def test_what_comes_at_the_pace_always_passes() -> None:
    now = [0.0]
    pace = Pace(50, 10, lambda: now[0])
    for _ in range(10_000):
        assert pace.keeps()
        now[0] += 0.02


def test_who_was_away_may_catch_up_so_far_and_no_further() -> None:
    now = [0.0]
    pace = Pace(1, 5, lambda: now[0])
    assert [pace.keeps() for _ in range(6)] == [True] * 5 + [False]
    now[0] = 1_000.0
    assert [pace.keeps() for _ in range(6)] == [True] * 5 + [False]


@given(st.lists(st.tuples(st.floats(0, 10), st.floats(0, 30)), max_size=50))
def test_never_more_than_the_pace_and_what_may_come_at_once(steps: list[tuple[float, float]]) -> None:
    now = [0.0]
    pace, passed = Pace(3, 20, lambda: now[0]), 0.0
    for later, amount in steps:
        now[0] += later
        if pace.keeps(amount):
            passed += amount
        assert passed <= 20 + 3 * now[0] + 1e-6
