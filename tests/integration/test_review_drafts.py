"""Solutions that were proposed as articles: who sees them, what becomes of them, and the file that begins one."""

from __future__ import annotations

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from bot.knowledge.parsing import LABELS, parse_article
from bot.model.errors import Problem
from bot.store.article_drafts import ArticleDraft
from handoff.review.drafts import article_of, slug_of
from tests.fixtures_pages import Visited, visited
from tests.integration.test_desk_deeds import mine

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
    assert (await riet.post("/review/drafts/1/publish")).status == 403
    assert (await edwin.post("/review/drafts/1/publish")).headers["Location"] == "/review/drafts?state=draft"
    assert 'data-testid="drafts-empty"' in await edwin.text("/review/drafts")
    assert 'data-testid="draft-item"' in await edwin.text("/review/drafts?state=published")
    for nothing in ("/review/drafts/9/publish", "/review/drafts/x/drop", "/review/drafts/1/explode"):
        assert (await edwin.post(nothing)).status == 404, nothing


WORDS = st.text(min_size=1, max_size=80).filter(lambda text: bool(text.strip()))


@given(WORDS, WORDS, st.sampled_from(sorted(LABELS)))
def test_every_draft_begins_an_article_that_can_be_read(title: str, text: str, language: str) -> None:
    draft = ArticleDraft(1, "c", 1001, language, "wifi_problem", title, text, "els", 0.0, "draft")
    problems: list[Problem] = []
    article = parse_article(article_of(draft, date(2026, 11, 24)), "slug", language, "a.md", problems)
    assert article is not None, problems
    assert (article.language, article.intents, len(article.steps)) == (language, ("wifi_problem",), 1)


@given(st.text(max_size=300))
def test_a_files_name_is_plain(title: str) -> None:
    slug = slug_of(title)
    assert slug.isascii()
    assert slug == slug.lower()
    assert 0 < len(slug) <= 60
    assert set(slug) <= set("abcdefghijklmnopqrstuvwxyz0123456789-")
