"""How far the customer has what was said: one row a conversation, up to where it reached them (`got`) and up
to where it stood on their screen (`seen`). Neither ever goes back. Also what became of what was pushed, for
who reads along; sending it is `outbox`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Float, Integer, Text, bindparam, case, delete, func, or_, select

from bot.store.record import SENT
from bot.store.schema import conversations, events, outbox
from bot.store.schema_desk import receipts
from bot.store.statements import Prepared, insert_into

_r, _o, _e, _c = receipts.c, outbox.c, events.c, conversations.c


@dataclass(frozen=True, slots=True)
class Reached:
    """How far it came: the last message there is, the last that arrived, the last that was seen. A number is
    that of a message to the customer, or None."""

    last: int | None
    got: int | None
    got_at: float
    seen: int | None
    seen_at: float | None


@dataclass(frozen=True, slots=True)
class Posted:
    """A message that a channel pushes, as `outbox` has it; `retried` when it failed and is tried again."""

    seq: int
    state: str
    retried: bool = False


def _acknowledge(dialect: str) -> Any:
    got, seen = bindparam("got", type_=Integer), bindparam("seen", type_=Integer)
    now = bindparam("now", type_=Float)
    # Nothing is kept of who was erased meanwhile, nor beyond what there is.
    given = select(_c.id, got, now, seen, case((seen > 0, now))).where(
        _c.id == bindparam("id_", type_=Text), _c.erased_at.is_(None), _c.seq >= got
    )
    new = insert_into(dialect, receipts).from_select(
        ["conversation_id", "got", "got_at", "seen", "seen_at"], given
    )
    of = new.excluded
    further = {"got": of.got > _r.got, "seen": of.seen > _r.seen}
    return new.on_conflict_do_update(
        index_elements=[_r.conversation_id],
        set_={
            name: case((further[name.removesuffix("_at")], of[name]), else_=_r[name])
            for name in ("got", "got_at", "seen", "seen_at")
        },
        where=or_(*further.values()),
    )


_ACKNOWLEDGE = Prepared(_acknowledge)


def acknowledge(connection: Connection, conversation_id: str, *, got: int, seen: int, now: float) -> bool:
    """It reached the customer up to `got`, and they saw it up to `seen`, which is no further. Whether that
    was news."""
    values = {"id_": conversation_id, "got": got, "seen": seen, "now": now}
    return _ACKNOWLEDGE.run(connection, values) > 0


def forget(connection: Connection, channel: str) -> int:
    """Nothing is known any more of a channel's customers; of how many."""
    theirs = select(_c.id).where(_c.channel == channel)
    return connection.execute(delete(receipts).where(_r.conversation_id.in_(theirs))).rowcount


def _newest(*upto: Any) -> Any:
    """The last message to the customer, not beyond what is given."""
    return (
        select(_e.seq)
        .where(
            _e.conversation_id == _r.conversation_id,
            _e.type.in_(sorted(SENT)),
            *(_e.seq <= at for at in upto),
        )
        .order_by(_e.seq.desc())
        .limit(1)
        .correlate(receipts)
        .scalar_subquery()
    )


_REACHED = select(_newest(), _newest(_r.got), _r.got_at, _newest(_r.seen), _r.seen_at)


def reached(connection: Connection, conversation_id: str) -> Reached | None:
    """How far it came; None where nobody ever said."""
    row = connection.execute(_REACHED.where(_r.conversation_id == conversation_id)).first()
    return Reached(*row) if row else None


def posted(connection: Connection, conversation_id: str, *, after: int) -> list[Posted]:
    """What is pushed in this conversation: of what was sent only the last, and all that was not, after a
    number. Nothing where the channel does not push, or where it is so long ago that it was forgotten."""
    mine = _o.conversation_id == conversation_id
    last = select(func.max(_o.seq)).where(mine, _o.state == "sent").scalar_subquery()
    found = (
        select(_o.seq, _o.state, _o.error)
        .where(mine, or_(_o.seq == last, (_o.state != "sent") & (_o.seq > after)))
        .order_by(_o.seq)
    )
    return [
        Posted(seq, state, state == "pending" and error is not None)
        for seq, state, error in connection.execute(found)
    ]
