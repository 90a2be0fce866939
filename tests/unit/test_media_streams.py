"""The frames of Twilio's Media Streams."""

from __future__ import annotations

import base64
from contextlib import suppress

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.model.errors import BadInput, Malformed, TooLarge
from channels.phone import media


def frame(event: str, **parts: object) -> str:
    return orjson.dumps({"event": event, "sequenceNumber": "4", "streamSid": "MZ1", **parts}).decode()


START = {
    "accountSid": "AC1",
    "streamSid": "MZ1",
    "callSid": "CA1",
    "tracks": ["inbound"],
    "mediaFormat": {"encoding": "audio/x-mulaw", "sampleRate": 8000, "channels": 1},
    "customParameters": {"language": "nl"},
}


def test_a_stream_from_its_start_to_its_end() -> None:
    sound = bytes(range(160))
    payload = base64.b64encode(sound).decode()
    texts = [
        '{"event":"connected","protocol":"Call","version":"1.0.0"}',
        frame("start", start=START),
        frame("media", media={"track": "inbound", "chunk": "1", "timestamp": "5", "payload": payload}),
        frame("dtmf", dtmf={"track": "inbound_track", "digit": "7"}),
        frame("mark", mark={"name": "m1"}),
        frame("stop", stop={"accountSid": "AC1", "callSid": "CA1"}),
        frame("something-new", further={}),
    ]
    assert [media.decode(text) for text in texts] == [
        media.Nothing(),
        media.Opened("MZ1", "CA1", {"language": "nl"}),
        media.Audio("MZ1", sound),
        media.Key("MZ1", "7"),
        media.MarkBack("MZ1", "m1"),
        media.Closed("MZ1"),
        media.Nothing(),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "null",
        "[]",
        "{}",
        '{"event": 7}',
        frame("media"),
        frame("media", media=[]),
        frame("media", media={"payload": 7}),
        frame("media", media={"payload": "###"}),
        frame("media", media={"payload": "é"}),
        frame("mark", mark={}),
        frame("dtmf", dtmf={"digit": ""}),
        frame("start", start={**START, "mediaFormat": {"encoding": "audio/x-l16", "sampleRate": 8000}}),
        frame("start", start={**START, "mediaFormat": "mu-law"}),
        frame("start", start={"mediaFormat": None}),
        '{"event": "stop"}',
    ],
)
def test_what_is_no_frame_is_said_to_be_none(text: str) -> None:
    with pytest.raises(Malformed):
        media.decode(text)


def test_a_frame_has_an_end() -> None:
    with pytest.raises(TooLarge):
        media.decode(frame("media", media={"payload": "A" * 64 * 1024}))


_KEYS = st.sampled_from(
    ["event", "start", "media", "mark", "dtmf", "payload", "streamSid", "callSid", "name"]
)
_VALUES = (
    st.none() | st.booleans() | st.integers(-9, 9) | st.sampled_from(["start", "media", "mark", "A", ""])
)
_JSON = st.recursive(_VALUES, lambda inner: st.lists(inner) | st.dictionaries(_KEYS, inner))


@given(st.text() | _JSON.map(lambda value: orjson.dumps(value).decode()))
def test_anything_is_a_frame_or_bad_input(text: str) -> None:
    with suppress(BadInput):
        media.decode(text)


@given(st.binary(max_size=800))
def test_what_is_sent_can_be_read(sound: bytes) -> None:
    assert media.decode(media.audio("MZ1", sound)) == media.Audio("MZ1", sound)
    assert media.decode(media.mark("MZ1", "m3")) == media.MarkBack("MZ1", "m3")
    assert orjson.loads(media.clear("MZ1")) == {"event": "clear", "streamSid": "MZ1"}
