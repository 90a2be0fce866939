"""Who writes while waiting for a person hears, now and then, that it is added to the ticket.

A notice, not the bot: the bot is silent while the queue or an agent has the conversation.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import UTC, datetime

from sqlalchemy import Connection, Float, Text, bindparam, select

from bot.actions.desk import opening_sentences
from bot.bus import OUTBOX, Bus, conversation_topic
from bot.dialogue import render
from bot.dialogue.pack import Pack
from bot.dialogue.tracker import Tracker
from bot.model.conversation import Owner
from bot.store import views
from bot.store.database import Database
from bot.store.queue import append, event_of
from bot.store.schema import events
from bot.store.statements import Prepared
from handoff.calendar import Calendar

RESPONSE = "utter_still_waiting"
QUIET = 600.0
"""Seconds between two such notices."""

_e = events.c


class Waiting:
    """Says it, at most once in `QUIET` seconds. `push` names the channels that delivery sends for."""

    def __init__(
        self,
        database: Database,
        bus: Bus,
        pack: Callable[[], Pack],
        calendar: Callable[[], Calendar],
        *,
        push: Collection[str],
        clock: Callable[[], float],
    ) -> None:
        self._database = database
        self._bus = bus
        self._pack = pack
        self._calendar = calendar
        self._push = push
        self._clock = clock

    async def tell(self, conversation_id: str) -> None:
        """Call after a message that came in while the conversation was in the queue."""
        since = self._clock() - QUIET
        if await self._database.read(lambda connection: _said_since(connection, conversation_id, since)):
            return  # nearly always: who waits writes more than once
        seq = await self._database.write(lambda connection: self._write(connection, conversation_id))
        if seq is None:
            return
        await self._bus.publish(conversation_topic(conversation_id), {"type": "seq", "seq": seq})
        await self._bus.ring(OUTBOX)

    def _write(self, connection: Connection, conversation_id: str) -> int | None:
        now = self._clock()
        view = views.conversation(connection, conversation_id)
        if (
            view is None
            or view.owner != Owner.QUEUE
            or not view.state
            or _said_since(connection, view.id, now - QUIET)
        ):
            return None
        tracker = Tracker.from_json(view.state)
        calendar, moment = self._calendar(), datetime.fromtimestamp(now, UTC)
        values = {
            "ticket_number": str(view.ticket.number) if view.ticket else "",
            "queue_position": view.position,
            "handoff_open": calendar.is_open(moment),
            "opening_hours_text": opening_sentences(calendar, tracker.language, moment),
        }
        message = render.notice(self._pack(), tracker, RESPONSE, values)
        if message is None:
            return None
        push = view.channel in self._push
        return append(connection, view.id, (event_of(message),), push=push, now=now)


_SAID = Prepared(
    lambda _: (
        select(_e.seq)
        .where(
            _e.conversation_id == bindparam("id", type_=Text),
            _e.type == "system",
            _e.name == RESPONSE,
            _e.at > bindparam("since", type_=Float),
        )
        .limit(1)
    )
)


def _said_since(connection: Connection, conversation_id: str, since: float) -> bool:
    return _SAID.row(connection, {"id": conversation_id, "since": since}) is not None
