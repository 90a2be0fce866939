"""The ticket that an agent finds filled in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any


class Level(StrEnum):
    """Impact (how many are hit) and urgency (how much work stands still)."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"


class Priority(StrEnum):
    """P1 is the most pressing; the matrix impact × urgency stands in `data/policy/`."""

    P1 = "P1"
    P2 = "P2"
    P3 = "P3"
    P4 = "P4"


@dataclass(frozen=True, slots=True)
class CheckResult:
    """A routine test: what was checked, what was expected, what came out, how long it took (ms)."""

    name: str
    target: str
    ok: bool
    expected: str
    found: str
    ms: int = 0


OUTCOMES = ("solved", "not_solved", "done", "skipped", "passed", "failed")
"""How a step ended."""

STATUSES = ("open", "solved", "closed")
"""How a ticket stands; `closed` is done with, though not solved."""


@dataclass(frozen=True, slots=True)
class StepTried:
    """A fix or check that was tried, and how it ended (`OUTCOMES`)."""

    title: str
    outcome: str
    article: str | None = None


@dataclass(frozen=True, slots=True)
class Ticket:
    """What is handed over: everything the bot learned, so that nothing is asked twice.

    `facts` maps slot names to {"label", "value"} in the conversation's language.
    `response_due` and `resolution_due` are aware datetimes in UTC.
    """

    conversation_id: str
    channel: str
    language: str
    intent: str
    summary: str
    customer: str = ""
    contact: str = ""
    facts: Mapping[str, Mapping[str, str]] = field(default_factory=dict[str, Mapping[str, str]])
    steps_tried: tuple[StepTried, ...] = ()
    checks: tuple[CheckResult, ...] = ()
    articles: tuple[str, ...] = ()
    impact: Level = Level.LOW
    urgency: Level = Level.MEDIUM
    priority: Priority = Priority.P3
    team: str = ""
    reason: str = ""
    response_due: datetime | None = None
    resolution_due: datetime | None = None
    notes: tuple[str, ...] = ()
    extra: Mapping[str, Any] = field(default_factory=dict[str, Any])
