"""Solutions that were proposed as articles: who sees them, what becomes of them, and the file that begins one."""

from __future__ import annotations

import re
from datetime import date
from html import unescape

import pytest
from aiohttp import ClientResponse
from hypothesis import given
from hypothesis import strategies as st

from bot.knowledge.parsing import LABELS, parse_article
from bot.model.errors import Problem
from bot.store.article_drafts import ArticleDraft
from bot.web.texts import words
from handoff.review.writing import article_of, slug_of, steps_of
from tests.fixtures_pages import Person, Visited
from tests.fixtures_pages import on_both as visited
from tests.integration.pages.test_desk_deeds import mine

pytestmark = pytest.mark.slow  # many pages, many times over

__all__ = ["visited"]


async def test_from_a_solution_to_a_written_article(visited: Visited) -> None:
    id_, els = await mine(visited)
    form = {"solution": "Stekker <b>omdraaien</b>.", "article": "on", "title": "Éérst de stekker: zo!"}
    await els.post(f"/desk/c/{id_}/resolve", form)
    riet, edwin = await visited.as_("riet"), await visited.as_("edwin")
    page = await riet.text("/review/drafts")
    assert "Stekker &lt;b&gt;omdraaien&lt;/b&gt;." in page
    assert "Els Vermeulen" in page
    assert 'data-testid="publish"' not in page, "an editor decides"
    got = await riet.get("/review/drafts/1/file")
    assert got.headers["Content-Disposition"] == 'attachment; filename="eerst-de-stekker-zo.md"'
    assert "title: 'Éérst de stekker: zo!'" in await got.text()
    assert (await riet.post("/review/drafts/1", {"do": "publish"})).status == 403
    assert 'data-testid="publish"' not in await riet.text("/review/drafts/1")
    assert (await edwin.post("/review/drafts/1/drop")).headers["Location"] == "/review/drafts?state=draft"
    assert 'data-testid="drafts-empty"' in await edwin.text("/review/drafts")
    assert 'data-testid="draft-item"' in await edwin.text("/review/drafts?state=dropped")
    assert (await edwin.post("/review/drafts/1/reopen")).status == 303
    for nothing in (
        "/review/drafts/9",
        "/review/drafts/9/drop",
        "/review/drafts/x/drop",
        "/review/drafts/1/explode",
    ):
        assert (await edwin.post(nothing)).status == 404, nothing
    assert (await edwin.get("/review/drafts/9")).status == 404


WHOLE = """---
title: Eerst de stekker
summary: Draai de stekker om wanneer de lader niets doet.
kind: fix
intents: [internet_down]
keywords: [stekker, lader]
minutes: 5
updated: 2026-11-24
---

Voor wie een lader heeft die niets doet.<script>alert(1)</script>

1. **Draai de stekker om.** Trek hem uit en steek hem er omgekeerd in.
   - Waarom: zo maakt hij weer contact.
   - Resultaat: het lampje brandt.
   - Duur: 5 min
"""


async def proposed(visited: Visited) -> tuple[str, Person]:
    """A draft, and an editor."""
    id_, els = await mine(visited)
    await els.post(
        f"/desk/c/{id_}/resolve", {"solution": "Stekker omdraaien.", "article": "on", "title": "Stekker"}
    )
    return id_, await visited.as_("edwin")


async def send(edwin: Person, text: str = WHOLE, *, page: str = "", **more: str) -> ClientResponse:
    found = re.search(r'name="version" value="(\w+)"', page or await edwin.text("/review/drafts/1?lang=en"))
    assert found
    return await edwin.post(
        "/review/drafts/1", {"text": text, "slug": "stekker", "version": found[1], **more}
    )


@pytest.mark.parametrize("language", ["nl", "fr", "en"])
async def test_what_is_wrong_is_said_in_the_editors_language(visited: Visited, language: str) -> None:
    _, edwin = await proposed(visited)
    wrong = WHOLE.replace("2026-11-24", "morgen").replace("   - Duur: 5 min\n", "")
    assert (await send(edwin, wrong, do="publish")).status == 400
    page, t = unescape(await edwin.text(f"/review/drafts/1?lang={language}")), words(language)
    for key, line, values in (("date", 8, {"name": "updated"}), ("no_label", 13, {"n": 1, "label": "Duur"})):
        assert t("drafts.line", n=line, what=t(f"drafts.wrong.{key}", **values)) in page


