"""What is written is said for the ear: no markup, numbers and addresses as people say them, in three languages."""

from __future__ import annotations

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.voice import ear
from bot.voice.words import WORDS

MARKUP = re.compile(r"[*_#<>\[\]]")
LANGUAGES = st.sampled_from(sorted(WORDS))


@given(st.text(), LANGUAGES)
@example("_a_", "nl")
@example("<b>", "nl")
@example("[x](http://[)", "fr")
@example("*" * 300 + "a", "en")
@example("0" * 5_000, "nl")
def test_any_text_can_be_said(text: str, language: str) -> None:
    spoken = ear.said(text, language)
    assert not MARKUP.search(spoken)
    if re.search(r"[^\W_]", text):
        assert spoken


@given(
    st.lists(st.sampled_from(["**a**", "# kop", "- punt", "1. een", "https://x.be/y", "jan@x.be", "0470 12 34 56", "\n", " ", "(b)", "€ 5", "A1B2C3", "[c](d)", "`e`", "|f|"])),
    LANGUAGES,
)  # fmt: skip
def test_marked_up_text_can_be_said(parts: list[str], language: str) -> None:
    spoken = ear.said("".join(parts), language)
    assert not MARKUP.search(spoken)
    assert "http" not in spoken
    assert "@" not in spoken


@given(st.lists(st.text(), max_size=12), LANGUAGES)
def test_any_choices_can_be_said(titles: list[str], language: str) -> None:
    assert not MARKUP.search(ear.choices(titles, language))


@given(st.text(), LANGUAGES)
def test_any_number_can_be_read_back(text: str, language: str) -> None:
    assert not re.search(r"[0-9]", ear.digits(text, language))


@pytest.mark.parametrize(
    ("written", "language", "spoken"),
    [
        ("**Stap 1** (ongeveer 2 min.): klik", "nl", "Stap 1, ongeveer 2 minuten: klik."),
        ("Ga naar *Instellingen* > *Wifi*", "nl", "Ga naar Instellingen, dan Wifi."),
        ("Allez dans « Paramètres » > « Wifi »", "fr", "Allez dans Paramètres, puis Wifi."),
        ("- laptop\n- sinds gisteren", "nl", "laptop. sinds gisteren."),
        ("Zie https://help.example.org/wifi?x=1.", "nl", "Zie de website help punt example punt org."),
        ("Zie [het artikel](https://help.example.org/wifi)", "nl", "Zie het artikel."),
        ("jan_peeters@example.org", "nl", "jan liggend streepje peeters apenstaartje example punt org."),
        ("jan-p@example.org", "fr", "jan tiret p arobase example point org."),
        ("Uw ticket is 1042.", "nl", "Uw ticket is 1 0 4 2."),
        ("fout 0x80070057", "nl", "fout 0 x 8 0 0 7 0 0 5 7."),
        ("van 8.30 tot 17.00 uur", "nl", "van 8 uur 30 tot 17 uur."),
        ("10.000 euro, 192.168.1.10", "nl", "10.000 euro, 192.168.1.10."),
        ("2,5 GB, bv. 10 %", "nl", "2,5 gigabyte, bijvoorbeeld 10 procent."),
        ("5 GB, e.g. 10%", "en", "5 gigabytes, for example 10 percent."),
        ("No. That is all.", "en", "No. That is all."),
        ("Bel 0470 12 34 56", "nl", "Bel nul vier zeven nul, twaalf, vierendertig, zesenvijftig."),
        ("+32 2 555 71 91", "fr", "zéro deux cinq, cinquante-cinq, septante et un, nonante et un."),
        ("Call +32470123456", "en", "Call zero four seven zero, twelve, thirty-four, fifty-six."),
        ("😀 ok 👍🏽", "nl", "ok."),
        ("", "nl", ""),
    ],
)  # fmt: skip
def test_what_is_said(written: str, language: str, spoken: str) -> None:
    assert ear.said(written, language) == spoken


def test_the_helpdesks_own_pages_are_named_shortly() -> None:
    spoken = ear.said("Lees het op https://balie.example.org/help/wifi", "nl", "balie.example.org")
    assert spoken == "Lees het op onze website."


def test_choices_have_their_keys() -> None:
    assert ear.choices(["Ja", "Nee"], "nl") == "Zeg ja, of druk 1; of nee, of druk 2."
    assert ear.choices(["Passer"], "fr") == "Dites passer ou appuyez sur le 1."
    assert ear.choices(["VPN", "Wi-Fi"], "en") == "Say VPN, or press 1; or Wi-Fi, or press 2."
    assert ear.choices([], "en") == ""


def test_scores_are_their_own_keys() -> None:
    assert ear.choices(["1 · heel slecht", "2", "3"], "nl") == WORDS["nl"].scores


@pytest.mark.parametrize(
    ("pair", "words"),
    [
        ("05", ("nul vijf", "zéro cinq", "zero five")),
        ("21", ("eenentwintig", "vingt et un", "twenty-one")),
        ("72", ("tweeënzeventig", "septante-deux", "seventy-two")),
        ("80", ("tachtig", "quatre-vingts", "eighty")),
        ("81", ("eenentachtig", "quatre-vingt-un", "eighty-one")),
        ("95", ("vijfennegentig", "nonante-cinq", "ninety-five")),
    ],
)
def test_numbers_as_they_are_said_here(pair: str, words: tuple[str, str, str]) -> None:
    assert tuple(ear.number_word(pair, language) for language in ("nl", "fr", "en")) == words


def test_a_number_is_read_back_digit_by_digit() -> None:
    assert ear.digits("+32470123456", "nl") == "nul vier zeven nul, één twee, drie vier, vijf zes"
    assert ear.digits("+33123456789", "fr").startswith("plus trois trois")
