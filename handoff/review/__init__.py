"""The teams' pages: what was said, what was understood of it, and why the bot did what it did."""

from __future__ import annotations

from aiohttp import web

from handoff.review import corrections, drafts, figures, one, pages, queue, remarks, writing

__all__ = ["routes"]


def routes() -> list[web.RouteDef]:
    """Everything under /review; what is not a conversation comes before `/review/{id}`."""
    areas = (pages, queue, figures, corrections, drafts, writing, remarks, one)
    return [route for area in areas for route in area.routes()]
