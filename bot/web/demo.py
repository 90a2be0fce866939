"""The demo page `/`: the widget embedded by its one line, and the way to everything else."""

from __future__ import annotations

from collections.abc import Iterable

from aiohttp import web
from jinja2 import Environment, PackageLoader, StrictUndefined

from bot.model.languages import LANGUAGES
from bot.web import assets
from bot.web.demo_texts import TEXTS
from bot.web.reach import public_base
from bot.web.security import headers_with_widget


def routes() -> Iterable[web.RouteDef]:
    """The page."""
    templates = Environment(
        loader=PackageLoader("bot.web"), autoescape=True, undefined=StrictUndefined, trim_blocks=True
    )
    templates.globals.update(asset=assets.url, icon_url=assets.icon)

    async def demo(request: web.Request) -> web.Response:
        language = language_of(request)
        page = templates.get_template("demo.html").render(
            t=TEXTS[language], language=language, languages=LANGUAGES, host=public_base(request)
        )
        headers = {
            **headers_with_widget(request),
            "Content-Language": language,
            "Vary": "Accept-Language",
        }
        return web.Response(text=page, content_type="text/html", headers=headers)

    return [web.get("/", demo)]


def language_of(request: web.Request) -> str:
    """`?lang=`, else the first of Accept-Language that the page speaks, else Dutch."""
    asked = request.query.get("lang")
    if asked in LANGUAGES:
        return asked
    wishes: list[tuple[float, str]] = []
    for wish in request.headers.get("Accept-Language", "").split(",")[:20]:
        tag, _, quality = wish.strip().partition(";q=")
        try:
            wishes.append((-float(quality or 1), tag[:2].lower()))
        except ValueError:
            continue
    return next(
        (language for _, language in sorted(wishes, key=lambda w: w[0]) if language in LANGUAGES), "nl"
    )
