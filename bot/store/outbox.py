"""Messages that wait to be sent, in order: only the head of each conversation is ever given out.

At least once within this store: a worker that dies while it sends leaves the row, which is given out again
when its time is up; the channel gets the same `key` both times. `unknown` is for a send whose outcome nobody
can know and that the channel's rules forbid to repeat; `repeated` for one that failed and that an agent has
sent again as another message.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Float, Integer, and_, bindparam, exists, func, or_, select, update

from bot.model.conversation import Owner
from bot.model.messages import OutboundMessage
from bot.store.record import message_of
from bot.store.schema import contents, conversations, events, outbox
from bot.store.statements import Prepared

_o, _c = outbox.c, conversations.c


@dataclass(frozen=True, slots=True)
class OutboxRow:
    """A message to send, held by this worker. `attempts` counts this one, and is the fence."""

    id: int
    conversation_id: str
    seq: int
    channel: str
    recipient: str
    author: str
    attempts: int
    created_at: float
    message: OutboundMessage

    @property
    def key(self) -> str:
        """The same for every attempt at this message."""
        return f"{self.conversation_id}:{self.seq}"


def _claim_heads(_: str) -> Any:
    now = bindparam("now", type_=Float)
    earlier = outbox.alias("earlier")
    head = (
        select(_o.id)
        .where(
            _o.state == "pending",
            _o.next_at <= now,
            ~exists().where(
                earlier.c.conversation_id == _o.conversation_id,
                earlier.c.state == "pending",
                earlier.c.seq < _o.seq,
            ),
        )
        .order_by(_o.next_at, _o.id)
        .limit(bindparam("limit", type_=Integer))
        .with_for_update(skip_locked=True)
        .cte("head")
    )
    return (
        update(outbox)
        .where(_o.id.in_(select(head.c.id)))
        .values(attempts=_o.attempts + 1, next_at=bindparam("until", type_=Float))
        .returning(_o.id)
    )


_CLAIM = Prepared(_claim_heads)

_HELD = (
    select(
        _o.id, _o.conversation_id, _o.seq, _o.channel, _c.sender_id, _o.author, _o.attempts, _o.created_at,
        events.c.data, contents.c.content,
    )
    .join(conversations, _c.id == _o.conversation_id)
    .join(events, and_(events.c.conversation_id == _o.conversation_id, events.c.seq == _o.seq))
    .outerjoin(contents, and_(contents.c.conversation_id == _o.conversation_id, contents.c.seq == _o.seq))
    .where(_o.id.in_(bindparam("ids", expanding=True)))
    # The bot does not speak while somebody else has the word, whatever else went wrong.
    .where(or_(_o.author != "bot", _o.epoch == _c.owner_epoch, _c.owner != Owner.AGENT.value))
    .order_by(_o.id)
)  # fmt: skip


def claim_outbox(connection: Connection, *, now: float, lease: float, limit: int) -> list[OutboxRow]:
    """Take the head message of up to `limit` conversations, for `lease` seconds."""
    ids = [row[0] for row in _CLAIM.rows(connection, {"now": now, "until": now + lease, "limit": limit})]
    if not ids:
        return []
    held = [
        OutboxRow(*row[:8], message=message_of(row[5], row[8], row[9]))
        for row in connection.execute(_HELD, {"ids": ids})
    ]
    silent = set(ids) - {row.id for row in held}
    if silent:
        connection.execute(update(outbox).where(_o.id.in_(silent)).values(state="cancelled"))
    return held


def mark_sent(connection: Connection, row: OutboxRow, *, now: float, external_id: str | None = None) -> None:
    """It was sent; true also of a row that a takeover cancelled while it was under way."""
    connection.execute(
        update(outbox)
        .where(_o.id == row.id, _o.state.in_(("pending", "cancelled")))
        .values(state="sent", sent_at=now, external_id=external_id, error=None)
    )


def mark_failed(connection: Connection, row: OutboxRow, *, error: str, retry_at: float | None) -> bool:
    """It was not sent: it is tried again at `retry_at`, or never. False when it is no longer ours."""
    outcome = {"state": "failed"} if retry_at is None else {"next_at": retry_at}
    return _mark(connection, row, {"error": error, **outcome})


def mark_unknown(connection: Connection, row: OutboxRow, *, error: str) -> bool:
    """Nobody can know whether it was sent, and it must not be sent twice."""
    return _mark(connection, row, {"error": error, "state": "unknown"})


def _mark(connection: Connection, row: OutboxRow, values: dict[str, Any]) -> bool:
    done = connection.execute(
        update(outbox)
        .where(_o.id == row.id, _o.attempts == row.attempts, _o.state == "pending")
        .values(**values)
    )
    return done.rowcount > 0


def repeat(connection: Connection, conversation_id: str, seq: int) -> bool:
    """What was given up is said again in another message; False where that is done, or it never failed."""
    done = connection.execute(
        update(outbox)
        .where(_o.conversation_id == conversation_id, _o.seq == seq, _o.state == "failed")
        .values(state="repeated")
    )
    return done.rowcount > 0


def next_outbox_due(connection: Connection) -> float | None:
    """When there is a message to send next."""
    return connection.execute(select(func.min(_o.next_at)).where(_o.state == "pending")).scalar()
