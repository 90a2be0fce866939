"""What machines ask: /healthz (the process lives), /readyz (it can work), /metrics (Prometheus).

The HTTP figures are kept here; whoever has others to show gives a registry. Nothing in them names a person.
"""

from __future__ import annotations

import asyncio
import time

from aiohttp import web
from aiohttp.typedefs import Handler
from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    generate_latest,
)
from sqlalchemy import Connection, select

from bot.store import views
from bot.web import access
from bot.web.errors import json
from bot.web.reach import comes_from, from_this_machine
from bot.web.site import site_of

READY_WITHIN = 3.0
"""Seconds in which the database must answer."""


class Metrics:
    """The HTTP figures of one process."""

    def __init__(self, registry: CollectorRegistry | None = None) -> None:
        self.registry = registry or CollectorRegistry()
        self.requests = Counter(
            "balie_http_requests", "Requests answered", ("method", "route", "status"), registry=self.registry
        )
        self.seconds = Histogram(
            "balie_http_seconds", "Time until the answer was ready", ("route",), registry=self.registry,
            buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
        )  # fmt: skip
        self.owned = Gauge(
            "balie_conversations", "Conversations that wait for a person or have one", ("owner",),
            registry=self.registry,
        )  # fmt: skip


METRICS = web.AppKey("metrics", Metrics)


@web.middleware
async def count(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Outside everything else: every answer is counted by its route's pattern, never by its path."""
    metrics = request.config_dict.get(METRICS)
    if metrics is None:
        return await handler(request)
    began = time.perf_counter()
    status = 500
    try:
        response = await handler(request)
        status = response.status
        return response
    except web.HTTPException as error:
        status = error.status
        raise
    finally:
        resource = request.match_info.route.resource
        route = resource.canonical if resource is not None else "none"
        metrics.requests.labels(request.method, route, str(status)).inc()
        if route != "/desk/events":  # a stream lasts as long as its reader
            metrics.seconds.labels(route).observe(time.perf_counter() - began)


def routes() -> list[web.RouteDef]:
    """The three addresses."""
    return [web.get("/healthz", healthz), web.get("/readyz", readyz), web.get("/metrics", metrics_page)]


@access.public
async def healthz(_: web.Request) -> web.StreamResponse:
    """The process lives and its loop turns."""
    return json({"status": "ok"})


@access.public
async def readyz(request: web.Request) -> web.StreamResponse:
    """200 when it can work, 503 with what is missing otherwise."""
    site = site_of(request)
    problems = dict(await site.ready())
    try:
        async with asyncio.timeout(READY_WITHIN):
            await site.database.read(lambda connection: connection.execute(select(1)).scalar())
    except Exception as error:  # whatever it is, it is why we are not ready
        problems["database"] = type(error).__name__
    if problems:
        return json({"status": "not ready", "problems": problems}, status=503)
    return json({"status": "ready"})


@access.own
async def metrics_page(request: web.Request) -> web.StreamResponse:
    """The figures in Prometheus' text format: for this machine, `metrics_from`, and a token."""
    if not (from_this_machine(request) or comes_from(request, "metrics_from")):
        await access.check_bearer(request)
    metrics = request.config_dict.get(METRICS)
    if metrics is None:
        raise web.HTTPNotFound

    def counts(connection: Connection) -> dict[str, int]:
        return views.desk_counts(connection)

    for owner, number in (await site_of(request).database.read(counts)).items():
        metrics.owned.labels(owner).set(number)
    return web.Response(
        body=generate_latest(metrics.registry),
        headers={"Content-Type": CONTENT_TYPE_LATEST, "Cache-Control": "no-store"},
    )
