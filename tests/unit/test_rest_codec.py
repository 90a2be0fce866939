"""Rasa's REST messages: what is well formed comes through, everything else is a `BadInput`."""

from __future__ import annotations

import json
from types import SimpleNamespace
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.model.errors import BadInput, Malformed, TooLarge
from bot.model.messages import MAX_TEXT
from channels.rest import codec


def decode(**fields: Any) -> Any:
    return codec.decode(json.dumps(fields).encode(), "fresh")


@given(st.binary(max_size=300))
def test_garbage_is_bad_input_and_nothing_else(body: bytes) -> None:
    with pytest.raises(BadInput):
        codec.decode(body, "fresh")


JSON = st.none() | st.booleans() | st.integers() | st.text(max_size=30) | st.lists(st.text(), max_size=2)


@given(st.dictionaries(st.sampled_from(["sender", "message", "metadata"]), JSON))
def test_any_fields_give_a_message_or_bad_input(fields: dict[str, Any]) -> None:
    try:
        message = codec.decode(json.dumps(fields).encode(), "fresh")
    except BadInput:
        return
    assert (message.sender_id, message.text) == (fields["sender"], fields["message"])


@given(st.text(st.characters(codec="utf-8"), min_size=1, max_size=300).filter(str.strip))
def test_a_text_comes_through_unchanged(text: str) -> None:
    message = codec.decode(orjson.dumps({"sender": "s", "message": text}), "fresh")
    assert (message.channel, message.external_id, message.text) == ("rest", "fresh", text)


@pytest.mark.parametrize(
    ("fields", "kind"),
    [
        ({"sender": "s"}, Malformed),
        ({"message": "m"}, Malformed),
        ({"sender": "s", "message": ""}, BadInput),
        ({"sender": "s", "message": " \n"}, BadInput),
        ({"sender": "", "message": "m"}, Malformed),
        ({"sender": 5, "message": "m"}, Malformed),
        ({"sender": "s", "message": {"text": "m"}}, Malformed),
        ({"sender": "s", "message": None}, Malformed),
        ({"sender": "s", "message": "m", "metadata": "x"}, Malformed),
        ({"sender": "s", "message": "m", "metadata": {"language": "de"}}, Malformed),
        ({"sender": "s", "message": "m", "metadata": {"message_id": 7}}, Malformed),
        ({"sender": "s", "message": "x" * (MAX_TEXT + 1)}, TooLarge),
        ({"sender": "s" * 300, "message": "m"}, TooLarge),
    ],
)
def test_what_is_wrong_is_refused(fields: dict[str, Any], kind: type[Exception]) -> None:
    with pytest.raises(kind):
        decode(**fields)


def test_a_body_that_is_too_long_is_not_even_parsed() -> None:
    with pytest.raises(TooLarge):
        codec.decode(b"[" * (codec.MAX_BODY + 1), "fresh")


def test_a_message_id_makes_a_repeated_request_the_same_message() -> None:
    first = decode(sender="a", message="m", metadata={"message_id": "1"})
    assert first.external_id == decode(sender="a", message="m", metadata={"message_id": "1"}).external_id
    assert first.external_id != decode(sender="b", message="m", metadata={"message_id": "1"}).external_id


def test_a_command_is_text_and_perhaps_a_payload() -> None:
    assert decode(sender="s", message="/affirm").payload == "/affirm"
    assert decode(sender="s", message="/affirm").text == "/affirm"
    assert decode(sender="s", message="affirm").payload is None


def test_answers_are_rasa_s() -> None:
    items = [
        SimpleNamespace(seq=1, type="user", at=0.0, data={}, content={"text": "hallo"}),
        SimpleNamespace(seq=2, type="bot", at=0.0, data={}, content={"text": "Dag"}),
        SimpleNamespace(
            seq=3,
            type="bot",
            at=0.0,
            data={"replies": [{"title": "Ja", "payload": "/affirm"}], "metadata": {"article": "vpn"}},
            content={"text": "Klopt dat?"},
        ),
        SimpleNamespace(seq=4, type="note", at=0.0, data={}, content={"text": "geheim"}),
    ]
    assert codec.encode(items, "klant", "https://balie.example") == [
        {"recipient_id": "klant", "text": "Dag"},
        {
            "recipient_id": "klant",
            "text": "Klopt dat?",
            "buttons": [{"title": "Ja", "payload": "/affirm"}],
            "metadata": {"article": "vpn"},
        },
    ]


def test_a_picture_is_the_image_of_its_message() -> None:
    file = {"id": "K3y", "name": "scherm.png", "content_type": "image/png", "width": 4, "height": 3}
    items = [
        SimpleNamespace(seq=1, type="agent", at=0.0, data={}, content={"text": text, "attachments": [file]})
        for text in ("Kijk", "")
    ]
    image = "https://balie.example/files/K3y"
    assert codec.encode(items, "klant", "https://balie.example") == [
        {"recipient_id": "klant", "text": "Kijk", "image": image},
        {"recipient_id": "klant", "image": image},
    ]
