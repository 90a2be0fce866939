"""Files of the pack as they were edited in the pages."""

from __future__ import annotations

from alembic import op
from sqlalchemy import Column, Float, Text

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "edited_files",
        Column("path", Text, primary_key=True),
        Column("text", Text, nullable=False),
        Column("base", Text, nullable=False),
        Column("edited_by", Text, nullable=False),
        Column("edited_at", Float, nullable=False),
    )


def downgrade() -> None:
    """Drop it."""
    op.drop_table("edited_files")
