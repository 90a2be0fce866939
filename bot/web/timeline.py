"""A conversation's whole record in reach of a page."""

from __future__ import annotations

from sqlalchemy import Connection

from bot.store import views
from bot.store.views import TimelineItem

MOST = 20_000
"""Events that are read at most; a conversation of years is cut at its beginning."""


def whole(connection: Connection, conversation_id: str, last: int) -> list[TimelineItem]:
    """Everything on record up to `last`, in pieces that the store gives at once."""
    items: list[TimelineItem] = []
    after = max(0, last - MOST)
    while after < last:
        piece = views.timeline(connection, conversation_id, after=after)
        if not piece:
            break
        items.extend(piece)
        after = piece[-1].seq
    return items
