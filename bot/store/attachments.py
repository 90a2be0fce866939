"""Files that came with what was said: kept with their event in its transaction, found by their id, and gone
with their conversation. What may become one is `bot.service.pictures`.

The same bytes are kept once. They go with the last file that has them: whoever adds one and whoever erases
one lock the blob's row first, so that neither misses the other.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, delete, func, insert, select

from bot.model.messages import Attachment
from bot.store.blobs import hash_of, put_blob
from bot.store.schema import active, blobs
from bot.store.schema_files import attachments

_a, _b = attachments.c, blobs.c


@dataclass(frozen=True, slots=True)
class NewFile:
    """A file that is not kept yet: how the record names it, and its bytes."""

    attachment: Attachment
    content: bytes


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file to show."""

    name: str
    content_type: str
    content: bytes


def new_file(content: bytes, *, name: str, content_type: str, width: int, height: int) -> NewFile:
    """Give bytes an id that nobody guesses: it is all that is needed to see them."""
    id_ = secrets.token_urlsafe(24)
    return NewFile(
        Attachment(name, content_type, len(content), hash_of(content), id_, width, height), content
    )


def keep_files(
    connection: Connection, conversation_id: str, seq: int, files: Iterable[NewFile], *, now: float
) -> None:
    """Keep what came with event `seq`."""
    for file in files:
        put_blob(connection, file.content)
        each = file.attachment
        connection.execute(
            insert(attachments).values(
                id=each.id,
                conversation_id=conversation_id,
                seq=seq,
                blob=each.blob,
                name=each.name,
                content_type=each.content_type,
                width=each.width,
                height=each.height,
                bytes=each.size,
                at=now,
            )
        )


def find_file(connection: Connection, id_: str) -> StoredFile | None:
    """The file of this id."""
    query = select(_a.name, _a.content_type, _b.content).join(blobs, _b.hash == _a.blob).where(_a.id == id_)
    row = connection.execute(query).first()
    return StoredFile(*row) if row else None


def count_files(connection: Connection, conversation_id: str) -> int:
    """How many files a conversation has."""
    query = select(func.count()).select_from(attachments).where(_a.conversation_id == conversation_id)
    return connection.execute(query).scalar_one()


def bytes_of(connection: Connection, hashes: Sequence[str]) -> dict[str, bytes]:
    """The bytes by their hash."""
    rows = connection.execute(select(_b.hash, _b.content).where(_b.hash.in_(hashes)))
    return {row[0]: row[1] for row in rows}


def hashes_of(connection: Connection, conversation_ids: Sequence[str]) -> set[str]:
    """Of which bytes the files of these conversations are."""
    return set(connection.execute(select(_a.blob).where(_a.conversation_id.in_(conversation_ids))).scalars())


def drop_unused(connection: Connection, hashes: Sequence[str]) -> int:
    """Delete those of these bytes that nothing names any more; how many."""
    # The lock is a statement of its own: only the next one sees what others have added before it was had.
    connection.execute(select(_b.hash).where(_b.hash.in_(hashes)).order_by(_b.hash).with_for_update())
    unused = (_b.hash.not_in(select(_a.blob)), _b.hash.not_in(select(active.c.hash)))
    return connection.execute(delete(blobs).where(_b.hash.in_(hashes), *unused)).rowcount
