"""/api/v1/tickets: found by number, customer, conversation or words, and one by its number."""

from __future__ import annotations

from dataclasses import asdict

from aiohttp import web

from bot.model.errors import NotFound
from bot.model.numbers import whole_number
from bot.store.repositories import TicketRow, get_ticket, search_tickets
from bot.web import access
from bot.web.api import models
from bot.web.api.common import answer, certain, page_of, query_of
from bot.web.reach import public_base
from bot.web.site import site_of


def routes() -> list[web.RouteDef]:
    """The list and one."""
    return [web.get("/api/v1/tickets", listed), web.get("/api/v1/tickets/{number}", one)]


@access.token
async def listed(request: web.Request) -> web.StreamResponse:
    """`?q=&status=&team=&limit=&offset=`."""
    limit, offset = page_of(request)
    q, status, team = (query_of(request, name) for name in ("q", "status", "team"))
    rows, total = await site_of(request).database.read(
        lambda connection: search_tickets(
            connection, q, status=status or None, team=team or None, limit=limit, offset=offset
        )
    )
    base = public_base(request)
    return answer(models.Tickets(items=[ticket_of(row, base) for row in rows], total=total))


@access.token
async def one(request: web.Request) -> web.StreamResponse:
    """By its number, with or without #."""
    number, row = whole_number(request.match_info["number"].lstrip("#"), digits=11), None
    if number is not None:
        row = await site_of(request).database.read(lambda connection: get_ticket(connection, number))
    if row is None:
        raise NotFound("there is no ticket with this number")
    return answer(ticket_of(row, public_base(request)))


def ticket_of(row: TicketRow, base: str) -> models.Ticket:
    """A ticket for a program. Its secret stays here."""
    it = row.ticket
    return models.Ticket(
        number=row.number,
        conversation_id=it.conversation_id,
        sender_id=row.sender_id,
        customer=it.customer,
        contact=it.contact,
        channel=it.channel,
        language=it.language,
        intent=it.intent,
        summary=it.summary,
        facts={
            name: models.Fact(label=str(fact.get("label", name)), value=str(fact.get("value", "")))
            for name, fact in it.facts.items()
        },
        steps_tried=[models.StepTried(**asdict(step)) for step in it.steps_tried],
        articles=list(it.articles),
        impact=it.impact.value,
        urgency=it.urgency.value,
        priority=it.priority.value,
        team=it.team,
        status=row.status,
        response_due=it.response_due,
        resolution_due=it.resolution_due,
        checks=[models.Check(**asdict(check)) for check in it.checks],
        notes=list(it.notes),
        reason=it.reason,
        created_at=certain(row.created_at),
        url=f"{base}/review/{it.conversation_id}",
    )
