"""Fixtures that every kind of test shares; what a machine lacks is told by need.py."""

from __future__ import annotations

import gc

pytest_plugins = ["tests.fixtures_store", "tests.fixtures_server"]


def pytest_collection_finish() -> None:
    """Leave what was imported and collected out of every later garbage collection: it is most of the heap."""
    gc.collect()
    gc.freeze()
