"""The language of a page: asked for in the address, chosen before, or wished for by the browser."""

from __future__ import annotations

from aiohttp import web
from yarl import URL

from bot.model.languages import LANGUAGES
from bot.web.demo import language_of

COOKIE = "balie_language"
"""Set only when somebody who works here chooses; customers' pages carry their language in the address."""

__all__ = ["COOKIE", "LANGUAGES", "fix", "in_language", "page_language", "remember"]

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


def in_language(request: web.Request, language: str) -> str:
    """The address of this page in another language; of what a form made, the page that has the form."""
    page = request.rel_url if request.method in ("GET", "HEAD") else _came_from(request)
    return str(page.update_query(lang=language))


def _came_from(request: web.Request) -> URL:
    try:
        came = URL(request.headers.get("Referer", ""))
    except ValueError:
        return URL("/")
    return came.relative() if came.host and came.host_port_subcomponent == request.host else URL("/")


def remember(request: web.Request, response: web.StreamResponse, *, secure: bool) -> None:
    """Keep a choice made by `?lang=`."""
    chosen = request.query.get("lang")
    if chosen in LANGUAGES and request.cookies.get(COOKIE) != chosen:
        response.set_cookie(
            COOKIE, chosen, max_age=365 * 86_400, path="/", samesite="Lax", httponly=True, secure=secure
        )
