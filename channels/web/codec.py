"""The frames between widget and server: strict decoding, and encoding.

Pure. Every frame is one JSON object with a `type`.

| from the widget | |
|---|---|
| hello | token?, last_seq, language?, identity? {user, hmac}: always the first frame |
| message | client_id, text, payload?, language?: the same client_id may come again |
| typing | text?: the customer is typing, and what, where the welcome asked for it |
| receipt | got, seen: the last turn that this page knows, and the last that stood on the screen |
| left | the customer begins another conversation, and no longer reads this one |
| ping | is the line alive? |

| to the widget | |
|---|---|
| welcome | token (when a new one was made), seq (the last number there is), resumed, and what is wanted: |
| | receipts, typed; and whether one can call: call |
| turn | seq, author, text, at, and where there is one: name, replies, step, article, url, title, client_id, |
| | over (a notice that the conversation is closed), pictures [{path, name, width, height}] |
| ack | client_id, seq: the message is on disk |
| typing | author, name? |
| calls | one can call by now, which the welcome did not know yet |
| pong | |
| error | code, message, and where they apply: client_id (of a message), retry_after |
"""

from __future__ import annotations

import base64
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, cast

import orjson

from bot.model.errors import Malformed, TooLarge
from bot.model.languages import LANGUAGES
from bot.model.messages import MAX_TEXT, InboundMessage
from channels.spoken import Spoken, metadata_of, pictures_of, replies_of, text_of

NAME = "web"
HELLO = "X-Balie-Hello"
"""The header in which a request beside the socket says who sends it."""
MAX_FRAME = 64 * 1024
"""Bytes of one frame: the longest text in four-byte characters, and room for what is around it."""
MAX_PAYLOAD = 1_000
MAX_TYPED = 500
"""Characters of what is being typed that are read; the last ones count."""
_TOKEN = re.compile(r"[A-Za-z0-9_-]{32,128}")
_CLIENT_ID = re.compile(r"[A-Za-z0-9_-]{8,64}")
_SIGNATURE = re.compile(r"[0-9a-f]{64}")
_MAX_SEQ = 2**53


@dataclass(frozen=True, slots=True)
class Identity:
    """Who the embedding site says its visitor is, signed with the shared secret."""

    user: str
    signature: str


@dataclass(frozen=True, slots=True)
class Hello:
    """The first frame: who it is, and up to where it knows the conversation."""

    token: str | None = None
    last_seq: int = 0
    language: str | None = None
    identity: Identity | None = None


@dataclass(frozen=True, slots=True)
class Message:
    """Something said, or a button pressed."""

    client_id: str
    text: str
    payload: str | None = None
    language: str | None = None


@dataclass(frozen=True, slots=True)
class Typing:
    """The customer is typing; `text` is what, as far as it goes."""

    text: str = ""


@dataclass(frozen=True, slots=True)
class Receipt:
    """How far the customer has it: what arrived, and what they saw of it."""

    got: int
    seen: int


@dataclass(frozen=True, slots=True)
class Left:
    """The customer begins another conversation."""


@dataclass(frozen=True, slots=True)
class Ping:
    """Asks for a pong."""


Frame = Hello | Message | Typing | Receipt | Left | Ping


class BadFrame(Malformed):
    """A frame that cannot be read; `client_id` where that much could be."""

    def __init__(self, message: str, client_id: str | None = None) -> None:
        super().__init__(message)
        self.client_id = client_id


class LongText(TooLarge):
    """A message with more characters than are accepted."""

    def __init__(self, client_id: str) -> None:
        super().__init__(f"a message has at most {MAX_TEXT} characters; send it in parts")
        self.client_id = client_id


def decode(raw: str | bytes) -> Frame:
    """The frame in `raw`; raises `BadFrame` or `LongText`, and nothing else, whatever the bytes are."""
    if len(raw) > MAX_FRAME:
        raise BadFrame(f"a frame has at most {MAX_FRAME} bytes")
    try:
        frame = orjson.loads(raw)
    except ValueError:
        raise BadFrame("a frame is one JSON object") from None
    if not isinstance(frame, dict):
        raise BadFrame("a frame is one JSON object")
    fields = cast("dict[str, Any]", frame)
    kind = fields.get("type")
    reader = _READERS.get(kind) if isinstance(kind, str) else None
    if reader is None:
        raise BadFrame(f"the type of a frame is one of {', '.join(_READERS)}")
    return reader(fields)


def _hello(fields: Mapping[str, Any]) -> Hello:
    token = _optional(fields, "token", _TOKEN)
    last_seq = _seq("last_seq", fields.get("last_seq", 0))
    return Hello(token, last_seq, _language(fields), _identity(fields.get("identity")))


def _identity(value: Any) -> Identity | None:
    if value is None:
        return None
    if not isinstance(value, dict):
        raise BadFrame("identity has a user and an hmac")
    fields = cast("dict[str, Any]", value)
    user = fields.get("user")
    if not isinstance(user, str) or not 0 < len(user) <= 200:
        raise BadFrame("identity.user is a text of 1 to 200 characters")
    signature = _optional(fields, "hmac", _SIGNATURE)
    if signature is None:
        raise BadFrame("identity.hmac is missing")
    return Identity(user, signature)


def _message(fields: Mapping[str, Any]) -> Message:
    client_id = _optional(fields, "client_id", _CLIENT_ID)
    if client_id is None:
        raise BadFrame("client_id is missing")
    text = fields.get("text", "")
    payload = fields.get("payload")
    if not isinstance(text, str):
        raise BadFrame("text is a text", client_id)
    if len(text) > MAX_TEXT:
        raise LongText(client_id)
    if payload is not None and not (isinstance(payload, str) and 0 < len(payload) <= MAX_PAYLOAD):
        raise BadFrame(f"payload is a text of 1 to {MAX_PAYLOAD} characters", client_id)
    if not text.strip() and payload is None:
        raise BadFrame("a message has a text or a payload", client_id)
    return Message(client_id, text, payload, _language(fields))


