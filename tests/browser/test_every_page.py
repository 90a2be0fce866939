"""Every page for everybody: axe finds nothing in light, in dark and on a phone, and nothing is wider than
a phone."""

from __future__ import annotations

import re
import secrets
from collections.abc import Awaitable, Callable
from typing import Any

import pyotp
import pytest
from playwright.async_api import BrowserContext, Page, expect

from tests.browser.axe import HAS_AXE, NO_AXE, is_for_all
from tests.browser.people import LOOKS, WIDE, Agent, Customer
from tests.fixtures_server import PASSWORD, Served
from tests.need import need

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.asyncio(loop_scope="module")]

OPEN = (
    "/help/nl/",
    "/help/nl/connect-to-wifi",
    "/help/nl/search?q=wifi",
    "/desk/login",
    "/there-is-no-such-page",
)

WORKING = (
    "/desk",
    "/review",
    "/review/queue",
    "/review/corrections",
    "/review/drafts",
    "/review/figures",
    "/people",
    "/account",
    *(f"/admin/{area}" for area in ("people", "tokens", "audit", "health", "agreements")),
)


async def look_at(page: Page, url: str) -> None:
    await page.goto(url)
    await is_for_all(page, url)


@pytest.mark.parametrize("look", LOOKS)
async def test_every_page_is_for_all(
    customer: Callable[..., Awaitable[Customer]],
    agent: Callable[..., Awaitable[Agent]],
    server: Served,
    look: dict[str, Any],
) -> None:
    need(HAS_AXE, NO_AXE)
    chat = await customer(**look)
    await is_for_all(chat.page, "the widget's greeting")
    await guided(chat)
    await is_for_all(chat.page, "the widget with a step")
    number = await chat.handed_over()
    await is_for_all(chat.page, "the widget in the queue")
    reader = await chat.page.context.new_page()
    for path in OPEN:
        await look_at(reader, server.url + path)

    desk = await agent(**look)
    await look_at(desk.page, f"{server.url}/desk")
    await desk.open(number)
    await is_for_all(desk.page, "a conversation in the queue")
    await desk.claim()
    await desk.reply("Ik kijk het na, zie https://example.org/.")
    await desk.note("Modem is vorige week vervangen.")
    await is_for_all(desk.page, "a conversation of one's own")
    await desk.see("open-resolve").click()
    await expect(desk.see("solution")).to_be_focused()
    await is_for_all(desk.page, "resolving")
    await desk.page.keyboard.press("Escape")
    await the_desks_dialogs(desk)
    secret = await desk.see("ticket-link").input_value()
    conversation = desk.page.url.split("/desk/c/")[1].partition("?")[0]
    await look_at(reader, secret)
    await expect(reader.locator("main")).to_contain_text(number)
    await look_at(desk.page, f"{server.url}/review")
    await look_at(desk.page, f"{server.url}/review/{conversation}")
    await expect(desk.see("part-turn").first).to_be_visible()


OVERFLOW = """new Promise((done) => {
  let frames = 30; // the window's new width is laid out some frames later
  const look = () => {
    const wide = document.documentElement.scrollWidth - innerWidth;
    if (wide <= 0 || !frames--) done(wide);
    else requestAnimationFrame(look);
  };
  requestAnimationFrame(() => requestAnimationFrame(look));
})"""
"""By how much a page is wider than its window."""


@pytest.mark.parametrize("language", ["nl", "fr", "en"])
async def test_no_page_is_wider_than_its_window_in_any_language(
    agent: Callable[..., Awaitable[Agent]], server: Served, language: str
) -> None:
    page = (await agent(viewport=WIDE)).page
    too_wide: list[tuple[str, int, int]] = []
    for path in WORKING:
        await page.goto(f"{server.url}{path}?lang={language}")
        for width in (320, 390, 721, 768, 861, 961, 1081, 1141, 1351):
            await page.set_viewport_size({"width": width, "height": 800})
            wide = await page.evaluate(OVERFLOW)
            if wide > 0:
                too_wide.append((path, width, wide))
    assert too_wide == []


