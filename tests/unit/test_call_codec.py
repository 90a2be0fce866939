"""The frames of a call out of the browser."""

from __future__ import annotations

from contextlib import suppress

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.model.errors import Malformed
from channels.web import call_codec as codec

SECOND = bytes([0x7F]) * codec.MAX_SOUND


def test_a_call_from_its_first_sound_to_its_end() -> None:
    frames: list[str | bytes] = [
        bytes(range(160)),
        '{"type": "key", "key": "7"}',
        '{"type": "key", "key": "#", "further": [1]}',
        '{"type": "mark", "name": "m-1_a"}',
        '{"type": "bye"}',
    ]
    assert [codec.decode(frame) for frame in frames] == [
        codec.Sound(bytes(range(160))),
        codec.Key("7"),
        codec.Key("#"),
        codec.Mark("m-1_a"),
        codec.Bye(),
    ]


@pytest.mark.parametrize(
    "frame",
    [
        b"",
        SECOND + b"\0",
        "",
        "null",
        "[]",
        "{}",
        "no frame",
        "\ud800",
        '{"type": ["bye"]}',
        '{"type": "hello"}',
        '{"type": "key"}',
        '{"type": "key", "key": 7}',
        '{"type": "key", "key": "12"}',
        '{"type": "key", "key": "1\\n"}',
        '{"type": "key", "key": "\u0661"}',
        '{"type": "mark"}',
        '{"type": "mark", "name": ""}',
        '{"type": "mark", "name": "' + "m" * 41 + '"}',
        '{"type": "mark", "name": "<b>"}',
        "[" * codec.MAX_TEXT_FRAME,
        '{"type": "bye"}' + " " * codec.MAX_TEXT_FRAME,
    ],
)
def test_what_is_no_frame_is_said_to_be_none(frame: str | bytes) -> None:
    with pytest.raises(Malformed):
        codec.decode(frame)


def test_a_browser_may_catch_up_with_a_second_at_once() -> None:
    assert codec.decode(SECOND) == codec.Sound(SECOND)


def test_what_the_browser_is_told() -> None:
    told = [
        codec.connected(),
        codec.mark("m1"),
        codec.clear(),
        codec.over(),
        codec.error("too_many", "all lines are busy", 30.0),
        codec.error("not_allowed", "say who you are"),
    ]
    assert [orjson.loads(frame) for frame in told] == [
        {"type": "connected"},
        {"type": "mark", "name": "m1"},
        {"type": "clear"},
        {"type": "over"},
        {"type": "error", "code": "too_many", "message": "all lines are busy", "retry_after": 30.0},
        {"type": "error", "code": "not_allowed", "message": "say who you are"},
    ]


_KEYS = st.sampled_from(["type", "key", "name"])
_VALUES = (
    st.none() | st.booleans() | st.integers(-9, 9) | st.sampled_from(["key", "mark", "bye", "A", "5", ""])
)
_JSON = st.recursive(_VALUES, lambda inner: st.lists(inner) | st.dictionaries(_KEYS, inner))
_ANY_TEXT = st.text(st.characters(exclude_categories=()))
"""With half surrogate pairs."""


@given(st.binary() | _ANY_TEXT | _JSON.map(lambda value: orjson.dumps(value).decode()))
def test_anything_is_a_frame_or_malformed(raw: str | bytes) -> None:
    with suppress(Malformed):
        codec.decode(raw)


@given(st.binary(min_size=1, max_size=codec.MAX_SOUND))
def test_all_sound_that_is_not_too_long_is_heard(sound: bytes) -> None:
    assert codec.decode(sound) == codec.Sound(sound)


@given(st.from_regex(r"[A-Za-z0-9_-]{1,40}", fullmatch=True))
def test_a_mark_comes_back_as_it_went(name: str) -> None:
    assert codec.decode(codec.mark(name)) == codec.Mark(name)
