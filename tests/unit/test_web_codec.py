"""The widget's frames: what is well formed comes through, everything else is a `BadInput`."""

from __future__ import annotations

import hashlib
import hmac
import json
from types import SimpleNamespace
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.model.errors import BadInput, NotAllowed, TooLarge
from bot.model.messages import MAX_TEXT
from channels.web import codec
from channels.web.identity import sender_of_identity, sender_of_token

ID = "0123456789abcdef"
TEXTS = st.text(st.characters(codec="utf-8"), min_size=1, max_size=300)


def said(type_: str, text: str | None = "x", seq: int = 3, **data: Any) -> Any:
    return SimpleNamespace(
        seq=seq, type=type_, at=12.5, data=data, content=None if text is None else {"text": text}
    )


@given(st.binary(max_size=300) | st.text(max_size=300))
def test_garbage_is_bad_input_and_nothing_else(raw: str | bytes) -> None:
    with pytest.raises(BadInput):
        codec.decode(raw)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=10), inner, max_size=4),
    max_leaves=12,
)
FIELDS = ["token", "last_seq", "language", "identity", "client_id", "text", "payload", "got", "seen"]


@given(
    st.sampled_from(["hello", "message", "typing", "receipt", "ping"]),
    st.dictionaries(st.sampled_from(FIELDS), JSON, max_size=9),
)
def test_any_fields_give_a_frame_or_bad_input(kind: str, fields: dict[str, Any]) -> None:
    try:
        frame = codec.decode(json.dumps({**fields, "type": kind}))
    except BadInput:
        return
    assert type(frame).__name__.lower() == kind


@given(TEXTS, st.sampled_from([None, *codec.LANGUAGES]), st.none() | TEXTS)
def test_a_message_comes_through_unchanged(text: str, language: str | None, payload: str | None) -> None:
    raw = {"type": "message", "client_id": ID, "text": text, "language": language, "payload": payload}
    if not text.strip() and payload is None:
        with pytest.raises(codec.BadFrame):
            codec.decode(orjson.dumps(raw))
        return
    assert codec.decode(orjson.dumps(raw)) == codec.Message(ID, text, payload, language)


@given(st.integers(0, 2**53), st.sampled_from([None, *codec.LANGUAGES]))
def test_a_hello_comes_through_unchanged(seq: int, language: str | None) -> None:
    token = "t" * 43
    raw = {"type": "hello", "token": token, "last_seq": seq, "language": language}
    assert codec.decode(orjson.dumps(raw)) == codec.Hello(token, seq, language)


@pytest.mark.parametrize(
    "fields",
    [
        {"last_seq": -1},
        {"last_seq": True},
        {"last_seq": "3"},
        {"last_seq": 1.5},
        {"token": "short"},
        {"token": "spaces are not allowed in it at all, ever"},
        {"token": 7},
        {"language": "de"},
        {"language": ["nl"]},
        {"identity": "me"},
        {"identity": {"user": "me"}},
        {"identity": {"user": "", "hmac": "0" * 64}},
        {"identity": {"user": "me", "hmac": "G" * 64}},
    ],
)
def test_a_hello_is_read_strictly(fields: dict[str, Any]) -> None:
    with pytest.raises(codec.BadFrame):
        codec.decode(json.dumps({"type": "hello", **fields}))


@given(st.integers(0, 2**53), st.integers(0, 2**53))
def test_a_receipt_never_saw_more_than_it_got(one: int, other: int) -> None:
    seen, got = sorted((one, other))
    raw = {"type": "receipt", "got": got, "seen": seen}
    assert codec.decode(orjson.dumps(raw)) == codec.Receipt(got, seen)
    if seen < got:
        with pytest.raises(codec.BadFrame):
            codec.decode(orjson.dumps({"type": "receipt", "got": seen, "seen": got}))


@pytest.mark.parametrize("wrong", [None, -1, True, "3", 1.5, [1], 2**53 + 1])
@pytest.mark.parametrize("name", ["got", "seen"])
def test_a_receipt_is_read_strictly(name: str, wrong: Any) -> None:
    fields = {"type": "receipt", "got": 2**53, "seen": 0, name: wrong}
    with pytest.raises(codec.BadFrame):
        codec.decode(orjson.dumps(fields))


def test_a_refused_message_says_which_one_it_was() -> None:
    with pytest.raises(codec.LongText) as long:
        codec.decode(json.dumps({"type": "message", "client_id": ID, "text": "x" * (MAX_TEXT + 1)}))
    assert long.value.client_id == ID
    assert isinstance(long.value, TooLarge)
    with pytest.raises(codec.BadFrame) as empty:
        codec.decode(json.dumps({"type": "message", "client_id": ID, "text": " \n "}))
    assert empty.value.client_id == ID


