"""Calls by <Gather>, over a record in memory: silence, slow answers, repeats, keys, and people on the line."""

from __future__ import annotations

import asyncio
import xml.etree.ElementTree as ET
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import pytest
from aiohttp import ClientSession
from aiohttp.test_utils import TestServer

from bot.bus.local import LocalBus
from bot.model.conversation import Owner
from bot.model.messages import Accepted
from bot.voice import ear
from bot.voice.words import WORDS
from bot.web.site import SiteSettings
from channels.phone.gather import Gather
from channels.phone.settings import GatherSettings
from tests.fixtures_phone import TOKEN, Calls, sign
from tests.fixtures_web import Item, Record, bare, limits_of

PUBLIC = "https://balie.example.org/help"
PATH = "/webhooks/twilio_voice/"
RECORDING = "https://api.twilio.com/2010-04-01/Accounts/AC1/Recordings/RE1"
NL = WORDS["nl"]


@dataclass
class Line:
    """A line, and a caller on it. Answers are slow as often as `slow` says."""

    record: Record
    calls: Calls
    settings: GatherSettings = field(
        default_factory=lambda: GatherSettings(auth_token=TOKEN, public_url=PUBLIC)
    )
    slow: int = 0
    call: str = "CA1"
    client: ClientSession | None = None
    server: TestServer | None = None

    async def answered(self, accepted: Accepted, _: float) -> Sequence[Item]:
        if self.slow:
            self.slow -= 1
            raise TimeoutError
        return await self.record.after(accepted.conversation_id, accepted.seq)

    async def ask(self, step: str, *, status: int = 200, **form: str) -> ET.Element:
        """A request of Twilio's; the TwiML."""
        fields = {
            "CallSid": self.call,
            "AccountSid": "AC1",
            "From": "+32470123456",
            "To": "+3225551234",
            **form,
        }
        headers, body = sign(PUBLIC + PATH + step, fields)
        assert self.client is not None
        assert self.server is not None
        url = str(self.server.make_url("/"))[:-1] + PATH + step
        async with self.client.post(url, data=body, headers=headers) as answer:
            text = await answer.text()
            assert answer.status == status, text
            return ET.fromstring(text) if status == 200 else ET.Element("none")

    async def next(self, twiml: ET.Element, **form: str) -> ET.Element:
        """The caller answers, or Twilio does what is next."""
        [verb] = [each for each in twiml if each.tag in ("Gather", "Redirect", "Dial", "Record")]
        return await self.ask(verb.get("action") or verb.text or "", **form)


def said(twiml: ET.Element) -> str:
    return " ".join(each.text or "" for each in twiml.iter("Say"))


def tags(twiml: ET.Element) -> list[str]:
    return [each.tag for each in twiml]


@pytest.fixture
async def line() -> AsyncIterator[Line]:
    record = Record(LocalBus(), answer=lambda message: [("bot", {}, f"U zei: {message.text}?")])
    line = Line(record, Calls(record))

    async def answered(accepted: Accepted, within: float) -> Sequence[Item]:
        return await line.answered(accepted, within)

    numbers = replace(line.settings, numbers={"+3225551234": "nl"}, transfer_to={"network": "+3225550000"})
    made = Gather(record, answered, line.calls, limits_of(record), numbers)
    app = bare(SiteSettings(public_url=PUBLIC))
    app.add_routes(made.routes())
    async with TestServer(app) as server, ClientSession() as client:
        line.client, line.server = client, server
        yield line


async def test_the_greeting_is_in_the_language_of_the_number(line: Line) -> None:
    twiml = await line.ask("webhook")
    assert said(twiml) == NL.greeting
    assert line.calls.callers == {"CA1": "+32470123456"}


async def test_on_another_number_the_language_is_asked(line: Line) -> None:
    menu = await line.ask("webhook", To="+3225559999")
    assert [say.get("language") for say in menu.iter("Say")] == ["nl-BE", "fr-BE", "en-GB"]
    assert said(await line.next(menu, Digits="2")) == ear.said(WORDS["fr"].greeting, "fr")


