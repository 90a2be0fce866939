"""The widget by keyboard, by screen reader, on a phone, and as axe-core sees it."""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from tests.browser.axe import HAS_AXE, NO_AXE, no_violations
from tests.browser.widget.talk import (
    PHONE,
    STEP,
    YES_NO,
    Counter,
    Visit,
    answered,
    open_chat,
    say,
    turns,
)
from tests.need import need

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.asyncio(loop_scope="module")]


async def test_it_works_by_keyboard_alone(visit: Visit) -> None:
    page = await visit()
    await page.locator(".launcher").focus()
    await page.keyboard.press("Enter")
    await expect(page.locator("textarea")).to_be_focused()
    await page.keyboard.type("Dag")
    await page.keyboard.press("Enter")
    await answered(page, "Dag")
    await page.keyboard.press("Shift+Tab")  # a picture
    await page.keyboard.press("Shift+Tab")  # the person button
    await page.keyboard.press("Shift+Tab")  # the second reply
    await expect(page.locator(".reply").last).to_be_focused()
    await page.keyboard.press("Enter")
    await answered(page, "Nee")
    await expect(page.locator("textarea")).to_be_focused()
    await page.locator("[aria-haspopup=menu]").focus()
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("menuitem").first).to_be_focused()
    await page.keyboard.press("ArrowDown")
    await expect(page.get_by_role("menuitem").last).to_be_focused()
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("menu")).to_be_hidden()
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("dialog")).to_be_hidden()
    await expect(page.locator(".launcher")).to_be_focused()


async def test_a_screen_reader_hears_who_says_what(visit: Visit, counter: Counter) -> None:
    page = await visit()
    await open_chat(page)
    await say(page, "Dag")
    await answered(page, "Dag")
    await counter.record.add(counter.conversation, "system", {}, "U bent nummer 2 in de rij.")
    log = page.get_by_role("log", name="Gesprek")
    await expect(log).to_have_attribute("aria-live", "polite")
    await expect(turns(page, "customer")).to_contain_text("U: Dag")
    await expect(turns(page, "system")).to_contain_text("Mededeling: U bent nummer 2 in de rij.")
    await expect(log).to_have_attribute("aria-busy", "false")


async def test_on_a_phone_it_is_the_whole_screen(visit: Visit) -> None:
    page = await visit(viewport=PHONE, has_touch=True, is_mobile=True)
    assert await page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    await open_chat(page)
    box = await page.locator(".panel").bounding_box()
    assert box is not None
    assert {key: round(box[key]) for key in ("x", "y", "width", "height")} == {"x": 0, "y": 0, **PHONE}
    await expect(page.locator(".launcher")).to_be_hidden()
    await say(page, "een_woord_zonder_spaties_" * 12)
    await expect(turns(page, "bot")).to_have_count(1)
    assert await page.locator(".scroll").evaluate("(e) => e.scrollWidth <= e.clientWidth")
    await page.get_by_role("button", name="Chat verkleinen").click()
    await expect(page.locator(".launcher")).to_be_visible()


@pytest.mark.parametrize("viewport", [PHONE, {"width": 1280, "height": 800}])
@pytest.mark.parametrize("theme", ["light", "dark"])
async def test_axe_finds_nothing(
    visit: Visit, counter: Counter, theme: str, viewport: dict[str, int]
) -> None:
    need(HAS_AXE, NO_AXE)
    metadata = {"step": STEP, "article": "vpn"}
    counter.record.answer = lambda _: [
        ("bot", {}, "Zie https://example.org/."),
        ("bot", {"metadata": metadata, "replies": YES_NO}, "x"),
    ]
    page = await visit(viewport=viewport, color_scheme=theme)
    await no_violations(page, "closed")
    await open_chat(page)
    await no_violations(page, "home")
    await say(page, "Dag")
    await expect(page.locator(".reply")).to_have_count(2)
    await counter.agent("Dag, met Jan.")
    await counter.record.add(counter.conversation, "system", {}, "Jan is erbij gekomen.")
    await expect(turns(page, "system")).to_have_count(1)
    await no_violations(page, "thread")
    await page.get_by_role("button", name="Meer mogelijkheden").click()
    await no_violations(page, "menu")
    await page.get_by_role("menuitem", name="Nieuw gesprek").click()
    await no_violations(page, "question")


async def test_the_page_s_own_theme_goes_before_the_system_s(visit: Visit) -> None:
    page = await visit(color_scheme="light")
    await open_chat(page)
    ground = "(e) => getComputedStyle(e).backgroundColor"
    light = await page.locator(".panel").evaluate(ground)
    await page.evaluate("document.documentElement.dataset.theme = 'dark'")
    await expect(page.locator("balie-chat")).to_have_attribute("theme", "dark")
    assert await page.locator(".panel").evaluate(ground) != light
