"""What an agent types is neither lost nor said twice: drafts, a slow reply, gaps in the line."""

from __future__ import annotations

import asyncio
import signal
import sqlite3

import pytest
from playwright.async_api import Route, expect

from tests.browser.test_desk_day import Arrive, LogIn, in_line, taken
from tests.fixtures_server import Served

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.asyncio(loop_scope="module")]


async def test_a_draft_is_kept_on_every_device(customer: Arrive, agent: LogIn) -> None:
    _, desk, number = await taken(customer, agent)
    async with desk.page.expect_response("**/draft"):
        await desk.see("reply-text").fill("Ik kijk het na en")
    await desk.see("tab-note").click()
    async with desk.page.expect_response("**/draft"):
        await desk.see("note-text").fill("router is oud")
    await desk.page.reload()
    await expect(desk.see("reply-text")).to_have_value("Ik kijk het na en")
    other = await agent()
    await other.open(number)
    await expect(other.see("reply-text")).to_have_value("Ik kijk het na en")
    await expect(other.see("note-text")).to_have_value("router is oud")
    await desk.see("reply-text").fill("Ik kijk het na.")
    await desk.see("reply-send").click()
    await expect(desk.see("turn-agent").last).to_contain_text("Ik kijk het na.")
    await desk.page.reload()
    await expect(desk.see("reply-text")).to_have_value("")


async def test_what_was_typed_last_is_kept_when_the_page_goes(customer: Arrive, agent: LogIn) -> None:
    _, desk, number = await taken(customer, agent)
    await desk.see("reply-text").fill("Nog even")
    await desk.page.goto(f"{desk.url}/help/nl/")
    other = await agent()
    await other.open(number)
    await expect(other.see("reply-text")).to_have_value("Nog even")


async def test_a_reply_without_a_line_is_said_once_when_it_is_back(customer: Arrive, agent: LogIn) -> None:
    chat, desk, _ = await taken(customer, agent)
    await desk.page.context.set_offline(True)
    await desk.see("reply-text").fill("Bent u er nog?")
    await desk.see("reply-text").press("Enter")
    await expect(desk.page.locator(".composer-state")).to_have_text("Niet verzonden")
    await expect(desk.see("reply-text")).to_have_value("Bent u er nog?")
    await desk.page.context.set_offline(False)
    await chat.hears("Bent u er nog?", "agent")
    await expect(desk.see("reply-text")).to_have_value("")
    await expect(chat.turns("agent")).to_have_count(1)


async def test_what_a_short_gap_in_the_line_took_is_fetched_and_saved_after_it(
    customer: Arrive, agent: LogIn
) -> None:
    chat, desk, _ = await taken(customer, agent)
    # The stream of events outlives a gap that requests do not.
    await desk.page.route("**/desk/c/**", lambda route: route.abort())
    async with desk.page.expect_event("requestfailed", lambda request: "/news" in request.url):
        await chat.say("Ziet u dit?")
    await expect(desk.page.locator("desk-feed")).to_have_attribute("data-state", "live")
    await desk.see("reply-text").fill("Ja, ik")
    await expect(desk.page.locator(".composer-state")).to_have_text("Niet bewaard")
    await expect(desk.see("turn-customer").last).not_to_contain_text("Ziet u dit?")
    await desk.page.unroute("**/desk/c/**")
    await expect(desk.see("turn-customer").last).to_contain_text("Ziet u dit?")
    await expect(desk.page.locator(".composer-state")).to_have_text("Bewaard")


async def test_a_list_that_could_not_be_fetched_is_asked_for_again(customer: Arrive, agent: LogIn) -> None:
    desk = await agent()
    await desk.page.route("**/desk/list**", lambda route: route.abort())
    async with desk.page.expect_event("requestfailed", lambda request: "/desk/list" in request.url):
        _, number = await in_line(customer)
    await desk.page.unroute("**/desk/list**")
    await expect(desk.see("desk-item").filter(has_text=f"#{number}")).to_be_visible()


