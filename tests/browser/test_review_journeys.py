"""The review in a browser: a correction from the turn to the editor, and a conversation read, tagged, scored and
talked over, by keyboard too; for all."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from playwright.async_api import Page, expect

from tests.browser.axe import HAS_AXE, NO_AXE, is_for_all
from tests.browser.people import LOOKS, PHONE, Agent, Customer
from tests.fixtures_server import Served
from tests.need import need

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.asyncio(loop_scope="module")]

Arrive = Callable[..., Awaitable[Customer]]
LogIn = Callable[..., Awaitable[Agent]]


async def misunderstood(customer: Arrive, agent: LogIn, words: str, **look: Any) -> tuple[Page, list[str]]:
    """A conversation with something that the bot does not know, open in the review; and what the browser
    complains of."""
    chat = await customer()
    await chat.say(words)
    await expect(chat.turns("bot").last).to_be_visible()
    page = (await agent(**look)).page
    complaints: list[str] = []
    page.on("console", lambda line: complaints.append(line.text) if line.type == "error" else None)
    await page.get_by_role("link", name="Nalezen", exact=True).click()
    await page.get_by_role("searchbox").fill(words)
    await page.keyboard.press("Enter")
    await page.get_by_test_id("review-item").get_by_role("link").first.click()
    await expect(page.get_by_test_id("understood").first).to_be_visible()
    return page, complaints


async def test_a_misunderstood_turn_is_corrected_and_approved(customer: Arrive, agent: LogIn) -> None:
    words = "de kathodebuis van mijn bakbeest flikkert"
    page, complaints = await misunderstood(customer, agent, words)
    await page.get_by_test_id("correct").first.focus()
    await page.keyboard.press("Enter")
    await expect(page.get_by_test_id("correct-intent")).to_be_focused()
    await page.get_by_test_id("correct-intent").select_option("screen_problem")
    field = page.get_by_test_id("correct-text")
    await expect(field).to_have_value(words)
    await field.evaluate("field => field.setSelectionRange(21, 29)")
    await page.locator("mark-entity select").select_option("device")
    await page.get_by_test_id("mark").click()
    marked = "de kathodebuis van mijn bakbeest flikkert"
    await expect(field).to_have_value(re.compile(r"\[.+\]\(device\)"))
    await field.fill(f"{marked.replace('bakbeest', '[bakbeest](device)')}, bel 0470 12 34 56")
    await page.get_by_test_id("correct-save").click()
    await expect(page.locator(".toast")).to_contain_text("hoort bij één persoon")
    assert len(complaints) <= 2, "the refusal itself is all that the browser tells"
    await field.fill(marked.replace("bakbeest", "[bakbeest](device)"))
    await page.get_by_test_id("correct-save").click()
    await expect(page.get_by_test_id("correction-status").first).to_have_text("Wacht op goedkeuring")
    await expect(page.get_by_test_id("correct").first).to_be_focused()

    await page.goto(page.url.split("/review/")[0] + "/review/corrections")
    item = page.get_by_test_id("correction-item").filter(has_text="kathodebuis")
    await expect(item.locator("mark")).to_contain_text("bakbeest")
    await item.get_by_test_id("approve").click()
    await expect(item).to_have_count(0)
    await page.get_by_test_id("status-approved").click()
    await expect(item).to_contain_text("komt in het model bij de volgende training")
    await item.get_by_role("link", name="Naar het gesprek").click()
    await expect(page.get_by_test_id("correction-status").first).to_have_text("Goedgekeurd")
    await expect(page.get_by_test_id("correct")).to_have_count(0), "until it is withdrawn"


async def test_a_conversation_is_taken_read_and_talked_over(customer: Arrive, agent: LogIn) -> None:
    words = "de flapgoot van het magazijn reutelt"
    page, complaints = await misunderstood(customer, agent, words)
    await page.get_by_test_id("review-back").click()
    await page.get_by_test_id("place-queue").click()
    item = page.get_by_test_id("queue-item").filter(has_text="flapgoot")
    await expect(item).to_contain_text("niet begrepen")
    await item.get_by_test_id("take").click()
    await expect(page.get_by_test_id("standing")).to_contain_text("Jij leest dit")
    await page.get_by_test_id("tag-new").fill("Magazijn")
    await page.keyboard.press("Enter")
    await expect(page.get_by_test_id("tags")).to_contain_text("magazijn")
    await page.get_by_test_id("score-tone-4").focus()
    await page.keyboard.press("ArrowRight")
    await page.get_by_test_id("score-save").click()
    await expect(page.get_by_test_id("scores")).to_contain_text("5,0")
    await page.get_by_test_id("comment-text").fill("Dit woord kent de bot niet.")
    await page.get_by_test_id("comment-text").evaluate("field => { field.style.height = '90px'; }")
    await page.get_by_test_id("comment-add").click()
    await expect(page.get_by_test_id("comment")).to_contain_text("Dit woord kent de bot niet.")
    link = await page.get_by_test_id("review-link").input_value()
    assert page.url.startswith(link)
    await page.get_by_role("link", name="magazijn", exact=True).click()
    await expect(page.get_by_test_id("review-item")).to_have_count(1)
    await page.goto(link)
    await page.get_by_test_id("stand-next").click()
    await expect(page).not_to_have_url(link)
    await page.goto(link)
    await expect(page.get_by_test_id("standing")).to_contain_text("Gelezen door")
    assert complaints == []


async def test_what_is_refused_is_said_beside_what_was_typed(customer, agent) -> None:
    page, _ = await misunderstood(customer, agent, "de flapgoot in het magazijn hapert")
    await page.get_by_test_id("comment-text").fill("Dit is nog niet verstuurd.")
    await page.get_by_test_id("tag-new").fill("=1+1")
    await page.get_by_test_id("tag-add").click()
    await expect(page.get_by_test_id("toast")).to_contain_text("letters en cijfers")
    await expect(page.get_by_test_id("tag-new")).to_have_value("=1+1")
    await page.get_by_label("Toelichting").fill("Niet vlot.")
    await page.get_by_test_id("score-save").click()
    await expect(page.get_by_test_id("toast").last).to_contain_text("minstens één score")
    await expect(page.get_by_label("Toelichting")).to_have_value("Niet vlot.")
    await page.get_by_test_id("score-tone-4").check()
    await page.get_by_test_id("score-save").click()
    await expect(page.get_by_test_id("scores")).to_contain_text("Niet vlot.")
    await expect(page.locator("#review-below .count")).to_have_text("1")
    await expect(page.get_by_test_id("comment-text")).to_have_value("Dit is nog niet verstuurd.")


async def test_without_a_line_the_review_says_so_once(customer: Arrive, agent: LogIn) -> None:
    page, _ = await misunderstood(customer, agent, "de flapgoot van de kelder lekt")
    toast = page.get_by_test_id("toast")
    await page.get_by_test_id("tag-new").fill("kelder")
    await page.context.set_offline(True)
    for _ in range(2):
        await page.get_by_test_id("tag-add").click()
        await expect(toast).to_contain_text("Er is geen verbinding")
        await expect(toast).to_have_count(1)
    await page.context.set_offline(False)
    await expect(toast).to_have_count(0)
    await page.get_by_test_id("tag-add").click()
    await expect(page.get_by_test_id("tags")).to_contain_text("kelder")


@pytest.mark.parametrize("look", LOOKS)
async def test_the_review_is_for_all(
    customer: Arrive, agent: LogIn, server: Served, look: dict[str, Any]
) -> None:
    need(HAS_AXE, NO_AXE)
    page, _ = await misunderstood(customer, agent, "de kwispel van de zolder hikt", **look)
    await page.get_by_test_id("correct").first.click()
    await expect(page.get_by_test_id("correction-form")).to_be_visible()
    await page.get_by_test_id("tag-new").fill("zolder")
    await page.get_by_test_id("tag-add").click()
    await page.get_by_test_id("comment-text").fill("Zie https://example.org/")
    await page.get_by_test_id("comment-add").click()
    await page.get_by_test_id("score-privacy-2").check()
    await page.get_by_test_id("score-save").click()
    await expect(page.get_by_test_id("scores")).to_be_visible()
    await expect(page.get_by_test_id("correction-form")).to_be_visible()
    await is_for_all(page, "a conversation with all that was said of it")
    await page.get_by_test_id("correct-intent").select_option("screen_problem")
    await page.get_by_test_id("correct-save").click()
    await expect(page.get_by_test_id("correction-status")).to_be_visible()
    await is_for_all(page, "a correction that waits")
    for path in ("/review?tag=zolder", "/review/queue", "/review/corrections"):
        await page.goto(server.url + path)
        await is_for_all(page, path)


async def test_a_phone_in_french_has_room_for_everything(customer: Arrive, agent: LogIn) -> None:
    page, _ = await misunderstood(customer, agent, "de zwengel van het luik piept", viewport=PHONE)
    for number in range(2):
        await page.get_by_test_id("comment-text").fill(f"Zie {number}")
        await page.get_by_test_id("comment-add").click()
        await expect(page.get_by_test_id("comment")).to_have_count(number + 1)
    await page.get_by_test_id("score-tone-4").check()
    await page.get_by_test_id("score-save").click()
    await expect(page.get_by_test_id("scores")).to_be_visible()
    await page.goto(f"{page.url.partition('?')[0].partition('#')[0]}?lang=fr")
    card = await page.locator(".review-tools").bounding_box()
    badge = await page.locator("#review-below .count").last.bounding_box()
    assert card is not None
    assert badge is not None
    assert badge["x"] + badge["width"] <= card["x"] + card["width"]
    assert await page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
