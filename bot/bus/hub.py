"""What both buses do inside the process: bells that wake tasks, queues that feed readers. No network."""

from __future__ import annotations

import asyncio
from collections import defaultdict, deque
from collections.abc import AsyncIterator

from bot.bus import Notice

BACKLOG = 256
"""Events that a slow reader may leave unread; then the oldest goes."""


class Hub:
    """The waiters and subscribers of one process."""

    def __init__(self) -> None:
        self._bells: defaultdict[str, asyncio.Event] = defaultdict(asyncio.Event)
        self._readers: defaultdict[str, set[Reader]] = defaultdict(set)
        self._closed = False

    @property
    def topics(self) -> frozenset[str]:
        """Topics that somebody here reads."""
        return frozenset(self._readers)

    def ring(self, bell: str) -> None:
        """Wake everybody who waits here, or the next."""
        self._bells[bell].set()

    async def wait(self, bell: str, seconds: float) -> bool:
        """Until it rings; the ring is used up."""
        event = self._bells[bell]
        if self._closed:
            return False
        if not event.is_set():
            try:
                await asyncio.wait_for(event.wait(), seconds)
            except TimeoutError:
                return False
        event.clear()
        return not self._closed

    def publish(self, topic: str, event: Notice) -> None:
        """Give it to the topic's readers."""
        for reader in tuple(self._readers.get(topic, ())):
            reader.put(event)

    def add(self, reader: Reader, topics: tuple[str, ...]) -> None:
        """From now on `reader` gets these topics."""
        for topic in topics:
            self._readers[topic].add(reader)

    def remove(self, reader: Reader, topics: tuple[str, ...]) -> None:
        """No longer."""
        for topic in topics:
            self._readers[topic].discard(reader)
            if not self._readers[topic]:
                del self._readers[topic]

    def close(self) -> None:
        """End all waits and all reading."""
        self._closed = True
        for event in self._bells.values():
            event.set()
        for readers in self._readers.values():
            for reader in readers:
                reader.end()


class Reader(AsyncIterator[Notice]):
    """One subscriber's events, in order: a short queue that forgets its oldest, so that memory stays flat."""

    def __init__(self) -> None:
        self._events: deque[Notice] = deque(maxlen=BACKLOG)
        self._news = asyncio.Event()
        self._ended = False

    def put(self, event: Notice) -> None:
        """One more."""
        self._events.append(event)
        self._news.set()

    def end(self) -> None:
        """After what is there already, no more."""
        self._ended = True
        self._news.set()

    async def __anext__(self) -> Notice:
        """The next event; ends when the bus closes."""
        while not self._events:
            if self._ended:
                raise StopAsyncIteration
            self._news.clear()
            await self._news.wait()
        return self._events.popleft()
