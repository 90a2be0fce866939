"""The widget in a real browser: what a customer does with mouse, keyboard and screen reader, and what the
line does to it. The server is the real socket over a record in memory (tests/fixtures_web.py)."""

from __future__ import annotations

import asyncio
import dataclasses
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from aiohttp import web
from playwright.async_api import Browser, BrowserContext, Page, async_playwright, expect

from bot.bus import conversation_topic
from bot.bus.local import LocalBus
from bot.model.errors import Malformed, TooMany, Unavailable
from bot.model.messages import Accepted, InboundMessage
from bot.web import widget
from channels.web.channel import WebSettings
from tests.fixtures_web import Record, application
from tests.need import need

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="module")]

CHROMIUM = Path("/usr/bin/chromium")
HAS_CHROMIUM = CHROMIUM.exists()
AXE = Path(__file__).parent / "vendor" / "axe.min.js"
PHONE = {"width": 390, "height": 844}
YES_NO = [{"title": "Ja, dat klopt", "payload": "/affirm"}, {"title": "Nee", "payload": "/deny"}]
STEP = {
    "what": "Herstart de router.",
    "why": "Zo vraagt hij een nieuwe verbinding.",
    "expected": "Het lampje is groen.",
    "minutes": 3,
    "number": 2,
    "of": 4,
}


@dataclass
class Counter:
    """A server that can be stopped and started again at the same address."""

    record: Record
    settings: WebSettings = field(default_factory=lambda: WebSettings(burst=0))
    port: int = 0
    runner: web.AppRunner | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/"

    async def start(self) -> None:
        app, _ = application(self.record, self.settings)
        self.runner = web.AppRunner(app, shutdown_timeout=1)
        await self.runner.setup()
        site = web.TCPSite(self.runner, "127.0.0.1", self.port, reuse_address=True)
        await site.start()
        self.port = self.runner.addresses[0][1]

    async def stop(self) -> None:
        if self.runner is not None:
            await self.runner.cleanup()
            self.runner = None

    @property
    def conversation(self) -> str:
        [one] = self.record.items
        return one

    async def agent(self, text: str, **data: Any) -> None:
        await self.record.add(self.conversation, "agent", {"name": "Jan Peeters", **data}, text)


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def browser() -> AsyncIterator[Browser]:
    need(HAS_CHROMIUM, "there is no /usr/bin/chromium: apt-get install chromium")
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        await browser.close()


@pytest_asyncio.fixture(loop_scope="module")
async def counter() -> AsyncIterator[Counter]:
    def answer(message: InboundMessage) -> list[tuple[str, dict[str, Any], str]]:
        return [("bot", {"replies": YES_NO}, f"U zei: {message.text}. Klopt dat?")]

    counter = Counter(Record(LocalBus(), answer=answer))
    await counter.start()
    yield counter
    await counter.stop()


Visit = Callable[..., Awaitable[Page]]


@pytest_asyncio.fixture(loop_scope="module")
async def visit(browser: Browser, counter: Counter) -> AsyncIterator[Visit]:
    contexts: list[BrowserContext] = []
    problems: list[str] = []

    async def visited(path: str = "?lang=nl", **options: Any) -> Page:
        context = await browser.new_context(**{"locale": "nl-BE", "reduced_motion": "reduce", **options})
        contexts.append(context)
        page = await context.new_page()
        page.set_default_timeout(8_000)
        page.on("pageerror", lambda error: problems.append(str(error)))
        await page.goto(counter.url + path)
        return page

    yield visited
    for context in contexts:
        await context.close()
    assert problems == []


async def open_chat(page: Page) -> None:
    await page.locator(".launcher").click()
    await expect(page.get_by_role("dialog")).to_be_visible()


async def say(page: Page, text: str) -> None:
    await page.locator("textarea").fill(text)
    await page.locator("textarea").press("Enter")


def turns(page: Page, author: str) -> Any:
    return page.locator(f".turn.{author}")


async def answered(page: Page, text: str) -> None:
    await expect(turns(page, "bot").last).to_contain_text(f"U zei: {text}")
    await expect(turns(page, "customer").last).to_contain_text("Verzonden")


# --- talking ----------------------------------------------------------------------------------------


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
    await expect(hello).to_contain_text("We bewaren wat u hier schrijft")
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


# --- the line ---------------------------------------------------------------------------------------


async def test_a_reload_keeps_the_conversation_once(visit: Visit) -> None:
    page = await visit()
    await open_chat(page)
    await say(page, "Dag")
    await answered(page, "Dag")
    await page.locator("textarea").fill("half geschr")
    await page.reload()
    await expect(turns(page, "customer")).to_have_count(1)
    await expect(turns(page, "bot")).to_have_count(1)
    await expect(page.locator(".reply")).to_have_count(2)
    await expect(page.locator("textarea")).to_have_value("half geschr")


