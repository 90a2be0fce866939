"""What happens on a call, as the call machine hears of it. Who hears and speaks is not here."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Listening(Enum):
    """How a caller is listened to after a prompt: what was asked decides how long a pause may be."""

    OPEN = "open"
    YES_NO = "yes_no"
    CHOICE = "choice"
    DIGITS = "digits"
    """A number that may be keyed in or said figure by figure."""
    LONG = "long"
    """A complaint, a story: who tells it is not cut off."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What a prompt asks. `answers` are the words that are offered, `patience` the seconds of silence before
    the caller is asked again (a step at the computer takes minutes)."""

    listening: Listening = Listening.OPEN
    answers: tuple[str, ...] = ()
    patience: float = 7.0


class Then(Enum):
    """What follows once something was spoken."""

    LISTEN = "listen"
    WAIT = "wait"
    """People have the conversation: the caller stays on the line until one of them is there."""
    HANG_UP = "hang_up"


@dataclass(frozen=True, slots=True)
class Connected:
    """There is audio both ways."""


@dataclass(frozen=True, slots=True)
class Said:
    """Something is to be spoken: a message of the bot, or a notice. By its `id` is told afterwards how much
    of it was heard."""

    id: str
    sentences: tuple[str, ...]
    asked: Asked = Asked()
    then: Then = Then.LISTEN


@dataclass(frozen=True, slots=True)
class Partial:
    """What the caller is saying, as far as it is recognised; it may still change."""

    text: str


@dataclass(frozen=True, slots=True)
class Final:
    """What the caller said, up to here; another may follow in the same turn."""

    text: str


@dataclass(frozen=True, slots=True)
class Finished:
    """The recogniser has given all it had, after `actions.FinishUtterance`."""


@dataclass(frozen=True, slots=True)
class Digit:
    """A key of the telephone: 0 to 9, `*` or `#`."""

    key: str


@dataclass(frozen=True, slots=True)
class Marked:
    """The peer has played everything up to a mark, or was told to forget it (`actions.Clear`)."""

    mark: str


@dataclass(frozen=True, slots=True)
class TimeUp:
    """The timer of `actions.StartTimer` ran out. One that was replaced or stopped meanwhile is harmless."""

    number: int


@dataclass(frozen=True, slots=True)
class SpeechFailed:
    """What stands before a mark could not be spoken, or not to its end; nor is what belongs to it."""

    mark: str


@dataclass(frozen=True, slots=True)
class PersonOn:
    """Somebody of the helpdesk speaks with the caller from here on."""


class Off(Enum):
    """Why a person does not speak with the caller any more."""

    HOLDS = "holds"
    """They put the caller on hold, and come back."""
    LOST = "lost"
    """Their line broke off."""
    PASSES_ON = "passes_on"
    """They passed the conversation on: what is said of that follows."""


@dataclass(frozen=True, slots=True)
class PersonOff:
    """The person does not speak with the caller from here on."""

    why: Off = Off.LOST


@dataclass(frozen=True, slots=True)
class HungUp:
    """The line is gone."""


Event = (
    Connected
    | Said
    | Partial
    | Final
    | Finished
    | Digit
    | Marked
    | TimeUp
    | SpeechFailed
    | PersonOn
    | PersonOff
    | HungUp
)
