"""Puts what all pages share into an application: the site, the middlewares in their order, the headers."""

from __future__ import annotations

from aiohttp import web

from bot.web import access, errors, hosts, ops, security
from bot.web.site import SITE, Site


def setup(app: web.Application, site: Site) -> None:
    """Call once, before routes are added. Make the application with `client_max_size=site.MAX_BODY`."""
    app[SITE] = site
    app[ops.METRICS] = ops.Metrics()
    app.middlewares.extend([ops.count, errors.errors, hosts.check_host, security.limit_body, access.guard])
    app.on_response_prepare.append(security.add_headers)
    app.on_startup.append(_warm_up)
    app.on_cleanup.append(_let_go)


async def _warm_up(app: web.Application) -> None:
    await app[SITE].passwords.warm_up()


async def _let_go(app: web.Application) -> None:
    app[SITE].passwords.close()
