"""What Alembic runs to get at the database: it uses the connection, and the transaction, that it is given."""

from __future__ import annotations

from alembic import context

from bot.store.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    transactional_ddl=False,  # the caller's transaction spans all revisions
)
context.run_migrations()
