"""/admin/audit: who did what, the newest first, by person, deed and day; the same as a file. Reads only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from aiohttp import web
from markupsafe import Markup, escape
from sqlalchemy import Connection
from yarl import URL

from bot.model.numbers import whole_number
from bot.store.accounts import AuditEntry, User, audit_entries, list_users
from bot.web import access, spreadsheet, times
from bot.web.languages import page_language
from bot.web.site import Site, site_of
from handoff.admin.common import ADMIN, page, text, words_of
from handoff.admin.sentences import DEEDS, NOBODY, Namer, Sentence, deed_in_words

SIZE = 50
MOST = 20_000
"""Lines of a file."""
FIELDS = ("actor", "deed", "since", "until")


def routes() -> list[web.RouteDef]:
    """The page and the file."""
    return [web.get("/admin/audit", log_page), web.get("/admin/audit.csv", file)]


@dataclass(frozen=True, slots=True)
class _Asked:
    """The filters of a request."""

    given: dict[str, str]
    since: float | None
    until: float | None

    def address(self, path: str = "/admin/audit", **more: str) -> str:
        """An address with the same filters."""
        given = {**self.given, **more}
        return str(URL(path).with_query({name: value for name, value in given.items() if value}))

    def read(
        self, connection: Connection, *, limit: int, before: int | None = None
    ) -> tuple[list[AuditEntry], list[User]]:
        """The lines, and everybody."""
        given = self.given
        entries = audit_entries(
            connection, limit=limit, before=before, actor=given["actor"] or None, deed=given["deed"] or None,
            since=self.since, until=self.until,
        )  # fmt: skip
        return entries, list_users(connection)


@access.roles(ADMIN)
async def log_page(request: web.Request) -> web.StreamResponse:
    """A page of it, before the line that the address names."""
    site, asked, t = site_of(request), _asked(request), words_of(request)
    before = whole_number(request.query.get("before"), digits=15)
    found, people = await site.database.read(lambda c: asked.read(c, limit=SIZE + 1, before=before))
    namer = _namer(request, site, people)
    shown = [namer.sentence(each) for each in found[:SIZE]]
    return page(
        request, "audit.html", lines=shown, spoken=_spoken, given=asked.given, address=asked.address,
        older=str(shown[-1].id) if len(found) > SIZE else "", newest=before is None,
        filtered=any(asked.given.values()),
        actors=[(each.id, each.name) for each in people] + [(each, t(key)) for each, key in NOBODY.items()],
        deeds=[(each, deed_in_words(t, each)) for each in DEEDS],
    )  # fmt: skip


@access.roles(ADMIN)
async def file(request: web.Request) -> web.StreamResponse:
    """The same lines, up to `MOST`, with what is written down beside the sentence."""
    site, asked, t = site_of(request), _asked(request), words_of(request)
    found, people = await site.database.read(lambda c: asked.read(c, limit=MOST))
    namer = _namer(request, site, people)
    columns = ("number", "when", "who", "sentence", "actor", "deed", "subject", "data")
    rows: list[list[spreadsheet.Cell]] = [[t(f"audit.{each}") for each in columns]]
    rows += [_row(each, namer.sentence(each), site) for each in found]
    day = times.moment(site.clock(), site.zone).date()
    return spreadsheet.download(rows, page_language(request), f"balie-audit-{day}")


def _row(entry: AuditEntry, line: Sentence, site: Site) -> list[spreadsheet.Cell]:
    said = line.text.format(who=line.who, what=line.what)
    more = "; ".join(
        f"{name}={' | '.join(map(str, value)) if isinstance(value, list) else value}"  # pyright: ignore[reportUnknownArgumentType]
        for name, value in entry.data.items()
        if value not in (None, "", [])
    )
    when = times.moment(entry.at, site.zone).strftime("%Y-%m-%d %H:%M:%S")
    return [entry.id, when, line.who, said, entry.actor, entry.deed, entry.subject, more]


def _spoken(line: Sentence) -> Markup:
    """The sentence for the page."""
    what: Any = line.what
    if line.link:
        what = Markup('<a href="{}">{}</a>').format(line.link, line.what)
    who = Markup('<span class="strong">{}</span>').format(line.who)
    return Markup(escape(line.text)).format(who=who, what=what)  # noqa: S704  (escaped)


def _namer(request: web.Request, site: Site, people: list[User]) -> Namer:
    language = page_language(request)
    return Namer(
        words_of(request),
        {each.id: each.name for each in people},
        lambda team: site.team_name(team, language),
        lambda intent: site.subject(intent, language),
    )


def _asked(request: web.Request) -> _Asked:
    given = {name: text(request.query.get(name)) for name in FIELDS}
    zone = site_of(request).zone
    first, last = _day(given["since"]), _day(given["until"])
    after = last + timedelta(days=1) if last else None

    def began(day: date | None) -> float | None:
        return datetime.combine(day, time(), zone).timestamp() if day else None

    return _Asked(given, began(first), began(after))


def _day(given: str) -> date | None:
    """A day of the form; none where it makes no sense, or lies where no clock goes."""
    try:
        day = date.fromisoformat(given)
    except ValueError:
        return None
    return day if 1970 < day.year < 9999 else None
