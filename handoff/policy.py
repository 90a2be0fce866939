"""Why a conversation is handed to a person, and how heavily it weighs. Pure.

To whom is `handoff.routing`; until when is `handoff.sla`. The figures come from the pack by `handoff.config`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from bot.model.ticket import Level, Priority


class Reason(StrEnum):
    """Why a person takes over; the value of the slot `handoff_reason`."""

    ASKED = "asked"
    EXHAUSTED = "exhausted"
    FAILURES = "failures"
    COMPLAINT = "complaint"
    SECURITY = "security"
    ANGER = "anger"
    TIME = "time"
    CALLBACK = "callback"
    CLOSED = "closed"


IMPACT_OF_SCOPE: Mapping[str, Level] = {
    "only_me": Level.LOW,
    "several_people": Level.MEDIUM,
    "everyone": Level.HIGH,
}
"""The slot `scope`: how many are hit."""

_LEVELS = tuple(Level)
_PRIORITIES = tuple(Priority)


@dataclass(frozen=True, slots=True)
class IntentRule:
    """What an intent weighs when the customer did not say; `security` marks a matter of security."""

    impact: Level = Level.LOW
    urgency: Level = Level.MEDIUM
    security: bool = False


@dataclass(frozen=True, slots=True)
class Raise:
    """How a reason lifts the priority: some steps but not above `not_above`, and to `at_least` anyhow."""

    by: int = 0
    at_least: Priority | None = None
    not_above: Priority = Priority.P1


@dataclass(frozen=True, slots=True)
class Rules:
    """The agreements: a rule per intent, one for all others, the matrix, and what lifts a priority."""

    matrix: Mapping[tuple[Level, Level], Priority]
    intents: Mapping[str, IntentRule] = field(default_factory=dict[str, IntentRule])
    default: IntentRule = IntentRule()
    raises: Mapping[Reason, Raise] = field(default_factory=dict[Reason, Raise])


@dataclass(frozen=True, slots=True)
class Weight:
    """How pressing a handover is."""

    impact: Level
    urgency: Level
    priority: Priority


def reason_of(value: object) -> Reason:
    """The reason that a slot holds; somebody who comes without one has asked for a person."""
    try:
        return Reason(str(value))
    except ValueError:
        return Reason.ASKED


def weigh(
    rules: Rules, *, intent: str, reason: Reason, scope: object = None, urgency: object = None
) -> Weight:
    """Impact by what was said of the scope, urgency by what was said of it, else both by the intent.

    A matter of security never weighs less than its intent does by itself, and is always urgent. Of several
    reasons to lift the priority the strongest counts.
    """
    rule = rules.intents.get(intent, rules.default)
    secure = rule.security or reason is Reason.SECURITY
    impact = IMPACT_OF_SCOPE.get(str(scope), rule.impact)
    pressing = _level(urgency) or rule.urgency
    if secure:
        impact, pressing = max(impact, rule.impact, key=_LEVELS.index), Level.HIGH
    base = rules.matrix[impact, pressing]
    lifted = [
        _lift(base, rules.raises[why]) for why in _lifting(intent, reason, secure) if why in rules.raises
    ]
    return Weight(impact, pressing, min([base, *lifted], key=_PRIORITIES.index))


def _lifting(intent: str, reason: Reason, secure: bool) -> set[Reason]:
    why = {reason}
    if secure:
        why.add(Reason.SECURITY)
    if intent == Reason.COMPLAINT.value:
        why.add(Reason.COMPLAINT)
    return why


def _lift(priority: Priority, by: Raise) -> Priority:
    place = _PRIORITIES.index(priority)
    top = _PRIORITIES.index(by.not_above)
    if place > top:
        place = max(place - by.by, top)
    if by.at_least is not None:
        place = min(place, _PRIORITIES.index(by.at_least))
    return _PRIORITIES[place]


def _level(value: object) -> Level | None:
    try:
        return Level(str(value))
    except ValueError:
        return None
