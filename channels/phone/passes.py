"""One-use passes for the socket of a call: whoever has no pass from our own answer to Twilio gets no stream.

A pass names its call and language and is signed with the account's secret, so that any of our processes can
read one that another made. It stands in the path of the socket's address: Twilio drops its query.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass

import orjson

from bot.bus import Bus
from bot.model.errors import NotAllowed

GOOD_FOR = 60.0
"""Seconds within which Twilio opens the socket, by far."""


@dataclass(frozen=True, slots=True)
class Pass:
    """Whose stream it is."""

    call: str
    language: str


class Passes:
    """Makes passes and takes each once. The bus remembers which were used, for all processes on it."""

    def __init__(self, bus: Bus, secret: str, clock: Callable[[], float] = time.time) -> None:
        self._bus = bus
        self._key = hashlib.sha256(f"balie media pass {secret}".encode()).digest()
        self._clock = clock

    def make(self, given: Pass) -> str:
        """A pass as it stands in a path."""
        body = orjson.dumps([given.call, given.language, self._clock() + GOOD_FOR, secrets.token_hex(8)])
        return _text(body) + "." + _text(self._sign(body))

    async def take(self, text: str) -> Pass:
        """Who may come in; raises `NotAllowed` for a pass that is forged, too old, or was used before."""
        body, _, signature = text.partition(".")
        try:
            written, signed = _bytes(body), _bytes(signature)
        except (binascii.Error, UnicodeEncodeError):
            raise NotAllowed("this is no pass for a call") from None
        if not hmac.compare_digest(self._sign(written), signed):
            raise NotAllowed("this is no pass for a call")
        call, language, until, number = orjson.loads(written)
        if self._clock() > until:
            raise NotAllowed("this pass is too old")
        if await self._bus.allow(f"media:{number}", 1, 2 * GOOD_FOR) > 0:
            raise NotAllowed("this pass was used before")
        return Pass(call, language)

    def _sign(self, body: bytes) -> bytes:
        return hmac.digest(self._key, body, "sha256")


def _text(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).decode("ascii").rstrip("=")


def _bytes(text: str) -> bytes:
    return base64.b64decode(text.encode("ascii") + b"=" * (-len(text) % 4), b"-_", validate=True)
