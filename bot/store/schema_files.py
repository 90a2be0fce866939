"""The table of files that came with what was said: pictures, so far. Their bytes are `blobs`.

The same `metadata` as `schema`, under the same agreements.
"""

from __future__ import annotations

from sqlalchemy import Column, Float, Integer, Table, Text

from bot.store.schema import metadata

attachments = Table(
    "attachments",
    metadata,
    Column("id", Text, primary_key=True),  # random: whoever knows it may see the file
    Column("conversation_id", Text, nullable=False, index=True),
    Column("seq", Integer, nullable=False),  # the event that it came with
    Column("blob", Text, nullable=False, index=True),
    Column("name", Text, nullable=False),
    Column("content_type", Text, nullable=False),
    Column("width", Integer, nullable=False),
    Column("height", Integer, nullable=False),
    Column("bytes", Integer, nullable=False),
    Column("at", Float, nullable=False),
)
