"""Which message is told what: for channels whose client hears something only when it asks, as REST.

Everything that is said is told once: `told` of the conversation is how far that has come, and every step on
is given to one inbox row, whose message is answered by what lies between `told_after` and `told_upto`. The
transaction that saves a turn takes such a step for the turn's message, so that a question and its answer cost
nothing more; a message that no turn answers (a person has the conversation) collects what there is.
"""

from __future__ import annotations

from typing import NamedTuple

from sqlalchemy import Connection, Float, Integer, Text, bindparam, case, exists, func, select, update

from bot.store.schema import conversations, inbox, jobs
from bot.store.statements import Prepared

_c, _i, _j = conversations.c, inbox.c, jobs.c


class Span(NamedTuple):
    """Events after the one number up to the other."""

    after: int
    upto: int


LEFT = 0
"""`told_upto` of a message that nobody waits for any more: no turn gives it anything."""

_id, _inbox_id = bindparam("id", type_=Text), bindparam("inbox_id", type_=Integer)
_after, _upto = bindparam("after", type_=Integer), bindparam("upto", type_=Integer)

_GIVE = Prepared(
    lambda _: (
        update(inbox)
        .where(_i.id == _inbox_id)
        .values(
            done_at=bindparam("now", type_=Float),
            told_after=case((_i.told_upto.is_(None), _after), else_=_i.told_after),
            told_upto=func.coalesce(_i.told_upto, _upto),
        )
        .returning(_i.told_upto)
    )
)
_TOLD = Prepared(lambda _: update(conversations).where(_c.id == _id).values(told=_upto))


def give(connection: Connection, conversation_id: str, inbox_id: int, span: Span, *, now: float) -> bool:
    """The turn of that message is saved, with `told` moved over `span`: it is done. Whether that answers it.

    Where nobody waits for it any more, the span is left for the next message.
    """
    row = _GIVE.row(connection, {"inbox_id": inbox_id, "now": now, "after": span.after, "upto": span.upto})
    if row is None or row[0] != span.upto:
        _TOLD.run(connection, {"id": conversation_id, "upto": span.after})
        return False
    return True


_FIND = Prepared(lambda _: select(_i.done_at, _i.told_after, _i.told_upto).where(_i.id == _inbox_id))
_LEFT_TO_DO = Prepared(
    lambda _: select(
        exists().where(_i.conversation_id == _id, _i.done_at.is_(None), _i.kind != "message"),
        exists().where(_j.conversation_id == _id, _j.state == "pending"),
    )
)


def answer_of(connection: Connection, inbox_id: int) -> Span | None:
    """What answers that message; None when nothing was given to it yet."""
    row = _FIND.row(connection, {"inbox_id": inbox_id})
    return Span(row[1], row[2]) if row and row[2] else None


def may_collect(connection: Connection, conversation_id: str, inbox_id: int) -> bool:
    """Whether that message's turn is over, if it had one, and no slow action of the conversation is left."""
    row = _FIND.row(connection, {"inbox_id": inbox_id})
    if row is None or row[0] is None:
        return False
    return not left_to_do(connection, conversation_id)


def left_to_do(connection: Connection, conversation_id: str) -> bool:
    """Whether a slow action, its result or an agent's deed still waits for its turn."""
    return any(_LEFT_TO_DO.row(connection, {"id": conversation_id}) or ())


_LOCK = Prepared(lambda _: select(_c.told, _c.seq).where(_c.id == _id).with_for_update())
_KEEP = Prepared(lambda _: update(inbox).where(_i.id == _inbox_id).values(told_after=_after, told_upto=_upto))


def collect(connection: Connection, conversation_id: str, inbox_id: int) -> Span:
    """Answer that message by all that was said until now and told to nobody."""
    told, seq = _locked(connection, conversation_id)
    given = answer_of(connection, inbox_id)
    if given:
        return given
    span = Span(told, seq)
    _KEEP.run(connection, {"inbox_id": inbox_id, **span._asdict()})
    _TOLD.run(connection, {"id": conversation_id, "upto": seq})
    return span


def leave(connection: Connection, conversation_id: str, inbox_id: int) -> Span | None:
    """Whoever waited for that message's answer waits no longer; gives it where it just came."""
    _locked(connection, conversation_id)
    given = answer_of(connection, inbox_id)
    if given is None:
        _KEEP.run(connection, {"inbox_id": inbox_id, "after": LEFT, "upto": LEFT})
    return given


def _locked(connection: Connection, conversation_id: str) -> tuple[int, int]:
    """How far it is told and how long it is, with the conversation locked: no turn is saved meanwhile."""
    row = _LOCK.row(connection, {"id": conversation_id})
    return (row[0], row[1]) if row else (0, 0)
