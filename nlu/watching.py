"""How long each component of the pipeline takes, for who wants to know. Pure but for the clock."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext

Watch = Callable[[str], AbstractContextManager[object]]
"""Told which component works in the block."""

_NOBODY = nullcontext()


def unwatched(_: str) -> AbstractContextManager[object]:
    """Nobody wants to know."""
    return _NOBODY


class Stopwatch:
    """Adds up the milliseconds of each component, in the order in which they began first."""

    def __init__(self, clock: Callable[[], float] = time.perf_counter) -> None:
        self._clock = clock
        self.spent: dict[str, float] = {}

    @contextmanager
    def __call__(self, component: str) -> Iterator[None]:
        """Its time is from here to the end of the block."""
        begin = self._clock()
        try:
            yield
        finally:
            self.spent[component] = self.spent.get(component, 0.0) + 1000 * (self._clock() - begin)
