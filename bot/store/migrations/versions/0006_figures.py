"""An index of the events that figures count, by type and time, in place of that of what was understood; and
one of the turns that the bot did not know what to do with."""

from __future__ import annotations

from alembic import op
from sqlalchemy import text

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

COUNTED = ("agent", "ended", "episode", "handoff", "owner", "satisfaction", "suggestion", "understood")


def _partial(name: str, columns: list[str], where: str) -> None:
    op.create_index(name, "events", columns, sqlite_where=text(where), postgresql_where=text(where))


def upgrade() -> None:
    """Make the one, drop the other."""
    one_of = " OR ".join(f"type = '{each}'" for each in COUNTED)
    _partial("ix_events_counted", ["type", "at", "name", "score"], one_of)
    _partial("ix_events_cannot_handle", ["at"], "name = 'pattern_cannot_handle'")
    op.drop_index("ix_events_understood", "events")


def downgrade() -> None:
    """As it was."""
    _partial("ix_events_understood", ["name", "score"], "type = 'understood'")
    op.drop_index("ix_events_counted", "events")
    op.drop_index("ix_events_cannot_handle", "events")