@pytest.mark.parametrize(("words", "language"), [("Nederlands.", "nl"), ("en français s'il vous plaît", "fr"), ("English please", "en")])  # fmt: skip
async def test_a_language_is_chosen_by_voice(line: Line, words: str, language: str) -> None:
    menu = await line.ask("webhook", To="+3225559999")
    assert said(await line.next(menu, SpeechResult=words)) == ear.said(WORDS[language].greeting, language)


async def test_who_chooses_no_language_twice_gets_the_packs_first(line: Line) -> None:
    menu = await line.ask("webhook", To="+3225559999")
    again = await line.next(menu)
    assert said(again) == said(menu)
    assert said(await line.next(again, SpeechResult="euh")) == NL.greeting


async def test_silence_asks_again_then_whether_somebody_is_there_then_ends(line: Line) -> None:
    twiml = await line.next(await line.ask("webhook"), SpeechResult="wifi")
    twiml = await line.next(twiml)
    assert said(twiml) == f"{NL.not_heard} U zei: wifi?"
    twiml = await line.next(twiml)
    assert said(twiml) == f"{NL.are_you_there} U zei: wifi?"
    line.calls.stands = replace(line.calls.stands, ticket=1042)
    twiml = await line.next(twiml)
    assert tags(twiml) == ["Say", "Hangup"]
    assert "ticket één nul vier twee" in said(twiml)
    await line.ask("status", CallStatus="completed", CallDuration="65")
    assert list(line.calls.notes.values()) == [NL.note_silence, NL.note_ended.format(length="1:05")]
    assert len(line.record.received) == 1


async def test_who_speaks_again_begins_at_the_foot_of_the_ladder(line: Line) -> None:
    twiml = await line.next(await line.next(await line.ask("webhook")))
    twiml = await line.next(await line.next(twiml, SpeechResult="wifi"))
    assert said(twiml).startswith(NL.not_heard)


async def test_who_does_a_step_is_given_time(line: Line) -> None:
    line.record.answer = lambda _: [("bot", {"metadata": {"step": {"number": 1}}}, "Zet hem uit.")]
    twiml = await line.next(await line.ask("webhook"), SpeechResult="wifi")
    assert twiml[0].get("timeout") == "30"
    heard = []
    while "Hangup" not in tags(twiml):
        twiml = await line.next(twiml)
        heard.append(said(twiml))
    assert heard[:2] == [NL.take_your_time] * 2
    assert heard[2].startswith(NL.are_you_there)
    assert len(heard) == 4


async def test_a_slow_answer_is_bridged(line: Line) -> None:
    line.slow = 3
    twiml = await line.next(await line.ask("webhook"), SpeechResult="wifi")
    heard = []
    while "Redirect" in tags(twiml):
        heard.append(said(twiml))
        twiml = await line.next(twiml)
    assert heard == [NL.one_moment, "", NL.still_busy]
    assert said(twiml) == "U zei: wifi?"
    assert len(line.record.received) == 1


async def test_an_answer_that_does_not_come_ends_with_a_person(line: Line) -> None:
    line.slow = 100
    twiml = await line.next(await line.ask("webhook"), SpeechResult="wifi")
    steps = 0
    while "Redirect" in tags(twiml):
        twiml, steps = await line.next(twiml), steps + 1
    assert steps == 5
    assert said(twiml) == f"{NL.too_slow} {NL.leave}"
    assert [message.text for message in line.record.received] == ["wifi", NL.person]
    assert list(line.calls.notes.values()) == [NL.note_slow]


async def test_fifty_copies_at_once_are_one_message_and_one_answer(line: Line) -> None:
    action = (await line.ask("webhook"))[0].attrib["action"]
    answers = await asyncio.gather(*(line.ask(action, SpeechResult="wifi") for _ in range(50)))
    assert len({ET.tostring(each) for each in answers}) == 1
    assert [message.text for message in line.record.received] == ["wifi"]


