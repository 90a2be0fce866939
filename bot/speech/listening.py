"""Engines that block, behind listeners that do not: in order, on a few threads, never endlessly behind."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import Executor
from typing import Protocol

from bot.model.errors import BalieError, FallenBehind, SpeechFailed
from bot.speech.audio import RATE, WIDTH
from bot.speech.ports import Heard

PIECE = RATE * WIDTH // 10
"""Bytes that are heard in one go, a tenth of a second: less would mostly be going from thread to thread."""
LIMIT = 10 * RATE * WIDTH
"""Bytes that may wait, ten seconds: an answer that late helps nobody."""


class Ears(Protocol):
    """An engine for one call; blocks, and is used by one thread at a time."""

    def hear(self, pcm: bytes) -> list[Heard]:
        """As `Listener.hear`."""
        ...

    def finish(self) -> list[Heard]:
        """As `Listener.finish`."""
        ...


class OrderedListener:
    """A `Listener` whose `ears` work on other threads, one piece after the other."""

    def __init__(self, ears: Ears, threads: Executor, name: str, limit: int = LIMIT) -> None:
        self._ears = ears
        self._threads = threads
        self._name = name
        self._limit = limit
        self._collected = bytearray()
        self._given = 0
        self._turn = asyncio.Lock()
        self._working: set[asyncio.Task[list[Heard]]] = set()
        self._closed = False

    async def hear(self, pcm: bytes) -> list[Heard]:
        """Collects a piece, and has it heard; see `Listener`."""
        if self._closed:
            return []
        waiting = self._given + len(self._collected) + len(pcm)
        if waiting > self._limit:
            told = f"{self._name} is {waiting / (RATE * WIDTH):.0f} s behind what is said"
            raise FallenBehind(f"{told}: this machine carries fewer calls at once")
        self._collected += pcm
        if len(self._collected) < PIECE:
            return []
        return await self._next(self._ears.hear)

    async def finish(self) -> list[Heard]:
        """Has the rest heard, and ends the utterance; see `Listener`."""
        if self._closed:
            return []

        def rest_and_end(pcm: bytes) -> list[Heard]:
            finals = [heard for heard in self._ears.hear(pcm) if heard.final]
            return finals + self._ears.finish()

        return await self._next(rest_and_end)

    def close(self) -> None:
        """Hear no more. A thread that is at work ends its piece and is not waited for."""
        self._closed = True
        self._collected.clear()

    async def _next(self, work: Callable[[bytes], list[Heard]]) -> list[Heard]:
        """Do it with what is collected, after what came before. Who is cancelled while it is done does not
        stop it: the engine must never be used by two threads."""
        pcm = bytes(self._collected)
        self._collected.clear()
        self._given += len(pcm)
        task = asyncio.create_task(self._in_turn(work, pcm))
        self._working.add(task)
        task.add_done_callback(self._working.discard)
        return await asyncio.shield(task)

    async def _in_turn(self, work: Callable[[bytes], list[Heard]], pcm: bytes) -> list[Heard]:
        try:
            async with self._turn:
                if self._closed:
                    return []
                heard = await asyncio.get_running_loop().run_in_executor(self._threads, work, pcm)
                return [] if self._closed else heard
        except BalieError:
            raise
        except Exception as error:  # engines have errors of every kind
            if self._closed:
                return []
            raise SpeechFailed(f"{self._name} broke off: {error}") from error
        finally:
            self._given -= len(pcm)
