"""What a customer types to a person, looked up in the knowledge base before it is sent.

The words are searched with and nothing else: they are not kept, not put on the bus and shown to nobody. Who
has the conversation open hears which articles fit.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from sqlalchemy import Connection, select

from bot.bus import Bus, conversation_topic
from bot.knowledge.search import KnowledgeIndex
from bot.model.conversation import Owner
from bot.store.database import Database
from bot.store.schema import conversations

FITTING = 3
"""Articles that are told of, at most."""

BETWEEN = 2.0
"""Seconds between two searches of one conversation, at least."""


class LookAhead:
    """Searches in the knowledge base as it is now."""

    def __init__(self, database: Database, bus: Bus, index: Callable[[], KnowledgeIndex]) -> None:
        self._database = database
        self._bus = bus
        self._index = index

    async def look(self, conversation_id: str, text: str) -> None:
        """Tell the desk what fits; nothing where the bot has the conversation, or nothing fits.

        However many windows a conversation is open in, it is looked up once in `BETWEEN` seconds.
        """
        if await self._bus.allow(f"ahead:{conversation_id}", 1, BETWEEN) > 0:
            return
        language = await self._database.read(lambda c: _language_with_people(c, conversation_id))
        if language is None:
            return
        hits = await asyncio.to_thread(self._index().search, text, language, limit=FITTING)
        if hits:
            notice = {"type": "fitting", "articles": [hit.article.slug for hit in hits]}
            await self._bus.publish(conversation_topic(conversation_id), notice)


def _language_with_people(connection: Connection, conversation_id: str) -> str | None:
    """The language of a conversation that waits for a person or is one's; None where it is not."""
    c = conversations.c
    found = select(c.language).where(c.id == conversation_id, c.owner != Owner.BOT.value)
    return connection.execute(found).scalar()
