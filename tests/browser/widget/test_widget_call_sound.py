"""The sound of a call as it goes through a real browser: its pitch and its pace, from the microphone to the
server and from the server to the loudspeaker."""

from __future__ import annotations

import time
import wave
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from playwright.async_api import Page, async_playwright, expect

from bot.bus.local import LocalBus
from bot.speech.audio import RATE, SAMPLE
from channels.phone.session import Session
from tests.browser.conftest import CHROMIUM, HAS_CHROMIUM
from tests.browser.widget.talk import Counter, open_chat
from tests.browser_line import Telephone, until
from tests.fixtures_phone import GREETING
from tests.fixtures_web import Record
from tests.need import need

pytestmark = [pytest.mark.browser, pytest.mark.slow]

AS_IT_IS = """(rate) => {
  const { mediaDevices } = navigator, ask = mediaDevices.getUserMedia.bind(mediaDevices);
  const plain = { echoCancellation: false, noiseSuppression: false, autoGainControl: false };
  mediaDevices.getUserMedia = ({ audio }) => ask({ audio: { ...audio, ...plain } });
  const Context = window.AudioContext;
  window.AudioContext = class extends Context {
    constructor(options) { super({ sampleRate: rate, ...options }); }
  };
}"""
"""A machine whose sound has a rate, and whose browser leaves the microphone's alone: a steady tone would be
noise to it, and be taken away."""
ON_THE_RIGHT = """navigator.mediaDevices.getUserMedia = async () => {
  const context = new AudioContext();
  const tone = context.createOscillator(), sides = context.createChannelMerger(2);
  const { stream } = tone.connect(sides, 0, 1).connect(context.createMediaStreamDestination());
  tone.frequency.value = 1000;
  tone.start();
  return stream;
}"""
"""A microphone with two sides, of which the right one hears."""
TAPPED = """(() => {
  window.heard = [];
  const connect = AudioNode.prototype.connect;
  AudioNode.prototype.connect = function (to, ...more) {
    if (to === this.context.destination) {
      const tap = this.context.createScriptProcessor(256, 1, 1);
      tap.onaudioprocess = ({ inputBuffer }) => heard.push(...inputBuffer.getChannelData(0));
      connect.call(this, tap);
      connect.call(tap, to);
    }
    return connect.call(this, to, ...more);
  };
})()"""
"""What goes to the loudspeaker is kept."""


@asynccontextmanager
async def on_call(script: str, *args: str, a_word: float = 0.02) -> AsyncIterator[tuple[Page, Telephone]]:
    """A page that is on the line in a browser of its own, which runs a script first."""
    need(HAS_CHROMIUM, "there is no /usr/bin/chromium: apt-get install chromium")
    record = Record(LocalBus())
    telephone = Telephone.over(record, [])
    telephone.voice.a_word = a_word
    await telephone.switchboard.start()
    assert await telephone.switchboard.ready()
    counter = Counter(record, telephone=telephone.from_chat)
    await counter.start()
    flags = ["--no-sandbox", "--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream", *args]
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=flags)
        page = await browser.new_page(locale="nl-BE")
        await page.add_init_script(script)
        await page.goto(f"{counter.url}?lang=nl")
        await open_chat(page)
        await page.get_by_role("button", name="Bellen vanuit uw browser").click()
        await expect(page.locator(".call-state")).to_have_text("U bent in gesprek", timeout=10_000)
        yield page, telephone
        await browser.close()
    await telephone.switchboard.stop()
    await counter.stop()


def machine(rate: int) -> str:
    """The script of a machine whose sound has this many samples a second."""
    return f"({AS_IT_IS})({rate})"


def tone_file(path: Path, hertz: float) -> str:
    """The browser's microphone hears this tone, again and again."""
    at = np.arange(48_000 * 2) / 48_000
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(48_000)
        file.writeframes((12_000 * np.sin(2 * np.pi * hertz * at)).astype(SAMPLE).tobytes())
    return f"--use-file-for-fake-audio-capture={path}"


