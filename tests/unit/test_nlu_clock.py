"""Times of the clock, and the days that they belong to; seen from Monday 23 November 2026, half past three."""

from __future__ import annotations

import pytest

from tests.unit.test_nlu_entities import found


@pytest.mark.parametrize(
    ("language", "text", "value"),
    [
        ("nl", "tegen 14u30 graag", "14:30"),
        ("nl", "om 8.15 u", "08:15"),
        ("nl", "om twee uur", "14:00"),
        ("nl", "om negen uur", "09:00"),
        ("nl", "half drie past beter", "14:30"),
        ("nl", "kwart voor elf", "10:45"),
        ("nl", "vijf voor half drie", "14:25"),
        ("fr", "à neuf heures et quart", "09:15"),
        ("fr", "onze heures moins le quart", "10:45"),
        ("fr", "vers 16h", "16:00"),
        ("fr", "vingt-deux heures trente", "22:30"),
        ("fr", "plutôt midi", "12:00"),
        ("en", "at 4 pm", "16:00"),
        ("en", "a quarter to eleven", "10:45"),
        ("en", "after two o'clock", "14:00"),
        ("en", "half past eight", "08:30"),
    ],
)
def test_a_time_is_found(language: str, text: str, value: str) -> None:
    assert ("time", value) in found(text, language)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("nl", "het duurt twee uur"),
        ("nl", "na een uur valt hij uit"),
        ("nl", "versie 11.2.4"),
        ("nl", "verhouding 16:9"),
        ("nl", "12:30:45"),
        ("fr", "24h/24"),
        ("fr", "ça prend deux heures"),
        ("en", "ten to one"),
        ("en", "it takes two hours"),
    ],
)
def test_a_duration_or_a_ratio_is_no_time(language: str, text: str) -> None:
    assert "time" not in {name for name, _ in found(text, language)}


@pytest.mark.parametrize(
    ("language", "text", "value"),
    [
        ("nl", "gisteren om 16u", "2026-11-22T16:00"),
        ("nl", "gisterenavond rond 8 uur", "2026-11-22T20:00"),
        ("nl", "vanmorgen om vijf uur", "2026-11-23T05:00"),
        ("nl", "maandagochtend", "2026-11-16"),
        ("nl", "donderdag om tien uur kan ik langskomen", "2026-11-26T10:00"),
        ("nl", "drieëntwintig maart", "2026-03-23"),
        ("nl", "begin oktober", "2026-10-01"),
        ("nl", "in het weekend", "2026-11-21"),
        ("nl", "een half uur geleden", "2026-11-23T15:00"),
        ("fr", "lundi matin", "2026-11-16"),
        ("fr", "le lundi 30 novembre", "2026-11-30"),
        ("fr", "il y a une demi-heure", "2026-11-23T15:00"),
        ("fr", "demain à neuf heures et quart", "2026-11-24T09:15"),
        ("en", "thursday at ten i can drop by", "2026-11-26T10:00"),
        ("en", "the twenty-third of march", "2026-03-23"),
        ("en", "half an hour ago", "2026-11-23T15:00"),
        ("en", "yesterday evening around 8", "2026-11-22"),
    ],
)
def test_a_day_has_the_time_that_is_said_beside_it(language: str, text: str, value: str) -> None:
    dates = [value for name, value in found(text, language) if name == "date"]
    assert dates == [value]


@pytest.mark.parametrize(("language", "text"), [("nl", "Café Maandag"), ("fr", "il s'appelle Vendredi")])
def test_a_day_that_is_a_name_is_no_day(language: str, text: str) -> None:
    assert "date" not in {name for name, _ in found(text, language)}


def test_days_and_times_without_end_stay_quick() -> None:
    assert len(found("maandag om 3u " * 200)) <= 50
