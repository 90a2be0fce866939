"""/review/figures: how much, how it ended, how long it took and where people leave; each table as a file too.

Not for agents: their colleagues' times are not theirs to read.
"""

from __future__ import annotations

import asyncio
from datetime import date
from pathlib import Path
from typing import Any

from aiohttp import web
from sqlalchemy import Connection
from yarl import URL

from bot.model.errors import Malformed, NotFound
from bot.store import figures as store
from bot.store import runs
from bot.store.figures import Counted, Wanted
from bot.store.funnel import Funnel, funnel
from bot.store.suggestions import suggestions
from bot.web import access, spreadsheet, templates, times
from bot.web.languages import page_language, remember
from bot.web.reach import is_https
from bot.web.site import site_of
from bot.web.texts import words
from handoff.contacts import Contact
from handoff.figures import Promise, clocks, kept, whole
from handoff.review import tables
from handoff.review.names import Names
from handoff.review.period import Period, period_of, shortcuts, usual
from handoff.review.tables import TABLES, Report, Table

FOLDER = Path(__file__).parent / "templates"
FIELDS = ("since", "until", "team", "channel", "flow")
MOST_ROWS = 15
"""Rows of a long table on the page; its file has them all."""

_SUBJECTS, _SCENARIOS = ("intents", "articles"), ("flows",)
"""Tables that are not made of contacts."""


def routes() -> list[web.RouteDef]:
    """The page, the part with the funnel, and the files. They stand before `/review/{id}`."""
    return [
        web.get("/review/figures", page),
        web.get("/review/figures/funnel", one_flow),
        web.get("/review/figures/{table:[a-z]+}.csv", file),
    ]


class _Asked:
    """What a request asks for: the period, the filters, and words for what it finds."""

    def __init__(self, request: web.Request) -> None:
        self.site = site_of(request)
        language = page_language(request)
        self.names = Names(self.site, language, words(language))
        self.given = {name: request.query.get(name, "").replace("\x00", "").strip()[:100] for name in FIELDS}
        self.now = self.site.clock()
        self.today = times.moment(self.now, self.site.zone).date()
        self.problem = ""
        try:
            self.period = period_of(self.given["since"], self.given["until"], self.today)
        except Malformed as error:
            self.period, self.problem = usual(self.today), str(error)

    @property
    def wanted(self) -> Wanted:
        """For the store."""
        since, until = self.period.seconds(self.site.zone)
        return Wanted(since, until, self.given["channel"] or None, self.given["team"] or None)

    def address(self, path: str = "/review/figures", **changed: str) -> str:
        """An address with the same filters, but for what is changed."""
        given = {**self.given, **_days(self.period), **changed}
        return str(URL(path).with_query({name: value for name, value in given.items() if value}))

    async def report(self, name: str = "") -> Report:
        """Everything but the funnel; or only what one table is made of."""
        wanted, read = self.wanted, self.site.database.read

        def people(connection: Connection) -> tuple[list[Contact], list[Promise]]:
            if name in (*_SUBJECTS, *_SCENARIOS):
                return [], []
            found = store.contacts(connection, wanted)
            return found, store.promises(connection, wanted, found)

        def subjects(connection: Connection) -> tuple[list[Counted], list[Counted]]:
            if name and name not in _SUBJECTS:
                return [], []
            return store.intents(connection, wanted), suggestions(connection, wanted)

        def scenarios(connection: Connection) -> list[Counted]:
            if name and name not in _SCENARIOS:
                return []
            return runs.flows(connection, wanted, self.names.flows)

        (contacts, promises), (intents, articles), flows = await asyncio.gather(
            read(people), read(subjects), read(scenarios)
        )
        return Report(self.period, self.now, contacts, promises, intents, articles, flows)

    async def funnel(self, flow: str) -> tuple[Funnel, Table]:
        """Of one scenario."""
        wanted = self.wanted
        found = await self.site.database.read(lambda connection: funnel(connection, wanted, flow))
        return found, tables.funnel_table(found, flow, self.names)


def _days(period: Period) -> dict[str, str]:
    return {"since": period.first.isoformat(), "until": period.last.isoformat()}


