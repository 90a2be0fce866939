"""Every table: `metadata` with all modules of the schema read. For what works on all of them; whoever works
on one imports its own module."""

from __future__ import annotations

from bot.store import schema_calls, schema_content, schema_desk, schema_files, schema_people, schema_review
from bot.store.schema import metadata

MODULES = (schema_calls, schema_content, schema_desk, schema_files, schema_people, schema_review)

__all__ = ["MODULES", "metadata"]
