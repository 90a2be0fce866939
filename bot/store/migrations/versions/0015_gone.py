"""What went back to the line when the rule found an agent gone."""

from __future__ import annotations

from alembic import op
from sqlalchemy import Column, Integer

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column."""
    op.add_column("users", Column("gone_with", Integer))


def downgrade() -> None:
    """Drop it."""
    op.drop_column("users", "gone_with")
