"""The bus of a cluster, over Redis: one connection listens, others send; limits are counted by one script.

Callers never see Redis fail. While it is away, bells and events still reach this process, limits are counted
here, the listener comes back by itself (with a growing pause), and the log says so once each way.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from typing import Any

import orjson
from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError

from bot.bus import JOBS, OUTBOX, WORK, Notice
from bot.bus.hub import Hub, Reader
from bot.bus.limits import Limits
from bot.bus.living import Living

log = logging.getLogger(__name__)

PREFIX = "balie:"
BELLS = f"{PREFIX}bells"
"""The channel that all processes listen to: its messages are bells' names."""
ALIVE = f"{PREFIX}alive:"
"""The keys of who is alive."""
PAUSES = (0.1, 0.2, 0.5, 1.0, 2.0, 5.0)
"""Seconds before the listener tries again; the last one stays."""
ANSWER_WITHIN = 2.0
"""A Redis that hangs must not hold up a caller for longer."""
LEFT_ALONE = 1.0
"""Seconds during which a Redis that did not answer is not asked again: a hanging one delays few callers."""
SILENCE = 10.0
"""After so many seconds without a word the listener asks whether the server is still there."""

_ALLOW = """
local clock = redis.call('TIME')
local now = clock[1] + clock[2] / 1000000
local per = tonumber(ARGV[2])
local each = per / tonumber(ARGV[1])
local paid = math.max(tonumber(redis.call('GET', KEYS[1]) or '0'), now)
local wait = paid + each - per - now
if wait > 0.000001 then return tostring(wait) end
local free = paid + each
redis.call('SET', KEYS[1], string.format('%.6f', free), 'PX', math.ceil((free - now) * 1000) + 1)
return '0'
"""
"""The same virtual clock as `Limits`, by the server's time."""


_AWAY = (RedisError, OSError, TimeoutError, RuntimeError)
"""What the client raises when the server, the network or its own connection is gone."""


