"""The figures as tables, one list for all that shows them: the page, its charts and the files."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from bot.store.figures import Counted
from bot.store.funnel import Funnel
from bot.web import numbers, times
from bot.web.spreadsheet import Cell
from bot.web.texts import Words
from handoff.contacts import ENDINGS, Contact
from handoff.figures import Group, Promise, by_week, clocks, groups, kept, scores, spans
from handoff.review.names import Names
from handoff.review.period import Period

Value = str | int | float | date | None

SERIES = {
    "days": ("solved", "person", "other", "open"),
    "endings": ("total",),
    "channels": ("total",),
    "languages": ("total",),
    "intents": ("conversations",),
    "satisfaction": ("times",),
    "clocks": ("middle", "most"),
    "due": ("met", "late", "open"),
    "flows": ("finished", "moved", "cancelled", "left", "open"),
    "funnel": ("on", "person", "left", "open"),
    "articles": ("solved", "not_solved", "skipped", "unanswered"),
}
"""The columns of each table that its chart draws."""

UPRIGHT = frozenset({"days", "satisfaction"})
"""Charts whose bars stand; in the others they lie."""

SIDE_BY_SIDE = frozenset({"clocks"})
"""Charts whose bars are not parts of a whole."""

KINDS: Mapping[str, str] = {
    "share": "percent", "helped": "percent", "middle": "seconds", "most": "seconds", "average": "score",
}  # fmt: skip
"""What a column's values are, where they are not plain numbers; the first column is text or a day."""


@dataclass(frozen=True)
class Table:
    """A figure: `columns` name what stands in each place of the rows, the first says of what the row is."""

    name: str
    columns: tuple[str, ...]
    rows: Sequence[tuple[Value, ...]]

    @property
    def series(self) -> tuple[str, ...]:
        """The columns that are drawn."""
        return SERIES[self.name]

    @property
    def chart(self) -> str:
        """How they are drawn."""
        return "upright" if self.name in UPRIGHT else "grouped" if self.name in SIDE_BY_SIDE else "lying"

    @property
    def empty(self) -> bool:
        """Whether there is nothing to draw."""
        places = [self.columns.index(each) for each in self.series]
        return not any(row[place] for row in self.rows for place in places)


@dataclass(frozen=True)
class Report:
    """What was read of a period."""

    period: Period
    now: float
    contacts: Sequence[Contact]
    promises: Sequence[Promise]
    intents: Sequence[Counted]
    articles: Sequence[Counted]
    flows: Sequence[Counted]


def table(name: str, report: Report, names: Names) -> Table:
    """One of the tables of a report, by its name in `TABLES`."""
    columns, rows = TABLES[name]
    return Table(name, columns, rows(report, names))


def _share(part: int, of: int) -> float | None:
    return part / of if of else None


def _days(report: Report, names: Names) -> list[tuple[Value, ...]]:
    period = report.period
    counted = spans(report.contacts, period.first, period.last, names.site.zone)
    return [(each.day, each.total, each.solved, each.person, each.other, each.open) for each in counted]


def _endings(report: Report, names: Names) -> list[tuple[Value, ...]]:
    counted = Counter(each.ending for each in report.contacts)
    total = len(report.contacts)
    return [(names.t(f"ending.{name}"), counted[name], _share(counted[name], total)) for name in ENDINGS]


_GROUP = ("total", "solved", "person", "fallback", "reopened", "average")


def _group(group: Group, name: str) -> tuple[Value, ...]:
    return (name, *(getattr(group, column) for column in _GROUP))


def _channels(report: Report, names: Names) -> list[tuple[Value, ...]]:
    found = groups(report.contacts, lambda contact: contact.talk.channel)
    return [_group(each, names.channel(each.key)) for each in found]


def _languages(report: Report, names: Names) -> list[tuple[Value, ...]]:
    found = groups(report.contacts, lambda contact: contact.talk.language)
    return [_group(each, names.spoken(each.key)) for each in found]


def _intents(report: Report, names: Names) -> list[tuple[Value, ...]]:
    return [
        (names.intent(each.name), each.conversations, each.times)
        for each in report.intents
        if names.is_subject(each.name)
    ]


def _satisfaction(report: Report, names: Names) -> list[tuple[Value, ...]]:
    given = scores(report.contacts)
    total = sum(given.values())
    return [(names.t(f"score.{score}"), times, _share(times, total)) for score, times in given.items()]


def _clocks(report: Report, names: Names) -> list[tuple[Value, ...]]:
    return [(names.t(f"clock.{c.name}"), c.count, c.middle, c.most) for c in clocks(report.contacts)]


