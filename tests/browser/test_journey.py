"""One conversation from first message to solved ticket: a customer, an agent and a reviewer, each in a browser,
at the real server."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import pytest
from playwright.async_api import expect

from tests.browser.people import Agent, Customer

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="module")]

NOTE = "Klant klinkt gehaast, modem is vorige week vervangen."
REPLY = "Dag, met de helpdesk. Ik zie dat uw toegangspunt is uitgevallen, ik start het nu opnieuw."


async def test_from_first_message_to_solved_ticket(
    customer: Callable[..., Awaitable[Customer]], agent: Callable[..., Awaitable[Agent]]
) -> None:
    desk = await agent()
    await expect(desk.see("desk-empty")).to_be_visible()
    chat = await customer()

    await reports_the_wifi(chat)
    await is_guided(chat)
    await chat.press("Praat met een medewerker")
    await chat.hears("Op welke naam")
    await chat.say("Sofie Peeters, sofie@example.be")
    await chat.hears("uw ticket is 1001. U bent als eerste aan de beurt.", "system")

    await takes_over(desk)
    await chat.hears(REPLY, "agent")
    await desk.note(NOTE)
    await chat.say("Ja, nu heb ik weer verbinding, dank u!")
    await expect(desk.see("turn-customer").last).to_contain_text("nu heb ik weer verbinding")
    await desk.resolve("Toegangspunt op de tweede verdieping opnieuw gestart.")
    await expect(desk.see("ticket-status")).to_have_text("Opgelost")

    await says_how_it_was(chat)
    await expect(chat.page.get_by_role("log")).not_to_contain_text("gehaast")
    await is_reviewed(desk)


async def reports_the_wifi(chat: Customer) -> None:
    """A button, a typed title and a typed number are all answers; what was understood is read back."""
    await chat.say("Ik heb een probleem met de wifi")
    await chat.hears("Wat gebeurt er")
    await chat.press("Verbinding valt weg")
    await chat.hears("Op welk toestel is dat?")
    await chat.say("laptop")
    await chat.hears("Wie heeft er allemaal last van?")
    await chat.say("1")
    await chat.hears("toestel: Laptop")


async def is_guided(chat: Customer) -> None:
    """A correction is taken; steps come one at a time."""
    await chat.say("Nee, het is op mijn gsm")
    await chat.hears("toestel: Gsm")
    await chat.press("Ja, dat klopt")
    cards = chat.page.locator(".step")
    await expect(cards).to_have_count(1)
    await expect(cards.last).to_contain_text("Stap 1 van")
    await chat.press("Nog niet, volgende")
    await expect(cards).to_have_count(2)
    await expect(cards.last).to_contain_text("Stap 2 van")


async def takes_over(desk: Agent) -> None:
    """The conversation appears by itself, with the bot's turns marked and the ticket filled in."""
    await desk.see("desk-item").click()
    await expect(desk.see("ticket-number")).to_have_text("#1001")
    await expect(desk.see("ticket-summary")).to_contain_text("Wifi werkt niet: verbinding valt weg, gsm")
    for fact in ("Verbinding valt weg", "Gsm", "Alleen ik"):
        await expect(desk.see("ticket-facts")).to_contain_text(fact)
    await expect(desk.see("ticket-steps").get_by_role("listitem").first).to_contain_text("hielp niet")
    await expect(desk.see("turn-bot").first).to_contain_text("de bot van de IT-helpdesk")
    await expect(desk.see("turn-customer").first).to_contain_text("een probleem met de wifi")
    await desk.claim()
    await desk.reply(REPLY)


async def says_how_it_was(chat: Customer) -> None:
    await chat.hears("hoe goed bent u geholpen, van 1 tot 5?")
    await chat.press("5 · heel goed")
    await chat.hears("Wilt u er nog iets bij zeggen?")
    await chat.say("Heel snel geholpen")
    await chat.hears("Bedankt, daar leren we van.")


async def is_reviewed(desk: Agent) -> None:
    """What was understood, which rule won and what ran, at every turn of the bot."""
    await desk.page.goto(f"{desk.url}/review")
    await desk.see("review-item").get_by_role("link").click()
    turns = desk.see("part-turn")
    first = turns.first
    await expect(first.get_by_test_id("understood")).to_contain_text("wifi_problem")
    await expect(first.get_by_test_id("decided").locator(".rule")).not_to_be_empty()
    await expect(first.get_by_test_id("did-step").filter(has_text="wifi_problem").first).to_be_visible()
    for turn in await turns.all():
        await expect(turn.get_by_test_id("done")).to_be_visible()
    await expect(desk.see("part-person")).to_contain_text(REPLY)
    await expect(desk.see("did-satisfaction")).to_contain_text(["5", "Heel snel geholpen"])
