"""Whatever stands in a pack, loading gives a pack or says what is wrong; it never breaks."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.app.content import read_files
from bot.dialogue.check import load
from bot.dialogue.pack import Pack
from bot.model.errors import ContentError, Problem
from bot.source.nodes import parse
from tests.engine_talk import SMALL

FILES = read_files(SMALL, "config.yml", "domain.yml", "flows/*.yml")
PLAIN = {path: parse(text, path, []).raw for path, text in FILES.items()}


def ways(part: Any, way: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The way to every value in a file, the file itself first."""
    yield way
    parts = part.items() if isinstance(part, dict) else enumerate(part) if isinstance(part, list) else ()
    for key, child in parts:
        yield from ways(child, (*way, key))


WAYS = [(path, way) for path, plain in PLAIN.items() for way in ways(plain)]

scalars = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.dates(), st.text(max_size=8),
    st.sampled_from(["", "utter_hello", "wifi_problem", "slots.device is", "END", "from_entity", "nl"]),
)  # fmt: skip
anything = st.recursive(
    scalars,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(
            st.one_of(st.sampled_from(["if", "then", "else", "action", "text", "type", "nl"]), scalars),
            inner,
            max_size=3,
        ),
    ),
    max_leaves=5,
)


def problems(files: dict[str, str]) -> list[Problem]:
    try:
        loaded = load(files)
    except ContentError as error:
        return error.problems
    assert isinstance(loaded, Pack)
    return []


def put(plain: Any, way: tuple[Any, ...], value: Any) -> Any:
    if not way:
        return value
    whole = copy.deepcopy(plain)
    part = whole
    for key in way[:-1]:
        part = part[key]
    part[way[-1]] = value
    return whole


@pytest.mark.slow  # the whole pack, again and again
@settings(max_examples=250, deadline=None)
@given(st.sampled_from(WAYS), anything)
def test_any_value_anywhere_is_a_pack_or_a_problem_with_its_place(
    where: tuple[str, tuple[Any, ...]], value: Any
) -> None:
    path, way = where
    files = {**FILES, path: yaml.safe_dump(put(PLAIN[path], way, value), allow_unicode=True)}
    assert all(problem.file and problem.line >= 1 and problem.what for problem in problems(files))


def test_the_pack_written_anew_is_in_order() -> None:
    assert problems({path: yaml.safe_dump(plain, allow_unicode=True) for path, plain in PLAIN.items()}) == []
