"""What the desk keeps: snoozing, drafts, what was read, mentions, a ticket's history, notes, new articles."""

from __future__ import annotations

from alembic import op
from sqlalchemy import (
    BigInteger,
    Column,
    Float,
    ForeignKeyConstraint,
    Integer,
    PrimaryKeyConstraint,
    Text,
    text,
)

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_ID = BigInteger().with_variant(Integer(), "sqlite")

TABLES = ("drafts", "readings", "mentions", "ticket_changes", "customer_notes", "article_drafts")


def _partial(name: str, table: str, column: str, where: str) -> None:
    op.create_index(name, table, [column], sqlite_where=text(where), postgresql_where=text(where))


def upgrade() -> None:
    """Make them."""
    op.add_column("conversations", Column("snoozed_until", Float))
    _partial("ix_conversations_snoozed", "conversations", "snoozed_until", "snoozed_until IS NOT NULL")
    _partial("ix_tickets_solved", "tickets", "intent", "solution IS NOT NULL")
    op.add_column("users", Column("settings", Text, nullable=False, server_default="{}"))
    op.create_table(
        "drafts",
        Column("user_id", Text, nullable=False),
        Column("conversation_id", Text, nullable=False),
        Column("kind", Text, nullable=False),
        Column("text", Text, nullable=False),
        Column("updated_at", Float, nullable=False),
        ForeignKeyConstraint(["user_id"], ["users.id"], name="fk_drafts_user_id"),
        PrimaryKeyConstraint("user_id", "conversation_id", "kind", name="pk_drafts"),
    )
    op.create_table(
        "readings",
        Column("user_id", Text, nullable=False),
        Column("conversation_id", Text, nullable=False),
        Column("seq", Integer, nullable=False),
        Column("at", Float, nullable=False),
        ForeignKeyConstraint(["user_id"], ["users.id"], name="fk_readings_user_id"),
        PrimaryKeyConstraint("user_id", "conversation_id", name="pk_readings"),
    )
    op.create_table(
        "mentions",
        Column("conversation_id", Text, nullable=False),
        Column("seq", Integer, nullable=False),
        Column("user_id", Text, nullable=False),
        Column("at", Float, nullable=False),
        Column("read_at", Float),
        ForeignKeyConstraint(["user_id"], ["users.id"], name="fk_mentions_user_id"),
        PrimaryKeyConstraint("conversation_id", "seq", "user_id", name="pk_mentions"),
    )
    _partial("ix_mentions_unread", "mentions", "user_id", "read_at IS NULL")
    op.create_table(
        "ticket_changes",
        Column("id", _ID, nullable=False),
        Column("number", _ID, nullable=False),
        Column("at", Float, nullable=False),
        Column("actor", Text, nullable=False),
        Column("field", Text, nullable=False),
        Column("before", Text, nullable=False),
        Column("after", Text, nullable=False),
        ForeignKeyConstraint(["number"], ["tickets.number"], name="fk_ticket_changes_number"),
        PrimaryKeyConstraint("id", name="pk_ticket_changes"),
    )
    op.create_index("ix_ticket_changes_number", "ticket_changes", ["number"])
    op.create_table(
        "customer_notes",
        Column("id", _ID, nullable=False),
        Column("customer_id", Text, nullable=False),
        Column("at", Float, nullable=False),
        Column("author", Text, nullable=False),
        Column("text", Text, nullable=False),
        ForeignKeyConstraint(["customer_id"], ["customers.id"], name="fk_customer_notes_customer_id"),
        PrimaryKeyConstraint("id", name="pk_customer_notes"),
    )
    op.create_index("ix_customer_notes_customer_id", "customer_notes", ["customer_id"])
    op.create_table(
        "article_drafts",
        Column("id", _ID, nullable=False),
        Column("conversation_id", Text, nullable=False),
        Column("ticket", _ID),
        Column("language", Text, nullable=False),
        Column("intent", Text, nullable=False),
        Column("title", Text, nullable=False),
        Column("text", Text, nullable=False),
        Column("author", Text, nullable=False),
        Column("created_at", Float, nullable=False),
        Column("state", Text, nullable=False),
        PrimaryKeyConstraint("id", name="pk_article_drafts"),
    )
    op.create_index("ix_article_drafts_conversation_id", "article_drafts", ["conversation_id"])


def downgrade() -> None:
    """Drop them."""
    for table in reversed(TABLES):
        op.drop_table(table)
    op.drop_column("users", "settings")
    op.drop_index("ix_tickets_solved", "tickets")
    op.drop_index("ix_conversations_snoozed", "conversations")
    op.drop_column("conversations", "snoozed_until")
