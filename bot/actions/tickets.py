"""Tickets in a conversation: how one stands, and adding to it. Told only to whom it belongs.

A ticket belongs to this conversation, to its proven customer, or to whoever has its secret link. A number
proves nothing: a stranger's ticket is not found, as one that does not exist.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from rasa_sdk import Tracker
from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher

from bot.actions import words
from bot.actions.base import ShippedAction, language_of, said, slots, text_of

_SECRET = re.compile(r"(?<![\w-])[A-Za-z0-9_-]{22}(?![\w-])")
"""A secret as `secrets.token_urlsafe(16)` makes it; links end in one."""

MAX_SECRETS = 5
"""How many are tried of one message."""


@dataclass(frozen=True, slots=True)
class TicketView:
    """What a customer may know of a ticket."""

    number: int
    status: str
    summary: str
    team: str
    claimed: bool
    resolution_due: datetime | None
    solution: str


class Tickets(Protocol):
    """The tickets on record, as far as the actions need them."""

    async def own(self, conversation_id: str) -> list[TicketView]:
        """Those of a conversation and of its proven customer, the newest first."""
        ...

    async def by_secret(self, secret: str) -> TicketView | None:
        """The one that a secret link opens."""
        ...

    async def add_note(self, number: int, conversation_id: str, text: str) -> None:
        """Add what a customer says to a ticket, once; a ticket that was solved is open again."""
        ...


class TicketStatus(ShippedAction):
    """How a ticket stands: the one that was asked for, else the customer's last."""

    action_name = "action_ticket_status"

    def __init__(
        self, tickets: Tickets, team_name: Callable[[str, str], str], zone: Callable[[], ZoneInfo]
    ) -> None:
        self._tickets = tickets
        self._team_name = team_name
        self._zone = zone

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any) -> list[EventType]:
        """Fill `ticket_found` and, when it is theirs, `ticket_text` and `ticket_number`."""
        ticket = await _find(self._tickets, tracker)
        if ticket is None:
            return slots(ticket_found=False, ticket_text=None)
        return slots(
            ticket_found=True,
            ticket_text=self._told(ticket, language_of(tracker)),
            ticket_number=str(ticket.number),
        )

    def _told(self, ticket: TicketView, language: str) -> str:
        say = words.of(language)
        first = say.ticket_busy if ticket.claimed else say.ticket_waiting
        parts = [say.ticket_solved if ticket.status != "open" else first]
        if ticket.status != "open" and ticket.solution:
            parts.append(say.ticket_solution)
        elif ticket.status == "open" and ticket.resolution_due:
            parts.append(say.ticket_due)
        summary = " ".join(ticket.summary.split())[:120].rstrip(" .")
        moment = ""
        if ticket.resolution_due:
            due = ticket.resolution_due.astimezone(self._zone())
            moment = say.moment.format(day=due.day, month=due.month, hour=due.hour, minute=due.minute)
        values = {
            "number": ticket.number,
            "summary": summary,
            "team": self._team_name(ticket.team, language),
            "solution": ticket.solution,
            "moment": moment,
        }
        return " ".join(part.format(**values) for part in parts)


class UpdateTicket(ShippedAction):
    """Adds what the customer says to their ticket."""

    action_name = "action_update_ticket"

    def __init__(self, tickets: Tickets) -> None:
        self._tickets = tickets

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any) -> list[EventType]:
        """Find the ticket again, by the same right, and add the note."""
        text = text_of(tracker, "ticket_update_text").strip()
        ticket = await _find(self._tickets, tracker)
        if ticket is None:
            return slots(ticket_found=False)
        if text:
            await self._tickets.add_note(ticket.number, tracker.sender_id, text)
        return slots(ticket_found=True, ticket_number=str(ticket.number))


async def _find(tickets: Tickets, tracker: Tracker) -> TicketView | None:
    """The ticket that is meant, if it belongs to who asks."""
    asked = text_of(tracker, "ticket_asked")
    for secret in _SECRET.findall(f"{asked} {said(tracker)}"[:2_000])[:MAX_SECRETS]:
        found = await tickets.by_secret(secret)
        if found is not None:
            return found
    own = await tickets.own(tracker.sender_id)
    digits = re.sub(r"\D", "", asked)
    if digits:
        return next((ticket for ticket in own if str(ticket.number) == digits), None)
    if asked:
        return None
    known = text_of(tracker, "ticket_number")
    return next((ticket for ticket in own if str(ticket.number) == known), own[0] if own else None)
