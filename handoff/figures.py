"""Counts over contacts and tickets: by day, by channel, how they ended, clocks, due times. Pure.

Days are the helpdesk's own. Which contacts are counted is the store's; how it is shown, the review's.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from statistics import median

from handoff.contacts import Contact

SCORES = range(1, 6)
MOST_DAYS = 92
"""A longer period is counted by the week."""


@dataclass(frozen=True, slots=True)
class Group:
    """Counts of the contacts that have something in common; `average` is the satisfaction."""

    key: str
    total: int
    solved: int
    person: int
    fallback: int
    reopened: int
    scores: int
    average: float | None


@dataclass(frozen=True, slots=True)
class Span:
    """How the contacts of a day, or of the week that begins on it, stand."""

    day: date
    solved: int
    person: int
    other: int
    open: int

    @property
    def total(self) -> int:
        """All of them."""
        return self.solved + self.person + self.other + self.open


@dataclass(frozen=True, slots=True)
class Clock:
    """Seconds, measured `count` times: half took no longer than `middle`, nine in ten than `most`."""

    name: str
    count: int
    middle: float | None
    most: float | None


@dataclass(frozen=True, slots=True)
class Promise:
    """A ticket's due times, and when they were met."""

    response_due: float | None
    answered_at: float | None
    resolution_due: float | None
    solved_at: float | None
    closed: bool


@dataclass(frozen=True, slots=True)
class Kept:
    """How many promises of a kind were met, came too late, or may still be met."""

    name: str
    met: int
    late: int
    open: int


def whole(contacts: Sequence[Contact], key: str = "") -> Group:
    """The counts of them all."""
    scores = [each.score for each in contacts if each.score is not None]
    return Group(
        key=key,
        total=len(contacts),
        solved=sum(each.ending == "solved_bot" for each in contacts),
        person=sum(each.person for each in contacts),
        fallback=sum(each.fallbacks > 0 for each in contacts),
        reopened=sum(each.reopened for each in contacts),
        scores=len(scores),
        average=sum(scores) / len(scores) if scores else None,
    )


def groups(contacts: Iterable[Contact], key: Callable[[Contact], str]) -> list[Group]:
    """The counts by something, the largest first."""
    found: defaultdict[str, list[Contact]] = defaultdict(list)
    for each in contacts:
        found[key(each)].append(each)
    counted = [whole(several, name) for name, several in found.items()]
    return sorted(counted, key=lambda group: (-group.total, group.key))


def by_week(first: date, last: date) -> bool:
    """Whether a period is so long that weeks are counted."""
    return (last - first).days >= MOST_DAYS


def spans(contacts: Iterable[Contact], first: date, last: date, zone: tzinfo) -> list[Span]:
    """Every day (or week) of the period, those without contacts too."""
    weeks = by_week(first, last)
    start = _monday(first) if weeks else first
    step = timedelta(days=7 if weeks else 1)
    counts: dict[date, Counter[str]] = {}
    while start <= last:
        counts[start] = Counter()
        start += step
    for each in contacts:
        day = datetime.fromtimestamp(each.began, zone).date()
        found = counts.get(_monday(day) if weeks else day)
        if found is not None:
            found[_standing(each)] += 1
    return [Span(day, n["solved"], n["person"], n["other"], n["open"]) for day, n in counts.items()]


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _standing(contact: Contact) -> str:
    if contact.person:
        return "person"
    return {"solved_bot": "solved", "open": "open"}.get(contact.ending, "other")


def scores(contacts: Iterable[Contact]) -> Mapping[int, int]:
    """How often each score was given."""
    given = Counter(each.score for each in contacts if each.score is not None)
    return {score: given[score] for score in SCORES}


# ── time ──────────────────────────────────────────────────────────────────────────────────────────────────


def percentile(values: Sequence[float], share: float) -> float | None:
    """The smallest value that so many of a hundred do not exceed (nearest rank); None where there is none."""
    if not values:
        return None
    return sorted(values)[max(0, math.ceil(share / 100 * len(values)) - 1)]


def clocks(contacts: Sequence[Contact]) -> list[Clock]:
    """The first answer of a person, and what contacts that are over spent in whose hands."""
    over = [each for each in contacts if each.over]
    people = [each for each in over if each.person]
    measured: Mapping[str, list[float]] = {
        "first_answer": [each.first_answer for each in contacts if each.first_answer is not None],
        "queue": [each.clocks["queue"] for each in people],
        "human": [each.clocks["agent"] for each in people],
        "bot_before": [each.clocks["bot"] for each in people],
        "bot_alone": [each.clocks["bot"] for each in over if not each.person],
    }
    return [
        Clock(name, len(values), median(values) if values else None, percentile(values, 90))
        for name, values in measured.items()
    ]


def kept(promises: Sequence[Promise], now: float) -> list[Kept]:
    """Which due times were met: of the first answer, and of the solution."""
    answers = [(p.response_due, p.answered_at, p.closed) for p in promises]
    solutions = [(p.resolution_due, p.solved_at, p.closed) for p in promises]
    return [_kept("response", answers, now), _kept("resolution", solutions, now)]


def _kept(name: str, promises: Iterable[tuple[float | None, float | None, bool]], now: float) -> Kept:
    due_ones = [
        (due, at) for due, at, closed in promises if due is not None and (at is not None or not closed)
    ]
    counts = Counter(_came(due, at, now) for due, at in due_ones)
    return Kept(name, counts["met"], counts["late"], counts["open"])


def _came(due: float, at: float | None, now: float) -> str:
    if at is None:
        return "late" if now > due else "open"
    return "met" if at <= due else "late"
