"""Keys of the telephone, gathered to one answer: a choice is one key, a number ends by `#` or a pause."""

from __future__ import annotations

from dataclasses import dataclass

from bot.voice.events import Listening

KEYS = "0123456789*#"
MOST = 20
"""Keys of one answer; what is keyed on after that is a hand on the telephone."""
PAUSE = 2.5
"""Seconds without a key after which a number is taken as it is."""


@dataclass(frozen=True, slots=True)
class Keyed:
    """What was keyed so far."""

    keys: str = ""

    def with_key(self, key: str) -> Keyed:
        """One key more; a star begins anew, and what is no key or too much changes nothing."""
        if key == "*":
            return Keyed()
        if key not in KEYS or key == "#" or len(self.keys) >= MOST:
            return self
        return Keyed(self.keys + key)


def is_complete(keyed: Keyed, key: str, listening: Listening, answers: int) -> bool:
    """Whether `key`, the last one, ends the answer: `#` does, and a choice that can be no other."""
    if key == "#":
        return bool(keyed.keys)
    if listening in (Listening.CHOICE, Listening.YES_NO):
        return bool(keyed.keys) and int(keyed.keys) * 10 > answers
    return False
