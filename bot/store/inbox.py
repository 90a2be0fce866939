"""Messages, results and deeds come in. Who reads them is `claims`.

The conversation's row is the queue's head: `due_at` says when a worker must look, `lease_until` that one is
looking, `lease_token` which one (the fence), `arrivals` how much came in (so that a save can tell whether
something came meanwhile). Nothing here bumps `version`: only a turn does.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from typing import Any

from sqlalchemy import (
    Connection,
    Float,
    Text,
    bindparam,
    case,
    func,
    literal,
    null,
    select,
    update,
)

from bot.model.conversation import Owner, Status
from bot.model.errors import NotFound
from bot.model.events import Event
from bot.model.messages import Accepted, InboundMessage
from bot.store.record import write_events
from bot.store.schema import conversations, inbox
from bot.store.statements import Prepared, insert_into
from bot.store.values import dumps

BURST_AT_MOST = 4.0
"""A burst lasts as many times its wait, at most: who never stops typing is answered all the same."""


_c, _i = conversations.c, inbox.c
_now = bindparam("now", type_=Float)

# ── accept ────────────────────────────────────────────────────────────────────────────────────────────────

_FIND = Prepared(
    lambda _: select(_c.id, _c.owner).where(
        _c.channel == bindparam("channel"), _c.sender_id == bindparam("sender_id")
    )
)

_CREATE = Prepared(
    lambda dialect: (
        insert_into(dialect, conversations)
        .values(
            owner=literal(Owner.BOT.value),
            status=literal(Status.PENDING.value),
            owner_epoch=literal(0),
            version=literal(0),
            seq=literal(0),
            arrivals=literal(0),
            episode=literal(1),
            lease_until=literal(0.0),
            lease_token=literal(0),
        )
        .on_conflict_do_nothing()
    ),
    ("id", "channel", "sender_id", "language", "created_at", "updated_at"),
)

_TAKE_IN = Prepared(
    lambda dialect: (
        insert_into(dialect, inbox)
        .from_select(
            ["conversation_id", "channel", "external_id", "kind", "seq", "received_at", "done_at"],
            select(
                _c.id,
                _c.channel,
                bindparam("external_id", type_=Text),
                literal("message"),
                _c.seq + 1,
                _now,
                case((_c.owner == Owner.BOT.value, null()), else_=_now),
            )
            .where(_c.channel == bindparam("channel"), _c.sender_id == bindparam("sender_id"))
            .with_for_update(),
        )
        .on_conflict_do_nothing()
        .returning(_i.conversation_id, _i.seq, _i.id)
    )
)
"""The inbox row of a message, with the conversation locked; gives nothing for a duplicate or a stranger."""


def _least(dialect: str) -> Any:
    """The smaller of two values; SQLite calls it MIN."""
    return func.min if dialect == "sqlite" else func.least


_until, _slack = bindparam("until", type_=Float), bindparam("slack", type_=Float)
_for_bot = _c.owner == Owner.BOT.value
_ARRIVED = Prepared(
    lambda dialect: (
        update(conversations)
        .where(_c.id == bindparam("id"))
        .values(
            seq=_c.seq + 1,
            updated_at=_now,
            last_customer_at=_now,
            status=case((_c.status == Status.SNOOZED.value, Status.OPEN.value), else_=_c.status),
            snoozed_until=null(),
            arrivals=case((_for_bot, _c.arrivals + 1), else_=_c.arrivals),
            waiting_since=case((_for_bot, _c.waiting_since), else_=func.coalesce(_c.waiting_since, _now)),
            burst_at=case((_for_bot, func.coalesce(_c.burst_at, _now)), else_=null()),
            due_at=case(
                (_for_bot, _least(dialect)(_until, func.coalesce(_c.burst_at, _now) + _slack)),
                else_=_c.due_at,
            ),
        )
        .returning(_c.owner, _c.version, _c.lease_until)
    )
)
"""One message more: for the bot a burst that ends later, for a person somebody who waits. Writing wakes
what was snoozed."""

_FIRST = Prepared(
    lambda _: (
        select(_i.conversation_id, _i.seq, _i.id, _c.owner)
        .join(conversations, _c.id == _i.conversation_id)
        .where(_i.channel == bindparam("channel"), _i.external_id == bindparam("external_id"))
    )
)


def open_conversation(
    connection: Connection, channel: str, sender_id: str, *, now: float, language: str = ""
) -> tuple[str, bool]:
    """The id of the conversation with this sender, made where there is none yet; and whether it was made.

    `language` is what its channel hints at; empty until the first turn where it does not.
    """
    key = {"channel": channel, "sender_id": sender_id}
    found = _FIND.row(connection, key)
    if found:
        return found[0], False
    id_ = secrets.token_urlsafe(16)
    made = _CREATE.run(
        connection, {**key, "id": id_, "language": language, "created_at": now, "updated_at": now}
    )
    if made:
        return id_, True
    found = _FIND.row(connection, key)  # another process was first
    assert found is not None
    return found[0], False


def accept(connection: Connection, message: InboundMessage, *, now: float, burst: float) -> Accepted:
    """Put a message on record. A repeated delivery changes nothing and gets the first one's answer.

    `burst` is how long the channel waits for a next message before the turn starts.
    """
    key = {"channel": message.channel, "sender_id": message.sender_id, "external_id": message.external_id}
    created = False
    taken = _TAKE_IN.row(connection, {**key, "now": now})
    if taken is None:
        first = _FIRST.row(connection, key)
        if first is None:
            _, created = open_conversation(
                connection, message.channel, message.sender_id, now=now, language=message.language or ""
            )
            taken = _TAKE_IN.row(connection, {**key, "now": now})
            first = None if taken else _FIRST.row(connection, key)
        if taken is None:
            if first is None:
                raise NotFound(f"the conversation of a message on {message.channel} vanished as it came in")
            return Accepted(first[0], first[1], True, Owner(first[3]), False, first[2])
    id_, seq, inbox_id = taken
    row = _ARRIVED.row(
        connection, {"id": id_, "now": now, "until": now + burst, "slack": burst * BURST_AT_MOST}
    )
    assert row is not None
    owner, version, lease_until = row
    content: dict[str, Any] = {"text": message.text}
    if message.payload is not None:
        content["payload"] = message.payload
    if message.attachments:
        content["attachments"] = message.attachments
    if message.metadata:
        content["metadata"] = message.metadata
    if message.voice:
        content["voice"] = True
    event = Event(
        "user",
        {"channel": message.channel, "external_id": message.external_id, "author": "customer"},
        content,
    )
    # The turn that will read it: the next one, or the one after that when a worker is busy with the next.
    turn = version + (2 if lease_until > now else 1)
    write_events(connection, id_, seq, turn, now, (event,))
    return Accepted(id_, seq, False, Owner(owner), created, inbox_id)


_RESULT = Prepared(
    lambda dialect: insert_into(dialect, inbox).on_conflict_do_nothing(),
    ("conversation_id", "channel", "external_id", "kind", "payload", "received_at"),
)

_RESULT_ARRIVED = Prepared(
    lambda _: (
        update(conversations)
        .where(_c.id == bindparam("id"))
        .values(arrivals=_c.arrivals + 1, due_at=case((_c.burst_at.is_(None), _now), else_=_c.due_at))
    )
)


def accept_result(
    connection: Connection,
    conversation_id: str,
    kind: str,
    external_id: str,
    payload: Mapping[str, Any],
    *,
    now: float,
) -> bool:
    """An action's result or an agent's deed comes in, to be read by a turn; False when it came before.

    It does not cut a customer's burst short: then the turn that ends the burst reads it too.
    """
    # The conversation first: its lock puts `arrivals` and inbox rows in step for whoever claims.
    if not _RESULT_ARRIVED.run(connection, {"id": conversation_id, "now": now}):
        raise NotFound(f"there is no conversation {conversation_id} for this {kind}")
    row = {
        "conversation_id": conversation_id,
        "channel": kind,  # results have ids of their own, apart from every channel's
        "external_id": external_id,
        "kind": kind,
        "payload": dumps(payload),
        "received_at": now,
    }
    # A duplicate leaves a row due without anything to read: one empty claim, and harmless.
    return _RESULT.run(connection, row) > 0


def once(connection: Connection, conversation_id: str, key: str, *, now: float) -> bool:
    """True the first time that this key comes, for what an agent's page may send twice."""
    insert = insert_into(connection.dialect.name, inbox).values(
        conversation_id=conversation_id,
        channel="agent",
        external_id=key,
        kind="deed",
        received_at=now,
        done_at=now,
    )
    new = insert.on_conflict_do_nothing().returning(_i.id)  # an INSERT's rowcount is not to be relied on
    return connection.execute(new).first() is not None
