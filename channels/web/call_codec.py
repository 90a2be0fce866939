"""The frames of a call out of the browser: strict decoding, and encoding. Pure.

Sound goes both ways in binary frames: G.711 mu-law, 8000 samples a second, 20 ms a frame as a rule. All else
is a text frame, one JSON object with a `type`.

| from the browser | |
|---|---|
| hello | as on the chat's socket (`codec`), and the first frame |
| key | key: 0 to 9, * or # |
| mark | name: what came before this mark was played, or thrown away |
| bye | the customer hangs up |

| to the browser | |
|---|---|
| connected | one may speak |
| mark | name: to be sent back |
| clear | throw away what was not played |
| over | the call has ended in order |
| error | code, message, and retry_after where trying again may help |
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, cast

import orjson

from bot.model.errors import Malformed

MAX_SOUND = 8_000
"""Bytes of one binary frame: a second, for a browser that catches up."""
MAX_TEXT_FRAME = 16 * 1024
_KEY = re.compile(r"[0-9*#]")
_MARK = re.compile(r"[A-Za-z0-9_-]{1,40}")


@dataclass(frozen=True, slots=True)
class Sound:
    """What the microphone heard, in mu-law."""

    ulaw: bytes


@dataclass(frozen=True, slots=True)
class Key:
    """A key of the keypad."""

    key: str


@dataclass(frozen=True, slots=True)
class Mark:
    """A mark comes back."""

    name: str


@dataclass(frozen=True, slots=True)
class Bye:
    """The customer hangs up."""


Frame = Sound | Key | Mark | Bye


def decode(raw: str | bytes) -> Frame:
    """The frame in `raw`; raises `Malformed` and nothing else, whatever it is."""
    if isinstance(raw, bytes):
        if not 0 < len(raw) <= MAX_SOUND:
            raise Malformed(f"a frame of sound has 1 to {MAX_SOUND} bytes")
        return Sound(raw)
    try:
        loaded = orjson.loads(raw) if len(raw) <= MAX_TEXT_FRAME else None
    except ValueError:
        loaded = None
    fields = cast("dict[str, Any]", loaded) if isinstance(loaded, dict) else {}
    match fields.get("type"):
        case "key":
            return Key(_text(fields, "key", _KEY))
        case "mark":
            return Mark(_text(fields, "name", _MARK))
        case "bye":
            return Bye()
        case _:
            raise Malformed("a frame is one JSON object whose type is key, mark or bye")


def connected() -> str:
    """One may speak."""
    return _frame("connected")


def mark(name: str) -> str:
    """To be sent back when everything before it was played."""
    return _frame("mark", name=name)


def clear() -> str:
    """Throw away what was not played yet; its marks come back all the same."""
    return _frame("clear")


def over() -> str:
    """The call has ended in order."""
    return _frame("over")


def error(code: str, message: str, retry_after: float | None = None) -> str:
    """There is no call."""
    more = {} if retry_after is None else {"retry_after": retry_after}
    return _frame("error", code=code, message=message, **more)


def _text(fields: dict[str, Any], name: str, form: re.Pattern[str]) -> str:
    value = fields.get(name)
    if not isinstance(value, str) or not form.fullmatch(value):
        raise Malformed(f"{name} is not of the form {form.pattern}")
    return value


def _frame(kind: str, **fields: object) -> str:
    return orjson.dumps({"type": kind, **fields}).decode()
