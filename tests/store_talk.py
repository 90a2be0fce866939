"""Short words for tests that talk to the store: a message, a turn, an answer. Nothing is checked here."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection

from bot.model.conversation import Owner, Status
from bot.model.events import Event
from bot.model.messages import Accepted, InboundMessage, OutboundMessage
from bot.model.ticket import CheckResult, Level, Priority, StepTried, Ticket
from bot.store import accounts, queue
from bot.store import repositories as repo
from bot.store.database import Database
from bot.store.queue import Claimed
from bot.store.views import timeline

NOW = 1_000_000.0


def message(
    n: int | str = 1, *, sender: str = "sofie", text: str = "mijn wifi doet het niet"
) -> InboundMessage:
    """A message on the web."""
    return InboundMessage("web", sender, f"{sender}-{n}", text)


def said(text: str) -> Event:
    """Something that the bot says."""
    return queue.event_of(OutboundMessage(text))


async def accept(
    database: Database, sent: InboundMessage | None = None, *, now: float = NOW, burst: float = 0.0
) -> Accepted:
    """A message comes in."""
    work = functools.partial(queue.accept, message=sent or message(), now=now, burst=burst)
    return await database.write(work)


async def claim(
    database: Database, *, now: float = NOW, lease: float = 30.0, limit: int = 10
) -> list[Claimed]:
    """A worker looks for work."""
    return await database.write(functools.partial(queue.claim, now=now, lease=lease, limit=limit))


async def save(
    database: Database,
    claimed: Claimed,
    *events: Event,
    now: float = NOW,
    owner: Owner = Owner.BOT,
    status: Status = Status.PENDING,
    push: bool = False,
    wake_at: float | None = None,
    **more: Any,
) -> int:
    """A worker saves its turn; the last event's number."""
    work = functools.partial(
        queue.save_turn,
        claimed=claimed,
        state={"turns": claimed.version + 1},
        events=events,
        status=status,
        owner=owner,
        language=claimed.language or "nl",
        wake_at=wake_at,
        push=push,
        now=now,
        **more,
    )
    saved: queue.Saved = await database.write(work)
    return saved.last


async def converse(database: Database, *events: Event, sender: str = "sofie", **more: Any) -> str:
    """A message comes in and is answered; the conversation's id."""
    accepted = await accept(database, message(sender=sender))
    [claimed] = await claim(database)
    await save(database, claimed, *events, **more)
    return accepted.conversation_id


def ticket(conversation_id: str, **more: Any) -> Ticket:
    """A ticket with something in every field."""
    values: dict[str, Any] = {
        "channel": "web",
        "language": "nl",
        "intent": "wifi_problem",
        "summary": "Sofie raakt niet op het draadloze netwerk",
        "customer": "Sofie Peeters",
        "contact": "sofie@example.org",
        "facts": {"device": {"label": "Toestel", "value": "laptop"}},
        "steps_tried": (StepTried("Herstart", "not_solved", "connect-to-wifi"),),
        "checks": (CheckResult("dns", "example.org", True, "an address", "93.184.216.34", 12),),
        "articles": ("connect-to-wifi",),
        "impact": Level.LOW,
        "urgency": Level.HIGH,
        "priority": Priority.P2,
        "team": "network",
        "reason": "exhausted",
        "response_due": datetime(2026, 11, 24, 9, 0, tzinfo=UTC),
        "notes": ("belt liever",),
        "extra": {"k": 1},
    }
    return Ticket(conversation_id=conversation_id, **(values | more))


async def seqs(database: Database, conversation_id: str) -> Sequence[int]:
    """The numbers of all events on record."""
    return [item.seq for item in await database.read(lambda c: timeline(c, conversation_id))]


async def in_line(
    database: Database, sender: str, *, priority: str, now: float, team: str = "network"
) -> str:
    """A conversation that waits in a team's line; its id."""
    id_ = await converse(database, sender=sender, owner=Owner.QUEUE, status=Status.OPEN, team=team)
    await database.write(
        lambda c: repo.create_handoff(
            c, id_, episode=1, team=team, reason="asked", priority=priority, now=now
        )
    )
    return id_


async def user(database: Database, username: str = "Ann", role: str = "agent") -> accounts.User:
    """Somebody who works here, and is at work."""

    def make(connection: Connection) -> accounts.User:
        made = accounts.create_user(
            connection, username=username, name="Ann A.", password_hash="h", role=role, now=NOW
        )
        return accounts.update_user(connection, made.id, availability="online")

    return await database.write(make)
