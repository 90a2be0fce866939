"""The ports of the actions over the store: the one module here that knows the database."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from sqlalchemy import Connection, func, select

from bot.actions.tickets import TicketView
from bot.model.events import Event
from bot.store.database import Database
from bot.store.queue import append
from bot.store.repositories import (
    TicketRow,
    expected_wait,
    get_ticket,
    open_handoff,
    ticket_by_secret,
    tickets_of_customer,
    update_ticket,
)
from bot.store.schema import conversations, handoffs, identities, tickets

MAX_OWN = 20


class StoredTickets:
    """Tickets on record, seen from a conversation."""

    def __init__(self, database: Database, clock: Callable[[], float]) -> None:
        self._database = database
        self._clock = clock

    async def own(self, conversation_id: str) -> list[TicketView]:
        """Those of the conversation and of its proven customer, the newest first."""

        def read(connection: Connection) -> list[TicketView]:
            rows = {row.number: row for row in _of_conversation(connection, conversation_id)}
            rows |= {row.number: row for row in _of_customer(connection, conversation_id)}
            return [_view(connection, rows[number]) for number in sorted(rows, reverse=True)]

        return await self._database.read(read)

    async def by_secret(self, secret: str) -> TicketView | None:
        """The one that a secret link opens."""

        def read(connection: Connection) -> TicketView | None:
            row = ticket_by_secret(connection, secret)
            return _view(connection, row) if row else None

        return await self._database.read(read)

    async def add_note(self, number: int, conversation_id: str, text: str) -> None:
        """Add what a customer says, once; a solved ticket is open again, another conversation gets a note."""
        now = self._clock()

        def write(connection: Connection) -> None:
            row = get_ticket(connection, number)
            if row is None or text in row.ticket.notes:
                return
            ticket = replace(row.ticket, notes=(*row.ticket.notes, text))
            update_ticket(connection, number, now=now, ticket=ticket, status="open")
            if row.ticket.conversation_id != conversation_id:
                note = Event("note", {"ticket": number, "author": "customer"}, {"text": text})
                append(connection, row.ticket.conversation_id, [note], push=False, now=now)

        await self._database.write(write)


class StoredLine:
    """Who waits for which team, on record."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def ahead(self, team: str, priority: str) -> int:
        """How many wait who are helped before a newcomer of this priority."""
        waiting = (handoffs.c.closed_at.is_(None), handoffs.c.claimed_at.is_(None))
        query = (
            select(func.count())
            .select_from(handoffs)
            .where(*waiting, handoffs.c.team == team, handoffs.c.priority <= priority)
        )
        return await self._database.read(lambda connection: connection.execute(query).scalar_one())

    async def expected_wait(self, team: str) -> float | None:
        """Seconds that people waited lately."""
        return await self._database.read(lambda connection: expected_wait(connection, team))


def _of_conversation(connection: Connection, conversation_id: str) -> list[TicketRow]:
    numbers = connection.execute(
        select(tickets.c.number)
        .where(tickets.c.conversation_id == conversation_id)
        .order_by(tickets.c.number.desc())
        .limit(MAX_OWN)
    ).scalars()
    return [row for number in numbers.all() if (row := get_ticket(connection, number))]


def _of_customer(connection: Connection, conversation_id: str) -> list[TicketRow]:
    """The tickets of the conversation's customer, who must have proved who they are."""
    customer = connection.execute(
        select(conversations.c.customer_id)
        .join(identities, identities.c.customer_id == conversations.c.customer_id)
        .where(conversations.c.id == conversation_id, identities.c.verified_at.is_not(None))
        .limit(1)
    ).scalar()
    return tickets_of_customer(connection, customer, limit=MAX_OWN) if customer else []


def _view(connection: Connection, row: TicketRow) -> TicketView:
    waits = open_handoff(connection, row.ticket.conversation_id)
    return TicketView(
        number=row.number,
        status=row.status,
        summary=row.ticket.summary,
        team=row.ticket.team,
        claimed=waits is not None and waits.claimed_at is not None,
        resolution_due=row.ticket.resolution_due,
        solution=row.solution or "",
    )
