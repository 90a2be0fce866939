"""Markup that is said, and pages of others that embed the widget."""

from __future__ import annotations

import pytest
from aiohttp import web
from playwright.async_api import Browser, expect

from bot.web import widget
from channels.web.settings import WebSettings
from tests.browser.widget.talk import (
    Counter,
    Visit,
    answered,
    open_chat,
    say,
    turns,
)

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.asyncio(loop_scope="module")]


async def test_nothing_that_is_said_becomes_markup_or_script(visit: Visit, counter: Counter) -> None:
    evil = '<img src=x onerror="window.hit=1"><script>window.hit=1</script>'
    link = "javascript:window.hit=1"
    step = {"what": evil, "why": evil, "expected": evil, "minutes": evil, "number": evil, "of": evil}
    replies = [{"title": evil, "payload": evil}]
    counter.record.answer = lambda _: [
        ("bot", {"replies": replies, "metadata": {"url": link, "title": evil}}, evil),
        ("bot", {"metadata": {"step": step, "article": "../../" + evil}}, evil),
        ("agent", {"name": evil, "replies": replies}, f"{evil} {link} https://a.b/{evil}"),
        ("system", {}, evil),
    ]  # fmt: skip
    page = await visit()
    await open_chat(page)
    await say(page, evil)
    await expect(turns(page, "system")).to_contain_text("<img src=x")
    await expect(page.locator(".turn img, .turn script, .replies img")).to_have_count(0)
    hrefs = await page.locator(".turn a").evaluate_all("(links) => links.map((link) => link.href)")
    assert all(href.startswith("http") for href in hrefs)
    assert await page.evaluate("window.hit") is None


async def embedding_page(counter: Counter, policy: str) -> web.AppRunner:
    """Another site, with a strict policy of its own, that embeds the widget by its one line."""

    async def page(_: web.Request) -> web.Response:
        line = f'<script src="{counter.url}widget.js" data-lang="nl" data-title="ACME IT" defer></script>'
        html = f"<!doctype html><html lang=nl><title>ACME</title><h1>ACME</h1>{line}</html>"
        return web.Response(text=html, content_type="text/html", headers={"Content-Security-Policy": policy})

    app = web.Application()
    app.add_routes([web.get("/", page)])
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "localhost", 0).start()
    return runner


@pytest.mark.parametrize("allowed", [True, False])
async def test_another_site_embeds_it_under_a_strict_policy(
    browser: Browser, counter: Counter, allowed: bool
) -> None:
    host = counter.url.rstrip("/")
    socket = host.replace("http", "ws")
    policy = (
        f"default-src 'none'; script-src {host}; connect-src {socket}; require-trusted-types-for 'script'"
    )
    runner = await embedding_page(counter, policy)
    origin = f"http://localhost:{runner.addresses[0][1]}"
    await counter.stop()
    counter.settings = WebSettings(origins=(origin,) if allowed else ("https://other.example",))
    await counter.start()
    context = await browser.new_context(locale="nl-BE")
    page = await context.new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    await page.goto(origin)
    await open_chat(page)
    await expect(page.locator(".name")).to_have_text("ACME IT")
    await say(page, "Dag")
    if allowed:
        await answered(page, "Dag")
        assert [line for line in said if "Content Security Policy" in line] == []
        assert await page.locator(".panel").evaluate("(e) => getComputedStyle(e).borderRadius") == "20px"
    else:
        await expect(page.locator(".turn.pending")).to_have_count(1)
        await expect(page.locator(".state")).to_be_visible()
        assert counter.record.received == []
    await context.close()
    await runner.cleanup()


async def test_the_script_is_cached_by_its_content(counter: Counter, browser: Browser) -> None:
    context = await browser.new_context()
    first = await context.request.get(counter.url + "widget.js")
    assert first.ok
    assert await first.text() == widget.source()
    again = await context.request.get(
        counter.url + "widget.js", headers={"If-None-Match": first.headers["etag"]}
    )
    assert again.status == 304
    await context.close()


async def test_the_demo_page_speaks_the_visitor_s_language(visit: Visit) -> None:
    page = await visit("", locale="fr-BE")
    await expect(page.locator("html")).to_have_attribute("lang", "fr")
    await expect(page.locator("h1")).to_contain_text("service d’assistance")
    await page.get_by_role("link", name="English").click()
    await expect(page.locator("h1")).to_contain_text("answers right away")
    for address in ("/help/en/", "/desk", "/review"):
        await expect(page.locator(f'main a[href="{address}"]')).to_be_visible()
