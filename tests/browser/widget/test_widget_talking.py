"""What a customer says and gets to see in the widget."""

from __future__ import annotations

import asyncio
import re

import pytest
from playwright.async_api import expect

from bot.bus import conversation_topic
from tests.browser.widget.talk import (
    PHONE,
    STEP,
    Counter,
    Visit,
    answered,
    open_chat,
    say,
    turns,
)

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.asyncio(loop_scope="module")]


async def test_nothing_is_kept_or_sent_before_it_is_opened(visit: Visit) -> None:
    page = await visit()
    sockets: list[str] = []
    page.on("websocket", lambda socket: sockets.append(socket.url))
    await page.reload()
    await expect(page.locator(".launcher")).to_be_visible()
    kept = await page.evaluate("[localStorage.length, sessionStorage.length, document.cookie]")
    assert kept == [0, 0, ""]
    assert sockets == []
    await open_chat(page)
    await page.wait_for_function("localStorage.length > 0")


async def test_it_says_that_it_is_a_bot_and_what_is_kept(visit: Visit) -> None:
    page = await visit()
    await open_chat(page)
    hello = page.locator(".hello")
    await expect(hello).to_contain_text("Ik ben een bot")
    await expect(hello).to_contain_text("We bewaren wat u hier schrijft of meestuurt")
    await expect(page.locator(".find")).to_have_attribute("href", re.compile(r"/help/nl/$"))


async def test_a_customer_chats(visit: Visit, counter: Counter) -> None:
    page = await visit()
    await open_chat(page)
    text = page.locator("textarea")
    await expect(text).to_be_focused()
    await text.press_sequentially("Geen internet")
    await text.press("Shift+Enter")
    await text.press_sequentially("sinds vanmorgen")
    assert counter.record.received == []
    await text.press("Enter")
    await answered(page, "Geen internet\nsinds vanmorgen")
    await expect(text).to_have_value("")
    await expect(page.locator(".starters")).to_be_hidden()
    await expect(turns(page, "bot").last.locator(".author")).to_have_text("Balie · bot")


async def test_a_quick_reply_sends_its_payload_and_is_gone(visit: Visit, counter: Counter) -> None:
    page = await visit()
    await open_chat(page)
    await say(page, "Dag")
    replies = page.get_by_role("group", name="Kies een antwoord").get_by_role("button")
    await expect(replies).to_have_text(["Ja, dat klopt", "Nee"])
    counter.record.answer = lambda _: [("bot", {}, "Goed.")]
    await replies.first.click()
    await expect(turns(page, "bot").last).to_contain_text("Goed.")
    await expect(replies).to_have_count(0)
    last = counter.record.received[-1]
    assert (last.text, last.payload) == ("Ja, dat klopt", "/affirm")


async def test_typing_an_answer_makes_the_replies_go_too(visit: Visit, counter: Counter) -> None:
    page = await visit()
    await open_chat(page)
    await say(page, "Dag")
    await expect(page.locator(".reply")).to_have_count(2)
    counter.record.answer = lambda _: ()
    await say(page, "1")
    await expect(turns(page, "customer")).to_have_count(2)
    await expect(page.locator(".reply")).to_have_count(0)


async def test_a_person_can_be_asked_for_at_every_moment(visit: Visit, counter: Counter) -> None:
    page = await visit()
    await open_chat(page)
    await page.get_by_role("button", name="Praat met een medewerker").click()
    await answered(page, "Praat met een medewerker")
    await expect(page.get_by_role("button", name="Praat met een medewerker")).to_be_visible()
    await counter.agent("Dag, met Jan.")
    await expect(page.locator(".role")).to_have_text("U spreekt met Jan Peeters")
    await expect(turns(page, "agent").locator(".author")).to_have_text("Jan Peeters · medewerker")


async def test_the_head_says_who_has_the_conversation(visit: Visit, counter: Counter) -> None:
    page = await visit()
    await open_chat(page)
    await say(page, "Dag")
    await answered(page, "Dag")
    role, person = page.locator(".role"), page.get_by_role("button", name="Praat met een medewerker")
    told = (
        ({}, "Uw vraag is doorgegeven", False), ({"name": "Jan"}, "U spreekt met Jan", False),
        ({"over": True}, "Bot, antwoordt meteen", True),
    )  # fmt: skip
    for data, words, asks in told:
        await counter.record.add(counter.conversation, "system", data, "Een melding.")
        await expect(role).to_have_text(words)
        await expect(person).to_be_visible(visible=asks)


async def test_a_step_is_a_card_and_an_article_a_link(visit: Visit, counter: Counter) -> None:
    metadata = {"step": STEP, "article": "no-internet-connection", "title": "Geen internet"}
    parts = (f"Stap 2 van 4: {STEP['what']}", f"Waarom: {STEP['why']}", STEP["expected"], "Is het opgelost?")
    text = "\n".join(map(str, parts))
    counter.record.answer = lambda _: [("bot", {"metadata": metadata}, text)]
    page = await visit()
    await open_chat(page)
    await say(page, "help")
    card = page.locator(".step")
    for words in ("Stap 2 van 4", "ongeveer 3 min.", STEP["what"], STEP["why"], STEP["expected"]):
        await expect(card).to_contain_text(str(words))
    await expect(card.locator(".progress i.done")).to_have_count(2)
    await expect(page.locator(".step + .bubble")).to_have_text("Is het opgelost?")
    link = page.get_by_role("link", name="Geen internet")
    await expect(link).to_have_attribute("href", counter.url + "help/nl/no-internet-connection")


