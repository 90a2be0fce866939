"""Links for who forgot a password."""

from __future__ import annotations

from alembic import op
from sqlalchemy import Column, Float, ForeignKeyConstraint, PrimaryKeyConstraint, Text, UniqueConstraint

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "password_links",
        Column("token_hash", Text, nullable=False),
        Column("user_id", Text, nullable=False),
        Column("expires_at", Float, nullable=False),
        PrimaryKeyConstraint("token_hash", name="pk_password_links"),
        UniqueConstraint("user_id", name="uq_password_links_user_id"),
        ForeignKeyConstraint(["user_id"], ["users.id"], name="fk_password_links_user_id"),
    )


def downgrade() -> None:
    """Drop it."""
    op.drop_table("password_links")
