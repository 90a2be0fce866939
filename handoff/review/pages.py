"""/review: conversations by filter, and one with everything that is on record of each turn. Reads only."""

from __future__ import annotations

from datetime import date, datetime, timedelta, tzinfo

from aiohttp import web
from sqlalchemy import Connection, select
from yarl import URL

from bot.model.understanding import NLU_FALLBACK
from bot.store import corrections, views
from bot.store.accounts import audit
from bot.store.corrections import Correction
from bot.store.schema import conversations
from bot.store.views import ReviewFilter, ReviewPage
from bot.web import access, templates
from bot.web.languages import LANGUAGES, page_language, remember
from bot.web.reach import is_https
from bot.web.site import site_of
from handoff.review import wording
from handoff.review.common import FOLDER, LOW, Read, intents, page_number, people, read_conversation

SIZE = 25

OUTCOMES = ("solved", "unsolved", "cancelled", "silent", "handed_off")
OWNERS = ("bot", "queue", "agent")
FIELDS = ("text", "language", "intent", "outcome", "channel", "owner", "low", "since", "until")


def routes() -> list[web.RouteDef]:
    """The list and one conversation, after every address that is not a conversation's."""
    return [web.get("/review", listed), web.get("/review/", listed), web.get("/review/{id}", conversation)]


@access.roles(*access.READERS)
async def listed(request: web.Request) -> web.StreamResponse:
    """The list, filtered by the query."""
    site = site_of(request)
    given = {name: request.query.get(name, "").replace("\x00", "").strip()[:200] for name in FIELDS}
    page = page_number(request.query.get("page"))
    wanted = filter_of(given, site.zone)

    def read(connection: Connection) -> tuple[ReviewPage, list[str]]:
        found = views.review_list(connection, wanted, limit=SIZE, offset=(page - 1) * SIZE)
        return found, list(connection.execute(select(conversations.c.channel).distinct()).scalars())

    found, channels = await site.database.read(read)
    pages = max(1, -(-found.total // SIZE))
    response = templates.render(
        request, "list.html", folder=FOLDER, given=given, found=found, page=page, pages=pages, low=LOW,
        channels=sorted(channels), intents=intents(site, page_language(request)), outcomes=OUTCOMES,
        owners=OWNERS, names=LANGUAGES, filtered=any(given.values()), first=(page - 1) * SIZE + 1,
        address=lambda number: _address(given, number), fallback=NLU_FALLBACK,
    )  # fmt: skip
    remember(request, response, secure=is_https(request))
    return response


@access.roles(*access.READERS)
async def conversation(request: web.Request) -> web.StreamResponse:
    """One conversation, turn by turn. Who opened it is written down: a transcript is personal."""
    site, user = site_of(request), await access.user_of(request)
    id_ = request.match_info["id"]

    def work(connection: Connection) -> tuple[Read, dict[int, Correction], dict[str, str]]:
        return (
            read_conversation(connection, id_),
            corrections.of_conversation(connection, id_),
            people(connection),
        )

    read, corrected, names = await site.database.read(work)
    now = site.clock()
    await site.database.write(
        lambda connection: audit(
            connection, actor=user.id, deed="read", subject=f"conversation:{id_}", now=now
        )
    )
    response = templates.render(
        request, "conversation.html", folder=FOLDER, view=read.view, parts=read.parts, people=names, low=LOW,
        fallback=NLU_FALLBACK, desk=user.role in access.AGENTS, back=_back(request), corrected=corrected,
        errors=sum(part.errors for part in read.parts), articles=site.articles, segments=wording.segments,
    )  # fmt: skip
    remember(request, response, secure=is_https(request))
    return response


# ── filters ───────────────────────────────────────────────────────────────────────────────────────────────


def filter_of(given: dict[str, str], zone: tzinfo) -> ReviewFilter:
    """The filter that the form's fields ask for; what makes no sense is left aside."""
    since, until = _day(given["since"], zone), _day(given["until"], zone, days=1)
    return ReviewFilter(
        text=given["text"] or None,
        language=given["language"] or None,
        channel=given["channel"] or None,
        intent=given["intent"] or None,
        outcome=given["outcome"] or None,
        owner=given["owner"] or None,
        max_confidence=LOW if given["low"] else None,
        since=since,
        until=until,
    )


def _day(text: str, zone: tzinfo, days: int = 0) -> float | None:
    try:
        day = date.fromisoformat(text) + timedelta(days=days)
        return datetime(day.year, day.month, day.day, tzinfo=zone).timestamp()
    except (ValueError, OverflowError, OSError):
        return None


def _address(given: dict[str, str], page: int) -> str:
    return str(URL("/review").with_query({**{k: v for k, v in given.items() if v}, "page": str(page)}))


def _back(request: web.Request) -> str:
    """The list as it was filtered, where the reader came from it."""
    came = URL(request.headers.get("Referer", ""))
    return str(came.relative()) if came.absolute and came.path == "/review" else "/review"


__all__ = ["conversation", "filter_of", "listed", "routes"]
