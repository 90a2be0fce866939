"""Rasa's REST messages: decoding a request, encoding what is answered. Pure.

In: {"sender": …, "message": …, "metadata"?: {…}}. Balie reads from the metadata `language` (nl, fr or en)
and `message_id` (yours for this message: a repeated request with the same one is answered, not done again).
Out, for each thing said: {"recipient_id", "text", "buttons"?: [{title, payload}], "metadata"?: {…}}, and of a
picture its address as "image", with a text or without.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import Any, cast

import orjson

from bot.model.errors import Malformed, TooLarge
from bot.model.languages import LANGUAGES
from bot.model.messages import MAX_TEXT, InboundMessage
from channels.spoken import Spoken, is_answer, metadata_of, pictures_of, replies_of, text_of

NAME = "rest"
MAX_BODY = 128 * 1024
"""Bytes of one request."""
MAX_SENDER = 200
MAX_MESSAGE_ID = 128


def decode(body: bytes, fresh: str) -> InboundMessage:
    """The message in `body`; `fresh` is a random id for a request that brings none of its own.

    Raises `Malformed` or `TooLarge`, and nothing else, whatever the bytes are.
    """
    if len(body) > MAX_BODY:
        raise TooLarge(f"a request has at most {MAX_BODY} bytes")
    try:
        loaded = orjson.loads(body)
    except ValueError:
        raise Malformed("the body is not JSON") from None
    if not isinstance(loaded, dict):
        raise Malformed('the body is an object: {"sender": "…", "message": "…"}')
    fields = cast("dict[str, Any]", loaded)
    sender = _text(fields, "sender")
    if not sender.strip():
        raise Malformed("sender is empty")
    if len(sender) > MAX_SENDER:
        raise TooLarge(f"sender has at most {MAX_SENDER} characters")
    message = _text(fields, "message")
    if not message.strip():
        raise Malformed("message is empty")
    if len(message) > MAX_TEXT:
        raise TooLarge(f"message has at most {MAX_TEXT} characters")
    metadata = fields.get("metadata")
    if metadata is None:
        metadata = {}
    if not isinstance(metadata, dict):
        raise Malformed("metadata is an object")
    return _inbound(sender, message, cast("dict[str, Any]", metadata), fresh)


def _inbound(sender: str, message: str, metadata: dict[str, Any], fresh: str) -> InboundMessage:
    language = metadata.get("language")
    if language is not None and (not isinstance(language, str) or language not in LANGUAGES):
        raise Malformed(f"metadata.language is one of {', '.join(LANGUAGES)}")
    message_id = metadata.get("message_id")
    if message_id is not None and not (isinstance(message_id, str) and 0 < len(message_id) <= MAX_MESSAGE_ID):
        raise Malformed(f"metadata.message_id is a text of 1 to {MAX_MESSAGE_ID} characters")
    return InboundMessage(
        channel=NAME,
        sender_id=sender,
        external_id=_external_id(sender, message_id) if message_id is not None else fresh,
        text=message,
        # Rasa's clients send a pressed button's payload as the message. It counts only when it was just
        # offered; else it is text, like everything that a customer writes.
        payload=message if message.startswith("/") else None,
        language=language,
    )


def _external_id(sender: str, message_id: str) -> str:
    """One text of fixed length that no other pair of sender and id gives."""
    return hashlib.sha256(orjson.dumps([sender, message_id])).hexdigest()


def _text(fields: dict[str, Any], name: str) -> str:
    value = fields.get(name)
    if not isinstance(value, str):
        raise Malformed(f"{name} is missing" if name not in fields else f"{name} is not a text")
    return value


def encode(items: Iterable[Spoken], recipient: str, base: str) -> list[dict[str, Any]]:
    """What was said back, as Rasa's list of messages; `base` is where this server's files are."""
    return [_message(item, recipient, base) for item in items if is_answer(item)]


def _message(item: Spoken, recipient: str, base: str) -> dict[str, Any]:
    fields: dict[str, Any] = {"recipient_id": recipient}
    text, pictures = text_of(item), pictures_of(item)
    if text or not pictures:
        fields["text"] = text
    if pictures:
        fields["image"] = f"{base}/{pictures[0]['path']}"
    if buttons := replies_of(item):
        fields["buttons"] = buttons
    if metadata := metadata_of(item):
        fields["metadata"] = metadata
    return fields


def dumps(value: object) -> bytes:
    """JSON bytes of what `encode` gives."""
    return orjson.dumps(value)
