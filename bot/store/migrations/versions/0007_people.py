"""Invitations, logins in two steps, where and when people were seen, and indexes of what is stuck."""

from __future__ import annotations

from alembic import op
from sqlalchemy import (
    Column,
    Float,
    ForeignKeyConstraint,
    Integer,
    PrimaryKeyConstraint,
    Text,
    UniqueConstraint,
    text,
)

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

TABLES = ("invitations", "two_step", "recovery_codes", "half_logins")
STUCK = (
    ("ix_outbox_stuck", "outbox", "state IN ('failed', 'unknown')"),
    ("ix_jobs_dead", "jobs", "state = 'dead'"),
)


def upgrade() -> None:
    """Make them."""
    op.create_table(
        "invitations",
        Column("token_hash", Text, nullable=False),
        Column("username", Text, nullable=False),
        Column("name", Text, nullable=False),
        Column("email", Text),
        Column("role", Text, nullable=False),
        Column("made_by", Text, nullable=False),
        Column("made_at", Float, nullable=False),
        Column("expires_at", Float, nullable=False),
        PrimaryKeyConstraint("token_hash", name="pk_invitations"),
        UniqueConstraint("username", name="uq_invitations_username"),
    )
    op.create_table(
        "two_step",
        Column("user_id", Text, nullable=False),
        Column("secret", Text, nullable=False),
        Column("since", Float),
        Column("last_step", Integer, nullable=False),
        PrimaryKeyConstraint("user_id", name="pk_two_step"),
        _of_a_user("two_step"),
    )
    op.create_table(
        "recovery_codes",
        Column("user_id", Text, nullable=False),
        Column("code_hash", Text, nullable=False),
        PrimaryKeyConstraint("user_id", "code_hash", name="pk_recovery_codes"),
        _of_a_user("recovery_codes"),
    )
    op.create_table(
        "half_logins",
        Column("token_hash", Text, nullable=False),
        Column("user_id", Text, nullable=False),
        Column("expires_at", Float, nullable=False),
        PrimaryKeyConstraint("token_hash", name="pk_half_logins"),
        _of_a_user("half_logins"),
    )
    op.create_index("ix_half_logins_user_id", "half_logins", ["user_id"])
    op.add_column("sessions", Column("browser", Text))
    op.add_column("users", Column("seen_at", Float))
    for name, table, where in STUCK:
        op.create_index(name, table, ["id"], sqlite_where=text(where), postgresql_where=text(where))


def _of_a_user(table: str) -> ForeignKeyConstraint:
    return ForeignKeyConstraint(["user_id"], ["users.id"], name=f"fk_{table}_user_id")


def downgrade() -> None:
    """As it was."""
    for name, table, _ in STUCK:
        op.drop_index(name, table)
    op.drop_column("users", "seen_at")
    op.drop_column("sessions", "browser")
    for table in reversed(TABLES):
        op.drop_table(table)
