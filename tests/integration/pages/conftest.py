"""Pages over both databases; quickly over SQLite alone: what a page asks is the store's, whose suites run over both."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from bot.store.database import Database
from tests.fixtures_store import opened_database


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.slow)])
async def database(request: pytest.FixtureRequest) -> AsyncIterator[Database]:
    """A database with its tables, of each kind; the server's is left to the whole run."""
    async with opened_database(request) as opened:
        yield opened
