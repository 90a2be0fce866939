"""Hands a conversation to people: the ticket is filled, the team chosen, the place in line told.

The ticket is made before the turn is saved, because what is said next names its number; an episode has one,
so a turn that is made again fills the same. The place in line is taken in the turn's own transaction, and
only if the conversation is then for the queue. What a ticket holds and weighs is decided in `handoff`.
"""

from __future__ import annotations

import logging
import math
from collections.abc import Callable
from typing import Any

from sqlalchemy import Connection, func, select

from bot.actions.desk import opening_sentences
from bot.dialogue.tracker import Tracker
from bot.model.actions import ActionCall, ActionResult
from bot.model.conversation import Owner, Status
from bot.model.events import Event
from bot.model.links import link
from bot.model.ticket import Priority, Ticket
from bot.service.saving import Handover
from bot.service.ticketing import Ticketing, moment
from bot.store.customers import identities_of
from bot.store.database import Database
from bot.store.queue import Claimed
from bot.store.repositories import (
    TicketRow,
    create_handoff,
    expected_wait,
    get_customer,
    open_handoff,
)
from bot.store.schema import conversations, handoffs
from handoff.calendar import Calendar

log = logging.getLogger(__name__)


class Handovers:
    """The `HandoverDesk` of `bot.service.turns`. The calendar is fetched at every handover."""

    def __init__(
        self,
        database: Database,
        ticketing: Ticketing,
        calendar: Callable[[], Calendar],
        clock: Callable[[], float],
        public_url: str | None = None,
    ) -> None:
        self._database = database
        self._ticketing = ticketing
        self._calendar = calendar
        self._clock = clock
        self._public_url = public_url

    async def prepare(self, claimed: Claimed, tracker: Tracker, call: ActionCall) -> Handover:
        """Make or fill the episode's ticket, and find out how long the line is."""
        now = self._clock()
        episode = episode_of(claimed)

        def work(connection: Connection) -> tuple[TicketRow, int, float | None]:
            row = self._ticketing.fill(
                connection, claimed.id, tracker, channel=claimed.channel, episode=episode, now=now
            )
            ticket = row.ticket
            place = place_in_line(connection, ticket.team, ticket.priority, besides=claimed.id)
            return row, place, expected_wait(connection, ticket.team)

        row, place, seconds = await self._database.write(work)
        ticket = row.ticket
        log.info(
            "handed over",
            extra={
                "conversation": claimed.id,
                "ticket": row.number,
                "team": ticket.team,
                "reason": ticket.reason,
            },
        )

        def save(connection: Connection) -> None:
            _line_up(connection, claimed.id, episode, ticket, now)

        return Handover(
            result=ActionResult(call.name, call.key, slots=self._slots(row, place, seconds, tracker, now)),
            event=Event(
                "handoff",
                {
                    "reason": ticket.reason,
                    "team": ticket.team,
                    "ticket": row.number,
                    "priority": ticket.priority.value,
                },
            ),
            team=ticket.team,
            save=save,
        )

    async def carried(self, claimed: Claimed) -> dict[str, Any]:
        """Who the customer of this conversation is, as slots; empty for somebody whom nobody knows."""
        if claimed.customer_id is None:
            return {}
        customer_id = claimed.customer_id
        customer, identities = await self._database.read(
            lambda connection: (get_customer(connection, customer_id), identities_of(connection, customer_id))
        )
        if customer is None:
            return {}
        if identities and not any(identity.verified_at for identity in identities):
            # Who only claims to be somebody, as a caller id does, is told nothing of that somebody.
            return {"customer_phone": customer.phone} if customer.phone else {}
        known = {
            "customer_name": customer.name,
            "customer_email": customer.email,
            "customer_phone": customer.phone,
        }
        return {name: value for name, value in known.items() if value}

    def _slots(
        self, row: TicketRow, place: int, seconds: float | None, tracker: Tracker, now: float
    ) -> dict[str, Any]:
        calendar, at = self._calendar(), moment(now)
        is_open = calendar.is_open(at)
        return {
            "ticket_number": str(row.number),
            "ticket_url": link(f"/t/{row.secret}", self._public_url, tracker.channel),
            "handoff_open": is_open,
            "queue_position": place,
            "expected_wait": minutes_of(seconds) if is_open else None,
            "opening_hours_text": opening_sentences(calendar, tracker.language, at),
            "next_opening_text": None if is_open else calendar.next_opening_text(tracker.language, at),
        }


def episode_of(claimed: Claimed) -> int:
    """The episode that this turn belongs to: words after a resolution begin the next one."""
    spoken = any(row.kind == "message" for row in claimed.rows)
    return claimed.episode + (claimed.status is Status.RESOLVED and spoken)


def minutes_of(seconds: float | None) -> int | None:
    """A wait as it is told: whole minutes, rather more than less; None where nothing is known."""
    return None if seconds is None else max(1, math.ceil(seconds / 60))


def place_in_line(connection: Connection, team: str, priority: Priority, *, besides: str) -> int:
    """Where a conversation would stand that joins a team's line now: behind all that weigh no less."""
    ahead = (
        select(func.count())
        .select_from(handoffs)
        .where(
            handoffs.c.closed_at.is_(None),
            handoffs.c.claimed_at.is_(None),
            handoffs.c.team == team,
            handoffs.c.priority <= priority.value,
            handoffs.c.conversation_id != besides,
        )
    )
    return connection.execute(ahead).scalar_one() + 1


def _line_up(connection: Connection, conversation_id: str, episode: int, ticket: Ticket, now: float) -> None:
    """Take a place in the team's line, unless an agent took over meanwhile or already put it in line."""
    owner = connection.execute(
        select(conversations.c.owner).where(conversations.c.id == conversation_id)
    ).scalar_one()
    if owner != Owner.QUEUE.value:
        return
    waiting = open_handoff(connection, conversation_id)
    if waiting is not None and waiting.claimed_at is None and waiting.episode == episode:
        return
    create_handoff(
        connection,
        conversation_id,
        episode=episode,
        team=ticket.team,
        reason=ticket.reason,
        priority=ticket.priority.value,
        now=now,
    )
