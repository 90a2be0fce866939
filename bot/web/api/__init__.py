"""The API for programs: conversations, tickets and articles under /api/v1, and Rasa's two addresses."""

from __future__ import annotations

from aiohttp import web

from bot.web.api import articles, conversations, openapi, rasa, tickets

__all__ = ["routes"]


def routes() -> list[web.RouteDef]:
    """Every address of the API; all but its description ask for a bearer token."""
    return [
        *openapi.routes(),
        *conversations.routes(),
        *tickets.routes(),
        *articles.routes(),
        *rasa.routes(),
    ]