def _typing(fields: Mapping[str, Any]) -> Typing:
    text = fields.get("text", "")
    if not isinstance(text, str):
        raise BadFrame("text is a text")
    return Typing(text[-MAX_TYPED:])


def _receipt(fields: Mapping[str, Any]) -> Receipt:
    got, seen = _seq("got", fields.get("got")), _seq("seen", fields.get("seen"))
    if seen > got:
        raise BadFrame("seen is not beyond got")
    return Receipt(got, seen)


def _left(_: Mapping[str, Any]) -> Left:
    return Left()


def _ping(_: Mapping[str, Any]) -> Ping:
    return Ping()


_READERS: dict[str, Callable[[Mapping[str, Any]], Frame]] = {
    "hello": _hello,
    "message": _message,
    "typing": _typing,
    "receipt": _receipt,
    "left": _left,
    "ping": _ping,
}


def _seq(name: str, value: Any) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= _MAX_SEQ:
        raise BadFrame(f"{name} is a whole number from 0")
    return value


def _optional(fields: Mapping[str, Any], name: str, form: re.Pattern[str]) -> str | None:
    value = fields.get(name)
    if value is None:
        return None
    if not isinstance(value, str) or not form.fullmatch(value):
        raise BadFrame(f"{name} is not of the form {form.pattern}")
    return value


def _language(fields: Mapping[str, Any]) -> str | None:
    value = fields.get("language")
    if value is None or (isinstance(value, str) and value in LANGUAGES):
        return value
    raise BadFrame(f"language is one of {', '.join(LANGUAGES)}")


def introduction(header: str) -> Hello:
    """The hello of a request beside the socket: the frame in base64, as headers have no other letters; raises
    `BadFrame`."""
    try:
        hello = decode(base64.b64decode(header, validate=True))
    except ValueError:
        raise BadFrame(f"{HELLO} is the hello frame in base64") from None
    if not isinstance(hello, Hello):
        raise BadFrame(f"{HELLO} is the hello frame in base64")
    return hello


def captioned(fields: Mapping[str, str], sender_id: str, hello: Hello) -> InboundMessage:
    """The message of a picture: the fields of its form are those of a message, without what must be there."""
    client_id = _optional(fields, "client_id", _CLIENT_ID)
    if client_id is None:
        raise BadFrame("client_id is missing")
    text = fields.get("text", "")
    if len(text) > MAX_TEXT:
        raise LongText(client_id)
    user = hello.identity.user if hello.identity else None
    return inbound(Message(client_id, text), sender_id, hello.language, user)


def inbound(
    message: Message, sender_id: str, language: str | None, user: str | None = None
) -> InboundMessage:
    """The message as the rest of Balie knows it; a client id sent again gives the same external id."""
    return InboundMessage(
        channel=NAME,
        sender_id=sender_id,
        external_id=f"{sender_id}:{message.client_id}",
        text=message.text,
        payload=message.payload,
        language=message.language or language,
        identity=user,
    )


# --- to the widget ------------------------------------------------------------------------------


def welcome(
    *, token: str | None, seq: int, resumed: bool, receipts: bool, typed: bool, call: bool = False
) -> str:
    """The answer to hello. Turns up to `seq` follow, and are history."""
    fields: dict[str, Any] = {"type": "welcome", "seq": seq, "resumed": resumed}
    fields |= {"receipts": receipts, "typed": typed, "call": call}
    if token is not None:
        fields["token"] = token
    return _dumps(fields)


def turn(item: Spoken) -> str:
    """One thing said, by whoever said it."""
    author = "customer" if item.type == "user" else item.type
    fields: dict[str, Any] = {
        "type": "turn",
        "seq": item.seq,
        "author": author,
        "text": text_of(item),
        "at": item.at,
        **metadata_of(item),
    }
    if author == "customer":
        _, _, client_id = str(item.data.get("external_id") or "").partition(":")
        fields |= {"client_id": client_id} if client_id else {}
    elif replies := replies_of(item):
        fields["replies"] = replies
    if pictures := pictures_of(item):
        fields["pictures"] = pictures
    fields |= {key: item.data[key] for key in ("name", "over") if item.data.get(key)}
    return _dumps(fields)


def ack(client_id: str, seq: int) -> str:
    """The message is on disk, as number `seq`."""
    return _dumps({"type": "ack", "client_id": client_id, "seq": seq})


def typing(author: str, name: str | None = None) -> str:
    """Somebody is writing an answer."""
    return _dumps({"type": "typing", "author": author} | ({"name": name} if name else {}))


def calls() -> str:
    """Calls can be taken from now on."""
    return _dumps({"type": "calls"})


def pong() -> str:
    """The line is alive."""
    return _dumps({"type": "pong"})


def error(code: str, message: str, *, client_id: str | None = None, retry_after: float | None = None) -> str:
    """Something was not accepted. With `retry_after` the same may be sent again after that many seconds."""
    fields: dict[str, Any] = {"type": "error", "code": code, "message": message}
    fields |= {"client_id": client_id} if client_id else {}
    fields |= {"retry_after": retry_after} if retry_after is not None else {}
    return _dumps(fields)


def _dumps(fields: Mapping[str, Any]) -> str:
    return orjson.dumps(fields).decode()
