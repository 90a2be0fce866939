"""What a recogniser spells: numbers in words, and addresses and codes of them."""

from __future__ import annotations

import pytest

from nlu.finders.number_words import runs
from nlu.lookup import fold, split
from tests.unit.test_nlu_entities import found


@pytest.mark.parametrize(
    ("language", "text", "digits", "value"),
    [
        ("nl", "drieëntwintig schermen", "23", 23),
        ("nl", "drie en twintig schermen", "23", 23),
        ("nl", "zeshonderd eenennegentig", "691", 691),
        ("nl", "tweehonderdvijftig", "250", 250),
        ("nl", "drieduizend tweehonderd elf", "3211", 3211),
        ("nl", "vierhonderd zeventig twaalf", "47012", None),
        ("nl", "vijf twee een probleem", "52", None),
        ("fr", "dix-sept", "17", 17),
        ("fr", "soixante et onze", "71", 71),
        ("fr", "septante", "70", 70),
        ("fr", "quatre-vingt-dix-neuf", "99", 99),
        ("fr", "six cent nonante et un", "691", 691),
        ("fr", "deux mille vingt-quatre", "2024", 2024),
        ("fr", "quatre cent septante douze", "47012", None),
        ("en", "forty-two", "42", 42),
        ("en", "a hundred and twenty", "120", 120),
        ("en", "three thousand two hundred and eleven", "3211", 3211),
        ("en", "oh four seven oh", "0470", None),
        ("en", "twenty nineteen", "2019", None),
    ],
)
def test_a_spelled_number_is_read(language: str, text: str, digits: str, value: int | None) -> None:
    folded = fold(text)
    [run] = runs(folded, split(folded), language)
    assert (run.digits, run.value) == (digits, value)


@pytest.mark.parametrize(
    ("language", "text"),
    [("nl", "een printer"), ("fr", "une imprimante"), ("en", "a laptop"), ("de", "zwei")],
)
def test_articles_and_other_languages_are_no_numbers(language: str, text: str) -> None:
    folded = fold(text)
    assert runs(folded, split(folded), language) == ()


@pytest.mark.parametrize(
    ("language", "text", "entity", "value"),
    [
        ("nl", "jan punt peeters apenstaartje voorbeeld punt be", "email", "jan.peeters@voorbeeld.be"),
        ("fr", "marie tiret claire arobase exemple point be", "email", "marie-claire@exemple.be"),
        ("en", "it is john dot smith at mail dot example dot com", "email", "john.smith@mail.example.com"),
        ("nl", "w w w punt voorbeeld punt be werkt niet", "url", "www.voorbeeld.be"),
        ("en", "ten dot zero dot zero dot twelve", "ip_address", "10.0.0.12"),
        ("nl", "bel nul vier zeven nul twaalf vierendertig zesenvijftig", "phone", "+32470123456"),
        (
            "fr",
            "le plus trente deux quatre cent septante douze trente quatre cinquante six",
            "phone",
            "+32470123456",
        ),
        ("fr", "le ticket numéro trois mille deux cent onze", "ticket_number", "3211"),
        ("en", "error code five hundred fifty", "error_code", "550"),
        ("nl", "inventarisnummer acht acht een twee drie", "asset_number", "88123"),
        ("en", "the computer name is p c dash sales dash zero seven", "host_name", "pc-sales-07"),
        ("nl", "in lokaal vier punt twaalf", "room", "4.12"),
    ],
)
def test_what_is_dictated_is_written_as_it_would_be_typed(
    language: str, text: str, entity: str, value: str
) -> None:
    assert (entity, value) in found(text, language)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("nl", "ik heb vijf punten gemaakt"),
        ("nl", "punt be"),
        ("en", "meet me at work dot"),
        ("en", "call me at three"),
        ("fr", "un point c'est tout"),
        ("nl", "tien punt duizend punt nul punt twaalf"),
    ],
)
def test_words_that_only_look_dictated_are_no_address(language: str, text: str) -> None:
    assert not {name for name, _ in found(text, language)} & {"email", "url", "ip_address", "phone"}
