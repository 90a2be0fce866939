"""The help centre: /help/<lang>/ with the articles by theme, a search, and each article as steps to follow.

Public and the same for everybody, so that it can be cached; no cookie is set, and "was this helpful" keeps a
slug and a thumb. Writing articles is not here: they are files of the pack.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from aiohttp import web

from bot.knowledge.articles import KINDS, Article, Articles
from bot.knowledge.rendering import RenderedArticle, render_article
from bot.model.errors import Malformed, NotFound, TooMany
from bot.model.languages import alphabetical
from bot.store.feedback import add_feedback
from bot.web import access, templates
from bot.web.demo import language_of
from bot.web.languages import LANGUAGES
from bot.web.reach import counted_address, public_base
from bot.web.security import headers_with_widget
from bot.web.site import site_of

LONGEST_QUERY = 200
RELATED = 4
FOUND = 20

THEMES: tuple[tuple[str, str, frozenset[str]], ...] = (
    ("accounts", "key-round", frozenset({
        "password_forgotten", "account_locked", "mfa_problem", "access_request", "onboarding_account",
    })),
    ("network", "wifi", frozenset({
        "internet_down", "internet_slow", "wifi_problem", "vpn_problem", "website_unreachable",
        "outage_question",
    })),
    ("mail", "mail", frozenset({"email_not_working", "email_setup", "mobile_device_setup"})),
    ("devices", "printer", frozenset({
        "printer_problem", "hardware_install", "peripheral_problem", "screen_problem", "new_equipment",
    })),
    ("calling", "phone", frozenset({"audio_video_problem", "phone_problem"})),
    ("computers", "laptop", frozenset({
        "computer_slow", "computer_crash", "computer_wont_start", "software_install", "software_problem",
        "software_update",
    })),
    ("files", "layers", frozenset({"file_recovery", "storage_full"})),
    ("security", "shield", frozenset({
        "phishing_report", "malware_suspected", "device_lost_stolen", "privacy_request",
    })),
    ("working", "life-buoy", frozenset({"remote_help", "knowledge_question"})),
)  # fmt: skip
"""A theme, its icon, and the intents whose articles stand under it; an article's first intent decides."""

OTHER = ("working", "life-buoy")


@dataclass(frozen=True, slots=True)
class Theme:
    """A theme with its articles in one language."""

    name: str
    icon: str
    articles: tuple[Article, ...]


def routes() -> list[web.RouteDef]:
    """Everything under /help."""
    language = "{language:nl|fr|en}"
    return [
        web.get("/help", start),
        web.get("/help/", start),
        web.get(f"/help/{language}", with_slash),
        web.get(f"/help/{language}/", home),
        web.get(f"/help/{language}/search", search),
        web.get(f"/help/{language}/{{slug}}", article),
        web.post(f"/help/{language}/{{slug}}/feedback", feedback),
    ]


@access.public
async def start(request: web.Request) -> web.StreamResponse:
    """To the visitor's language."""
    headers = {
        "Location": f"/help/{language_of(request)}/",
        "Vary": "Accept-Language",
        "Cache-Control": "no-cache",
    }
    return web.Response(status=302, headers=headers)


@access.public
async def with_slash(request: web.Request) -> web.StreamResponse:
    """One address for one page."""
    return web.Response(status=308, headers={"Location": f"/help/{request.match_info['language']}/"})


@access.public
async def home(request: web.Request) -> web.StreamResponse:
    """Search and all articles by theme."""
    language = request.match_info["language"]
    articles = site_of(request).articles
    return _page(request, "help_home.html", themes=themes_of(articles, language), others=_others(request))


@access.public
async def search(request: web.Request) -> web.StreamResponse:
    """`?q=`: the articles that fit, the best first."""
    site, language = site_of(request), request.match_info["language"]
    q = request.query.get("q", "").replace("\x00", "").strip()[:LONGEST_QUERY]
    if q:
        wait = await site.bus.allow(f"help-search:{counted_address(request)}", 60, 60.0)
        if wait:
            raise TooMany("too many searches at once", wait)
    hits = await asyncio.to_thread(site.knowledge().search, q, language, limit=FOUND) if q else []
    return _page(
        request, "help_search.html", q=q, found=[hit.article for hit in hits],
        others=_others(request, "search"), seconds=60,
    )  # fmt: skip


