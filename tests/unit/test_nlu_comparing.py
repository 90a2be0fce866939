"""Two ways of understanding, compared on the same examples."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.app.compare import told
from bot.model.understanding import Understanding
from nlu.comparing import Compared, compare
from nlu.formats import Example
from nlu.testing import Answered

counts = st.integers(min_value=0, max_value=300)


def answered(*right: bool) -> list[Answered]:
    example = Example("tekst", "wifi", "nl")
    return [Answered(example, Understanding("tekst", "nl", "wifi" if each else "vpn", 0.8)) for each in right]


def test_pairs_are_counted() -> None:
    found = compare(answered(True, True, False, False), answered(True, False, True, False))
    assert (found.both, found.only_first, found.only_second, found.neither) == (1, 1, 1, 1)
    assert (found.first, found.second, found.difference, found.p) == (0.5, 0.5, 0.0, 1.0)


def test_mcnemars_test_is_exact() -> None:
    found = Compared(both=80, only_first=2, only_second=10, neither=8)
    assert found.p == pytest.approx(2 * (1 + 12 + 66) / 2**12)
    assert found.certain
    assert found.difference == pytest.approx(0.08)
    assert found.margin == pytest.approx(1.96 * (12 - 64 / 100) ** 0.5 / 100)


@given(counts, counts, counts, counts)
def test_who_is_first_makes_no_difference(both: int, first: int, second: int, neither: int) -> None:
    one, other = Compared(both, first, second, neither), Compared(both, second, first, neither)
    assert one.p == pytest.approx(other.p)
    assert 0.0 <= one.p <= 1.0
    assert one.difference == pytest.approx(-other.difference)
    assert one.margin == pytest.approx(other.margin)


def test_what_a_terminal_shows() -> None:
    lines = told("old.model", "new.model", answered(*[False] * 9, True), answered(*[True] * 10))
    assert lines[:2] == ["A is old.model", "B is new.model"]
    assert lines[-2].split() == ["all", "10", "10.0%", "100.0%", "+90.0%", "18.6%", "0", "9", "0.0039"]
    assert lines[-1].startswith("B is better")
    assert told("a", "b", answered(True, False), answered(False, True))[-1].startswith("neither is better")
