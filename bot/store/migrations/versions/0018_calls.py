"""Calls that are on the line."""

from __future__ import annotations

from alembic import op
from sqlalchemy import Column, Float, ForeignKey, Text

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """The table of the calls that are on."""
    op.create_table(
        "calls",
        Column("conversation_id", Text, ForeignKey("conversations.id"), primary_key=True),
        Column("node", Text, nullable=False),
        Column("since", Float, nullable=False),
        Column("seen", Float, nullable=False),
        Column("agent_id", Text, ForeignKey("users.id")),
    )
