"""Contacts: each from how a customer begins to how it ends, and in whose hands it was meanwhile. Pure.

A conversation is one sender on one channel and may last for years; a contact is one of its episodes. The
clocks of bot, queue and people are separate, so that a night in the queue is nobody's work. What is counted
of many contacts is `handoff.figures`; reading the events is the store's.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

BACK_WITHIN = 7 * 86_400.0
"""Seconds after its end within which a customer who comes back reopens a contact."""

FALLBACK = "fallback"
"""A happening that is no event's type: a turn that was not understood."""

SLACK = 10.0
"""Seconds by which a ticket, or a place in line, may be older than its contact: one turn makes both."""


class Talk(NamedTuple):
    """The conversation that contacts belong to; `outcome` is what its latest contact came to so far, and
    `said_at` when the customer spoke last."""

    id: str
    channel: str
    language: str
    created_at: float
    outcome: str | None = None
    said_at: float | None = None


class Happening(NamedTuple):
    """One event that changes hands or is counted: `kind` is its type, `name` the deed or the outcome.

    `said_at` goes with an end: when the customer spoke last. The silence after it is nobody's work.
    """

    seq: int
    kind: str
    at: float
    name: str | None = None
    score: float | None = None
    said_at: float | None = None


@dataclass(slots=True)
class Contact:
    """One contact. `person` says that it came to people, `next_at` when the next one began; `clocks` are
    seconds in whose hands."""

    talk: Talk
    began: float
    next_at: float | None = None
    ended: float | None = None
    outcome: str | None = None
    person: bool = False
    handed_at: float | None = None
    answered_at: float | None = None
    fallbacks: int = 0
    score: int | None = None
    reopened: bool = False
    team: str | None = None
    clocks: dict[str, float] = field(default_factory=lambda: {"bot": 0.0, "queue": 0.0, "agent": 0.0})

    def made(self, at: float) -> bool:
        """Whether a ticket or a handover of that moment is this contact's."""
        return self.began - SLACK <= at and (self.next_at is None or at < self.next_at - SLACK)

    @property
    def first_answer(self) -> float | None:
        """Seconds from the handover to the first words of a person."""
        if self.handed_at is None or self.answered_at is None:
            return None
        return self.answered_at - self.handed_at

    @property
    def ending(self) -> str:
        """How it stands, for counting: who solved it, or why it ended unsolved."""
        if self.outcome == "solved":  # known before the customer's silence ends it
            return "solved_person" if self.person else "solved_bot"
        if self.ended is None:
            return "open_person" if self.person else "open"
        if self.person:
            return "unsolved_person"
        return self.outcome if self.outcome in ("cancelled", "silent") else "unsolved"

    @property
    def over(self) -> bool:
        """Whether nobody works on it any more."""
        return self.ending not in ("open", "open_person")


ENDINGS = (
    "solved_bot",
    "solved_person",
    "unsolved_person",
    "unsolved",
    "cancelled",
    "silent",
    "open",
    "open_person",
)
"""All that `Contact.ending` can be."""

_HANDS: Mapping[str, str] = {
    "claim": "agent", "reply": "agent", "snooze": "agent", "wake": "agent", "hand_off": "queue",
    "to_queue": "queue", "to_bot": "bot", "resolve": "bot", "reopen": "bot", "end": "bot",
}  # fmt: skip
"""In whose hands a deed puts a conversation; a deed that is not here leaves it where it is."""

TO_PEOPLE = tuple(sorted(deed for deed, hands in _HANDS.items() if hands != "bot"))
"""Deeds that bring a conversation to people, or say that they have it."""

_BEGINS_ANEW = frozenset({"claim", "to_queue", "hand_off", "reply", "reopen"})
"""Deeds that take up again what had ended."""


