"""Calls over the socket of Media Streams: a peer that is not ours speaks, keys, interrupts and hangs up."""

from __future__ import annotations

import asyncio
import xml.etree.ElementTree as ET
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import orjson
import pytest
from aiohttp import ClientSession, WSMsgType
from aiohttp.test_utils import TestServer
from streamdouble.chaos import Impairments
from streamdouble.protocol import StreamIdentity
from streamdouble.scenario import Dtmf, Hangup, Say, Scenario, Step, Wait, WaitFor
from streamdouble.session import Session as Peer
from streamdouble.session import SessionConfig, SessionResult

from bot.bus.local import LocalBus
from bot.model.conversation import Owner
from bot.model.errors import Unavailable
from bot.model.messages import Accepted, InboundMessage
from bot.speech.audio import framed, to_ulaw
from bot.speech.sentences import sentences
from channels.phone import media, stream
from channels.phone.gather import PREFIX, Gather
from channels.phone.passes import Pass, Passes
from channels.phone.session import Counter, Engines
from channels.phone.settings import GatherSettings
from channels.phone.stream import PATH, Streams
from channels.phone.switchboard import Switchboard
from tests.fixtures_phone import TOKEN, Calls, Lines, sign
from tests.fixtures_web import Item, Record, bare, limits_of
from tests.scripted_speech import ScriptedEars, ToneVoice, tone

pytestmark = pytest.mark.slow  # the peer keeps to the time of speech

GREETING = "Dag, u spreekt met de automatische assistent van de helpdesk. Alles wordt uitgeschreven. " + (
    "Waarmee kan ik u van dienst zijn?"
)
CALL = "CA" + "1" * 32
PUBLIC, HELPDESK, TEAM = "https://help.example.org", "+3225551234", "+3225550000"
SPEECH = to_ulaw(tone(0.3))
CHOICES = {"replies": [{"title": "Laptop", "payload": "/laptop"}, {"title": "Gsm", "payload": "/gsm"}]}


@dataclass
class Telephone:
    """The socket over a record in memory."""

    server: TestServer
    passes: Passes
    record: Record
    ears: ScriptedEars
    voice: ToneVoice
    calls: Calls

    async def url(self, call: str) -> str:
        """Where the stream of a call goes, with a fresh pass; its conversation has begun."""
        if call not in self.record.items:
            await self.record.add(call, "bot", {}, GREETING)
        return str(self.server.make_url(f"{PATH}/{self.passes.make(Pass(call, 'nl'))}")).replace("http", "ws")

    def said(self) -> list[str]:
        """What callers said, as it was taken in."""
        return [message.text for message in self.record.received]


Make = Callable[..., Any]


@pytest.fixture
async def telephone() -> AsyncIterator[Make]:
    servers: list[TestServer] = []

    async def make(
        script: list[str], answer: Callable[[InboundMessage], Any] = lambda m: [("bot", {}, "Goed.")]
    ) -> Telephone:
        record = Record(LocalBus(), answer=answer)
        ears, voice = ScriptedEars(script), ToneVoice()
        passes, calls = Passes(record.bus, "secret"), Calls(record)
        counter = Counter(record, record, calls, record.bus)
        app = bare()
        settings = GatherSettings(
            TOKEN, public_url=PUBLIC, numbers={HELPDESK: "nl"}, transfer_to={"*": TEAM}, ring=5
        )
        switchboard = Switchboard(counter, Lines(), lambda: Engines(ears, voice), most=200)
        streams = Streams(passes, counter, switchboard, settings.transfer)

        async def answered(accepted: Accepted, _: float) -> Sequence[Item]:
            return await record.after(accepted.conversation_id, accepted.seq)

        gather = Gather(record, answered, calls, limits_of(record), settings, streams)
        app.add_routes([*streams.routes(), *gather.routes()])
        await switchboard.start()
        assert await switchboard.ready()
        server = TestServer(app)
        await server.start_server()
        servers.append(server)
        return Telephone(server, passes, record, ears, voice, calls)

    yield make
    for server in servers:
        await server.close()


def frames(sound: bytes) -> list[bytes]:
    """As the peer wants them: 20 ms each."""
    return list(framed([sound], 160))


async def ring(
    telephone: Telephone, *steps: Step, call: str = CALL, url: str = "", bad: Impairments | None = None
) -> SessionResult:
    """A call through a peer that is not ours, from ringing to hanging up."""
    identity = StreamIdentity(call_sid=call)
    config = SessionConfig(
        quiet_period_s=0.3, response_timeout_s=5, max_drain_s=3, impairments=bad or Impairments()
    )
    peer = Peer(
        url or await telephone.url(call),
        scenario=Scenario("a call", list(steps)),
        identity=identity,
        config=config,
    )
    result = await peer.run()
    assert result.violations == []
    async with asyncio.timeout(5):  # until the call has ended on our side, too
        await telephone.ears.deaf.wait()
    return result


SPEAK = Say(Path("speech"), frames(SPEECH))
UNTIL_QUIET = WaitFor("quiet", 5)


