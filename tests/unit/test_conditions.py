"""Conditions: Rasa's forms mean what they mean there; nothing a pack or a customer writes makes them raise."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.dialogue.conditions import ConditionError, holds, parse, slot_names
from tests.cpu import least_cpu

SLOTS = {
    "device": "Laptop",
    "floor": 3.0,
    "confirmed": True,
    "empty_list": [],
    "mail": "a@b.be",
    "tags": ["x", "y"],
}
CONTEXT = {"reason": "invalid_answer", "nested": {"n": 2}}

TRUE = [
    "slots.device = 'laptop'", "device == 'laptop'", "slots.floor >= 3 and slots.floor < 4", "not slots.missing",
    "slots.confirmed", "slots.confirmed is true", "slots.missing is null", "slots.missing is empty",
    "slots.empty_list is empty", "slots.device is not empty", "{'laptop' 'phone'} contains slots.device",
    "slots.tags contains 'x'", "slots.device contains 'lap'", "slots.mail matches '^[^@]+@[^@]+$'",
    "context.reason = 'invalid_answer'", "context.nested.n > 1", "slots.floor != 4",
    "slots.missing = 1 or (slots.confirmed and not slots.floor > 10)",
]  # fmt: skip
FALSE = [
    "slots.device > 3", "slots.missing > 3", "slots.confirmed = 1", "slots.floor matches 'x'", "context.missing.deeper",
    "slots.device is null", "not slots.confirmed", "slots.missing contains 'x'",
]  # fmt: skip
BROKEN = ["", "slots.a =", "(slots.a", "slots.a = 'x' 'y'", "= 3", "slots.a matches slots.b", "slots.a & slots.b",
          "slots.a matches '(a+)+$'", "slots.a matches '['", "__import__('os')"]  # fmt: skip


@pytest.mark.parametrize("text", TRUE)
def test_true(text: str) -> None:
    assert holds(parse(text), SLOTS, CONTEXT)


@pytest.mark.parametrize("text", FALSE)
def test_false(text: str) -> None:
    assert not holds(parse(text), SLOTS, CONTEXT)


@pytest.mark.parametrize("text", BROKEN)
def test_broken_ones_are_refused_at_load(text: str) -> None:
    with pytest.raises(ConditionError):
        parse(text)


def test_the_slots_that_are_read_are_known() -> None:
    assert slot_names(parse("slots.a = 1 and (b or not context.c) and slots.d contains slots.e")) == {
        "a",
        "b",
        "d",
        "e",
    }


@given(st.text(max_size=60))
def test_any_text_is_a_condition_or_a_clear_refusal(text: str) -> None:
    try:
        condition = parse(text)
    except ConditionError:
        return
    assert holds(condition, SLOTS, CONTEXT) in (True, False)


values = st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.lists(st.integers())


@given(st.sampled_from(TRUE + FALSE), st.dictionaries(st.sampled_from(sorted(SLOTS)), values))
def test_any_values_can_be_tested(text: str, slots: dict[str, object]) -> None:
    assert holds(parse(text), slots, {}) in (True, False)


def test_a_pattern_is_tried_on_a_bounded_text() -> None:
    condition = parse("slots.text matches '^[a-z ]*x$'")
    assert least_cpu(lambda: holds(condition, {"text": "a " * 25_000}, {})) < 0.05