async def test_a_call_that_is_told_fifty_times_is_one_call(line: Line) -> None:
    answers = await asyncio.gather(*(line.ask("webhook") for _ in range(50)))
    assert len({ET.tostring(each) for each in answers}) == 1


async def test_a_copy_that_comes_late_changes_nothing(line: Line) -> None:
    action = (await line.ask("webhook"))[0].attrib["action"]
    first = await line.ask(action, SpeechResult="wifi")
    await line.next(first, SpeechResult="thuis")
    assert said(await line.ask(action, SpeechResult="wifi")).startswith("U zei: wifi?")
    assert [message.text for message in line.record.received] == ["wifi", "thuis"]


BUTTONS = [{"title": "Laptop", "payload": "/a"}, {"title": "Gsm", "payload": "/b"}]


@pytest.mark.parametrize(
    ("answer", "text", "payload"),
    [
        ({"Digits": "2"}, "Gsm", "/b"),
        ({"SpeechResult": "Laptop."}, "Laptop", "/a"),
        ({"SpeechResult": "twee"}, "Gsm", "/b"),
        ({"SpeechResult": "de tweede"}, "de tweede", None),
        ({"Digits": "3"}, "3", None),
        ({"Digits": "0"}, NL.person, None),
    ],
)
async def test_what_is_offered_is_chosen_by_key_or_voice(
    line: Line, answer: dict[str, str], text: str, payload: str | None
) -> None:
    line.record.answer = lambda _: [("bot", {"replies": BUTTONS}, "Welk toestel?")]
    twiml = await line.next(await line.ask("webhook"), SpeechResult="wifi")
    assert said(twiml) == "Welk toestel? Zeg laptop, of druk 1; of gsm, of druk 2."
    assert twiml[0].attrib["hints"].startswith("Laptop, Gsm")
    await line.next(twiml, **answer)
    assert (line.record.received[-1].text, line.record.received[-1].payload) == (text, payload)


async def test_a_star_repeats_and_is_no_message(line: Line) -> None:
    twiml = await line.next(await line.ask("webhook"), SpeechResult="wifi")
    assert said(await line.next(twiml, Digits="*")) == said(twiml)
    assert len(line.record.received) == 1


async def test_many_choices_are_read_to_who_asks(line: Line) -> None:
    many = [{"title": f"Keuze {n}", "payload": f"/{n}"} for n in "abcdef"]
    line.record.answer = lambda _: [("bot", {"replies": many}, "Wat past?")]
    twiml = await line.next(await line.ask("webhook"), SpeechResult="hulp")
    assert said(twiml) == f"Wat past? {NL.many}"
    twiml = await line.next(twiml, SpeechResult="keuzes")
    assert "keuze f, of druk 6" in said(twiml)
    await line.next(twiml, Digits="6")
    assert line.record.received[-1].payload == "/f"


async def test_a_number_is_keyed_in_whole(line: Line) -> None:
    line.calls.stands = replace(line.calls.stands, keyed=True)
    twiml = await line.next(await line.ask("webhook"), SpeechResult="bel mij terug")
    assert twiml[0].attrib["finishOnKey"] == "#"
    await line.next(twiml, Digits="0")
    assert line.record.received[-1].text == "0"


async def queue(line: Line, **stands: Any) -> ET.Element:
    """The caller is handed over."""
    line.calls.stands = replace(
        line.calls.stands, owner=Owner.QUEUE, ticket=1042, phone="+32470123456", **stands
    )
    return await line.next(await line.ask("webhook"), Digits="0")


