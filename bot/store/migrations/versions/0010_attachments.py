"""Files that came with what was said."""

from __future__ import annotations

from alembic import op
from sqlalchemy import Column, Float, Integer, Text

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "attachments",
        Column("id", Text, primary_key=True),
        Column("conversation_id", Text, nullable=False),
        Column("seq", Integer, nullable=False),
        Column("blob", Text, nullable=False),
        Column("name", Text, nullable=False),
        Column("content_type", Text, nullable=False),
        Column("width", Integer, nullable=False),
        Column("height", Integer, nullable=False),
        Column("bytes", Integer, nullable=False),
        Column("at", Float, nullable=False),
    )
    op.create_index("ix_attachments_conversation_id", "attachments", ["conversation_id"])
    op.create_index("ix_attachments_blob", "attachments", ["blob"])


def downgrade() -> None:
    """Drop it."""
    op.drop_table("attachments")
