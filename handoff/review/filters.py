"""The filters of the list: the form's fields, what they ask of the store, and what can be chosen. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta, tzinfo

from bot.dialogue.pack import Pack
from bot.store.views import ReviewFilter
from handoff.review.worth import LOW

HANDED = "handed_off"
"""No outcome to a reader: what was handed over and then solved was handed over, too."""
OUTCOMES = ("solved", "unsolved", "cancelled", "silent", HANDED)
OWNERS = ("bot", "queue", "agent")
SATISFACTIONS: Mapping[str, tuple[float, float]] = {"bad": (1, 2), "fair": (3, 3), "good": (4, 5)}
"""What the scores are called, from the lowest to the highest."""

SPEAKERS = {"user": "customer", "agent": "agent", "bot": "bot"}
"""Whose words are looked for: the events' type, and the key of its name."""

FIELDS = ("text", "speaker", "language", "intent", "outcome", "channel", "owner", "low", "since", "until",
          "stopped", "satisfaction")  # fmt: skip
OF_REVIEWERS = ("agent", "tag")
"""Fields that agents have not: how colleagues work is not theirs to look up."""
MORE = ("speaker", "channel", "language", "owner", "stopped", "satisfaction", *OF_REVIEWERS)
"""Fields that are shown when asked for."""


def filter_of(given: Mapping[str, str], zone: tzinfo) -> ReviewFilter:
    """The filter that the form's fields ask for; what makes no sense is left aside."""
    return ReviewFilter(
        text=given["text"] or None,
        speaker=given["speaker"] if given["speaker"] in SPEAKERS else None,
        language=given["language"] or None,
        channel=given["channel"] or None,
        intent=given["intent"] or None,
        outcome=(given["outcome"] or None) if given["outcome"] != HANDED else None,
        handed=given["outcome"] == HANDED,
        owner=given["owner"] or None,
        unsure_below=LOW if given["low"] else None,
        since=_day(given["since"], zone),
        until=_day(given["until"], zone, days=1),
        stopped=given["stopped"].replace(" ", "") or None,
        satisfaction=SATISFACTIONS.get(given["satisfaction"]),
        agent=given.get("agent") or None,
        tag=given.get("tag") or None,
    )


def steps(pack: Pack) -> Iterator[str]:
    """Where a conversation can stop: the scenarios, and their steps that wait for an answer."""
    for flow in sorted(pack.flows.values(), key=lambda each: each.id):
        if flow.is_pattern:
            continue
        yield flow.id
        yield from (f"{flow.id}/{step.id}" for step in flow.collects())


def _day(text: str, zone: tzinfo, days: int = 0) -> float | None:
    try:
        day = date.fromisoformat(text) + timedelta(days=days)
        return datetime(day.year, day.month, day.day, tzinfo=zone).timestamp()
    except (ValueError, OverflowError, OSError):
        return None
