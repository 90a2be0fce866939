"""The table of content that is edited in the pages, laid over the files of the pack.

The same `metadata` as `schema`, under the same agreements.
"""

from __future__ import annotations

from sqlalchemy import Column, Float, Table, Text

from bot.store.schema import metadata

edited_files = Table(
    "edited_files",
    metadata,
    Column("path", Text, primary_key=True),  # in the pack, as policy/teams.yml
    Column("text", Text, nullable=False),
    Column("base", Text, nullable=False),  # the hash of the pack's file that it was made from
    Column("edited_by", Text, nullable=False),
    Column("edited_at", Float, nullable=False),
)