async def test_a_server_that_restarts_loses_and_doubles_nothing(visit: Visit, counter: Counter) -> None:
    page = await visit()
    await open_chat(page)
    await say(page, "voor")
    await answered(page, "voor")
    await counter.stop()
    await say(page, "tijdens")
    await say(page, "nog tijdens")
    await expect(turns(page, "customer").last).to_contain_text("Wordt verzonden zodra het kan")
    await expect(page.locator(".state")).to_contain_text("De verbinding is weg")
    await counter.start()
    await expect(page.locator(".turn.pending")).to_have_count(0, timeout=25_000)
    await answered(page, "nog tijdens")
    await expect(page.locator(".state")).to_be_hidden()
    assert [message.text for message in counter.record.received] == ["voor", "tijdens", "nog tijdens"]
    await expect(turns(page, "customer")).to_have_count(3)


@pytest.mark.parametrize("what", ["sockets:", "conversations:"])
async def test_a_busy_counter_is_said_kindly_and_tried_again(
    visit: Visit, counter: Counter, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    allow = counter.record.bus.allow
    full = True

    async def busy(key: str, limit: int, per: float) -> float:
        return 2.0 if full and key.startswith(what) else await allow(key, limit, per)

    monkeypatch.setattr(counter.record.bus, "allow", busy)
    page = await visit()
    await open_chat(page)
    await say(page, "Dag")
    await expect(page.locator(".state")).to_contain_text("Het is nu even druk")
    await expect(turns(page, "customer")).to_contain_text("Wordt verzonden zodra het kan")
    full = False
    await answered(page, "Dag")
    await expect(page.locator(".state")).to_be_hidden()
    await expect(turns(page, "customer")).to_have_count(1)


async def test_what_is_not_sent_survives_a_reload(visit: Visit, counter: Counter) -> None:
    page = await visit()
    await open_chat(page)
    await say(page, "voor")
    await answered(page, "voor")
    counter.record.failing = Unavailable("the database is away")
    await say(page, "tijdens")
    await expect(page.locator(".turn.pending")).to_have_count(1)
    await page.reload()
    await expect(page.locator(".turn.pending")).to_have_count(1)
    counter.record.failing = None
    await answered(page, "tijdens")
    await expect(turns(page, "customer")).to_have_count(2)


async def test_a_message_whose_answer_got_lost_is_not_doubled(visit: Visit, counter: Counter) -> None:
    receive = counter.record.receive
    tried: list[str] = []

    async def stumbling(message: InboundMessage) -> Accepted:
        taken = await receive(message)
        tried.append(message.external_id)
        if len(tried) == 1:
            raise TooMany("stored, but the answer is lost", 0.05)
        return taken

    counter.record.receive = stumbling  # type: ignore[method-assign]
    page = await visit()
    await open_chat(page)
    await say(page, "Dag")
    await answered(page, "Dag")
    await expect(turns(page, "customer")).to_have_count(1)
    assert len(set(tried)) == 1
    assert len(tried) == 2
    assert len(counter.record.received) == 1


async def test_what_will_never_be_taken_is_said(visit: Visit, counter: Counter) -> None:
    page = await visit()
    await open_chat(page)
    counter.record.failing = Malformed("the message is empty")
    await say(page, "\u200b")
    await expect(page.locator(".turn.failed")).to_contain_text("kon niet verzonden worden")
    counter.record.failing = None
    await say(page, "Dag")
    await answered(page, "Dag")


async def test_what_was_masked_is_shown_masked(visit: Visit, counter: Counter) -> None:
    receive = counter.record.receive

    async def masking(message: InboundMessage) -> Accepted:
        return await receive(dataclasses.replace(message, text=message.text.replace("geheim", "••••")))

    counter.record.receive = masking  # type: ignore[method-assign]
    page = await visit()
    await open_chat(page)
    await say(page, "mijn wachtwoord is geheim")
    await answered(page, "mijn wachtwoord is ••••")
    await expect(turns(page, "customer")).to_have_count(1)
    await expect(turns(page, "customer")).to_contain_text("mijn wachtwoord is ••••")


async def test_two_tabs_are_one_conversation(visit: Visit) -> None:
    page = await visit()
    await open_chat(page)
    await say(page, "Dag")
    await answered(page, "Dag")
    other = await page.context.new_page()
    await other.goto(page.url)
    await open_chat(other)
    await expect(turns(other, "customer")).to_have_count(1)
    await say(other, "uit het andere tabblad")
    await answered(page, "uit het andere tabblad")


async def test_unread_messages_are_counted_on_the_launcher(visit: Visit, counter: Counter) -> None:
    page = await visit()
    await open_chat(page)
    await say(page, "Dag")
    await answered(page, "Dag")
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("dialog")).to_be_hidden()
    await counter.agent("Bent u daar?")
    await counter.agent("Hallo?")
    await expect(page.locator(".unread")).to_have_text("2")
    launcher = page.get_by_role("button", name="Open de chat, 2 ongelezen berichten")
    await page.reload()
    await expect(launcher).to_be_visible()
    await launcher.click()
    await expect(page.locator(".unread")).to_be_hidden()
    await page.keyboard.press("Escape")
    await expect(page.locator(".unread")).to_be_hidden()


