"""A customer asks to be forgotten while the widget is open: a lead takes a copy, erases, and the widget begins anew."""

from __future__ import annotations

import zipfile
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from playwright.async_api import expect

from tests.browser.axe import HAS_AXE, NO_AXE, is_for_all
from tests.browser.people import PHONE, Agent, Customer
from tests.fixtures_server import Served
from tests.need import need

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.asyncio(loop_scope="module")]

SECRET = "Mijn laptop ZWALUW-07 vindt de wifi niet meer"


async def test_who_asks_to_be_forgotten_is(
    customer: Callable[..., Awaitable[Customer]], agent: Callable[..., Awaitable[Agent]], server: Served
) -> None:
    chat = await customer()
    await chat.say(SECRET)
    await chat.hears("Wat gebeurt er")
    number = await chat.handed_over()
    els = await agent()
    await els.open(number)
    await els.claim()
    await expect(els.see("turn-customer").first).to_contain_text("ZWALUW-07")
    desk = await agent()
    page = desk.page
    await desk.see("account").click()
    await desk.see("menu-people").click()
    await page.get_by_label("Wie zoek je?").fill(f"#{number}")
    await page.keyboard.press("Enter")
    await expect(desk.see("held")).to_contain_text("ZWALUW-07")
    async with page.expect_download() as download:
        await desk.see("people-export").click()
    with zipfile.ZipFile(await (await download.value).path()) as file:
        assert f"ticket-{number}.txt" in file.namelist()
        [talk] = [name for name in file.namelist() if name.startswith("gesprek-")]
        assert SECRET in file.read(talk).decode()
    await desk.see("people-sure").click()
    await desk.see("people-erase").click()
    await expect(desk.see("people-erased")).to_be_visible()
    # The colleague who has it open sees it go.
    await expect(els.see("standing")).to_have_text("Gewist")
    await expect(els.page.locator("#desk-main")).not_to_contain_text("ZWALUW-07")
    # The widget that is still open has nothing of it any more, and is somebody new.
    await expect(chat.turns("customer")).to_have_count(0)
    await chat.say("Mijn printer drukt niet meer af")
    await chat.hears("Balie")
    assert await chat.bubbles() == ["Mijn printer drukt niet meer af"]
    await page.goto(f"{server.url}/people")
    await page.get_by_label("Wie zoek je?").fill(f"#{number}")
    await page.keyboard.press("Enter")
    await desk.see("held").get_by_role("link").click()
    await expect(page.locator("main")).to_contain_text("Gewist")
    await expect(page.locator("main")).not_to_contain_text("ZWALUW")


@pytest.mark.parametrize(
    "look",
    [
        pytest.param({"viewport": {"width": 1280, "height": 800}, "color_scheme": "dark"}, id="dark"),
        pytest.param({"viewport": PHONE, "color_scheme": "light"}, id="phone"),
    ],
)
async def test_the_page_is_for_all(
    customer: Callable[..., Awaitable[Customer]], agent: Callable[..., Awaitable[Agent]], server: Served,
    look: dict[str, Any],
) -> None:  # fmt: skip
    need(HAS_AXE, NO_AXE)
    chat = await customer(**look)
    number = await chat.handed_over()
    desk = await agent(**look)
    for who, seen in (("nobody", "people-none"), (f"#{number}", "people-kept")):
        await desk.page.goto(f"{server.url}/people")
        await desk.page.get_by_label("Wie zoek je?").fill(who)
        await desk.page.keyboard.press("Enter")
        await expect(desk.see(seen)).to_be_visible()
        await is_for_all(desk.page, who)