@pytest.mark.parametrize("viewport", [PHONE, {"width": 1280, "height": 620}])
async def test_a_tall_step_is_read_from_its_beginning(
    visit: Visit, counter: Counter, viewport: dict[str, int]
) -> None:
    tall = {**STEP, "text": "\n".join(f"Regel {n} van een lange uitleg." for n in range(60))}
    page = await visit(viewport=viewport)
    await open_chat(page)
    for _ in range(4):
        await say(page, "Dag")
        await answered(page, "Dag")
    thread = page.locator(".scroll")
    at_end = "(e) => e.scrollHeight - e.scrollTop - e.clientHeight < 2"
    await expect(page.locator(".reply").last).to_be_in_viewport()
    assert await thread.evaluate(at_end)

    counter.record.answer = lambda _: [("bot", {}, "Kijk."), ("bot", {"metadata": {"step": tall}}, "x")]
    await say(page, "help")
    await expect(page.locator(".step-title")).to_be_in_viewport()
    await expect(page.locator(".step")).to_contain_text("Regel 59")
    await expect(turns(page, "bot").nth(4)).to_be_in_viewport()  # the words before it
    await expect(page.get_by_role("button", name="Naar het nieuwste bericht")).to_be_visible()
    await page.reload()
    await expect(page.locator(".step-title")).to_be_in_viewport()

    counter.record.answer = lambda _: ()
    await say(page, "en nu?")
    await expect(turns(page, "customer").last).to_be_in_viewport()


async def test_an_agent_s_typing_shows_until_the_answer(visit: Visit, counter: Counter) -> None:
    page = await visit()
    await open_chat(page)
    await say(page, "Dag")
    await answered(page, "Dag")
    topic = conversation_topic(counter.conversation)
    await counter.record.bus.publish(topic, {"type": "typing", "author": "agent", "name": "Jan"})
    await expect(page.locator(".typing")).to_contain_text("Jan is aan het typen")
    await counter.agent("Hier ben ik.")
    await expect(page.locator(".typing")).to_be_hidden()


async def test_a_long_message_is_stopped_kindly(visit: Visit, counter: Counter) -> None:
    page = await visit()
    await open_chat(page)
    await page.locator("textarea").fill("x" * 7_990)
    await expect(page.locator("#note")).to_have_text("Nog 10 tekens")
    await say(page, "x" * 8_001)
    await expect(page.locator("#note")).to_contain_text("in delen")
    assert counter.record.received == []
    await say(page, "kort")
    await answered(page, "kort")


async def test_the_language_can_be_changed(visit: Visit, counter: Counter) -> None:
    page = await visit("?lang=fr")
    await open_chat(page)
    await expect(page.locator(".hello h2")).to_have_text("Bonjour\u00a0! En quoi puis-je vous aider\u00a0?")
    for language, words in (("en", "Talk to a person"), ("nl", "Praat met een medewerker")):
        await page.locator("select.language").select_option(language)
        await expect(page.locator(".person")).to_have_text(words)
    await say(page, "Dag")
    await answered(page, "Dag")
    assert counter.record.received[0].language == "nl"
    await page.reload()  # the choice stays, although the page asks for French
    await expect(page.locator(".role")).to_have_text("Bot, antwoordt meteen")


async def test_a_new_conversation_starts_with_nothing(visit: Visit, counter: Counter) -> None:
    page = await visit()
    await open_chat(page)
    await say(page, "Dag")
    await answered(page, "Dag")
    await page.get_by_role("button", name="Meer mogelijkheden").click()
    await page.get_by_role("menuitem", name="Nieuw gesprek").click()
    await page.get_by_role("alertdialog").get_by_role("button", name="Nieuw gesprek").click()
    await expect(page.locator(".turn")).to_have_count(0)
    await expect(page.locator(".starters")).to_be_visible()
    await say(page, "Iets anders")
    await answered(page, "Iets anders")
    assert len(counter.record.items) == 2


async def test_the_conversation_can_be_kept_as_text(visit: Visit) -> None:
    page = await visit()
    await open_chat(page)
    await say(page, "Dag")
    await answered(page, "Dag")
    await page.get_by_role("button", name="Meer mogelijkheden").click()
    async with page.expect_download() as download:
        await page.get_by_role("menuitem", name="Gesprek bewaren").click()
    text = await asyncio.to_thread((await (await download.value).path()).read_text)
    assert "U: Dag" in text
    assert "Balie (bot): U zei: Dag" in text


async def test_a_page_s_own_button_opens_it_with_a_sentence(visit: Visit, counter: Counter) -> None:
    page = await visit()
    await page.get_by_role("button", name="Mijn printer drukt niet af").click()
    await expect(page.locator("textarea")).to_have_value("Mijn printer drukt niet af")
    assert counter.record.received == []
