"""/review: conversations by filter, and one with everything that is on record of each turn. Reads only."""

from __future__ import annotations

from datetime import date, datetime, timedelta, tzinfo
from pathlib import Path

from aiohttp import web
from sqlalchemy import Connection, select
from yarl import URL

from bot.model.errors import NotFound
from bot.model.understanding import NLU_FALLBACK
from bot.store import views
from bot.store.accounts import audit, list_users
from bot.store.schema import conversations
from bot.store.views import ConversationView, ReviewFilter, ReviewPage, TimelineItem
from bot.web import access, templates, timeline
from bot.web.languages import LANGUAGES, page_language, remember
from bot.web.reach import is_https
from bot.web.site import Site, site_of
from handoff.review.turns import parts_of

FOLDER = Path(__file__).parent / "templates"

SIZE = 25
LOW = 0.5
"""What counts as not sure: the filter "low confidence"."""

OUTCOMES = ("solved", "unsolved", "cancelled", "silent", "handed_off")
OWNERS = ("bot", "queue", "agent")
FIELDS = ("text", "language", "intent", "outcome", "channel", "owner", "low", "since", "until")


def routes() -> list[web.RouteDef]:
    """The list and one conversation."""
    return [web.get("/review", listed), web.get("/review/", listed), web.get("/review/{id}", conversation)]


@access.roles(*access.READERS)
async def listed(request: web.Request) -> web.StreamResponse:
    """The list, filtered by the query."""
    site = site_of(request)
    given = {name: request.query.get(name, "").replace("\x00", "").strip()[:200] for name in FIELDS}
    page = _number(request.query.get("page"))
    wanted = filter_of(given, site.zone)

    def read(connection: Connection) -> tuple[ReviewPage, list[str]]:
        found = views.review_list(connection, wanted, limit=SIZE, offset=(page - 1) * SIZE)
        return found, list(connection.execute(select(conversations.c.channel).distinct()).scalars())

    found, channels = await site.database.read(read)
    pages = max(1, -(-found.total // SIZE))
    response = templates.render(
        request, "list.html", folder=FOLDER, given=given, found=found, page=page, pages=pages, low=LOW,
        channels=sorted(channels), intents=_intents(site, page_language(request)), outcomes=OUTCOMES,
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

    def read(connection: Connection) -> tuple[ConversationView, list[TimelineItem], dict[str, str]]:
        view = views.conversation(connection, id_)
        if view is None:
            raise NotFound("there is no such conversation")
        return (
            view,
            timeline.whole(connection, id_, view.seq),
            {each.id: each.name for each in list_users(connection)},
        )

    view, items, names = await site.database.read(read)
    now = site.clock()
    await site.database.write(
        lambda connection: audit(
            connection, actor=user.id, deed="read", subject=f"conversation:{id_}", now=now
        )
    )
    parts = parts_of(items)
    response = templates.render(
        request, "conversation.html", folder=FOLDER, view=view, parts=parts, people=names, low=LOW,
        fallback=NLU_FALLBACK, desk=user.role in access.AGENTS, back=_back(request),
        errors=sum(part.errors for part in parts), articles=site.articles,
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


def _number(text: str | None) -> int:
    return max(1, int(text)) if text and text.isascii() and text.isdigit() and len(text) < 7 else 1


def _address(given: dict[str, str], page: int) -> str:
    return str(URL("/review").with_query({**{k: v for k, v in given.items() if v}, "page": str(page)}))


def _back(request: web.Request) -> str:
    """The list as it was filtered, where the reader came from it."""
    came = URL(request.headers.get("Referer", ""))
    return str(came.relative()) if came.absolute and came.path == "/review" else "/review"


def _intents(site: Site, language: str) -> list[tuple[str, str]]:
    """Every intent with its name for people, by that name."""
    named: list[tuple[str, str]] = [
        (name, site.subject(name, language)) for name in site.pack().domain.intents
    ]
    return sorted(named, key=lambda pair: pair[1].casefold())


__all__ = ["conversation", "filter_of", "listed", "routes"]
