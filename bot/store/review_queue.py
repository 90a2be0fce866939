"""What is worth reading: recent conversations with what tells it, and who reads which. Two queries for all.

Why one is worth it is `handoff.review.worth`; here are only the figures that it asks for.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field

from sqlalchemy import Connection, Text, and_, delete, func, or_, select, type_coerce

from bot.model.errors import Conflict
from bot.model.understanding import NLU_FALLBACK
from bot.store.schema import CANNOT_HANDLE, conversations, events
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

    `confidence` is the lowest of what was understood and `misunderstood` how many turns were not, of those
    that did not answer a question.
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
    told = _told(connection, conversation_ids)
    rows = (
        select(_c.id, _c.created_at, _c.version, _r.state, _r.made_by, _r.made_at)
        .outerjoin(reviews, _r.conversation_id == _c.id)
        .where(_c.id.in_(conversation_ids))
        .order_by(_c.created_at.desc(), _c.id)
    )
    return [
        told[id_].signs(id_, at, turns, Standing(*standing) if standing[0] else None)
        for id_, at, turns, *standing in connection.execute(rows)
    ]


@dataclass(slots=True)
class _Told:
    """The events of one conversation that say how it went. Turns by their number."""

    meanings: dict[int, tuple[str | None, float | None]] = field(default_factory=dict)
    answered: set[int] = field(default_factory=set[int])
    stuck: set[int] = field(default_factory=set[int])
    satisfaction: list[float] = field(default_factory=list[float])
    handed_off: int = 0

    def add(self, turn: int, type_: str, name: str | None, score: float | None) -> None:
        match type_:
            case "understood":
                self.meanings[turn] = (name, score)
            case "slot":
                self.answered.add(turn)
            case "flow":
                self.stuck.add(turn)
            case "handoff":
                self.handed_off += 1
            case _ if score is not None:
                self.satisfaction.append(score)

    def signs(self, id_: str, at: float, turns: int, standing: Standing | None) -> Signs:
        # What a turn means by itself does not matter where it answered the question.
        alone = {turn: meaning for turn, meaning in self.meanings.items() if turn not in self.answered}
        sure = [score for name, score in alone.values() if score is not None and name != NLU_FALLBACK]
        lost = {turn for turn, (name, _) in alone.items() if name == NLU_FALLBACK} | self.stuck
        return Signs(
            conversation_id=id_,
            created_at=at,
            turns=turns,
            confidence=min(sure, default=None),
            misunderstood=len(lost),
            satisfaction=min(self.satisfaction, default=None),
            handed_off=self.handed_off,
            standing=standing,
        )


def _told(connection: Connection, conversation_ids: Collection[str]) -> defaultdict[str, _Told]:
    answered = type_coerce(_e.data, Text).contains('"by":"collect"')
    rows = select(_e.conversation_id, _e.turn, _e.type, _e.name, _e.score).where(
        _e.conversation_id.in_(conversation_ids),
        or_(
            _e.type.in_(("understood", "satisfaction", "handoff")),
            and_(_e.type == "slot", answered),
            and_(_e.type == "flow", _e.name == CANNOT_HANDLE),
        ),
    )
    told: defaultdict[str, _Told] = defaultdict(_Told)
    for id_, *event in connection.execute(rows):
        told[id_].add(*event)
    return told


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
