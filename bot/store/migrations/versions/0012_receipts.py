"""How far customers have what was said to them."""

from __future__ import annotations

from alembic import op
from sqlalchemy import Column, Float, Integer, PrimaryKeyConstraint, Text

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "receipts",
        Column("conversation_id", Text, nullable=False),
        Column("got", Integer, nullable=False),
        Column("got_at", Float, nullable=False),
        Column("seen", Integer, nullable=False),
        Column("seen_at", Float),
        PrimaryKeyConstraint("conversation_id", name="pk_receipts"),
    )


def downgrade() -> None:
    """Drop it."""
    op.drop_table("receipts")
