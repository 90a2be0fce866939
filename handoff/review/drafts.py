"""/review/drafts: solutions that agents proposed as articles, until an editor has written them out or dropped
them.

An article is a file of the pack; what is handed out here is its beginning, in the form that `bot.knowledge`
reads."""

from __future__ import annotations

import re
import unicodedata
from datetime import date

import yaml
from aiohttp import web
from sqlalchemy import Connection

from bot.knowledge.parsing import LABELS
from bot.model.errors import NotFound
from bot.store import article_drafts
from bot.store.accounts import audit
from bot.store.article_drafts import DRAFT, DROPPED, PUBLISHED, STATES, ArticleDraft
from bot.web import access, templates, times
from bot.web.languages import remember
from bot.web.reach import is_https
from bot.web.site import site_of
from handoff.review.common import FOLDER, is_number, people

DECISIONS = {"publish": PUBLISHED, "drop": DROPPED, "reopen": DRAFT}


def routes() -> list[web.RouteDef]:
    """The list, what becomes of one, and the beginning of its file."""
    return [
        web.get("/review/drafts", listed),
        web.get("/review/drafts/{number}/file", file),
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
        request, "drafts.html", folder=FOLDER, found=found, counts=counts, people=names, chosen=state,
        states=STATES, decides=user.role in access.EDITORS, desk=user.role in access.AGENTS,
    )  # fmt: skip
    remember(request, response, secure=is_https(request))
    return response


@access.roles(*access.REVIEWERS)
async def file(request: web.Request) -> web.StreamResponse:
    """The draft as the beginning of an article's file."""
    site, number = site_of(request), _number(request)
    draft = await site.database.read(lambda connection: article_drafts.get_draft(connection, number))
    today = times.moment(site.clock(), site.zone).date()
    return web.Response(
        text=article_of(draft, today),
        content_type="text/markdown",
        headers={
            "Content-Disposition": f'attachment; filename="{slug_of(draft.title)}.md"',
            "Cache-Control": "no-store",
        },
    )


@access.roles(*access.EDITORS)
async def decided(request: web.Request) -> web.StreamResponse:
    """POST: it was written out, dropped, or taken up again."""
    site, user, number = site_of(request), await access.user_of(request), _number(request)
    decision = request.match_info["decision"]
    if decision not in DECISIONS:
        raise NotFound("there is no such decision")

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


def _number(request: web.Request) -> int:
    number = request.match_info["number"]
    if not is_number(number):
        raise NotFound("there is no such draft")
    return int(number)


# ── the file ──────────────────────────────────────────────────────────────────────────────────────────────


def slug_of(title: str) -> str:
    """A file's name from a title: plain letters, digits and hyphens."""
    letters = unicodedata.normalize("NFKD", title.casefold()).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", letters).strip("-")[:60].strip("-") or "article"


def article_of(draft: ArticleDraft, today: date) -> str:
    """The beginning of an article: its front matter, and the solution as its first step. `…` is to be
    written."""
    labels = LABELS.get(draft.language, LABELS["en"])
    front = yaml.safe_dump(
        {
            "title": draft.title, "summary": "…", "kind": "fix",
            "intents": [draft.intent] if draft.intent else [], "keywords": [], "minutes": 5, "updated": today,
        },
        allow_unicode=True, sort_keys=False, width=1_000,
    )  # fmt: skip
    solution = " ".join(draft.text.split())
    step = f"1. **…** {solution}\n   - {labels.why}: …\n   - {labels.result}: …\n   - {labels.time}: 5 min\n"
    return f"---\n{front}---\n\n…\n\n{step}"
