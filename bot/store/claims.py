"""Workers claim conversations that are due, with all that waits for their next turn.

A claim is a lease with a fence: when it has run out another worker may claim and gets a higher `lease_token`,
and whatever the first one still saves is refused.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import (
    Connection,
    Float,
    Integer,
    Text,
    and_,
    bindparam,
    case,
    func,
    literal,
    null,
    select,
    type_coerce,
    update,
)

from bot.model.conversation import Owner, Status
from bot.store.schema import contents, conversations, inbox
from bot.store.statements import Prepared
from bot.store.values import loads


@dataclass(frozen=True, slots=True)
class InboxRow:
    """One thing that waits for a turn: a message's `text` and `payload`, and whether it was a `voice`; a
    result's or a deed's `data`."""

    id: int
    kind: str
    seq: int | None
    external_id: str
    text: str
    payload: str | None
    data: Mapping[str, Any]
    received_at: float
    voice: bool = False


@dataclass(frozen=True, slots=True)
class Claimed:
    """A conversation that this worker holds, with all that waits for its next turn.

    `lease_token`, `arrivals` and `told` are for `save_turn`. `timer` is true when the time it asked for has
    come and nothing else has.
    """

    id: str
    channel: str
    sender_id: str
    language: str
    owner: Owner
    status: Status
    owner_epoch: int
    episode: int
    version: int
    seq: int
    state: dict[str, Any] | None
    customer_id: str | None
    agent_id: str | None
    team: str | None
    created_at: float
    last_customer_at: float | None
    outcome: str | None
    lease_token: int
    arrivals: int
    told: int = 0
    wake_at: float | None = None
    timer: bool = False
    rows: tuple[InboxRow, ...] = field(default_factory=tuple["InboxRow", ...])


_c, _i = conversations.c, inbox.c
_now = bindparam("now", type_=Float)

_FIELDS = (
    _c.id, _c.channel, _c.sender_id, _c.language, _c.owner, _c.status, _c.owner_epoch, _c.episode, _c.version,
    _c.seq, _c.state, _c.customer_id, _c.agent_id, _c.team, _c.created_at, _c.last_customer_at, _c.outcome,
    _c.lease_token, _c.arrivals, _c.told, _c.wake_at,
)  # fmt: skip


def _claim_due(_: str) -> Any:
    due = (
        select(_c.id)
        .where(_c.due_at <= _now, _c.lease_until < _now)
        .order_by(_c.due_at)
        .limit(bindparam("limit", type_=Integer))
        .with_for_update(skip_locked=True)
        .cte("due")
    )
    return _take(_c.id.in_(select(due.c.id)))


def _take(which: Any) -> Any:
    return (
        update(conversations)
        .where(which)
        .values(
            lease_token=_c.lease_token + 1,
            lease_until=bindparam("until", type_=Float),
            burst_at=null(),
        )
        .returning(*_FIELDS)
    )


def _undone(of: Any) -> Any:
    return (
        select(
            _i.conversation_id,
            _i.id,
            _i.kind,
            _i.seq,
            _i.external_id,
            type_coerce(_i.payload, Text),
            _i.received_at,
            type_coerce(contents.c.content, Text),
        )
        .outerjoin(contents, and_(contents.c.conversation_id == _i.conversation_id, contents.c.seq == _i.seq))
        .where(of, _i.done_at.is_(None))
        .order_by(_i.id)
    )


_id = bindparam("id", type_=Text)
_CLAIM = Prepared(_claim_due)
_CLAIM_THIS = Prepared(lambda _: _take(and_(_c.id == _id, _c.due_at <= _now, _c.lease_until < _now)))
_UNDONE_OF_ONE = Prepared(lambda _: _undone(_i.conversation_id == _id))
_UNDONE = _undone(_i.conversation_id.in_(bindparam("ids", expanding=True)))


def claim(connection: Connection, *, now: float, lease: float, limit: int) -> list[Claimed]:
    """Take up to `limit` conversations that are due and that nobody holds, for `lease` seconds."""
    held = _CLAIM.rows(connection, {"now": now, "until": now + lease, "limit": limit})
    return _with_rows(connection, held, now)


def claim_this(connection: Connection, conversation_id: str, *, now: float, lease: float) -> Claimed | None:
    """Take one conversation for `lease` seconds, if it is due and nobody holds it."""
    held = _CLAIM_THIS.rows(connection, {"id": conversation_id, "now": now, "until": now + lease})
    found = _with_rows(connection, held, now)
    return found[0] if found else None


def _with_rows(connection: Connection, held: Sequence[Sequence[Any]], now: float) -> list[Claimed]:
    rows: dict[str, list[InboxRow]] = {row[0]: [] for row in held}
    if len(held) == 1:
        found = _UNDONE_OF_ONE.rows(connection, {"id": held[0][0]})
    else:
        found = connection.execute(_UNDONE, {"ids": list(rows)}).all() if held else []
    for conversation_id, *columns in found:
        rows[conversation_id].append(_inbox_row(columns))
    return [_claimed(row, tuple(rows[row[0]]), now) for row in held]


def _inbox_row(columns: Sequence[Any]) -> InboxRow:
    id_, kind, seq, external_id, payload, received_at, content = columns
    content, data = loads(content) or {}, loads(payload)
    return InboxRow(
        id=id_,
        kind=kind,
        seq=seq,
        external_id=external_id,
        text=content.get("text", ""),
        payload=content.get("payload"),
        data=content if data is None else data,
        received_at=received_at,
        voice=bool(content.get("voice")),
    )


def _claimed(row: Sequence[Any], rows: tuple[InboxRow, ...], now: float) -> Claimed:
    (id_, channel, sender_id, language, owner, status, *middle) = row
    (owner_epoch, episode, version, seq, state, customer_id, agent_id, team, created_at, *last) = middle
    (last_customer_at, outcome, lease_token, arrivals, told, wake_at) = last
    return Claimed(
        id=id_,
        channel=channel,
        sender_id=sender_id,
        language=language,
        owner=Owner(owner),
        status=Status(status),
        owner_epoch=owner_epoch,
        episode=episode,
        version=version,
        seq=seq,
        state=loads(state),
        customer_id=customer_id,
        agent_id=agent_id,
        team=team,
        created_at=created_at,
        last_customer_at=last_customer_at,
        outcome=outcome,
        lease_token=lease_token,
        arrivals=arrivals,
        told=told,
        wake_at=wake_at,
        timer=not rows and wake_at is not None and wake_at <= now,
        rows=rows,
    )


_RELEASE = Prepared(
    lambda _: (
        update(conversations)
        .where(_c.id == bindparam("id"), _c.lease_token == bindparam("token", type_=Integer))
        .values(lease_until=literal(0.0), due_at=bindparam("due", type_=Float))
    )
)


def release(connection: Connection, claimed: Claimed, *, now: float, delay: float) -> None:
    """Give a conversation back unread, to be claimed again after `delay` seconds."""
    _RELEASE.run(connection, {"id": claimed.id, "token": claimed.lease_token, "due": now + delay})


_NEXT = Prepared(
    lambda _: select(func.min(case((_c.lease_until > _c.due_at, _c.lease_until), else_=_c.due_at))).where(
        _c.due_at.is_not(None)
    )
)


def next_due(connection: Connection) -> float | None:
    """When a worker must look next: the earliest burst's end, timer or dead worker's lease."""
    row = _NEXT.row(connection, {})
    return row[0] if row else None
