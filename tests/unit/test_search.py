"""Searching articles: by words, by meaning, across languages, with any text, and nothing when none fits."""

from __future__ import annotations

import re
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from bot.knowledge.articles import Articles, load_articles
from bot.knowledge.search import KnowledgeIndex, Weighing, Weighings
from bot.knowledge.vectors import VectorIndex

BODY = {
    "nl": "   - Waarom: Omdat het helpt.\n   - Resultaat: Het werkt.\n   - Duur: 1 min\n",
    "fr": "   - Pourquoi : Cela aide.\n   - Résultat : Tout marche.\n   - Durée : 1 min\n",
    "en": "   - Why: It helps.\n   - Result: It works.\n   - Time: 1 min\n",
}


def article(language: str, title: str, intent: str, keywords: str, step: str) -> str:
    return (
        f"---\ntitle: {title}\nsummary: {title}.\nkind: fix\nintents: [{intent}]\nkeywords: [{keywords}]\n"
        f"minutes: 1\nupdated: 2026-11-23\n---\n\nEen inleiding.\n\n1. **{step}** Tekst.\n{BODY[language]}"
    )


FILES = {
    "kb/nl/printer.md": article(
        "nl", "De printer drukt niet af", "printer_problem", "afdrukken, inkt", "Zet hem aan."
    ),
    "kb/fr/printer.md": article(
        "fr", "L'imprimante n'imprime pas", "printer_problem", "encre", "Allumez-la."
    ),
    "kb/en/printer.md": article(
        "en", "The printer does not print", "printer_problem", "ink", "Switch it on."
    ),
    "kb/nl/wifi.md": article(
        "nl", "Verbinden met wifi", "wifi_problem", "draadloos, netwerk", "Kies het netwerk."
    ),
    "kb/fr/wifi.md": article(
        "fr", "Se connecter au wifi", "wifi_problem", "sans fil", "Choisissez le réseau."
    ),
    "kb/nl/password.md": article(
        "nl", "Wachtwoord vergeten", "password_forgotten", "paswoord, reset", "Ga verder."
    ),
    "kb/en/vpn.md": article("en", "Connect to the VPN", "vpn_problem", "tunnel, remote", "Open the client."),
}


class Meanings:
    """An encoder with three meanings, known by a few words; it counts what it encodes."""

    name = "meanings 1"
    GROUPS = (
        ("print", "imprim", "paper"),
        ("wifi", "draadloos", "air"),
        ("wachtwoord", "password", "forgot"),
    )

    def __init__(self) -> None:
        self.seen: list[str] = []
        self.searched: list[str] = []

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        self.seen += texts
        rows = [
            [float(any(word in text.lower() for word in group)) for group in self.GROUPS] for text in texts
        ]
        array = np.array(rows, dtype=np.float32).reshape(len(texts), len(self.GROUPS))
        return array / np.maximum(np.linalg.norm(array, axis=1, keepdims=True), 1e-6)

    def passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        self.searched += texts
        return self.encode(texts)


@pytest.fixture(scope="module")
def articles() -> Articles:
    return load_articles(FILES)


@pytest.fixture(scope="module")
def words(articles: Articles) -> KnowledgeIndex:
    return KnowledgeIndex(articles)


def slugs(index: KnowledgeIndex, query: str, language: str = "nl", **options: str) -> list[str]:
    return [hit.article.slug for hit in index.search(query, language, **options)]  # pyright: ignore[reportArgumentType]


@pytest.mark.parametrize(
    ("query", "language", "first"),
    [
        ("mijn printer doet niets", "nl", "printer"),
        ("pinter", "nl", "printer"),  # a typo
        ("wifinetwerk", "nl", "wifi"),  # a compound
        ("draadlo", "nl", "wifi"),  # still typing
        ("réseau", "fr", "wifi"),
        ("reseau", "fr", "wifi"),  # without its accent
        ("L'IMPRIMANTE!!", "fr", "printer"),
        ("vpn tunnel", "nl", "vpn"),  # only there in English
        ("paswoord", "nl", "password"),
    ],
)
def test_words_find_articles(words: KnowledgeIndex, query: str, language: str, first: str) -> None:
    assert slugs(words, query, language)[0] == first


@pytest.mark.parametrize("query", ["", "   ", "hallo", "🙂", "de het een", "pizza margherita"])
def test_nothing_fits(words: KnowledgeIndex, articles: Articles, query: str) -> None:
    assert slugs(words, query) == []
    assert slugs(KnowledgeIndex(articles, Meanings()), query) == []


