"""Passwords to hashes and back to yes or no: argon2, in threads of its own, a few at a time.

Somebody who does not exist costs as long as somebody who does: `check` without a hash verifies a dummy.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from bot.model.errors import BadInput

T = TypeVar("T")

SHORTEST = 10
LONGEST = 1_000


class Passwords:
    """One per process. `hasher` is argon2id with the library's defaults; tests bring a cheaper one."""

    def __init__(self, hasher: PasswordHasher | None = None, *, at_once: int = 2) -> None:
        self._hasher = hasher or PasswordHasher()
        self._at_once = at_once
        self._threads: ThreadPoolExecutor | None = None
        self._dummy: str | None = None

    def hash(self, password: str) -> str:
        """The hash to keep; raises `BadInput` for a password that is too short. Blocks for a while."""
        if not SHORTEST <= len(password) <= LONGEST:
            raise BadInput(f"a password has at least {SHORTEST} characters")
        return self._hasher.hash(password)

    async def hashed(self, password: str) -> str:
        """The same, off the event loop."""
        return await self._run(lambda: self.hash(password))

    async def check(self, kept: str | None, password: str) -> bool:
        """Whether this is the password of that hash; always no, as slowly, where there is none."""
        return await self._run(lambda: self._check(kept, password[:LONGEST]))

    def is_dated(self, kept: str) -> bool:
        """Whether a hash was made with weaker settings than today's."""
        return self._hasher.check_needs_rehash(kept)

    async def warm_up(self) -> None:
        """Make the dummy before the first visitor can measure that it is being made."""
        await self._run(self._make_dummy)

    def close(self) -> None:
        """Let go of the threads."""
        if self._threads is not None:
            self._threads.shutdown(wait=False, cancel_futures=True)
            self._threads = None

    def _make_dummy(self) -> str:
        if self._dummy is None:
            self._dummy = self._hasher.hash(secrets.token_urlsafe(24))
        return self._dummy

    def _check(self, kept: str | None, password: str) -> bool:
        try:
            found = self._hasher.verify(kept or self._make_dummy(), password)
        except (VerificationError, InvalidHashError):
            return False
        return found and kept is not None

    async def _run(self, work: Callable[[], T]) -> T:
        if self._threads is None:
            self._threads = ThreadPoolExecutor(self._at_once, thread_name_prefix="passwords")
        return await asyncio.get_running_loop().run_in_executor(self._threads, work)
