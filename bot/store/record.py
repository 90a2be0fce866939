"""Events to rows and back: how the record is written. Not who may write it: that is `queue`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, insert

from bot.model.events import Event
from bot.model.messages import Attachment, OutboundMessage, QuickReply
from bot.store import schema
from bot.store.said import spoken
from bot.store.statements import Prepared
from bot.store.values import dumps


@dataclass(frozen=True, slots=True)
class TimelineItem:
    """One event with its content; `content` is None where there was none or where it was erased."""

    seq: int
    type: str
    at: float
    turn: int
    data: Mapping[str, Any]
    content: Mapping[str, Any] | None


SENT = frozenset({"bot", "system", "agent"})
"""Events that are messages to the customer."""

NAMES: Mapping[str, str] = {
    "understood": "intent",
    "flow": "flow",
    "step": "step",
    "slot": "name",
    "action": "name",
    "check": "name",
    "suggestion": "article",
    "handoff": "reason",
    "owner": "deed",
    "ended": "outcome",
    "error": "kind",
    "bot": "response",
    "system": "response",
}
"""Which of an event's data stands in the column `name` too, so that lists can be filtered without JSON."""

SCORES: Mapping[str, str] = {"understood": "confidence", "satisfaction": "score"}

_EVENTS = Prepared(
    lambda _: insert(schema.events),
    ("conversation_id", "seq", "type", "at", "turn", "name", "score", "data"),
)
_CONTENTS = Prepared(lambda _: insert(schema.contents), ("conversation_id", "seq", "content", "search"))
_OUTBOX = Prepared(
    lambda _: insert(schema.outbox),
    ("conversation_id", "seq", "channel", "author", "epoch", "state", "attempts", "next_at", "created_at"),
)


def write_events(
    connection: Connection, conversation_id: str, first: int, turn: int, now: float, events: Sequence[Event]
) -> None:
    """Insert `events` numbered from `first`; their contents go to rows of their own."""
    rows: list[dict[str, Any]] = []
    contents: list[dict[str, Any]] = []
    for seq, event in enumerate(events, first):
        data = event.data
        name, score = NAMES.get(event.type), SCORES.get(event.type)
        rows.append(
            {
                "conversation_id": conversation_id,
                "seq": seq,
                "type": event.type,
                "at": now,
                "turn": turn,
                "name": data.get(name) if name else None,
                "score": data.get(score) if score else None,
                "data": dumps(data),
            }
        )
        if event.content:
            contents.append(
                {
                    "conversation_id": conversation_id,
                    "seq": seq,
                    "content": dumps(event.content),
                    "search": spoken(event.content),
                }
            )
    _EVENTS.many(connection, rows)
    _CONTENTS.many(connection, contents)


def write_outbox(
    connection: Connection,
    conversation_id: str,
    first: int,
    channel: str,
    epoch: int,
    now: float,
    events: Sequence[Event],
) -> None:
    """Queue the messages among `events` for delivery."""
    _OUTBOX.many(
        connection,
        [
            {
                "conversation_id": conversation_id,
                "seq": seq,
                "channel": channel,
                "author": event.type,
                "epoch": epoch,
                "state": "pending",
                "attempts": 0,
                "next_at": now,
                "created_at": now,
            }
            for seq, event in enumerate(events, first)
            if event.type in SENT
        ],
    )


def event_of(message: OutboundMessage, *, agent_id: str | None = None) -> Event:
    """The event that records a message to the customer."""
    data: dict[str, Any] = {"author": message.author}
    if message.response:
        data["response"] = message.response
    if message.replies:
        data["replies"] = [{"title": reply.title, "payload": reply.payload} for reply in message.replies]
    if message.metadata:
        data["metadata"] = message.metadata
    if agent_id:
        data["agent_id"] = agent_id
    content: dict[str, Any] = {"text": message.text}
    if message.attachments:
        content["attachments"] = message.attachments
    return Event(message.author, data, content)


def message_of(type_: str, data: Mapping[str, Any], content: Mapping[str, Any] | None) -> OutboundMessage:
    """The message that an event records; without text where it was erased."""
    content = content or {}
    return OutboundMessage(
        text=content.get("text", ""),
        replies=tuple(QuickReply(reply["title"], reply["payload"]) for reply in data.get("replies", ())),
        response=data.get("response"),
        author=type_,  # type: ignore[arg-type]  # a type in SENT is an author
        attachments=tuple(Attachment(**each) for each in content.get("attachments", ())),
        metadata=data.get("metadata", {}),
    )
