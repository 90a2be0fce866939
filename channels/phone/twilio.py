"""What Twilio posts about a call: signatures checked, forms decoded. What it is answered is `twiml`. Pure.

Twilio posts a form to a URL of ours and does what the XML of the answer says. It signs the URL, with its
query, and the form; so what stands in the query of our own URLs comes back as we wrote it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import parse_qsl

from bot.model.dialling import e164
from bot.model.errors import Malformed, NotAllowed, TooLarge
from bot.model.messages import MAX_TEXT

MAX_FORM = 64 * 1024
"""Bytes of a form. Twilio's own are a few hundred, and what was said in a minute."""
MAX_FIELDS = 100
MAX_FIELD = 200

HIDDEN = frozenset(
    {"", "anonymous", "restricted", "unknown", "unavailable", "private", "blocked", "withheld"}
    | {"+266696687", "+7378742833", "+2562533", "+8656696", "+86282452253"}
)
"""What stands for a caller who hides the number; the digits are those letters on a keypad."""

_SID = re.compile(r"[A-Za-z0-9_-]{2,64}")
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_DIGITS = re.compile(r"[0-9*#]{1,40}")
_E164 = re.compile(r"\+[1-9]\d{3,14}")

Form = Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True)
class Ringing:
    """A call comes in. `caller` is None where the number is hidden or none."""

    call: str
    caller: str | None
    dialled: str


@dataclass(frozen=True, slots=True)
class Heard:
    """What <Gather> has got; both empty in silence."""

    call: str
    speech: str
    digits: str


@dataclass(frozen=True, slots=True)
class Dialled:
    """A <Dial> is over. `bridged`: the two have spoken."""

    call: str
    status: str
    bridged: bool
    seconds: int


@dataclass(frozen=True, slots=True)
class Recorded:
    """A <Record> is over; no `url` where nothing was recorded."""

    call: str
    url: str
    seconds: int


@dataclass(frozen=True, slots=True)
class Over:
    """A call's state has changed; `ended` when it is over."""

    call: str
    ended: bool
    seconds: int


@dataclass(frozen=True, slots=True)
class News:
    """How a call that we placed goes, in the words of `bot.store.outgoing`."""

    call: str
    status: str
    seconds: int


def form_of(body: bytes) -> Form:
    """The fields of a form; raises `Malformed` or `TooLarge` and nothing else, whatever the bytes are."""
    if len(body) > MAX_FORM:
        raise TooLarge(f"a form has at most {MAX_FORM} bytes")
    try:
        pairs = parse_qsl(
            body.decode("utf-8"), keep_blank_values=True, strict_parsing=True, errors="strict",
            max_num_fields=MAX_FIELDS,
        )  # fmt: skip
    except ValueError:  # not UTF-8, too many fields, or no form at all
        raise Malformed("the body is not a form") from None
    fields: dict[str, list[str]] = {}
    for name, value in pairs:
        fields.setdefault(name, []).append(value)
    return fields


def verify(url: str, form: Form, signature: str | None, token: str) -> None:
    """Raises `NotAllowed` unless the signature is Twilio's over this form and this URL, as it was asked."""
    from twilio.request_validator import RequestValidator

    if not signature or not signature.isascii():
        raise NotAllowed("the request is not signed by Twilio")
    try:
        right = RequestValidator(token).validate(url, _Fields(form), signature)
    except ValueError:  # half a surrogate pair cannot have been signed
        right = False
    if not right:
        raise NotAllowed(
            "the signature is wrong: is public_url what Twilio was told, and auth_token the account's?"
        )


class _Fields(dict[str, Sequence[str]]):
    """A form as the validator reads fields that come more than once."""

    def getall(self, name: str) -> Sequence[str]:
        return self[name]


def account_of(form: Form) -> str:
    """The account that the request says it is of."""
    return _text(form, "AccountSid", needed=False)


def ringing(form: Form) -> Ringing:
    """A call that comes in."""
    return Ringing(_call(form), caller_of(_text(form, "From", needed=False)), _text(form, "To", needed=False))


def heard(form: Form) -> Heard:
    """What was said or pressed."""
    digits = _text(form, "Digits", needed=False)
    if digits and not _DIGITS.fullmatch(digits):
        raise Malformed("Digits are the keys of a telephone")
    speech = _text(form, "SpeechResult", needed=False, most=MAX_FORM)
    if len(speech) > MAX_TEXT:
        raise TooLarge(f"what is said has at most {MAX_TEXT} characters")
    return Heard(_call(form), speech, digits)


def dialled(form: Form) -> Dialled:
    """How dialling a person went. Newer answers say whether the two were bridged: who picked up and did not
    take the call hung up on nobody."""
    status = _text(form, "DialCallStatus", needed=False)
    bridged = _text(form, "DialBridged", needed=False)
    spoke = bridged == "true" if bridged else status in ("completed", "answered")
    return Dialled(_call(form), status, spoke, _seconds(form, "DialCallDuration"))


def recorded(form: Form) -> Recorded:
    """A message for the team. Only an address of Twilio's is kept: agents will follow it."""
    url = _text(form, "RecordingUrl", needed=False, most=500)
    if url and not re.fullmatch(r"https://(?:[a-z0-9-]+\.)*twilio\.com/[\w./-]+", url):
        raise Malformed("RecordingUrl is not an address of Twilio's")
    return Recorded(_call(form), url, _seconds(form, "RecordingDuration"))


def over(form: Form) -> Over:
    """A status callback."""
    status = _text(form, "CallStatus")
    ended = status in ("completed", "busy", "failed", "no-answer", "canceled")
    return Over(_call(form), ended, _seconds(form, "CallDuration"))


def news(form: Form) -> News:
    """A status callback of a call that we placed."""
    status = _text(form, "CallStatus")
    return News(
        _call(form), "answered" if status == "in-progress" else status, _seconds(form, "CallDuration")
    )


def is_machine(form: Form) -> bool:
    """Whether Twilio, where it was asked to listen, heard an answering machine or a fax."""
    return _text(form, "AnsweredBy", needed=False).startswith(("machine", "fax"))


def caller_of(number: str) -> str | None:
    """A caller's number in E.164 where it is a valid one; a caller id may be forged, so it proves nothing."""
    plain = number.strip()
    if plain.casefold() in HIDDEN or not _E164.fullmatch(plain):
        return None
    return e164(plain, home=None)


def keyed_number(digits: str) -> str | None:
    """The number that was keyed in, in E.164; None where it is none."""
    return e164(digits.strip("*#"))


def _call(form: Form) -> str:
    call = _text(form, "CallSid")
    if not _SID.fullmatch(call):
        raise Malformed("CallSid is not an id of Twilio's")
    return call


def _text(form: Form, name: str, *, needed: bool = True, most: int = MAX_FIELD) -> str:
    values = form.get(name, ())
    if len(values) > 1:
        raise Malformed(f"{name} comes more than once")
    value = values[0] if values else ""
    if needed and not value:
        raise Malformed(f"{name} is missing")
    if len(value) > most:
        raise Malformed(f"{name} has at most {most} characters")
    if _CONTROL.search(value):
        raise Malformed(f"{name} has control characters")
    return value


def _seconds(form: Form, name: str) -> int:
    value = _text(form, name, needed=False) or "0"
    if not (value.isascii() and value.isdigit() and len(value) <= 6):
        raise Malformed(f"{name} is a number of seconds")
    return int(value)
