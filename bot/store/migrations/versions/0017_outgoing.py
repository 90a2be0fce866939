"""Calls and texts that go out, and how many a day."""

from __future__ import annotations

from alembic import op
from sqlalchemy import Column, Float, Integer, PrimaryKeyConstraint, Text, UniqueConstraint

from bot.store.values import Json

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "outgoing",
        Column("id", Text, nullable=False),
        Column("key", Text, nullable=False),
        Column("kind", Text, nullable=False),
        Column("conversation_id", Text, nullable=False),
        Column("source_id", Text),
        Column("at", Float, nullable=False),
        Column("state", Text, nullable=False),
        Column("sid", Text),
        Column("about", Json, nullable=False),
        PrimaryKeyConstraint("id", name="pk_outgoing"),
        UniqueConstraint("key", name="uq_outgoing_key"),
    )
    op.create_index("ix_outgoing_conversation_id", "outgoing", ["conversation_id"])
    op.create_table(
        "outgoing_days",
        Column("kind", Text, nullable=False),
        Column("day", Text, nullable=False),
        Column("count", Integer, nullable=False),
        PrimaryKeyConstraint("kind", "day", name="pk_outgoing_days"),
    )


def downgrade() -> None:
    """Drop them."""
    op.drop_table("outgoing_days")
    op.drop_table("outgoing")
