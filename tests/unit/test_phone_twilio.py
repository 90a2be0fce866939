"""Twilio's forms: whatever comes in is read or refused."""

from __future__ import annotations

from contextlib import suppress
from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st
from twilio.request_validator import RequestValidator

from bot.model.errors import BadInput, Malformed, NotAllowed, TooLarge
from channels.phone import twilio

URL = "https://balie.example.org/webhooks/twilio_voice/turn?lang=nl&turn=2"
TOKEN = "12345"
READ = [twilio.ringing, twilio.heard, twilio.dialled, twilio.recorded, twilio.over]


def form(**fields: str) -> twilio.Form:
    return twilio.form_of(urlencode({"CallSid": "CA1", **fields}).encode())


@given(st.binary())
def test_any_bytes_are_a_form_or_refused(body: bytes) -> None:
    try:
        fields = twilio.form_of(body)
    except BadInput:
        return
    for read in READ:
        with suppress(BadInput):
            read(fields)


NAMES = ["CallSid", "From", "To", "SpeechResult", "Digits", "DialCallStatus", "DialBridged", "DialCallDuration",
         "RecordingUrl", "RecordingDuration", "CallStatus", "CallDuration", "AccountSid"]  # fmt: skip


@given(st.dictionaries(st.sampled_from(NAMES), st.lists(st.text(), max_size=2)), st.sampled_from(READ))
def test_any_fields_are_read_or_refused(fields: dict[str, list[str]], read: object) -> None:
    with suppress(BadInput):
        read(fields)  # type: ignore[operator]


@given(st.dictionaries(st.text(), st.lists(st.text(), min_size=1, max_size=3)), st.text(), st.text())
def test_only_twilios_signature_is_right(fields: dict[str, list[str]], url: str, signature: str) -> None:
    with pytest.raises(NotAllowed):
        twilio.verify(url, fields, signature, TOKEN)


def test_the_signature_is_over_the_url_and_the_form() -> None:
    given = {"CallSid": "CA1", "SpeechResult": "één wifi"}
    right = RequestValidator(TOKEN).compute_signature(URL, given)
    fields = form(SpeechResult="één wifi")
    twilio.verify(URL, fields, right, TOKEN)
    for url, what, signature, token in (
        (URL + "&x=1", fields, right, TOKEN),
        (URL.replace("turn=2", "turn=3"), fields, right, TOKEN),
        (URL, form(SpeechResult="één wifi", Digits="1"), right, TOKEN),
        (URL, fields, right[:-2] + "A=", TOKEN),
        (URL, fields, "", TOKEN),
        (URL, fields, None, TOKEN),
        (URL, fields, right, "another"),
    ):
        with pytest.raises(NotAllowed):
            twilio.verify(url, what, signature, token)


def test_what_is_too_long_is_refused() -> None:
    with pytest.raises(TooLarge):
        twilio.form_of(b"SpeechResult=" + b"x" * 64 * 1024)
    with pytest.raises(TooLarge):
        twilio.heard(form(SpeechResult="x" * 9_000))


@pytest.mark.parametrize(
    "fields",
    [
        {"CallSid": ""},
        {"CallSid": "CA 1"},
        {"CallSid": "C" * 65},
        {"Digits": "12x"},
        {"Digits": "1" * 41},
        {"SpeechResult": "wifi\x00"},
        {"RecordingUrl": "https://evil.example/api.twilio.com/x"},
        {"RecordingUrl": "http://api.twilio.com/x"},
        {"RecordingUrl": "https://api.twilio.com.evil.example/x"},
        {"RecordingDuration": "-1"},
        {"RecordingDuration": "²"},
    ],
)
def test_what_is_odd_is_refused(fields: dict[str, str]) -> None:
    read = twilio.recorded if any(name.startswith("Recording") for name in fields) else twilio.heard
    with pytest.raises(Malformed):
        read(form(**fields))


def test_a_field_that_comes_twice_is_refused() -> None:
    with pytest.raises(Malformed):
        twilio.heard(twilio.form_of(b"CallSid=CA1&CallSid=CA2"))


@pytest.mark.parametrize("number", ["", "anonymous", "Anonymous", "+266696687", "+7378742833", "sip:jan@example.org", "client:jan", "+32<b>1</b>", "0470123456", "+32", "+320000000000"])  # fmt: skip
def test_who_hides_or_forges_has_no_number(number: str) -> None:
    assert twilio.ringing(form(From=number)).caller is None


def test_a_caller_has_a_number() -> None:
    assert twilio.ringing(form(From="+32470123456")).caller == "+32470123456"


@pytest.mark.parametrize(("keys", "number"), [("025551234", "+3225551234"), ("0470123456#", "+32470123456"), ("12", None), ("*", None), ("", None)])  # fmt: skip
def test_a_number_that_is_keyed_in(keys: str, number: str | None) -> None:
    assert twilio.keyed_number(keys) == number


@pytest.mark.parametrize(
    ("fields", "bridged"),
    [
        ({"DialCallStatus": "completed", "DialBridged": "true"}, True),
        ({"DialCallStatus": "completed", "DialBridged": "false"}, False),
        ({"DialCallStatus": "completed"}, True),
        ({"DialCallStatus": "busy"}, False),
        ({}, False),
    ],
)
def test_who_picked_up_and_did_not_take_the_call_was_not_there(fields: dict[str, str], bridged: bool) -> None:
    assert twilio.dialled(form(**fields)).bridged is bridged
