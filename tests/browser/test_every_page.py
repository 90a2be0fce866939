"""Every page for everybody: axe finds nothing in light, in dark and on a phone, and nothing is wider than
a phone."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from playwright.async_api import Page, expect

from tests.browser.people import AXE, PHONE, Agent, Customer
from tests.fixtures_server import Served
from tests.need import need

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.asyncio(loop_scope="module")]

HAS_AXE = AXE.exists()
WIDE = {"width": 1280, "height": 800}
LOOKS = [
    pytest.param({"viewport": WIDE, "color_scheme": "light"}, id="light"),
    pytest.param({"viewport": WIDE, "color_scheme": "dark"}, id="dark"),
    pytest.param({"viewport": PHONE, "color_scheme": "light"}, id="phone-light"),
    pytest.param({"viewport": PHONE, "color_scheme": "dark"}, id="phone-dark"),
]
OPEN = (
    "/help/nl/",
    "/help/nl/connect-to-wifi",
    "/help/nl/search?q=wifi",
    "/desk/login",
    "/there-is-no-such-page",
)


async def is_for_all(page: Page, what: str) -> None:
    """No violation, and no scrolling sideways."""
    found = await page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    told: list[Any] = [
        (each["impact"], each["id"], [node["html"][:160] + node["failureSummary"] for node in each["nodes"]])
        for each in found["violations"]
    ]
    assert told == [], what
    wide = await page.evaluate("document.documentElement.scrollWidth - innerWidth")
    assert wide <= 0, f"{what} is {wide} px too wide"


async def look_at(page: Page, url: str) -> None:
    await page.goto(url)
    await page.evaluate(AXE.read_text())
    await is_for_all(page, url)


@pytest.mark.parametrize("look", LOOKS)
async def test_every_page_is_for_all(
    customer: Callable[..., Awaitable[Customer]],
    agent: Callable[..., Awaitable[Agent]],
    server: Served,
    look: dict[str, Any],
) -> None:
    need(HAS_AXE, "axe-core is not there: python hatch_build.py")
    chat = await customer(**look)
    await chat.page.evaluate(AXE.read_text())
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
    await desk.page.evaluate(AXE.read_text())
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
