"""/review/queue: what is worth reading, why (`worth`), and who reads it (`bot.store.review_queue`)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

from aiohttp import web
from sqlalchemy import Connection
from yarl import URL

from bot.model.errors import Conflict, Malformed
from bot.model.understanding import NLU_FALLBACK
from bot.store import review_queue
from bot.store.accounts import audit
from bot.store.review import ReviewItem, review_items
from bot.web import access, templates
from bot.web.languages import remember
from bot.web.reach import is_https
from bot.web.site import Site, site_of
from handoff.review.common import FOLDER, must_be_there, page_number, people
from handoff.review.worth import ALL_REASONS, DAYS, LONG, LOW, MOST, SAMPLE, Worth, drawn, worth_reading

SIZE = 25
DEEDS: Mapping[str, str] = {
    "take": "take to read",
    "done": "have read",
    "next": "have read",
    "back": "put back to read",
}
"""What may be done to a conversation's place in the queue, and how the audit log calls it."""


@dataclass(frozen=True, slots=True)
class Queue:
    """One page of it, how many there are, and how many by reason. `taken` is who reads, or has read, what
    was just asked for in vain."""

    worth: list[Worth]
    items: dict[str, ReviewItem]
    total: int
    counts: Counter[str]
    names: dict[str, str]
    taken: review_queue.Standing | None


def routes() -> list[web.RouteDef]:
    """The queue before what has an id in its place."""
    return [web.get("/review/queue", queue), web.post("/review/{id}/standing", stand)]


@access.roles(*access.REVIEWERS)
async def queue(request: web.Request) -> web.StreamResponse:
    """What is worth reading, all of it or for one reason."""
    site = site_of(request)
    asked = request.query.get("reason", "")
    reason = asked if asked in ALL_REASONS else ""
    page = page_number(request.query.get("page"))
    taken = request.query.get("taken", "")

    def read(connection: Connection) -> Queue:
        everything = waiting(connection, site)
        chosen = [each for each in everything if not reason or reason in each.reasons]
        shown = chosen[(page - 1) * SIZE : page * SIZE]
        return Queue(
            shown,
            review_items(connection, [each.id for each in shown]),
            len(chosen),
            Counter(each for worth in everything for each in worth.reasons),
            people(connection),
            review_queue.standing_of(connection, taken) if taken else None,
        )

    found = await site.database.read(read)
    response = templates.render(
        request, "queue.html", folder=FOLDER, queue=found, reason=reason, reasons=ALL_REASONS, page=page,
        pages=max(1, -(-found.total // SIZE)), days=DAYS, sample=SAMPLE, low=LOW, long=LONG,
        fallback=NLU_FALLBACK,
    )  # fmt: skip
    remember(request, response, secure=is_https(request))
    return response


@access.roles(*access.REVIEWERS)
async def stand(request: web.Request) -> web.StreamResponse:
    """POST: read it, have read it (and go on with the next), or put it back."""
    site, user, id_ = site_of(request), await access.user_of(request), request.match_info["id"]
    deed = str((await request.post()).get("deed", ""))
    if deed not in DEEDS:
        raise Malformed("the deed is take, done, next or back")

    def write(connection: Connection) -> str:
        must_be_there(connection, id_)
        now = site.clock()

        def note(what: str, subject: str) -> None:
            audit(connection, actor=user.id, deed=what, subject=f"conversation:{subject}", now=now)

        if deed == "take":
            review_queue.take(connection, id_, by=user.id, now=now)
        elif deed == "back":
            review_queue.put_back(connection, id_)
        else:
            review_queue.finish(connection, id_, by=user.id, now=now)
        note(DEEDS[deed], id_)
        if deed != "next":
            return id_
        for free in (each for each in waiting(connection, site) if each.signs.standing is None):
            with suppress(Conflict):  # somebody else takes it in this very moment
                review_queue.take(connection, free.id, by=user.id, now=now)
                note(DEEDS["take"], free.id)
                return free.id
        return ""

    try:
        where = await site.database.write(write)
    except Conflict:
        where = URL("/review/queue").with_query(taken=id_)  # which says by whom
        return web.Response(status=303, headers={"Location": str(where)})
    return web.Response(status=303, headers={"Location": f"/review/{where}" if where else "/review/queue"})


def waiting(connection: Connection, site: Site) -> list[Worth]:
    """Everything that is worth reading and that nobody has read."""
    now = datetime.fromtimestamp(site.clock(), site.zone)
    first = (now - timedelta(days=DAYS)).replace(hour=0, minute=0, second=0, microsecond=0)
    began = review_queue.began_since(connection, first.timestamp())
    sample = drawn(began, zone=site.zone)
    unread = [each.conversation_id for each in began if not each.done]
    wanted = [*unread[:MOST], *(id_ for id_ in unread[MOST:] if id_ in sample)]
    return worth_reading(review_queue.signs(connection, wanted), sample)
