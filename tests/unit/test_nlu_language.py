"""A conversation's language: found at once, kept against noise, changed for a real change."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nlu import language_tables
from nlu.language import LanguageIdentifier, learn_words

MARKERS = {
    "nl": ["ik", "mijn", "niet", "het", "een", "geen", "kan", "van", "meer", "sinds", "maar", "wat"],
    "fr": [
        "je",
        "mon",
        "ma",
        "pas",
        "le",
        "la",
        "plus",
        "une",
        "des",
        "c'est",
        "depuis",
        "mais",
        "ne",
        "est",
    ],
    "en": ["i", "my", "not", "the", "can", "cannot", "a", "since", "but", "what", "is", "it"],
}


@pytest.fixture(scope="module")
def identifier() -> LanguageIdentifier:
    return LanguageIdentifier(["nl", "fr", "en"], MARKERS)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("ik kan niet meer inloggen", "nl"),
        ("je n'arrive plus à me connecter", "fr"),
        ("i cannot log in anymore", "en"),
        ("bonjour", "fr"),
        ("mijn printer", "nl"),
    ],
)
def test_the_first_message_is_read(identifier: LanguageIdentifier, text: str, language: str) -> None:
    assert identifier.read(text, None).language == language


@pytest.mark.parametrize("text", ["", "👍", "1042", "!!!", "reset", "0x80070005"])
def test_what_says_nothing_is_in_the_default_language(identifier: LanguageIdentifier, text: str) -> None:
    assert identifier.read(text, None).language == "nl"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "ok",
        "hello",
        "bonjour",
        "reset password",
        "wifi down",
        "Microsoft Teams meeting add-in for Outlook",
        "ERR_CONNECTION_REFUSED",
        "the laptop",
        "jan.peeters@example.com https://intranet.example.com/the/page/is/not/found",
        "access denied",
    ],
)
def test_short_texts_and_loan_words_change_nothing(identifier: LanguageIdentifier, text: str) -> None:
    assert identifier.read(text, "nl").language == "nl"


def test_a_real_change_is_followed(identifier: LanguageIdentifier) -> None:
    found = identifier.read("je ne comprends pas, mon imprimante est en panne", "nl")
    assert found.language == "fr"
    assert found.confidence > 0.9
    assert identifier.read("i cannot print since my update", "fr").language == "en"


def test_an_unknown_current_language_counts_as_none(identifier: LanguageIdentifier) -> None:
    assert identifier.read("ma connexion ne marche plus depuis hier", "de").language == "fr"


def test_a_word_of_one_language_tells_only_of_a_first_message() -> None:
    identifier = LanguageIdentifier(["nl", "fr", "en"], MARKERS, {"en": {"cheers": 4}})
    assert identifier.read("cheers", None).language == "en"
    assert identifier.read("cheers", None, "fr").language == "en"
    assert identifier.read("cheers", "nl").language == "nl"


def test_a_word_that_the_page_s_language_has_too_tells_nothing() -> None:
    counts = {"nl": {"hello": 1}, "fr": {"hello": 2}, "en": {"hello": 10}}
    identifier = LanguageIdentifier(["nl", "fr", "en"], MARKERS, counts)
    found = {hint: identifier.read("hello", None, hint).language for hint in (None, "nl", "fr", "en", "de")}
    assert found == {None: "en", "nl": "nl", "fr": "fr", "en": "en", "de": "en"}


def test_a_borrowed_word_tells_nothing_where_its_borrowers_are_expected() -> None:
    counts = {"nl": {}, "fr": {}, "en": {"password": 90, "reset": 30}}
    identifier = LanguageIdentifier(["nl", "fr", "en"], {}, counts, {"nl": ["Password", "reset"]})
    found = {hint: identifier.read("password reset", None, hint).language for hint in ("nl", "fr", "en")}
    assert found == {"nl": "nl", "fr": "en", "en": "en"}
    assert identifier.read("password", None).language == "en"


def test_a_word_of_two_other_languages_does_not_tell_which() -> None:
    counts = {"nl": {"salut": 2}, "fr": {"salut": 11}, "en": {}}
    identifier = LanguageIdentifier(["nl", "fr", "en"], {}, counts)
    assert identifier.read("salut", None, "en").language == "fr"
    counts["nl"]["salut"] = 8
    identifier = LanguageIdentifier(["nl", "fr", "en"], {}, counts)
    assert identifier.read("salut", None, "en").language == "en"


def test_what_is_quoted_tells_nothing() -> None:
    counts = {"nl": {"staat": 9, "er": 9}, "fr": {}, "en": {"your": 9, "password": 9, "has": 9, "the": 9}}
    identifier = LanguageIdentifier(["nl", "fr", "en"], {}, counts)
    for quoted in ("'your password has the'", '"your password has the"', "“your password has the”"):
        assert identifier.read(f"er staat {quoted}", None, "en").language == "nl"
    assert identifier.read("the user's password", None, "nl").language == "en"


def test_one_language_needs_no_model() -> None:
    found = LanguageIdentifier(["fr"]).read("the quick brown fox is not here", None)
    assert (found.language, found.confidence) == ("fr", 1.0)


def test_markers_are_words_of_one_language_under_many_intents() -> None:
    examples = [(f"ik heb de laptop {n}", f"i{n}", "nl") for n in range(8)]
    examples += [(f"je veux de laptop {n}", f"i{n}", "fr") for n in range(8)]
    examples += [("hallo daar", "greet", "nl"), ("hallo", "greet", "nl")]
    markers, counts = learn_words(examples, ["nl", "fr"])
    assert markers == {"nl": ["heb", "ik"], "fr": ["je", "veux"]}
    assert counts["nl"] == {"de": 8, "hallo": 2, "heb": 8, "ik": 8, "laptop": 8}
    assert counts["fr"] == {"de": 8, "je": 8, "laptop": 8, "veux": 8}


@settings(max_examples=60, deadline=None)
@given(text=st.text(max_size=300), current=st.sampled_from([None, "nl", "fr", "en", "xx"]))
def test_any_text_is_read(identifier: LanguageIdentifier, text: str, current: str | None) -> None:
    found = identifier.read(text, current)
    assert found.language in ("nl", "fr", "en")
    assert 0.0 <= found.confidence <= 1.0


def test_the_tables_of_a_model_file_say_what_the_whole_identifier_says() -> None:
    texts = [
        "mijn scherm blijft zwart",
        "l'écran reste noir",
        "my screen stays black",
        "goeiemorgen",
        "ça va",
    ]
    whole = language_tables.whole(["nl", "fr", "en"])
    arrays = language_tables.cut(whole, texts)
    small: Any = language_tables.identifier(arrays)
    assert arrays["langid_moves"].nbytes < 10_000_000
    for text in [*texts, " ".join(texts), "", "een zin met alleen letters"]:
        assert dict(small.rank(text)) == pytest.approx(dict(whole.rank(text)), abs=1e-4)
    assert [share for _, share in small.rank("привет")] == pytest.approx([1 / 3] * 3)


def test_a_pack_with_one_language_has_no_tables() -> None:
    assert language_tables.identifier({}) is None
