"""The night's round: what is older than the policy says is erased, a little at a time, by one process.

The lease that it holds while it works says, when it is done, until when nobody need look: a server that did
not run at night does it when it starts. Doing it again changes nothing.
"""

from __future__ import annotations

import asyncio
import logging
import secrets
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import time as time_of_day
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from bot.bus import DESK, EDITED, Bus, conversation_topic
from bot.bus.looks import looks
from bot.service.persons import AT_ONCE
from bot.store import ageing
from bot.store.accounts import BY_RULE, audit
from bot.store.database import Database
from bot.store.erasure import AGE
from bot.store.leases import acquire_lease
from bot.store.persons import pieces
from handoff.retention import Retention, before, next_round

log = logging.getLogger(__name__)

NAME = "retention"
LEASE = 300.0
"""Seconds after which another process goes on where this one died."""
LOOK_EVERY = 60.0
"""Seconds between two looks at whether it is time: somebody may have chosen another, a minute from now."""


class Rounds:
    """Does the round when its time has come. `zone` is the helpdesk's, `holder` this process."""

    def __init__(
        self,
        database: Database,
        bus: Bus,
        policy: Callable[[], Retention],
        zone: Callable[[], ZoneInfo],
        clock: Callable[[], float] = time.time,
        holder: str = "",
    ) -> None:
        self._database = database
        self._bus = bus
        self._policy = policy
        self._zone = zone
        self._clock = clock
        self._holder = holder or secrets.token_urlsafe(8)
        self._looked = clock()
        self._due: tuple[time_of_day, ZoneInfo] | None = None

    async def run(self, stop: asyncio.Event) -> None:
        """Look now and then until `stop`, and whenever what is agreed was edited."""
        async for _ in looks(self._bus, EDITED, stop, LOOK_EVERY):
            try:
                await self.tick()
            except Exception:
                log.exception("the night's round failed; it is tried again")

    async def tick(self) -> dict[str, int] | None:
        """The round, if it is time and nobody else does it: what went. The first one is the night after."""
        if not await self._database.write(self._begin):
            return None
        done = await self.round()
        await self._database.write(lambda connection: self._rest(connection, done))
        if done:
            log.info("kept long enough: %s", ", ".join(f"{name} {count}" for name, count in done.items()))
        return done

    async def round(self) -> dict[str, int]:
        """Everything that is old enough goes; how many of what."""
        now, policy = self._clock(), self._policy()
        done = {
            "conversations": await self._erase(ageing.old_conversations, before(now, policy.conversations)),
            "tickets": await self._erase(ageing.old_tickets, before(now, policy.tickets)),
            "customers": await self._erase(ageing.left_customers, before(now, policy.customers)),
            "deliveries": await self._forget(ageing.forget_deliveries, before(now, policy.deliveries)),
            "audit log": await self._forget(ageing.forget_audit, before(now, policy.audit_log)),
        }
        done = {name: count for name, count in done.items() if count}
        # Also for what was erased by day while somebody read.
        if not await self._database.scrub():
            log.warning("the files keep what went until somebody who reads them lets go; tomorrow again")
        return done

    async def _erase(self, query: Callable[[float], Any], old: float | None) -> int:
        if old is None:
            return 0
        which = query(old)
        ids = list(await self._database.read(lambda connection: connection.execute(which).scalars().all()))
        count = 0
        for some in pieces(ids, AT_ONCE):
            count += len(await self._piece(which, some))
        return count

    async def _piece(self, which: Any, some: Sequence[Any]) -> list[Any]:
        def work(connection: Connection) -> list[Any]:
            now = self._clock()
            acquire_lease(connection, NAME, self._holder, now=now, seconds=LEASE)
            return ageing.erase_aged(connection, which, some, why=AGE, now=now)

        gone = await self._database.write(work)
        for id_ in gone:
            await self._bus.publish(conversation_topic(str(id_)), {"type": "erased"})
        if gone:
            await self._bus.publish(DESK, {"type": "list"})
        return gone

    async def _forget(self, forget: Callable[[Connection, float], int], old: float | None) -> int:
        count = 0
        while old is not None and (some := await self._database.write(lambda c: forget(c, old))):
            count += some
        return count

    def _begin(self, connection: Connection) -> bool:
        now, since, due = self._clock(), self._looked, (self._policy().at, self._zone())
        changed, self._looked, self._due = due != self._due, now, due
        until = ageing.next_at(connection, NAME)
        # Whoever learns of another time only now leaves what a colleague's process has made of it.
        if until is None or (changed and until != next_round(until - 1, *due)):
            ageing.rest_until(connection, NAME, self._holder, next_round(since, *due))
        return acquire_lease(connection, NAME, self._holder, now=now, seconds=LEASE) is not None

    def _rest(self, connection: Connection, done: Mapping[str, int]) -> None:
        data = {name.replace(" ", "_"): count for name, count in done.items()}
        audit(connection, actor=BY_RULE, deed=NAME, subject="", now=self._clock(), data=data)
        until = next_round(self._clock(), self._policy().at, self._zone())
        ageing.rest_until(connection, NAME, self._holder, until)
