"""A secret that was just made, shown once on the page that a form leads to, so that loading the page again
makes no other. Between the two it is in a cookie of whoever made it, for a minute at most.

Whoever shows it asks first whether its hash is a known one: a cookie that somebody else set shows nothing.
"""

from __future__ import annotations

from aiohttp import web

from bot.web.reach import is_https

COOKIE = "balie_once"
PATH = "/admin"
LASTS = 60
"""Seconds."""


def lead_to(request: web.Request, address: str, secret: str) -> web.Response:
    """On to the page that shows it."""
    response = web.Response(status=303, headers={"Location": address, "Cache-Control": "no-store"})
    response.set_cookie(
        COOKIE, secret, max_age=LASTS, path=PATH, httponly=True, samesite="Strict", secure=is_https(request)
    )
    return response


def secret_of(request: web.Request) -> str:
    """What was just made; nothing where nothing was."""
    return request.cookies.get(COOKIE, "")[:100]


def shown(request: web.Request, response: web.Response) -> web.Response:
    """This page shows it: no other does."""
    response.del_cookie(COOKIE, path=PATH, httponly=True, samesite="Strict", secure=is_https(request))
    return response
