"""Entities: what is found, which of two wins, and that no text is slow or breaks it."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nlu.entities import EntityExtractor, Wordlist
from nlu.features import clean
from nlu.lookup import wordings_of
from nlu.patterns import problem_of
from tests.cpu import least_cpu

NOW = datetime(2026, 11, 23, 15, 30, tzinfo=UTC)
"""A Monday."""
LOOKUPS = {
    "device": [
        "printer",
        "laptop",
        "schootcomputer",
        "all-in-one printer",
        "imprimante réseau",
        "gsm",
        "iphone",
    ],
    "connection": ["gsm", "4g", "wifi"],
}
SYNONYMS = {
    "laptop": ["laptop", "schootcomputer", "klapcomputer"],
    "smartphone": ["gsm", "iphone"],
    "mobile": ["gsm", "4g"],
}
WORDS = Wordlist(
    tuple(wordings_of(LOOKUPS, SYNONYMS)),
    (("badge", r"\bB-(\d{4})\b"), ("room", r"\blokaal (?P<value>\w+)")),
    {"klas": "class"},
)
EXTRACTOR = EntityExtractor({"nl": WORDS, "fr": Wordlist(), "en": Wordlist()}, now=lambda: NOW)


def found(text: str, language: str = "nl", asked: str | None = None) -> list[tuple[str, str]]:
    return [(one.entity, one.value) for one in EXTRACTOR.extract(clean(text), language, asked)]


@pytest.mark.parametrize(
    ("text", "entity", "value"),
    [
        ("mail naar Jan.Peeters@Example.COM.", "email", "jan.peeters@example.com"),
        ("bel 0470/12.34.56", "phone", "+32470123456"),
        ("bel 02 555 12 12 a.u.b.", "phone", "+3225551212"),
        ("+31 6 12345678", "phone", "+31612345678"),
        ("hoe zit het met ticket 1042?", "ticket_number", "1042"),
        ("mijn ticketnummer is 1042", "ticket_number", "1042"),
        ("numéro de ticket : 1042", "ticket_number", "1042"),
        ("ticket n° 1042", "ticket_number", "1042"),
        ("over #1042 graag", "ticket_number", "1042"),
        ("https://intranet.example.com/a?b=1.", "url", "https://intranet.example.com/a?b=1"),
        ("de site portaal.example.be laadt niet", "url", "portaal.example.be"),
        ("www.example.com!", "url", "www.example.com"),
        ("ping 192.168.1.1 lukt", "ip_address", "192.168.1.1"),
        ("2001:DB8::1", "ip_address", "2001:db8::1"),
        ("error 691", "error_code", "691"),
        ("code erreur 5", "error_code", "5"),
        ("foutmelding: 0x80070005", "error_code", "0x80070005"),
        ("error 49.4C02", "error_code", "49.4C02"),
        ("error 5. Daarna niets", "error_code", "5"),
        ("foutcode is E-204", "error_code", "E-204"),
        ("ik zie ERR_CONNECTION_REFUSED", "error_code", "ERR_CONNECTION_REFUSED"),
        ("we zijn met 14", "number", "14"),
        ("2,5 meter", "number", "2.5"),
        ("badge B-1234", "badge", "1234"),
        ("in lokaal klas", "room", "class"),
    ],
)
def test_found(text: str, entity: str, value: str) -> None:
    assert (entity, value) in found(text)


@pytest.mark.parametrize(
    "text",
    [
        "1042",
        "we hebben 1042 gebruikers",
        "ticket",
        "ik bel 1000 keer",
        "code 123456",
        "kleur #fff",
        "24/7",
        "12:30:45",
    ],
)
def test_a_number_alone_is_no_ticket_error_address_or_day(text: str) -> None:
    assert not {name for name, _ in found(text)} & {
        "ticket_number",
        "error_code",
        "phone",
        "ip_address",
        "date",
    }


@pytest.mark.parametrize("asked", ["ticket_number", "ticket_asked"])
def test_a_number_alone_is_a_ticket_when_one_is_asked(asked: str) -> None:
    assert found("1042", asked=asked) == [("ticket_number", "1042")]


def test_lookups_synonyms_and_accents() -> None:
    assert found("mijn Schootcomputer") == [("device", "laptop")]
    assert found("die klapcomputer") == [("device", "laptop")]
    assert found("l'imprimante reseau") == [("device", "imprimante réseau")]
    assert found("IMPRIMANTE RÉSEAU") == [("device", "imprimante réseau")]
    assert found("printers") == []


def test_the_pack_may_give_a_word_two_meanings() -> None:
    assert sorted(found("op mijn gsm")) == [("connection", "mobile"), ("device", "smartphone")]
    assert found("mijn 4g") == [("connection", "mobile")]


def test_the_longest_match_wins() -> None:
    assert found("de all-in-one printer hapert") == [("device", "all-in-one printer")]
    assert found("http://192.168.1.1/x van 5@example.be") == [
        ("url", "http://192.168.1.1/x"),
        ("email", "5@example.be"),
    ]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Jan Peeters", "Jan Peeters"),
        ("jan van de velde", "Jan van de Velde"),
        ("ROGER VERMEULEN", "Roger Vermeulen"),
        ("ik heet Fatima El Amrani.", "Fatima El Amrani"),
        ("Hallo, mijn naam is Jan Peeters, van de boekhouding", "Jan Peeters"),
        ("je m'appelle Anne-Sophie d'Hondt", "Anne-Sophie d'Hondt"),
        ("my name is O'Brien", "O'Brien"),
        ("mevrouw Claes", "Claes"),
    ],
)
def test_a_name_is_found_when_it_is_asked(text: str, name: str) -> None:
    assert ("name", name) in found(text, asked="customer_name")
    assert "name" not in {entity for entity, _ in found(text)}


@pytest.mark.parametrize(
    "text",
    [
        "weet ik niet",
        "waarom wilt u dat weten",
        "no",
        "",
        "👍",
        "mijn printer doet het weer niet meer vandaag",
    ],
)
def test_what_is_no_name(text: str) -> None:
    assert "name" not in {entity for entity, _ in found(text, asked="customer_name")}


def test_words_that_are_articles_as_well_are_numbers_only_as_an_answer() -> None:
    assert found("drie") == [("number", "3")]
    assert found("een", asked="floor") == [("number", "1")]
    assert found("een") == found("een printer", asked="floor")[1:] == []


@settings(max_examples=150, deadline=None)
@given(
    st.text(max_size=200)
    | st.lists(
        st.sampled_from(
            [
                "#",
                "1",
                "@",
                ".",
                ":",
                "/",
                "_",
                "-",
                "'",
                "a",
                "Z",
                "é",
                "ticket",
                "printer",
                "www.",
                "+32",
                "gsm",
                "mei",
            ]
        )
    ).map("".join),
    st.sampled_from(["nl", "fr", "en", "de"]),
    st.sampled_from([None, "customer_name", "ticket_asked", "customer_phone"]),
)
def test_offsets_are_right_and_nothing_overlaps_for_any_text(
    text: str, language: str, asked: str | None
) -> None:
    cleaned = clean(text)
    entities = EXTRACTOR.extract(cleaned, language, asked)
    for one in entities:
        assert 0 <= one.start < one.end <= len(text)
        assert cleaned[one.start : one.end] == one.text
        assert one.value
    spans = sorted({(one.start, one.end) for one in entities})
    assert all(first[1] <= second[0] for first, second in pairwise(spans))


HOSTILE = (
    "a,1,a ,1 ,a@,a.b.,<a,#1 ,é,a',A_,+3 ,http://,ik heet ,0x,1/1 ,::,code 1 ,ticket nummer ,(0 ,jan-"
    ",2 dagen ,3 mei "
)


@pytest.mark.parametrize("seed", HOSTILE.split(","))
def test_fifty_thousand_characters_take_less_than_fifty_milliseconds(seed: str) -> None:
    text = (seed * 50_000)[:50_000]
    EXTRACTOR.extract(clean(seed), "nl", "customer_name")
    assert least_cpu(lambda: EXTRACTOR.extract(clean(text), "nl", "customer_name")) < 0.05


@pytest.mark.parametrize(
    "pattern", ["(a+)+$", "(a|aa)+$", "(.*)*x", "(\\w+\\s?)*!", "[a-z]+[a-z]+[a-z]+[a-z]+$"]
)
def test_patterns_that_can_blow_up_are_refused(pattern: str) -> None:
    assert problem_of(pattern)


@pytest.mark.parametrize("pattern", [r"\bB-\d{4}\b", r"(?i)pc\d{3,5}", "lokaal [a-z]{1,3}[0-9]"])
def test_plain_patterns_are_accepted(pattern: str) -> None:
    assert problem_of(pattern) == ""
