"""Understanding off the event loop: what arrives together is read together, one batch at a time."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Protocol

from bot.model.understanding import Understanding
from nlu.pipeline import Query

BATCH = 32
"""Texts read at once; the encoder gains little beyond."""


class Reader(Protocol):
    """Whatever reads texts: `nlu.pipeline.Pipeline`, or a fake in a test."""

    def parse_batch(self, queries: Sequence[Query]) -> list[Understanding]:
        """One understanding for each query, in order."""
        ...


Waiting = tuple[Query, "asyncio.Future[Understanding]"]


class Understander:
    """Collects queries while a batch is being read, and reads them as the next one.

    `reader` is asked for each batch, so that a new model takes effect between two batches.
    """

    def __init__(
        self, reader: Callable[[], Reader], observe: Callable[[int], None] = lambda texts: None
    ) -> None:
        self._reader = reader
        self._observe = observe
        self._waiting: list[Waiting] = []
        self._busy = False
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="nlu")
        self._tasks: set[asyncio.Task[None]] = set()

    async def understand(self, query: Query) -> Understanding:
        """What one text means; waits for the batch that it falls into."""
        future: asyncio.Future[Understanding] = asyncio.get_running_loop().create_future()
        self._waiting.append((query, future))
        if not self._busy:
            self._busy = True
            task = asyncio.create_task(self._read())
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        return await future

    async def _read(self) -> None:
        try:
            while self._waiting:
                batch, self._waiting = self._waiting[:BATCH], self._waiting[BATCH:]
                if not await self._try(batch) and len(batch) > 1:
                    # One text may have broken it: the others must not suffer.
                    for one in batch:
                        await self._try([one])
        finally:
            self._busy = False

    async def _try(self, batch: Sequence[Waiting]) -> bool:
        """Read a batch and tell who waits; False when it failed and each must be tried alone."""
        loop = asyncio.get_running_loop()
        queries = [query for query, _ in batch]
        self._observe(len(batch))
        try:
            found = await loop.run_in_executor(self._thread, self._reader().parse_batch, queries)
        except Exception as error:  # handed to who waits; a turn answers for itself
            if len(batch) == 1 and not batch[0][1].done():
                batch[0][1].set_exception(error)
            return False
        for (_, future), understanding in zip(batch, found, strict=True):
            if not future.done():
                future.set_result(understanding)
        return True

    def close(self) -> None:
        """Let go of the thread."""
        self._thread.shutdown(wait=False, cancel_futures=True)
