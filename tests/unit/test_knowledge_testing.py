"""What a test of the article search asks, and the figures that it gives."""

from __future__ import annotations

import pytest

from bot.knowledge.testing import Asked, Question, by_language, figures, outcome, read_questions
from bot.model.errors import ContentError

SLUGS = {"wifi", "vpn", "printer"}
FILE = """
language: nl
questions:
  - text: geen draadloos netwerk in de refter
    articles: [wifi, vpn]
  - text: wat eten we vandaag
    articles: []
"""


def asked(articles: set[str], *found: str, language: str = "nl") -> Asked:
    return Asked(Question("vraag", language, frozenset(articles), "vragen.yml", 3), found)


def test_questions_are_read_with_their_places() -> None:
    first, second = read_questions(FILE, "vragen.yml", SLUGS)
    assert (first.text, first.language, first.articles) == (
        "geen draadloos netwerk in de refter", "nl", {"wifi", "vpn"},
    )  # fmt: skip
    assert (second.articles, second.file, second.line) == (frozenset(), "vragen.yml", 6)


@pytest.mark.parametrize(
    ("text", "line", "what"),
    [
        ("questions: []", 1, "does not say of which language"),
        ("language: nl\nquestions: []", 1, "there are no questions"),
        ("language: nl\nquestions:\n- text: x\n  articles: [wifii]", 4, "there is no article 'wifii'"),
        ("language: nl\nquestions:\n- text: x", 3, "has no articles"),
        ("language: nl\nquestions:\n- text: ''\n  articles: []", 3, "has no text"),
        ("language: nl\nquestions:\n- text: x\n  article: wifi", 4, "article"),
    ],
)
def test_what_is_wrong_in_a_file_is_told(text: str, line: int, what: str) -> None:
    with pytest.raises(ContentError) as refused:
        read_questions(text, "vragen.yml", SLUGS)
    assert any(each.line == line and what in each.what for each in refused.value.problems), refused.value


def test_the_figures() -> None:
    all_ = [
        asked({"wifi"}, "wifi", "vpn"), asked({"wifi"}, "vpn", "printer", "wifi"), asked({"wifi"}, "vpn"),
        asked({"wifi"}), asked(set()), asked(set(), "vpn"),
    ]  # fmt: skip
    of = figures(all_)
    assert (of.answerable, of.unanswerable) == (4, 2)
    assert (of.first, of.third, of.nothing, of.refused) == (0.25, 0.5, 0.25, 0.5)
    assert of.mrr == pytest.approx((1 + 1 / 3) / 4)
    assert figures([]).first == 0.0
    assert by_language([asked({"wifi"}, language="fr"), *all_]).keys() == {"fr", "nl"}


def test_an_error_says_what_was_found_instead() -> None:
    told = outcome(asked({"wifi"}, "vpn"))
    assert (told["articles"], told["found"], told["rank"], told["place"]) == (
        ["wifi"], ["vpn"], None, "vragen.yml:3",
    )  # fmt: skip