async def test_a_call_is_greeted_answered_and_hung_up(telephone: Make) -> None:
    line = await telephone(["mijn printer doet het niet", "ja dat klopt"])
    result = await ring(line, UNTIL_QUIET, SPEAK, Wait(1.5), UNTIL_QUIET, SPEAK, Wait(1.2), UNTIL_QUIET)
    assert line.said() == ["mijn printer doet het niet", "ja dat klopt"]
    assert [message.channel for message in line.record.received] == ["phone", "phone"]
    assert line.voice.said[0].startswith("Dag, u spreekt")
    assert line.voice.said.count("Goed.") == 2
    assert result.marks_received == result.marks_echoed
    assert result.clears_received == 0
    assert line.record.receipts == {CALL: (5, 5)}, "what was heard to its end stands in the record"


async def test_speaking_stops_the_voice(telephone: Make) -> None:
    line = await telephone(["ik heb een dringend probleem met mijn mail"])
    line.voice.a_word = 0.3  # a greeting of twelve seconds
    result = await ring(line, WaitFor("audio"), Wait(0.5), SPEAK, Wait(1.5))
    assert result.clears_received == 1
    assert line.said() == ["ik heb een dringend probleem met mijn mail"]
    [(seq, heard, of)] = [each for each in line.calls.cut if each[0] == 1]
    assert (seq, of) == (1, len(sentences(GREETING)))
    assert heard < of, "how much was heard of the greeting stands in the record"


async def test_a_murmur_does_not(telephone: Make) -> None:
    line = await telephone(["hm"])
    line.voice.a_word = 0.3
    result = await ring(line, WaitFor("audio"), SPEAK, Wait(1.0))
    assert result.clears_received == 0
    assert line.said() == []


async def test_a_key_is_the_choice_with_its_number(telephone: Make) -> None:
    line = await telephone(["mijn laptop start niet"], lambda _: [("bot", CHOICES, "Welk toestel is het?")])
    await ring(line, UNTIL_QUIET, SPEAK, Wait(1.5), UNTIL_QUIET, Dtmf("2"), Wait(0.5), Dtmf("0"), Wait(0.5))
    chosen, person = line.record.received[1:]
    assert (chosen.text, chosen.payload) == ("Gsm", "/gsm")
    assert (person.text, person.payload) == ("Ik wil een medewerker spreken.", None)


async def test_a_line_that_breaks_loses_no_word(telephone: Make) -> None:
    line = await telephone(["mijn vpn valt altijd"])
    await ring(line, UNTIL_QUIET, SPEAK, Hangup())
    assert line.said() == ["mijn vpn valt altijd"]
    assert line.record.was_left == {CALL}


async def test_a_bad_line_is_a_line(telephone: Make) -> None:
    line = await telephone(["de wifi valt weg"])
    bad = Impairments(loss=0.1, jitter_ms=60)
    await ring(line, UNTIL_QUIET, SPEAK, Wait(1.5), UNTIL_QUIET, bad=bad)
    assert line.said() == ["de wifi valt weg"]


async def test_a_voice_that_breaks_off_does_not_end_the_call(telephone: Make) -> None:
    line = await telephone(["mijn scherm is zwart", "ja"], lambda _: [("bot", {}, "Dit breekt af.")])
    line.voice.breaks = "breekt"
    await ring(line, UNTIL_QUIET, SPEAK, Wait(1.5), SPEAK, Wait(1.2))
    assert line.said() == ["mijn scherm is zwart", "ja"]


async def test_a_caller_who_asks_for_another_language_is_heard_in_it(telephone: Make) -> None:
    line = await telephone(["kunnen we frans spreken"], lambda _: [("bot", {}, "Bien sûr.")])
    line.calls.stands = replace(line.calls.stands, language="fr")
    await ring(line, UNTIL_QUIET, SPEAK, Wait(1.5))
    assert line.voice.languages_said[-1] == "fr"
    assert line.ears.languages_opened == ["nl", "fr"]


async def test_what_cannot_be_kept_is_asked_again(telephone: Make) -> None:
    line = await telephone(["mijn muis doet raar", "mijn muis doet raar"])
    line.record.failing = Unavailable("the database is away")
    await ring(line, UNTIL_QUIET, SPEAK, Wait(1.5))
    assert line.said() == []
    assert line.voice.said[-1].startswith("Sorry")


# ── before and after the stream ───────────────────────────────────────────────────────────────────────────


async def post(telephone: Telephone, step: str, form: dict[str, str] | None = None) -> ET.Element:
    """A signed request of Twilio's, and the TwiML of its answer."""
    url = f"{PUBLIC}{PREFIX}/{step}"
    headers, body = sign(url, {"CallSid": CALL, "From": "+32470123456", "To": HELPDESK, **(form or {})})
    at = telephone.server.make_url(f"{PREFIX}/{step}")
    async with ClientSession() as client, client.post(at, data=body, headers=headers) as answer:
        assert answer.status == 200
        return ET.fromstring(await answer.text())


