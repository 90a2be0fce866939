"""/review/drafts/{number}: an editor writes a proposed solution out as an article, sees how it looks, and
publishes it: from then on it is in the help centre and the bot suggests it.

An article is a file of the pack in the form that `bot.knowledge.parsing` reads; one that was published here
lies over the pack until `balie data export` writes it there."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from datetime import date

import yaml
from aiohttp import web
from sqlalchemy import Connection

from bot.knowledge.articles import SLUG, Article
from bot.knowledge.parsing import LABELS, parse_article
from bot.knowledge.rendering import render_article
from bot.model.errors import Conflict, ContentError, Problem
from bot.store import article_drafts
from bot.store.accounts import audit
from bot.store.article_drafts import PUBLISHED, ArticleDraft, version_of
from bot.web import access, templates, times
from bot.web.languages import page_language, remember
from bot.web.reach import is_https
from bot.web.site import site_of
from bot.web.texts import Words, words
from handoff.review.common import FOLDER
from handoff.review.drafts import number_of, path_of, title_of

LONGEST = 40_000
"""Characters of an article."""
OPEN = "…"
"""Stands where something is still to be written."""
_OPEN = re.compile(r"^…$|: …$|\*\*…\*\*", re.MULTILINE)
_BULLET = re.compile(r"^\s*(?:\d{1,2}[.)]|[-*•–])(?:\s+|$)")


def routes() -> list[web.RouteDef]:
    """The page of one draft, and its file."""
    return [
        web.get("/review/drafts/{number}", show),
        web.post("/review/drafts/{number}", write),
        web.get("/review/drafts/{number}/file", file),
    ]


@dataclass(frozen=True, slots=True)
class Written:
    """What stands in the form: the file's text and name; what was wrong with it, and how it was said."""

    text: str
    slug: str
    version: str
    problems: list[str] = field(default_factory=list[str])
    done: str = ""


@access.roles(*access.REVIEWERS)
async def show(request: web.Request) -> web.StreamResponse:
    """The solution, the article as far as it is written, and how it looks."""
    draft = await _draft(request)
    return _page(request, draft, Written(*_beginning(request, draft), version_of(draft), done=_done(request)))


@access.roles(*access.REVIEWERS)
async def file(request: web.Request) -> web.StreamResponse:
    """The article as a file of the pack."""
    draft = await _draft(request)
    text, slug = _beginning(request, draft)
    return web.Response(
        text=text,
        content_type="text/markdown",
        headers={
            "Content-Disposition": f'attachment; filename="{slug}.md"',
            "Cache-Control": "no-store",
        },
    )


@access.roles(*access.EDITORS)
async def write(request: web.Request) -> web.StreamResponse:
    """POST: keep it as it is, or publish it; what is not right yet is said beside it."""
    site, user, t = site_of(request), await access.user_of(request), words(page_language(request))
    draft, form = await _draft(request), await request.post()
    given = {name: str(form.get(name, "")) for name in ("text", "slug", "version", "do")}
    text = "\n".join(given["text"].replace("\x00", "").splitlines())[:LONGEST] + "\n"
    slug = given["slug"].strip()[:80]
    was, publish = given["version"], given["do"] == "publish"

    def keep(connection: Connection) -> ArticleDraft:
        article_drafts.write_out(connection, draft.id, slug=slug, article=text, version=was)
        return article_drafts.get_draft(connection, draft.id)

    if not SLUG.fullmatch(slug):
        return _page(request, draft, Written(text, slug, was, [t("drafts.bad_slug")]), 400)
    if draft.state == PUBLISHED and draft.slug and slug != draft.slug:
        return _page(request, draft, Written(text, slug, was, [t("drafts.keeps_name")]), 400)
    try:
        kept = await site.database.write(keep)
    except Conflict:
        told = Written(text, slug, version_of(draft), [t("drafts.overtaken")])
        return _page(request, draft, told, 409)
    if not publish:
        raise web.HTTPSeeOther(f"/review/drafts/{draft.id}?done=saved")
    problems = await _publish(request, kept, text, user.id)
    if problems:
        return _page(request, kept, Written(text, slug, version_of(kept), problems), 400)
    raise web.HTTPSeeOther(f"/review/drafts/{draft.id}?done=published")


