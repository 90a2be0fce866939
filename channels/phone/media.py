"""Twilio's Media Streams: the frames of the socket, decoded and encoded. Pure.

Source of the format: "Media Streams - WebSocket messages" in Twilio's documentation. A stream opens with
`connected` and `start`; `media` carries 20 ms of G.711 mu-law at 8 kHz in base64; `mark` comes back when what
was sent before it was played, or when `clear` threw it away.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

import orjson

from bot.model.errors import Malformed, TooLarge

MAX_FRAME = 16 * 1024
"""Characters of one frame: 20 ms are 220, and a peer that catches up sends some at once."""
MAX_NAME = 200


@dataclass(frozen=True, slots=True)
class Opened:
    """The stream stands; `parameters` are those of the TwiML."""

    stream: str
    call: str
    parameters: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Audio:
    """What the caller sounds like: mu-law bytes, one for an eighth of a millisecond."""

    stream: str
    payload: bytes


@dataclass(frozen=True, slots=True)
class Key:
    """A key of the telephone."""

    stream: str
    key: str


@dataclass(frozen=True, slots=True)
class MarkBack:
    """What was sent before this mark was played, or thrown away."""

    stream: str
    mark: str


@dataclass(frozen=True, slots=True)
class Closed:
    """The stream ends."""

    stream: str


@dataclass(frozen=True, slots=True)
class Nothing:
    """A frame that asks for nothing (`connected`, or an event that came later than this was written)."""


Frame = Opened | Audio | Key | MarkBack | Closed | Nothing


def decode(text: str) -> Frame:
    """The frame in `text`; raises `Malformed` or `TooLarge`, and nothing else, whatever it is."""
    if len(text) > MAX_FRAME:
        raise TooLarge(f"a frame has at most {MAX_FRAME} characters")
    try:
        loaded = orjson.loads(text.encode("utf-8", "replace"))
    except ValueError:
        raise Malformed("the frame is not JSON") from None
    fields = _object(loaded, "the frame")
    match fields.get("event"):
        case "start":
            return _opened(fields)
        case "media":
            return Audio(_name(fields, "streamSid"), _payload(_part(fields, "media")))
        case "dtmf":
            return Key(_name(fields, "streamSid"), _name(_part(fields, "dtmf"), "digit"))
        case "mark":
            return MarkBack(_name(fields, "streamSid"), _name(_part(fields, "mark"), "name"))
        case "stop":
            return Closed(_name(fields, "streamSid"))
        case str():
            return Nothing()
        case _:
            raise Malformed("the frame has no event")


def audio(stream: str, payload: bytes) -> str:
    """Mu-law to be played after what was sent before."""
    return _frame("media", stream, media={"payload": base64.b64encode(payload).decode("ascii")})


def mark(stream: str, name: str) -> str:
    """To be sent back when everything before it was played."""
    return _frame("mark", stream, mark={"name": name})


def clear(stream: str) -> str:
    """Throw away what was not played yet."""
    return _frame("clear", stream)


def _opened(fields: Mapping[str, Any]) -> Opened:
    start = _part(fields, "start")
    given = start.get("mediaFormat")
    kind = _object({} if given is None else given, "mediaFormat")
    if kind.get("encoding", "audio/x-mulaw") != "audio/x-mulaw" or kind.get("sampleRate", 8000) != 8000:
        raise Malformed("the audio is not mu-law at 8000 Hz")
    parameters = _object(start.get("customParameters") or {}, "customParameters")
    return Opened(
        _name(fields, "streamSid"),
        _name(start, "callSid"),
        {str(name)[:MAX_NAME]: str(value)[:MAX_NAME] for name, value in parameters.items()},
    )


def _payload(media: Mapping[str, Any]) -> bytes:
    payload = media.get("payload")
    if not isinstance(payload, str):
        raise Malformed("media.payload is not a text")
    try:
        return base64.b64decode(payload.encode("ascii"), validate=True)
    except (binascii.Error, UnicodeEncodeError):
        raise Malformed("media.payload is not base64") from None


def _part(fields: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    return _object(fields.get(name), name)


def _object(value: object, what: str) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise Malformed(f"{what} is not an object")
    return cast("dict[str, Any]", value)


def _name(fields: Mapping[str, Any], name: str) -> str:
    value = fields.get(name)
    if not isinstance(value, str) or not 0 < len(value) <= MAX_NAME:
        raise Malformed(f"{name} is not a text of 1 to {MAX_NAME} characters")
    return value


def _frame(event: str, stream: str, **parts: object) -> str:
    return orjson.dumps({"event": event, "streamSid": stream, **parts}).decode()
