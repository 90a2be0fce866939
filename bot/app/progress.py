"""A progress bar on the error stream, for commands that take long; it goes when they are done."""

from __future__ import annotations

import sys
from typing import Any

from tqdm import tqdm


def bar(total: int, what: str, unit: str = "it") -> Any:
    """A bar of so many steps, to be used in a `with`; of bytes ("B") in thousands and millions."""
    return tqdm(total=total, desc=what, file=sys.stderr, leave=False, unit=unit, unit_scale=unit == "B")


def to(shown: Any, done: float) -> None:
    """Move it to `done`; never back."""
    shown.update(max(done - shown.n, 0))