async def _publish(request: web.Request, draft: ArticleDraft, text: str, actor: str) -> list[str]:
    """Put it into the knowledge base; what is in the way, in words."""
    site, t, path = site_of(request), words(page_language(request)), path_of(draft)
    library = site.library
    if _OPEN.search(text):
        return [t("drafts.unwritten")]
    there = site.articles.by_slug.get(draft.slug or "", {})
    if draft.state != PUBLISHED and draft.language in there:
        return [t("drafts.taken", name=draft.slug)]
    try:
        await library.keep(path, text, version=library.version(path), actor=actor, what=title_of(draft))
    except ContentError as error:
        return _told(t, error.problems)
    except Conflict:
        return [t("drafts.overtaken")]

    def publish(connection: Connection) -> None:
        article_drafts.set_state(connection, draft.id, PUBLISHED)
        audit(
            connection, actor=actor, deed="publish article draft", subject=f"article_draft:{draft.id}",
            now=site.clock(),
        )  # fmt: skip

    await site.database.write(publish)
    return []


def _page(request: web.Request, draft: ArticleDraft, form: Written, status: int = 200) -> web.Response:
    problems: list[Problem] = []
    t = words(page_language(request))
    article = parse_article(form.text, form.slug or "article", draft.language, "", problems)
    response = templates.render(
        request, "draft.html", folder=FOLDER, status=status, draft=draft, title=title_of(draft), form=form,
        editors=access.EDITORS,
        parts=render_article(article, lambda slug: f"/help/{draft.language}/{slug}") if article else None,
        article=article, unread=[] if form.problems else _told(t, problems), address=_address(draft, article),
    )  # fmt: skip
    remember(request, response, secure=is_https(request))
    return response


def _address(draft: ArticleDraft, article: Article | None) -> str:
    """Where customers find it; nowhere yet when it is not published."""
    published = draft.state == PUBLISHED and draft.slug and article
    return f"/help/{draft.language}/{draft.slug}" if published else ""


async def _draft(request: web.Request) -> ArticleDraft:
    number = number_of(request)
    return await site_of(request).database.read(lambda c: article_drafts.get_draft(c, number))


def _beginning(request: web.Request, draft: ArticleDraft) -> tuple[str, str]:
    """The file's text and name: as they were written, or how one begins."""
    site = site_of(request)
    today = times.moment(site.clock(), site.zone).date()
    return draft.article or article_of(draft, today), draft.slug or slug_of(draft.title)


def _done(request: web.Request) -> str:
    asked = request.query.get("done", "")
    return asked if asked in ("saved", "published") else ""


def _told(t: Words, problems: list[Problem]) -> list[str]:
    """In the editor's language, in the order of the lines; without the first, where it is all of the file."""

    def said(each: Problem) -> str:
        key = f"drafts.wrong.{each.key}"
        what = t(key, **each.values) if key in t else f"{each.what}. {each.mend}".strip()
        return t("drafts.line", n=each.line, what=what) if each.line > 1 else what

    return [said(each) for each in sorted(problems, key=lambda each: each.line)]


# ── how a file begins ─────────────────────────────────────────────────────────────────────────────────────


def slug_of(title: str) -> str:
    """A file's name from a title: plain letters, digits and hyphens."""
    letters = unicodedata.normalize("NFKD", title.casefold()).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", letters).strip("-")[:60].strip("-") or "article"


def article_of(draft: ArticleDraft, today: date) -> str:
    """The beginning of an article: its front matter, and each line of the solution as a step. `…` is to be
    written."""
    labels = LABELS.get(draft.language, LABELS["en"])
    front = yaml.safe_dump(
        {
            "title": draft.title, "summary": OPEN, "kind": "fix",
            "intents": [draft.intent] if draft.intent else [], "keywords": [], "minutes": 5, "updated": today,
        },
        allow_unicode=True, sort_keys=False, width=1_000,
    )  # fmt: skip
    steps = "\n".join(
        f"{number}. **…** {line}\n   - {labels.why}: …\n   - {labels.result}: …\n   - {labels.time}: 5 min\n"
        for number, line in enumerate(steps_of(draft.text), 1)
    )
    return f"---\n{front}---\n\n…\n\n{steps}"


def steps_of(solution: str) -> list[str]:
    """The lines of a solution without the numbers and dashes that somebody put before them; the whole where
    there is nothing else in it."""
    lines = (" ".join(_BULLET.sub("", line).split()) for line in solution.splitlines())
    return [line for line in lines if line] or [" ".join(solution.split())]
