"""A caller by <Gather> is brought to a person: rung, a message, a call back, an agent who types."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from dataclasses import replace
from typing import Any

import pytest

from bot.model.conversation import Owner
from tests.gather_line import NL, RECORDING, Line, line, said, tags

__all__ = ["line"]  # the fixture

BUTTONS = [{"title": "Laptop", "payload": "/a"}, {"title": "Gsm", "payload": "/b"}]


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
    assert line.messages == []


async def test_a_message_is_noted_and_written_down(line: Line) -> None:
    url = "https://api.twilio.com/2010-04-01/Accounts/AC1/Recordings/RE1"
    twiml = await line.next(await queue(line), Digits="1")
    await line.next(twiml, RecordingDuration="24", RecordingUrl=url)
    assert line.messages == [("CA1", "nl", url)]
    [note] = line.calls.notes.values()
    assert url in note


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
