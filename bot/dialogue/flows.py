"""Flows as data: the steps of a scenario. Reading them from Rasa's flows.yml is `bot.dialogue.flow_reader`.

Nested step lists are flattened: every step has an id, and `next` is always a tuple of branches.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from bot.dialogue.conditions import Condition

END = "END"
"""The target of a branch that ends the flow."""


@dataclass(frozen=True, slots=True)
class Branch:
    """Where to go on: the first branch whose condition holds (None always does)."""

    condition: Condition | None
    target: str
    line: int = 0


@dataclass(frozen=True, slots=True)
class Step:
    """What all steps have. `line` is its place in the file."""

    id: str
    next: tuple[Branch, ...]
    line: int


@dataclass(frozen=True, slots=True)
class ActionStep(Step):
    """Say a response (`utter_…`) or run an action."""

    action: str


@dataclass(frozen=True, slots=True)
class Rejection:
    """A value that is refused when the condition holds, and what is said then."""

    condition: Condition
    utter: str


@dataclass(frozen=True, slots=True)
class CollectStep(Step):
    """Ask for a slot unless it is filled. `silence_timeout` is in seconds, None for the default.

    `confirms`: a read-back. `adds`: what is told there besides yes or no belongs to it, whatever it is about.
    """

    slot: str
    utter: str
    ask_action: str
    ask_before_filling: bool
    force_slot_filling: bool
    rejections: tuple[Rejection, ...]
    silence_timeout: float | Mapping[str, float] | None
    confirms: bool
    required: bool
    adds: bool


@dataclass(frozen=True, slots=True)
class SetSlotsStep(Step):
    """Give slots a value (None empties them)."""

    values: tuple[tuple[str, Any], ...]


@dataclass(frozen=True, slots=True)
class LinkStep(Step):
    """Go on in another flow; this one ends."""

    flow: str


@dataclass(frozen=True, slots=True)
class CallStep(Step):
    """Run another flow and come back."""

    flow: str


@dataclass(frozen=True, slots=True)
class NoopStep(Step):
    """Nothing but its branches."""


@dataclass(frozen=True, slots=True)
class Trigger:
    """An intent that starts the flow, from this confidence on."""

    intent: str
    confidence: float = 0.0


@dataclass(frozen=True, slots=True)
class Flow:
    """A scenario. `guard` None is always allowed; `problem` is the sentence that says the problem back.

    `courtesy`: a greeting, goodbye or thanks, which is no answer to a question. `aside`: no subject of its
    own ("thank you"): it opens no episode and ends no question. `apart`: may be taken out of a message that
    names two problems.
    """

    id: str
    names: Mapping[str, str]
    description: str
    guard: Condition | None
    triggers: tuple[Trigger, ...]
    run_pattern_completed: bool
    persisted_slots: frozenset[str]
    steps: Mapping[str, Step]
    first: str
    problem: Mapping[str, str] | None
    courtesy: bool
    aside: bool
    apart: bool
    file: str
    line: int

    @property
    def is_pattern(self) -> bool:
        """Whether this is one of the conversation's repair patterns."""
        return self.id.startswith("pattern_")

    @property
    def is_problem(self) -> bool:
        """Whether this is a problem scenario: one with a sentence that says the problem back."""
        return self.problem is not None

    def collects(self) -> Iterator[CollectStep]:
        """The steps that ask something, in file order."""
        return (step for step in self.steps.values() if isinstance(step, CollectStep))

    def name(self, language: str) -> str:
        """The flow's name for a customer."""
        return self.names.get(language) or next(iter(self.names.values()), self.id)
