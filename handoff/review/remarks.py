"""What a reviewer adds to a conversation: tags, comments, a scorecard.

Forms only; each goes back to its place on the page of `one`. What cannot be taken is said in a toast where
htmx sent it; otherwise the page comes again, with what was typed and the reason beside it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from aiohttp import web
from sqlalchemy import Connection

from bot.model.errors import Malformed, NotFound
from bot.model.numbers import whole_number
from bot.model.redact import redact
from bot.store import remarks, scores
from bot.store.accounts import audit
from bot.web import access
from bot.web.errors import is_htmx
from bot.web.languages import page_language
from bot.web.site import site_of
from bot.web.texts import words
from handoff.review.common import (
    LONGEST_TAG,
    LONGEST_TEXT,
    Refused,
    must_be_there,
    must_have_words,
)
from handoff.review.one import conversation_page
from handoff.scorecard import HIGHEST, LOWEST, Scorecard

_TAG = re.compile(r"[^\W_](?:[\w .+-]*[^\W_])?")


def routes() -> list[web.RouteDef]:
    """Under one conversation."""
    return [
        web.post("/review/{id}/tags", tag),
        web.post("/review/{id}/tags/remove", untag),
        web.post("/review/{id}/comments", comment),
        web.post("/review/{id}/comments/{number}/remove", uncomment),
        web.post("/review/{id}/score", score),
    ]


@access.roles(*access.REVIEWERS)
async def tag(request: web.Request) -> web.StreamResponse:
    """POST: a tag more."""
    site, user, id_ = site_of(request), await access.user_of(request), request.match_info["id"]
    name = tag_of(await _field(request, "tag"))
    if name is None:
        return await _refuse(request, "tag", words(page_language(request))("remark.no_tag", most=LONGEST_TAG))

    def write(connection: Connection) -> None:
        must_have_words(connection, id_)
        now = site.clock()
        if remarks.add_tag(connection, id_, name, by=user.id, now=now):
            audit(connection, actor=user.id, deed="tag", subject=f"conversation:{id_}", now=now)

    await site.database.write(write)
    return _back(id_, "tags")


@access.roles(*access.REVIEWERS)
async def untag(request: web.Request) -> web.StreamResponse:
    """POST: a tag less."""
    site, user, id_ = site_of(request), await access.user_of(request), request.match_info["id"]
    name = await _field(request, "tag")

    def write(connection: Connection) -> None:
        must_be_there(connection, id_)
        if remarks.remove_tag(connection, id_, name):
            audit(connection, actor=user.id, deed="untag", subject=f"conversation:{id_}", now=site.clock())

    await site.database.write(write)
    return _back(id_, "tags")


@access.roles(*access.REVIEWERS)
async def comment(request: web.Request) -> web.StreamResponse:
    """POST: something to say of it."""
    site, user, id_ = site_of(request), await access.user_of(request), request.match_info["id"]
    text = redact((await _field(request, "text")).strip())
    if not text or len(text) > LONGEST_TEXT:
        return await _refuse(
            request, "comment", words(page_language(request))("remark.no_text", most=LONGEST_TEXT)
        )

    def write(connection: Connection) -> None:
        must_have_words(connection, id_)
        now = site.clock()
        number = remarks.add_comment(connection, id_, text, by=user.id, now=now)
        audit(
            connection, actor=user.id, deed="comment", subject=f"conversation:{id_}", now=now,
            data={"comment": number},
        )  # fmt: skip

    await site.database.write(write)
    return _back(id_, "comments")


@access.roles(*access.REVIEWERS)
async def uncomment(request: web.Request) -> web.StreamResponse:
    """POST: take back what one said; an administrator takes away anything."""
    site, user, id_ = site_of(request), await access.user_of(request), request.match_info["id"]
    number = whole_number(request.match_info["number"])
    if number is None:
        raise NotFound("there is no such comment")

    def write(connection: Connection) -> None:
        by = None if user.role == "admin" else user.id
        remarks.remove_comment(connection, id_, number, by=by)
        audit(
            connection, actor=user.id, deed="remove comment", subject=f"conversation:{id_}",
            now=site.clock(), data={"comment": number},
        )  # fmt: skip

    await site.database.write(write)
    return _back(id_, "comments")


@access.roles(*access.REVIEWERS)
async def score(request: web.Request) -> web.StreamResponse:
    """POST: how well it went, criterion by criterion."""
    site, user, id_ = site_of(request), await access.user_of(request), request.match_info["id"]
    form = await request.post()
    judged = judged_by(site.agreements.scorecard, {name: str(value) for name, value in form.items()})
    remark = redact((await _field(request, "remark")).strip())[:LONGEST_TEXT]
    if judged is None or (remark and not judged):
        why = words(page_language(request))("score.wrong", lowest=LOWEST, highest=HIGHEST)
        return await _refuse(request, "score", why)

    def write(connection: Connection) -> None:
        must_have_words(connection, id_)
        now = site.clock()
        scores.put_score(connection, id_, judged, remark=remark, by=user.id, now=now)
        audit(connection, actor=user.id, deed="score", subject=f"conversation:{id_}", now=now, data=judged)

    await site.database.write(write)
    return _back(id_, "score")


def tag_of(text: str) -> str | None:
    """A tag as it is kept: small letters, one space between words; None for what is no tag."""
    name = " ".join(text.split()).casefold()
    return name if len(name) <= LONGEST_TAG and _TAG.fullmatch(name) else None


def judged_by(card: Scorecard, form: Mapping[str, str]) -> dict[str, int] | None:
    """The figures of a form for the criteria of the card; None when one makes no sense."""
    given = {each.name: form.get(f"score-{each.name}", "") for each in card.criteria}
    allowed = {str(figure): figure for figure in range(LOWEST, HIGHEST + 1)}
    if any(figure and figure not in allowed for figure in given.values()):
        return None
    return {name: allowed[figure] for name, figure in given.items() if figure}


async def _refuse(request: web.Request, form: str, why: str) -> web.StreamResponse:
    if is_htmx(request):
        raise Malformed(why)
    typed = {name: value for name, value in (await request.post()).items() if isinstance(value, str)}
    return await conversation_page(request, Refused(form, why, typed))


async def _field(request: web.Request, name: str) -> str:
    value = (await request.post()).get(name, "")
    return value.replace("\x00", "") if isinstance(value, str) else ""


def _back(id_: str, place: str) -> web.Response:
    return web.Response(status=303, headers={"Location": f"/review/{id_}#{place}"})
