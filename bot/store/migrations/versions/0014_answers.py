"""When a person first answered on a ticket; and tickets by their contact."""

from __future__ import annotations

from alembic import op
from sqlalchemy import Column, Float

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

ANSWERED = """
UPDATE tickets SET answered_at = (
  SELECT min(events.at) FROM events
  WHERE events.conversation_id = tickets.conversation_id AND events.type = 'agent'
    AND events.at >= tickets.created_at AND (tickets.solved_at IS NULL OR events.at <= tickets.solved_at)
)
"""


def upgrade() -> None:
    """Add the column, filled from the record, and the index."""
    op.add_column("tickets", Column("answered_at", Float))
    op.execute(ANSWERED)
    op.create_index("ix_tickets_contact", "tickets", ["contact"])


def downgrade() -> None:
    """Drop both."""
    op.drop_index("ix_tickets_contact", "tickets")
    op.drop_column("tickets", "answered_at")
