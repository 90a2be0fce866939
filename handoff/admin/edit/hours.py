"""The form of opening hours, holidays and closed days."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import pairwise
from typing import Any

from bot.source.edits import Change, written
from bot.web.times import DAYS
from handoff.admin.edit.editor import Desk, Editor, Fields, Typed, one
from handoff.calendar import Span
from handoff.forms import LONGEST_PERIOD, WEEK, time_zones

COUNTRIES = ("BE", "NL", "LU", "FR", "DE", "GB")
"""Whose public holidays the form offers, besides the one that is chosen already."""

SPARE = 3
"""Empty rows for more days."""


def _shown(desk: Desk, _: str) -> Fields:
    calendar = desk.site.agreements.policy.calendar
    return {
        "opening": {day: ", ".join(map(str, spans)) for day, spans in zip(WEEK, calendar.week, strict=True)},
        "timezone": calendar.zone.key,
        "holidays": calendar.closed.country,
        "yearly": [list(day) for day in sorted(calendar.closed.every_year)],
        "closed": [
            [first.isoformat(), last.isoformat() if last != first else ""]
            for first, last in calendar.closed.periods
        ],
    }


def _typed(_: Desk, typed: Typed) -> Fields:
    months, days = typed.get("month", []), typed.get("day", [])
    firsts, lasts = typed.get("from", []), typed.get("to", [])
    return {
        "opening": {day: one(typed, f"opening.{day}") for day in WEEK},
        "timezone": one(typed, "timezone"),
        "holidays": one(typed, "holidays"),
        "yearly": [
            [_number(month), _number(day)] for month, day in zip(months, days, strict=False) if day.strip()
        ],
        "closed": [
            [first[:10], last[:10]]
            for first, last in zip(firsts, lasts, strict=False)
            if first.strip() or last.strip()
        ],
    }


def _wrong(desk: Desk, fields: Fields, _: str) -> Iterator[str]:
    days = DAYS[desk.language]
    any_open = False
    for number, day in enumerate(WEEK):
        try:
            spans = _spans(fields["opening"][day])
        except ValueError:
            yield desk.t("agree.bad_hours", day=days[number])
            continue
        any_open = any_open or bool(spans)
        if any(after.start < before.end for before, after in pairwise(spans)):
            yield desk.t("agree.overlap", day=days[number])
    if not any_open:
        yield desk.t("agree.never_open")
    if fields["timezone"] not in time_zones():
        yield desk.t("agree.bad_zone")
    for month, day in fields["yearly"]:
        try:
            date(2024, month, day)  # a leap year
        except ValueError:
            yield desk.t("agree.bad_day", day=f"{day}/{month}")
    for first, last in fields["closed"]:
        try:
            since, until = date.fromisoformat(first or last), date.fromisoformat(last or first)
        except ValueError:
            yield desk.t("agree.bad_day", day=first or last)
            continue
        if not since <= until <= since + LONGEST_PERIOD:
            yield desk.t("agree.bad_period", first=first, last=last)


def _change(desk: Desk, fields: Fields) -> Change:
    def change(root: Any) -> None:
        before = _shown(desk, "")
        for day in WEEK:
            if fields["opening"][day] != before["opening"][day]:
                _put(root["opening"], day, [str(span) for span in _spans(fields["opening"][day])])
        for name in ("timezone", "holidays"):
            if fields[name] != before[name]:
                _put(root, name, fields[name])
        _rows(root, "closed_every_year", before["yearly"], fields["yearly"], _yearly)
        _rows(root, "closed", before["closed"], fields["closed"], _period)

    return change


def _rows(root: Any, key: str, before: list[Any], after: list[Any], make: Any) -> None:
    """Rows taken out where they stand and put in at the end: what is said of the others in the file stays."""
    if before == after:
        return
    there = root.get(key) or written([])
    kept = [str(make(row)) for row in after]
    for number in reversed(range(len(there))):
        if str(_plain(there[number])) not in kept:
            del there[number]
    known = {str(_plain(each)) for each in there}
    there.extend(written(make(row)) for row in after if str(make(row)) not in known)
    root[key] = there


def _plain(value: Any) -> Any:
    return dict(value) if isinstance(value, dict) else value


def _yearly(row: list[int]) -> str:
    return f"{row[0]:02d}-{row[1]:02d}"


def _period(row: list[str]) -> Any:
    first, last = date.fromisoformat(row[0] or row[1]), date.fromisoformat(row[1] or row[0])
    return first if first == last else {"from": first, "to": last}


def _put(parent: Any, key: str, value: Any) -> None:
    if value:
        parent[key] = written(value)
    else:
        parent.pop(key, None)


def _spans(text: str) -> list[Span]:
    return [Span.parse(part) for part in text.replace(";", ",").split(",") if part.strip()]


def _number(text: str) -> int:
    return int(text) if text.strip().isascii() and text.strip().isdigit() and len(text) < 4 else 0


HOURS = Editor(
    kind="hours",
    file="policy/hours.yml",
    section="hours",
    shown=_shown,
    typed=_typed,
    wrong=_wrong,
    change=_change,
)
