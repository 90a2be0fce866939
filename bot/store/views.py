"""Read models for pages: transcripts, the desk's list, one conversation. A fixed number of queries each.

The review's list is `review`, with its filters. Nothing here changes anything.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Integer, Text, and_, bindparam, case, func, or_, select

from bot.model.events import SPOKEN
from bot.store.customers import Customer, get_customer
from bot.store.handoffs import Handoff, open_handoff, position
from bot.store.record import TimelineItem
from bot.store.review import ReviewFilter, ReviewItem, ReviewPage, review_list
from bot.store.schema import contents, conversations, customers, events, handoffs, tickets, users
from bot.store.statements import Prepared
from bot.store.tickets import TicketRow, ticket_of
from bot.store.values import loads

__all__ = [
    "ConversationView",
    "DeskItem",
    "ReviewFilter",
    "ReviewItem",
    "ReviewPage",
    "TimelineItem",
    "conversation",
    "desk_counts",
    "desk_list",
    "find_conversation",
    "review_list",
    "timeline",
    "transcript",
]

_c, _e = conversations.c, events.c

EVENTS_AT_ONCE = 2_000


# ── what was said and done ────────────────────────────────────────────────────────────────────────────────


def _events_after(*wanted: Any) -> Prepared:
    query = (
        select(_e.seq, _e.type, _e.at, _e.turn, _e.data, contents.c.content)
        .outerjoin(contents, and_(contents.c.conversation_id == _e.conversation_id, contents.c.seq == _e.seq))
        .where(
            _e.conversation_id == bindparam("id", type_=Text),
            _e.seq > bindparam("after", type_=Integer),
            *wanted,
        )
        .order_by(_e.seq)
        .limit(bindparam("most", type_=Integer))
    )
    return Prepared(lambda _: query)


_ALL = _events_after()
_SPOKEN = _events_after(or_(*(_e.type == each for each in sorted(SPOKEN))))


def timeline(
    connection: Connection, conversation_id: str, after: int = 0, *, limit: int = EVENTS_AT_ONCE
) -> list[TimelineItem]:
    """Everything on record after that number, for agents and reviewers."""
    return _items(_ALL, connection, conversation_id, after, limit)


def transcript(
    connection: Connection, conversation_id: str, after: int = 0, *, limit: int = EVENTS_AT_ONCE
) -> list[TimelineItem]:
    """Only what the customer said and saw."""
    return _items(_SPOKEN, connection, conversation_id, after, limit)


def _items(query: Prepared, connection: Connection, id_: str, after: int, limit: int) -> list[TimelineItem]:
    rows = query.rows(connection, {"id": id_, "after": after, "most": limit})
    return [TimelineItem(*row[:4], data=loads(row[4]), content=loads(row[5])) for row in rows]


# ── the desk ──────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class DeskItem:
    """A line of the desk's list: a conversation that waits for a person, has one, or has an open ticket."""

    conversation_id: str
    channel: str
    language: str
    owner: str
    status: str
    team: str | None
    agent_id: str | None
    seq: int
    created_at: float
    waiting_since: float | None
    agent_name: str | None
    customer_name: str | None
    priority: str | None
    reason: str | None
    handed_off_at: float | None
    ticket: int | None
    ticket_customer: str | None
    intent: str | None
    summary: str | None
    response_due: float | None
    resolution_due: float | None
    last_type: str | None
    last_at: float | None
    last_content: dict[str, Any] | None

    @property
    def name(self) -> str | None:
        """What the customer is called, as far as anybody knows."""
        return self.customer_name or self.ticket_customer or None

    @property
    def last_text(self) -> str:
        """The last thing that was said."""
        return str((self.last_content or {}).get("text") or "")


