"""What agents do with a conversation: one transaction each, and the bus told afterwards.

Every deed also enters the inbox (kind `deed`), so that the engine hears of it and may say something. Who may
do what is decided by `transfer`'s table and by who owns the conversation; who is an agent, by the pages.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from sqlalchemy import Connection, select

from bot.bus import DESK, OUTBOX, WORK, Bus, conversation_topic
from bot.model.conversation import Deed, Owner
from bot.model.errors import Conflict, Malformed, NotFound, TooLarge
from bot.model.events import Event
from bot.model.messages import MAX_TEXT
from bot.model.redact import redact
from bot.store.accounts import audit
from bot.store.database import Database
from bot.store.queue import accept_result, append, once, transfer
from bot.store.repositories import (
    claim_handoff,
    close_handoff,
    create_handoff,
    move_handoff,
    open_handoff,
    ticket_of,
    update_ticket,
)
from bot.store.schema import conversations

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Agent:
    """Who acts, as the customer may see it: `name` is shown."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class _Place:
    """The conversation that something is done in."""

    id: str
    channel: str
    owner: Owner
    agent_id: str | None
    episode: int
    team: str | None


class Agents:
    """The agents' deeds. `push` names the channels whose messages go through delivery."""

    def __init__(
        self,
        database: Database,
        bus: Bus,
        *,
        push: Collection[str] = (),
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._database = database
        self._bus = bus
        self._push = frozenset(push)
        self._clock = clock

    async def claim(self, conversation_id: str, agent: Agent) -> int:
        """Take a conversation from the line, or from the bot; raises `Conflict` when another was first."""

        def work(connection: Connection, now: float, place: _Place) -> int:
            claim_handoff(connection, place.id, agent_id=agent.id, now=now)
            return self._do(connection, place, Deed.CLAIM, agent, now, agent_id=agent.id)

        return await self._act(conversation_id, work)

    async def reply(self, conversation_id: str, agent: Agent, text: str, *, key: str | None = None) -> int:
        """Say something to the customer. A reply takes ownership where no other agent has it.

        `key` is the page's own id of this reply: sent twice, it is said once.
        """
        event = Event(
            "agent", {"author": "agent", "agent_id": agent.id, "name": agent.name}, {"text": _text(text)}
        )

        def work(connection: Connection, now: float, place: _Place) -> int:
            if key and not once(connection, place.id, f"{agent.id}:{key}", now=now):
                return _seq(connection, place.id)
            if place.owner is not Owner.AGENT:
                claim_handoff(connection, place.id, agent_id=agent.id, now=now)
                self._do(connection, place, Deed.CLAIM, agent, now, agent_id=agent.id)
            elif place.agent_id != agent.id:
                raise Conflict("another agent has this conversation; it can be transferred to you")
            return append(connection, place.id, (event,), push=place.channel in self._push, now=now)

        return await self._act(conversation_id, work)

    async def note(self, conversation_id: str, agent: Agent, text: str) -> int:
        """Write something that only colleagues see."""
        event = Event("note", {"agent_id": agent.id, "name": agent.name}, {"text": redact(_text(text))})

        def work(connection: Connection, now: float, place: _Place) -> int:
            return append(connection, place.id, (event,), push=False, now=now)

        return await self._act(conversation_id, work)

    async def to_queue(self, conversation_id: str, agent: Agent, *, team: str | None = None) -> int:
        """Give it back to the line, of the same team or of another."""

        def work(connection: Connection, now: float, place: _Place) -> int:
            before = open_handoff(connection, place.id)
            create_handoff(
                connection,
                place.id,
                episode=place.episode,
                team=team or place.team or (before.team if before else ""),
                reason="returned",
                priority=before.priority if before else "P3",
                now=now,
            )
            self._move_ticket(connection, place, team, now)
            return self._do(connection, place, Deed.TO_QUEUE, agent, now, team=team, expect_agent=agent.id)

        return await self._act(conversation_id, work)

    async def to_bot(self, conversation_id: str, agent: Agent) -> int:
        """Let the bot go on. From an agent only that agent may; from the line any."""

        def work(connection: Connection, now: float, place: _Place) -> int:
            close_handoff(connection, place.id, outcome="to_bot", now=now)
            return self._do(connection, place, Deed.TO_BOT, agent, now, expect_agent=_holder(place, agent))

        return await self._act(conversation_id, work)

    async def resolve(self, conversation_id: str, agent: Agent, solution: str, *, solved: bool = True) -> int:
        """Close the conversation with what solved it (or why it was not), on the ticket too."""
        words = redact(_text(solution))
        outcome = "solved" if solved else "unsolved"
        ended = Event("ended", {"outcome": outcome}, {"solution": words})

        def work(connection: Connection, now: float, place: _Place) -> int:
            close_handoff(connection, place.id, outcome=outcome, now=now)
            ticket = ticket_of(connection, place.id, episode=place.episode)
            if ticket:
                status = "solved" if solved else "closed"
                update_ticket(connection, ticket.number, now=now, status=status, solution=words)
            return self._do(
                connection, place, Deed.RESOLVE, agent, now,
                expect_agent=_holder(place, agent), events=(ended,), outcome=outcome,
            )  # fmt: skip

        return await self._act(conversation_id, work)

    async def transfer(
        self, conversation_id: str, agent: Agent, *, to_agent: str | None = None, team: str | None = None
    ) -> int:
        """Hand it to a colleague, or to another team's line."""
        if to_agent is None:
            if team is None:
                raise Malformed("a transfer needs a colleague or a team")
            return await self._to_team(conversation_id, agent, team)

        def work(connection: Connection, now: float, place: _Place) -> int:
            claim_handoff(connection, place.id, agent_id=to_agent, now=now)
            self._move_ticket(connection, place, team, now)
            deed = Deed.TRANSFER if place.owner is Owner.AGENT else Deed.CLAIM
            return self._do(
                connection, place, deed, agent, now,
                agent_id=to_agent, team=team, expect_agent=_holder(place, agent),
            )  # fmt: skip

        return await self._act(conversation_id, work)

    async def _to_team(self, conversation_id: str, agent: Agent, team: str) -> int:
        owner = (await self._database.read(lambda connection: _place(connection, conversation_id))).owner
        if owner is Owner.AGENT:
            return await self.to_queue(conversation_id, agent, team=team)

        def work(connection: Connection, now: float, place: _Place) -> int:
            move_handoff(connection, place.id, team=team)
            self._move_ticket(connection, place, team, now)
            return self._do(connection, place, Deed.TRANSFER, agent, now, team=team)

        return await self._act(conversation_id, work)

    # ── how every deed is done ────────────────────────────────────────────────────────────────────────────

    async def _act(self, conversation_id: str, work: Callable[[Connection, float, _Place], int]) -> int:
        now = self._clock()
        seq, push = await self._database.write(
            lambda connection: self._run(connection, conversation_id, now, work)
        )
        await self._bus.publish(conversation_topic(conversation_id), {"type": "seq", "seq": seq})
        await self._bus.publish(DESK, {"type": "list"})
        await self._bus.ring(WORK)
        if push:
            await self._bus.ring(OUTBOX)
        return seq

    def _run(
        self,
        connection: Connection,
        conversation_id: str,
        now: float,
        work: Callable[[Connection, float, _Place], int],
    ) -> tuple[int, bool]:
        place = _place(connection, conversation_id)
        return work(connection, now, place), place.channel in self._push

    def _do(
        self,
        connection: Connection,
        place: _Place,
        deed: Deed,
        agent: Agent,
        now: float,
        *,
        agent_id: str | None = None,
        team: str | None = None,
        expect_agent: str | None = None,
        events: Sequence[Event] = (),
        outcome: str | None = None,
    ) -> int:
        seq = transfer(
            connection,
            place.id,
            deed,
            agent_id=agent_id,
            team=team,
            now=now,
            expect_agent=expect_agent,
            events=events,
            outcome=outcome,
        )
        what: Mapping[str, Any] = {
            "deed": deed,
            "from": place.owner,
            "agent_id": agent_id or agent.id,
            "by": agent.id,
            "name": agent.name,
            "team": team,
            "outcome": outcome,
        }
        accept_result(connection, place.id, "deed", f"{place.id}:{seq}", what, now=now)
        audit(connection, actor=agent.id, deed=deed, subject=f"conversation:{place.id}", now=now, data=what)
        return seq

    @staticmethod
    def _move_ticket(connection: Connection, place: _Place, team: str | None, now: float) -> None:
        ticket = ticket_of(connection, place.id, episode=place.episode) if team else None
        if ticket:
            update_ticket(connection, ticket.number, now=now, team=team)


def _holder(place: _Place, agent: Agent) -> str | None:
    """Where an agent owns it, only that one may."""
    return agent.id if place.owner is Owner.AGENT else None


def _text(text: str) -> str:
    text = text.replace("\x00", "").strip()  # PostgreSQL keeps no null character
    if not text:
        raise Malformed("there is no text")
    if len(text) > MAX_TEXT:
        raise TooLarge(f"a text may have {MAX_TEXT} characters; this one has {len(text)}")
    return text


def _place(connection: Connection, conversation_id: str) -> _Place:
    c = conversations.c
    query = select(c.id, c.channel, c.owner, c.agent_id, c.episode, c.team).where(c.id == conversation_id)
    row = connection.execute(query).first()
    if row is None:
        raise NotFound(f"there is no conversation {conversation_id}")
    return _Place(row[0], row[1], Owner(row[2]), row[3], row[4], row[5])


def _seq(connection: Connection, conversation_id: str) -> int:
    return connection.execute(
        select(conversations.c.seq).where(conversations.c.id == conversation_id)
    ).scalar_one()
