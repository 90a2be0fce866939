"""What becomes of a ticket that a person edits: its fields, its weight, its due times. Pure.

A field goes by its name: those of `FIELDS`, `fact.SLOT` for a fact, `step.TITLE` for what was tried. Its
value is the text that a form has. What was measured (routine tests), shown (articles) or numbered stays.
"""

from __future__ import annotations

from collections.abc import Collection, Container, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from bot.model.errors import Malformed
from bot.model.languages import LANGUAGES
from bot.model.redact import redact
from bot.model.ticket import OUTCOMES, STATUSES, Level, Priority, StepTried, Ticket
from handoff.config import Policy
from handoff.policy import Reason
from handoff.sla import Pause, due_times

TEXTS: Mapping[str, int] = {"customer": 500, "contact": 500, "summary": 2_000}
"""Fields in words, and how many characters they may have."""

MOST_SOLUTION = 8_000
MOST_TITLE = 200

CHOICES: Mapping[str, type[Level] | type[Priority]] = {
    "impact": Level,
    "urgency": Level,
    "priority": Priority,
}

NAMES = ("intent", "team", "reason", "language")
DUES = ("response_due", "resolution_due")

ON_TICKET = (*TEXTS, *NAMES, *CHOICES, *DUES)
"""The fields that are the ticket's own."""

FIELDS = (*ON_TICKET, "status", "solution")

FACT, STEP = "fact.", "step."


@dataclass(frozen=True, slots=True)
class Record:
    """A ticket on record, as people may edit it."""

    ticket: Ticket
    status: str = "open"
    solution: str = ""


@dataclass(frozen=True, slots=True)
class Rules:
    """What fields may hold: the policy's teams, subjects and due times, and the slots that a fact may be of,
    with their labels."""

    policy: Policy
    facts: Mapping[str, str] = field(default_factory=dict[str, str])

    @property
    def zone(self) -> ZoneInfo:
        """Whose clock the due times are shown by."""
        return self.policy.calendar.zone


def edited(
    record: Record,
    fields: Mapping[str, str],
    rules: Rules,
    *,
    opened: datetime,
    by_hand: Collection[str] = (),
    handed_over: datetime | None = None,
    pauses: Sequence[Pause] = (),
    now: datetime | None = None,
) -> Record:
    """The record with these fields; raises `Malformed` for a field or a value that none can have.

    Impact or urgency weigh the priority anew, unless that is changed too; a new priority moves the due times,
    but not what people have set, now or before (`by_hand`).
    """
    before = record.ticket
    values: dict[str, Any] = {}
    own: dict[str, str] = {}
    facts, steps = dict(before.facts), list(before.steps_tried)
    for name, raw in fields.items():
        text = redact(raw.replace("\x00", "").strip())
        if name in TEXTS:
            values[name] = text[: TEXTS[name]]
        elif name in CHOICES:
            values[name] = _choice(name, text)
        elif name in NAMES:
            values[name] = _known(name, text, _names(name, before, rules.policy))
        elif name in DUES:
            values[name] = _moment(name, text, rules.zone, opened)
        elif name == "status":
            own[name] = _known(name, text, STATUSES)
        elif name == "solution":
            own[name] = text[:MOST_SOLUTION]
        elif name.startswith(FACT):
            slot = _known("fact", name.removeprefix(FACT), {*facts, *rules.facts})
            label = facts[slot]["label"] if slot in facts else rules.facts[slot]
            facts[slot] = {"label": label, "value": text[: TEXTS["contact"]]}
        elif name.startswith(STEP):
            _tried(steps, redact(name.removeprefix(STEP).strip()), text)
        else:
            raise Malformed(f"a ticket has no field '{name[:50]}'")
    facts = {slot: fact for slot, fact in facts.items() if slot in before.facts or fact["value"]}
    ticket = replace(before, **values, facts=facts, steps_tried=tuple(steps))
    ticket = _weighed(before, ticket, rules.policy)
    if ticket.priority is not before.priority:
        due = due_times(
            rules.policy.calendar,
            rules.policy.targets[ticket.priority],
            opened=opened,
            handed_over=handed_over,
            pauses=pauses,
            now=now,
        )
        moved = {"response_due": due.response, "resolution_due": due.resolution}
        ticket = replace(
            ticket,
            **{name: at.astimezone(UTC) for name, at in moved.items() if name not in {*values, *by_hand}},
        )
    return replace(record, ticket=ticket, **own)