async def test_a_browser_without_a_line_says_so_at_once_and_catches_up(
    customer: Arrive, agent: LogIn
) -> None:
    chat, desk, _ = await taken(customer, agent)
    line = desk.page.locator("desk-feed")
    await expect(line).to_have_text("Live")
    await desk.page.context.set_offline(True)
    await expect(line).to_have_text("Verbinden…")
    await chat.say("Bent u er nog?")
    await desk.page.context.set_offline(False)
    await expect(line).to_have_text("Live")
    await expect(desk.see("turn-customer").last).to_contain_text("Bent u er nog?")


async def test_a_line_on_which_nothing_is_heard_is_dead(
    customer: Arrive, agent: LogIn, server: Served
) -> None:
    chat, desk, _ = await taken(customer, agent)
    line = desk.page.locator("desk-feed")
    await desk.page.clock.install()
    await desk.page.reload()
    await expect(line).to_have_text("Live")
    assert server.process is not None
    server.process.send_signal(signal.SIGSTOP)
    try:
        await desk.page.clock.fast_forward("00:30")
        await expect(line).to_have_text("Live")
        await desk.page.clock.fast_forward("00:12")
        await expect(line).to_have_text("Verbinden…")
    finally:
        server.process.send_signal(signal.SIGCONT)
    await chat.say("Ziet u dit?")
    await expect(line).to_have_text("Live")
    await expect(desk.see("turn-customer").last).to_contain_text("Ziet u dit?")


async def test_a_deed_without_a_line_says_so(customer: Arrive, agent: LogIn) -> None:
    _, number = await in_line(customer)
    desk = await agent()
    card = desk.see("desk-item").filter(has_text=f"#{number}")
    await expect(card).to_be_visible()
    await desk.page.context.set_offline(True)
    await card.click()
    await expect(desk.see("toast")).to_contain_text("Dit werkt nu even niet")
    await expect(card).not_to_have_attribute("aria-current", "true")
    await desk.page.context.set_offline(False)
    await expect(desk.see("toast")).to_have_count(0)
    await card.click()
    await expect(desk.see("ticket-number")).to_have_text(f"#{number}")
    await desk.page.context.set_offline(True)
    await desk.see("claim").click()
    await expect(desk.see("toast")).to_have_count(1)
    await desk.page.context.set_offline(False)
    await desk.claim()


async def test_who_was_set_offline_is_told_in_every_tab_and_comes_back(agent: LogIn, server: Served) -> None:
    desk = await agent()
    other = await desk.page.context.new_page()
    await other.goto(f"{server.url}/desk")
    tabs = [desk.page, other]
    for tab in tabs:
        await expect(tab.locator("desk-feed")).to_have_attribute("data-state", "live")
        await expect(tab.get_by_test_id("presence")).to_be_hidden()
    await desk.page.context.set_offline(True)  # the lid is closed, and the rule counts them as gone
    with sqlite3.connect(server.var / "balie.db", timeout=10) as database:
        gone = "UPDATE users SET availability = 'offline', gone_with = 1 WHERE username = 'admin'"
        database.execute(gone)
    database.close()
    await desk.page.context.set_offline(False)
    for tab in tabs:
        await expect(tab.get_by_test_id("presence")).to_have_text("Afwezig")
        await expect(tab.get_by_test_id("gone")).to_contain_text("Je bent op afwezig gezet")
        await expect(tab.get_by_test_id("gone")).to_contain_text("1 gesprek van jou ging terug")
    await other.get_by_test_id("here-again").click()
    for tab in tabs:
        await expect(tab.get_by_test_id("presence")).to_be_hidden()
        await expect(tab.get_by_test_id("gone")).to_have_count(0)
        await expect(tab.get_by_test_id("toast")).to_have_text("Je bent nu beschikbaar")


async def test_who_takes_a_conversation_while_offline_sees_that_they_are_available(
    customer: Arrive, agent: LogIn
) -> None:
    _, number = await in_line(customer)
    desk = await agent()
    await desk.open(number)
    await desk.see("account").click()
    await desk.see("availability-offline").click()
    await expect(desk.see("presence")).to_have_text("Afwezig")
    await desk.claim()
    await expect(desk.see("presence")).to_be_hidden()
    await expect(desk.see("toast")).to_have_text("Je bent nu beschikbaar")
    await desk.see("account").click()
    await expect(desk.see("availability-online")).to_have_attribute("aria-pressed", "true")


