"""A process that goes on: few heaps, no looking through what stays, and threads that take turns quickly.

Only what the interpreter and the C library do by default is changed; nothing is measured here (`telemetry`).
"""

from __future__ import annotations

import ctypes
import gc
import sys
from typing import Any

_M_ARENA_MAX = -8  # malloc.h of the GNU C library: see mallopt(3)
_HEAPS = 2
_TURN = 0.001
"""Seconds that a thread keeps the interpreter while others want it. Python's own 5 ms are as long as all the
work of a message, which passes from thread to thread six times."""


def begin() -> None:
    """To be called before anything is loaded, and `settle` after it.

    Nearly all that is loaded stays, so nothing of it is looked through. The GNU C library would give every
    thread a heap of its own, and what is freed in one is of no use to another.
    """
    gc.disable()
    sys.setswitchinterval(_TURN)
    if library := _c_library():
        library.mallopt(_M_ARENA_MAX, _HEAPS)


def settle() -> None:
    """Spare the collector what is loaded by now, which takes it a tenth of a second; give back the rest."""
    gc.collect()
    gc.freeze()
    gc.enable()
    if library := _c_library():
        library.malloc_trim(0)


def _c_library() -> Any:
    """The GNU C library; None where it is another one."""
    if not sys.platform.startswith("linux"):
        return None
    library = ctypes.CDLL(None)
    return library if hasattr(library, "malloc_trim") and hasattr(library, "mallopt") else None
