"""Messages that callers left: got from a peer that plays Twilio, and written down by ears of a script."""

from __future__ import annotations

import asyncio
import io
import wave
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass, field

import pytest
from aiohttp import encode_basic_auth, web
from aiohttp.test_utils import TestServer
from hypothesis import given
from hypothesis import strategies as st

from bot.bus.local import LocalBus
from bot.model.errors import Malformed, TooLarge, Unavailable
from bot.speech.audio import RATE, seconds, silence
from bot.speech.ports import SpeechToText
from channels.phone import recordings
from channels.phone.recordings import TwilioRecordings, pcm_of
from channels.phone.voicemail import Voicemail
from tests.fixtures_web import Record
from tests.scripted_speech import ScriptedEars, tone

PATH = "/2010-04-01/Accounts/AC1/Recordings/RE0123456789abcdef0123456789abcdef"
URL = "https://api.twilio.com" + PATH


def wav(pcm: bytes, rate: int = RATE, channels: int = 1, width: int = 2) -> bytes:
    file = io.BytesIO()
    with wave.open(file, "wb") as sound:
        sound.setnchannels(channels)
        sound.setsampwidth(width)
        sound.setframerate(rate)
        sound.writeframes(pcm)
    return file.getvalue()


MESSAGE = wav(tone(0.5) + silence(1.5) + tone(0.5))
"""Two sentences, with a pause between them."""


@dataclass
class Peer:
    """Twilio: each request is answered by the next status; the last one stays."""

    base: str = ""
    answers: list[int] = field(default_factory=lambda: [200])
    file: bytes = MESSAGE
    asked: list[tuple[str, str]] = field(default_factory=list)

    async def handle(self, request: web.Request) -> web.Response:
        self.asked.append((request.path, request.headers.get("Authorization", "")))
        status = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        return web.Response(status=status, body=self.file if status == 200 else b"")


@pytest.fixture
async def peer(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Peer]:
    monkeypatch.setattr(recordings, "PAUSES", (0.0, 0.0))
    made, app = Peer(), web.Application()
    app.router.add_get("/{path:.*}", made.handle)
    async with TestServer(app) as server:
        made.base = str(server.make_url("/")).rstrip("/")
        yield made


def twilio(peer: Peer) -> TwilioRecordings:
    return TwilioRecordings("AC1", "secret", base=peer.base)


async def test_it_is_asked_for_with_the_accounts_secret_until_it_is_there(peer: Peer) -> None:
    peer.answers = [404, 404, 200]
    assert seconds(await twilio(peer).pcm(URL)) == 2.5
    assert peer.asked == [(f"{PATH}.wav", encode_basic_auth("AC1", "secret"))] * 3


async def test_no_other_host_hears_the_secret(peer: Peer) -> None:
    await twilio(peer).pcm(f"https://another.twilio.com{PATH}")
    assert len(peer.asked) == 1


@pytest.mark.parametrize("status", [302, 401, 404, 500])
async def test_what_cannot_be_had_is_said(peer: Peer, status: int) -> None:
    peer.answers = [status]
    with pytest.raises(Unavailable):
        await twilio(peer).pcm(URL)


async def test_a_host_that_is_away_is_said(peer: Peer) -> None:
    with pytest.raises(Unavailable):
        await TwilioRecordings("AC1", "secret", base="http://127.0.0.1:9").pcm(URL)


async def test_what_is_too_long_is_not_read(peer: Peer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recordings, "MOST", 1_000)
    with pytest.raises(TooLarge):
        await twilio(peer).pcm(URL)


def test_channels_are_mixed_and_rates_made_ours() -> None:
    assert pcm_of(wav(b"\x02\x00\x04\x00" * 80, channels=2)) == b"\x03\x00" * 80
    assert seconds(pcm_of(wav(silence(2), rate=16_000))) == pytest.approx(1, abs=0.01)


def test_eight_bits_are_not_known() -> None:
    with pytest.raises(Malformed, match="8 bits"):
        pcm_of(wav(b"\x80" * 80, width=1))


@given(st.binary(max_size=200), st.integers(0, len(MESSAGE)))
def test_anything_is_a_recording_or_malformed(junk: bytes, at: int) -> None:
    for file in (junk, MESSAGE[:at] + junk, MESSAGE[: min(at, 60)] + junk + MESSAGE[at:]):
        with suppress(Malformed):
            assert len(pcm_of(file)) % 2 == 0


@dataclass
class Office:
    """Somebody who writes messages down."""

    record: Record
    voicemail: Voicemail

    async def written(self) -> list[str]:
        tasks = [task for task in asyncio.all_tasks() if task.get_name().startswith("voicemail")]
        await asyncio.gather(*tasks)
        return [message.text for message in self.record.received]


def office(peer: Peer, ears: SpeechToText | None) -> Office:
    record = Record(LocalBus())
    return Office(record, Voicemail(twilio(peer), lambda _: ears, record))


async def test_the_words_come_into_the_conversation_as_the_callers_once(peer: Peer) -> None:
    ears = ScriptedEars(["dit is Sofie", "belt u mij terug"])
    here = office(peer, ears)
    here.voicemail.write_down("CA1", "fr", URL)
    here.voicemail.write_down("CA1", "fr", URL)
    assert await here.written() == ["dit is Sofie belt u mij terug"]
    [message] = here.record.received
    assert (message.channel, message.sender_id, message.voice) == ("phone", "CA1", True)
    assert set(ears.languages_opened) == {"fr"}
    assert not ears.listening


async def test_where_nobody_hears_nothing_is_asked_for(peer: Peer) -> None:
    here = office(peer, None)
    here.voicemail.write_down("CA1", "nl", URL)
    assert await here.written() == []
    assert peer.asked == []


@pytest.mark.parametrize("file", [b"no sound", wav(silence(1))])
async def test_a_message_without_words_says_nothing(peer: Peer, file: bytes) -> None:
    peer.file = file
    here = office(peer, ScriptedEars(["niets"]))
    here.voicemail.write_down("CA1", "nl", URL)
    assert await here.written() == []


async def test_who_stops_does_not_wait_for_it(peer: Peer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recordings, "PAUSES", (60.0,))
    peer.answers = [404]
    here = office(peer, ScriptedEars(["niets"]))
    here.voicemail.write_down("CA1", "nl", URL)
    async with asyncio.timeout(5):
        await here.voicemail.stop()
    assert here.record.received == []
