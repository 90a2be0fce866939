"""How far a message has come, as an agent sees it while the customer reads, at the real server."""

from __future__ import annotations

import sqlite3
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from playwright.async_api import expect

from tests.browser.axe import HAS_AXE, NO_AXE, is_for_all
from tests.browser.people import LOOKS, Agent, Customer
from tests.browser.test_desk_day import taken
from tests.browser.widget.test_widget_receipts import HIDE
from tests.fixtures_server import Served
from tests.need import need

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.asyncio(loop_scope="module")]

Arrive = Callable[..., Awaitable[Customer]]
LogIn = Callable[..., Awaitable[Agent]]


def left_over(server: Served, text: str, state: str) -> None:
    """What a channel that pushes would have left of this message."""
    with sqlite3.connect(server.var / "balie.db", timeout=10) as database:
        made = database.execute(
            """INSERT INTO outbox (conversation_id, seq, channel, author, epoch, state, attempts, next_at, created_at, error)
            SELECT conversation_id, seq, 'sms', 'agent', 0, ?, 7, 9e9, 0, '21211' FROM contents
            WHERE content LIKE ?""",
            (state, f'%"{text}"%'),
        )
        assert made.rowcount == 1
    database.close()


async def test_sent_delivered_and_seen_while_the_customer_reads(
    customer: Arrive, agent: LogIn, els: str
) -> None:
    chat, desk, number = await taken(customer, agent)
    colleague = await agent(els)
    await colleague.open(number)
    await expect(desk.see("arrival-seen")).to_have_count(1)
    await chat.page.keyboard.press("Escape")
    await desk.reply("Dag, ik kijk het na.")
    await desk.reply("Hebt u de router al herstart?")
    last = desk.see("turn-agent").last
    await expect(last.get_by_test_id("arrival-delivered")).to_have_text("Afgeleverd")
    await expect(desk.page.locator(".arrival")).to_have_count(2)
    await chat.page.locator(".launcher").click()
    for each in (desk, colleague):
        await expect(each.see("turn-agent").last.get_by_test_id("arrival-seen")).to_contain_text("Gelezen")
        await expect(each.page.locator(".arrival")).to_have_count(1)
    await chat.page.evaluate(HIDE, True)
    await desk.reply("Bent u er nog?")
    await expect(last.get_by_test_id("arrival-sent")).to_have_text("Verzonden")
    await desk.page.reload()
    await expect(last.get_by_test_id("arrival-sent")).to_have_text("Verzonden")
    await expect(desk.page.locator(".arrival")).to_have_count(2)
    await chat.page.evaluate(HIDE, False)
    await expect(last.get_by_test_id("arrival-seen")).to_contain_text("Gelezen")


async def test_what_did_not_arrive_is_sent_again(customer: Arrive, agent: LogIn, server: Served) -> None:
    chat, desk, _ = await taken(customer, agent)
    await desk.reply("Uw code is onderweg.")
    left_over(server, "Uw code is onderweg.", "failed")
    await desk.page.reload()
    failed = desk.see("arrival-failed")
    await expect(failed).to_contain_text("Niet aangekomen bij de klant.")
    await desk.see("again").focus()
    await chat.type("Hallo?")
    await expect(desk.see("turn-customer").last).to_contain_text("Hallo?")
    await expect(desk.see("again")).to_be_focused()
    await desk.page.keyboard.press("Enter")
    await expect(desk.see("turn-agent")).to_have_count(2)
    await expect(desk.see("arrival-repeated")).to_have_text("Niet aangekomen, daarna opnieuw verzonden.")
    await expect(desk.see("again")).to_have_count(0)
    await chat.hears("Uw code is onderweg.", "agent")


@pytest.mark.parametrize("look", LOOKS)
async def test_every_mark_is_for_all(
    customer: Arrive, agent: LogIn, server: Served, look: dict[str, Any]
) -> None:
    need(HAS_AXE, NO_AXE)
    _, desk, number = await taken(customer, agent)
    states = ("retried", "failed", "repeated", "unknown", "cancelled")
    for state in states:
        await desk.reply(f"{state} voor {number}")
    await desk.reply("Dit is gelezen.")
    await expect(desk.see("arrival-seen")).to_be_visible()
    for state in states:
        left_over(server, f"{state} voor {number}", "pending" if state == "retried" else state)
    reader = await agent(**look)
    await reader.page.goto(desk.page.url)
    for state in states:
        await expect(reader.see(f"arrival-{state}")).to_be_visible()
    await is_for_all(reader.page, "what did not arrive")
