"""Fixtures that every kind of test shares; what a machine lacks is told by need.py."""

from __future__ import annotations

import gc
import logging
from collections.abc import Iterator

import pytest
from hypothesis import settings

from bot.app.logs import RedactingFilter
from tests.need import EVERYTHING

pytest_plugins = ["tests.fixtures_store", "tests.fixtures_server"]


settings.register_profile("quick", max_examples=25)
if not EVERYTHING:
    settings.load_profile("quick")


def pytest_collection_finish() -> None:
    """Leave what was imported and collected out of every later garbage collection: it is most of the heap."""
    gc.collect()
    gc.freeze()


@pytest.fixture(autouse=True)
def logging_of_its_own() -> Iterator[None]:
    """A test that runs a command sets logging up, for that command; the next test finds it as it was."""
    yield
    root = logging.getLogger()
    ours = [
        handler for handler in root.handlers if any(isinstance(f, RedactingFilter) for f in handler.filters)
    ]
    for handler in ours:
        root.removeHandler(handler)
    if ours:
        root.setLevel(logging.WARNING)
