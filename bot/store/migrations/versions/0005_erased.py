"""When a conversation's words, and a ticket's, were erased."""

from __future__ import annotations

from alembic import op
from sqlalchemy import Column, Float

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns."""
    for table in ("conversations", "tickets"):
        op.add_column(table, Column("erased_at", Float))


def downgrade() -> None:
    """Drop them."""
    for table in ("tickets", "conversations"):
        op.drop_column(table, "erased_at")
