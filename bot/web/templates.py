"""Jinja for all pages: one environment per folder of templates, everything escaped, nothing undefined.

`render(request, "desk.html", …)` gives the template the request's language and words (`t`), the session, and
the helpers below. Words stand in `bot.web.texts`. Customers' words are values, never templates.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from aiohttp import web
from jinja2 import ChoiceLoader, Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from bot.web import assets, numbers, times
from bot.web.entering import home_of
from bot.web.languages import LANGUAGES, in_language, page_language
from bot.web.sessions import known_session
from bot.web.site import site_of
from bot.web.texts import words
from bot.web.told import told

FOLDER = Path(__file__).parent / "templates"

HTMX = (
    '{"includeIndicatorStyles":false,"allowEval":false,"selfRequestsOnly":true,"historyCacheSize":0,'
    '"refreshOnHistoryMiss":true,"scrollIntoViewOnBoost":false,'
    '"defaultSettleDelay":0,"attributesToSettle":[],"responseHandling":['
    '{"code":"204","swap":false},{"code":"[23]..","swap":true},'
    '{"code":"[45]..","swap":true,"error":true}]}'
)
"""htmx without inline styles or eval, without pages kept in the browser, and with errors shown as toasts.
What is put in place works at once: in the 20 ms that htmx leaves to transitions, which we have not, a form is
still the browser's own. Nor does it first look as what was there: that may have an inline style, a field that
somebody made larger say, which the browser would refuse."""

_ADDRESS = re.compile(r"https?://[^\s<>\"'`]+[^\s<>\"'`.,;:!?)\]]")
_OURS = re.compile(rf"{_ADDRESS.pattern}|(?<!\S)/help/[a-z]{{2}}/[A-Za-z0-9_/-]{{1,200}}")


@lru_cache(maxsize=8)
def environment(folder: Path = FOLDER) -> Environment:
    """The environment of a folder of templates, over the shared ones."""
    loaders = [FileSystemLoader(folder)] + ([FileSystemLoader(FOLDER)] if folder != FOLDER else [])
    made = Environment(
        loader=ChoiceLoader(loaders),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals.update(asset=assets.url, icon_url=assets.icon, htmx_config=HTMX, languages=LANGUAGES)
    made.filters.update(linked=linked, humane=humane, capital=capital, initials=initials)
    return made


def linked(text: str, *, ours: bool = False) -> Markup:
    """Escaped text in which web addresses can be followed; in a text of `ours`, also an article of the help
    centre as the bot writes it, without a host."""
    parts: list[str] = []
    at = 0
    for match in (_OURS if ours else _ADDRESS).finditer(text):
        address = escape(match[0])
        parts += (
            escape(text[at : match.start()]),
            Markup('<a href="{0}" rel="noopener noreferrer nofollow" target="_blank">{0}</a>').format(
                address
            ),
        )
        at = match.end()
    parts.append(escape(text[at:]))
    return Markup("").join(parts)


def humane(name: str) -> str:
    """An identifier for people: printer_problem to Printer problem."""
    return capital(name.replace("_", " ").replace("-", " ").strip())


def capital(words: str) -> str:
    """With a capital: where it stands by itself."""
    return words[:1].upper() + words[1:]


def initials(name: str) -> str:
    """Two letters for an avatar."""
    parts = [part for part in re.split(r"[\s._-]+", name) if part[:1].isalnum()]
    return "".join(part[0] for part in (parts[:1] + parts[-1:] if len(parts) > 1 else parts[:1])) or "?"


def context(request: web.Request, language: str) -> dict[str, Any]:
    """What every template has."""
    site = site_of(request)
    session = known_session(request)
    now, zone = site.clock(), site.zone
    return {
        "t": words(language),
        "told": lambda message: told(words(language), message),
        "language": language,
        "in_language": lambda code: in_language(request, code),
        "site": site.settings.name,
        "user": session.user if session else None,
        "subject": lambda intent: site.subject(intent, language) if intent else "",
        "team": lambda team: site.team_name(team, language) if team else "",
        "csrf": session.csrf if session else "",
        "path": request.path,
        "now": now,
        "clock": lambda at: times.clock(at, zone),
        "iso": lambda at: times.iso(at, zone),
        "short": lambda at: times.short(at, now, zone, language),
        "full": lambda at: times.full(at, now, zone, language),
        "span": lambda seconds: times.span(seconds, language),
        "percent": lambda share: numbers.percent(share, language),
        "decimal": lambda value: numbers.decimal(value, language),
        "day": lambda value: times.day(value, language),
        "day_of": lambda at: times.long_day(times.moment(at, zone).date(), language),
    }


def render_text(
    request: web.Request, name: str, /, *, folder: Path = FOLDER, language: str | None = None, **values: Any
) -> str:
    """A template as text."""
    language = language or page_language(request)
    return environment(folder).get_template(name).render({**context(request, language), **values})


def render(
    request: web.Request,
    name: str,
    /,
    *,
    folder: Path = FOLDER,
    language: str | None = None,
    status: int = 200,
    headers: Mapping[str, str] | None = None,
    **values: Any,
) -> web.Response:
    """A page, kept by nobody unless `headers` say otherwise."""
    language = language or page_language(request)
    return web.Response(
        text=render_text(request, name, folder=folder, language=language, **values),
        content_type="text/html",
        status=status,
        headers={"Cache-Control": "no-store", "Content-Language": language, **(headers or {})},
    )


# ── errors ────────────────────────────────────────────────────────────────────────────────────────────────


def _about(language: str, code: str) -> str:
    table = words(language)
    key = f"error.{code}"
    return table(key) if key in table else table("error.error")


def error_page(
    request: web.Request, status: int, code: str, message: str, headers: Mapping[str, str] | None = None
) -> web.Response:
    """A small page that says what happened and where to go."""
    language, session = page_language(request), known_session(request)
    return render(
        request, "error.html", status=status, headers=headers, language=language,
        title=_about(language, code), detail=told(words(language), message) if status != 404 else "",
        status_code=status, home=home_of(session.user) if session else "/",
    )  # fmt: skip


def toast(
    request: web.Request, status: int, code: str, message: str, headers: Mapping[str, str] | None = None
) -> web.Response:
    """The same for a part of a page: a message beside it."""
    language = page_language(request)
    beside = {"HX-Retarget": "#toasts", "HX-Reswap": "beforeend", "HX-Reselect": "unset"}
    return render(
        request, "toast.html", status=status, headers={**(headers or {}), **beside}, language=language,
        title=_about(language, code), detail=told(words(language), message),
        colour="danger" if status >= 500 else "warning",
    )  # fmt: skip
