"""What fits what a customer is typing: articles, and solved tickets about the same. Which articles, the feed
has told (bot.service.lookahead); what the customer types comes here never."""

from __future__ import annotations

from dataclasses import replace

from aiohttp import web
from sqlalchemy import Connection

from bot.knowledge.articles import Article
from bot.model.errors import NotFound
from bot.store import views
from bot.store.tickets import SolvedBefore, at_work
from bot.store.views import ConversationView
from bot.web import access, templates
from bot.web.languages import page_language
from bot.web.reach import public_base
from bot.web.site import Site, site_of
from handoff.desk.common import FOLDER
from handoff.desk.names import names_for
from handoff.desk.pages import standing
from handoff.desk.panel import SUGGESTED, solved_alike


@access.roles(*access.AGENTS)
async def fitting(request: web.Request) -> web.StreamResponse:
    """GET /desk/c/{id}/fitting?article=: these articles as suggestions, but for those that were shown
    already, and solved tickets about what the first of them is for."""
    site, user = site_of(request), await access.user_of(request)
    language = page_language(request)
    slugs = tuple(dict.fromkeys(request.query.getall("article", [])))[:SUGGESTED]

    def read(connection: Connection) -> tuple[ConversationView, list[Article], tuple[SolvedBefore, ...]]:
        last = views.conversation(connection, request.match_info["id"])
        if last is None:
            raise NotFound("there is no such conversation")
        view = replace(last, ticket=at_work(last.ticket, last.episode))
        articles = _articles(site, view, slugs)
        intent = next((each for article in articles for each in article.intents), None)
        return view, articles, solved_alike(connection, view, intent) if intent else ()

    view, articles, similar = await site.database.read(read)
    return templates.render(
        request, "_fitting.html", folder=FOLDER, view=view, suggestions=articles, similar=similar,
        standing=standing(view, user), help_base=public_base(request), **names_for(site, language),
    )  # fmt: skip


def _articles(site: Site, view: ConversationView, slugs: tuple[str, ...]) -> list[Article]:
    shown = view.ticket.ticket.articles if view.ticket else ()
    found = (site.articles.find(slug, view.language) for slug in slugs if slug not in shown)
    return [article for article in found if article is not None]
