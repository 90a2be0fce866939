"""A call out of the widget: a real browser's microphone and loudspeaker on the one side, the telephone on the
other. The microphone is Chromium's own, which beeps."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import numpy as np
import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, async_playwright, expect

from bot.bus.local import LocalBus
from bot.speech.audio import RATE, SAMPLE
from tests.browser.axe import HAS_AXE, NO_AXE, no_violations
from tests.browser.conftest import CHROMIUM, HAS_CHROMIUM
from tests.browser.widget.talk import PHONE, YES_NO, Counter, Visit, open_chat, say, turns
from tests.browser_line import Telephone, until
from tests.fixtures_phone import FROM_CHAT, GREETING
from tests.fixtures_web import Record
from tests.need import need
from tests.scripted_speech import LOUD

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.asyncio(loop_scope="module")]

SAID = "mijn printer doet het niet"
MICROPHONE = {"permissions": ["microphone"]}
SECOND = 2 * RATE
"""Bytes of PCM."""
ASKING = """() => {
  const { mediaDevices } = navigator, ask = mediaDevices.getUserMedia.bind(mediaDevices);
  mediaDevices.getUserMedia = async (wanted) => {
    await new Promise((allow) => (window.allow = allow));
    const stream = await ask(wanted);
    [window.track] = stream.getTracks();
    return stream;
  };
}"""
"""A browser that asks whether the page may have the microphone, until `allow()`."""


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def browser() -> AsyncIterator[Browser]:
    """A browser with a microphone that beeps."""
    need(HAS_CHROMIUM, "there is no /usr/bin/chromium: apt-get install chromium")
    expect.set_options(timeout=10_000)
    async with async_playwright() as playwright:
        args = ["--no-sandbox", "--use-fake-device-for-media-stream"]
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=args)
        yield browser
        await browser.close()
    expect.set_options(timeout=5_000)


@pytest_asyncio.fixture(loop_scope="module")
async def telephone() -> AsyncIterator[Telephone]:
    record = Record(LocalBus(), answer=lambda message: [("bot", {}, f"U zei: {message.text}.")])
    made = Telephone.over(record, [SAID])
    await made.switchboard.start()
    assert await made.switchboard.ready()
    yield made
    await made.switchboard.stop()


@pytest_asyncio.fixture(loop_scope="module")
async def counter(telephone: Telephone) -> AsyncIterator[Counter]:
    counter = Counter(telephone.record, telephone=telephone.from_chat)
    await counter.start()
    yield counter
    await counter.stop()


def loud(pcm: bytes | bytearray) -> bool:
    """Whether anything is to be heard in it."""
    return bool(np.abs(np.frombuffer(bytes(pcm), SAMPLE)).max(initial=0) > LOUD)


async def press(page: Page) -> None:
    await page.get_by_role("button", name="Bellen vanuit uw browser").click()


async def on_call(visit: Visit, **options: Any) -> Page:
    """A page that is on the line, and was greeted."""
    page = await visit(**{**MICROPHONE, **options})
    await open_chat(page)
    await press(page)
    await expect(page.locator(".call-state")).to_have_text("U bent in gesprek")
    await expect(turns(page, "bot").first).to_contain_text(GREETING)
    return page


async def hang_up(page: Page) -> None:
    await page.get_by_role("button", name="Ophangen").click()


async def test_what_is_said_stands_in_the_thread_and_typing_goes_on(
    visit: Visit, counter: Counter, telephone: Telephone
) -> None:
    page = await on_call(visit)
    await expect(turns(page, "customer")).to_contain_text(SAID)
    await expect(turns(page, "bot").last).to_contain_text(f"U zei: {SAID}.")
    [message] = counter.record.received
    assert message.voice
    await hang_up(page)
    await expect(page.locator(".call-state")).to_have_text(
        "Het gesprek is afgelopen. Verder chatten kan gewoon hier."
    )
    await say(page, "dank u")
    await expect(turns(page, "bot").last).to_contain_text("U zei: dank u.")
    assert not counter.record.received[-1].voice
    await page.get_by_role("button", name="Sluiten").click()
    await expect(page.locator(".call-state")).to_be_hidden()
    await press(page)
    await expect(turns(page, "bot").last).to_contain_text(FROM_CHAT)


async def test_a_key_arrives(visit: Visit, counter: Counter, telephone: Telephone) -> None:
    telephone.ears.script = ()
    page = await on_call(visit)
    await counter.record.add(counter.conversation, "bot", {"replies": YES_NO}, "Klopt dat?")
    await until(lambda: "Klopt dat?" in telephone.voice.said)
    await page.get_by_role("button", name="Toetsen").click()
    await page.get_by_role("group", name="Toetsen").get_by_role("button", name="2").click()
    await expect(turns(page, "customer")).to_contain_text("Nee")
    assert counter.record.received[0].payload == "/deny"


async def test_a_muted_microphone_sends_silence(visit: Visit, telephone: Telephone) -> None:
    telephone.ears.script = ()
    page = await on_call(visit)
    await until(lambda: loud(telephone.ears.sound))
    await page.get_by_role("button", name="Microfoon uit").click()
    await expect(page.locator(".call-state")).to_have_text("In gesprek, uw microfoon staat uit")
    already = len(telephone.ears.sound) + SECOND // 2  # what was on its way
    await until(lambda: len(telephone.ears.sound) > already + 2 * SECOND)
    assert not loud(telephone.ears.sound[already:])
    await page.get_by_role("button", name="Microfoon uit").click()
    again = len(telephone.ears.sound)
    await until(lambda: loud(telephone.ears.sound[again:]))


async def test_a_microphone_that_is_refused_is_said_and_may_be_allowed_after_all(visit: Visit) -> None:
    page = await visit()
    await open_chat(page)
    await press(page)
    await expect(page.locator(".call-state")).to_have_text(
        "We kunnen uw microfoon niet gebruiken. Sta ze toe in uw browser en bel opnieuw."
    )
    await page.context.grant_permissions(["microphone"])
    await press(page)
    await expect(page.locator(".call-state")).to_have_text("U bent in gesprek")


async def test_who_hangs_up_before_the_microphone_is_allowed_has_not_called(
    visit: Visit, counter: Counter
) -> None:
    page = await visit(**MICROPHONE)
    await page.evaluate(ASKING)
    await open_chat(page)
    await press(page)
    await page.wait_for_function("() => Boolean(window.allow)")
    await hang_up(page)
    await page.evaluate("allow()")
    await page.wait_for_function("() => window.track?.readyState === 'ended'")
    await expect(page.locator(".call-state")).to_contain_text("afgelopen")
    assert counter.record.items == {}


async def test_where_no_calls_are_taken_none_is_offered(visit: Visit, telephone: Telephone) -> None:
    button = "Bellen vanuit uw browser"
    telephone.ears.languages = ("fr",)
    page = await visit(**MICROPHONE)
    await open_chat(page)
    await say(page, "Dag")
    await expect(turns(page, "bot")).to_have_count(1)
    await expect(page.get_by_role("button", name=button)).to_have_count(0)

    without = Counter(Record(LocalBus(), answer=lambda _: [("bot", {}, "Dag.")]))
    await without.start()
    await page.goto(f"{without.url}?lang=fr")
    await open_chat(page)
    await say(page, "Bonjour")
    await expect(turns(page, "bot")).to_have_count(1)
    await expect(page.locator(".tool[aria-label='Appeler depuis votre navigateur']")).to_be_hidden()
    await without.stop()


async def test_a_conversation_that_is_on_the_line_already_is_not_called_again(visit: Visit) -> None:
    page = await on_call(visit)
    other = await page.context.new_page()
    await other.goto(page.url)
    await open_chat(other)
    await press(other)
    await expect(other.locator(".call-state")).to_contain_text("bezet")
    await expect(page.locator(".call-state")).to_have_text("U bent in gesprek")


async def test_a_line_that_breaks_is_said(visit: Visit, counter: Counter, telephone: Telephone) -> None:
    page = await on_call(visit)
    await telephone.switchboard.stop()
    await expect(page.locator(".call-state")).to_contain_text("De lijn is weggevallen")
    await expect(page.locator("textarea")).to_be_editable()


async def test_a_goodbye_is_heard_to_its_end(visit: Visit, counter: Counter, telephone: Telephone) -> None:
    telephone.ears.script = ()
    page = await on_call(visit)
    await counter.record.add(counter.conversation, "bot", {"metadata": {"hang_up": True}}, "Tot ziens.")
    await expect(page.locator(".call-state")).to_contain_text("Het gesprek is afgelopen")


# ── for everybody ─────────────────────────────────────────────────────────────────────────────────────────


async def test_it_works_by_keyboard_alone(visit: Visit, counter: Counter, telephone: Telephone) -> None:
    telephone.ears.script = ()
    page = await visit(**MICROPHONE)
    call = page.get_by_role("button", name="Bellen vanuit uw browser")
    end = page.get_by_role("button", name="Ophangen")
    await page.locator(".launcher").focus()
    await page.keyboard.press("Enter")
    await expect(call).to_be_visible()
    while not await call.evaluate("(e) => e === e.getRootNode().activeElement"):
        await page.keyboard.press("Shift+Tab")
    await page.keyboard.press("Enter")
    await expect(end).to_be_focused()
    await expect(page.locator(".call-state")).to_have_text("U bent in gesprek")
    await counter.record.add(counter.conversation, "bot", {"replies": YES_NO}, "Klopt dat?")
    await until(lambda: "Klopt dat?" in telephone.voice.said)
    await page.keyboard.press("Shift+Tab")
    await expect(page.get_by_role("button", name="Toetsen")).to_be_focused()
    await page.keyboard.press("Space")
    await page.keyboard.press("Tab")
    await page.keyboard.press("Tab")
    await page.keyboard.press("Enter")
    await expect(turns(page, "customer")).to_contain_text("Ja, dat klopt")
    await page.keyboard.press("Shift+Tab")
    await expect(end).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("button", name="Sluiten")).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(call).to_be_focused()


@pytest.mark.parametrize("viewport", [PHONE, {"width": 1280, "height": 800}])
@pytest.mark.parametrize("theme", ["light", "dark"])
async def test_axe_finds_nothing(
    visit: Visit, telephone: Telephone, theme: str, viewport: dict[str, int]
) -> None:
    need(HAS_AXE, NO_AXE)
    telephone.ears.script = ()
    page = await on_call(visit, viewport=viewport, color_scheme=theme)
    await page.get_by_role("button", name="Toetsen").click()
    await no_violations(page, "on a call")
    for name in ("Microfoon uit", "Toetsen", "Ophangen", "Bellen vanuit uw browser"):
        box = await page.get_by_role("button", name=name).bounding_box()
        assert box is not None
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= viewport["width"]
        assert min(box["width"], box["height"]) >= 24, f"{name} is large enough for a finger"
    await page.get_by_role("button", name="Microfoon uit").click()
    await no_violations(page, "muted")
    await hang_up(page)
    await expect(page.locator(".call-state")).to_contain_text("afgelopen")
    await no_violations(page, "over")
