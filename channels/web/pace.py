"""How much may come in, over time: more than a person can do is not listened to. Pure but for the clock."""

from __future__ import annotations

import time
from collections.abc import Callable


class Pace:
    """So much `a_second`, and up to `at_once` of what was not used before."""

    def __init__(self, a_second: float, at_once: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._a_second = a_second
        self._at_once = at_once
        self._clock = clock
        self._left = at_once
        self._looked = clock()

    def keeps(self, amount: float = 1.0) -> bool:
        """Whether this much more is within the pace; what is not costs nothing."""
        now = self._clock()
        self._left = min(self._at_once, self._left + (now - self._looked) * self._a_second)
        self._looked = now
        if amount > self._left:
            return False
        self._left -= amount
        return True
