"""What the review keeps: corrections, comments, tags, scorecards, and who reads what."""

from __future__ import annotations

from alembic import op
from sqlalchemy import BigInteger, Column, Float, Integer, PrimaryKeyConstraint, Text, UniqueConstraint

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_ID = BigInteger().with_variant(Integer(), "sqlite")

TABLES = ("corrections", "review_comments", "review_tags", "review_scores", "reviews")


def upgrade() -> None:
    """Make them."""
    op.create_table(
        "corrections",
        Column("id", _ID, nullable=False),
        Column("conversation_id", Text),
        Column("seq", Integer),
        Column("language", Text, nullable=False),
        Column("text", Text, nullable=False),
        Column("intent", Text, nullable=False),
        Column("was", Text, nullable=False),
        Column("status", Text, nullable=False),
        Column("made_by", Text, nullable=False),
        Column("made_at", Float, nullable=False),
        Column("decided_by", Text),
        Column("decided_at", Float),
        Column("trained_at", Float),
        Column("model", Text),
        PrimaryKeyConstraint("id", name="pk_corrections"),
        UniqueConstraint("conversation_id", "seq", name="uq_corrections_conversation_id_seq"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_corrections_status", "corrections", ["status"])
    op.create_table(
        "review_comments",
        Column("id", _ID, nullable=False),
        Column("conversation_id", Text, nullable=False),
        Column("made_by", Text, nullable=False),
        Column("made_at", Float, nullable=False),
        Column("text", Text, nullable=False),
        PrimaryKeyConstraint("id", name="pk_review_comments"),
    )
    op.create_index("ix_review_comments_conversation_id", "review_comments", ["conversation_id"])
    op.create_table(
        "review_tags",
        Column("conversation_id", Text, nullable=False),
        Column("tag", Text, nullable=False),
        Column("made_by", Text, nullable=False),
        Column("made_at", Float, nullable=False),
        PrimaryKeyConstraint("conversation_id", "tag", name="pk_review_tags"),
    )
    op.create_index("ix_review_tags_tag", "review_tags", ["tag"])
    op.create_table(
        "review_scores",
        Column("conversation_id", Text, nullable=False),
        Column("made_by", Text, nullable=False),
        Column("made_at", Float, nullable=False),
        Column("scores", Text, nullable=False),
        Column("remark", Text, nullable=False),
        PrimaryKeyConstraint("conversation_id", "made_by", name="pk_review_scores"),
    )
    op.create_table(
        "reviews",
        Column("conversation_id", Text, nullable=False),
        Column("state", Text, nullable=False),
        Column("made_by", Text, nullable=False),
        Column("made_at", Float, nullable=False),
        PrimaryKeyConstraint("conversation_id", name="pk_reviews"),
    )


def downgrade() -> None:
    """Drop them."""
    for table in reversed(TABLES):
        op.drop_table(table)
