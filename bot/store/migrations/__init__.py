"""The history of the tables, by Alembic, run from the program itself: `migrate(database)`.

Everything happens in one transaction under the database's own lock, so that two processes may start at once:
the second waits, finds nothing to do, and goes on.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, inspect, text

from bot.model.errors import ConfigError

if TYPE_CHECKING:
    from bot.store.database import Database

VERSION_TABLE = "alembic_version"


def migrate(database: Database) -> None:
    """Bring the tables up to date. Blocks; meant for the start of the program, before anything is served."""
    database.exclusively(upgrade)


def upgrade(connection: Connection, to: str | None = None) -> None:
    """Run what is missing on this connection, inside its transaction, up to the revision `to` or the newest.

    Raises `ConfigError` where the tables are of a newer Balie than this.
    """
    found = revision_of(connection)
    known = revisions()
    if found is not None and found not in known:
        raise ConfigError(
            f"the database is of a newer Balie: it has revision {found}, this one knows up to {known[-1]}. "
            "Start the newer one, or restore a backup from before."
        )
    if found == (to or known[-1]):
        return
    from alembic import command  # a third of a second to import, and only needed here
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, to or "head")


def revisions() -> list[str]:
    """All revisions, the oldest first; told by the names of the files, without Alembic."""
    files = (Path(__file__).parent / "versions").glob("[0-9]*.py")
    return sorted(path.name.split("_")[0] for path in files)


def revision_of(connection: Connection) -> str | None:
    """The revision of the tables that are there; None where there are none."""
    if not inspect(connection).has_table(VERSION_TABLE):
        return None
    return connection.execute(text(f"SELECT version_num FROM {VERSION_TABLE}")).scalar()  # noqa: S608