def _desk_query() -> Any:
    last = events.alias("last")
    said = (
        select(last.c.seq)
        .where(last.c.conversation_id == _c.id, last.c.type.in_(sorted(SPOKEN)))
        .order_by(last.c.seq.desc())
        .limit(1)
        .correlate(conversations)
        .scalar_subquery()
    )
    of_it = tickets.alias("of_it").c
    ticket = (
        select(func.max(of_it.number))
        .where(of_it.conversation_id == _c.id, or_(of_it.episode == _c.episode, of_it.status == "open"))
        .correlate(conversations)
        .scalar_subquery()
    )
    with_people = select(_c.id).where(_c.owner != "bot")
    left = select(tickets.c.conversation_id).where(tickets.c.status == "open")
    return (
        select(
            _c.id, _c.channel, _c.language, _c.owner, _c.status, _c.team, _c.agent_id, _c.seq, _c.created_at,
            _c.waiting_since, users.c.name, customers.c.name, handoffs.c.priority, handoffs.c.reason,
            handoffs.c.created_at, tickets.c.number, tickets.c.customer, tickets.c.intent, tickets.c.summary,
            tickets.c.response_due, tickets.c.resolution_due, _e.type, _e.at, contents.c.content,
        )
        .select_from(conversations)
        .outerjoin(users, users.c.id == _c.agent_id)
        .outerjoin(customers, customers.c.id == _c.customer_id)
        .outerjoin(handoffs, and_(handoffs.c.conversation_id == _c.id, handoffs.c.closed_at.is_(None)))
        .outerjoin(tickets, tickets.c.number == ticket)
        .outerjoin(events, and_(_e.conversation_id == _c.id, _e.seq == said))
        .outerjoin(contents, and_(contents.c.conversation_id == _c.id, contents.c.seq == _e.seq))
        .where(_c.id.in_(with_people.union(left)))
    )  # fmt: skip


_DESK = _desk_query()


def desk_list(
    connection: Connection,
    *,
    owner: str | None = None,
    agent_id: str | None = None,
    teams: Collection[str] | None = None,
    limit: int = 200,
) -> list[DeskItem]:
    """Who waits for a person, has one, or has an open ticket while the bot goes on, these last; the most
    pressing first, and first come first within that."""
    query = _DESK
    if owner is not None:
        query = query.where(_c.owner == owner)
    if agent_id is not None:
        query = query.where(_c.agent_id == agent_id)
    if teams is not None:
        query = query.where(_c.team.in_(teams))
    query = query.order_by(
        case((_c.owner == "bot", 1), else_=0),
        func.coalesce(handoffs.c.priority, "P9"),
        func.coalesce(_c.waiting_since, handoffs.c.created_at, _c.created_at),
        _c.id,
    )
    return [DeskItem(*row) for row in connection.execute(query.limit(limit))]


def desk_counts(connection: Connection) -> dict[str, int]:
    """How many conversations wait (`queue`) and how many are with somebody (`agent`)."""
    rows = connection.execute(select(_c.owner, func.count()).where(_c.owner != "bot").group_by(_c.owner))
    return {"queue": 0, "agent": 0} | {row[0]: row[1] for row in rows}


# ── one conversation ──────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class ConversationView:
    """All about one conversation but its events."""

    id: str
    channel: str
    sender_id: str
    language: str
    owner: str
    status: str
    owner_epoch: int
    agent_id: str | None
    team: str | None
    episode: int
    version: int
    seq: int
    created_at: float
    updated_at: float
    waiting_since: float | None
    last_customer_at: float | None
    outcome: str | None
    state: Mapping[str, Any] | None
    agent_name: str | None
    customer: Customer | None
    ticket: TicketRow | None
    handoff: Handoff | None
    position: int | None


_ONE = select(
    _c.id, _c.channel, _c.sender_id, _c.language, _c.owner, _c.status, _c.owner_epoch, _c.agent_id, _c.team,
    _c.episode, _c.version, _c.seq, _c.created_at, _c.updated_at, _c.waiting_since, _c.last_customer_at,
    _c.outcome, _c.state, users.c.name, _c.customer_id,
).outerjoin(users, users.c.id == _c.agent_id)  # fmt: skip


def conversation(connection: Connection, conversation_id: str) -> ConversationView | None:
    """One conversation with its customer, its last ticket and its open handoff."""
    row = connection.execute(_ONE.where(_c.id == conversation_id)).first()
    if row is None:
        return None
    *fields, customer_id = row
    handoff = open_handoff(connection, conversation_id)
    return ConversationView(
        *fields,
        customer=get_customer(connection, customer_id) if customer_id else None,
        ticket=ticket_of(connection, conversation_id),
        handoff=handoff,
        position=position(connection, conversation_id) if handoff and handoff.claimed_at is None else None,
    )


def find_conversation(connection: Connection, channel: str, sender_id: str) -> str | None:
    """The id of the conversation with this sender."""
    return connection.execute(select(_c.id).where(_c.channel == channel, _c.sender_id == sender_id)).scalar()
