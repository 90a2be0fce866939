"""The desk's list: who waits for a person, has one, or has an open ticket; what is snoozed, what is resolved.

Two queries for a list, however long: its lines, and what was said last in them. How many there are is
`desk_counts`; what an agent marks (drafts, what was read) is `marks`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import Connection, Text, and_, bindparam, case, exists, func, or_, select

from bot.model.conversation import Owner, Status
from bot.model.events import SPOKEN
from bot.model.numbers import whole_number
from bot.store.said import holds, words_of
from bot.store.schema import contents, conversations, customers, events, handoffs, tickets, users
from bot.store.schema_desk import mentions, readings

_c, _e, _t, _h = conversations.c, events.c, tickets.c, handoffs.c

VIEWS = ("mine", "unassigned", "all", "mentions")
STATUSES = ("open", "snoozed", "resolved")
SORTS = ("pressing", "due", "waiting", "newest")


@dataclass(frozen=True, slots=True)
class DeskQuery:
    """Which conversations, for whom. A search (`q`, all its words) looks in every view and status; the other
    filters, empty where they do not matter, hold for it too."""

    user_id: str
    view: str = "all"
    status: str = "open"
    sort: str = "pressing"
    q: str = ""
    team: str = ""
    channel: str = ""
    priority: str = ""
    language: str = ""


@dataclass(frozen=True, slots=True)
class Last:
    """What was said last in a conversation, and how much the agent has not read of the customer's."""

    type: str = ""
    at: float | None = None
    content: dict[str, Any] | None = None
    unread: int = 0


@dataclass(frozen=True, slots=True)
class DeskItem:
    """A line of the list. `due` is until when it must be answered or, once it is, solved."""

    conversation_id: str
    channel: str
    language: str
    owner: str
    status: str
    team: str | None
    agent_id: str | None
    seq: int
    created_at: float
    updated_at: float
    waiting_since: float | None
    snoozed_until: float | None
    agent_name: str | None
    customer_name: str | None
    priority: str | None
    reason: str | None
    ticket: int | None
    ticket_status: str | None
    ticket_customer: str | None
    intent: str | None
    due: float | None
    last: Last = field(default_factory=Last)

    @property
    def name(self) -> str | None:
        """What the customer is called, as far as anybody knows."""
        return self.ticket_customer or self.customer_name or None

    @property
    def last_text(self) -> str:
        """The last thing that somebody said, or the bot; no notice."""
        return str((self.last.content or {}).get("text") or "")


@dataclass(frozen=True, slots=True)
class DeskPage:
    """Some lines of a list, and whether there are more."""

    items: tuple[DeskItem, ...]
    more: bool


# ── which conversations ───────────────────────────────────────────────────────────────────────────────────

_left_open = select(_t.conversation_id).where(_t.status == "open")
AT_WORK = _c.id.in_(select(_c.id).where(_c.owner != Owner.BOT.value).union(_left_open))
"""With a person or waiting for one, or with a ticket that was left open."""

_OPEN = and_(AT_WORK, _c.status != Status.SNOOZED.value)
_SNOOZED = and_(_c.owner != Owner.BOT.value, _c.status == Status.SNOOZED.value)
_RESOLVED = and_(
    _c.owner == Owner.BOT.value,
    _c.id.in_(select(_t.conversation_id).where(_t.status != "open")),
    _c.id.not_in(_left_open),
)
_BY_STATUS = {"open": _OPEN, "snoozed": _SNOOZED, "resolved": _RESOLVED}
_ANY = or_(_c.owner != Owner.BOT.value, _c.id.in_(select(_t.conversation_id)))

_due = case((_t.answered_at.is_(None) & _h.id.is_not(None), _t.response_due), else_=_t.resolution_due)
_due_if_open = case(((_t.status == "open") & _t.paused_at.is_(None), _due), else_=None)
_waits = func.coalesce(_c.waiting_since, _h.created_at, _c.created_at)
_ORDER: dict[str, tuple[Any, ...]] = {
    "pressing": (
        case((_c.owner == Owner.BOT.value, 1), else_=0),
        func.coalesce(_h.priority, _t.priority, "P9"),
        _waits,
    ),
    "due": (case((_due_if_open.is_(None), 1), else_=0), _due_if_open, _waits),
    "waiting": (case((_c.waiting_since.is_(None), 1), else_=0), _waits),
    "newest": (_c.updated_at.desc(),),
}


def _ticket_of_it() -> Any:
    """The ticket that a line shows: that of the episode that goes on, or one that was left open."""
    of_it = tickets.alias("of_it").c
    number = (
        select(func.max(of_it.number))
        .where(of_it.conversation_id == _c.id, or_(of_it.episode == _c.episode, of_it.status == "open"))
        .correlate(conversations)
        .scalar_subquery()
    )
    return _t.number == number


def _called() -> Any:
    """What the customer was last called on a ticket of this conversation; of an earlier episode, too."""
    named = tickets.alias("named").c
    return (
        select(named.customer)
        .where(named.conversation_id == _c.id, named.customer != "")
        .order_by(named.number.desc())
        .limit(1)
        .correlate(conversations)
        .scalar_subquery()
    )