def test_an_article_comes_in_the_language_that_was_asked(words: KnowledgeIndex) -> None:
    assert words.search("printer", "en")[0].article.language == "en"
    assert words.search("wifi", "fr")[0].article.language == "fr"
    assert words.search("wifi", "en")[0].article.language == "nl"


def test_meaning_finds_what_words_do_not(words: KnowledgeIndex, articles: Articles) -> None:
    assert slugs(words, "something is in the air", "en") == []
    assert slugs(KnowledgeIndex(articles, Meanings()), "something is in the air", "en") == ["wifi"]


def test_how_much_words_count_and_what_fits_is_weighed(articles: Articles) -> None:
    def found(words: float, fits: float = 0.1) -> list[str]:
        weighing = Weighing(words=words, fits=fits)
        weighings = Weighings(weighing, weighing, whole=0.5, strange=0.2)
        return slugs(KnowledgeIndex(articles, Meanings(), weighings=weighings), "netwerk paper")

    assert found(words=0.95)[0] == "wifi"
    assert found(words=0.05)[0] == "printer"
    assert found(words=0.05, fits=1.5) == []


def test_words_count_otherwise_beside_an_intent(articles: Articles) -> None:
    beside, alone = Weighing(words=0.95, fits=0.1), Weighing(words=0.05, fits=0.1)
    asked: list[str] = []

    def about(text: str) -> dict[str, float]:
        asked.append(text)
        return {"password_forgotten": 0.1, "x": 0.9}

    def first(of: Articles) -> str:
        weighings = Weighings(beside, alone, whole=0.5, strange=0.2)
        return slugs(KnowledgeIndex(of, Meanings(), about=about, weighings=weighings), "netwerk paper")[0]

    assert first(articles) == "wifi"
    nameless = {file: re.sub(r"intents: .*", "intents: []", text) for file, text in FILES.items()}
    assert first(load_articles(nameless)) == "printer"
    assert asked == ["netwerk paper"], "where no article names an intent, none is asked for"


def test_what_an_article_says_is_a_passage_and_what_it_is_found_by_is_not(articles: Articles) -> None:
    encoder = Meanings()
    KnowledgeIndex(articles, encoder)
    assert len(encoder.searched) == len(list(articles))
    assert "Verbinden met wifi. Verbinden met wifi. draadloos, netwerk" in encoder.searched
    assert "Verbinden met wifi draadloos" in set(encoder.seen) - set(encoder.searched)


def test_the_whole_counts_for_more_or_less_beside_the_parts(articles: Articles) -> None:
    def score(whole: float) -> float:
        index = VectorIndex(articles, Meanings(), whole=whole)
        return index.search("wifi print")["wifi"]

    assert score(0.25) == pytest.approx(0.75 * score(0) + 0.25 * score(1))


def test_a_known_intent_decides_and_excluded_articles_stay_out(articles: Articles) -> None:
    index = KnowledgeIndex(articles, Meanings())
    assert slugs(index, "printer", intent="wifi_problem")[:2] == ["printer", "wifi"]
    assert slugs(index, "het werkt niet", intent="vpn_problem") == ["vpn"]
    assert slugs(index, "", intent="wifi_problem") == ["wifi"]
    assert [hit.article.slug for hit in index.search("printer", "nl", exclude={"printer"})] == []
    assert len(index.search("printer wifi wachtwoord", "nl", limit=2)) == 2


def test_what_a_text_is_likely_about_lifts_and_what_is_about_nothing_is_left(articles: Articles) -> None:
    likely = {"wifi_problem": 0.9, "vpn_problem": 0.1}
    index = KnowledgeIndex(articles, Meanings(), about=lambda _: likely)
    assert slugs(index, "niets werkt") == ["wifi"]
    assert slugs(index, "niets werkt", intent="vpn_problem") == ["vpn"], "what is known goes before"
    strange = KnowledgeIndex(articles, Meanings(), about=lambda _: {"wifi_problem": 0.05})
    assert slugs(strange, "niets werkt") == []
    plain = KnowledgeIndex(articles, Meanings())
    assert strange.search("printer", "nl")[0].score < plain.search("printer", "nl")[0].score


def test_a_question_for_an_article_says_not_which(articles: Articles) -> None:
    likely = {"knowledge_question": 0.95, "vpn_problem": 0.045}
    index = KnowledgeIndex(articles, Meanings(), about=lambda _: likely)
    assert slugs(index, "waar staat de uitleg")[0] == "vpn"


