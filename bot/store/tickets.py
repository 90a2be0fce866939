"""Tickets on record: made at a handoff, found again by number, customer, conversation or words."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, Row, false, func, insert, or_, select, update

from bot.model.errors import NotFound
from bot.model.numbers import whole_number
from bot.model.ticket import CheckResult, Level, Priority, StepTried, Ticket
from bot.store.said import folded, holds, words_of
from bot.store.schema import conversations, tickets

_t, _c = tickets.c, conversations.c

_ROWS = select(*_t, _c.sender_id).join(conversations, _c.id == _t.conversation_id)


@dataclass(frozen=True, slots=True)
class TicketRow:
    """A ticket with what the store adds. `secret` opens its page for whoever has the link; `sender_id` is the
    channel's name for its customer; `paused_at` is since when its clock stands still,
    `answered_at` when a person first answered after it was handed over."""

    number: int
    status: str
    episode: int
    secret: str
    sender_id: str
    ticket: Ticket
    created_at: float
    updated_at: float
    solved_at: float | None
    solution: str | None
    paused_at: float | None = None
    answered_at: float | None = None


def at_work(row: TicketRow | None, episode: int) -> TicketRow | None:
    """A conversation's last ticket where people work on it still: it is of this episode, or was left open."""
    return row if row and (row.episode == episode or row.status == "open") else None


def create_ticket(connection: Connection, ticket: Ticket, *, episode: int, now: float) -> TicketRow:
    """Make the ticket of this episode, or fill the one it has again with what is known now."""
    existing = ticket_of(connection, ticket.conversation_id, episode=episode)
    if existing:
        return update_ticket(connection, existing.number, now=now, ticket=ticket)
    values = _values(ticket) | {
        "episode": episode,
        "status": "open",
        "secret": secrets.token_urlsafe(16),
        "created_at": now,
        "updated_at": now,
    }
    number = connection.execute(insert(tickets).values(values).returning(_t.number)).scalar_one()
    return _known(connection, number)


def update_ticket(
    connection: Connection,
    number: int,
    *,
    now: float,
    ticket: Ticket | None = None,
    status: str | None = None,
    solution: str | None = None,
    team: str | None = None,
    handed_over: bool = False,
) -> TicketRow:
    """Change what is given, leave the rest. A solution does not close a ticket by itself: `status` does.
    What is `handed_over` waits for an answer anew."""
    values: dict[str, Any] = {"updated_at": now}
    if ticket is not None:
        values |= _values(ticket)
    if handed_over:
        values["answered_at"] = None
    if status is not None:
        values |= {
            "status": status,
            "solved_at": None if status == "open" else func.coalesce(_t.solved_at, now),
        }
    if solution is not None:
        found_by = values.get("search", _t.search)
        values |= {"solution": solution, "search": found_by + " " + folded(solution)}
    if team is not None:
        values["team"] = team
    connection.execute(update(tickets).where(_t.number == number).values(values))
    return _known(connection, number)


def answered(connection: Connection, conversation_id: str, episode: int, *, now: float) -> None:
    """A person has answered the customer: the first time counts, on every ticket that is at work."""
    here = or_(_t.episode == episode, _t.status == "open")
    connection.execute(
        update(tickets)
        .where(_t.conversation_id == conversation_id, here, _t.answered_at.is_(None))
        .values(answered_at=now)
    )


def get_ticket(connection: Connection, number: int) -> TicketRow | None:
    """By its number."""
    return _one(connection, _t.number == number)


def _known(connection: Connection, number: int) -> TicketRow:
    row = get_ticket(connection, number)
    if row is None:
        raise NotFound(f"there is no ticket {number}")
    return row


def ticket_by_secret(connection: Connection, secret: str) -> TicketRow | None:
    """By its secret link."""
    return _one(connection, _t.secret == secret)


def ticket_of(
    connection: Connection, conversation_id: str, *, episode: int | None = None
) -> TicketRow | None:
    """The ticket of a conversation: its last one, or that of one episode."""
    if episode is None:
        return _one(connection, _t.conversation_id == conversation_id)
    return _one(connection, (_t.conversation_id == conversation_id) & (_t.episode == episode))


def tickets_of_customer(connection: Connection, customer_id: str, *, limit: int = 50) -> list[TicketRow]:
    """All tickets of a known customer, the newest first, whatever the channel."""
    found = connection.execute(
        _ROWS.where(_c.customer_id == customer_id).order_by(_t.number.desc()).limit(limit)
    )
    return [_row(row) for row in found]


def earlier_tickets(
    connection: Connection, conversation_id: str, customer_id: str | None, *, besides: int, limit: int
) -> list[TicketRow]:
    """Other tickets of the same conversation, and of the same customer elsewhere; the newest first."""
    theirs = _t.conversation_id == conversation_id
    if customer_id:
        theirs |= _c.customer_id == customer_id
    query = _ROWS.where(theirs, _t.number != besides).order_by(_t.number.desc()).limit(limit)
    return [_row(row) for row in connection.execute(query)]


