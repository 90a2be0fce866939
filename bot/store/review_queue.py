"""What is worth reading: recent conversations with what tells it, and who reads which. One query each.

Why one is worth it is `handoff.review.worth`; here are only the figures that it asks for.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import Connection, case, delete, func, or_, select

from bot.model.errors import Conflict
from bot.store import meanings
from bot.store.schema import conversations, events
from bot.store.schema_review import reviews
from bot.store.statements import insert_into

_c, _e, _r = conversations.c, events.c, reviews.c

READING, DONE = "reading", "done"


@dataclass(frozen=True, slots=True)
class Standing:
    """Who reads a conversation, or has read it."""

    state: str
    made_by: str
    made_at: float


@dataclass(frozen=True, slots=True)
class Signs:
    """What a conversation says about itself. Figures are None where nothing of that kind happened.

    `confidence` is the lowest of what was understood and `misunderstood` how many turns were not, both as
    `meanings` defines them.
    """

    conversation_id: str
    created_at: float
    turns: int
    confidence: float | None
    misunderstood: int
    satisfaction: float | None
    handed_off: int
    standing: Standing | None


@dataclass(frozen=True, slots=True)
class Began:
    """A conversation, when it began, and whether somebody has read it."""

    conversation_id: str
    at: float
    done: bool


def began_since(connection: Connection, since: float) -> list[Began]:
    """The conversations that began since then, the newest first. One that was erased counts as read: there
    are no words left in it."""
    rows = (
        select(_c.id, _c.created_at, or_(func.coalesce(_r.state, "") == DONE, _c.erased_at.is_not(None)))
        .outerjoin(reviews, _r.conversation_id == _c.id)
        .where(_c.created_at >= since, _c.seq > 0)
        .order_by(_c.created_at.desc(), _c.id)
    )
    return [Began(id_, at, bool(done)) for id_, at, done in connection.execute(rows)]


def signs(connection: Connection, conversation_ids: Collection[str]) -> list[Signs]:
    """What these conversations say about themselves, the newest first."""
    each = meanings.turns(
        _e.conversation_id.in_(conversation_ids),
        meanings.sure.label("sure"),
        case((meanings.lost, 1), else_=0).label("lost"),
        func.min(case((_e.type == "satisfaction", _e.score))).label("score"),
        func.sum(case((_e.type == "handoff", 1), else_=0)).label("handed"),
        also=("satisfaction", "handoff"),
    ).subquery()
    told = (
        select(
            each.c.conversation_id.label("id"),
            func.min(each.c.sure).label("sure"),
            func.sum(each.c.lost).label("lost"),
            func.min(each.c.score).label("score"),
            func.sum(each.c.handed).label("handed"),
        )
        .group_by(each.c.conversation_id)
        .subquery()
        .c
    )
    rows = (
        select(
            _c.id, _c.created_at, _c.version, told.sure, func.coalesce(told.lost, 0), told.score,
            func.coalesce(told.handed, 0), _r.state, _r.made_by, _r.made_at,
        )
        .outerjoin(told.id.table, told.id == _c.id)
        .outerjoin(reviews, _r.conversation_id == _c.id)
        .where(_c.id.in_(conversation_ids))
        .order_by(_c.created_at.desc(), _c.id)
    )  # fmt: skip
    return [
        Signs(*figures, standing=Standing(state, made_by, made_at) if state else None)
        for *figures, state, made_by, made_at in connection.execute(rows)
    ]


def standing_of(connection: Connection, conversation_id: str) -> Standing | None:
    """Who reads it."""
    query = select(_r.state, _r.made_by, _r.made_at).where(_r.conversation_id == conversation_id)
    row = connection.execute(query).first()
    return Standing(*row) if row else None


def take(connection: Connection, conversation_id: str, *, by: str, now: float) -> None:
    """Read it from now on; raises `Conflict` when somebody else does, or has read it."""
    row = insert_into(connection.dialect.name, reviews).values(
        conversation_id=conversation_id, state=READING, made_by=by, made_at=now
    )
    kept = connection.execute(row.on_conflict_do_nothing().returning(_r.made_by)).first()
    if kept is None:
        held = standing_of(connection, conversation_id)
        if held is None or held.made_by != by or held.state != READING:
            raise Conflict("somebody else reads this conversation, or has read it")


def finish(connection: Connection, conversation_id: str, *, by: str, now: float) -> None:
    """It was read, whoever began."""
    row = insert_into(connection.dialect.name, reviews).values(
        conversation_id=conversation_id, state=DONE, made_by=by, made_at=now
    )
    given = row.excluded
    connection.execute(
        row.on_conflict_do_update(
            index_elements=[_r.conversation_id],
            set_={"state": given.state, "made_by": given.made_by, "made_at": given.made_at},
        )
    )


def put_back(connection: Connection, conversation_id: str) -> None:
    """Nobody reads it, and nobody has read it."""
    connection.execute(delete(reviews).where(_r.conversation_id == conversation_id))
