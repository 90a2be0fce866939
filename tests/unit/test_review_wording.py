"""What a corrector is shown of a customer's words, and what may become an example."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handoff.review.wording import LONGEST, MASK, Refused, checked, suggested
from nlu import markup

MARKABLE = ("application", "device")


def show(text: str, *entities: dict[str, Any], known: tuple[str, ...] = ()) -> str:
    return suggested(text, entities, markable=MARKABLE, known=known)


def entity(text: str, shown: str, name: str = "device", **more: Any) -> dict[str, Any]:
    start = text.index(shown)
    found = {"entity": name, "start": start, "end": start + len(shown), "value": shown, "text": shown}
    return {**found, **more}


def test_entities_are_marked_as_in_the_files() -> None:
    text = "mijn schootcomputer\nopent Outlook niet"
    marked = show(
        text, entity(text, "schootcomputer", value="laptop"), entity(text, "Outlook", "application")
    )
    assert marked == (
        'mijn [schootcomputer]{"entity": "device", "value": "laptop"} opent [Outlook](application) niet'
    )
    assert checked(marked, markable=MARKABLE) == marked
    assert markup.parse(marked).text == text.replace("\n", " ")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("mail sofie.janssens@voorbeeld.be doet het niet", f"mail {MASK} doet het niet"),
        ("bel mij op 0470 12 34 56 aub", f"bel mij op {MASK} aub"),
        ("mijn rekening BE68 5390 0754 7034 klopt niet", f"mijn rekening {MASK} klopt niet"),
        ("met Sofie hier, login van JANSSENS kapot", f"met {MASK} hier, login van {MASK} kapot"),
        ("Sofie Janssens kan niet binnen", f"{MASK} kan niet binnen"),
    ],
)
def test_what_looks_personal_is_masked(text: str, shown: str) -> None:
    assert show(text, known=("Sofie Janssens",)) == shown


def test_an_entity_of_something_personal_is_masked_and_not_marked() -> None:
    text = "de laptop van Sofie"
    found = entity(text, "laptop van Sofie")
    assert show(text, found, known=("Sofie",)) == f"de laptop van {MASK}"


def test_entities_that_are_found_anyway_or_stand_elsewhere_are_not_marked() -> None:
    text = "de laptop van gisteren"
    assert show(text, entity(text, "gisteren", "date")) == text
    assert show(text, entity(text, "laptop", start=0, end=6)) == text
    assert show(text, {"entity": "device", "start": 90, "end": 99, "value": "x"}) == text


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("", "correct.empty"),
        ("  … !", "correct.empty"),
        ("x" * (LONGEST + 1), "correct.too_long"),
        ('de [laptop]{"entity": device} is stuk', "correct.markup"),
        ("de [laptop](device is stuk", "correct.markup"),
        ("de [laptop](fruit) is stuk", "correct.entity"),
        ("schrijf naar sofie@voorbeeld.be", "correct.personal"),
        ("bel [0470 12 34 56](device)", "correct.personal"),
        ("BE68539007547034 klopt niet", "correct.personal"),
    ],
)
def test_what_cannot_become_an_example_is_refused(text: str, key: str) -> None:
    with pytest.raises(Refused) as refused:
        checked(text, markable=MARKABLE)
    assert refused.value.key == key


def test_secrets_are_redacted_here_too() -> None:
    assert "hunter2-xyz" not in checked("mijn wachtwoord is hunter2-xyz", markable=MARKABLE)


@given(st.text(max_size=300), st.lists(st.tuples(st.integers(-5, 310), st.integers(-5, 310)), max_size=4))
def test_any_text_can_be_shown_on_one_line(text: str, spans: list[tuple[int, int]]) -> None:
    found = [{"entity": "device", "start": start, "end": end, "value": "v"} for start, end in spans]
    shown = suggested(text, found, markable=MARKABLE, known=("Sofie",))
    assert "\n" not in shown
    assert len(shown) <= LONGEST


@given(st.text(alphabet='ab[](){}":,…@.0123456789 ', max_size=60))
def test_what_is_taken_can_be_read_again(text: str) -> None:
    try:
        line = checked(text, markable=MARKABLE)
    except Refused:
        return
    assert checked(line, markable=MARKABLE) == line
    assert all(each.entity in MARKABLE for each in markup.parse(line).entities)