async def second_of(telephone: Telephone) -> NDArray[np.float64]:
    """A second of what the server heard, once the microphone has been on for one."""
    await until(lambda: len(telephone.ears.sound) >= 2 * RATE * 2)
    return np.frombuffer(bytes(telephone.ears.sound[2 * RATE : 4 * RATE]), SAMPLE).astype(float)


def pitch(sound: NDArray[np.float64], rate: int = RATE) -> float:
    """The frequency of which there is most."""
    spectrum = np.abs(np.fft.rfft(sound * np.hanning(len(sound))))
    return float(np.argmax(spectrum[1:]) + 1) * rate / len(sound)


def decibels(sound: NDArray[np.float64]) -> float:
    """How loud it is, of full scale."""
    return float(20 * np.log10(np.sqrt(np.mean(sound**2)) / 32_768 + 1e-9))


@pytest.mark.parametrize(
    ("hertz", "rate"), [(300, 48_000), (1_000, 48_000), (1_000, 44_100), (3_000, 96_000)]
)
async def test_the_server_hears_the_tone_that_the_microphone_heard(
    tmp_path: Path, hertz: int, rate: int
) -> None:
    async with on_call(machine(rate), tone_file(tmp_path / "tone.wav", hertz)) as (_, telephone):
        sound = await second_of(telephone)
        assert pitch(sound) == pytest.approx(hertz, abs=20)
        assert decibels(sound) == pytest.approx(20 * np.log10(12_000 / 32_768 / 2**0.5), abs=3)


async def test_a_microphone_with_two_sides_is_heard_on_both() -> None:
    async with on_call(ON_THE_RIGHT) as (_, telephone):
        sound = await second_of(telephone)
        assert pitch(sound) == pytest.approx(1_000, abs=20)
        assert decibels(sound) > -20


async def test_it_comes_at_the_pace_of_speech(tmp_path: Path) -> None:
    async with on_call(machine(48_000), tone_file(tmp_path / "tone.wav", 1_000)) as (_, telephone):
        await until(lambda: telephone.ears.sound)
        began, already = time.monotonic(), len(telephone.ears.sound)
        await until(lambda: len(telephone.ears.sound) - already > 2 * RATE * 3)
        frames = (len(telephone.ears.sound) - already) / 320 / (time.monotonic() - began)
        assert frames == pytest.approx(50, abs=3)


async def test_what_is_too_high_for_a_telephone_does_not_fold_into_speech(tmp_path: Path) -> None:
    levels: dict[int, float] = {}
    for hertz in (1_000, 6_000):
        async with on_call(machine(48_000), tone_file(tmp_path / f"{hertz}.wav", hertz)) as (_, telephone):
            levels[hertz] = decibels(await second_of(telephone))
    assert levels[6_000] < levels[1_000] - 30


async def test_the_page_plays_what_was_sent_and_says_so_when_it_was_heard(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    marked: list[float] = []
    mark = Session.marked

    def heard(self: Session, name: str) -> None:
        marked.append(time.monotonic())
        mark(self, name)

    monkeypatch.setattr(Session, "marked", heard)
    lasts = len(GREETING.split()) * 0.3
    async with on_call(TAPPED, a_word=0.3) as (page, _):
        began = time.monotonic()
        await until(lambda: marked)
        took = marked[0] - began
        await page.wait_for_function(
            "() => heard.length > 0 && heard.slice(-2048).every((each) => each === 0)"
        )
        sound = np.array(await page.evaluate("heard"))
    loud = np.flatnonzero(sound)
    played = sound[loud[0] : loud[-1] + 1]
    assert took == pytest.approx(lasts, abs=0.6)
    assert len(played) / RATE == pytest.approx(lasts, abs=0.1), "without a gap"
    assert pitch(played) == pytest.approx(440, abs=5)
    assert np.abs(played).max() == pytest.approx(8_000 / 32_768, rel=0.05)
