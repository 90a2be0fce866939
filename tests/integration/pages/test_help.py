"""The help centre and a ticket's page, as customers see them: no login, no cookie."""

from __future__ import annotations

import pytest

from bot.store.feedback import feedback_counts
from bot.store.repositories import get_ticket
from tests.fixtures_pages import Visited, visited

__all__ = ["visited"]


async def test_the_way_in_follows_the_visitors_language(visited: Visited) -> None:
    browser = await visited.browser()
    for wish, language in (("fr-BE,nl;q=0.5", "fr"), ("en", "en"), ("de", "nl"), ("", "nl")):
        answer = await browser.get("/help", headers={"Accept-Language": wish}, allow_redirects=False)
        assert answer.headers["Location"] == f"/help/{language}/"


@pytest.mark.parametrize("language", ["nl", "fr", "en"])
async def test_home(visited: Visited, language: str) -> None:
    answer = await (await visited.browser()).get(f"/help/{language}/")
    page = await answer.text()
    assert answer.status == 200
    assert f'<html lang="{language}">' in page
    assert f"Wachtwoord {language}" in page
    for code in ("nl", "fr", "en"):
        address = visited.server.make_url(f"/help/{code}/")
        assert f'hreflang="{code}" href="{address}"' in page
    assert answer.headers["Cache-Control"] == "public, max-age=300"
    assert "Set-Cookie" not in answer.headers


async def test_an_article(visited: Visited) -> None:
    answer = await (await visited.browser()).get("/help/nl/reset-password")
    page = await answer.text()
    for shown in ("Wachtwoord nl", "Look at it", "to see", "you saw", "1 november 2026",
                  "<strong>kenners</strong>",
                  '<a href="/help/nl/unlock-account"', 'href="/help/fr/reset-password"'):  # fmt: skip
        assert shown in page, shown
    assert "<script>alert" not in page
    assert "Account ontgrendelen" not in page.split("<title>")[1].split("</title>")[0]
    assert "Set-Cookie" not in answer.headers


async def test_a_page_that_did_not_change_is_not_sent_again(visited: Visited) -> None:
    browser = await visited.browser()
    first = await browser.get("/help/nl/reset-password")
    again = await browser.get("/help/nl/reset-password", headers={"If-None-Match": first.headers["ETag"]})
    assert again.status == 304
    assert again.headers["ETag"] == first.headers["ETag"]


async def test_an_article_in_a_language_that_it_lacks(visited: Visited) -> None:
    browser = await visited.browser()
    answer = await browser.get("/help/fr/unlock-account", allow_redirects=False)
    assert answer.headers["Location"] == "/help/nl/unlock-account"
    assert (await browser.get("/help/nl/nothing")).status == 404
    assert (await browser.get("/help/de/")).status == 404


async def test_search(visited: Visited) -> None:
    browser = await visited.browser()
    page = await (await browser.get("/help/nl/search?q=wachtwoord")).text()
    assert 'data-testid="help-result"' in page
    page = await (await browser.get("/help/nl/search", params={"q": "<script>x</script> zzz"})).text()
    assert "<script>x" not in page
    for q in ("", "\x00", "'\"", "x" * 5000, "%", "NEAR("):
        assert (await browser.get("/help/nl/search", params={"q": q})).status == 200, q


async def test_was_this_helpful(visited: Visited) -> None:
    browser = await visited.browser()
    path = "/help/nl/reset-password/feedback"
    for helpful in ("yes", "no", "yes"):
        answer = await browser.post(path, data={"helpful": helpful}, allow_redirects=False)
        assert answer.status == 303
        assert "Set-Cookie" not in answer.headers
    assert 'data-testid="feedback-thanks"' in await (await browser.get(answer.headers["Location"])).text()
    counts = await visited.site.database.read(feedback_counts)
    assert counts == {("reset-password", "nl"): (2, 1)}
    assert (await browser.post(path, data={"helpful": "maybe"})).status == 400
    assert (await browser.post("/help/nl/nothing/feedback", data={"helpful": "yes"})).status == 404
    foreign = await browser.post(path, data={"helpful": "yes"}, headers={"Origin": "https://evil.example"})
    assert foreign.status == 403
    statuses = [
        (await browser.post(path, data={"helpful": "yes"}, allow_redirects=False)).status for _ in range(12)
    ]
    assert statuses[-1] == 429


async def test_a_tickets_page_by_its_secret(visited: Visited) -> None:
    id_ = await visited.conversation("c1", ["mijn geheime woorden"])
    row = await visited.site.database.read(lambda c: get_ticket(c, 1001))
    assert row is not None
    browser = await visited.browser()
    answer = await browser.get(f"/t/{row.secret}")
    page = await answer.text()
    assert 'data-state="waiting"' in page
    for hidden in ("geheime woorden", "Sofie", "sofie@", id_):
        assert hidden not in page
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    els = await visited.as_("els")
    await els.post(f"/desk/c/{id_}/claim")
    assert 'data-state="with_agent"' in await (await browser.get(f"/t/{row.secret}?lang=fr")).text()
    await els.post(f"/desk/c/{id_}/resolve", {"solution": "Router vervangen"})
    page = await (await browser.get(f"/t/{row.secret}")).text()
    assert 'data-state="solved"' in page
    assert "Router vervangen" in page
    for wrong in ("1001", row.secret[:-1], "x" * 400):
        assert (await browser.get(f"/t/{wrong}")).status == 404
