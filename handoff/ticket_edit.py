"""What becomes of a ticket that a person edits: its fields, its weight, its due times. Pure."""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from bot.model.errors import Malformed
from bot.model.redact import redact
from bot.model.ticket import Level, Priority, Ticket
from handoff.config import Policy
from handoff.sla import Pause, due_times

TEXTS: Mapping[str, int] = {"customer": 500, "contact": 500, "summary": 2_000}
"""Fields in words, and how many characters they may have."""

CHOICES: Mapping[str, type[Level] | type[Priority]] = {
    "impact": Level,
    "urgency": Level,
    "priority": Priority,
}

FACT = "fact."
"""A fact's field is `fact.` with the name of its slot."""

FIELDS = (*TEXTS, "intent", "team", *CHOICES)


def edited(
    ticket: Ticket,
    fields: Mapping[str, str],
    policy: Policy,
    *,
    opened: datetime,
    handed_over: datetime | None = None,
    pauses: Sequence[Pause] = (),
    now: datetime | None = None,
) -> Ticket:
    """The ticket with these fields; raises `Malformed` for a field or a value that none can have.

    Impact or urgency weigh the priority anew, unless that is changed too; a new priority moves the due times.
    """
    values: dict[str, Any] = {}
    facts = {name: dict(fact) for name, fact in ticket.facts.items()}
    for name, raw in fields.items():
        text = redact(raw.replace("\x00", "").strip())
        if name in TEXTS:
            values[name] = text[: TEXTS[name]]
        elif name in CHOICES:
            values[name] = _choice(name, text)
        elif name == "team":
            values[name] = _known(name, text, policy.teams)
        elif name == "intent":
            values[name] = _known(name, text, {*policy.rules.intents, ticket.intent})
        elif name.removeprefix(FACT) in facts and name.startswith(FACT):
            facts[name.removeprefix(FACT)]["value"] = text[: TEXTS["contact"]]
        else:
            raise Malformed(f"a ticket has no field '{name[:50]}'")
    changed = _weighed(ticket, replace(ticket, **values, facts=facts), policy)
    if changed.priority is ticket.priority:
        return changed
    due = due_times(
        policy.calendar,
        policy.targets[changed.priority],
        opened=opened,
        handed_over=handed_over,
        pauses=pauses,
        now=now,
    )
    return replace(
        changed, response_due=due.response.astimezone(UTC), resolution_due=due.resolution.astimezone(UTC)
    )


def value_of(ticket: Ticket, name: str) -> str:
    """A field as a form shows it; empty for a fact that is not there."""
    if name.startswith(FACT):
        return str(ticket.facts.get(name.removeprefix(FACT), {}).get("value", ""))
    return str(getattr(ticket, name)) if name in FIELDS else ""


def overtaken(ticket: Ticket, before: Mapping[str, str]) -> list[str]:
    """The fields that are no longer as somebody saw them: a colleague was first."""
    return [name for name, seen in before.items() if value_of(ticket, name) != "\n".join(seen.splitlines())]


def differences(before: Ticket, after: Ticket) -> list[tuple[str, str, str]]:
    """What people changed: the field's name, what it was, what it is."""
    changed = [
        (name, str(getattr(before, name)), str(getattr(after, name)))
        for name in FIELDS
        if getattr(before, name) != getattr(after, name)
    ]
    for name, fact in after.facts.items():
        was, value = str(before.facts[name].get("value", "")), str(fact.get("value", ""))
        if was != value:
            changed.append((FACT + name, was, value))
    return changed


def _weighed(before: Ticket, after: Ticket, policy: Policy) -> Ticket:
    same = (after.impact, after.urgency) == (before.impact, before.urgency)
    if same or after.priority is not before.priority:
        return after
    return replace(after, priority=policy.rules.matrix[after.impact, after.urgency])


def _choice(name: str, text: str) -> Level | Priority:
    try:
        return CHOICES[name](text)
    except ValueError:
        raise Malformed(f"'{text[:50]}' is no {name}; choose {', '.join(CHOICES[name])}") from None


def _known(name: str, text: str, known: Container[str]) -> str:
    if text not in known:
        raise Malformed(f"there is no {name} '{text[:50]}'")
    return text
