"""Agents at work: one transaction for what they do, and the bus told afterwards. What is done is `deeds`,
what is said `saying`, and `ticketing` is for a ticket's fields."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection

from sqlalchemy import Connection

from bot.bus import DESK, OUTBOX, WORK, Bus, conversation_topic
from bot.model.conversation import Status
from bot.model.errors import Malformed
from bot.service import deeds, saying
from bot.service.notices import Tell, nothing
from bot.service.place import Agent, At, Learn, at
from bot.store.accounts import arrive
from bot.store.database import Database
from bot.store.pauses import Resume

__all__ = ["Agent", "Agents", "At"]

Work = Callable[[At], int]
"""What an agent does at a conversation; gives the last event's number."""


def _no_clock(connection: Connection, conversation_id: str, now: float) -> None:
    """There are no tickets."""


class Agents:
    """The agents' deeds. `push` names the channels whose messages go through delivery; `resume` is called
    after what was done to a snoozed conversation, `tell` where the customer should hear who has it, `learn`
    where somebody takes over from the bot."""

    def __init__(
        self,
        database: Database,
        bus: Bus,
        *,
        push: Collection[str] = (),
        resume: Resume = _no_clock,
        tell: Tell = nothing,
        learn: Learn = lambda _: None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._database = database
        self._bus = bus
        self._push = frozenset(push)
        self._resume = resume
        self._tell = tell
        self._learn = learn
        self._clock = clock

    async def claim(self, conversation_id: str, agent: Agent) -> int:
        """Take a conversation from the line, or from the bot; raises `Conflict` when another was first."""
        return await self.do(conversation_id, agent, deeds.claim)

    async def reply(self, conversation_id: str, agent: Agent, text: str, *, key: str | None = None) -> int:
        """Say something to the customer; sent twice with the same `key`, it is said once."""
        return await self.do(conversation_id, agent, lambda place: saying.reply(place, text, key=key))

    async def note(self, conversation_id: str, agent: Agent, text: str, *, key: str | None = None) -> int:
        """Write something that only colleagues see."""
        return await self.do(conversation_id, agent, lambda place: saying.note(place, text, key=key))

    async def to_queue(self, conversation_id: str, agent: Agent, *, team: str | None = None) -> int:
        """Give it back to the line, of the same team or of another."""
        return await self.do(conversation_id, agent, lambda place: deeds.to_queue(place, team))

    async def to_bot(self, conversation_id: str, agent: Agent) -> int:
        """Let the bot go on."""
        return await self.do(conversation_id, agent, deeds.to_bot)

    async def transfer(
        self,
        conversation_id: str,
        agent: Agent,
        *,
        to_agent: str | None = None,
        team: str | None = None,
        note: str = "",
    ) -> int:
        """Hand it to a colleague, or to another team's line, with a note for who gets it."""
        steps: list[Work] = [lambda place: saying.note(place, note)] if note.strip() else []
        if to_agent is not None:
            steps.append(lambda place: deeds.to_colleague(place, to_agent))
        elif team is not None:
            steps.append(lambda place: deeds.to_team(place, team))
        else:
            raise Malformed("a transfer needs a colleague or a team")
        return await self.do(conversation_id, agent, *steps)

    async def resolve(
        self, conversation_id: str, agent: Agent, solution: str, *, solved: bool = True, article: str = ""
    ) -> int:
        """Close the conversation with what solved it, or why it was not."""
        return await self.do(
            conversation_id,
            agent,
            lambda place: deeds.resolve(place, solution, solved=solved, article=article),
        )

    async def do(self, conversation_id: str, agent: Agent, *steps: Work) -> int:
        """Everything or nothing of some steps, each at the conversation as the one before has left it; then
        whoever looks at it is told. An agent who has it after what they did themselves is at work, and no
        longer offline. Returns the last event's number."""
        now = self._clock()

        def work(connection: Connection) -> tuple[int, bool, bool]:
            seq, push, slept = 0, False, False
            for step in steps:
                place = at(connection, now, agent, conversation_id, self._push, self._tell, self._learn)
                slept = slept or place.status is Status.SNOOZED
                seq, push = step(place), place.push
            if slept:
                self._resume(connection, conversation_id, now)
            came = not agent.actor and arrive(connection, agent.id, conversation_id)
            return seq, push, came

        seq, pushed, came = await self._database.write(work)
        await self._bus.publish(conversation_topic(conversation_id), {"type": "seq", "seq": seq})
        await self._bus.publish(DESK, {"type": "list"})
        await self._bus.ring(WORK)
        if pushed:
            await self._bus.ring(OUTBOX)
        if came:
            await self.tell_availability(agent.id, "online")
        return seq

    async def tell_availability(self, agent_id: str, availability: str) -> None:
        """The pages that an agent has open, that this is how they are known now."""
        await self._bus.publish(DESK, {"type": "availability", "by": agent_id, "availability": availability})
