"""What people do to a conversation: an agent's deed, a reply, a note; and notices. Every one takes its
numbers (`seq`) in an UPDATE that locks the row, as a saved turn does.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Float, Integer, Text, bindparam, case, exists, null, select, update

from bot.model.conversation import Deed, Owner, transition
from bot.model.errors import Conflict, NotFound
from bot.model.events import Event
from bot.store.record import write_events, write_outbox
from bot.store.schema import conversations, inbox, outbox
from bot.store.statements import Prepared

_c = conversations.c


@dataclass(frozen=True, slots=True)
class _Standing:
    """How a conversation stands before a deed, locked until the deed is done."""

    owner: Owner
    epoch: int
    agent_id: str | None
    team: str | None
    version: int
    channel: str


def _standing(connection: Connection, conversation_id: str) -> _Standing:
    row = connection.execute(
        select(_c.owner, _c.owner_epoch, _c.agent_id, _c.team, _c.version, _c.channel)
        .where(_c.id == conversation_id)
        .with_for_update()
    ).first()
    if row is None:
        raise NotFound(f"there is no conversation {conversation_id}")
    return _Standing(Owner(row[0]), row[1], row[2], row[3], row[4], row[5])


def transfer(
    connection: Connection,
    conversation_id: str,
    deed: Deed,
    *,
    agent_id: str | None = None,
    team: str | None = None,
    now: float,
    expect_agent: str | None = None,
    events: Sequence[Event] = (),
    push: bool = False,
    outcome: str | None = None,
    snoozed_until: float | None = None,
    why: str = "",
    by: str = "",
) -> int:
    """Change the owner by one of the legal deeds; returns the last event's number.

    `agent_id` is the agent who gets it (claim, transfer to an agent), `expect_agent` who must have it now.
    `snoozed_until` belongs to snoozing; None is until the customer writes. `why` is for what a rule has done,
    `by` who does it where that is a person.
    An `owner` event is recorded, then `events`. Whatever the bot had not sent yet is cancelled, and when a
    person takes over, unread messages are theirs to read. Raises `Conflict` when somebody else was first:
    deeds at once wait for each other, and a later one finds what the first has done.
    """
    before = _standing(connection, conversation_id)
    owner, status = transition(before.owner, deed)
    if expect_agent is not None and before.agent_id != expect_agent:
        raise Conflict("another agent has this conversation now")
    agent = (agent_id or before.agent_id) if owner is Owner.AGENT else None
    changed = owner is not before.owner or agent != before.agent_id
    epoch = before.epoch + changed
    record = Event(
        "owner",
        {
            "from": before.owner,
            "to": owner,
            "deed": deed,
            "agent_id": agent or before.agent_id or agent_id,
            "epoch": epoch,
            **_details(deed, snoozed_until, why=why, team=team, by=by),
        },
    )
    everything = (record, *events)
    values: dict[str, Any] = {
        "owner": owner.value,
        "status": status.value,
        "owner_epoch": epoch,
        "agent_id": agent,
        "team": team or before.team,
        "seq": _c.seq + len(everything),
        "updated_at": now,
        "snoozed_until": snoozed_until,
        "waiting_since": now if owner is Owner.QUEUE and changed else (
            None if deed in _ENDS_WAITING else _c.waiting_since
        ),
    }  # fmt: skip
    if outcome is not None:
        values["outcome"] = outcome
    if owner is not Owner.BOT and changed:
        values |= {"wake_at": None, "burst_at": None, "due_at": None}  # timers and bursts are the bot's
    seq = connection.execute(
        update(conversations).where(_c.id == conversation_id).values(values).returning(_c.seq)
    ).scalar_one()
    if changed:
        _silence_bot(connection, conversation_id)
    if changed and owner is not Owner.BOT:
        _leave_to_people(connection, conversation_id, now)
    first = seq - len(everything) + 1
    write_events(connection, conversation_id, first, before.version, now, everything)
    if push:
        write_outbox(connection, conversation_id, first, before.channel, epoch, now, everything)
    return seq


def _details(deed: Deed, snoozed_until: float | None, **more: str | None) -> Mapping[str, Any]:
    details: dict[str, Any] = {"until": snoozed_until} if deed is Deed.SNOOZE else {}
    return details | {key: value for key, value in more.items() if value}


_ENDS_WAITING = frozenset({Deed.REPLY, Deed.RESOLVE, Deed.TO_BOT, Deed.END})


def _silence_bot(connection: Connection, conversation_id: str) -> None:
    """Cancel what the bot has said but not sent."""
    connection.execute(
        update(outbox)
        .where(
            outbox.c.conversation_id == conversation_id, outbox.c.state == "pending", outbox.c.author == "bot"
        )
        .values(state="cancelled")
    )


def _leave_to_people(connection: Connection, conversation_id: str, now: float) -> None:
    """Unread messages are no longer the bot's to answer; results and deeds are still read, for the record.

    Statements of their own, after the row is locked: only so do they see all that came in before.
    """
    undone = (inbox.c.conversation_id == conversation_id, inbox.c.done_at.is_(None))
    connection.execute(update(inbox).where(*undone, inbox.c.kind == "message").values(done_at=now))
    connection.execute(
        update(conversations).where(_c.id == conversation_id, exists().where(*undone)).values(due_at=now)
    )


# ── more on the record ────────────────────────────────────────────────────────────────────────────────────

_count = bindparam("count", type_=Integer)
_APPEND = Prepared(
    lambda _: (
        update(conversations)
        .where(_c.id == bindparam("id_", type_=Text))
        .values(
            seq=_c.seq + _count,
            updated_at=bindparam("now", type_=Float),
            waiting_since=case((bindparam("answers", type_=Integer) > 0, null()), else_=_c.waiting_since),
        )
        .returning(_c.seq, _c.version, _c.channel, _c.owner_epoch)
    )
)


def append(
    connection: Connection, conversation_id: str, events: Sequence[Event], *, push: bool, now: float
) -> int:
    """Add to the record: an agent's reply, a note, a notice; returns the last event's number."""
    answers = int(any(event.type == "agent" for event in events))
    row = _APPEND.row(
        connection, {"id_": conversation_id, "count": len(events), "now": now, "answers": answers}
    )
    if row is None:
        raise NotFound(f"there is no conversation {conversation_id}")
    seq, version, channel, epoch = row
    first = seq - len(events) + 1
    write_events(connection, conversation_id, first, version, now, events)
    if push:
        write_outbox(connection, conversation_id, first, channel, epoch, now, events)
    return seq
