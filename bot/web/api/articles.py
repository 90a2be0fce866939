"""/api/v1/articles: the knowledge base, searched and read."""

from __future__ import annotations

import asyncio

from aiohttp import web

from bot.knowledge.articles import Article
from bot.model.errors import Malformed, NotFound
from bot.web import access
from bot.web.api import models
from bot.web.api.common import answer, query_of, whole
from bot.web.reach import public_base
from bot.web.site import site_of


def routes() -> list[web.RouteDef]:
    """The search and one article."""
    return [
        web.get("/api/v1/articles/search", search),
        web.get("/api/v1/articles/{language}/{slug}", one),
    ]


@access.token
async def search(request: web.Request) -> web.StreamResponse:
    """`?q=&lang=&limit=`, the best first."""
    site, q = site_of(request), query_of(request)
    language = request.query.get("lang", "nl")
    if language not in ("nl", "fr", "en"):
        raise Malformed("'lang' must be nl, fr or en")
    if not q:
        raise Malformed("'q' must say what is looked for")
    limit = whole(request, "limit", 10, most=50) or 1
    hits = await asyncio.to_thread(site.knowledge().search, q, language, limit=limit)
    base = public_base(request)
    return answer(
        models.ArticleHits(
            items=[
                models.ArticleHit(
                    slug=hit.article.slug,
                    language=hit.article.language,
                    title=hit.article.title,
                    summary=hit.article.summary,
                    score=hit.score,
                    url=address(base, hit.article),
                )
                for hit in hits
            ]
        )
    )


@access.token
async def one(request: web.Request) -> web.StreamResponse:
    """One article in exactly that language."""
    language, slug = request.match_info["language"], request.match_info["slug"]
    found = site_of(request).articles.by_slug.get(slug, {}).get(language)
    if found is None:
        raise NotFound("there is no such article in this language")
    return answer(
        models.Article(
            slug=found.slug,
            language=found.language,
            title=found.title,
            summary=found.summary,
            kind=found.kind,
            intents=list(found.intents),
            minutes=found.minutes,
            updated=found.updated.isoformat(),
            steps=[
                models.ArticleStep(
                    title=step.title, text=step.text, why=step.why, result=step.result, minutes=step.minutes
                )
                for step in found.steps
            ],
            markdown=found.markdown,
            url=address(public_base(request), found),
        )
    )


def address(base: str, article: Article) -> str:
    """The article's page in the help centre."""
    return f"{base}/help/{article.language}/{article.slug}"
