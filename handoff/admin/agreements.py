"""/admin/agreements: what the helpdesk has agreed, as it was read from the policy files. Reads only: it is
changed in the files."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

from aiohttp import web

from bot.web import access, times
from bot.web.languages import page_language
from bot.web.site import Site, site_of
from handoff.admin.common import ADMIN, page
from handoff.calendar import ClosedDays

KEPT = ("conversations", "tickets", "customers", "audit_log", "deliveries")
YEAR = 365


def routes() -> list[web.RouteDef]:
    """The page."""
    return [web.get("/admin/agreements", agreements)]


@access.roles(ADMIN)
async def agreements(request: web.Request) -> web.StreamResponse:
    """All of them."""
    site, language = site_of(request), page_language(request)
    policy, canned, retention = site.agreements.policy, site.agreements.canned, site.agreements.retention

    def team_names(teams: tuple[str, ...]) -> str:
        return ", ".join(policy.team_name(each, language) for each in teams)

    return page(
        request, "agreements.html", routing=policy.routing, replies=canned.replies.values(),
        macros=canned.macros.values(), presence=site.agreements.presence, at=f"{retention.at:%H:%M}",
        team_names=team_names,
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
