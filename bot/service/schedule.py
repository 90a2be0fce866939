"""Housekeeping, by one process at a time under a lease: what ended is forgotten, what hangs is passed on, and
who waits too long for a person is somebody's alarm."""

from __future__ import annotations

import asyncio
import logging
import secrets
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, update

from bot.bus import JOBS, OUTBOX, WORK, Bus
from bot.store.accounts import purge_attempts, purge_sessions
from bot.store.database import Database
from bot.store.queue import acquire_lease, release_lease
from bot.store.repositories import Handoff, waiting_since_before
from bot.store.schema import conversations

log = logging.getLogger(__name__)

LEASE = "schedule"
ALARM_AFTER = 600.0
"""Seconds after which a handoff that nobody took is an alarm."""


@dataclass(frozen=True, slots=True)
class ScheduleSettings:
    """Seconds. `alarm_after`: how long a handoff may wait before it is an alarm."""

    every: float = 30.0
    lease: float = 90.0
    attempts_kept: float = 24 * 3600.0
    alarm_after: float = ALARM_AFTER


@dataclass(frozen=True, slots=True)
class Tidied:
    """What one round came to."""

    sessions: int = 0
    attempts: int = 0
    dead_leases: int = 0
    waiting: tuple[Handoff, ...] = ()


class Schedule:
    """The rounds of housekeeping. `on_waiting` gets handoffs that wait too long, each round, for metrics;
    what else is done each round is in `rounds`. `holder` is this process, as the health page knows it."""

    def __init__(
        self,
        database: Database,
        bus: Bus,
        *,
        settings: ScheduleSettings | None = None,
        on_waiting: Callable[[Sequence[Handoff]], None] | None = None,
        rounds: Sequence[Callable[[], Awaitable[None]]] = (),
        clock: Callable[[], float] = time.time,
        holder: str = "",
    ) -> None:
        self._database = database
        self._bus = bus
        self._settings = settings or ScheduleSettings()
        self._on_waiting = on_waiting
        self._rounds = rounds
        self._clock = clock
        self._holder = holder or secrets.token_urlsafe(8)
        self._warned: set[int] = set()

    async def run(self, stop: asyncio.Event) -> None:
        """A round every now and then until `stop`, then let another process have it."""
        while not stop.is_set():
            try:
                await self.tick()
            except Exception:
                log.exception("housekeeping failed; the next round tries again")
            try:
                async with asyncio.timeout(self._settings.every):
                    await stop.wait()
            except TimeoutError:
                continue
        await self._database.write(lambda connection: release_lease(connection, LEASE, self._holder))

    async def tick(self) -> Tidied | None:
        """One round; None when another process keeps the house."""
        tidied = await self._database.write(self._tidy)
        if tidied is None:
            return None
        for bell in (WORK, OUTBOX, JOBS):
            await self._bus.ring(bell)  # should a ring have been lost, this is how long it takes at most
        if tidied.dead_leases:
            log.warning("%s conversations were passed on from a worker that is gone", tidied.dead_leases)
        self._alarm(tidied.waiting)
        for each in self._rounds:
            await each()
        return tidied

    def _tidy(self, connection: Connection) -> Tidied | None:
        now, settings = self._clock(), self._settings
        if acquire_lease(connection, LEASE, self._holder, now=now, seconds=settings.lease) is None:
            return None
        return Tidied(
            sessions=purge_sessions(connection, now=now),
            attempts=purge_attempts(connection, before=now - settings.attempts_kept),
            dead_leases=_free(connection, now),
            waiting=tuple(waiting_since_before(connection, now - settings.alarm_after)),
        )

    def _alarm(self, waiting: Sequence[Handoff]) -> None:
        if self._on_waiting is not None:
            self._on_waiting(waiting)
        new = [handoff for handoff in waiting if handoff.id not in self._warned]
        for team in sorted({handoff.team for handoff in new}):
            theirs = [handoff for handoff in new if handoff.team == team]
            longest = min(theirs, key=lambda handoff: handoff.created_at)
            log.warning(
                "conversation %s (%s) has waited %s minutes for team %s and nobody took it; %s more do",
                longest.conversation_id,
                longest.priority,
                round((self._clock() - longest.created_at) / 60),
                team or "(none)",
                len(theirs) - 1,
            )
        self._warned = {handoff.id for handoff in waiting}


def _free(connection: Connection, now: float) -> int:
    """Leases that ran out without being given back: the worker died. They would be claimed anyway."""
    c = conversations.c
    dead = update(conversations).where(c.lease_until > 0.0, c.lease_until < now, c.due_at.is_not(None))
    return connection.execute(dead.values(lease_until=0.0)).rowcount
