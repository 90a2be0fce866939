"""The tables of what goes out by telephone: calls and texts that somebody asked for, and how many a day.

The same `metadata` as `schema`, under the same agreements.
"""

from __future__ import annotations

from sqlalchemy import Column, Float, Integer, Table, Text

from bot.store.schema import metadata
from bot.store.values import Json

outgoing = Table(
    "outgoing",
    metadata,
    Column("id", Text, primary_key=True),  # random: it stands in the addresses that the provider is given
    Column("key", Text, nullable=False, unique=True),  # one wish is carried out once
    Column("kind", Text, nullable=False),  # call, text
    Column("conversation_id", Text, nullable=False, index=True),  # a call's own; where a text was asked for
    Column("source_id", Text),  # the conversation from which somebody called
    Column("at", Float, nullable=False),
    Column("state", Text, nullable=False),
    Column("sid", Text),  # the provider's name for it
    Column("about", Json, nullable=False),  # what for: the number, the flow, who asked, the ticket
)

outgoing_days = Table(
    "outgoing_days",
    metadata,
    Column("kind", Text, primary_key=True),
    Column("day", Text, primary_key=True),  # as 2026-11-25, where the helpdesk is
    Column("count", Integer, nullable=False),
)
