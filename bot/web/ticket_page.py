"""/t/<secret>: how a ticket stands, in words, for the customer who has its link. Whoever has it may read it,
so it shows the state and what was agreed, and neither what was said nor who the customer is.
"""

from __future__ import annotations

from aiohttp import web
from sqlalchemy import Connection

from bot.model.errors import NotFound, TooMany
from bot.store import views
from bot.store.repositories import TicketRow, ticket_by_secret
from bot.store.views import ConversationView
from bot.web import access, templates
from bot.web.languages import LANGUAGES
from bot.web.reach import counted_address
from bot.web.site import site_of

LONGEST = 100
TRIES, PER = 60, 60.0
"""Looks at tickets that one address may take."""


def routes() -> list[web.RouteDef]:
    """The secret link."""
    return [web.get("/t/{secret}", show)]


@access.public
async def show(request: web.Request) -> web.StreamResponse:
    """The page; one 404 for whatever is not a ticket's secret."""
    site = site_of(request)
    wait = await site.bus.allow(f"ticket-page:{counted_address(request)}", TRIES, PER)
    if wait:
        raise TooMany("too many requests at once", wait)
    secret = request.match_info["secret"][:LONGEST]

    def read(connection: Connection) -> tuple[TicketRow, ConversationView | None]:
        row = ticket_by_secret(connection, secret)
        if row is None:
            raise NotFound("there is no ticket at this address")
        return row, views.conversation(connection, row.ticket.conversation_id)

    row, view = await site.database.read(read)
    asked = request.query.get("lang", "")
    language = asked if asked in LANGUAGES else row.ticket.language
    return templates.render(
        request, "ticket.html", language=language, row=row, state=state_of(row, view),
        headers={"Referrer-Policy": "no-referrer", "X-Robots-Tag": "noindex"},
    )  # fmt: skip


def state_of(row: TicketRow, view: ConversationView | None) -> str:
    """How it stands for the customer: waiting, with_agent, solved, closed, open."""
    if row.status in ("solved", "closed"):
        return row.status
    if view is None or view.episode != row.episode:
        return "open"
    return {"queue": "waiting", "agent": "with_agent"}.get(view.owner, "open")