def tickets_with_contact(
    connection: Connection, contact: str, *, besides: str, limit: int
) -> list[TicketRow]:
    """Tickets of other conversations whose contact is the same, or one of its parts (`a@example.be, 0470…`);
    the newest first. Nobody has checked that it is the same person."""
    ways = {contact, *contact.split(", ")} - {""}
    if not ways:
        return []
    query = _ROWS.where(_t.contact.in_(sorted(ways)), _t.conversation_id != besides)
    return [_row(row) for row in connection.execute(query.order_by(_t.number.desc()).limit(limit))]


def search_tickets(
    connection: Connection,
    q: str = "",
    *,
    status: str | None = None,
    team: str | None = None,
    limit: int = 50,
    offset: int = 0,
) -> tuple[list[TicketRow], int]:
    """The newest first, and how many there are in all. `q` is a number (with or without #), the id of a
    conversation or of its sender, or words that must all occur in customer, contact, summary, intent, facts,
    notes or solution."""
    wanted = _match(q.strip())
    if status:
        wanted.append(_t.status == status)
    if team:
        wanted.append(_t.team == team)
    total = connection.execute(select(func.count()).select_from(tickets).where(*wanted)).scalar_one()
    rows = connection.execute(_ROWS.where(*wanted).order_by(_t.number.desc()).limit(limit).offset(offset))
    return [_row(row) for row in rows], total


def _match(q: str) -> list[Any]:
    if not q:
        return []
    of_sender = select(_c.id).where(_c.sender_id == q)
    choices = [_t.conversation_id == q, _t.conversation_id.in_(of_sender)]
    number = whole_number(q.lstrip("#"), digits=11)
    if number is not None:
        choices.append(_t.number == number)
    words = words_of(q)
    return [or_(*choices, holds(_t.search, words) if words else false())]


def _one(connection: Connection, wanted: Any) -> TicketRow | None:
    row = connection.execute(_ROWS.where(wanted).order_by(_t.number.desc()).limit(1)).first()
    return _row(row) if row else None


_SAME = (
    "conversation_id",
    "customer",
    "contact",
    "channel",
    "language",
    "intent",
    "summary",
    "team",
    "reason",
)
"""Columns that are as in `Ticket`."""


def _values(ticket: Ticket) -> dict[str, Any]:
    return {name: getattr(ticket, name) for name in _SAME} | {
        "facts": ticket.facts,
        "steps_tried": [asdict(step) for step in ticket.steps_tried],
        "checks": [asdict(check) for check in ticket.checks],
        "articles": list(ticket.articles),
        "notes": list(ticket.notes),
        "extra": ticket.extra,
        "impact": ticket.impact.value,
        "urgency": ticket.urgency.value,
        "priority": ticket.priority.value,
        "response_due": ticket.response_due.timestamp() if ticket.response_due else None,
        "resolution_due": ticket.resolution_due.timestamp() if ticket.resolution_due else None,
        "search": _searchable(ticket),
        "summary_search": folded(ticket.summary),
    }


def _searchable(ticket: Ticket) -> str:
    facts: Sequence[str] = [str(fact.get("value", "")) for fact in ticket.facts.values()]
    parts = (
        ticket.customer,
        ticket.contact,
        ticket.summary,
        ticket.intent,
        ticket.team,
        *facts,
        *ticket.notes,
    )
    return folded("\n".join(parts))


def _moment(at: float | None) -> datetime | None:
    return None if at is None else datetime.fromtimestamp(at, UTC)


def _row(row: Row[Any]) -> TicketRow:
    it: Mapping[Any, Any] = row._mapping
    ticket = Ticket(
        **{name: it[name] for name in _SAME},
        facts=it["facts"],
        steps_tried=tuple(StepTried(**step) for step in it["steps_tried"]),
        checks=tuple(CheckResult(**check) for check in it["checks"]),
        articles=tuple(it["articles"]),
        impact=Level(it["impact"]),
        urgency=Level(it["urgency"]),
        priority=Priority(it["priority"]),
        response_due=_moment(it["response_due"]),
        resolution_due=_moment(it["resolution_due"]),
        notes=tuple(it["notes"]),
        extra=it["extra"],
    )
    return TicketRow(
        number=it["number"],
        status=it["status"],
        episode=it["episode"],
        secret=it["secret"],
        sender_id=it["sender_id"],
        ticket=ticket,
        created_at=it["created_at"],
        updated_at=it["updated_at"],
        solved_at=it["solved_at"],
        solution=it["solution"],
        paused_at=it["paused_at"],
        answered_at=it["answered_at"],
    )


@dataclass(frozen=True, slots=True)
class SolvedBefore:
    """A ticket that was solved, and how."""

    number: int
    conversation_id: str
    summary: str
    solution: str
    solved_at: float


def solved_before(
    connection: Connection, intent: str, *, besides: int, limit: int = 50
) -> list[SolvedBefore]:
    """Tickets with this subject that were solved, with their solutions; the newest first."""
    found = (
        select(_t.number, _t.conversation_id, _t.summary, _t.solution, _t.solved_at)
        .where(_t.intent == intent, _t.status == "solved", _t.solution.is_not(None), _t.number != besides)
        .order_by(_t.number.desc())
        .limit(limit)
    )
    return [SolvedBefore(*row) for row in connection.execute(found)]
