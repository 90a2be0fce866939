"""Examples that stand in no file: laid over those of the files, and sent to another process."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bot.model.understanding import Entity
from nlu.extra import from_line, laid_over, settled, to_line
from nlu.formats import Example

words = st.text(max_size=20)
entities = st.builds(
    Entity,
    entity=words,
    value=words,
    start=st.integers(0, 20),
    end=st.integers(0, 20),
    text=words,
    role=st.none() | words,
)
examples = st.builds(
    Example,
    text=words,
    intent=st.sampled_from(["wifi", "printer"]),
    language=st.sampled_from(["nl", "fr"]),
    entities=st.lists(entities, max_size=2).map(tuple),
)


@given(examples)
def test_a_line_says_all_of_an_example(example: Example) -> None:
    line = to_line(example)
    assert line.isascii()
    assert "\n" not in line
    assert from_line(line) == example


@given(st.lists(examples, max_size=8))
def test_the_last_of_the_same_words_counts_in_an_order_of_its_own(given: list[Example]) -> None:
    found = settled(given)
    assert settled(found) == found
    assert {(each.language, " ".join(each.text.casefold().split())) for each in given} == {
        (each.language, " ".join(each.text.casefold().split())) for each in found
    }
    if given:
        assert given[-1] in found


def test_a_correction_counts_instead_of_the_same_words_in_a_file() -> None:
    written = [
        Example("de wifi werkt niet", "wifi", "nl"),
        Example("De  printer slaapt", "wifi", "nl", file="a.yml"),
        Example("de printer slaapt", "printer", "fr"),
        Example("printer stuk", "printer", "nl"),
    ]
    right = Example("de printer slaapt", "printer", "nl")
    found = laid_over(written, [right])
    assert found == [written[0], written[2], written[3], right]


def test_an_intent_that_the_pack_lost_is_left_out() -> None:
    written = [Example("wifi stuk", "wifi", "nl")]
    assert laid_over(written, [Example("fax stuk", "fax", "nl")]) == written
