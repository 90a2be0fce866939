"""A call from beginning to end, with nothing of ours in its place: two browsers with a microphone each, the real
server, Whisper as ears and espeak as voice. A customer calls out of the chat, is handed over, and speaks with an
agent at the desk."""

from __future__ import annotations

import asyncio
import subprocess
import wave
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, async_playwright, expect

from bot.speech.models import MANY
from tests.browser.conftest import CHROMIUM, HAS_CHROMIUM
from tests.browser.people import Agent, Customer
from tests.fixtures_server import Served, new_var
from tests.need import need
from tests.speech_models import NO_GROUP, need_espeak, whisper_model

pytestmark = [pytest.mark.slow, pytest.mark.asyncio(loop_scope="module")]

BEFORE, AFTER = 14, 30
"""Seconds of silence in the customer's microphone: until the greeting is over, and until it begins again."""

LOUDNESS = """
const Node = AudioWorkletNode;
globalThis.AudioWorkletNode = class extends Node {
  constructor(context, name, options) {
    super(context, name, options);
    if (name !== "balie-voice") return;
    const seen = context.createAnalyser();
    this.connect(seen);
    globalThis.loudness = () => {
      const samples = new Float32Array(seen.fftSize);
      seen.getFloatTimeDomainData(samples);
      return Math.max(...samples.map(Math.abs));
    };
  }
};
"""
"""How loud what a page plays is now; 0 is silence."""

UNTIL_LOUD = """() => new Promise((heard) => {
  const look = () => (globalThis.loudness?.() > 0.02 ? heard() : setTimeout(look, 50));
  look();
})"""

Visit = Callable[[Path], Awaitable[Page]]


@pytest.fixture(scope="module")
def server(trained: Path, open_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The real server, which hears and speaks."""
    need_espeak()
    var = new_var(trained, tmp_path_factory.mktemp("var"))
    need(whisper_model(var / "models" / "speech" / "whisper" / MANY) is not None, NO_GROUP)
    server = Served(var, {"BALIE_DATA": str(open_data), "BALIE_PHONE__EARS": "whisper"})
    server.start()
    server.wait_ready(120)
    yield server
    server.stop()


@pytest_asyncio.fixture(loop_scope="module")
async def visit() -> AsyncIterator[Visit]:
    """A page of a browser that has a recording for a microphone."""
    need(HAS_CHROMIUM, "there is no /usr/bin/chromium: apt-get install chromium")
    opened: list[Browser] = []
    async with async_playwright() as playwright:

        async def visited(microphone: Path) -> Page:
            flags = ["--no-sandbox", "--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream"]
            flags += [f"--use-file-for-fake-audio-capture={microphone}"]
            browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=flags)
            opened.append(browser)
            context = await browser.new_context(locale="nl-BE", permissions=["microphone"])
            context.set_default_timeout(30_000)
            await context.add_init_script(LOUDNESS)
            return await context.new_page()

        yield visited
        for browser in opened:
            await browser.close()


def spoken(folder: Path, voice: str, text: str, before: float, after: float) -> Path:
    """A recording of somebody who says something between two silences."""
    said, whole = folder / "said.wav", folder / f"{voice}.wav"
    subprocess.run(["espeak-ng", "-v", voice, "-s", "140", "-w", str(said), text], check=True)
    with wave.open(str(said)) as read, wave.open(str(whole), "wb") as written:
        written.setnchannels(1)
        written.setsampwidth(2)
        written.setframerate(rate := read.getframerate())
        sound = read.readframes(read.getnframes())
        written.writeframes(bytes(2 * round(rate * before)) + sound + bytes(2 * round(rate * after)))
    return whole


async def hears(page: Page) -> None:
    """Something is played on the page."""
    async with asyncio.timeout(60):
        await page.evaluate(UNTIL_LOUD)


async def test_a_call_out_of_the_chat_to_an_agent_at_the_desk(
    server: Served, visit: Visit, tmp_path: Path
) -> None:
    customers = spoken(tmp_path, "nl", "Mijn printer werkt niet.", BEFORE, AFTER)
    agents = spoken(tmp_path, "en", "Good morning, this is the helpdesk speaking.", 2, 4)
    page = await visit(customers)
    await page.goto(f"{server.url}/?lang=nl")
    customer = Customer(page)
    await customer.open()
    await page.get_by_role("button", name="Bellen vanuit uw browser").click()
    await expect(page.get_by_text("U bent in gesprek")).to_be_visible(timeout=30_000)
    await hears(page)
    await expect(page.locator(".turn.bot").first).to_contain_text("automatische assistent")
    await expect(page.locator(".turn.customer").first).to_be_visible(timeout=60_000)
    await customer.handed_over()

    desk = await visit(agents)
    agent = Agent(desk, server.url)
    await agent.log_in()
    await expect(agent.see("on-line")).to_be_visible()
    await agent.see("desk-item").click()
    await agent.see("answer").click()
    await expect(agent.see("desk-call")).to_contain_text("In gesprek")
    await hears(desk)
    await hears(page)
    await expect(page.locator(".turn.agent").last).to_be_visible(timeout=60_000)
    words = await customer.bubbles("agent")
    await expect(agent.see("transcript")).to_contain_text(words[-1])
    await agent.see("call-hold").click()
    await expect(agent.see("desk-call")).to_contain_text("De klant staat in de wacht")
    await agent.see("call-hold").click()
    await agent.see("call-hang-up").click()
    await expect(agent.see("desk-call")).to_contain_text("Het gesprek is afgelopen")
    await expect(page.get_by_text("Het gesprek is afgelopen")).to_be_visible()
    await customer.say("bedankt")
    await expect(agent.see("transcript")).to_contain_text("bedankt")
