"""/review/drafts: solutions that agents proposed as articles, and what becomes of them. Writing one out is
`writing`."""

from __future__ import annotations

from aiohttp import web
from sqlalchemy import Connection

from bot.knowledge.parsing import parse_article
from bot.model.errors import Conflict, ContentError, NotFound
from bot.model.numbers import whole_number
from bot.store import article_drafts
from bot.store.accounts import audit
from bot.store.article_drafts import DRAFT, DROPPED, PUBLISHED, STATES, ArticleDraft
from bot.web import access, templates
from bot.web.languages import page_language, remember
from bot.web.reach import is_https
from bot.web.site import site_of
from bot.web.texts import words
from handoff.review.common import FOLDER, people

DECISIONS = {"drop": DROPPED, "reopen": DRAFT}


def routes() -> list[web.RouteDef]:
    """The list, and what becomes of one."""
    return [
        web.get("/review/drafts", listed),
        web.post("/review/drafts/{number}/{decision}", decided),
    ]


@access.roles(*access.REVIEWERS)
async def listed(request: web.Request) -> web.StreamResponse:
    """Drafts by what became of them."""
    site, user = site_of(request), await access.user_of(request)
    asked = request.query.get("state", DRAFT)
    state = asked if asked in STATES else DRAFT

    def read(connection: Connection) -> tuple[list[ArticleDraft], dict[str, int], dict[str, str]]:
        found = article_drafts.list_drafts(connection, state=state)
        return found, article_drafts.count_drafts(connection), people(connection)

    found, counts, names = await site.database.read(read)
    response = templates.render(
        request, "drafts.html", folder=FOLDER, found=found, title_of=title_of, counts=counts, people=names,
        chosen=state, states=STATES, decides=user.role in access.EDITORS, desk=user.role in access.AGENTS,
    )  # fmt: skip
    remember(request, response, secure=is_https(request))
    return response


@access.roles(*access.EDITORS)
async def decided(request: web.Request) -> web.StreamResponse:
    """POST: it is dropped, or taken up again. An article that was published of it goes."""
    site, user, number = site_of(request), await access.user_of(request), number_of(request)
    decision = request.match_info["decision"]
    if decision not in DECISIONS:
        raise NotFound("there is no such decision")
    draft = await site.database.read(lambda connection: article_drafts.get_draft(connection, number))
    if draft.state == PUBLISHED:
        await withdraw(request, draft)

    def write(connection: Connection) -> ArticleDraft:
        before = article_drafts.get_draft(connection, number)
        article_drafts.set_state(connection, number, DECISIONS[decision])
        audit(
            connection, actor=user.id, deed=f"{decision} article draft", subject=f"article_draft:{number}",
            now=site.clock(),
        )  # fmt: skip
        return before

    before = await site.database.write(write)
    return web.Response(status=303, headers={"Location": f"/review/drafts?state={before.state}"})


async def withdraw(request: web.Request, draft: ArticleDraft) -> None:
    """Its article is in the knowledge base no longer; raises `Conflict` when others lead to it."""
    user, t = await access.user_of(request), words(page_language(request))
    try:
        await site_of(request).library.forget(path_of(draft), actor=user.id)
    except ContentError as error:
        raise Conflict(t("drafts.linked") + " " + " ".join(each.file for each in error.problems)) from None


def title_of(draft: ArticleDraft) -> str:
    """What its article is called by now; as it was proposed where nobody has written it yet."""
    article = (
        parse_article(draft.article, draft.slug or "article", draft.language, "", [])
        if draft.article
        else None
    )
    return article.title if article else draft.title


def path_of(draft: ArticleDraft) -> str:
    """Its file in the pack."""
    return f"kb/{draft.language}/{draft.slug}.md"


def number_of(request: web.Request) -> int:
    """The draft that the address names; raises `NotFound`."""
    number = whole_number(request.match_info["number"])
    if number is None:
        raise NotFound("there is no such draft")
    return number
