"""Tickets, filled from what the bot knows and edited by people, with their history.

Inside a transaction that is open, as `deeds`. What a ticket holds and weighs is decided in `handoff`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, and_, func, select, update

from bot.dialogue.pack import Pack
from bot.dialogue.tracker import Tracker
from bot.model.conversation import Owner, Status
from bot.model.errors import NotFound, StaleVersion
from bot.model.events import Event
from bot.model.ticket import Ticket
from bot.service.place import At, last_seq
from bot.store import views
from bot.store.accounts import BY_RULE, audit
from bot.store.changes import changed_fields, record_changes
from bot.store.pauses import pauses_of, resume, to_resume
from bot.store.queue import append
from bot.store.repositories import (
    TicketRow,
    at_work,
    create_ticket,
    get_ticket,
    open_handoff,
    ticket_of,
    update_ticket,
)
from bot.store.schema import contents, conversations, events, handoffs
from handoff.config import Policy
from handoff.sla import due_times
from handoff.ticket_edit import DUES, Record, Rules, differences, edited, overtaken
from handoff.tickets import fill_ticket, merge

FIRST_MESSAGES = 5
"""Among so many messages of an episode the customer's first words are looked for."""

ENOUGH_WORDS = 4
"""A message of so many words says what it is about; a greeting does not."""


@dataclass(frozen=True, slots=True)
class Ticketing:
    """Fills and edits tickets by the pack and the policy as they are now."""

    pack: Callable[[], Pack]
    policy: Callable[[], Policy]

    def fill(
        self,
        connection: Connection,
        conversation_id: str,
        tracker: Tracker,
        *,
        channel: str,
        episode: int,
        now: float,
    ) -> TicketRow:
        """Make the episode's ticket from what the bot knows, or add to the one that it has."""
        existing = ticket_of(connection, conversation_id, episode=episode)
        policy = self.policy()
        ticket = fill_ticket(
            conversation_id=conversation_id,
            channel=channel,
            language=tracker.language,
            slots=tracker.slots,
            pack=self.pack(),
            policy=policy,
            calendar=policy.calendar,
            now=moment(now),
            # Once it was asked who somebody is, the last turn says nothing of what it is about.
            intent="" if tracker.slots.get("contact_asked") else _intent_of(tracker),
            words=first_words(connection, conversation_id),
            notes=tracker.notes,
            opened=moment(existing.created_at) if existing else None,
            pauses=pauses_of(connection, conversation_id, since=existing.created_at) if existing else (),
        )
        if existing is None:
            return create_ticket(connection, ticket, episode=episode, now=now)
        known = merge(existing.ticket, ticket, changed_fields(connection, existing.number))
        return update_ticket(
            connection, existing.number, now=now, ticket=known, status="open", handed_over=True
        )

    def learn(self, place: At) -> None:
        """What the bot has found out since it was given the conversation comes on the ticket it has."""
        if place.owner is not Owner.BOT or place.status is Status.RESOLVED:
            return  # nothing was found out since people had it
        view = views.conversation(place.connection, place.id)
        if view is not None and view.state and view.ticket and view.ticket.episode == place.episode:
            tracker = Tracker.from_json(view.state)
            self.fill(
                place.connection,
                place.id,
                tracker,
                channel=place.channel,
                episode=place.episode,
                now=place.now,
            )

    def make(self, place: At) -> int:
        """A ticket for a conversation that an agent took before the bot made one."""
        view = views.conversation(place.connection, place.id)
        if view is None or not view.state:
            raise NotFound("nothing was said in this conversation yet")
        if view.ticket is not None and view.ticket.episode == place.episode:
            return view.seq
        row = self.fill(
            place.connection,
            place.id,
            Tracker.from_json(view.state),
            channel=place.channel,
            episode=place.episode,
            now=place.now,
        )
        return _record(place, row.number, "ticket.made")

    def ensure(self, place: At) -> int:
        """A ticket that a solution can be written on, where anything was said."""
        view = views.conversation(place.connection, place.id)
        if view is None or not view.state or at_work(view.ticket, place.episode):
            return last_seq(place)
        return self.make(place)

    def edit(self, place: At, fields: Mapping[str, str], before: Mapping[str, str] | None = None) -> int:
        """Change these fields of the conversation's ticket, each recorded with what it was before.

        `before` are the fields as the agent saw them; raises `StaleVersion` when a colleague has changed one
        since."""
        row = at_work(ticket_of(place.connection, place.id), place.episode)
        if row is None:
            raise NotFound("this conversation has no ticket")
        rules = Rules(self.policy(), self.fact_labels(row.ticket.language))
        was = record_of(row)
        if taken := overtaken(was, before or {}, rules.zone):
            raise StaleVersion(f"somebody changed this meanwhile: {', '.join(taken)}")
        handoff = open_handoff(place.connection, place.id)
        wanted = edited(
            was,
            fields,
            rules,
            opened=moment(row.created_at),
            by_hand=changed_fields(place.connection, row.number),
            handed_over=moment(handoff.created_at) if handoff else None,
            pauses=pauses_of(place.connection, place.id, since=row.created_at),
            now=moment(place.now),
        )
        # Due times that follow from something else are not by hand, and go on following.
        differing = differences(was, wanted, rules.zone)
        followed = [each for each in differing if each[0] in DUES and each[0] not in fields]
        changed = [each for each in differing if each not in followed]
        if not changed:
            return last_seq(place)
        update_ticket(
            place.connection,
            row.number,
            now=place.now,
            ticket=wanted.ticket,
            status=wanted.status if wanted.status != was.status else None,
            solution=wanted.solution if wanted.solution or was.solution else None,
        )
        _follow(place, wanted.ticket)
        record_changes(place.connection, row.number, followed, actor=BY_RULE, now=place.now)
        record_changes(place.connection, row.number, changed, actor=place.agent.id, now=place.now)
        return _record(place, row.number, "ticket.edited", [name for name, _, _ in changed])

    def fact_labels(self, language: str) -> dict[str, str]:
        """The slots that a ticket may have facts of, with their labels."""
        slots = self.pack().domain.slots
        return {name: slot.label(language) for name, slot in slots.items() if slot.fact}

    def resume(self, connection: Connection, conversation_id: str, now: float) -> None:
        """The clock of a ticket goes on that stood still for the customer, if that is over. Call after
        whatever may end a snooze."""
        number = to_resume(connection, conversation_id)
        row = get_ticket(connection, number) if number is not None else None
        if row is None:
            return
        if "resolution_due" in changed_fields(connection, row.number):
            agreed = row.ticket.resolution_due  # a moment that people chose does not move
            resume(connection, row.number, resolution_due=agreed.timestamp() if agreed else None)
            return
        policy = self.policy()
        due = due_times(
            policy.calendar,
            policy.targets[row.ticket.priority],
            opened=moment(row.created_at),
            pauses=pauses_of(connection, conversation_id, since=row.created_at),
            now=moment(now),
        )
        resume(connection, row.number, resolution_due=due.resolution.timestamp())
        was = record_of(row)
        later = replace(was, ticket=replace(row.ticket, resolution_due=due.resolution))
        moved = differences(was, later, policy.calendar.zone)
        record_changes(connection, row.number, moved, actor=BY_RULE, now=now)


