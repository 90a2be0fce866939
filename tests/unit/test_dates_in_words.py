"""A day is said back in words."""

from __future__ import annotations

import pytest

from bot.dialogue.dates import in_words
from tests.engine_talk import Talk

TODAY = "2026-11-23"


@pytest.mark.parametrize(
    ("iso", "nl", "fr", "en"),
    [
        ("2026-11-23", "vandaag", "aujourd'hui", "today"),
        ("2026-11-22", "gisteren", "hier", "yesterday"),
        ("2026-11-21", "eergisteren", "avant-hier", "Saturday 21 November"),
        ("2026-11-16", "maandag 16 november", "lundi 16 novembre", "Monday 16 November"),
        ("2025-12-01", "maandag 1 december 2025", "lundi 1er décembre 2025", "Monday 1 December 2025"),
        ("2026-11-22T14:05", "gisteren om 14.05 uur", "hier à 14h05", "yesterday, 14:05"),
    ],
)
def test_a_day_is_told_as_people_say_it(iso: str, nl: str, fr: str, en: str) -> None:
    assert [in_words(iso, language, TODAY) for language in ("nl", "fr", "en")] == [nl, fr, en]


def test_without_a_today_the_year_stays() -> None:
    assert in_words("2026-11-22", "nl") == "zondag 22 november 2026"


@pytest.mark.parametrize("odd", ["", "gisteren", "2026-13-40", "12", "vorige week ergens"])
def test_other_words_stay_as_they_are(odd: str) -> None:
    assert in_words(odd, "nl", TODAY) is None


def test_a_date_is_read_back_in_words() -> None:
    talk = Talk()
    talk.today = TODAY
    talk.say("scherm stuk", "screen_problem", entities={"device": "laptop", "date": "2026-11-22"})
    assert "sinds: gisteren" in talk.say("lokaal 3")[0]
