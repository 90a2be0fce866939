"""What shorter terms of retention would erase in the coming night, told before they are kept."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import time

from sqlalchemy import Connection

from bot.store import ageing
from handoff.admin.edit.editor import Desk, Fields
from handoff.admin.edit.keeping import KEPT
from handoff.retention import before, next_round


@dataclass(frozen=True, slots=True)
class Shorter:
    """How much goes at the next round, which begins `at`."""

    at: float
    conversations: int
    tickets: int


async def shortened(desk: Desk, fields: Fields) -> Shorter | None:
    """What would go under these terms; None where none is shorter than what counts now."""
    kept = desk.site.agreements.retention
    days = {name: int(fields[name]) if fields[name] else None for name in KEPT}
    if not any(_less(days[name], getattr(kept, name)) for name in KEPT):
        return None
    at = next_round(desk.site.clock(), time.fromisoformat(fields["at"]), desk.site.zone)

    def count(connection: Connection) -> Shorter:
        return Shorter(
            at,
            ageing.how_many(connection, ageing.old_conversations, before(at, days["conversations"])),
            ageing.how_many(connection, ageing.old_tickets, before(at, days["tickets"])),
        )

    return await desk.site.database.read(count)


def _less(days: int | None, than: int | None) -> bool:
    return days is not None and (than is None or days < than)
