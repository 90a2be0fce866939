"""What a composer offers after a slash: canned replies and articles; and a macro before it is applied."""

from __future__ import annotations

import asyncio
import re
from dataclasses import dataclass

from aiohttp import web

from bot.knowledge.articles import SLUG, Article
from bot.knowledge.parsing import plain
from bot.knowledge.search import KnowledgeIndex
from bot.model.errors import NotFound
from bot.model.messages import MAX_TEXT
from bot.store import views
from bot.store.views import ConversationView
from bot.web import access, templates
from bot.web.languages import page_language
from bot.web.reach import public_base
from bot.web.site import Site, site_of
from bot.web.texts import words
from handoff.canned import Macro, filled
from handoff.desk.common import FOLDER
from handoff.desk.deeds import blanks

MOST = 8


@dataclass(frozen=True, slots=True)
class Insert:
    """One offer: what is shown, and what each way of inserting it puts in. `link` is for articles."""

    name: str
    title: str
    text: str
    link: str = ""
    slug: str = ""


@access.roles(*access.AGENTS)
async def inserts(request: web.Request) -> web.StreamResponse:
    """GET /desk/c/{id}/inserts?q=: what begins with or is about `q`, in the conversation's language."""
    site, user = site_of(request), await access.user_of(request)
    view = await _view(request, site)
    q = request.query.get("q", "").strip()[:200]
    canned = _replies(site, view, q.casefold(), user.name, page_language(request))
    found = await asyncio.to_thread(_found, site.knowledge(), q, view.language)
    base = public_base(request)
    offered = [*canned[:MOST], *(_article(article, base) for article in found)]
    return templates.render(request, "_inserts.html", folder=FOLDER, inserts=offered[:MOST], view=view)


@access.roles(*access.AGENTS)
async def macro(request: web.Request) -> web.StreamResponse:
    """GET /desk/c/{id}/macros/{macro}: what it would do, step by step."""
    site, user = site_of(request), await access.user_of(request)
    view = await _view(request, site)
    found = site.agreements.canned.macros.get(request.match_info["macro"])
    if found is None:
        raise NotFound("there is no such macro")
    language = page_language(request)
    return templates.render(
        request, "_macro.html", folder=FOLDER, view=view, macro=found, name=found.name[language],
        steps=_preview(found, view, user.name),
    )  # fmt: skip


def _preview(macro: Macro, view: ConversationView, agent: str) -> list[tuple[str, str, str]]:
    values = blanks(view, agent)
    return [
        (step.does, filled(step.texts.get(view.language, ""), values), step.value) for step in macro.steps
    ]


async def _view(request: web.Request, site: Site) -> ConversationView:
    id_ = request.match_info["id"]
    view = await site.database.read(lambda connection: views.conversation(connection, id_))
    if view is None:
        raise NotFound("there is no such conversation")
    return view


def _replies(site: Site, view: ConversationView, q: str, agent: str, language: str) -> list[Insert]:
    """Those for this team, the ones whose name begins with `q` first."""
    values = blanks(view, agent)
    offered = [
        Insert(reply.name, reply.title[language], filled(reply.text.get(view.language, ""), values))
        for reply in site.agreements.canned.replies.values()
        if not reply.teams or view.team in reply.teams
    ]
    fits = [each for each in offered if q in each.name or q in each.title.casefold()]
    return sorted(fits, key=lambda each: not each.name.startswith(q))


def _found(knowledge: KnowledgeIndex, q: str, language: str) -> list[Article]:
    """Articles whose title has the words, so that who types it sees it; then those that are about them."""
    about = (hit.article for hit in knowledge.search(q, language, limit=MOST)) if q else ()
    return list({each.slug: each for each in (*knowledge.titled(q, language), *about)}.values())[:MOST]


def _article(article: Article, base: str) -> Insert:
    link = f"{base}/help/{article.language}/{article.slug}"
    rest = words(article.language)("insert.rest", link=link)
    return Insert(article.slug, article.title, shortened(as_text(article, base), rest), link, article.slug)


def as_text(article: Article, base: str) -> str:
    """An article as somebody follows it in a chat: its title, and of each step what to do, without marks."""

    def address(target: str) -> str:
        known = target if target.startswith(("https://", "http://")) else ""
        return f"{base}/help/{article.language}/{target}" if SLUG.fullmatch(target) else known

    steps = (
        f"{number}. {_ended(step.title)} {plain(_FENCE.sub('', step.markdown), address)}".rstrip()
        for number, step in enumerate(article.steps, 1)
    )
    return "\n".join((article.title, "", *steps))


_FENCE = re.compile(r"^ *```.*\n?", re.MULTILINE)


def _ended(sentence: str) -> str:
    return sentence if sentence.endswith((".", "!", "?", ":", "…")) else f"{sentence}."


def shortened(text: str, rest: str) -> str:
    """As long as one message may be; `rest` says where to read on when some of it is cut off."""
    if len(text) <= MAX_TEXT:
        return text
    room = MAX_TEXT - len(rest) - len(" …\n\n")
    return f"{text[:room].rsplit(maxsplit=1)[0]} …\n\n{rest}"
