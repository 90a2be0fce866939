"""What a turn may ask of the conversation. Which of these it is, is decided by `bot.dialogue.rules`;
what they do to the state, by `bot.dialogue.repair`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

SlotValues = tuple[tuple[str, Any], ...]


@dataclass(frozen=True, slots=True)
class StartFlow:
    """Begin a flow, with what the turn already tells; `instead` replaces the problem being discussed."""

    flow: str
    slots: SlotValues = ()
    instead: bool = False


@dataclass(frozen=True, slots=True)
class SetSlots:
    """Fill slots of the flow that is going on; `answered` is the one that was asked for."""

    slots: SlotValues
    answered: str = ""


@dataclass(frozen=True, slots=True)
class CorrectSlots:
    """Change slots that were filled before."""

    slots: SlotValues


@dataclass(frozen=True, slots=True)
class AskWhich:
    """Ask which of some slots (or none of them: `otherwise`) a customer's new words are the value of."""

    of: tuple[str, ...]
    otherwise: str
    words: str


@dataclass(frozen=True, slots=True)
class KeepForLater:
    """Another problem that the turn is about: come back to it when the first one is done."""

    flow: str
    slots: SlotValues
    words: str


@dataclass(frozen=True, slots=True)
class Mention:
    """Words that answer nothing while a person is being called: the ticket has them, the question stands."""

    words: str


@dataclass(frozen=True, slots=True)
class CancelFlow:
    """Leave what is going on."""


@dataclass(frozen=True, slots=True)
class Clarify:
    """Ask which of some flows is meant; what the turn told is kept for the one that is chosen."""

    flows: tuple[str, ...]
    slots: SlotValues = ()


@dataclass(frozen=True, slots=True)
class HumanHandoff:
    """A person is wanted."""

    reason: str = "asked"


@dataclass(frozen=True, slots=True)
class Repeat:
    """Say the last thing again."""


@dataclass(frozen=True, slots=True)
class AskAgain:
    """Put the question again; nothing went wrong."""


@dataclass(frozen=True, slots=True)
class ChangeLanguage:
    """Go on in another language."""

    language: str


@dataclass(frozen=True, slots=True)
class SkipQuestion:
    """The customer has no answer to the question."""

    slot: str


@dataclass(frozen=True, slots=True)
class CannotHandle:
    """Nothing fits. `reason`: no_meaning, or invalid_answer when a question was open."""

    reason: str


Command = (
    StartFlow
    | SetSlots
    | CorrectSlots
    | AskWhich
    | KeepForLater
    | Mention
    | CancelFlow
    | Clarify
    | HumanHandoff
    | Repeat
    | AskAgain
    | ChangeLanguage
    | SkipQuestion
    | CannotHandle
)


@dataclass(frozen=True, slots=True)
class Decision:
    """The commands of a turn and the name of the rule that gave them."""

    rule: str
    commands: tuple[Command, ...]