# --- for everybody ----------------------------------------------------------------------------------


async def test_it_works_by_keyboard_alone(visit: Visit) -> None:
    page = await visit()
    await page.locator(".launcher").focus()
    await page.keyboard.press("Enter")
    await expect(page.locator("textarea")).to_be_focused()
    await page.keyboard.type("Dag")
    await page.keyboard.press("Enter")
    await answered(page, "Dag")
    await page.keyboard.press("Shift+Tab")  # the person button
    await page.keyboard.press("Shift+Tab")  # the second reply
    await expect(page.locator(".reply").last).to_be_focused()
    await page.keyboard.press("Enter")
    await answered(page, "Nee")
    await expect(page.locator("textarea")).to_be_focused()
    await page.locator("[aria-haspopup=menu]").focus()
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("menuitem").first).to_be_focused()
    await page.keyboard.press("ArrowDown")
    await expect(page.get_by_role("menuitem").last).to_be_focused()
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("menu")).to_be_hidden()
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("dialog")).to_be_hidden()
    await expect(page.locator(".launcher")).to_be_focused()


async def test_a_screen_reader_hears_who_says_what(visit: Visit, counter: Counter) -> None:
    page = await visit()
    await open_chat(page)
    await say(page, "Dag")
    await answered(page, "Dag")
    await counter.record.add(counter.conversation, "system", {}, "U bent nummer 2 in de rij.")
    log = page.get_by_role("log", name="Gesprek")
    await expect(log).to_have_attribute("aria-live", "polite")
    await expect(turns(page, "customer")).to_contain_text("U: Dag")
    await expect(turns(page, "system")).to_contain_text("Mededeling: U bent nummer 2 in de rij.")
    await expect(log).to_have_attribute("aria-busy", "false")


async def test_on_a_phone_it_is_the_whole_screen(visit: Visit) -> None:
    page = await visit(viewport=PHONE, has_touch=True, is_mobile=True)
    assert await page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    await open_chat(page)
    box = await page.locator(".panel").bounding_box()
    assert box is not None
    assert {key: round(box[key]) for key in ("x", "y", "width", "height")} == {"x": 0, "y": 0, **PHONE}
    await expect(page.locator(".launcher")).to_be_hidden()
    await say(page, "een_woord_zonder_spaties_" * 12)
    await expect(turns(page, "bot")).to_have_count(1)
    assert await page.locator(".scroll").evaluate("(e) => e.scrollWidth <= e.clientWidth")
    await page.get_by_role("button", name="Chat verkleinen").click()
    await expect(page.locator(".launcher")).to_be_visible()


@pytest.mark.parametrize("viewport", [PHONE, {"width": 1280, "height": 800}])
@pytest.mark.parametrize("theme", ["light", "dark"])
async def test_axe_finds_nothing(
    visit: Visit, counter: Counter, theme: str, viewport: dict[str, int]
) -> None:
    need(AXE.exists(), "axe-core is not there: python hatch_build.py")
    metadata = {"step": STEP, "article": "vpn"}
    counter.record.answer = lambda _: [
        ("bot", {}, "Zie https://example.org/."),
        ("bot", {"metadata": metadata, "replies": YES_NO}, "x"),
    ]
    page = await visit(viewport=viewport, color_scheme=theme)
    await page.evaluate(AXE.read_text())

    async def check(what: str) -> None:
        found = await page.evaluate("axe.run(document, {resultTypes: ['violations']})")
        told = [
            (each["id"], [node["html"][:120] + node["failureSummary"] for node in each["nodes"]])
            for each in found["violations"]
        ]
        assert told == [], what

    await check("closed")
    await open_chat(page)
    await check("home")
    await say(page, "Dag")
    await expect(page.locator(".reply")).to_have_count(2)
    await counter.agent("Dag, met Jan.")
    await counter.record.add(counter.conversation, "system", {}, "Jan is erbij gekomen.")
    await expect(turns(page, "system")).to_have_count(1)
    await check("thread")
    await page.get_by_role("button", name="Meer mogelijkheden").click()
    await check("menu")
    await page.get_by_role("menuitem", name="Nieuw gesprek").click()
    await check("question")


