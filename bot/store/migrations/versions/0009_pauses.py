"""Since when a ticket's clock stands still."""

from __future__ import annotations

from alembic import op
from sqlalchemy import Column, Float

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column."""
    op.add_column("tickets", Column("paused_at", Float))


def downgrade() -> None:
    """Drop it."""
    op.drop_column("tickets", "paused_at")