def value_of(record: Record, name: str, zone: ZoneInfo) -> str:
    """A field as a form shows it; empty for what is not there."""
    ticket = record.ticket
    if name.startswith(FACT):
        return str(ticket.facts.get(name.removeprefix(FACT), {}).get("value", ""))
    if name.startswith(STEP):
        title = name.removeprefix(STEP)
        return next((step.outcome for step in reversed(ticket.steps_tried) if step.title == title), "")
    if name in DUES:
        at: datetime | None = getattr(ticket, name)
        return at.astimezone(zone).strftime("%Y-%m-%dT%H:%M") if at else ""
    if name in ON_TICKET:
        return str(getattr(ticket, name))
    return str(getattr(record, name)) if name in FIELDS else ""


def overtaken(record: Record, before: Mapping[str, str], zone: ZoneInfo) -> list[str]:
    """The fields that are no longer as somebody saw them: a colleague was first."""
    return [
        name for name, seen in before.items() if value_of(record, name, zone) != "\n".join(seen.splitlines())
    ]


def differences(before: Record, after: Record, zone: ZoneInfo) -> list[tuple[str, str, str]]:
    """What people changed: the field's name, what it was, what it is."""
    names = [
        *FIELDS,
        *(FACT + slot for slot in after.ticket.facts),
        *(STEP + step.title for step in after.ticket.steps_tried),
    ]
    both = ((name, value_of(before, name, zone), value_of(after, name, zone)) for name in names)
    return [(name, was, value) for name, was, value in both if was != value]


def kept(old: Ticket, new: Ticket, names: Collection[str]) -> Ticket:
    """The new ticket, which has the steps of the old one too, with what people have set on that, by the names
    of the fields. Who set a weight has set what follows from it."""
    fields = {name for name in names if name in ON_TICKET}
    if fields & CHOICES.keys():
        fields |= {*CHOICES, *DUES}
    facts = {slot: fact for slot, fact in old.facts.items() if FACT + slot in names}
    return replace(
        new,
        facts={**new.facts, **facts},
        steps_tried=tuple(
            step for step in new.steps_tried if step in old.steps_tried or STEP + step.title not in names
        ),
        **{name: getattr(old, name) for name in fields},
    )


def _tried(steps: list[StepTried], title: str, outcome: str) -> None:
    """What came of a step, the last time it was tried; or one that only people know of."""
    at = max((at for at, step in enumerate(steps) if step.title == title), default=None)
    if at is None:
        steps.append(StepTried(title[:MOST_TITLE], _known("outcome", outcome, OUTCOMES)))
    else:
        steps[at] = replace(steps[at], outcome=_known("outcome", outcome, {*OUTCOMES, steps[at].outcome}))


def _weighed(before: Ticket, after: Ticket, policy: Policy) -> Ticket:
    same = (after.impact, after.urgency) == (before.impact, before.urgency)
    if same or after.priority is not before.priority:
        return after
    return replace(after, priority=policy.rules.matrix[after.impact, after.urgency])


def _names(name: str, ticket: Ticket, policy: Policy) -> Container[str]:
    """What may be chosen for a field; what it is now may stay, though the pack no longer knows it."""
    known: Mapping[str, Collection[str]] = {
        "intent": policy.rules.intents,
        "team": policy.teams,
        "reason": tuple(Reason),
        "language": LANGUAGES,
    }
    return {*known[name], getattr(ticket, name)} - {""}


def _choice(name: str, text: str) -> Level | Priority:
    try:
        return CHOICES[name](text)
    except ValueError:
        raise Malformed(f"'{text[:50]}' is no {name}; choose {', '.join(CHOICES[name])}") from None


def _known(name: str, text: str, known: Container[str]) -> str:
    if text not in known:
        raise Malformed(f"there is no {name} '{text[:50]}'")
    return text


def _moment(name: str, text: str, zone: ZoneInfo, opened: datetime) -> datetime | None:
    if not text:
        return None
    try:
        at = datetime.fromisoformat(text)
        moment = (at if at.tzinfo else at.replace(tzinfo=zone)).astimezone(UTC)
    except (ValueError, OverflowError):
        raise Malformed(f"'{text[:50]}' is no date and time for the {name}") from None
    if moment < opened.replace(second=0, microsecond=0):
        raise Malformed("a due time lies after the ticket was made")
    return moment