async def test_the_page_s_own_theme_goes_before_the_system_s(visit: Visit) -> None:
    page = await visit(color_scheme="light")
    await open_chat(page)
    ground = "(e) => getComputedStyle(e).backgroundColor"
    light = await page.locator(".panel").evaluate(ground)
    await page.evaluate("document.documentElement.dataset.theme = 'dark'")
    await expect(page.locator("balie-chat")).to_have_attribute("theme", "dark")
    assert await page.locator(".panel").evaluate(ground) != light


# --- abuse and other people's pages -----------------------------------------------------------------


async def test_nothing_that_is_said_becomes_markup_or_script(visit: Visit, counter: Counter) -> None:
    evil = '<img src=x onerror="window.hit=1"><script>window.hit=1</script>'
    link = "javascript:window.hit=1"
    step = {"what": evil, "why": evil, "expected": evil, "minutes": evil, "number": evil, "of": evil}
    replies = [{"title": evil, "payload": evil}]
    counter.record.answer = lambda _: [
        ("bot", {"replies": replies, "metadata": {"url": link, "title": evil}}, evil),
        ("bot", {"metadata": {"step": step, "article": "../../" + evil}}, evil),
        ("agent", {"name": evil, "replies": replies}, f"{evil} {link} https://a.b/{evil}"),
        ("system", {}, evil),
    ]  # fmt: skip
    page = await visit()
    await open_chat(page)
    await say(page, evil)
    await expect(turns(page, "system")).to_contain_text("<img src=x")
    await expect(page.locator(".turn img, .turn script, .replies img")).to_have_count(0)
    hrefs = await page.locator(".turn a").evaluate_all("(links) => links.map((link) => link.href)")
    assert all(href.startswith("http") for href in hrefs)
    assert await page.evaluate("window.hit") is None


async def embedding_page(counter: Counter, policy: str) -> web.AppRunner:
    """Another site, with a strict policy of its own, that embeds the widget by its one line."""

    async def page(_: web.Request) -> web.Response:
        line = f'<script src="{counter.url}widget.js" data-lang="nl" data-title="ACME IT" defer></script>'
        html = f"<!doctype html><html lang=nl><title>ACME</title><h1>ACME</h1>{line}</html>"
        return web.Response(text=html, content_type="text/html", headers={"Content-Security-Policy": policy})

    app = web.Application()
    app.add_routes([web.get("/", page)])
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "localhost", 0).start()
    return runner


@pytest.mark.parametrize("allowed", [True, False])
async def test_another_site_embeds_it_under_a_strict_policy(
    browser: Browser, counter: Counter, allowed: bool
) -> None:
    host = counter.url.rstrip("/")
    socket = host.replace("http", "ws")
    policy = (
        f"default-src 'none'; script-src {host}; connect-src {socket}; require-trusted-types-for 'script'"
    )
    runner = await embedding_page(counter, policy)
    origin = f"http://localhost:{runner.addresses[0][1]}"
    await counter.stop()
    counter.settings = WebSettings(origins=(origin,) if allowed else ("https://other.example",))
    await counter.start()
    context = await browser.new_context(locale="nl-BE")
    page = await context.new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    await page.goto(origin)
    await open_chat(page)
    await expect(page.locator(".name")).to_have_text("ACME IT")
    await say(page, "Dag")
    if allowed:
        await answered(page, "Dag")
        assert [line for line in said if "Content Security Policy" in line] == []
        assert await page.locator(".panel").evaluate("(e) => getComputedStyle(e).borderRadius") == "20px"
    else:
        await expect(page.locator(".turn.pending")).to_have_count(1)
        await expect(page.locator(".state")).to_be_visible()
        assert counter.record.received == []
    await context.close()
    await runner.cleanup()


async def test_the_script_is_cached_by_its_content(counter: Counter, browser: Browser) -> None:
    context = await browser.new_context()
    first = await context.request.get(counter.url + "widget.js")
    assert first.ok
    assert await first.text() == widget.source()
    again = await context.request.get(
        counter.url + "widget.js", headers={"If-None-Match": first.headers["etag"]}
    )
    assert again.status == 304
    await context.close()


async def test_the_demo_page_speaks_the_visitor_s_language(visit: Visit) -> None:
    page = await visit("", locale="fr-BE")
    await expect(page.locator("html")).to_have_attribute("lang", "fr")
    await expect(page.locator("h1")).to_contain_text("service d’assistance")
    await page.get_by_role("link", name="English").click()
    await expect(page.locator("h1")).to_contain_text("answers right away")
    for address in ("/help/en/", "/desk", "/review"):
        await expect(page.locator(f'main a[href="{address}"]')).to_be_visible()