def _due(report: Report, names: Names) -> list[tuple[Value, ...]]:
    return [
        (names.t(f"due.{each.name}"), each.met, each.late, each.open, _share(each.met, each.met + each.late))
        for each in kept(report.promises, report.now)
    ]


def _flows(report: Report, names: Names) -> list[tuple[Value, ...]]:
    rows: list[tuple[str, int, int, int, int, int, int]] = []
    for name, n in _by(report.flows, "change").items():
        moved = n["linked"] + n["person"]
        came = n["completed"], moved, n["cancelled"], n["left"], n["open"]
        rows.append((names.flow(name), n["started"], *came))
    rows.sort(key=_most_first)
    return [*rows]


def _articles(report: Report, names: Names) -> list[tuple[Value, ...]]:
    rows: list[tuple[str, int, int, int, int, int, float | None]] = []
    for slug, n in _by(report.articles, "outcome").items():
        helped, told, silent = n["solved"], n.total(), n["open"]
        came = helped, n["not_solved"], n["skipped"], silent
        rows.append((names.article(slug), told, *came, _share(helped, told - silent)))
    rows.sort(key=_most_first)
    return [*rows]


def _most_first(row: tuple[Any, ...]) -> tuple[int, str]:
    return -row[1], row[0]


def _by(counted: Sequence[Counted], key: str) -> dict[str, Counter[str]]:
    found: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for each in counted:
        found[each.name][str(each.data.get(key))] += each.times
    return found


TABLES: Mapping[str, tuple[tuple[str, ...], Callable[[Report, Names], list[tuple[Value, ...]]]]] = {
    "days": (("day", "total", "solved", "person", "other", "open"), _days),
    "endings": (("ending", "total", "share"), _endings),
    "channels": (("channel", *_GROUP), _channels),
    "languages": (("language", *_GROUP), _languages),
    "intents": (("intent", "conversations", "times"), _intents),
    "satisfaction": (("score", "times", "share"), _satisfaction),
    "clocks": (("clock", "measured", "middle", "most"), _clocks),
    "due": (("promise", "met", "late", "open", "share"), _due),
    "flows": (("flow", "begun", "finished", "moved", "cancelled", "left", "open"), _flows),
    "articles": (("article", "shown", "solved", "not_solved", "skipped", "unanswered", "helped"), _articles),
}


def funnel_table(found: Funnel, flow: str, names: Names) -> Table:
    """The steps of one scenario, in its order: those that ask something, and those where anybody stopped."""
    order = names.order(flow)
    rows: list[tuple[Value, ...]] = []
    for step in sorted(found.steps, key=lambda each: (order.get(each.step, len(order)), each.step)):
        stopped = step.person, step.left, step.open
        if names.shown(flow, step.step) or any(stopped):
            on = step.reached - sum(stopped)
            rows.append((names.step(flow, step.step), step.reached, on, *stopped))
    return Table("funnel", ("step", "reached", "on", "person", "left", "open"), rows)


# ── cells ─────────────────────────────────────────────────────────────────────────────────────────────────


def shown(value: Value, kind: str, language: str, *, year: bool = True) -> str:
    """A value as people read it; a day with its year, or without."""
    match value:
        case None:
            return "–"
        case str():
            return value
        case date():
            return times.short_day(value, language, year=year)
        case _ if kind == "seconds":
            return f"{round(value)} s" if value < 60 else times.span(value, language)
        case _ if kind == "percent":
            return numbers.percent(value, language)
        case float():
            return numbers.decimal(value, language)
        case int():
            return numbers.whole(value, language)


def heading(found: Table, column: str, t: Words, period: Period | None = None) -> str:
    """A column's name."""
    if column == "day" and period and by_week(period.first, period.last):
        return t("column.week")
    return t(f"column.{column}")


_UNITS = {"seconds": " (s)", "percent": " (%)"}


def file_rows(found: Table, t: Words, period: Period | None = None) -> list[list[Cell]]:
    """A table for a file: seconds and percents as whole numbers, days as 2026-11-24."""
    kinds = [KINDS.get(column, "") for column in found.columns]
    head: list[Cell] = [
        heading(found, column, t, period) + _UNITS.get(kind, "")
        for column, kind in zip(found.columns, kinds, strict=True)
    ]
    plain = [[_plain(value, kind) for value, kind in zip(row, kinds, strict=True)] for row in found.rows]
    return [head, *plain]


def _plain(value: Value, kind: str) -> Cell:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, int | float) and kind in _UNITS:
        return round(100 * value) if kind == "percent" else round(value)
    return value
