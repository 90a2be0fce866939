"""What happens to conversations by the clock: who is snoozed wakes up, what an absent agent has and what an
agent leaves unanswered goes back to the line. One of the rounds of `schedule`; the rules are
`handoff.presence`."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from functools import partial

from sqlalchemy import Connection, select

from bot.model.conversation import Owner, Status
from bot.model.errors import Conflict
from bot.service import deeds
from bot.service.agents import Agent, Agents
from bot.store.accounts import BY_RULE, absent_agents, set_gone
from bot.store.database import Database
from bot.store.schema import conversations, users
from handoff.calendar import Calendar
from handoff.presence import Presence

log = logging.getLogger(__name__)

_c = conversations.c


class Attendance:
    """Looks after what agents have. Everything here may be done twice, or by two processes: a deed that came
    too late changes nothing."""

    def __init__(
        self,
        database: Database,
        agents: Agents,
        presence: Callable[[], Presence],
        calendar: Callable[[], Calendar],
        clock: Callable[[], float],
    ) -> None:
        self._database = database
        self._agents = agents
        self._presence = presence
        self._calendar = calendar
        self._clock = clock

    async def round(self) -> None:
        """Look once. What wakes up goes on to the line in the same round, where its agent is not there."""
        await self._set_gone_offline()
        await self._wake()
        await self._return_unanswered()
        await self._return_of_absent()

    async def left(self, agent_id: str, *, actor: str = BY_RULE) -> int:
        """An agent is gone: what is theirs and not snoozed goes back to the line; how many. `actor` is who
        sees to it, where that is a person."""

        def theirs(connection: Connection) -> list[tuple[str, str, str]]:
            return _held(connection, _c.agent_id == agent_id, _c.status != Status.SNOOZED.value)

        return await self._return(await self._database.read(theirs), "left", actor)

    async def _set_gone_offline(self) -> None:
        before = self._clock() - self._presence().gone_after * 60
        for agent_id in await self._database.read(lambda c: absent_agents(c, before)):
            await self._database.write(partial(_set_gone, agent_id=agent_id))
            await self._agents.tell_availability(agent_id, "offline")

    async def _return_of_absent(self) -> None:
        """However it came to be theirs: woken, handed to them, or left by a process that died half-way."""

        def theirs(connection: Connection) -> list[tuple[str, str, str]]:
            return _held(connection, users.c.availability == "offline", _c.status != Status.SNOOZED.value)

        await self._return(await self._database.read(theirs), "left")

    async def _wake(self) -> None:
        now = self._clock()

        def due(connection: Connection) -> list[tuple[str, str, str]]:
            return _held(connection, _c.status == Status.SNOOZED.value, _c.snoozed_until <= now)

        for conversation_id, agent_id, name in await self._database.read(due):
            await self._try(conversation_id, Agent(agent_id, name, BY_RULE), deeds.wake)

    async def _return_unanswered(self) -> None:
        minutes, now = self._presence().unanswered_after, self._clock()
        if minutes is None:
            return
        calendar, limit = self._calendar(), timedelta(minutes=minutes)
        before = now - limit.total_seconds()

        def waiting(connection: Connection) -> list[tuple[str, str, str, float]]:
            query = (
                select(_c.id, _c.agent_id, users.c.name, _c.waiting_since)
                .join(users, users.c.id == _c.agent_id)
                .where(
                    _c.owner == Owner.AGENT.value,
                    _c.status == Status.OPEN.value,
                    _c.waiting_since < before,
                    _c.updated_at < before,  # an agent who has just taken it over has the same time
                )
            )
            return [tuple(row) for row in connection.execute(query)]

        late = [
            (id_, agent_id, name)
            for id_, agent_id, name, since in await self._database.read(waiting)
            if calendar.business_time_between(_moment(since), _moment(now)) >= limit
        ]
        await self._return(late, "unanswered")

    async def _return(self, held: Iterable[tuple[str, str, str]], why: str, actor: str = BY_RULE) -> int:
        done = 0
        for conversation_id, agent_id, name in held:
            step = partial(deeds.to_queue, why=why)
            done += await self._try(conversation_id, Agent(agent_id, name, actor), step)
        return done

    async def _try(self, conversation_id: str, agent: Agent, step: Callable[[deeds.At], int]) -> bool:
        try:
            await self._agents.do(conversation_id, agent, step)
        except Conflict:
            return False  # somebody has done something with it meanwhile
        return True


def _held(connection: Connection, *wanted: object) -> list[tuple[str, str, str]]:
    """Conversations that agents have: their ids, whose they are, and the agent's name."""
    query = (
        select(_c.id, _c.agent_id, users.c.name)
        .join(users, users.c.id == _c.agent_id)
        .where(_c.owner == Owner.AGENT.value, *wanted)  # pyright: ignore[reportArgumentType]
    )
    return [tuple(row) for row in connection.execute(query)]


def _set_gone(connection: Connection, agent_id: str) -> None:
    held = _held(connection, _c.agent_id == agent_id, _c.status != Status.SNOOZED.value)
    set_gone(connection, agent_id, len(held))


def _moment(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
