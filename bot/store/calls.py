"""The calls that are on the line: one row a conversation, which names the process that has the sound. A
process that was killed leaves rows behind; they are over once it has not been heard of for a while."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, delete, select, update

from bot.store.schema_desk import calls
from bot.store.statements import insert_into

LASTS = 40.0
"""Seconds after its last sign of life until a call is over: several times what a process lets pass."""

_c = calls.c


@dataclass(frozen=True, slots=True)
class CallRow:
    """A call that is on. Times are epoch seconds; `agent_id` is who speaks on it."""

    conversation_id: str
    node: str
    since: float
    agent_id: str | None


def open_call(connection: Connection, conversation_id: str, node: str, *, now: float) -> None:
    """A call is on, on this process."""
    row = {"node": node, "since": now, "seen": now, "agent_id": None}
    new = insert_into(connection.dialect.name, calls).values(conversation_id=conversation_id, **row)
    connection.execute(new.on_conflict_do_update(index_elements=[_c.conversation_id], set_=row))


def keep_calls(connection: Connection, node: str, *, now: float) -> None:
    """The calls of this process are still on."""
    connection.execute(update(calls).where(_c.node == node).values(seen=now))


def close_call(connection: Connection, conversation_id: str, node: str) -> None:
    """A call of this process is over."""
    connection.execute(delete(calls).where(_c.conversation_id == conversation_id, _c.node == node))


def set_agent(connection: Connection, conversation_id: str, agent_id: str | None) -> None:
    """Who speaks on a call."""
    connection.execute(update(calls).where(_c.conversation_id == conversation_id).values(agent_id=agent_id))


def on_line(
    connection: Connection, conversation_ids: Collection[str], *, now: float
) -> Mapping[str, CallRow]:
    """Which of these conversations are on the line."""
    if not conversation_ids:
        return {}
    rows = connection.execute(
        select(_c.conversation_id, _c.node, _c.since, _c.agent_id).where(
            _c.conversation_id.in_(conversation_ids), _c.seen > now - LASTS
        )
    )
    return {row.conversation_id: CallRow(*row) for row in rows}
