"""What the call machine wants done. Each is said once; whoever carries it out reports back by an event."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Prompt(Enum):
    """What a call says of itself, named as its words are (`bot.voice.words.Words`)."""

    ONE_MOMENT = "one_moment"
    """An answer takes longer than a caller waits in silence."""
    NOT_HEARD = "not_heard"
    """Nothing was heard; the question follows once more."""
    ARE_YOU_THERE = "are_you_there"
    TAKE_YOUR_TIME = "take_your_time"
    """The caller asked to wait."""
    NOTHING_HEARD = "nothing_heard"
    """Nobody is there any more."""
    STILL_WAITING = "still_waiting"
    """No person is free yet."""
    ON_HOLD = "on_hold"
    """A person has put the caller on hold."""
    PERSON_GONE = "person_gone"
    """The line to a person broke off."""


@dataclass(frozen=True, slots=True)
class Play:
    """Speak a sentence after what is spoken already, and set a mark behind it."""

    mark: str
    text: str


@dataclass(frozen=True, slots=True)
class PlayPrompt:
    """The same, of a fixed prompt."""

    mark: str
    prompt: Prompt


@dataclass(frozen=True, slots=True)
class Clear:
    """Stop speaking, and forget what was still to be spoken."""


@dataclass(frozen=True, slots=True)
class FinishUtterance:
    """The turn seems over: have the recogniser give what it still holds (`Final`s, then `Finished`)."""


@dataclass(frozen=True, slots=True)
class UserTurn:
    """What the caller said or keyed in: a turn as any other. `keyed`: it came by digits alone."""

    text: str
    keyed: bool = False


@dataclass(frozen=True, slots=True)
class WantsPerson:
    """The caller pressed 0 where no digits were asked."""


@dataclass(frozen=True, slots=True)
class NobodyCame:
    """The caller has waited long enough for a person."""


@dataclass(frozen=True, slots=True)
class WasHeard:
    """How much of a prompt the caller heard, in sentences; told once for each `Said`."""

    id: str
    sentences: int
    of: int


@dataclass(frozen=True, slots=True)
class StartTimer:
    """After `seconds` comes `TimeUp` with this number. There is one timer: it replaces the one before."""

    number: int
    seconds: float


@dataclass(frozen=True, slots=True)
class StopTimer:
    """The timer is not wanted any more."""


@dataclass(frozen=True, slots=True)
class HangUp:
    """End the call."""


Action = (
    Play
    | PlayPrompt
    | Clear
    | FinishUtterance
    | UserTurn
    | WantsPerson
    | NobodyCame
    | WasHeard
    | StartTimer
    | StopTimer
    | HangUp
)