@access.public
async def article(request: web.Request) -> web.StreamResponse:
    """One article; in another language where there is none in this one."""
    language, slug = request.match_info["language"], request.match_info["slug"]
    articles = site_of(request).articles
    found = articles.by_slug.get(slug, {}).get(language)
    if found is None:
        other = articles.find(slug, language)
        if other is None:
            raise NotFound("there is no such article")
        return web.Response(status=302, headers={"Location": f"/help/{other.language}/{slug}"})
    theme, _ = theme_of(found)
    return _page(
        request, "help_article.html", article=found, parts=rendered(found), theme=theme,
        related=related(articles, found), others=_others(request, slug, tuple(articles.by_slug[slug])),
        thanked="thanks" in request.query,
    )  # fmt: skip


@access.public
async def feedback(request: web.Request) -> web.StreamResponse:
    """A thumb; the page comes back and says thanks."""
    site, language, slug = site_of(request), request.match_info["language"], request.match_info["slug"]
    if slug not in site.articles.by_slug:
        raise NotFound("there is no such article")
    chosen = (await request.post()).get("helpful")
    if chosen not in ("yes", "no"):
        raise Malformed("say yes or no")
    wait = await site.bus.allow(f"help-feedback:{counted_address(request)}", 10, 60.0)
    if wait:
        raise TooMany("too many answers at once", wait)
    now = site.clock()
    await site.database.write(
        lambda connection: add_feedback(
            connection, slug=slug, language=language, helpful=chosen == "yes", now=now
        )
    )
    return web.Response(status=303, headers={"Location": f"/help/{language}/{slug}?thanks#feedback"})


def _page(request: web.Request, name: str, *, seconds: int = 300, **values: Any) -> web.Response:
    language = request.match_info["language"]
    headers = {
        "Cache-Control": f"public, max-age={seconds}",
        **headers_with_widget(request),
    }
    response = templates.render(
        request, name, language=language, headers=headers, base=public_base(request), **values
    )
    body = response.body
    assert isinstance(body, bytes)
    etag = hashlib.sha256(body).hexdigest()[:20]
    if any(tag.value in (etag, "*") for tag in request.if_none_match or ()):
        response = web.Response(status=304, headers={"Cache-Control": headers["Cache-Control"]})
    else:
        response.enable_compression()
    response.etag = etag
    response.headers["Vary"] = "Accept-Encoding"
    return response


def _others(
    request: web.Request, path: str = "", languages: Sequence[str] = tuple(LANGUAGES)
) -> list[tuple[str, str, str]]:
    """The same page in each language: code, name, address."""
    query = f"?{request.query_string}" if path == "search" and request.query_string else ""
    return [(code, LANGUAGES[code], f"/help/{code}/{path}{query}") for code in LANGUAGES if code in languages]


# ── what stands where ─────────────────────────────────────────────────────────────────────────────────────


def theme_of(article: Article) -> tuple[str, str]:
    """The theme that an article stands under, and its icon."""
    for intent in article.intents:
        for name, icon, intents in THEMES:
            if intent in intents:
                return name, icon
    return OTHER


def themes_of(articles: Articles, language: str) -> list[Theme]:
    """The themes that have articles; fixes first, then how-to's and advice."""
    by_theme: dict[str, list[Article]] = {name: [] for name, _, _ in THEMES}
    for found in articles.in_language(language):
        by_theme[theme_of(found)[0]].append(found)
    return [
        Theme(name, icon, tuple(sorted(by_theme[name], key=lambda each: KINDS.index(each.kind))))
        for name, icon, _ in THEMES
        if by_theme[name]
    ]


def related(articles: Articles, to: Article) -> list[Article]:
    """Articles on the same subject: those that it links to, that share its intents, that share its theme."""
    linked = {slug for slug, _ in to.links}
    theme = theme_of(to)

    def nearness(other: Article) -> int:
        shared = len(set(other.intents) & set(to.intents))
        return 4 * (other.slug in linked) + 3 * min(shared, 2) + (theme_of(other) == theme)

    others = [each for each in articles.in_language(to.language) if each.slug != to.slug and nearness(each)]
    return sorted(others, key=lambda each: (-nearness(each), alphabetical(each.title)))[:RELATED]


@lru_cache(maxsize=512)
def rendered(article: Article) -> RenderedArticle:
    """An article's parts as HTML, made once."""
    return render_article(article, lambda slug: f"/help/{article.language}/{slug}")
