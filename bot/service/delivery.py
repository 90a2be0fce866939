"""Messages leave: outbox rows to their channel's `send`, in order per conversation, again where it failed.

At least once, never out of order; whoever reads along is told what became of it. A worker that dies while it
sends leaves its row, which is sent again under the same key; what was on its way to the provider when an
agent took over may still arrive.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from bot.bus import OUTBOX, Bus, conversation_topic
from bot.model.errors import BadInput, NotAllowed, NotAuthenticated, NotFound, TooMany
from bot.model.messages import OutboundMessage
from bot.store.database import Database
from bot.store.queue import OutboxRow, claim_outbox, mark_failed, mark_sent, mark_unknown, next_outbox_due

log = logging.getLogger(__name__)


class Sender(Protocol):
    """What delivery needs of a channel. `send` raises:

    `TooMany` to be asked again later, `BadInput`, `NotFound`, `NotAllowed` or `NotAuthenticated` when it is
    no use to ask again, `OutcomeUnknown` when the message may have arrived and must not be repeated, and
    anything else to be asked again with growing pauses.
    """

    async def send(self, message: OutboundMessage, recipient: str, key: str) -> str | None: ...


class OutcomeUnknown(Exception):
    """Nobody can know whether the message arrived, and this channel forbids to send it again."""


@dataclass(frozen=True, slots=True)
class DeliverySettings:
    """`lease` must be longer than `send_within`, or a slow send is done twice."""

    at_once: int = 16
    lease: float = 60.0
    send_within: float = 30.0
    pauses: tuple[float, ...] = (2.0, 10.0, 30.0, 120.0, 600.0, 1800.0)
    idle: float = 5.0


_HOPELESS = (BadInput, NotFound, NotAllowed, NotAuthenticated)


class Delivery:
    """Sends what waits, on the channels of this process."""

    def __init__(
        self,
        database: Database,
        bus: Bus,
        senders: Mapping[str, Sender],
        *,
        settings: DeliverySettings | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._database = database
        self._bus = bus
        self._senders = senders
        self._settings = settings or DeliverySettings()
        self._clock = clock

    async def run(self, stop: asyncio.Event) -> None:
        """Until `stop`: send what is due, then wait for the bell or for the next retry."""
        while not stop.is_set():
            try:
                if await self.deliver() == 0:
                    await self._bus.wait(OUTBOX, await self._pause())
            except Exception:
                log.exception("delivery failed and goes on in a moment; nothing is lost")
                await self._bus.wait("delivery-trouble", self._settings.idle)

    async def deliver(self) -> int:
        """Send what is due now, once round; how many rows were taken."""
        settings, now = self._settings, self._clock()
        rows = await self._database.write(
            lambda connection: claim_outbox(connection, now=now, lease=settings.lease, limit=settings.at_once)
        )
        await asyncio.gather(*(self._deliver(row) for row in rows))
        return len(rows)

    async def _pause(self) -> float:
        due = await self._database.read(next_outbox_due)
        idle = self._settings.idle
        return idle if due is None else min(max(due - self._clock(), 0.05), idle)

    async def _deliver(self, row: OutboxRow) -> None:
        await self._send(row)
        await self._bus.publish(conversation_topic(row.conversation_id), {"type": "receipt"})

    async def _send(self, row: OutboxRow) -> None:
        sender = self._senders.get(row.channel)
        if sender is None:
            await self._fail(row, f"there is no channel {row.channel} to send on", retry_at=None)
            return
        try:
            async with asyncio.timeout(self._settings.send_within):
                external_id = await sender.send(row.message, row.recipient, row.key)
        except OutcomeUnknown as error:
            log.error("message %s on %s may or may not have arrived: %s", row.key, row.channel, error)
            reason = str(error)
            await self._database.write(lambda connection: mark_unknown(connection, row, error=reason))
        except _HOPELESS as error:
            await self._fail(row, str(error), retry_at=None)
        except TooMany as error:
            await self._fail(row, str(error), retry_at=self._clock() + max(error.retry_after, 1.0))
        except Exception as error:
            await self._fail(row, str(error) or type(error).__name__, retry_at=self._retry_at(row))
        else:
            now = self._clock()
            await self._database.write(
                lambda connection: mark_sent(connection, row, now=now, external_id=external_id)
            )

    def _retry_at(self, row: OutboxRow) -> float | None:
        pauses: Sequence[float] = self._settings.pauses
        return self._clock() + pauses[row.attempts - 1] if row.attempts <= len(pauses) else None

    async def _fail(self, row: OutboxRow, error: str, *, retry_at: float | None) -> None:
        if retry_at is None:
            log.error("message %s on %s was not delivered and is given up: %s", row.key, row.channel, error)
        else:
            log.warning("message %s on %s was not delivered yet: %s", row.key, row.channel, error)
        await self._database.write(
            lambda connection: mark_failed(connection, row, error=error, retry_at=retry_at)
        )
