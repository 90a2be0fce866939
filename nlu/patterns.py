"""Patterns: whether one of a pack is safe to run on customers' words: it compiles, and it takes linear time.

Python's `re` backtracks, so a careless pattern can take minutes. Each is tried on growing hostile texts when
the pack is loaded; one that grows too fast is refused there, and never meets a customer.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable

_NESTED = re.compile(r"\((?:\?:)?(?:[^()\\]|\\.)*[+*](?:[^()\\]|\\.)*\)[+*{]")
_LENGTHS = (12, 18, 22, 26, 60, 200, 600, 2_000)
_SEEDS = ("a", "1", " ", "a1", "a ", "1 ", "1.", "a.", "a@", "ab-", "A_", "é", "0x", "(", "=")
_LIMIT = 0.02
"""Seconds that a pattern may take on 2,000 characters."""


def problem_of(pattern: str, clock: Callable[[], float] = time.process_time) -> str:
    """What is wrong with a pattern, as the end of a sentence; empty when it may be used."""
    if len(pattern) > 1_000:
        return "is longer than 1,000 characters"
    try:
        compiled = re.compile(pattern, re.IGNORECASE)
    except (re.error, OverflowError, RecursionError) as error:
        return f"is not a regular expression ({error})"
    if compiled.match(""):
        return "matches nothing at all"
    if _NESTED.search(pattern):
        return "repeats a repetition, which can take very long"
    for seed in _SEEDS:
        for length in _LENGTHS:
            text = (seed * length)[:length] + "\n!"
            begin = clock()
            for _ in compiled.finditer(text):
                pass
            if clock() - begin > _LIMIT:
                return "takes very long on some texts"
    return ""


def either(listed: str) -> str:
    """A group of comma-separated alternatives, the longest first."""
    return "(?:" + "|".join(sorted(listed.split(","), key=len, reverse=True)) + ")"
