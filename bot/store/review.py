"""The review's list: conversations by what was said, understood and reached. Two queries and a count."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Text, and_, bindparam, exists, func, or_, select, type_coerce

from bot.store.schema import contents, conversations, events, tickets

_c, _e = conversations.c, events.c


@dataclass(frozen=True, slots=True)
class ReviewFilter:
    """What is looked for; what is None does not matter. Times are epoch seconds, `until` excluded.

    `text` was said, or is the id of the conversation or of its sender.

    `intent` and the confidences are of one and the same turn: "printer_problem, understood below 0.5".
    """

    text: str | None = None
    language: str | None = None
    channel: str | None = None
    intent: str | None = None
    outcome: str | None = None
    owner: str | None = None
    min_confidence: float | None = None
    max_confidence: float | None = None
    since: float | None = None
    until: float | None = None


@dataclass(frozen=True, slots=True)
class ReviewItem:
    """A line of the list. `intents` in the order in which they were understood, `confidence` the lowest."""

    conversation_id: str
    channel: str
    sender_id: str
    language: str
    owner: str
    status: str
    outcome: str | None
    turns: int
    created_at: float
    updated_at: float
    ticket: int | None
    first_content: dict[str, Any] | None
    intents: tuple[str, ...]
    confidence: float | None

    @property
    def first_text(self) -> str:
        """How the customer began."""
        return str((self.first_content or {}).get("text") or "")


@dataclass(frozen=True, slots=True)
class ReviewPage:
    """Some lines of the list, and how many there are in all."""

    items: tuple[ReviewItem, ...]
    total: int


_said = contents.alias("said").c
"""Contents again, for a search in all of them beside the first that the list shows."""


def _first_said() -> Any:
    first = events.alias("first")
    return (
        select(first.c.seq)
        .where(first.c.conversation_id == _c.id, first.c.type == "user")
        .order_by(first.c.seq)
        .limit(1)
        .correlate(conversations)
        .scalar_subquery()
    )


_LIST = (
    select(
        _c.id, _c.channel, _c.sender_id, _c.language, _c.owner, _c.status, _c.outcome, _c.version,
        _c.created_at, _c.updated_at, tickets.c.number, contents.c.content,
    )
    .select_from(conversations)
    .outerjoin(tickets, and_(tickets.c.conversation_id == _c.id, tickets.c.episode == _c.episode))
    .outerjoin(contents, and_(contents.c.conversation_id == _c.id, contents.c.seq == _first_said()))
    .order_by(_c.created_at.desc(), _c.id)
)  # fmt: skip

_UNDERSTOOD = (
    select(_e.conversation_id, _e.name, _e.score)
    .where(_e.conversation_id.in_(bindparam("ids", expanding=True)), _e.type == "understood")
    .order_by(_e.conversation_id, _e.seq)
)


def review_list(
    connection: Connection, wanted: ReviewFilter | None = None, *, limit: int = 50, offset: int = 0
) -> ReviewPage:
    """Conversations of every owner, the newest first."""
    where = _where(wanted or ReviewFilter())
    total = connection.execute(select(func.count()).select_from(conversations).where(*where)).scalar_one()
    rows = connection.execute(_LIST.where(*where).limit(limit).offset(offset)).all()
    intents: defaultdict[str, dict[str, None]] = defaultdict(dict)
    lowest: dict[str, float] = {}
    for id_, intent, score in connection.execute(_UNDERSTOOD, {"ids": [row[0] for row in rows]}):
        if intent:
            intents[id_][intent] = None
        if score is not None:
            lowest[id_] = min(score, lowest.get(id_, score))
    items = (ReviewItem(*row, intents=tuple(intents[row[0]]), confidence=lowest.get(row[0])) for row in rows)
    return ReviewPage(tuple(items), total)


def _where(wanted: ReviewFilter) -> list[Any]:
    equal = {
        _c.language: wanted.language,
        _c.channel: wanted.channel,
        _c.outcome: wanted.outcome,
        _c.owner: wanted.owner,
    }
    where: list[Any] = [column == value for column, value in equal.items() if value]
    if wanted.since is not None:
        where.append(_c.created_at >= wanted.since)
    if wanted.until is not None:
        where.append(_c.created_at < wanted.until)
    if wanted.text:
        text = wanted.text.strip()
        said = exists().where(
            _said.conversation_id == _c.id,
            type_coerce(_said.content, Text).icontains(text, autoescape=True),
        )
        where.append(or_(_c.id == text, _c.sender_id == text, said))
    understood: list[Any] = []
    if wanted.intent:
        understood.append(_e.name == wanted.intent)
    if wanted.min_confidence is not None:
        understood.append(_e.score >= wanted.min_confidence)
    if wanted.max_confidence is not None:
        understood.append(_e.score <= wanted.max_confidence)
    if understood:
        where.append(exists().where(_e.conversation_id == _c.id, _e.type == "understood", *understood))
    return where