def contacts_of(talk: Talk, happenings: Iterable[Happening]) -> list[Contact]:
    """The contacts of one conversation, from what happened in order."""
    walk = _Walk(talk)
    for each in happenings:
        step = _STEPS.get(each.kind)
        if step is not None:
            step(walk, each)
    last = walk.contact
    # What people took up again, or have now, is not settled by what it came to before.
    if last.ended is None and walk.hands == "bot" and not last.reopened:
        last.outcome = talk.outcome
        if last.over:
            walk.pass_on("bot", last.began if talk.said_at is None else talk.said_at)
    return walk.contacts


def place(contacts: Sequence[Contact], handovers: Iterable[tuple[float, str]]) -> None:
    """Give contacts of one conversation the team that each was handed to last; handovers in order of time."""
    for at, team in handovers:
        for each in contacts:
            if each.made(at):
                each.team = team


class _Walk:
    """Follows one conversation's hands."""

    def __init__(self, talk: Talk) -> None:
        self.talk = talk
        self.contacts = [Contact(talk, talk.created_at)]
        self.hands, self.since, self.runs = "bot", talk.created_at, True
        self.resolves = False
        """A person's deed ends it: so an erasure looks too, but no end follows that."""

    @property
    def contact(self) -> Contact:
        """The one that goes on."""
        return self.contacts[-1]

    def pass_on(self, hands: str, at: float) -> None:
        """What went by was in the hands that had it; from now on it is in these."""
        if self.runs:
            self.contact.clocks[self.hands] += max(0.0, at - self.since)
        self.hands, self.since, self.runs = hands, max(at, self.since), True

    def to_people(self, hands: str, at: float) -> None:
        """It comes to people, from whoever had it."""
        self.pass_on(hands, at)
        self.contact.person = True
        if self.contact.handed_at is None:
            self.contact.handed_at = at


def _episode(walk: _Walk, what: Happening) -> None:
    before = walk.contact
    before.next_at = what.at
    before.reopened |= before.ended is not None and what.at - before.ended <= BACK_WITHIN
    walk.contacts.append(Contact(walk.talk, what.at))
    walk.hands, walk.since, walk.runs, walk.resolves = "bot", what.at, True, False


def _handoff(walk: _Walk, what: Happening) -> None:
    if walk.hands == "bot" and walk.contact.ended is None:
        walk.to_people("queue", what.at)


def _owner(walk: _Walk, what: Happening) -> None:
    contact, deed = walk.contact, what.name or ""
    if contact.ended is not None:
        if deed not in _BEGINS_ANEW:
            return
        contact.ended, contact.outcome, contact.reopened = None, None, True
        walk.since, walk.runs = what.at, False
    hands = _HANDS.get(deed, walk.hands)
    walk.resolves = deed == "resolve"
    if hands == "bot":
        walk.pass_on(hands, what.at)
    else:
        walk.to_people(hands, what.at)
    walk.runs = deed != "snooze"


def _agent(walk: _Walk, what: Happening) -> None:
    if not walk.runs and walk.contact.ended is None:
        walk.since, walk.runs = what.at, True  # what was snoozed goes on
    if walk.contact.handed_at is not None and walk.contact.answered_at is None:
        walk.contact.answered_at = what.at


def _ended(walk: _Walk, what: Happening) -> None:
    if walk.contact.ended is not None:
        return
    walk.contact.person |= walk.resolves
    until = what.said_at if walk.hands == "bot" and what.said_at is not None else what.at
    walk.pass_on("bot", until)
    walk.runs = False
    walk.contact.ended, walk.contact.outcome = what.at, what.name


def _satisfaction(walk: _Walk, what: Happening) -> None:
    if what.score is not None:
        walk.contact.score = round(what.score)


def _fallback(walk: _Walk, _: Happening) -> None:
    walk.contact.fallbacks += 1


_STEPS: Mapping[str, Callable[[_Walk, Happening], None]] = {
    "episode": _episode,
    "handoff": _handoff,
    "owner": _owner,
    "agent": _agent,
    "ended": _ended,
    "satisfaction": _satisfaction,
    FALLBACK: _fallback,
}
"""What each kind of happening does; others are not looked at."""

KINDS = tuple(sorted(set(_STEPS) - {FALLBACK}))
"""The types of events that `contacts_of` reads."""
