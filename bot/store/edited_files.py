"""Files of the pack as somebody edited them in the pages: the whole text of each, in place of the file's."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, delete, select, text

from bot.store.schema_content import edited_files
from bot.store.statements import insert_into

_e = edited_files.c


@dataclass(frozen=True, slots=True)
class EditedFile:
    """A file's text. `base` is the hash of the pack's own text at that time, `edited_by` a user's id."""

    path: str
    text: str
    base: str
    edited_by: str
    edited_at: float


def list_edited(connection: Connection, folder: str = "") -> dict[str, EditedFile]:
    """All of them, or those in a folder, by their path in the pack."""
    found = select(*_e).where(_e.path.startswith(folder, autoescape=True)).order_by(_e.path)
    rows = connection.execute(found)
    return {row.path: EditedFile(*row) for row in rows}


def lock_edited(connection: Connection) -> None:
    """Nobody else edits until this transaction ends. SQLite has one writer anyway."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("LOCK TABLE edited_files IN SHARE ROW EXCLUSIVE MODE"))


def keep_edited(connection: Connection, file: EditedFile) -> None:
    """From now on this is the text."""
    insert = insert_into(connection.dialect.name, edited_files).values(
        path=file.path, text=file.text, base=file.base, edited_by=file.edited_by, edited_at=file.edited_at
    )
    columns = ("text", "base", "edited_by", "edited_at")
    connection.execute(
        insert.on_conflict_do_update(
            index_elements=[_e.path], set_={name: insert.excluded[name] for name in columns}
        )
    )


def forget_edited(connection: Connection, path: str) -> bool:
    """The pack's file counts again; whether anything had been edited."""
    return bool(connection.execute(delete(edited_files).where(_e.path == path)).rowcount)
