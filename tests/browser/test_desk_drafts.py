"""A draft of two tabs or devices: neither overwrites the other unasked, and a reload loses nothing."""

from __future__ import annotations

import pytest
from playwright.async_api import Route, expect

from tests.browser.people import Agent, Customer
from tests.browser.test_desk_day import Arrive, LogIn, taken

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.asyncio(loop_scope="module")]


async def on_two_devices(customer: Arrive, agent: LogIn, written: str) -> tuple[Customer, Agent, Agent]:
    """A customer, and an agent who has them open on two devices and wrote something on the first."""
    chat, desk, number = await taken(customer, agent)
    other = await agent()
    await other.open(number)
    async with desk.page.expect_response("**/draft"):
        await desk.see("reply-text").fill(written)
    return chat, desk, other


async def test_two_devices_write_and_the_agent_chooses(customer: Arrive, agent: LogIn) -> None:
    chat, desk, other = await on_two_devices(customer, agent, "Van de computer\nin twee regels")
    await other.see("reply-text").fill("Van de tablet")
    await expect(other.see("reply-elsewhere")).to_contain_text("Van de computer\nin twee regels")
    await other.page.reload()
    await expect(other.see("reply-text")).to_have_value("Van de tablet")
    await expect(other.see("reply-elsewhere")).to_contain_text("Van de computer")
    await other.see("reply-take").click()
    await expect(other.see("reply-elsewhere")).to_be_hidden()
    await expect(other.see("reply-text")).to_have_value("Van de computer\nin twee regels")

    async with other.page.expect_response("**/draft"):
        await other.see("reply-text").press_sequentially(", en meer")
    await desk.see("reply-text").fill("Toch van de computer")
    await expect(desk.see("reply-elsewhere")).to_contain_text("en meer")
    async with desk.page.expect_response("**/draft"):
        await desk.see("reply-keep").click()
    await expect(desk.page.locator(".composer-state")).to_have_text("Bewaard")
    await expect(desk.see("reply-text")).to_be_focused()

    await other.see("reply-text").fill("Eerst dit")
    await expect(other.see("reply-elsewhere")).to_contain_text("Toch van de computer")
    await other.see("reply-text").press("Enter")
    await chat.hears("Eerst dit", "agent")
    await expect(other.see("reply-elsewhere")).to_be_hidden()
    await other.page.reload()
    await expect(other.see("reply-text")).to_have_value("Toch van de computer")


async def test_what_a_page_could_not_save_when_it_went_asks_when_it_is_back(
    customer: Arrive, agent: LogIn
) -> None:
    _, _, other = await on_two_devices(customer, agent, "Eerst")
    await other.see("reply-text").fill("Nog even")
    await other.page.goto(f"{other.url}/help/nl/")
    await other.page.go_back()
    await expect(other.see("reply-text")).to_have_value("Nog even")
    await expect(other.see("reply-elsewhere")).to_contain_text("Eerst")


async def test_a_save_that_nobody_heard_of_is_the_pages_own(customer: Arrive, agent: LogIn) -> None:
    _, desk, _ = await taken(customer, agent)

    async def lost(route: Route) -> None:
        await route.fetch()
        await route.abort("connectionfailed")

    await desk.page.route("**/draft", lost, times=1)
    await desk.see("reply-text").fill("Ik kijk")
    await expect(desk.page.locator(".composer-state")).to_have_text("Niet bewaard")
    await desk.see("reply-text").press_sequentially(" het na")
    await expect(desk.page.locator(".composer-state")).to_have_text("Bewaard")
    await expect(desk.see("reply-elsewhere")).to_be_hidden()


async def test_what_was_sent_from_one_tab_does_not_wait_in_the_other(customer: Arrive, agent: LogIn) -> None:
    chat, desk, number = await taken(customer, agent)
    async with desk.page.expect_response("**/draft"):
        await desk.see("reply-text").fill("Ik bel u zo")
    other = await agent()
    await other.open(number)
    await expect(other.see("reply-text")).to_have_value("Ik bel u zo")
    await desk.see("reply-text").press("Enter")
    await chat.hears("Ik bel u zo", "agent")
    await expect(other.see("reply-text")).to_have_value("")
    await other.see("reply-text").press("Enter")
    await expect(chat.turns("agent")).to_have_count(1)


async def test_who_loses_a_conversation_hears_so_and_keeps_the_draft(
    customer: Arrive, agent: LogIn, els: str
) -> None:
    _, desk, number = await taken(customer, agent)
    other = await agent(els)
    await other.open(number)
    async with desk.page.expect_response("**/draft"):
        await desk.see("reply-text").fill("Ik kijk het na en")
    await other.see("open-take-over").click()
    await other.see("take-over").click()
    await expect(desk.see("toast")).to_contain_text("Els Maes nam dit gesprek over")
    await expect(desk.page.locator("#conversation-title")).to_be_focused()
    await desk.page.locator("summary", has_text="Je concept").click()
    await expect(desk.see("draft-kept")).to_have_text("Ik kijk het na en")
    await other.transfer("Administrator")
    await expect(other.see("toast")).to_have_count(0)
    await expect(desk.see("reply-text")).to_have_value("Ik kijk het na en")


async def test_what_is_too_long_stays_whole_and_is_not_sent(customer: Arrive, agent: LogIn) -> None:
    _, desk, _ = await taken(customer, agent)
    text = desk.see("reply-text")
    await text.fill("y" * 8_005)
    await expect(desk.see("composer-notice")).to_contain_text("8.000")
    await text.press("Enter")
    assert len(await text.input_value()) == 8_005
    await expect(desk.see("turn-agent")).to_have_count(0)
    await text.fill("y" * 8_000)
    await expect(desk.see("composer-notice")).to_have_text("")
    await text.press("Enter")
    await expect(desk.see("turn-agent")).to_have_count(1)
