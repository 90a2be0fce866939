"""Entity markup: what is written is read back."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.model.understanding import Entity
from nlu.markup import MarkupError, parse, render

PLAIN = st.text(
    st.characters(blacklist_characters="[]{}()\n", blacklist_categories=("Cs", "Cc")), max_size=30
)
SHOWN = PLAIN.filter(lambda text: bool(text))
NAME = st.from_regex(r"[a-z][a-z_]{0,10}", fullmatch=True)


def test_names_and_json_are_read() -> None:
    found = parse(
        'mijn [mailprogramma]{"entity": "application", "value": "outlook", "role": "a"} op [pc](device)'
    )
    assert found.text == "mijn mailprogramma op pc"
    first, second = found.entities
    assert (first.entity, first.value, first.role, found.text[first.start : first.end]) == (
        "application",
        "outlook",
        "a",
        "mailprogramma",
    )
    assert (second.entity, second.value, second.start, second.end) == ("device", "pc", 22, 24)


def test_the_older_form_with_a_value_is_read() -> None:
    assert parse("op [pc](device:desktop)").entities[0].value == "desktop"


def test_brackets_without_markup_stay() -> None:
    assert parse("de knop [OK] doet niets").text == "de knop [OK] doet niets"


@pytest.mark.parametrize(
    "broken",
    [
        "[pc](device",
        '[pc]{"entity": "x"',
        "[pc]{entity}",
        '[pc]{"value": "x"}',
        '[pc]{"entity": "x", "z": 1}',
        "[pc]()",
    ],
)
def test_broken_markup_is_told(broken: str) -> None:
    with pytest.raises(MarkupError):
        parse(broken)


@given(st.lists(st.tuples(PLAIN, SHOWN, NAME, st.none() | SHOWN), max_size=4), PLAIN)
def test_round_trip(pieces: list[tuple[str, str, str, str | None]], tail: str) -> None:
    text = ""
    entities: list[Entity] = []
    for before, shown, name, value in pieces:
        text += before
        wanted = shown if value is None or '"' in value or "\\" in value else value
        entities.append(Entity(name, wanted, len(text), len(text) + len(shown), shown, "markup"))
        text += shown
    text += tail
    back = parse(render(text, entities))
    assert back.text == text
    assert list(back.entities) == entities


@given(st.text(max_size=200))
def test_anything_is_read_or_refused(text: str) -> None:
    try:
        found = parse(text)
    except MarkupError:
        return
    assert all(found.text[one.start : one.end] == one.text for one in found.entities)
