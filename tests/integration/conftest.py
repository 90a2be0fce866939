"""What the integration tests share."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from bot.bus.local import LocalBus
from bot.store.database import Database
from tests.counter import Counter


@pytest.fixture
async def counter(database: Database) -> AsyncIterator[Counter]:
    made = Counter(database, LocalBus())
    made.worker.start()
    yield made
    await made.close()
