"""Rooms, floors, machines, stickers, what screens say, and what counts as a number."""

from __future__ import annotations

import pytest

from tests.unit.test_nlu_entities import EXTRACTOR, found


@pytest.mark.parametrize(
    ("language", "text", "entity", "value"),
    [
        ("fr", "au local A1.12", "room", "A1.12"),
        ("en", "in meeting room Everest", "room", "Everest"),
        ("nl", "vergaderzaal dijle heeft geen beeld", "room", "dijle"),
        ("nl", "op de derde verdieping", "floor", "3"),
        ("nl", "op het gelijkvloers", "floor", "0"),
        ("nl", "ze zit op de vierde", "floor", "4"),
        ("fr", "à l'étage 2", "floor", "2"),
        ("fr", "au rez-de-chaussée", "floor", "0"),
        ("en", "3rd floor", "floor", "3"),
        ("en", "in the basement", "floor", "-1"),
        ("nl", "de server srv-file01 hapert", "host_name", "srv-file01"),
        ("nl", "Computernaam: PC-BOEKH-07", "host_name", "PC-BOEKH-07"),
        ("en", "print01.example.local is down", "host_name", "print01.example.local"),
        ("nl", "assetnummer LT-00421", "asset_number", "LT-00421"),
        ("fr", "numéro de série 5CG0412XYZ", "asset_number", "5CG0412XYZ"),
        ("en", "device BE-LAP-0231 is broken", "asset_number", "BE-LAP-0231"),
        ("nl", 'er staat "Kan niet verbinden" en dan niks', "error_text", "Kan niet verbinden"),
        ("fr", "il est écrit « accès refusé »", "error_text", "accès refusé"),
        ("en", "it says access denied", "error_text", "access denied"),
        ("nl", "ik krijg de melding dit bestand is vergrendeld", "error_text", "dit bestand is vergrendeld"),
        ("nl", "mijn ticket INC0012345", "ticket_number", "INC0012345"),
        ("nl", "er staan zeventien mensen", "number", "17"),
        ("fr", "septante onglets", "number", "70"),
        ("en", "i called twice", "number", "2"),
    ],
)
def test_found(language: str, text: str, entity: str, value: str) -> None:
    assert (entity, value) in found(text, language)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("nl", "de map “Facturen 2025” is weg"),
        ("nl", "er staat een kop koffie naast"),
        ("nl", "de melding komt telkens terug"),
        ("nl", "mijn moeder zegt internet is kapot"),
        ("fr", "ma collègue me dit tout est cassé"),
        ("en", "my mother says her computer is slow"),
        ("en", "the message keeps coming"),
        ("nl", "in de vergaderzaal is het koud"),
        ("nl", "ik mag geen vergaderzaal reserveren"),
        ("en", "office 365 won't open"),
        ("en", "the meeting room is cold"),
        ("fr", "la salle des serveurs"),
        ("nl", "in de tweede plaats"),
        ("fr", "pour la première fois"),
        ("nl", "de server is traag"),
        ("nl", "dat kost 849 euro"),
        ("en", "20% of it"),
        ("nl", "sinds 2019"),
        ("nl", "versie 11"),
        ("nl", "dat is vijf op vijf"),
        ("fr", "un écran neuf"),
        ("nl", "Bondgenotenlaan 12"),
    ],
)
def test_what_only_looks_like_it_is_not_found(language: str, text: str) -> None:
    assert found(text, language) == []


def test_what_else_stands_in_an_unquoted_text_is_not_hidden() -> None:
    assert found("er staat papier vast in de printer") == [("device", "printer")]
    assert found('er staat "printer offline"') == [("error_text", "printer offline")]


HOSTILE = (
    "twee ,honderd,duizend ,twee punt ,a punt ,a at b ,kwart voor ,half ,12:,srv-,a-1,lokaal ,derde ,er staat "
    ',de melding ,zegt a ,asset ,maandag om 3u ,quatre vingt ,a streepje ,op tien ,"a ,«,w w w ,is c est ,x.local '
)


@pytest.mark.parametrize("seed", HOSTILE.split(","))
@pytest.mark.parametrize("language", ["nl", "fr", "en"])
def test_any_text_is_read_without_an_error(seed: str, language: str) -> None:
    text = (seed * 2_000)[:2_000]
    for one in EXTRACTOR.extract(text, language, "customer_name"):
        assert text[one.start : one.end] == one.text
