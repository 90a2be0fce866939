"""Days in words, seen from Monday 23 November 2026."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from nlu.finders.dates import find_dates
from nlu.lookup import fold, split

NOW = datetime(2026, 11, 23, 15, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("language", "text", "shown", "value"),
    [
        ("nl", "sinds gisteren", "gisteren", "2026-11-22"),
        ("nl", "vanochtend nog", "vanochtend", "2026-11-23"),
        ("nl", "eergisteren", "eergisteren", "2026-11-21"),
        ("nl", "sinds maandag", "maandag", "2026-11-16"),
        ("nl", "sinds vrijdag", "vrijdag", "2026-11-20"),
        ("nl", "volgende vrijdag", "volgende vrijdag", "2026-11-27"),
        ("nl", "twee dagen geleden", "twee dagen geleden", "2026-11-21"),
        ("nl", "sinds 3 weken", "3 weken", "2026-11-02"),
        ("nl", "een uur geleden", "een uur geleden", "2026-11-23T14:30"),
        ("nl", "op 3 mei 2025", "3 mei 2025", "2025-05-03"),
        ("nl", "12/11", "12/11", "2026-11-12"),
        ("nl", "op 12-11-2025.", "12-11-2025", "2025-11-12"),
        ("nl", "5/1", "5/1", "2027-01-05"),
        ("nl", "2026-11-20", "2026-11-20", "2026-11-20"),
        ("fr", "depuis lundi", "lundi", "2026-11-16"),
        ("fr", "vendredi prochain", "vendredi prochain", "2026-11-27"),
        ("fr", "Il y a deux jours", "Il y a deux jours", "2026-11-21"),
        ("fr", "cet après-midi", "cet après-midi", "2026-11-23"),
        ("fr", "avant-hier", "avant-hier", "2026-11-21"),
        ("fr", "le 1er octobre", "1er octobre", "2026-10-01"),
        ("fr", "depuis une semaine", "une semaine", "2026-11-16"),
        ("fr", "aujourd’hui", "aujourd’hui", "2026-11-23"),
        ("en", "since this morning", "this morning", "2026-11-23"),
        ("en", "the day before yesterday", "the day before yesterday", "2026-11-21"),
        ("en", "last Friday", "last Friday", "2026-11-20"),
        ("en", "20 minutes ago", "20 minutes ago", "2026-11-23T15:10"),
        ("en", "for the last 3 days", "3 days", "2026-11-20"),
        ("en", "May 3rd", "May 3rd", "2026-05-03"),
        ("en", "the 3rd of October", "3rd of October", "2026-10-03"),
    ],
)
def test_found(language: str, text: str, shown: str, value: str) -> None:
    folded = fold(text)
    found = find_dates(folded, split(folded), language, lambda: NOW)
    longest = max(found, key=lambda one: one.end - one.start)
    assert (text[longest.start : longest.end], longest.value) == (shown, value)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("nl", "goedemorgen"),
        ("nl", "24/7"),
        ("nl", "31/31"),
        ("nl", "1.2.3"),
        ("nl", "2 schermen"),
        ("nl", "een dag"),
        ("nl", "versie 10.4"),
        ("fr", "le mois"),
        ("fr", "il a dix ordinateurs"),
        ("en", "may I ask"),
        ("en", "monda"),
        ("de", "gestern"),
    ],
)
def test_what_is_no_day(language: str, text: str) -> None:
    folded = fold(text)
    assert find_dates(folded, split(folded), language, lambda: NOW) == []


def test_the_clock_is_only_read_when_there_may_be_a_day() -> None:
    def never() -> datetime:
        raise AssertionError("there is no day in this text")

    folded = fold("mijn printer drukt niet meer af")
    assert find_dates(folded, split(folded), "nl", never) == []
