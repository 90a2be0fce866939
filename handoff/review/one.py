"""/review/{id}: one conversation turn by turn, with what reviewers said of it.

Reads only; what they do to it is `corrections`, `remarks` and `queue`.
"""

from __future__ import annotations

from dataclasses import dataclass

from aiohttp import web
from sqlalchemy import Connection
from yarl import URL

from bot.model.numbers import whole_number
from bot.model.understanding import NLU_FALLBACK
from bot.store import corrections, remarks, review_queue, scores
from bot.store.accounts import audit
from bot.store.corrections import Correction
from bot.store.remarks import Comment
from bot.store.review_queue import Standing
from bot.store.scores import Score
from bot.web import access, templates
from bot.web.languages import page_language, remember
from bot.web.reach import is_https, public_base
from bot.web.site import site_of
from handoff.review import wording
from handoff.review.common import (
    FOLDER,
    LONGEST_TAG,
    LONGEST_TEXT,
    Read,
    Refused,
    people,
    read_conversation,
    window,
)
from handoff.review.worth import LOW
from handoff.scorecard import HIGHEST, LOWEST

PARTS = 200
"""Turns on one page: more make a page that a browser takes long to draw."""


@dataclass(frozen=True, slots=True)
class Reviewed:
    """What reviewers said of a conversation."""

    corrected: dict[int, Correction]
    tags: tuple[str, ...] = ()
    known_tags: tuple[str, ...] = ()
    comments: tuple[Comment, ...] = ()
    scores: tuple[Score, ...] = ()
    standing: Standing | None = None


def routes() -> list[web.RouteDef]:
    """After every address that is not a conversation's."""
    return [web.get("/review/{id}", conversation)]


@access.roles(*access.READERS)
async def conversation(request: web.Request) -> web.StreamResponse:
    """One conversation. Who opened it is written down: a transcript is personal."""
    site, user, id_ = site_of(request), await access.user_of(request), request.match_info["id"]
    response = await conversation_page(request)
    now = site.clock()
    await site.database.write(
        lambda connection: audit(
            connection, actor=user.id, deed="read", subject=f"conversation:{id_}", now=now
        )
    )
    return response


async def conversation_page(request: web.Request, refused: Refused | None = None) -> web.Response:
    """The conversation of the address; with what a form on it could not take, and what was typed there."""
    site, user = site_of(request), await access.user_of(request)
    id_ = request.match_info["id"]
    reviewer = user.role in access.REVIEWERS

    def work(connection: Connection) -> tuple[Read, Reviewed, dict[str, str]]:
        read = read_conversation(connection, id_)
        return read, _reviewed(connection, id_, everything=reviewer), people(connection)

    read, reviewed, names = await site.database.read(work)
    shown = window(read.parts, whole_number(request.query.get("at")) or 0, PARTS)
    mine = next((each for each in reviewed.scores if each.made_by == user.id), None)
    response = templates.render(
        request, "conversation.html", folder=FOLDER, status=422 if refused else 200, view=read.view,
        shown=shown, people=names, low=LOW, fallback=NLU_FALLBACK, desk=user.role in access.AGENTS,
        reviewer=reviewer, back=_back(request), errors=sum(part.errors for part in read.parts),
        articles=site.articles, segments=wording.segments, reviewed=reviewed, mine=mine, refused=refused,
        card=site.agreements.scorecard, figures=range(LOWEST, HIGHEST + 1),
        link=f"{public_base(request)}/review/{id_}", longest_tag=LONGEST_TAG, longest_text=LONGEST_TEXT,
        decimal=lambda value: f"{value:.1f}".replace(".", "." if page_language(request) == "en" else ","),
    )  # fmt: skip
    remember(request, response, secure=is_https(request))
    return response


def _reviewed(connection: Connection, id_: str, *, everything: bool) -> Reviewed:
    """Agents see what was corrected, and not what is said of colleagues' work."""
    corrected = corrections.of_conversation(connection, id_)
    if not everything:
        return Reviewed(corrected)
    return Reviewed(
        corrected,
        remarks.tags_of(connection, [id_]).get(id_, ()),
        remarks.known_tags(connection),
        remarks.comments_of(connection, id_),
        scores.scores_of(connection, id_),
        review_queue.standing_of(connection, id_),
    )


def _back(request: web.Request) -> str:
    """The list or the queue as it was filtered, where the reader came from it."""
    came = URL(request.headers.get("Referer", ""))
    return str(came.relative()) if came.absolute and came.path in ("/review", "/review/queue") else "/review"
