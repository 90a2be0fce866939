"""The CPU time of one piece of work, the least of some tries: a busy machine makes it longer, never shorter."""

from __future__ import annotations

import time
from collections.abc import Callable


def least_cpu(work: Callable[[], object], tries: int = 5) -> float:
    """Seconds of this thread alone."""
    spent: list[float] = []
    for _ in range(tries):
        begin = time.thread_time()
        work()
        spent.append(time.thread_time() - begin)
    return min(spent)
