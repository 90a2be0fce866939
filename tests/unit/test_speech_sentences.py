"""A text in sentences: the first can be said alone, and no word is lost."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.speech.sentences import LONGEST, sentences


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("Goeiedag. Waarmee kan ik u helpen?", ["Goeiedag.", "Waarmee kan ik u helpen?"]),
        ("Een ogenblik… Ik kijk het na!", ["Een ogenblik…", "Ik kijk het na!"]),
        ('Zeg "ja." Of zeg "nee."', ['Zeg "ja."', 'Of zeg "nee."']),
        ("Version 3.11 is there. Good.", ["Version 3.11 is there.", "Good."]),
        ("U spreekt met dhr. J. Peeters van nr. 4.", ["U spreekt met dhr. J. Peeters van nr. 4."]),
        ("Eerste regel\nTweede regel", ["Eerste regel", "Tweede regel"]),
        ("  \n ", []),
        ("", []),
    ],
)
def test_a_sentence_ends_where_a_speaker_would_breathe(text: str, parts: list[str]) -> None:
    assert sentences(text) == parts


@given(st.text(st.sampled_from("ab .,!?\n\t"), max_size=1000))
def test_nothing_is_lost_and_nothing_is_too_long(text: str) -> None:
    parts = sentences(text)
    assert all(0 < len(part) <= LONGEST for part in parts)
    assert "".join("".join(parts).split()) == "".join(text.split())


def test_a_long_sentence_is_cut_after_a_comma() -> None:
    first, second = sentences("a" * 200 + ", " + "b" * 200)
    assert (first[-1], second[0]) == (",", "b")