_LINES = (
    select(
        _c.id, _c.channel, _c.language, _c.owner, _c.status, _c.team, _c.agent_id, _c.seq, _c.created_at,
        _c.updated_at, _c.waiting_since, _c.snoozed_until, users.c.name, customers.c.name,
        func.coalesce(_h.priority, _t.priority), _h.reason, _t.number, _t.status, _called(), _t.intent,
        _due_if_open,
    )
    .select_from(conversations)
    .outerjoin(users, users.c.id == _c.agent_id)
    .outerjoin(customers, customers.c.id == _c.customer_id)
    .outerjoin(handoffs, and_(_h.conversation_id == _c.id, _h.closed_at.is_(None)))
    .outerjoin(tickets, _ticket_of_it())
)  # fmt: skip


def listed(connection: Connection, wanted: DeskQuery, *, limit: int = 50) -> DeskPage:
    """The first lines of a list."""
    order = (*_ORDER[wanted.sort], _c.id)
    rows = connection.execute(_LINES.where(*_where(wanted)).order_by(*order).limit(limit + 1)).all()
    items = [DeskItem(*row) for row in rows[:limit]]
    last = _last_of(connection, wanted.user_id, [item.conversation_id for item in items])
    found = (replace(item, last=last.get(item.conversation_id, Last())) for item in items)
    return DeskPage(tuple(found), len(rows) > limit)


def _where(wanted: DeskQuery) -> list[Any]:
    where: list[Any] = [
        column == value
        for column, value in (
            (_c.team, wanted.team),
            (_c.channel, wanted.channel),
            (_c.language, wanted.language),
            (func.coalesce(_h.priority, _t.priority), wanted.priority),
        )
        if value
    ]
    words = words_of(wanted.q)
    if words:
        return [*where, _ANY, *(_has(word) for word in words)]
    status = _BY_STATUS[wanted.status]
    if wanted.view == "mentions" and wanted.status == "open":
        status = or_(status, _called_in(wanted, mentions.c.read_at.is_(None)))  # wherever it is by now
    return [*where, status, *_of_view(wanted)]


def _called_in(wanted: DeskQuery, *that: Any) -> Any:
    mine = (mentions.c.conversation_id == _c.id, mentions.c.user_id == wanted.user_id)
    return exists().where(*mine, *that)


def _of_view(wanted: DeskQuery) -> list[Any]:
    if wanted.view == "unassigned":
        return [_c.owner == Owner.QUEUE.value]
    if wanted.view == "mentions":
        return [_called_in(wanted)]
    if wanted.view == "mine":
        mine = handoffs.alias("mine").c  # a resolved conversation has no agent any more, its handoff has
        helped = exists().where(mine.conversation_id == _c.id, mine.agent_id == wanted.user_id)
        return [helped if wanted.status == "resolved" else _c.agent_id == wanted.user_id]
    return []


def _has(word: str) -> Any:
    """Who, what and which number: the ticket's words, the customer, anything that was said."""
    theirs, message = tickets.alias("theirs").c, contents.alias("message").c
    on_ticket = holds(theirs.search, [word])
    number = whole_number(word.removeprefix("#"), digits=11)
    if number is not None:
        on_ticket = or_(on_ticket, theirs.number == number)
    return or_(
        exists().where(theirs.conversation_id == _c.id, on_ticket),
        holds(customers.c.search, [word]),
        _c.channel == word,
        exists().where(message.conversation_id == _c.id, holds(message.search, [word])),
    )


# ── what was said last, and what is unread ────────────────────────────────────────────────────────────────


def _last_query() -> Any:
    spoken, theirs = events.alias("spoken").c, events.alias("theirs").c
    last = (
        select(spoken.seq)
        .where(spoken.conversation_id == _c.id, spoken.type.in_(sorted(SPOKEN - {"system"})))
        .order_by(spoken.seq.desc())
        .limit(1)
        .correlate(conversations)
        .scalar_subquery()
    )
    unread = (
        select(func.count())
        .where(
            theirs.conversation_id == _c.id,
            theirs.type == "user",
            theirs.seq > func.coalesce(readings.c.seq, 0),
        )
        .correlate(conversations, readings)
        .scalar_subquery()
    )
    return (
        select(_c.id, _e.type, _e.at, contents.c.content, unread)
        .select_from(conversations)
        .outerjoin(
            readings,
            and_(readings.c.conversation_id == _c.id, readings.c.user_id == bindparam("user_id", type_=Text)),
        )
        .outerjoin(events, and_(_e.conversation_id == _c.id, _e.seq == last))
        .outerjoin(contents, and_(contents.c.conversation_id == _c.id, contents.c.seq == _e.seq))
    )


_LAST = _last_query()


def _last_of(connection: Connection, user_id: str, ids: Sequence[str]) -> dict[str, Last]:
    if not ids:
        return {}
    rows: Any = connection.execute(_LAST.where(_c.id.in_(ids)), {"user_id": user_id})
    return {row[0]: Last(row[1] or "", *row[2:]) for row in rows}
