"""Who of this process said that they are alive, and until when that counts. No network."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from bot.bus import Notice


class Living:
    """Names with what is known of them; each is forgotten by the clock."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._known: dict[str, tuple[Notice, float]] = {}

    def keep(self, name: str, what: Notice, seconds: float) -> None:
        """See `Bus.keep_alive`."""
        self._known[name] = (what, self._clock() + seconds)

    def known(self) -> Sequence[Notice]:
        """See `Bus.alive`."""
        now = self._clock()
        self._known = {name: each for name, each in self._known.items() if each[1] > now}
        return [what for what, _ in self._known.values()]
