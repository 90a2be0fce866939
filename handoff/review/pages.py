"""/review: all conversations, filtered. One of them is `one`, the filters are `filters`. Reads only."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from aiohttp import web
from sqlalchemy import Connection, select
from yarl import URL

from bot.model.understanding import NLU_FALLBACK
from bot.store import remarks, views
from bot.store.accounts import list_users
from bot.store.schema import conversations
from bot.store.views import ReviewPage
from bot.web import access, templates
from bot.web.languages import LANGUAGES, page_language, remember
from bot.web.reach import is_https
from bot.web.site import site_of
from bot.web.templates import humane
from bot.web.texts import words
from handoff.review.common import FOLDER, intents, page_number
from handoff.review.filters import (
    FIELDS,
    MORE,
    OF_REVIEWERS,
    OUTCOMES,
    OWNERS,
    SATISFACTIONS,
    SPEAKERS,
    filter_of,
    steps,
)
from handoff.review.worth import LOW

SIZE = 25


@dataclass(frozen=True, slots=True)
class Listed:
    """One page of the list, and what its filters can choose from."""

    page: ReviewPage
    tags: dict[str, tuple[str, ...]]
    channels: list[str]
    known_tags: list[tuple[str, str]]
    agents: list[tuple[str, str]]


def routes() -> list[web.RouteDef]:
    """The list."""
    return [web.get("/review", listed), web.get("/review/", listed)]


@access.roles(*access.READERS)
async def listed(request: web.Request) -> web.StreamResponse:
    """The list, filtered by the query."""
    site, user = site_of(request), await access.user_of(request)
    reviewer = user.role in access.REVIEWERS
    fields = (*FIELDS, *OF_REVIEWERS) if reviewer else FIELDS
    given = {name: request.query.get(name, "").replace("\x00", "").strip()[:200] for name in fields}
    page = page_number(request.query.get("page"))
    wanted = filter_of(given, site.zone)

    def read(connection: Connection) -> Listed:
        found = views.review_list(connection, wanted, limit=SIZE, offset=(page - 1) * SIZE)
        ids = [item.conversation_id for item in found.items]
        return Listed(
            found,
            remarks.tags_of(connection, ids) if reviewer else {},
            sorted(connection.execute(select(conversations.c.channel).distinct()).scalars()),
            [(tag, tag) for tag in remarks.known_tags(connection)] if reviewer else [],
            [(each.id, each.name) for each in list_users(connection) if each.role in access.AGENTS]
            if reviewer
            else [],
        )

    found = await site.database.read(read)
    t = words(page_language(request))

    def named(prefix: str, names: Iterable[str]) -> list[tuple[str, str]]:
        return [(name, humane(t.known(prefix, name))) for name in names]

    response = templates.render(
        request, "list.html", folder=FOLDER, given=given, listed=found, found=found.page, page=page,
        pages=max(1, -(-found.page.total // SIZE)), low=LOW, intents=intents(site, page_language(request)),
        outcomes=OUTCOMES, owners=OWNERS, satisfactions=SATISFACTIONS, steps=list(steps(site.pack())),
        names=LANGUAGES, filtered=any(given.values()), more=any(given.get(name) for name in MORE),
        first=(page - 1) * SIZE + 1, reviewer=reviewer, fallback=NLU_FALLBACK,
        address=lambda number: _address(given, number), named=named,
        speakers=[(kind, t(f"who.{name}")) for kind, name in SPEAKERS.items()],
    )  # fmt: skip
    remember(request, response, secure=is_https(request))
    return response


def _address(given: dict[str, str], page: int) -> str:
    return str(URL("/review").with_query({**{k: v for k, v in given.items() if v}, "page": str(page)}))
