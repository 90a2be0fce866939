"""Rate limits as a virtual clock (GCRA): a key has a time at which all it has had is paid for. Pure."""

from __future__ import annotations

from collections.abc import Callable

KEYS = 10_000
"""Beyond so many keys, those that are paid up are forgotten."""


class Limits:
    """The limits of one process."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._paid: dict[str, float] = {}

    def allow(self, key: str, limit: int, per: float) -> float:
        """0.0 and one more is counted, or the seconds to wait and nothing is."""
        now = self._clock()
        each = per / limit
        paid = max(self._paid.get(key, now), now)
        wait = paid + each - per - now
        if wait > 1e-9:
            return wait
        if key not in self._paid and len(self._paid) >= KEYS:
            self._paid = {other: at for other, at in self._paid.items() if at > now}
        self._paid[key] = paid + each
        return 0.0
