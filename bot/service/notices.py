"""What Balie tells a customer of who has the conversation: who took it over, that it is back in line or
closed, that what was written is added to the ticket. Notices, not the bot's: that is silent meanwhile.

Each is written in the transaction that makes it true; a pack without the response says nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import replace
from datetime import UTC, datetime

from sqlalchemy import Connection

from bot.actions.desk import opening_sentences
from bot.dialogue import render
from bot.dialogue.pack import Pack
from bot.dialogue.tracker import Tracker
from bot.model.conversation import Deed
from bot.store import views
from bot.store.queue import append, event_of
from bot.store.tickets import at_work
from handoff.calendar import Calendar

STILL_WAITING = "utter_still_waiting"
JOINED = "utter_agent_joined"
BACK_IN_LINE = "utter_back_in_line"
RESOLVED = "utter_resolved_by_agent"

AFTER_DEED = {
    Deed.CLAIM: JOINED,
    Deed.TRANSFER: JOINED,
    Deed.TO_QUEUE: BACK_IN_LINE,
    Deed.RESOLVE: RESOLVED,
}
"""What an agent's deed is told with. What else ends or changes a conversation has words of its own."""

Tell = Callable[[Connection, str, str, str], "int | None"]
"""Write the notice of a response in a conversation, about the agent of that name where there is one; gives
the last event's number, or None where nothing is said."""


def nothing(connection: Connection, conversation_id: str, response: str, name: str) -> None:
    """Nobody is told."""


class Notices:
    """Writes them. `push` names the channels that delivery sends for."""

    def __init__(
        self,
        pack: Callable[[], Pack],
        calendar: Callable[[], Calendar],
        *,
        push: Collection[str],
        clock: Callable[[], float],
    ) -> None:
        self._pack = pack
        self._calendar = calendar
        self._push = push
        self._clock = clock

    def tell(self, connection: Connection, conversation_id: str, response: str, name: str = "") -> int | None:
        """As `Tell`. A channel that shows who has it finds the agent's name beside the text, or `over`."""
        view = views.conversation(connection, conversation_id)
        if view is None or not view.state:
            return None
        now, tracker, calendar = self._clock(), Tracker.from_json(view.state), self._calendar()
        moment = datetime.fromtimestamp(now, UTC)
        ticket = at_work(view.ticket, view.episode)
        values = {
            "agent_name": name,
            "ticket_number": str(ticket.number) if ticket else "",
            "queue_position": view.position,
            "handoff_open": calendar.is_open(moment),
            "opening_hours_text": opening_sentences(calendar, tracker.language, moment),
        }
        message = render.notice(self._pack(), tracker, response, values)
        if message is None:
            return None
        event = event_of(message)
        more = {"name": name} if name else {"over": True} if response == RESOLVED else {}
        event = replace(event, data={**event.data, **more})
        return append(connection, view.id, (event,), push=view.channel in self._push, now=now)
