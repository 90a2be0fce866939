"""An administrator changes what is agreed; agents and customers notice at once."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import pytest
from playwright.async_api import expect

from tests.browser.people import Agent, Customer
from tests.fixtures_server import Served

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.asyncio(loop_scope="module")]

LANGUAGES = ("nl", "fr", "en")


async def test_a_reply_and_a_macro_made_in_a_page_are_at_the_desk(
    agent: Callable[..., Awaitable[Agent]],
    customer: Callable[..., Awaitable[Customer]],
    server: Served,
) -> None:
    admin = await agent()
    await admin.page.goto(f"{server.url}/admin/agreements")
    await admin.see("edit-reply").click()
    await admin.see("key").fill("lampje")
    for language in LANGUAGES:
        await admin.see(f"title.{language}").fill("Lampje van de router")
        await admin.see(f"text.{language}").fill(f"Welk lampje brandt er, {{customer}}? ({language})")
    await admin.see("save").click()
    await expect(admin.see("done")).to_contain_text("vanaf nu")

    await admin.see("edit-macro").click()
    await admin.see("key").fill("naar-het-netwerk")
    for language in LANGUAGES:
        await admin.see(f"name.{language}").fill("Doorgeven aan het netwerk")
    for kind in ("priority", "reply"):
        await admin.see(f"add-{kind}").click()
    await admin.see("up:1").focus()
    await admin.page.keyboard.press("Enter")
    await expect(admin.see("step").first).to_contain_text("Antwoord aan de klant")
    await admin.see("value.1").select_option("P2")
    await admin.see("save").click()
    await expect(admin.see("told")).to_contain_text("1. Tekst")
    for language in LANGUAGES:
        await admin.see(f"text.0.{language}").fill("De collega's van het netwerk kijken mee.")
    await admin.see("save").click()
    await expect(admin.see("done")).to_be_visible()

    chat = await customer()
    number = await chat.handed_over()
    desk = await agent()
    await desk.page.goto(f"{server.url}/desk")
    await desk.open(number)
    await desk.claim()
    await desk.see("reply-text").press_sequentially("/lampje")
    await expect(desk.see("insert").first).to_contain_text("Lampje van de router")
    await desk.page.keyboard.press("Enter")
    await expect(desk.see("reply-text")).to_have_value("Welk lampje brandt er? (nl)")


async def test_a_day_that_is_closed_in_a_page_is_closed_for_customers(
    agent: Callable[..., Awaitable[Agent]], server: Served
) -> None:
    admin = await agent()
    await admin.page.goto(f"{server.url}/admin/agreements/hours")
    await admin.see("opening.monday").fill("van 9 tot 5")
    await admin.see("save").click()
    await expect(admin.see("told")).to_contain_text("maandag")
    await expect(admin.see("opening.monday")).to_have_value("van 9 tot 5")
    await admin.see("opening.monday").fill("9:00-12:00, 13:00-17:00")
    await admin.see("save").click()
    await expect(admin.see("opening")).to_contain_text("13.00")
    await expect(admin.see("edited-hours")).to_be_visible()
    await admin.page.get_by_text("Door Administrator").first.click()
    await admin.see("forget-hours").click()
    await expect(admin.see("edited-hours")).to_have_count(0)
    await expect(admin.see("opening")).not_to_contain_text("13.00")
