"""The worker's loops: conversations that are due, and durable jobs.

The bell is a shortcut, the clock the truth.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import asdict
from typing import Any

from sqlalchemy import Connection

from bot.actions.runner import ActionRunner
from bot.bus import JOBS, WORK, Bus
from bot.model.actions import ActionCall, ActionResult
from bot.service.turns import Turns
from bot.store import queue
from bot.store.database import Database
from bot.store.queue import Claimed, Job

log = logging.getLogger(__name__)

LEASE = 60.0
"""Seconds that a worker may hold a conversation or a job; a killed worker's work is free after that."""

AT_ONCE = 64
"""Conversations that one worker has in hand; what comes together is understood and committed together."""

POLL = 1.0
"""Seconds after which a worker looks even though nobody rang."""

JOB_ATTEMPTS = 3
JOBS_AT_ONCE = 8


class Worker:
    """Runs until `stop`: claims, processes, waits."""

    def __init__(
        self,
        *,
        database: Database,
        bus: Bus,
        turns: Turns,
        runner: ActionRunner,
        clock: Callable[[], float],
        lease: float = LEASE,
        poll: float = POLL,
    ) -> None:
        self._database = database
        self._bus = bus
        self._turns = turns
        self._runner = runner
        self._clock = clock
        self._lease = lease
        self._poll = poll
        self._loops: list[asyncio.Task[None]] = []
        self._in_hand: set[asyncio.Task[None]] = set()
        self._free = asyncio.Event()

    def start(self) -> None:
        """Begin; call once, on the running loop."""
        self._loops = [
            asyncio.create_task(self._forever(self._conversations), name="conversations"),
            asyncio.create_task(self._forever(self._jobs), name="jobs"),
        ]

    async def stop(self) -> None:
        """Stop claiming and finish what is in hand."""
        for loop in self._loops:
            loop.cancel()
        await asyncio.gather(*self._loops, return_exceptions=True)
        self._loops = []
        if self._in_hand:
            await asyncio.wait(self._in_hand, timeout=10)

    def free(self) -> bool:
        """Whether it runs and can take one more."""
        return bool(self._loops) and len(self._in_hand) < AT_ONCE

    def claim(self, connection: Connection, conversation_id: str) -> Claimed | None:
        """Take a conversation in the transaction that made it due; `take` must follow the commit."""
        return queue.claim_this(connection, conversation_id, now=self._clock(), lease=self._lease)

    def take(self, claimed: Claimed) -> None:
        """Begin the turn of a claimed conversation."""
        self._hold(self._turns.process(claimed))

    async def _forever(self, once: Callable[[], Awaitable[None]]) -> None:
        while True:
            try:
                await once()
            except asyncio.CancelledError:
                raise
            except Exception:
                log.exception("worker loop failed; going on")
                await asyncio.sleep(self._poll)

    async def _conversations(self) -> None:
        room = AT_ONCE - len(self._in_hand)
        if room <= 0:
            self._free.clear()
            await self._free.wait()
            return
        now = self._clock()

        def claim(connection: Connection) -> tuple[list[Claimed], float | None]:
            claimed = queue.claim(connection, now=now, lease=self._lease, limit=room)
            return claimed, None if len(claimed) == room else queue.next_due(connection)

        claimed, due = await self._database.write(claim)
        for conversation in claimed:
            self.take(conversation)
        if len(claimed) < room:  # that was all; a bell that rang meanwhile is not lost
            await self._bus.wait(WORK, self._pause(due))

    async def _jobs(self) -> None:
        now = self._clock()

        def claim(connection: Connection) -> tuple[list[Job], float | None]:
            jobs = queue.claim_jobs(connection, now=now, lease=self._lease, limit=JOBS_AT_ONCE)
            return jobs, None if len(jobs) == JOBS_AT_ONCE else queue.next_job_due(connection)

        jobs, due = await self._database.write(claim)
        for job in jobs:
            self._hold(self._do(job))
        if len(jobs) < JOBS_AT_ONCE:
            await self._bus.wait(JOBS, self._pause(due))

    def _pause(self, due: float | None) -> float:
        return self._poll if due is None else min(self._poll, max(0.0, due - self._clock()))

    def _hold(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._in_hand.add(task)
        task.add_done_callback(self._done)

    def _done(self, task: asyncio.Task[None]) -> None:
        self._in_hand.discard(task)
        self._free.set()

    async def _do(self, job: Job) -> None:
        """Run a durable action; its result goes into the inbox in the transaction that closes the job."""
        call = ActionCall(**job.payload)
        result = await self._runner.run(call)
        now = self._clock()
        if not result.ok and job.attempts < JOB_ATTEMPTS:
            due = now + 2.0**job.attempts
            await self._database.write(
                lambda connection: queue.retry_job(connection, job, due_at=due, error=result.error)
            )
            return
        await self._database.write(lambda connection: _finish(connection, job, result, now))
        await self._bus.ring(WORK)


def _finish(connection: Connection, job: Job, result: ActionResult, now: float) -> None:
    if job.conversation_id and queue.is_ordered(connection, job):
        queue.accept_result(
            connection, job.conversation_id, "action_result", job.key, asdict(result), now=now
        )
    if result.ok:
        queue.finish_job(connection, job)
    else:
        queue.bury_job(connection, job, error=result.error)
