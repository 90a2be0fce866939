"""The agents' pages: who waits, one conversation with its ticket, and what an agent may do with it."""

from __future__ import annotations

from aiohttp import web

from handoff.desk import deeds, feed, pages

__all__ = ["routes"]


def routes() -> list[web.RouteDef]:
    """Everything under /desk but the login."""
    return [
        web.get("/desk", pages.desk),
        web.get("/desk/", pages.desk),
        web.get("/desk/list", pages.listed),
        web.get("/desk/events", feed.events),
        web.post("/desk/availability", deeds.availability),
        web.get("/desk/c/{id}", pages.conversation),
        web.get("/desk/c/{id}/news", pages.news),
        web.post("/desk/c/{id}/typing", deeds.typing),
        web.post("/desk/c/{id}/{deed}", deeds.do),
    ]
