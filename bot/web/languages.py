"""The language of a page: asked for in the address, chosen before, or wished for by the browser."""

from __future__ import annotations

from aiohttp import web

from bot.model.languages import LANGUAGES
from bot.web.demo import language_of

COOKIE = "balie_language"
"""Set only when somebody who works here chooses; customers' pages carry their language in the address."""

__all__ = ["COOKIE", "LANGUAGES", "fix", "page_language", "remember"]

_FIXED: web.RequestKey[str] = web.RequestKey("language", str)


def page_language(request: web.Request) -> str:
    """nl, fr or en."""
    fixed = request.get(_FIXED)
    if fixed is not None:
        return fixed
    inside = request.match_info.get("language")
    if inside in LANGUAGES:
        return inside
    kept = request.cookies.get(COOKIE)
    if kept in LANGUAGES and request.query.get("lang") not in LANGUAGES:
        return kept
    return language_of(request)


def fix(request: web.Request, language: str) -> None:
    """This request is answered in that language."""
    if language in LANGUAGES:
        request[_FIXED] = language


def remember(request: web.Request, response: web.StreamResponse, *, secure: bool) -> None:
    """Keep a choice made by `?lang=`."""
    chosen = request.query.get("lang")
    if chosen in LANGUAGES and request.cookies.get(COOKIE) != chosen:
        response.set_cookie(
            COOKIE, chosen, max_age=365 * 86_400, path="/", samesite="Lax", httponly=True, secure=secure
        )
