"""/admin/health: how the system does, drawn again every ten seconds. Reads only; what a monitor reads is
/metrics."""

from __future__ import annotations

from typing import Any

from aiohttp import web

from bot.service.heartbeat import EVERY, processes
from bot.service.schedule import ALARM_AFTER
from bot.store.health import health
from bot.web import access
from bot.web.site import site_of
from handoff.admin.common import ADMIN, page, words_of
from handoff.admin.sentences import went

LATE = 60.0
"""Seconds after which what waits for a worker waits too long."""

SILENT = 3 * EVERY
"""Seconds without a sign of life after which a process seems to be gone."""


def routes() -> list[web.RouteDef]:
    """The page, and the part of it that is drawn again."""
    return [web.get("/admin/health", health_page), web.get("/admin/health/now", part)]


@access.roles(ADMIN)
async def health_page(request: web.Request) -> web.StreamResponse:
    """The whole page."""
    return page(request, "health.html", **await _look(request))


@access.roles(ADMIN)
async def part(request: web.Request) -> web.StreamResponse:
    """What changes."""
    return page(request, "_health.html", **await _look(request))


async def _look(request: web.Request) -> dict[str, Any]:
    site = site_of(request)
    now = site.clock()
    found = await site.database.read(
        lambda connection: health(connection, roles=access.AGENTS, long=ALARM_AFTER, now=now)
    )
    queues = [("inbox", found.inbox), ("outbox", found.outbox), ("jobs", found.jobs)]
    return {
        "health": found,
        "went": went(words_of(request), found.cleaned.data) if found.cleaned else [],
        "queues": queues,
        "late": [name for name, line in queues if line.since is not None and now - line.since > LATE],
        "processes": await processes(site.bus),
        "silent": SILENT,
        "long": ALARM_AFTER,
        "running": site.running(),
        "database": site.database.dialect,
    }