@access.roles(*access.FIGURES)
async def page(request: web.Request) -> web.StreamResponse:
    """All figures of a period."""
    asked = _Asked(request)
    report, (channels, teams) = await asyncio.gather(asked.report(), asked.site.database.read(store.choices))
    found = {name: tables.table(name, report, asked.names) for name in TABLES}
    response = templates.render(
        request, "figures.html", folder=FOLDER, status=400 if asked.problem else 200, tables=found,
        tiles=_tiles(report), problem=asked.problem, channels=channels, teams=teams,
        total=len(report.contacts), shortcuts=_shortcuts(asked), flow=_flow(asked, report), **_shared(asked),
    )  # fmt: skip
    remember(request, response, secure=is_https(request))
    return response


@access.roles(*access.FIGURES)
async def one_flow(request: web.Request) -> web.StreamResponse:
    """The part of the page with the funnel of one scenario."""
    asked = _Asked(request)
    flow = asked.given["flow"]
    if asked.problem or flow not in asked.names.flows:
        raise NotFound("there is no such scenario")
    counted, found = await asked.funnel(flow)
    return templates.render(
        request, "_funnel.html", folder=FOLDER, funnel=counted, found=found, flow=flow, **_shared(asked)
    )


@access.roles(*access.FIGURES)
async def file(request: web.Request) -> web.StreamResponse:
    """One table as a file for a spreadsheet."""
    asked, name = _Asked(request), request.match_info["table"]
    flow = asked.given["flow"]
    if name not in (*TABLES, "funnel") or (name == "funnel" and flow not in asked.names.flows):
        raise NotFound("there is no such table")
    if asked.problem:
        raise Malformed(asked.names.t(f"period.{asked.problem}"))
    if name == "funnel":
        _, found = await asked.funnel(flow)
    else:
        found = tables.table(name, await asked.report(name), asked.names)
    rows = tables.file_rows(found, asked.names.t, asked.period)
    period = asked.period
    called = f"balie-{name}-{period.first}-{period.last}"
    return spreadsheet.download(rows, asked.names.language, called)


def _shared(asked: _Asked) -> dict[str, Any]:
    """What both templates need."""
    names, period = asked.names, asked.period
    year = period.first.year != period.last.year

    def shown(value: tables.Value, column: str) -> str:
        return tables.shown(value, tables.KINDS.get(column, ""), names.language, year=year)

    return {
        "given": asked.given,
        "period": period,
        "most": MOST_ROWS,
        "kinds": tables.KINDS,
        "shown": shown,
        "heading": lambda found, column: tables.heading(found, column, names.t, period),
        "plain": _number,
        "address": asked.address,
        "flows": sorted(((names.flow(each), each) for each in names.flows), key=_folded),
    }


def _folded(pair: tuple[str, str]) -> str:
    return pair[0].casefold()


def _number(value: tables.Value) -> str:
    """A value as a script reads it."""
    return value.isoformat() if isinstance(value, date) else "0" if value is None else str(value)


def _shortcuts(asked: _Asked) -> list[tuple[str, str, bool]]:
    """Name, address, and whether it is what is shown."""
    return [
        (name, asked.address(**_days(period)), period == asked.period)
        for name, period in shortcuts(asked.today).items()
    ]


def _flow(asked: _Asked, report: Report) -> str:
    """The scenario whose funnel is shown: the one that is asked for, or the busiest."""
    if asked.given["flow"] in asked.names.flows:
        return asked.given["flow"]
    begun = [each for each in report.flows if each.data.get("change") == "started"]
    return max(begun, key=lambda each: each.times).name if begun else ""


def _tiles(report: Report) -> list[tuple[str, tables.Value, str, tuple[int, int] | None]]:
    """Name, value, what it is, and of how many it is a part."""
    all_, times_ = whole(report.contacts), {each.name: each for each in clocks(report.contacts)}
    response = kept(report.promises, report.now)[0]
    over = response.met + response.late
    return [
        ("total", all_.total, "", None),
        ("solved", _part(all_.solved, all_.total), "share", (all_.solved, all_.total)),
        ("person", _part(all_.person, all_.total), "share", (all_.person, all_.total)),
        ("fallback", _part(all_.fallback, all_.total), "share", (all_.fallback, all_.total)),
        ("reopened", _part(all_.reopened, all_.total), "share", (all_.reopened, all_.total)),
        ("average", all_.average, "average", (all_.scores, all_.total)),
        ("first_answer", times_["first_answer"].middle, "middle", None),
        ("due", _part(response.met, over), "share", (response.met, over)),
    ]


def _part(part: int, of: int) -> float | None:
    return part / of if of else None


__all__ = ["routes"]