def record_of(row: TicketRow) -> Record:
    """The row as people may edit it."""
    return Record(row.ticket, row.status, row.solution or "")


def _follow(place: At, ticket: Ticket) -> None:
    """The conversation and its place in the line go by the ticket's team and priority."""
    c, h = conversations.c, handoffs.c
    place.connection.execute(update(conversations).where(c.id == place.id).values(team=ticket.team))
    place.connection.execute(
        update(handoffs)
        .where(h.conversation_id == place.id, h.closed_at.is_(None))
        .values(team=ticket.team, priority=ticket.priority.value)
    )


def _record(place: At, number: int, deed: str, fields: Sequence[str] = ()) -> int:
    """In the audit log; and in the conversation, so that a page that shows the ticket fetches it again."""
    audit(
        place.connection,
        actor=place.agent.id,
        deed=deed,
        subject=f"ticket:{number}",
        now=place.now,
        data={"fields": list(fields)},
    )
    event = Event("ticket", {"number": number, "agent_id": place.agent.id, "fields": list(fields)})
    return append(place.connection, place.id, (event,), push=False, now=place.now)


# ── what the customer began with ──────────────────────────────────────────────────────────────────────────


def first_words(connection: Connection, conversation_id: str) -> str:
    """What the customer began this episode with: the first message that says something, else the first."""
    e = events.c
    last_end = (
        select(func.coalesce(func.max(e.seq), 0))
        .where(e.conversation_id == conversation_id, e.type == "ended")
        .scalar_subquery()
    )
    found = connection.execute(
        select(contents.c.content)
        .join(events, and_(e.conversation_id == contents.c.conversation_id, e.seq == contents.c.seq))
        .where(e.conversation_id == conversation_id, e.type == "user", e.seq > last_end)
        .order_by(e.seq)
        .limit(FIRST_MESSAGES)
    )
    texts = [text for row in found if (text := str(_mapping(row[0]).get("text") or "").strip())]
    return next((text for text in texts if len(text.split()) >= ENOUGH_WORDS), texts[0] if texts else "")


def _intent_of(tracker: Tracker) -> str:
    return str(_mapping(tracker.latest.get("intent")).get("name") or "")


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def moment(seconds: float) -> datetime:
    """Epoch seconds as an aware time in UTC."""
    return datetime.fromtimestamp(seconds, UTC)
