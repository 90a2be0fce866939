"""A turn is saved: its events, what is sent, its jobs and the conversation's state, in one transaction. It
takes its numbers (`seq`) in the one UPDATE that locks the row, so that there is never a gap and never a
double. What people do to a conversation is `deeds`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import (
    Connection,
    Float,
    Integer,
    Text,
    bindparam,
    case,
    func,
    literal,
    update,
)

from bot.model.conversation import Owner, Status
from bot.model.errors import StaleVersion
from bot.model.events import Event
from bot.store import answers
from bot.store.answers import Span
from bot.store.claims import Claimed, InboxRow
from bot.store.jobs import NewJob, add_jobs
from bot.store.record import SENT, TimelineItem, write_events, write_outbox
from bot.store.schema import conversations, inbox
from bot.store.statements import Prepared
from bot.store.values import dumps

_c = conversations.c


def _text(name: str) -> Any:
    return bindparam(name, type_=Text)


def _float(name: str) -> Any:
    return bindparam(name, type_=Float)


def _integer(name: str) -> Any:
    return bindparam(name, type_=Integer)


_DONE = Prepared(lambda _: update(inbox).where(inbox.c.id == _integer("id_")).values(done_at=_float("now")))

_held = (_c.id == _text("id_"), _c.version == _integer("version_"), _c.lease_token == _integer("token"))
_came = _c.arrivals != _integer("arrivals_")  # something came in since the claim: `due_at` says when to look
_of_every_save: Mapping[str, Any] = {
    "version": _c.version + 1,
    "seq": _c.seq + _integer("count"),
    "state": _text("state_"),
    "updated_at": _float("now"),
    "lease_until": literal(0.0),
}

_SAVE = Prepared(
    lambda _: (
        update(conversations)
        .where(*_held, _c.owner_epoch == _integer("epoch"))
        .values(
            **_of_every_save,
            owner=_text("owner_"),
            status=_text("status_"),
            owner_epoch=_integer("new_epoch"),
            language=_text("language_"),
            episode=_c.episode + _integer("episodes"),
            team=func.coalesce(_text("team_"), _c.team),
            customer_id=func.coalesce(_text("customer"), _c.customer_id),
            outcome=func.nullif(
                case(
                    (_integer("episodes") > 0, _text("outcome_")),
                    else_=func.coalesce(_text("outcome_"), _c.outcome),
                ),
                literal("", Text),
            ),
            waiting_since=case((_c.owner == _text("owner_"), _c.waiting_since), else_=_float("waiting")),
            wake_at=_float("wake"),
            due_at=case((_came, _c.due_at), else_=_float("wake")),
            told=case((_c.told == _integer("told_"), _c.seq + _integer("count")), else_=_c.told),
        )
        .returning(_c.seq, _c.told)
    )
)

_SAVE_TAKEN_OVER = Prepared(
    lambda _: (
        update(conversations)
        .where(*_held)
        .values(**_of_every_save, due_at=case((_came, _c.due_at), else_=_c.wake_at))
        .returning(_c.seq, _c.owner_epoch)
    )
)
"""The same when somebody else changed the owner meanwhile: the record is kept, the ownership theirs."""


class Saved(NamedTuple):
    """What came of saving a turn: the last event's number, and what was said to the customer where that is
    all that answers its message. None where there is more to tell, or nobody to tell."""

    last: int
    answer: Sequence[TimelineItem] | None = None


def save_turn(
    connection: Connection,
    claimed: Claimed,
    *,
    state: Mapping[str, Any],
    events: Sequence[Event],
    status: Status,
    owner: Owner,
    language: str,
    wake_at: float | None,
    push: bool,
    now: float,
    jobs: Sequence[NewJob] = (),
    outcome: str | None = None,
    team: str | None = None,
    customer_id: str | None = None,
    new_episode: bool = False,
) -> Saved:
    """Save what a turn came to, and let go of the conversation.

    Raises `StaleVersion` when another worker holds it by now: then nothing is saved and nothing may be said.
    When an agent took over since the claim, the bot's own messages are dropped and the rest is kept.
    `outcome`, `team` and `customer_id` stay as they are where None is given; an empty `outcome` says that it
    is open again what this comes to.
    """
    turn = claimed.version + 1
    epoch = claimed.owner_epoch + (owner != claimed.owner)
    if claimed.owner is Owner.AGENT:
        events = _without_bot(events)  # an agent is speaking
    if new_episode:
        events = [Event("episode", {"number": claimed.episode + 1}), *events]
    asker = _asker(claimed, events, jobs)
    params: dict[str, Any] = {
        "id_": claimed.id,
        "version_": claimed.version,
        "token": claimed.lease_token,
        "arrivals_": claimed.arrivals,
        "count": len(events),
        "state_": dumps(state),
        "now": now,
        "epoch": claimed.owner_epoch,
        "owner_": owner.value,
        "status_": status.value,
        "new_epoch": epoch,
        "language_": language,
        "episodes": int(new_episode),
        "team_": team,
        "customer": customer_id,
        "outcome_": outcome,
        "waiting": now if owner is Owner.QUEUE else None,
        "wake": wake_at,
        "told_": claimed.told if asker else -1,
    }
    row = _SAVE.row(connection, params)
    if row is None:
        events = _without_bot(events)
        asker = None
        row = _SAVE_TAKEN_OVER.row(connection, {**params, "count": len(events)})
        if row is None:
            raise StaleVersion(f"conversation {claimed.id} is in other hands: this turn came too late")
        epoch = row[1]
    last: int = row[0]
    first = last - len(events) + 1
    given = False
    if asker and row[1] == last:
        given = answers.give(connection, claimed.id, asker.id, Span(claimed.told, last), now=now)
    else:
        asker = None
    _DONE.many(connection, [{"id_": each.id, "now": now} for each in claimed.rows if each is not asker])
    write_events(connection, claimed.id, first, turn, now, events)
    if push:
        write_outbox(connection, claimed.id, first, claimed.channel, epoch, now, events)
    if jobs:
        add_jobs(connection, jobs)
    heard = sum(row.kind == "message" for row in claimed.rows)
    if not given or last - claimed.told != heard + len(events):
        return Saved(last)
    said = [(seq, event) for seq, event in enumerate(events, first) if event.type in SENT]
    return Saved(
        last, [TimelineItem(seq, each.type, now, turn, each.data, each.content) for seq, each in said]
    )


def _asker(claimed: Claimed, events: Sequence[Event], jobs: Sequence[NewJob]) -> InboxRow | None:
    """The message that is told what the turn says; none while slow actions still have to speak."""
    if jobs or not events:
        return None
    return next((row for row in claimed.rows if row.kind == "message"), None)


def _without_bot(events: Sequence[Event]) -> Sequence[Event]:
    return [event for event in events if event.type not in ("bot", "episode")]