@pytest.mark.parametrize("look", LOOKS)
async def test_every_page_of_administration_is_for_all(
    agent: Callable[..., Awaitable[Agent]],
    contexts: Callable[..., Awaitable[BrowserContext]],
    server: Served,
    look: dict[str, Any],
) -> None:
    need(HAS_AXE, NO_AXE)
    admin = await agent(**look)
    username = f"nele-{secrets.token_hex(4)}"
    await admin.page.goto(f"{server.url}/admin/people")
    await admin.see("invite-name").fill("Nele Peeters")
    await admin.see("invite-username").fill(username)
    await admin.see("invite").click()
    link = await admin.see("once").input_value()
    await is_for_all(admin.page, "an invitation")
    await admin.page.goto(f"{server.url}/admin/tokens")
    await admin.see("token-name").fill(username)
    await admin.see("token-make").click()
    await expect(admin.see("once")).to_be_visible()
    await is_for_all(admin.page, "a token")
    for area in ("people", "audit", "health", "agreements"):
        await look_at(admin.page, f"{server.url}/admin/{area}")
    for form in (
        "team/network",
        "team",
        "routing",
        "hours",
        "reply",
        "macro/no-answer",
        "retention",
        "presence",
    ):
        await look_at(admin.page, f"{server.url}/admin/agreements/{form}")
    page = await (await contexts(**look)).new_page()
    await look_at(page, link)
    await a_second_step(page, server.url, username)
    await admin.page.goto(f"{server.url}/admin/people")
    await admin.page.locator("tr", has_text=username).get_by_role("link").click()
    await expect(admin.see("two-step-off")).to_be_visible()
    await is_for_all(admin.page, "a person")


async def a_second_step(page: Page, url: str, username: str) -> None:
    """Whoever opened an invitation goes through their account and comes back by password and code."""
    for name in ("new", "again"):
        await page.get_by_test_id(name).fill(PASSWORD)
    await page.get_by_test_id("welcome").click()
    await page.wait_for_url("**/desk")
    await look_at(page, f"{url}/account")
    await page.get_by_test_id("proof").fill("dat is het niet")
    await page.get_by_test_id("two-step-go").click()
    await expect(page.get_by_test_id("told")).to_be_visible()
    await is_for_all(page, "a mistake in one's account")
    await page.get_by_test_id("proof").fill(PASSWORD)
    await page.get_by_test_id("two-step-go").click()
    app = pyotp.TOTP((await page.get_by_test_id("secret").inner_text()).replace(" ", ""))
    await is_for_all(page, "the picture for the app")
    await page.get_by_test_id("code").fill(app.now())
    await page.get_by_test_id("confirm").click()
    await expect(page.get_by_test_id("codes")).to_be_visible()
    await is_for_all(page, "the codes on paper")
    await look_at(page, f"{url}/account")
    await page.context.clear_cookies()
    await page.goto(f"{url}/desk/login")
    await page.get_by_test_id("username").fill(username)
    await page.get_by_test_id("password").fill(PASSWORD)
    await page.get_by_test_id("login").click()
    await page.wait_for_url("**/desk/login/code")
    await is_for_all(page, "the code after the password")


async def the_desks_dialogs(desk: Agent) -> None:
    """Everything that opens over the desk, one after the other."""
    await desk.see("account").click()
    await is_for_all(desk.page, "the account's menu")
    await desk.page.keyboard.press("Escape")
    for opener in ("transfer", "snooze", "macros"):
        await desk.see(f"open-{opener}").click()
        if opener == "macros":
            await desk.see("macro-known-outage").click()
            await expect(desk.see("macro-steps")).to_be_visible()
        await is_for_all(desk.page, opener)
        await desk.page.keyboard.press("Escape")
    if await desk.page.locator("[data-panel]").is_visible():
        await desk.page.locator("[data-panel]").click()
    await desk.see("edit-ticket").click()
    await expect(desk.see("edit-summary")).to_be_visible()
    await is_for_all(desk.page, "editing the ticket")
    await desk.page.keyboard.press("Escape")
    await desk.page.keyboard.press("Escape")
    await desk.page.keyboard.press("Control+k")
    await is_for_all(desk.page, "the palette")
    await desk.page.keyboard.press("Escape")
    await desk.see("tab-reply").click()
    await desk.see("reply-text").press_sequentially("/")
    await expect(desk.see("insert").first).to_be_visible()
    await is_for_all(desk.page, "what is offered after a slash")
    await desk.see("reply-text").fill("")


async def guided(chat: Customer) -> None:
    for text, answer in [
        ("Ik heb een probleem met de wifi", "Wat gebeurt er"),
        ("1", "Op welk toestel is dat?"),
        ("1", "Wie heeft er allemaal last van?"),
        ("1", "Klopt dat?"),
        ("ja", re.compile(r"Stap 1 van \d")),
    ]:
        await chat.say(text)
        await chat.hears(answer)
