"""/admin/agreements: what the helpdesk has agreed, and what of it was edited in the pages. Reads only; the
forms are `edit`."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

from aiohttp import web

from bot.store.accounts import list_users
from bot.web import access, times
from bot.web.languages import page_language
from bot.web.site import Site, site_of
from handoff.admin.common import ADMIN, page
from handoff.admin.edit.keeping import KEPT
from handoff.calendar import ClosedDays

YEAR = 365


def routes() -> list[web.RouteDef]:
    """The page."""
    return [web.get("/admin/agreements", agreements)]


@access.roles(ADMIN)
async def agreements(request: web.Request) -> web.StreamResponse:
    """All of them."""
    site, language = site_of(request), page_language(request)
    now = site.agreements
    policy, canned, retention = now.policy, now.canned, now.retention
    people = {user.id: user.name for user in await site.database.read(list_users)}
    edited = {
        path.rsplit("/", 1)[-1]: (
            people.get(file.edited_by, file.edited_by),
            file.edited_at,
            site.agreed.outdated(path),
        )
        for path, file in site.agreed.edited.items()
    }

    def team_names(teams: tuple[str, ...]) -> str:
        return ", ".join(policy.team_name(each, language) for each in teams)

    return page(
        request, "agreements.html", routing=policy.routing, replies=canned.replies.values(),
        macros=canned.macros.values(), presence=now.presence, at=f"{retention.at:%H:%M}",
        team_names=team_names, edited=edited, done=request.query.get("done", ""),
        subjects=len(policy.rules.intents),
        kept=[(name, getattr(retention, name)) for name in KEPT], **_hours(site, language),
    )  # fmt: skip


def _hours(site: Site, language: str) -> dict[str, Any]:
    calendar = site.agreements.policy.calendar
    now = datetime.fromtimestamp(site.clock(), UTC)
    today = now.astimezone(calendar.zone).date()
    return {
        "calendar": calendar,
        "opening": calendar.opening_text(language, now),
        "closed": [
            times.short_day(day, language, year=day.year != today.year)
            for day in closed_days(calendar.closed, today)
        ],
    }


def closed_days(closed: ClosedDays, since: date) -> list[date]:
    """The days of a year from then on that are closed whatever the hours say."""
    days = (since + timedelta(days=ahead) for ahead in range(YEAR))
    return [day for day in days if day in closed]