async def test_an_article_is_written_out_published_suggested_and_withdrawn(visited: Visited) -> None:
    _, edwin = await proposed(visited)
    page = await edwin.text("/review/drafts/1?lang=en")
    assert "Stekker omdraaien." in page
    answer = await send(edwin)
    assert answer.headers["Location"] == "/review/drafts/1?done=saved"
    page = await edwin.text("/review/drafts/1?lang=en")
    assert "Draai de stekker om." in page
    assert "<script>alert" not in page
    assert "stekker" not in visited.site.articles.by_slug
    reader = await visited.browser()
    assert (await reader.get("/help/nl/stekker")).status == 404
    answer = await send(edwin, do="publish")
    assert answer.headers["Location"] == "/review/drafts/1?done=published"
    shown = await (await reader.get("/help/nl/stekker")).text()
    assert "Draai de stekker om" in shown
    assert "<script>alert" not in shown
    assert [hit.article.slug for hit in visited.site.knowledge().search("lader stekker", "nl")] == ["stekker"]
    assert 'data-testid="draft-item"' in await edwin.text("/review/drafts?state=published")
    changed = WHOLE.replace("Eerst de stekker", "Altijd de stekker")
    assert (await send(edwin, changed, do="publish")).status == 303
    assert "Altijd de stekker" in await (await reader.get("/help/nl/stekker")).text()
    for place in ("/review/drafts?state=published", "/review/drafts/1"):
        assert "Altijd de stekker" in await edwin.text(place), "by its new name"
    assert (await send(edwin, changed, slug="anders")).status == 400
    assert (await edwin.post("/review/drafts/1/drop")).status == 303
    assert (await reader.get("/help/nl/stekker")).status == 404
    log = await (await visited.as_("admin")).text("/admin/audit?lang=en")
    for said in ("published", "took", "set"):
        assert said in log
    assert "article stekker" in log


@pytest.mark.parametrize(
    ("text", "slug", "said"),
    [
        (WHOLE, "Eerst de stekker", "small letters"),
        (WHOLE, "../../etc/passwd", "small letters"),
        (WHOLE, "reset-password", "already"),
        (WHOLE.replace("Draai de stekker om wanneer", "…"), "a", ""),
        (
            WHOLE.replace("summary: Draai de stekker om wanneer de lader niets doet.", "summary: …"),
            "a",
            "still a …",
        ),
        (WHOLE.replace("kind: fix", "kind: odd"), "a", "kind"),
        (WHOLE + "\n[elders](nergens-te-vinden)\n", "a", "nergens-te-vinden"),
        ("", "a", "front matter"),
        ("\x00" * 9, "a", "front matter"),
        ("---\n" + "x: [" * 900 + "\n---\n", "a", ""),
    ],
)
async def test_what_is_no_article_yet_is_not_published_and_not_lost(
    visited: Visited, text: str, slug: str, said: str
) -> None:
    _, edwin = await proposed(visited)
    answer = await send(edwin, text, slug=slug, do="publish")
    page = unescape(await answer.text())
    if not said:
        assert answer.status in (303, 400)
        return
    assert answer.status == 400
    assert said in page
    assert set(visited.site.articles.by_slug) == {"reset-password", "unlock-account"}
    assert text.replace("\x00", "").strip() in page


async def test_of_two_editors_the_second_is_told(visited: Visited) -> None:
    _, edwin = await proposed(visited)
    seen = await edwin.text("/review/drafts/1?lang=en")
    assert (await send(edwin, "Van mij")).status == 303
    answer = await send(edwin, "Van jou", page=seen)
    assert answer.status == 409
    page = await answer.text()
    assert "Van jou" in page
    assert (await send(edwin, "Van jou", page=page)).status == 303
    assert "Van jou" in await edwin.text("/review/drafts/1")


async def test_an_article_that_others_lead_to_stays(visited: Visited) -> None:
    _, edwin = await proposed(visited)
    await send(edwin, do="publish")
    path, library = "kb/nl/elders.md", visited.site.library
    other = WHOLE.replace("omgekeerd in.", "omgekeerd in. Zie [de stekker](stekker).")
    await library.keep(path, other, version=library.version(path), actor="edwin", what="")
    answer = await edwin.post("/review/drafts/1/reopen")
    assert answer.status == 409
    assert "stekker" in visited.site.articles.by_slug
    assert 'data-testid="draft-item"' in await edwin.text("/review/drafts?state=published")


WORDS = st.text(min_size=1, max_size=80).filter(lambda text: bool(text.strip()))


@given(WORDS, WORDS, st.sampled_from(sorted(LABELS)))
def test_every_draft_begins_an_article_that_can_be_read(title: str, text: str, language: str) -> None:
    draft = ArticleDraft(1, "c", 1001, language, "wifi_problem", title, text, "els", 0.0, "draft")
    problems: list[Problem] = []
    article = parse_article(article_of(draft, date(2026, 11, 24)), "slug", language, "a.md", problems)
    assert article is not None, problems
    assert (article.language, article.intents, len(article.steps)) == (
        language,
        ("wifi_problem",),
        len(steps_of(text)),
    )


def test_each_line_of_a_solution_is_a_step() -> None:
    text = "1. Stekker uit.\r\n2) Wacht  30 s.\n\n- 1.5 m kabel\n• Stekker in.\n3."
    assert steps_of(text) == ["Stekker uit.", "Wacht 30 s.", "1.5 m kabel", "Stekker in."]
    assert steps_of("-") == ["-"]
    draft = ArticleDraft(1, "c", 1001, "nl", "", "Stekker", text, "els", 0.0, "draft")
    article = parse_article(article_of(draft, date(2026, 11, 24)), "slug", "nl", "a.md", [])
    assert article
    assert len(article.steps) == 4
    assert [each.text for each in article.steps][1] == "Wacht 30 s."


@given(st.text(max_size=300))
def test_a_files_name_is_plain(title: str) -> None:
    slug = slug_of(title)
    assert slug.isascii()
    assert slug == slug.lower()
    assert 0 < len(slug) <= 60
    assert set(slug) <= set("abcdefghijklmnopqrstuvwxyz0123456789-")
