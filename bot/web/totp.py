"""Codes of six figures that an app on a telephone makes (RFC 6238), and codes on paper for when it is lost.

Pure: which of them have counted already is `bot.store.two_step`.
"""

from __future__ import annotations

import base64
import hmac
import io
import secrets

import segno
from pyotp import random_base32
from pyotp.totp import TOTP

SECONDS = 30
"""A step: how long a code is shown."""
AROUND = (0, -1, 1)
"""Steps beside this one whose code counts too: clocks differ, and typing takes time."""
PAPER = 10
"""How many codes on paper there are."""


def new_secret() -> str:
    """160 random bits, as apps read them."""
    return random_base32()


def step_of(secret: str, code: str, now: float) -> int | None:
    """The step that this code is of, close to now; None when it is wrong."""
    here, app, given = int(now // SECONDS), TOTP(secret), plain(code)
    near = (here + each for each in AROUND if here + each >= 0)
    return next((step for step in near if hmac.compare_digest(app.generate_otp(step), given)), None)


def address(secret: str, username: str, site: str) -> str:
    """What an app reads from the picture."""
    return TOTP(secret).provisioning_uri(name=username, issuer_name=site)


def picture(text: str) -> bytes:
    """The text as a QR code, black on white in every theme: an SVG without styles or scripts."""
    out = io.BytesIO()
    segno.make(text, error="m", micro=False).save(
        out, kind="svg", xmldecl=False, border=4, dark="#000", light="#fff", omitsize=True
    )
    return out.getvalue()


def paper_codes() -> list[str]:
    """New ones, 80 random bits each, in groups that can be copied by hand."""
    return [_grouped(base64.b32encode(secrets.token_bytes(10)).decode().lower()) for _ in range(PAPER)]


def plain(code: str) -> str:
    """A code as it is compared and kept: without the spaces and dashes that people type, in small letters."""
    return "".join(each for each in code if each.isascii() and each.isalnum()).lower()


def grouped_secret(secret: str) -> str:
    """For who types it instead of looking at the picture."""
    return " ".join(secret[at : at + 4] for at in range(0, len(secret), 4))


def _grouped(code: str) -> str:
    return "-".join(code[at : at + 4] for at in range(0, len(code), 4))