async def test_what_is_typed_while_a_reply_is_on_its_way_stays(customer: Arrive, agent: LogIn) -> None:
    chat, desk, number = await taken(customer, agent)
    text, let_go = desk.see("reply-text"), asyncio.Event()

    async def slow(route: Route) -> None:
        await let_go.wait()
        await route.continue_()

    await desk.page.route("**/reply", slow)
    await text.fill("Eerste zin")
    async with desk.page.expect_request("**/reply"):
        await text.press("Enter")
    await text.press_sequentially("Tweede zin")
    let_go.set()
    await chat.hears("Eerste zin", "agent")
    await expect(desk.page.locator(".composer-state")).to_have_text("Bewaard")
    await expect(text).to_have_value("Tweede zin")
    other = await agent()
    await other.open(number)
    await expect(other.see("reply-text")).to_have_value("Tweede zin")
    await text.press("Enter")
    await chat.hears("Tweede zin", "agent")
    await expect(chat.turns("agent")).to_have_count(2)


async def test_what_is_typed_after_a_reply_that_did_not_go_is_another_reply(
    customer: Arrive, agent: LogIn
) -> None:
    chat, desk, _ = await taken(customer, agent)
    text, let_go = desk.see("reply-text"), asyncio.Event()

    async def fails(route: Route) -> None:
        await let_go.wait()
        await route.abort("connectionfailed")

    await desk.page.route("**/reply", fails, times=1)
    await text.fill("Eerste zin")
    async with desk.page.expect_request("**/reply"):
        await text.press("Enter")
    await text.press_sequentially("Tweede")
    let_go.set()
    await expect(text).to_have_value("Eerste zin\nTweede")
    await text.press_sequentially(" zin")
    await chat.hears("Eerste zin", "agent")
    await expect(text).to_have_value("Tweede zin")
    await expect(chat.turns("agent")).to_have_count(1)


async def test_what_was_changed_after_it_did_not_go_waits_for_who_wrote_it(
    customer: Arrive, agent: LogIn
) -> None:
    chat, desk, _ = await taken(customer, agent)
    text = desk.see("reply-text")
    await desk.page.route("**/reply", lambda route: route.abort("connectionfailed"), times=1)
    await text.fill("Dag Sofie")
    async with desk.page.expect_event("requestfailed"):
        await text.press("Enter")
    await expect(text).to_have_value("Dag Sofie")
    await text.press_sequentially("!")
    await expect(text).to_have_value("Dag Sofie!")
    await text.fill("Beste Sofie")
    await desk.page.evaluate("document.dispatchEvent(new Event('desk:back'))")
    await expect(text).to_have_value("Beste Sofie")
    await text.press("Enter")
    await chat.hears("Beste Sofie", "agent")
    await expect(chat.turns("agent")).to_have_count(1)


async def test_a_reply_that_takes_long_says_that_it_is_on_its_way(customer: Arrive, agent: LogIn) -> None:
    chat, desk, _ = await taken(customer, agent)
    arrives = asyncio.Event()

    async def held(route: Route) -> None:
        await arrives.wait()
        await route.continue_()

    await desk.page.route("**/reply", held)
    await desk.see("reply-text").fill("Ik kijk het na")
    await desk.see("reply-text").press("Enter")
    state = desk.page.locator(".composer-state")
    await expect(state).to_have_text("Wordt verzonden…")
    arrives.set()
    await chat.hears("Ik kijk het na", "agent")
    await expect(state).to_have_text("")


async def test_what_the_customer_types_is_looked_up_and_not_shown(customer: Arrive, agent: LogIn) -> None:
    chat, desk, _ = await taken(customer, agent)
    typed = "en nu staat mijn printer ook nog vast op papierstoring"
    await chat.page.locator("textarea").press_sequentially(typed, delay=20)
    await expect(desk.see("suggestions")).to_contain_text("rinter")
    assert typed[:20] not in await desk.page.content()
