"""The desk by the keyboard: shortcuts, the palette of all that can be done, and what Enter does."""

from __future__ import annotations

import re

import pytest
from playwright.async_api import Page, expect

from tests.browser.test_desk_day import Arrive, LogIn, in_line, taken

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.asyncio(loop_scope="module")]


async def focused(page: Page) -> str:
    return await page.evaluate("document.activeElement.dataset.testid || document.activeElement.id")


async def test_a_whole_conversation_by_the_keyboard_alone(customer: Arrive, agent: LogIn) -> None:
    first, _ = await in_line(customer)
    await in_line(customer)
    desk = await agent()
    page, keys = desk.page, desk.page.keyboard
    await page.goto(f"{desk.url}/desk?sort=newest")
    await expect(page.locator("desk-feed")).to_have_attribute("data-state", "live")
    await keys.press("?")
    await expect(desk.see("keys-table")).to_contain_text("Volgend gesprek")
    await keys.press("Escape")
    await keys.press("Alt+j")
    await expect(desk.see("ticket-number")).to_be_visible()
    opened_first = await page.locator("#desk-main").get_attribute("data-id") or "none"
    await keys.press("Alt+j")
    await keys.press("Alt+k")
    await expect(page.locator("#desk-list .item[aria-current=true]")).to_have_attribute(
        "data-id", opened_first
    )
    await expect(page.locator("#desk-main")).to_have_attribute("data-id", opened_first)
    opened = await desk.see("ticket-number").inner_text()
    await keys.press("Control+k")
    await keys.type("overnemen")
    await keys.press("Enter")
    await expect(desk.see("standing")).to_have_text("Van mij")
    await expect(desk.see("reply-text")).to_be_focused()
    await keys.type("Dag, ik kijk het na.")
    await keys.press("Shift+Enter")
    await keys.type("Een ogenblik.")
    await keys.press("Enter")
    await expect(desk.see("turn-agent").last).to_contain_text("Een ogenblik.")
    await keys.press("Alt+p")
    await keys.type("eerste keer")
    await keys.press("Enter")
    await expect(desk.see("turn-note").last).to_contain_text("eerste keer")
    await keys.press("Alt+l")
    assert await focused(page) == "reply-text"
    await keys.press("Control+Alt+e")
    await expect(desk.see("solution")).to_be_focused()
    await expect(desk.see("resolve")).to_have_text("Afronden en volgende")
    await keys.type("Herstart")
    await keys.press("Tab")
    await keys.press("Tab")
    await keys.press("Tab")
    await keys.press("Tab")
    assert await focused(page) == "resolve"
    await keys.press("Enter")
    await expect(desk.see("ticket-number")).not_to_have_text(opened)
    await expect(desk.see("standing")).to_have_text("In de wachtrij")
    assert first.page


async def test_shortcuts_go_by_the_letter_and_leave_altgr_alone(customer: Arrive, agent: LogIn) -> None:
    _, desk, _ = await taken(customer, agent)

    async def press(**key: object) -> bool:
        """Whether the desk took it: a key as a browser tells it, of any keyboard."""
        return await desk.page.evaluate(
            "key => !document.body.dispatchEvent(new KeyboardEvent('keydown',"
            " {bubbles: true, cancelable: true, ...key}))",
            key,
        )

    euro = {"key": "€", "code": "KeyE", "ctrlKey": True, "altKey": True, "modifierAltGraph": True}
    assert not await press(**euro)
    await expect(desk.page.locator("#resolve")).not_to_be_visible()
    assert not await press(key=",", code="KeyM", altKey=True)  # on AZERTY the M is beside the L
    assert await press(key="m", code="Semicolon", altKey=True)
    await expect(desk.page.locator("#snooze")).to_be_visible()
    await desk.page.keyboard.press("Escape")
    assert await press(key="π", code="KeyP", altKey=True)  # macOS
    await expect(desk.see("note-text")).to_be_visible()
    assert await press(key="E", code="KeyE", ctrlKey=True, altKey=True)
    await expect(desk.page.locator("#resolve")).to_be_visible()


async def test_the_palette_has_all_that_can_be_done(customer: Arrive, agent: LogIn) -> None:
    _, desk, _ = await taken(customer, agent)
    await desk.page.keyboard.press("Control+k")
    rows = desk.page.locator("#palette-list").get_by_role("option")
    assert await rows.count() > 12
    await expect(rows.filter(has_text=re.compile(r"Ga naar: Van mij \d+$"))).to_have_count(1)
    names = await rows.all_inner_texts()
    order = ["Doorgeven", "Prioriteit P1 geven", "Ga naar: Kennisbank", "Beschikbaar", "Sneltoetsen"]
    assert [name for name in (each.partition("\n")[0] for each in names) if name in order] == order
    await desk.page.keyboard.press("ArrowUp")
    await expect(rows.last).to_have_attribute("aria-selected", "true")
    await expect(rows.last).to_be_in_viewport(ratio=0.95)
    await desk.page.keyboard.type("P1 prioriteit")
    await desk.page.keyboard.press("Enter")
    await expect(desk.see("ticket-priority")).to_have_text("P1")
    await desk.page.keyboard.press("Control+k")
    await expect(rows.filter(has_text="Prioriteit")).to_have_count(3)
    await expect(rows.filter(has_text="stap voor stap")).not_to_have_count(0)
    await desk.page.keyboard.type("sneltoetsen")
    await desk.page.keyboard.press("Enter")
    await expect(desk.see("keys-table")).to_be_visible()
    await desk.page.keyboard.press("Escape")
    for typed, test_id in (
        ("afronden volgende", "solution"),
        ("filteren", "filter-status"),
        ("gesprek zoeken", "desk-search"),
        ("volgend gesprek", ""),
    ):
        await desk.page.keyboard.press("Control+k")
        await desk.page.keyboard.type(typed)
        await expect(rows).to_have_count(1)
        await desk.page.keyboard.press("Enter")
        if test_id:
            await expect(desk.see(test_id)).to_be_focused()
            await desk.page.keyboard.press("Escape")
    await desk.page.keyboard.press("Control+k")
    await expect(rows.filter(has_text="Afmelden")).to_have_count(1)
    await desk.page.keyboard.type("français")
    await desk.page.keyboard.press("Enter")
    await expect(desk.page.locator("html")).to_have_attribute("lang", "fr")


async def test_enter_is_a_new_line_for_who_wants_that(customer: Arrive, agent: LogIn) -> None:
    chat, desk, _ = await taken(customer, agent)
    await desk.see("account").click()
    async with desk.page.expect_response("**/desk/settings"):
        await desk.see("wish-enter").uncheck()
    await desk.page.keyboard.press("Escape")
    await expect(desk.see("reply-text")).to_have_attribute("placeholder", "Ctrl+Enter: Verzenden")
    await desk.page.locator("#conversation-title").focus()
    await desk.page.keyboard.press("?")
    await expect(desk.see("keys-table").get_by_role("row", name="Verzenden")).to_have_text(
        re.compile(r"Ctrl\s+Enter")
    )
    await desk.page.keyboard.press("Escape")
    await desk.see("reply-text").press_sequentially("een")
    await desk.see("reply-text").press("Enter")
    await desk.see("reply-text").press_sequentially("twee")
    await expect(desk.see("reply-text")).to_have_value("een\ntwee")
    await desk.see("reply-text").press("Control+Enter")
    await chat.hears(re.compile("een\\s+twee"), "agent")
    await desk.see("account").click()
    async with desk.page.expect_response("**/desk/settings"):
        await desk.see("wish-enter").check()
