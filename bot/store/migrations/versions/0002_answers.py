"""Which message is told what: what was said before counts as told."""

from __future__ import annotations

from alembic import op
from sqlalchemy import Column, Integer

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns."""
    op.add_column("conversations", Column("told", Integer, nullable=False, server_default="0"))
    op.execute("UPDATE conversations SET told = seq")
    op.add_column("inbox", Column("told_after", Integer))
    op.add_column("inbox", Column("told_upto", Integer))


def downgrade() -> None:
    """Drop them."""
    op.drop_column("inbox", "told_upto")
    op.drop_column("inbox", "told_after")
    op.drop_column("conversations", "told")
