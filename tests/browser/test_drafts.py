"""From what solved a conversation to an article that the bot and customers have."""

from __future__ import annotations

import os
from collections.abc import Awaitable, Callable

import pytest
from playwright.async_api import expect

from tests.browser.axe import HAS_AXE, is_for_all
from tests.browser.people import Agent, Customer
from tests.fixtures_server import Served

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.asyncio(loop_scope="module")]


async def test_a_solution_becomes_an_article(
    agent: Callable[..., Awaitable[Agent]],
    customer: Callable[..., Awaitable[Customer]],
    server: Served,
) -> None:
    chat = await customer()
    number = await chat.handed_over()
    desk = await agent()
    await desk.open(number)
    await desk.claim()
    await desk.see("open-resolve").click()
    await desk.see("solution").fill(
        "De batterij van de badgelezer was leeg: vervang ze en houd de badge er vijf tellen tegen."
    )
    await desk.see("as-article").check()
    await desk.see("article-title").fill("Badgelezer knippert rood")
    await desk.see("resolve").click()
    await expect(desk.see("standing")).to_have_text("Afgerond")

    await desk.page.goto(f"{server.url}/review/drafts")
    await desk.see("draft-open").first.click()
    text = desk.see("text")
    await desk.see("publish").click()
    await expect(desk.see("told")).to_contain_text("…")
    written = (await text.input_value()).replace(
        "summary: …", "summary: Vervang de batterij van een badgelezer die rood knippert."
    )
    written = written.replace("**…**", "**Vervang de batterij.**").replace(": …", ": het lampje wordt groen.")
    written = written.replace("\n…\n", "\nVoor wie niet meer binnen kan met de badge.\n").replace(
        "intents: []", "intents: [knowledge_question]"
    )
    await text.fill(written)
    await desk.see("publish").click()
    await expect(desk.see("done")).to_contain_text("kennisbank")
    await expect(desk.see("preview")).to_contain_text("Vervang de batterij.")
    if HAS_AXE:
        await is_for_all(desk.page, "an article that was written out")
    if shots := os.environ.get("BALIE_SHOTS"):
        await desk.page.screenshot(path=f"{shots}/draft.png", full_page=True)
    await desk.see("address").click()
    await expect(desk.see("article-title")).to_have_text("Badgelezer knippert rood")
    await desk.page.goto(f"{server.url}/help/nl/search?q=badgelezer")
    await expect(desk.page.locator("main")).to_contain_text("Badgelezer knippert rood")
    await desk.page.goto(f"{server.url}/review/drafts?state=published")
    await desk.see("reopen").first.click()
    await expect(desk.see("drafts-empty")).to_be_visible()
    answer = await desk.page.request.get(f"{server.url}/help/nl/badgelezer-knippert-rood")
    assert answer.status == 404