def test_the_longest_text_fits_in_a_frame() -> None:
    text = "\N{GRINNING FACE}" * MAX_TEXT
    frame = codec.decode(orjson.dumps({"type": "message", "client_id": ID, "text": text}))
    assert isinstance(frame, codec.Message)
    assert frame.text == text


def test_a_deep_nest_is_refused() -> None:
    with pytest.raises(codec.BadFrame):
        codec.decode("[" * 30_000 + "]" * 30_000)


def test_a_token_is_not_to_be_found_in_its_sender() -> None:
    one, other = sender_of_token("a" * 43), sender_of_token("b" * 43)
    assert one != other
    assert "a" * 10 not in one


def test_a_signed_identity_names_its_user_and_a_forged_one_nobody() -> None:
    right = hmac.new(b"secret", b"jan@example.org", hashlib.sha256).hexdigest()
    sender = sender_of_identity(codec.Identity("jan@example.org", right), "secret")
    assert sender == sender_of_identity(codec.Identity("jan@example.org", right), "secret")
    for identity in (codec.Identity("piet@example.org", right), codec.Identity("jan@example.org", "0" * 64)):
        with pytest.raises(NotAllowed):
            sender_of_identity(identity, "secret")
    with pytest.raises(NotAllowed, match="BALIE_WEB__IDENTITY_SECRET"):
        sender_of_identity(codec.Identity("jan@example.org", right), None)


def test_a_user_cannot_be_named_by_a_token() -> None:
    signature = hmac.new(b"secret", b"x" * 43, hashlib.sha256).hexdigest()
    by_identity = sender_of_identity(codec.Identity("x" * 43, signature), "secret")
    assert by_identity != sender_of_token("x" * 43)


def test_the_same_client_id_gives_the_same_external_id_and_only_for_the_same_sender() -> None:
    message = codec.Message(ID, "hallo")
    assert codec.inbound(message, "s1", "nl").external_id == codec.inbound(message, "s1", "fr").external_id
    assert codec.inbound(message, "s1", "nl").external_id != codec.inbound(message, "s2", "nl").external_id


def test_a_message_s_own_language_goes_before_the_socket_s() -> None:
    assert codec.inbound(codec.Message(ID, "x", language="fr"), "s", "nl").language == "fr"
    assert codec.inbound(codec.Message(ID, "x"), "s", "nl").language == "nl"


def test_a_turn_carries_what_the_widget_draws() -> None:
    step = {"what": "Start opnieuw", "number": 1, "of": 2}
    item = said("bot", "Klopt dat?", replies=[{"title": "Ja", "payload": "/affirm"}], metadata={"step": step})
    assert orjson.loads(codec.turn(item)) == {
        "type": "turn",
        "seq": 3,
        "author": "bot",
        "text": "Klopt dat?",
        "at": 12.5,
        "step": step,
        "replies": [{"title": "Ja", "payload": "/affirm"}],
    }


def test_a_notice_says_that_the_conversation_is_over() -> None:
    assert orjson.loads(codec.turn(said("system", "Afgesloten.", over=True)))["over"] is True
    assert "over" not in orjson.loads(codec.turn(said("system", "Doorgegeven.")))


def test_the_customer_s_own_turn_names_the_client_id_it_was_sent_with() -> None:
    sent = codec.inbound(codec.Message(ID, "hallo"), sender_of_token("t" * 43), "nl")
    turn = orjson.loads(codec.turn(said("user", "hallo", external_id=sent.external_id)))
    assert (turn["author"], turn["client_id"]) == ("customer", ID)


def test_what_is_not_for_the_customer_stays_behind() -> None:
    turn = orjson.loads(
        codec.turn(
            said("agent", "dag", agent_id="u7", name="Jan", metadata={"macro": "m1"}, response="utter_x")
        )
    )
    assert turn == {"type": "turn", "seq": 3, "author": "agent", "text": "dag", "at": 12.5, "name": "Jan"}


def test_a_turn_carries_its_pictures_and_not_what_they_are_kept_as() -> None:
    file = {
        "id": "K3y",
        "name": "a.png",
        "content_type": "image/png",
        "width": 4,
        "height": 3,
        "blob": "h",
        "size": 9,
    }
    item = said("agent", "Kijk")
    item.content["attachments"] = [file]
    assert orjson.loads(codec.turn(item))["pictures"] == [
        {"path": "files/K3y", "name": "a.png", "width": 4, "height": 3}
    ]


def test_an_erased_turn_is_empty_and_still_counts() -> None:
    turn = orjson.loads(codec.turn(said("bot", None)))
    assert (turn["seq"], turn["text"]) == (3, "")