async def test_the_team_is_rung_and_hears_what_it_is_about(line: Line) -> None:
    twiml = await queue(line, team="network", summary="**Wifi** valt weg")
    assert tags(twiml) == ["Say", "Say", "Dial"]
    number = twiml[2][0]
    assert number.text == "+3225550000"
    whisper = await line.ask(number.attrib["url"], CallSid="CA2")
    assert "ticket één nul vier twee. Wifi valt weg." in said(whisper)
    assert tags(whisper) == ["Gather", "Hangup"]
    action = whisper[0].attrib["action"]
    assert tags(await line.ask(action, CallSid="CA2")) == ["Hangup"]
    assert tags(await line.ask(action, CallSid="CA2", Digits="5")) == []
    over = await line.next(twiml, DialCallStatus="completed", DialBridged="true", DialCallDuration="61")
    assert tags(over) == ["Say", "Hangup"]
    assert list(line.calls.notes.values()) == [
        NL.note_accepted.format(number="+3225550000"),
        NL.note_answered.format(number="+3225550000", length="1:01"),
    ]


@pytest.mark.parametrize("status", ["busy", "no-answer", "failed", "canceled", "completed"])
async def test_nobody_takes_the_call(line: Line, status: str) -> None:
    twiml = await queue(line, team="network")
    twiml = await line.next(twiml, DialCallStatus=status, DialBridged="false")
    assert said(twiml) == f"{NL.nobody} {NL.leave}"
    twiml = await line.next(twiml, Digits="1")
    assert tags(twiml) == ["Say", "Record"]
    over = await line.next(twiml, RecordingUrl=RECORDING, RecordingDuration="34")
    assert tags(over) == ["Say", "Hangup"]
    assert list(line.calls.notes.values())[-1] == NL.note_recording.format(length="0:34", url=RECORDING)


@pytest.mark.parametrize("stands", [{"team": "workplace"}, {"team": "network", "is_open": False}])
async def test_nobody_is_rung_where_nobody_is(line: Line, stands: dict[str, Any]) -> None:
    assert said(await queue(line, **stands)).endswith(NL.leave)


async def test_a_call_back_reads_the_number_digit_by_digit(line: Line) -> None:
    twiml = await line.next(await queue(line), SpeechResult="terugbellen graag")
    assert "nul vier zeven nul, één twee, drie vier, vijf zes" in said(twiml)
    over = await line.next(twiml, SpeechResult="ja")
    assert tags(over) == ["Say", "Hangup"]
    assert line.calls.calling_back == ["+32470123456"]


async def test_another_number_is_keyed_in_and_confirmed(line: Line) -> None:
    twiml = await line.next(await queue(line), Digits="2")
    twiml = await line.next(twiml, SpeechResult="nee")
    assert said(twiml) == NL.ask_number
    twiml = await line.next(twiml, Digits="12")
    assert said(twiml) == f"{NL.no_number} {NL.ask_number}"
    twiml = await line.next(twiml, Digits="025551234")
    await line.next(twiml, Digits="1")
    assert line.calls.calling_back == ["+3225551234"]


@pytest.mark.parametrize(
    ("buttons", "text", "payload"),
    [
        ([{"title": "Overslaan", "payload": "/SetSlots(customer_name=null)"}], "Overslaan", "/SetSlots(customer_name=null)"),
        (BUTTONS, NL.person, None),
    ],
)  # fmt: skip
async def test_who_is_silent_while_people_are_called_in_is_not_lost(
    line: Line, buttons: list[dict[str, str]], text: str, payload: str | None
) -> None:
    line.calls.stands = replace(line.calls.stands, handing=True)
    line.record.answer = lambda _: [("bot", {"replies": buttons}, "Op welke naam?")]
    twiml = await line.next(await line.ask("webhook"), Digits="0")
    twiml = await line.next(twiml)
    assert said(twiml).startswith(NL.not_heard)
    await line.next(twiml)
    assert (line.record.received[-1].text, line.record.received[-1].payload) == (text, payload)


async def test_what_is_said_instead_is_added_to_the_ticket(line: Line) -> None:
    over = await line.next(await queue(line), SpeechResult="zeg dat het dringend is")
    assert said(over).startswith(NL.added)
    assert line.record.received[-1].text == "zeg dat het dringend is"


