"""The history of the tables, by Alembic, run from the program itself: `migrate(database)`.

Everything happens in one transaction under the database's own lock, so that two processes may start at once:
the second waits, finds nothing to do, and goes on.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, inspect, text

if TYPE_CHECKING:
    from bot.store.database import Database


def migrate(database: Database) -> None:
    """Bring the tables up to date. Blocks; meant for the start of the program, before anything is served."""
    database.exclusively(upgrade)


def upgrade(connection: Connection) -> None:
    """Run what is missing on this connection, inside its transaction."""
    if _is_current(connection):
        return
    from alembic import command  # a third of a second to import, and only needed here
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def _is_current(connection: Connection) -> bool:
    """Whether the newest revision is there; told by the names of the files, without Alembic."""
    if not inspect(connection).has_table("alembic_version"):
        return False
    newest = max(path.name.split("_")[0] for path in (Path(__file__).parent / "versions").glob("[0-9]*.py"))
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalars().all() == [newest]
