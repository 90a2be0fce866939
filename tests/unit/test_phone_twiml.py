"""TwiML: what goes out is what Twilio understands."""

from __future__ import annotations

import xml.etree.ElementTree as ET

from hypothesis import given
from hypothesis import strategies as st

from channels.phone import twiml
from channels.phone.settings import VOICES
from channels.phone.twiml import Ask, Dial, Hangup, Pause, Record, Redirect, Say


def test_a_question_is_heard_and_keyed() -> None:
    ask = Ask("turn?a=1&b=2", (Say("Ja of <nee>?", "nl"),), "nl", hints=("ja", "nee"))
    [gather] = ET.fromstring(twiml.encode([ask], VOICES))
    assert gather.attrib == {
        "action": "turn?a=1&b=2", "method": "POST", "input": "speech dtmf", "numDigits": "1", "timeout": "6",
        "speechTimeout": "auto", "language": "nl-BE", "hints": "ja, nee", "actionOnEmptyResult": "true",
    }  # fmt: skip
    [say] = gather
    assert (say.text, say.attrib) == ("Ja of <nee>?", {"voice": "Polly.Lisa-Neural", "language": "nl-BE"})


def test_a_number_is_ended_by_the_hash_key() -> None:
    [gather] = ET.fromstring(twiml.encode([Ask("number", (), "fr", keys=None, speech=False)], VOICES))
    assert gather.attrib["finishOnKey"] == "#"
    assert gather.attrib["input"] == "dtmf"
    assert "numDigits" not in gather.attrib


def test_the_other_verbs() -> None:
    verbs = [Pause(2), Redirect("wait"), Dial("+3225550000", "d", "w", 25), Record("r", 120), Hangup()]
    pause, redirect, dial, record, hangup = ET.fromstring(twiml.encode(verbs, VOICES))
    assert pause.attrib == {"length": "2"}
    assert (redirect.text, redirect.attrib) == ("wait", {"method": "POST"})
    assert (dial[0].text, dial[0].attrib["url"], dial.attrib["answerOnBridge"]) == (
        "+3225550000",
        "w",
        "true",
    )
    assert (record.attrib["maxLength"], record.attrib["finishOnKey"]) == ("120", "#")
    assert hangup.tag == "Hangup"
    assert ET.fromstring(twiml.encode([], VOICES)).tag == "Response"


@given(st.text(alphabet="ab. ?", min_size=1, max_size=9_000))
def test_a_long_text_is_said_in_pieces_that_twilio_takes(text: str) -> None:
    pieces = twiml.parts(text)
    assert all(0 < len(piece) <= 4_096 for piece in pieces)
    assert "".join("".join(pieces).split()) == "".join(text.split())[: len("".join("".join(pieces).split()))]