def test_what_follows_the_best_may_be_further_off(articles: Articles) -> None:
    likely = {"wifi_problem": 0.9, "vpn_problem": 0.45}
    index = KnowledgeIndex(articles, Meanings(), about=lambda _: likely)
    found = index.search("niets werkt", "nl")
    assert [hit.article.slug for hit in found] == ["wifi", "vpn"]
    alone = KnowledgeIndex(articles, Meanings(), about=lambda _: {"vpn_problem": 0.45, "x": 0.55})
    assert alone.search("niets werkt", "nl") == [], "alone it would not be enough"


def test_scores_fall_and_are_stable(articles: Articles) -> None:
    index = KnowledgeIndex(articles, Meanings())
    hits = index.search("printer en wifi", "nl")
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)
    assert hits == index.search("printer en wifi", "nl")


@given(st.text(max_size=300))
def test_any_text_may_be_asked(words: KnowledgeIndex, text: str) -> None:
    words.search(text, "nl")


@pytest.mark.parametrize(
    "query",
    [
        '"',
        "' OR 1=1 --",
        "printer NEAR(wifi, 3)",
        "title:printer",
        "^printer*",
        "a AND",
        "(((",
        "-printer",
        "{x}:y",
        "\0wifi\0",
    ],
)
def test_query_syntax_is_only_text(words: KnowledgeIndex, query: str) -> None:
    words.search(query, "nl")


def test_long_text_is_cut(words: KnowledgeIndex) -> None:
    assert slugs(words, "printer " + "x" * 100_000)[0] == "printer"
    assert slugs(words, "printer " * 20_000)[0] == "printer"


def test_vectors_are_made_once_and_only_for_what_changed(articles: Articles, tmp_path: Path) -> None:
    cache = tmp_path / "new" / "articles.npz"
    first, second, third = Meanings(), Meanings(), Meanings()
    before = KnowledgeIndex(articles, first, cache).search("printer", "nl")
    assert first.seen
    again = KnowledgeIndex(articles, second, cache)
    assert second.seen == []
    assert again.search("printer", "nl") == before
    changed = load_articles(
        {**FILES, "kb/nl/wifi.md": FILES["kb/nl/wifi.md"].replace("draadloos", "hotspot")}
    )
    KnowledgeIndex(changed, third, cache)
    assert 0 < len(third.seen) < len(first.seen) / 2
    assert all("hotspot" in text for text in third.seen)


@pytest.mark.parametrize("garbage", [b"", b"garbage", b"PK\x03\x04 cut off"])
def test_a_broken_cache_is_made_again(articles: Articles, tmp_path: Path, garbage: bytes) -> None:
    cache = tmp_path / "articles.npz"
    cache.write_bytes(garbage)
    encoder = Meanings()
    assert slugs(KnowledgeIndex(articles, encoder, cache), "printer")[0] == "printer"
    assert encoder.seen


def test_several_threads_may_search(words: KnowledgeIndex) -> None:
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda _: slugs(words, "mijn printer"), range(100)))
    assert all(slugs == found[0] for slugs in found)


def test_no_articles_at_all() -> None:
    assert KnowledgeIndex(load_articles({}), Meanings()).search("printer", "nl") == []


def test_a_title_is_found_by_any_of_its_words(words: KnowledgeIndex) -> None:
    def titles(query: str, language: str = "nl") -> list[str]:
        return [article.title for article in words.titled(query, language)]

    assert titles("niet") == ["De printer drukt niet af"], "a word that says nothing of the subject"
    assert titles("NIÉT pr") == ["De printer drukt niet af"]
    assert titles("l'imprimante", "fr") == ["L'imprimante n'imprime pas"]
    assert titles("connecter") == ["Verbinden met wifi"], "its title in another language"
    assert titles("the") == ["Connect to the VPN", "De printer drukt niet af"], "not there in Dutch"
    assert titles("with") == titles("printer wifi") == titles("") == titles("/ …") == []
    assert titles("ver") == ["Verbinden met wifi", "Wachtwoord vergeten"], "the beginning of a word"


def test_how_customers_ask_for_an_article_leads_to_it() -> None:
    asked = FILES["kb/nl/wifi.md"].replace(
        "minutes: 1", "questions: [Mijn gsm ziet de antenne niet]\nminutes: 1"
    )
    plain, index = (
        KnowledgeIndex(load_articles(FILES)),
        KnowledgeIndex(load_articles({**FILES, "kb/nl/wifi.md": asked})),
    )
    assert plain.search("waar is de antenne", "nl") == []
    assert [hit.article.slug for hit in index.search("waar is de antenne", "nl")] == ["wifi"]
    meanings = Meanings()
    KnowledgeIndex(load_articles({**FILES, "kb/nl/wifi.md": asked}), meanings)
    assert "Mijn gsm ziet de antenne niet" in meanings.seen
