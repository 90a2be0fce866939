"""What Twilio is told to do in a call, as verbs, and their XML (TwiML). Which of them come when is `script`.
Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

MAX_SAID = 3_000
"""Characters of one <Say>; Twilio takes 4,096."""
MAX_SAYS = 4
"""How many <Say> one text becomes at most; what is longer is cut at a sentence: nobody listens that long."""


@dataclass(frozen=True, slots=True)
class Voice:
    """How one language is spoken and listened to: a voice of Twilio's, and its language tag."""

    tag: str
    name: str


@dataclass(frozen=True, slots=True)
class Say:
    """Speak; the text is already made for the ear."""

    text: str
    language: str


@dataclass(frozen=True, slots=True)
class Ask:
    """Speak, and listen meanwhile and afterwards: to speech and to keys. `keys` is how many end it; None: the
    hash key does."""

    action: str
    says: tuple[Say, ...]
    language: str
    keys: int | None = 1
    timeout: int = 6
    pause: str = "auto"
    """How long a silence ends what is said: "auto", or seconds."""
    hints: tuple[str, ...] = ()
    speech: bool = True


@dataclass(frozen=True, slots=True)
class Pause:
    """Say nothing for so many seconds."""

    seconds: int


@dataclass(frozen=True, slots=True)
class Redirect:
    """Ask that URL what comes next."""

    url: str


@dataclass(frozen=True, slots=True)
class Connect:
    """Carry the sound both ways over a socket; what stands after it comes when the socket is closed."""

    url: str


@dataclass(frozen=True, slots=True)
class Dial:
    """Ring a person; `whisper` is asked what they hear before the caller is connected."""

    number: str
    action: str
    whisper: str
    timeout: int
    caller_id: str | None = None


@dataclass(frozen=True, slots=True)
class Record:
    """Record a message."""

    action: str
    seconds: int


@dataclass(frozen=True, slots=True)
class Hangup:
    """End the call."""


Verb = Say | Ask | Pause | Redirect | Connect | Dial | Record | Hangup


def encode(verbs: Sequence[Verb], voices: Mapping[str, Voice]) -> bytes:
    """TwiML."""
    from twilio.twiml.voice_response import VoiceResponse

    response = VoiceResponse()
    for verb in verbs:
        _add(response, verb, voices)
    return str(response).encode()


def _add(response: Any, verb: Verb, voices: Mapping[str, Voice]) -> None:
    match verb:
        case Say():
            _say(response, verb, voices)
        case Ask():
            digits = {"num_digits": verb.keys} if verb.keys else {"finish_on_key": "#"}
            speech = {
                "speech_timeout": verb.pause,
                "language": voices[verb.language].tag,
                "hints": ", ".join(verb.hints) or None,
            }
            asked = response.gather(
                input="speech dtmf" if verb.speech else "dtmf",
                action=verb.action,
                method="POST",
                timeout=verb.timeout,
                action_on_empty_result=True,
                **digits,
                **(speech if verb.speech else {}),
            )
            for say in verb.says:
                _say(asked, say, voices)
        case Pause(seconds):
            response.pause(length=seconds)
        case Redirect(url):
            response.redirect(url, method="POST")
        case Connect(url):
            response.connect().stream(url=url)
        case Dial():
            dial = response.dial(
                action=verb.action,
                method="POST",
                timeout=verb.timeout,
                answer_on_bridge=True,
                caller_id=verb.caller_id,
            )
            dial.number(verb.number, url=verb.whisper, method="POST")
        case Record():
            response.record(
                action=verb.action, method="POST", max_length=verb.seconds, finish_on_key="#", play_beep=True,
                timeout=5,
            )  # fmt: skip
        case Hangup():
            response.hangup()


def _say(parent: Any, say: Say, voices: Mapping[str, Voice]) -> None:
    voice = voices[say.language]
    for part in parts(say.text):
        parent.say(part, voice=voice.name or None, language=voice.tag)


def parts(text: str) -> list[str]:
    """A text in pieces that one <Say> takes, cut after sentences where there are any."""
    left, found = text.strip(), list[str]()
    while left and len(found) < MAX_SAYS:
        if len(left) <= MAX_SAID:
            found.append(left)
            break
        cut = max(left.rfind(end, 0, MAX_SAID) for end in (". ", "? ", "! ", " "))
        cut = cut + 1 if cut > 0 else MAX_SAID
        found.append(left[:cut].strip())
        left = left[cut:].strip()
    return found