async def test_where_a_call_back_is_arranged_nobody_is_rung(line: Line) -> None:
    twiml = await queue(line, team="network", arranged=True)
    assert said(twiml).endswith(NL.add_more)
    assert tags(await line.next(twiml)) == ["Say", "Hangup"]


async def test_no_message_is_said(line: Line) -> None:
    twiml = await line.next(await queue(line), Digits="1")
    assert said(await line.next(twiml, RecordingDuration="0")).startswith(NL.not_recorded)
    assert line.calls.notes == {}


async def test_an_agent_who_types_is_heard(line: Line) -> None:
    twiml = await line.next(await line.ask("webhook"), SpeechResult="wifi")
    line.calls.stands = replace(line.calls.stands, owner=Owner.AGENT)
    await line.record.add("CA1", "agent", {}, "Ik kijk het na.")
    twiml = await line.next(twiml)
    assert said(twiml) == "Ik kijk het na."
    twiml = await line.next(twiml)
    assert said(twiml) == ""
    await line.next(twiml, SpeechResult="dank u")
    assert line.record.received[-1].text == "dank u"


async def test_who_hangs_up_is_noted_once(line: Line) -> None:
    await line.next(await line.ask("webhook"), SpeechResult="wifi")
    for _ in range(2):
        await line.ask("status", CallStatus="completed", CallDuration="200")
    await line.ask("status", CallStatus="in-progress")
    assert list(line.calls.notes.values()) == [NL.note_hung_up.format(length="3:20")]


async def test_who_hangs_up_in_the_menu_leaves_nothing(line: Line) -> None:
    await line.ask("webhook", To="+3225559999")
    assert tags(await line.ask("status", CallStatus="completed", CallDuration="3")) == []
    assert line.record.items == {}


@pytest.mark.parametrize("signature", [None, "", "x", "é", "AAAAAAAAAAAAAAAAAAAAAAAAAAA="])
@pytest.mark.parametrize(
    "step", ["webhook", "turn?lang=nl&turn=1", "status", "recorded?lang=nl", "whisper?call=CA1&lang=nl"]
)
async def test_what_twilio_has_not_signed_does_nothing(line: Line, step: str, signature: str | None) -> None:
    assert line.client is not None
    assert line.server is not None
    headers = {} if signature is None else {"X-Twilio-Signature": signature}
    url = str(line.server.make_url("/"))[:-1] + PATH + step
    async with line.client.post(
        url, data={"CallSid": "CA1", "SpeechResult": "wifi"}, headers=headers
    ) as answer:
        assert answer.status == 403
        assert "<Response" not in await answer.text()
    assert line.record.received == []
    assert line.record.items == {}


@pytest.mark.parametrize("step", ["turn", "turn?lang=xx", "turn?lang=nl&turn=-1", "turn?lang=nl&turn=1e9", "wait?lang=nl&turn=7", "turn?lang=nl&heard=999999999999", "callback?lang=nl&number=0470", "language?tries=99", "whisper?lang=nl"])  # fmt: skip
async def test_a_place_that_is_none_is_refused(line: Line, step: str) -> None:
    await line.ask("webhook")
    await line.ask(step, status=400)


async def test_a_call_that_nobody_knows_is_refused(line: Line) -> None:
    await line.ask("turn?lang=nl&turn=1", status=400, SpeechResult="wifi")
    assert line.record.received == []


async def test_one_caller_does_not_take_all(line: Line) -> None:
    for n in range(10):
        line.call = f"CA{n}"
        await line.ask("webhook")
    line.call = "CA10"
    await line.ask("webhook", status=429)
    await line.ask("webhook", From="+32470999999")
    line.call = "CA3"
    for _ in range(119):
        await line.ask("turn?lang=nl&turn=1&heard=0&silent=0", Digits="*")
    await line.ask("turn?lang=nl&turn=1&heard=0&silent=0", status=429, Digits="*")