async def test_twiml_opens_the_stream_and_takes_the_call_up_after_it(telephone: Make) -> None:
    line = await telephone(["mijn wifi doet het niet"], lambda _: [("bot", {}, "Ik noteer het.")])
    connect, redirect = await post(line, "webhook")
    stream_url = connect[0].attrib["url"]
    assert stream_url.startswith(f"wss://help.example.org{PATH}/")
    await line.record.add(CALL, "bot", {}, GREETING)
    url = str(line.server.make_url(stream_url.removeprefix("wss://help.example.org"))).replace(
        "http", "ws", 1
    )
    await ring(line, UNTIL_QUIET, SPEAK, Wait(1.5), url=url)
    assert line.said() == ["mijn wifi doet het niet"]
    assert line.voice.said[-1] == "Ik noteer het."

    gather = (await post(line, redirect.text or ""))[0]  # the line broke: Twilio's own ears go on
    assert gather.tag == "Gather"
    assert "Ik noteer het." in "".join(say.text or "" for say in gather.iter("Say"))


async def test_a_goodbye_of_ours_hangs_up(telephone: Make) -> None:
    bye = {"metadata": {"hang_up": True}}
    line = await telephone(["dank u, dat was alles"], lambda _: [("bot", bye, "Tot ziens.")])
    redirect = (await post(line, "webhook"))[1]
    await ring(line, UNTIL_QUIET, SPEAK, Wait(3))
    assert [verb.tag for verb in await post(line, redirect.text or "")] == ["Hangup"]


async def test_where_people_have_it_a_person_is_rung(telephone: Make) -> None:
    line = await telephone(["ik wil een medewerker"], lambda _: [("system", {}, "Een collega komt erbij.")])
    redirect = (await post(line, "webhook"))[1]
    line.calls.stands = replace(line.calls.stands, owner=Owner.QUEUE, team="network", ticket=1001)
    await ring(line, UNTIL_QUIET, SPEAK, Wait(3))
    assert line.voice.said[-1] == "Een collega komt erbij."
    verbs = await post(line, redirect.text or "")
    assert [verb.tag for verb in verbs] == ["Say", "Dial"]
    assert verbs[1][0].text == TEAM


async def test_a_language_that_nobody_hears_goes_by_gather(telephone: Make) -> None:
    line = await telephone([])
    line.ears.languages = ("fr",)
    assert [verb.tag for verb in await post(line, "webhook")] == ["Gather"]


# ── what is no call ───────────────────────────────────────────────────────────────────────────────────────


async def refused(telephone: Telephone, url: str) -> int:
    """The status of a socket that is not opened."""
    async with ClientSession() as client, client.get(url.replace("ws", "http", 1)) as answer:
        return answer.status


async def test_a_pass_is_ours_fresh_and_used_once(telephone: Make) -> None:
    line = await telephone([])
    url = await line.url("CA1")
    forged = url[:-3] + "AAA"
    assert await refused(line, forged) == 403
    assert await refused(line, url.rsplit("/", 1)[0] + "/nothing") == 403
    async with ClientSession() as client:
        await (await client.ws_connect(url)).close()
    assert await refused(line, url) == 403
    passes = Passes(line.record.bus, "secret", clock=lambda: 0.0)
    assert await refused(line, url.rsplit("/", 1)[0] + "/" + passes.make(Pass("CA1", "nl"))) == 403
    assert line.ears.languages_opened == []


@pytest.mark.parametrize(
    "first",
    [
        media.mark("MZ1", "m1"),
        "no frame",
        orjson.dumps({"event": "start", "streamSid": "MZ1", "start": {"callSid": "another"}}).decode(),
        "x" * 64 * 1024,
    ],
)
async def test_a_socket_that_is_no_stream_of_its_call_is_closed(telephone: Make, first: str) -> None:
    line = await telephone([])
    async with ClientSession() as client:
        socket = await client.ws_connect(await line.url("CA1"))
        await socket.send_str(first)
        assert (await socket.receive(timeout=5)).type in (WSMsgType.CLOSE, WSMsgType.CLOSED)
    assert line.ears.languages_opened == []


async def test_sockets_that_say_nothing_are_closed(telephone: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stream, "START_WITHIN", 0.05)
    line = await telephone([])
    async with ClientSession() as client:
        sockets = [await client.ws_connect(await line.url(f"CA{n}")) for n in range(100)]
        closed = [await socket.receive(timeout=5) for socket in sockets]
    assert {message.type for message in closed} == {WSMsgType.CLOSE}


async def test_frames_of_another_stream_are_not_heard(telephone: Make) -> None:
    line = await telephone(["dit is een ander gesprek"])
    async with ClientSession() as client:
        socket = await client.ws_connect(await line.url("CA1"))
        start = {"event": "start", "streamSid": "MZ1", "start": {"callSid": "CA1"}}
        await socket.send_str(orjson.dumps(start).decode())
        for _ in range(stream.MAX_BAD + 1):
            await socket.send_str(media.audio("MZ2", SPEECH[:160]))
        async for _ in socket:
            pass
    assert line.said() == []
    assert line.ears.listening == 0
