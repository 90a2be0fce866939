"""All tables of the first version, as they were then: this file never changes, later ones do."""

from __future__ import annotations

from alembic import op
from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Float,
    ForeignKeyConstraint,
    Identity,
    Integer,
    LargeBinary,
    PrimaryKeyConstraint,
    Text,
    UniqueConstraint,
    text,
)

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_ID = BigInteger().with_variant(Integer(), "sqlite")

TABLES = (
    "active",
    "api_tokens",
    "article_feedback",
    "audit_log",
    "blobs",
    "contents",
    "conversations",
    "customers",
    "events",
    "inbox",
    "jobs",
    "leases",
    "login_attempts",
    "outbox",
    "users",
    "handoffs",
    "identities",
    "sessions",
    "tickets",
)


def _partial(name: str, table: str, columns: list[str], where: str) -> None:
    op.create_index(name, table, columns, sqlite_where=text(where), postgresql_where=text(where))


def upgrade() -> None:
    """Make them."""
    op.create_table(
        "active",
        Column("name", Text, nullable=False),
        Column("hash", Text, nullable=False),
        Column("at", Float, nullable=False),
        PrimaryKeyConstraint("name", name="pk_active"),
    )
    op.create_table(
        "api_tokens",
        Column("id", Text, nullable=False),
        Column("name", Text, nullable=False),
        Column("token_hash", Text, nullable=False),
        Column("created_at", Float, nullable=False),
        Column("used_at", Float),
        Column("revoked_at", Float),
        PrimaryKeyConstraint("id", name="pk_api_tokens"),
        UniqueConstraint("token_hash", name="uq_api_tokens_token_hash"),
    )
    op.create_table(
        "article_feedback",
        Column("id", _ID, nullable=False),
        Column("slug", Text, nullable=False),
        Column("language", Text, nullable=False),
        Column("helpful", Boolean, nullable=False),
        Column("at", Float, nullable=False),
        PrimaryKeyConstraint("id", name="pk_article_feedback"),
    )
    op.create_index("ix_article_feedback_slug_language", "article_feedback", ["slug", "language"])
    op.create_table(
        "audit_log",
        Column("id", _ID, nullable=False),
        Column("at", Float, nullable=False),
        Column("actor", Text, nullable=False),
        Column("deed", Text, nullable=False),
        Column("subject", Text, nullable=False),
        Column("data", Text, nullable=False),
        PrimaryKeyConstraint("id", name="pk_audit_log"),
    )
    op.create_table(
        "blobs",
        Column("hash", Text, nullable=False),
        Column("content", LargeBinary, nullable=False),
        PrimaryKeyConstraint("hash", name="pk_blobs"),
    )
    op.create_table(
        "contents",
        Column("conversation_id", Text, nullable=False),
        Column("seq", Integer, autoincrement=False, nullable=False),
        Column("content", Text, nullable=False),
        PrimaryKeyConstraint("conversation_id", "seq", name="pk_contents"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "conversations",
        Column("id", Text, nullable=False),
        Column("channel", Text, nullable=False),
        Column("sender_id", Text, nullable=False),
        Column("customer_id", Text),
        Column("owner", Text, nullable=False),
        Column("status", Text, nullable=False),
        Column("owner_epoch", Integer, nullable=False),
        Column("agent_id", Text),
        Column("team", Text),
        Column("language", Text, nullable=False),
        Column("version", Integer, nullable=False),
        Column("seq", Integer, nullable=False),
        Column("arrivals", Integer, nullable=False),
        Column("episode", Integer, nullable=False),
        Column("state", Text),
        Column("due_at", Float),
        Column("wake_at", Float),
        Column("burst_at", Float),
        Column("lease_until", Float, nullable=False),
        Column("lease_token", Integer, nullable=False),
        Column("created_at", Float, nullable=False),
        Column("updated_at", Float, nullable=False),
        Column("waiting_since", Float),
        Column("last_customer_at", Float),
        Column("outcome", Text),
        PrimaryKeyConstraint("id", name="pk_conversations"),
        UniqueConstraint("channel", "sender_id", name="uq_conversations_channel_sender_id"),
    )
    op.create_index("ix_conversations_created", "conversations", ["created_at"])
    _partial("ix_conversations_customer", "conversations", ["customer_id"], "customer_id IS NOT NULL")
    _partial("ix_conversations_desk", "conversations", ["owner", "status"], "owner != 'bot'")
    _partial("ix_conversations_due", "conversations", ["due_at"], "due_at IS NOT NULL")
    op.create_table(
        "customers",
        Column("id", Text, nullable=False),
        Column("name", Text),
        Column("email", Text),
        Column("phone", Text),
        Column("created_at", Float, nullable=False),
        PrimaryKeyConstraint("id", name="pk_customers"),
    )
    op.create_table(
        "events",
        Column("conversation_id", Text, nullable=False),
        Column("seq", Integer, autoincrement=False, nullable=False),
        Column("type", Text, nullable=False),
        Column("at", Float, nullable=False),
        Column("turn", Integer, nullable=False),
        Column("name", Text),
        Column("score", Float),
        Column("data", Text, nullable=False),
        PrimaryKeyConstraint("conversation_id", "seq", name="pk_events"),
        sqlite_with_rowid=False,
    )
    _partial("ix_events_understood", "events", ["name", "score"], "type = 'understood'")
    op.create_table(
        "inbox",
        Column("id", _ID, nullable=False),
        Column("conversation_id", Text, nullable=False),
        Column("channel", Text, nullable=False),
        Column("external_id", Text, nullable=False),
        Column("kind", Text, nullable=False),
        Column("seq", Integer),
        Column("payload", Text),
        Column("received_at", Float, nullable=False),
        Column("done_at", Float),
        PrimaryKeyConstraint("id", name="pk_inbox"),
        UniqueConstraint("channel", "external_id", name="uq_inbox_channel_external_id"),
    )
    _partial("ix_inbox_undone", "inbox", ["conversation_id"], "done_at IS NULL")
    op.create_table(
        "jobs",
        Column("id", _ID, nullable=False),
        Column("key", Text, nullable=False),
        Column("kind", Text, nullable=False),
        Column("conversation_id", Text),
        Column("payload", Text, nullable=False),
        Column("due_at", Float, nullable=False),
        Column("state", Text, nullable=False),
        Column("attempts", Integer, nullable=False),
        Column("lease_until", Float, nullable=False),
        Column("lease_token", Integer, nullable=False),
        Column("error", Text),
        PrimaryKeyConstraint("id", name="pk_jobs"),
        UniqueConstraint("key", name="uq_jobs_key"),
    )
    _partial("ix_jobs_pending", "jobs", ["due_at"], "state = 'pending'")
    op.create_table(
        "leases",
        Column("name", Text, nullable=False),
        Column("holder", Text, nullable=False),
        Column("until", Float, nullable=False),
        Column("token", Integer, nullable=False),
        PrimaryKeyConstraint("name", name="pk_leases"),
    )
    op.create_table(
        "login_attempts",
        Column("id", _ID, nullable=False),
        Column("key", Text, nullable=False),
        Column("at", Float, nullable=False),
        PrimaryKeyConstraint("id", name="pk_login_attempts"),
    )
    op.create_index("ix_login_attempts_key_at", "login_attempts", ["key", "at"])
    op.create_table(
        "outbox",
        Column("id", _ID, nullable=False),
        Column("conversation_id", Text, nullable=False),
        Column("seq", Integer, nullable=False),
        Column("channel", Text, nullable=False),
        Column("author", Text, nullable=False),
        Column("epoch", Integer, nullable=False),
        Column("state", Text, nullable=False),
        Column("attempts", Integer, nullable=False),
        Column("next_at", Float, nullable=False),
        Column("created_at", Float, nullable=False),
        Column("sent_at", Float),
        Column("external_id", Text),
        Column("error", Text),
        PrimaryKeyConstraint("id", name="pk_outbox"),
        UniqueConstraint("conversation_id", "seq", name="uq_outbox_conversation_id_seq"),
    )
    _partial("ix_outbox_pending", "outbox", ["next_at"], "state = 'pending'")
    op.create_table(
        "users",
        Column("id", Text, nullable=False),
        Column("username", Text, nullable=False),
        Column("name", Text, nullable=False),
        Column("email", Text),
        Column("password_hash", Text, nullable=False),
        Column("role", Text, nullable=False),
        Column("availability", Text, nullable=False),
        Column("disabled", Boolean, nullable=False),
        Column("created_at", Float, nullable=False),
        PrimaryKeyConstraint("id", name="pk_users"),
        UniqueConstraint("username", name="uq_users_username"),
    )
    op.create_table(
        "handoffs",
        Column("id", _ID, nullable=False),
        Column("conversation_id", Text, nullable=False),
        Column("episode", Integer, nullable=False),
        Column("team", Text, nullable=False),
        Column("reason", Text, nullable=False),
        Column("priority", Text, nullable=False),
        Column("created_at", Float, nullable=False),
        Column("claimed_at", Float),
        Column("agent_id", Text),
        Column("closed_at", Float),
        Column("outcome", Text),
        ForeignKeyConstraint(["conversation_id"], ["conversations.id"], name="fk_handoffs_conversation_id"),
        PrimaryKeyConstraint("id", name="pk_handoffs"),
    )
    op.create_index("ix_handoffs_conversation_id", "handoffs", ["conversation_id"])
    _partial("ix_handoffs_waiting", "handoffs", ["team", "priority"], "closed_at IS NULL")
    op.create_table(
        "identities",
        Column("kind", Text, nullable=False),
        Column("value", Text, nullable=False),
        Column("customer_id", Text, nullable=False),
        Column("verified_at", Float),
        ForeignKeyConstraint(["customer_id"], ["customers.id"], name="fk_identities_customer_id"),
        PrimaryKeyConstraint("kind", "value", name="pk_identities"),
    )
    op.create_index("ix_identities_customer_id", "identities", ["customer_id"])
    op.create_table(
        "sessions",
        Column("token_hash", Text, nullable=False),
        Column("user_id", Text, nullable=False),
        Column("csrf", Text, nullable=False),
        Column("created_at", Float, nullable=False),
        Column("expires_at", Float, nullable=False),
        Column("seen_at", Float, nullable=False),
        ForeignKeyConstraint(["user_id"], ["users.id"], name="fk_sessions_user_id"),
        PrimaryKeyConstraint("token_hash", name="pk_sessions"),
    )
    op.create_index("ix_sessions_expires_at", "sessions", ["expires_at"])
    op.create_index("ix_sessions_user_id", "sessions", ["user_id"])
    op.create_table(
        "tickets",
        Column("number", _ID, Identity(always=False, start=1001), nullable=False),
        Column("conversation_id", Text, nullable=False),
        Column("episode", Integer, nullable=False),
        Column("status", Text, nullable=False),
        Column("secret", Text, nullable=False),
        Column("customer", Text, nullable=False),
        Column("contact", Text, nullable=False),
        Column("channel", Text, nullable=False),
        Column("language", Text, nullable=False),
        Column("intent", Text, nullable=False),
        Column("summary", Text, nullable=False),
        Column("facts", Text, nullable=False),
        Column("steps_tried", Text, nullable=False),
        Column("checks", Text, nullable=False),
        Column("articles", Text, nullable=False),
        Column("impact", Text, nullable=False),
        Column("urgency", Text, nullable=False),
        Column("priority", Text, nullable=False),
        Column("team", Text, nullable=False),
        Column("reason", Text, nullable=False),
        Column("notes", Text, nullable=False),
        Column("extra", Text, nullable=False),
        Column("response_due", Float),
        Column("resolution_due", Float),
        Column("created_at", Float, nullable=False),
        Column("updated_at", Float, nullable=False),
        Column("solved_at", Float),
        Column("solution", Text),
        Column("search", Text, nullable=False),
        ForeignKeyConstraint(["conversation_id"], ["conversations.id"], name="fk_tickets_conversation_id"),
        PrimaryKeyConstraint("number", name="pk_tickets"),
        UniqueConstraint("conversation_id", "episode", name="uq_tickets_conversation_id_episode"),
        UniqueConstraint("secret", name="uq_tickets_secret"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_tickets_status", "tickets", ["status"])
    if op.get_bind().dialect.name == "sqlite":
        op.execute("INSERT INTO sqlite_sequence (name, seq) VALUES ('tickets', 1000)")


def downgrade() -> None:
    """Drop them, those that refer to others first."""
    for table in reversed(TABLES):
        op.drop_table(table)
