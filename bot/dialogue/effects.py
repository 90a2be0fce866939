"""What the engine takes in and gives out. The service carries the effects out; the engine only says them."""

from __future__ import annotations

from dataclasses import dataclass

from bot.dialogue.commands import Decision
from bot.dialogue.tracker import Tracker
from bot.model.actions import ActionCall, ActionResult
from bot.model.events import Event
from bot.model.messages import OutboundMessage
from bot.model.understanding import Understanding


@dataclass(frozen=True, slots=True)
class Turn:
    """A customer's turn: what was said and understood, and what it asks of the conversation; and its day."""

    decision: Decision
    understanding: Understanding
    text: str
    today: str = ""


@dataclass(frozen=True, slots=True)
class Result:
    """An action came back."""

    result: ActionResult


@dataclass(frozen=True, slots=True)
class Silence:
    """The customer has said nothing for as long as was scheduled."""


@dataclass(frozen=True, slots=True)
class Returned:
    """A person gave the conversation back to the bot; with an article, to guide the customer through it."""

    article: str = ""


@dataclass(frozen=True, slots=True)
class Started:
    """The customer was called for this flow; `slots` are what it is about."""

    flow: str
    slots: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Resolved:
    """A person resolved the conversation; whether it satisfied may be asked."""


@dataclass(frozen=True, slots=True)
class Shown:
    """The customer sent a picture, and no word."""


Input = Turn | Result | Silence | Returned | Started | Resolved | Shown


@dataclass(frozen=True, slots=True)
class Say:
    """Say this to the customer."""

    message: OutboundMessage


@dataclass(frozen=True, slots=True)
class RunAction:
    """Run an action and bring its result back as `Result`."""

    call: ActionCall


@dataclass(frozen=True, slots=True)
class Schedule:
    """Come back as `Silence` after so many seconds without a word; None takes the timer away."""

    seconds: float | None


@dataclass(frozen=True, slots=True)
class End:
    """The episode is over; `outcome` is solved, cancelled, silent, …"""

    outcome: str


Effect = Say | RunAction | Schedule | End


@dataclass(frozen=True, slots=True)
class Outcome:
    """The new state, what to do, and what to write down, in order."""

    tracker: Tracker
    effects: tuple[Effect, ...]
    events: tuple[Event, ...]
