"""All tables of the first version."""

from __future__ import annotations

from alembic import op

from bot.store.schema import FIRST_TICKET, metadata

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    connection = op.get_bind()
    metadata.create_all(connection, checkfirst=False)
    if connection.dialect.name == "sqlite":
        op.execute(f"INSERT INTO sqlite_sequence (name, seq) VALUES ('tickets', {FIRST_TICKET - 1})")


def downgrade() -> None:
    metadata.drop_all(op.get_bind())