class RedisBus:
    """Bells, topics, limits and who is alive, shared through one Redis."""

    def __init__(self, url: str, clock: Callable[[], float] = time.monotonic) -> None:
        self._redis: Any = Redis.from_url(
            url,
            socket_timeout=ANSWER_WITHIN,
            socket_connect_timeout=ANSWER_WITHIN,
            decode_responses=False,
            retry=Retry(NoBackoff(), 1),  # once, for a pooled connection that went stale
        )
        self._allow = self._redis.register_script(_ALLOW)
        self._hub = Hub()
        self._clock = clock
        self._limits = Limits(clock)
        self._living = Living(clock)
        self._ask_again_at = clock()
        self._interest: Counter[str] = Counter()
        self._pubsub: Any = None
        self._listener: asyncio.Task[None] | None = None
        self._listening = asyncio.Event()
        self._away = False
        self._closed = False

    async def ring(self, bell: str) -> None:
        """See `Bus`. What Redis takes comes back to this process too; what it does not rings here."""
        sent = await self._try(self._redis.publish, BELLS, bell)
        if sent is None or not self._listening.is_set():
            self._hub.ring(bell)

    async def wait(self, bell: str, seconds: float) -> bool:
        """See `Bus`."""
        self._listen()
        return await self._hub.wait(bell, seconds)

    async def publish(self, topic: str, event: Notice) -> None:
        """See `Bus`. As with bells: by Redis, or else only here."""
        sent = await self._try(self._redis.publish, PREFIX + topic, orjson.dumps(dict(event)))
        if sent is None or not self._listening.is_set():
            self._hub.publish(topic, event)

    @asynccontextmanager
    async def subscribe(self, *topics: str) -> AsyncIterator[AsyncIterator[Notice]]:
        """See `Bus`."""
        self._listen()
        reader = Reader()
        self._hub.add(reader, topics)
        self._interest.update(topics)
        try:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._listening.wait(), ANSWER_WITHIN)
            await self._tune()
            yield reader
        finally:
            self._hub.remove(reader, topics)
            self._interest.subtract(topics)
            self._interest += Counter()  # drops what nobody reads
            if not self._closed:
                await self._tune()

    async def allow(self, key: str, limit: int, per: float) -> float:
        """See `Bus`. Counted by this process alone while Redis is away."""
        answer = await self._try(self._allow, keys=[f"{PREFIX}limit:{key}"], args=[limit, per])
        return self._limits.allow(key, limit, per) if answer is None else float(answer)

    async def keep_alive(self, name: str, what: Notice, seconds: float) -> None:
        """See `Bus`. This process knows its own while Redis is away."""
        self._living.keep(name, what, seconds)
        key = f"{ALIVE}{name}"
        if seconds > 0:
            await self._try(self._redis.set, key, orjson.dumps(dict(what)), px=round(seconds * 1000))
        else:
            await self._try(self._redis.delete, key)

    async def alive(self) -> Sequence[Notice]:
        """See `Bus`."""
        found = await self._try(self._all_alive)
        return self._living.known() if found is None else found or []

    async def _all_alive(self) -> list[Notice]:
        keys = [key async for key in self._redis.scan_iter(match=f"{ALIVE}*", count=1000)]
        values = await self._redis.mget(keys) if keys else []
        return [orjson.loads(each) for each in values if each is not None]

    async def close(self) -> None:
        """See `Bus`."""
        self._closed = True
        self._hub.close()
        if self._listener is not None:
            await _end(self._listener)
        with suppress(RedisError, OSError):
            await self._redis.aclose()

    async def _try(self, call: Callable[..., Awaitable[Any]], *args: Any, **named: Any) -> Any | None:
        """What Redis answers; None when it does not, or did not a moment ago."""
        if self._closed or self._clock() < self._ask_again_at:
            return None
        try:
            async with asyncio.timeout(ANSWER_WITHIN):
                return await call(*args, **named) or 0
        except _AWAY as error:
            self._ask_again_at = self._clock() + LEFT_ALONE
            self._say_away(error)
            return None

    # ── the listener ──────────────────────────────────────────────────────────────────────────────────────

    def _listen(self) -> None:
        if self._listener is None and not self._closed:
            self._listener = asyncio.create_task(self._keep_listening(), name="bus-listener")

    async def _keep_listening(self) -> None:
        failures = 0
        while not self._closed:
            try:
                async with self._redis.pubsub() as pubsub:
                    await pubsub.subscribe(BELLS, *(PREFIX + topic for topic in self._interest))
                    self._pubsub = pubsub
                    async for message in _messages(pubsub):
                        if message["type"] == "subscribe" and not self._listening.is_set():
                            failures = 0
                            self._say_back()
                        elif message["type"] == "message":
                            self._hear(message["channel"], message["data"])
            except _AWAY as error:
                self._say_away(error)
            except Exception:
                log.exception("the bus stumbled and listens again in a moment")
            finally:
                self._pubsub = None
                self._listening.clear()
            await asyncio.sleep(PAUSES[min(failures, len(PAUSES) - 1)])
            failures += 1

    async def _tune(self) -> None:
        """Listen to what somebody here reads, and to nothing else."""
        pubsub = self._pubsub
        if pubsub is None:
            return  # the listener subscribes to everything when it comes back
        wanted = {(PREFIX + topic).encode() for topic in self._interest} | {BELLS.encode()}
        current = set(pubsub.channels)
        if more := wanted - current:
            await self._try(pubsub.subscribe, *more)
        if less := current - wanted:
            await self._try(pubsub.unsubscribe, *less)

    def _hear(self, channel: bytes, data: bytes) -> None:
        name = channel.decode(errors="replace")
        if name == BELLS:
            self._hub.ring(data.decode(errors="replace"))
            return
        try:
            event = orjson.loads(data)
        except orjson.JSONDecodeError:
            event = None
        if isinstance(event, dict):
            self._hub.publish(name.removeprefix(PREFIX), event)
        else:
            log.warning("something that is not ours was published on %s in Redis; it is ignored", name)

    def _say_away(self, error: BaseException) -> None:
        if not self._away:
            self._away = True
            log.warning(
                "Redis does not answer (%s). Messages are safe; workers of other processes look by "
                "themselves every few seconds until it is back.",
                error or type(error).__name__,
            )

    def _say_back(self) -> None:
        self._listening.set()
        self._ask_again_at = self._clock()
        for bell in (WORK, OUTBOX, JOBS):
            self._hub.ring(bell)  # somebody may have rung while nobody could hear
        if self._away:
            self._away = False
            log.info("Redis answers again")


async def _end(task: asyncio.Task[None]) -> None:
    """Cancel until it heeds: a client that is just connecting may swallow a cancellation."""
    while not task.done():
        task.cancel()
        await asyncio.wait({task}, timeout=0.2)


async def _messages(pubsub: Any) -> AsyncIterator[dict[str, Any]]:
    """What comes in, for ever. Silence is usual here; a server that does not answer after it is gone."""
    asked = False
    while True:
        message = await pubsub.get_message(timeout=SILENCE)
        if message is not None:
            asked = False
            yield message
        elif asked:
            raise TimeoutError("no answer from Redis")
        else:
            await pubsub.ping()
            asked = True
