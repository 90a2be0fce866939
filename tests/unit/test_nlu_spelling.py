"""Slips of the keyboard are set right, and nothing else."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlu.spelling import MOST, SpellingCorrector

COUNTS = {
    "nl": {"wachtwoord": 40, "printer": 30, "werkt": 60, "wekte": 2, "vergeten": 9},
    "fr": {"imprimante": 20, "marche": 8},
}


@pytest.fixture
def corrector() -> SpellingCorrector:
    return SpellingCorrector(COUNTS, known={"janssens"})


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("mijn pritner werkt niet", "mijn printer werkt niet"),
        ("wachtwoor vergetn", "wachtwoord vergeten"),
        ("Wachttwoord!", "wachtwoord!"),
        ("werkr", "werkt"),
        ("printer", "printer"),
        ("Janssens", "Janssens"),
        ("imprimante", "imprimante"),  # right in another language
        ("imprimantee", "imprimantee"),  # and a slip only in that one
        ("wert", "wert"),  # too short to tell
        ("abracadabra", "abracadabra"),
        ("pc-0417 printr", "pc-0417 printer"),
    ],
)
def test_a_word_that_nobody_uses_becomes_the_one_that_was_meant(
    corrector: SpellingCorrector, written: str, meant: str
) -> None:
    assert corrector.correct(written, "nl") == meant


def test_an_unknown_language_changes_nothing(corrector: SpellingCorrector) -> None:
    assert corrector.correct("pritner", "de") == "pritner"


@given(st.text(max_size=200))
def test_any_text_may_come_and_is_right_after_one_time(text: str) -> None:
    corrector = SpellingCorrector(COUNTS)
    once = corrector.correct(text, "nl")
    assert corrector.correct(once, "nl") == once


def test_a_flood_of_letters_costs_little(corrector: SpellingCorrector) -> None:
    flood = "x" * 2_000
    assert corrector.correct(flood, "nl") == flood
    many = " ".join(["wertk"] * 20)
    assert corrector.correct(many, "nl").split().count("wertk") == 20 - MOST
