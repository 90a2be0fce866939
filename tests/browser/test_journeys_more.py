"""The journeys that take longer: what the line, the server and several people do to a conversation, all on one
real server."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable

import pytest
from playwright.async_api import Route, expect

from tests.browser.people import Agent, Customer
from tests.fixtures_server import Served

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.asyncio(loop_scope="module")]

Arrive = Callable[..., Awaitable[Customer]]
LogIn = Callable[..., Awaitable[Agent]]
EVIL = (
    "<img src=x onerror=\"window.hit=1;alert('x')\"><script>window.hit=1</script><b onmouseover=alert(1)>x</b> "
    '{{7*7}} ${7*7} <svg onload=alert(1)> javascript:alert(1) https://a.example/"><script>alert(1)</script>'
)
PERSON = "Praat met een medewerker"
SKIP = "Overslaan"
STEPS = [
    ("Ik heb een probleem met de wifi", "Wat gebeurt er"),
    ("Verbinding valt weg", "Op welk toestel is dat?"),
    ("laptop", "Wie heeft er allemaal last van?"),
    ("1", "Klopt dat?"),
    ("ja", "Is het daarmee opgelost?"),
    ("nee", re.compile(r"Stap 2 van \d")),
]


async def test_a_reload_in_the_middle(customer: Arrive) -> None:
    chat = await customer()
    await chat.say("Ik heb een probleem met de wifi")
    await chat.hears("Wat gebeurt er")
    await chat.page.reload()
    await chat.hears("Wat gebeurt er")
    assert await chat.bubbles() == ["Ik heb een probleem met de wifi"]
    await chat.press("Verbinding valt weg")
    await chat.hears("Op welk toestel is dat?")


async def test_what_is_typed_without_a_line_arrives_once(customer: Arrive) -> None:
    chat = await customer()
    await chat.say("Ik heb een probleem met de wifi")
    await chat.hears("Wat gebeurt er")
    await chat.page.context.set_offline(True)
    typed = ["Mijn verbinding valt telkens weg", "Het is op mijn laptop", "Alleen ik heb er last van"]
    for text in typed:
        await chat.type(text)
    await expect(chat.turns("customer").last).to_contain_text("Wordt verzonden zodra het kan")
    await chat.page.context.set_offline(False)
    await expect(chat.page.locator(".turn.pending")).to_have_count(0)
    await chat.hears("Klopt dat?")
    await chat.page.reload()
    await chat.hears("Klopt dat?")
    assert await chat.bubbles() == ["Ik heb een probleem met de wifi", *typed]


async def test_the_server_restarts_in_the_middle(customer: Arrive, agent: LogIn, server: Served) -> None:
    chat, desk = await customer(), await agent()
    await chat.say("Ik heb een probleem met de wifi")
    await chat.hears("Wat gebeurt er")
    await asyncio.to_thread(server.stop)
    await chat.type("Verbinding valt weg")
    await expect(desk.page.locator("desk-feed")).to_have_attribute("data-state", "away")
    server.start()
    await asyncio.to_thread(server.wait_ready)
    await chat.hears("Op welk toestel is dat?")
    await expect(desk.page.locator("desk-feed")).to_have_attribute("data-state", "live")
    await chat.handed_over()
    assert await chat.bubbles() == ["Ik heb een probleem met de wifi", "Verbinding valt weg", PERSON, SKIP]


async def test_a_solution_being_written_survives_what_happens_meanwhile(
    customer: Arrive, agent: LogIn
) -> None:
    chat = await customer()
    await chat.say("Ik heb een probleem met de wifi")
    number = await chat.handed_over()
    desk = await agent()
    await desk.open(number)
    await desk.claim()
    other = Agent(await desk.page.context.new_page(), desk.url)
    await other.open(number)

    await desk.see("open-resolve").click()
    await desk.see("solution").fill("Het toegangspunt is opnieuw gestart.")
    await other.reply(
        "Een ogenblik, ik kijk het na."
    )  # the same agent in another tab: the head is drawn again
    await chat.say("Dank u")
    await expect(desk.see("turn-customer").last).to_contain_text("Dank u")
    await expect(desk.see("turn-agent").last).to_contain_text("Een ogenblik")
    await expect(desk.see("solution")).to_be_visible()
    await expect(desk.see("solution")).to_have_value("Het toegangspunt is opnieuw gestart.")
    await desk.page.keyboard.press("Escape")
    await expect(desk.see("open-resolve")).to_be_focused()

    await desk.see("open-resolve").click()
    await other.resolve("In het andere tabblad al opgelost.")
    await expect(desk.see("standing")).to_have_text("Afgerond")
    await expect(desk.see("solution")).to_have_value("Het toegangspunt is opnieuw gestart.")
    await desk.see("resolve").click()  # what was typed is not taken away, and comes too late
    await expect(desk.page.locator(".toast")).to_be_visible()
    await desk.see("toast-close").click()  # above the dialog that dims the rest
    await expect(desk.page.locator(".toast")).to_have_count(0)
    await expect(desk.see("solution")).to_be_visible()
    await desk.page.keyboard.press("Escape")
    await expect(desk.page.locator("dialog #toasts")).to_have_count(0)
    await expect(desk.see("turn-event").last).to_contain_text("In het andere tabblad al opgelost.")


async def killed(server: Served) -> None:
    """kill -9, and a new start."""
    await asyncio.to_thread(server.kill)
    server.start()
    await asyncio.to_thread(server.wait_ready)


async def test_the_server_is_killed_at_each_step(customer: Arrive, agent: LogIn, server: Served) -> None:
    """kill -9 right after every message: each is answered, and once."""
    chat = await customer()
    for said, (text, answer) in enumerate(STEPS, 1):
        await chat.say(text)
        await killed(server)
        await chat.hears(answer)
        await expect(chat.turns("customer")).to_have_count(said)
    number = await chat.handed_over()
    answers = await chat.turns("bot").evaluate_all(
        "(turns) => turns.map((turn) => [...turn.querySelectorAll('.bubble, .step')].map((e) => e.innerText).join())"
    )
    assert len(answers) == len(set(answers)), answers
    assert await chat.bubbles() == [*(text for text, _ in STEPS), PERSON, SKIP]

    desk = await agent()
    await desk.open(number)
    await desk.claim()
    await desk.see("reply-text").fill("Dag, met de helpdesk.")
    await killed(server)
    await expect(desk.see("reply-text")).to_have_value("Dag, met de helpdesk.")
    await desk.see("reply-send").click()
    await chat.hears("Dag, met de helpdesk.", "agent")
    await expect(chat.turns("agent")).to_have_count(1)


async def test_two_agents_claim_at_once(customer: Arrive, agent: LogIn, els: str) -> None:
    chat = await customer()
    await chat.say("Ik heb een probleem met de wifi")
    await chat.hears("Wat gebeurt er")
    number = await chat.handed_over()
    desks = [await agent(), await agent(els)]
    for desk in desks:
        await desk.open(number)
        await expect(desk.see("claim")).to_be_visible()
    both = asyncio.Barrier(2)

    async def together(route: Route) -> None:
        await both.wait()
        await route.continue_()

    for desk in desks:
        await desk.page.route("**/claim", together)
    await asyncio.gather(*(desk.see("claim").click() for desk in desks))
    for desk in desks:
        await expect(desk.see("standing")).not_to_have_text("In de wachtrij")
    standings = [await desk.see("standing").inner_text() for desk in desks]
    assert sorted(standings) in (["Bij Els Maes", "Van mij"], ["Bij Administrator", "Van mij"])
    [loser] = [desk for desk, standing in zip(desks, standings, strict=True) if standing != "Van mij"]
    winner = "Els Maes" if loser is desks[0] else "Administrator"
    await expect(loser.page.locator(".toast")).to_contain_text(winner)
    await expect(loser.see("taken")).to_contain_text(winner)
    await expect(loser.see("reply-text")).to_have_count(0)


async def test_the_bot_is_silent_while_a_person_has_it_and_speaks_again_after(
    customer: Arrive, agent: LogIn
) -> None:
    chat = await customer()
    await chat.say("Ik heb een probleem met de wifi")
    await chat.hears("Wat gebeurt er")
    number = await chat.handed_over()
    desk = await agent()
    await desk.open(number)
    await desk.claim()
    answers = await chat.turns("bot").count()
    await chat.say("Mijn printer drukt ook niet af")
    await expect(desk.see("turn-customer").last).to_contain_text("printer")
    await desk.reply("Ik kijk naar allebei.")
    await chat.hears("Ik kijk naar allebei.", "agent")
    await expect(chat.turns("bot")).to_have_count(answers)

    await desk.transfer("Naar de wachtrij")
    await expect(desk.see("standing")).to_have_text("In de wachtrij")
    await chat.say("Bent u daar nog?")
    await expect(desk.see("turn-customer").last).to_contain_text("Bent u daar nog?")
    await desk.claim()
    await expect(chat.turns("bot")).to_have_count(answers)

    await desk.transfer("Naar de bot")
    await expect(desk.see("standing")).to_have_text("Bij de bot")
    await chat.say("Ik ben mijn wachtwoord vergeten")
    await chat.hears("Om welk account gaat het?")
    await expect(chat.page.get_by_role("button", name=PERSON)).to_be_visible()


async def test_by_keyboard_alone_to_a_person(customer: Arrive, server: Served, contexts: Callable) -> None:
    page = await (await contexts()).new_page()
    await page.goto(f"{server.url}/?lang=nl")
    launcher = page.locator(".launcher")
    while not await launcher.evaluate("(e) => e.getRootNode().activeElement === e"):
        await page.keyboard.press("Tab")
    await page.keyboard.press("Enter")
    chat = Customer(page)
    await expect(page.locator("textarea")).to_be_focused()
    await page.keyboard.type("Ik heb een probleem met de wifi")
    await page.keyboard.press("Enter")
    await chat.hears("Wat gebeurt er")
    reply = page.get_by_role("button", name="Verbinding valt weg")
    while not await reply.evaluate("(e) => e.getRootNode().activeElement === e"):
        await page.keyboard.press("Shift+Tab")
    await page.keyboard.press("Space")
    await chat.hears("Op welk toestel is dat?")
    await expect(page.locator("textarea")).to_be_focused()
    person = page.get_by_role("button", name=PERSON)
    while not await person.evaluate("(e) => e.getRootNode().activeElement === e"):
        await page.keyboard.press("Shift+Tab")
    await page.keyboard.press("Enter")
    await chat.hears("Op welke naam")
    await page.keyboard.type("liever niet")
    await page.keyboard.press("Enter")
    await chat.hears("uw ticket is", "system")
    await expect(page.locator("textarea")).to_be_focused()


async def test_what_a_customer_types_is_never_script(customer: Arrive, agent: LogIn) -> None:
    chat = await customer()
    await chat.say(EVIL)
    await expect(chat.turns("bot").last).to_be_visible()
    number = await chat.handed_over()
    desk = await agent()
    pages = [chat.page, desk.page]
    await desk.open(number)
    await expect(desk.see("turn-customer").first).to_contain_text("<img src=x")
    await desk.page.goto(f"{desk.url}/desk?view=all&q=%23{number}")
    await expect(desk.see("desk-item")).to_have_count(1)
    await desk.page.goto(f"{desk.url}/review")
    await expect(desk.see("review-item").first).to_contain_text("<img src=x")
    await desk.see("review-item").first.get_by_role("link").click()
    await expect(desk.see("turn-customer").first).to_contain_text("<img src=x")
    for page in pages:
        assert await page.evaluate("window.hit") is None
        assert await page.locator(".bubble :is(img, script, svg, b)").count() == 0
    hrefs = await desk.page.locator(".bubble a").evaluate_all("(links) => links.map((a) => a.href)")
    assert all(href.startswith("http") for href in hrefs), hrefs
