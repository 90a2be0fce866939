"""Articles: what is read, what is refused and where, and that no HTML of theirs does harm."""

from __future__ import annotations

from datetime import date

import pytest

from bot.knowledge.articles import Articles, load_articles
from bot.knowledge.parsing import plain
from bot.knowledge.rendering import render_article, render_markdown
from bot.model.errors import ContentError, NotFound
from bot.model.languages import alphabetical

GOOD = """---
title: Een trage computer
summary: Wat u kunt doen.
kind: fix
intents: [computer_slow]
keywords: [traag, sloom]
minutes: 7
updated: 2026-11-23
---

Een inleiding met [een verwijzing](slow-computer).

1. **Start opnieuw op.** Klik op **Start**
   en dan op `Opnieuw`.
   - Waarom: Dat maakt het geheugen leeg.
   - Resultaat: Alles gaat vlotter,
     ook de muis.
   - Duur: 5 min
2. **Sluit tabbladen.** Laat er weinig open.
   - Waarom: Elk tabblad kost geheugen.
   - Resultaat: Minder geheugen in gebruik.
   - Duur: 2 min

## Voor gevorderde gebruikers

- `top -o cpu`
"""
FRENCH = (
    GOOD.replace("Waarom:", "Pourquoi :")
    .replace("Resultaat:", "Résultat\u00a0:")
    .replace("Duur:", "Durée :")
    .replace("Voor gevorderde gebruikers", "Pour les utilisateurs avancés")
)
NL, FR = "kb/nl/slow-computer.md", "kb/fr/slow-computer.md"


def load(text: str, path: str = NL) -> Articles:
    return load_articles({path: text})


def test_an_article_is_read() -> None:
    article = load(GOOD).get("slow-computer", "nl")
    assert article.title == "Een trage computer"
    assert article.updated == date(2026, 11, 23)
    assert article.intents == ("computer_slow",)
    first, second = article.steps
    assert first.title == "Start opnieuw op."
    assert first.text.replace("\n", " ") == "Klik op Start en dan op Opnieuw."
    assert first.result == "Alles gaat vlotter, ook de muis."
    assert (first.minutes, second.minutes) == (5, 2)
    assert article.advanced == "- `top -o cpu`"


def test_how_customers_ask_for_it_is_read_and_may_be_left_out() -> None:
    asked = GOOD.replace(
        "minutes: 7", "questions:\n  - Alles hapert, hoe kan dat?\n  - pc doet er lang over\nminutes: 7"
    )
    article = load(asked).get("slow-computer", "nl")
    assert article.questions == ("Alles hapert, hoe kan dat?", "pc doet er lang over")
    assert load(GOOD).get("slow-computer", "nl").questions == ()
    assert load(asked).content_hash != load(GOOD).content_hash


def test_languages_fall_back() -> None:
    articles = load_articles({NL: GOOD, FR: FRENCH})
    assert articles.get("slow-computer", "fr").language == "fr"
    assert articles.get("slow-computer", "en").language == "nl"
    assert [article.language for article in articles.in_language("fr")] == ["fr"]
    assert articles.find("unknown", "nl") is None
    with pytest.raises(NotFound):
        articles.get("unknown", "nl")
    assert [article.slug for article in articles.for_intent("computer_slow", "en")] == ["slow-computer"]


@pytest.mark.parametrize(
    ("text", "line", "what"),
    [
        ("no front matter", 1, "no front matter"),
        (GOOD.replace("title: Een trage computer\n", ""), 8, "no 'title'"),
        (GOOD.replace("title: Een", "title: Een: twee"), 2, "not YAML"),
        (GOOD.replace("kind: fix", "kind: story"), 4, "'story' is no kind"),
        (GOOD.replace("keywords: [traag, sloom]", "keywords: traag"), 6, "must be a list"),
        (GOOD.replace("minutes: 7", "minutes: soon"), 7, "must be a number"),
        (GOOD.replace("2026-11-23", "yesterday"), 8, "not a date"),
        (GOOD.replace("updated: 2026-11-23\n", ""), 8, "no 'updated'"),
        (GOOD.replace("minutes: 7", "minutse: 7"), 7, "unknown key 'minutse'"),
        (GOOD.replace("2. **", "3. **"), 19, "has the number 3"),
        (GOOD.replace("**Sluit tabbladen.**", "Sluit tabbladen."), 19, "has no title"),
        (GOOD.replace("   - Duur: 2 min\n", ""), 19, "no 'Duur:'"),
        (GOOD.replace("Duur: 2 min", "Duur: even"), 19, "cannot be read"),
        (GOOD.replace("(slow-computer)", "(no-such-article)"), 11, "unknown article 'no-such-article'"),
        (GOOD.replace("## Voor gevorderde gebruikers", "## Meer"), 24, "has no place here"),
        (GOOD.split("1. **")[0], 10, "there are no steps"),
    ],
)
def test_what_is_wrong_is_named_with_its_line(text: str, line: int, what: str) -> None:
    with pytest.raises(ContentError) as caught:
        load(text)
    assert any(problem.line == line and what in problem.what for problem in caught.value.problems), (
        caught.value
    )


def test_what_is_wrong_between_articles_is_named() -> None:
    shorter = FRENCH.split("2. **")[0]
    with pytest.raises(ContentError, match="another number of steps"):
        load_articles({NL: GOOD, FR: shorter})
    with pytest.raises(ContentError, match="other intents"):
        load_articles({NL: GOOD, FR: FRENCH.replace("computer_slow", "computer_crash")})
    with pytest.raises(ContentError, match="'computer_slow' does not exist"):
        load_articles({NL: GOOD}, intents={"wifi_problem"})
    with pytest.raises(ContentError, match="no slug"):
        load_articles({"kb/nl/Slow Computer.md": GOOD})
    with pytest.raises(ContentError, match="not a language"):
        load_articles({"kb/de/slow-computer.md": GOOD})


def test_plain_text_has_no_marks() -> None:
    assert (
        plain("Klik **hier** op [Start](start) en *nu* op `x_y_z` of a_b_c")
        == "Klik hier op Start en nu op x_y_z of a_b_c"
    )


HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](data:text/html;base64,PHN2Zz4=)",
    "<a href='vbscript:x'>y</a>",
    "![x](https://example.org/track.png)",
    '<div style="background:url(javascript:alert(1))">',
    "<svg/onload=alert(1)>",
    '[x](https://example.org "a\\" onmouseover=\\"alert(1)")',
]


@pytest.mark.parametrize("markdown", HOSTILE)
def test_hostile_markdown_becomes_text(markdown: str) -> None:
    html = render_markdown(markdown, lambda slug: f"/help/nl/{slug}").lower()
    tags = html.split("<")[1:]
    assert all(tag.lstrip("/").startswith(("p>", 'a href="https://', "a>")) for tag in tags), html
    assert not any(" on" in tag.split(">")[0].replace('title="', "").split('"')[0] for tag in tags)


def test_links_between_articles_become_addresses() -> None:
    rendered = render_article(load(GOOD).get("slow-computer", "nl"), lambda slug: f"/help/nl/{slug}")
    assert 'href="/help/nl/slow-computer"' in rendered.intro
    assert "<strong>Start</strong>" in rendered.steps[0].text
    assert "<code>top -o cpu</code>" in rendered.advanced


def test_titles_stand_as_in_a_dictionary() -> None:
    assert sorted(["Zoom", "Écran noir", "Yammer", "Être absent", "eau"], key=alphabetical) == [
        "eau", "Écran noir", "Être absent", "Yammer", "Zoom",
    ]  # fmt: skip
