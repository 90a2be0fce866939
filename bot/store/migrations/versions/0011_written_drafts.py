"""A draft of an article as an editor wrote it out, and the name that it gets."""

from __future__ import annotations

from alembic import op
from sqlalchemy import Column, Text

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns."""
    op.add_column("article_drafts", Column("slug", Text))
    op.add_column("article_drafts", Column("article", Text))


def downgrade() -> None:
    """Drop them."""
    op.drop_column("article_drafts", "article")
    op.drop_column("article_drafts", "slug")
