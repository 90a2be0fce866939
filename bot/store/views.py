"""Read models for pages: transcripts and one conversation. A fixed number of queries each.

The review's list is `review`, the desk's is `desk`. Nothing here changes anything.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Integer, Text, and_, bindparam, func, or_, select

from bot.model.events import SPOKEN
from bot.store.customers import Customer, get_customer
from bot.store.handoffs import Handoff, open_handoff, position
from bot.store.record import TimelineItem
from bot.store.review import ReviewFilter, ReviewItem, ReviewPage, review_list
from bot.store.schema import contents, conversations, events, users
from bot.store.statements import Prepared
from bot.store.tickets import TicketRow, ticket_of
from bot.store.values import loads

__all__ = [
    "ConversationView",
    "ReviewFilter",
    "ReviewItem",
    "ReviewPage",
    "TimelineItem",
    "conversation",
    "desk_counts",
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


def last_said(connection: Connection, conversation_id: str, most: int) -> tuple[str, ...]:
    """The customer's last messages that have words, the oldest first."""
    rows: Any = connection.execute(
        select(contents.c.content)
        .join(events, and_(_e.conversation_id == contents.c.conversation_id, _e.seq == contents.c.seq))
        .where(_e.conversation_id == conversation_id, _e.type == "user")
        .order_by(_e.seq.desc())
        .limit(most)
    )
    texts = [str((content or {}).get("text") or "") for (content,) in rows]
    return tuple(text for text in reversed(texts) if text)


def _items(query: Prepared, connection: Connection, id_: str, after: int, limit: int) -> list[TimelineItem]:
    rows = query.rows(connection, {"id": id_, "after": after, "most": limit})
    return [TimelineItem(*row[:4], data=loads(row[4]), content=loads(row[5])) for row in rows]


# ── the desk ──────────────────────────────────────────────────────────────────────────────────────────────


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
    snoozed_until: float | None
    last_customer_at: float | None
    outcome: str | None
    state: Mapping[str, Any] | None
    erased_at: float | None
    agent_name: str | None
    customer: Customer | None
    ticket: TicketRow | None
    handoff: Handoff | None
    position: int | None


_ONE = select(
    _c.id, _c.channel, _c.sender_id, _c.language, _c.owner, _c.status, _c.owner_epoch, _c.agent_id, _c.team,
    _c.episode, _c.version, _c.seq, _c.created_at, _c.updated_at, _c.waiting_since, _c.snoozed_until,
    _c.last_customer_at, _c.outcome, _c.state, _c.erased_at, users.c.name, _c.customer_id,
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
