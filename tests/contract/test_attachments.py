"""Files that came with what was said: seen by their id, and gone with their conversation. On both databases."""

from __future__ import annotations

import asyncio
import threading
from typing import Any

from sqlalchemy import Connection, select

from bot.bus.local import LocalBus
from bot.model.messages import InboundMessage
from bot.service.persons import Persons
from bot.store.attachments import drop_unused, find_file, hashes_of, keep_files, new_file
from bot.store.blobs import put_blob, set_active
from bot.store.database import Database
from bot.store.erasure import AGE, erase
from bot.store.persons import Person
from bot.store.schema import blobs
from bot.store.schema_files import attachments
from tests.store_talk import NOW, accept


async def put(database: Database, sender: str, content: bytes) -> tuple[str, str]:
    """A conversation with a file in it, and the file's id."""
    accepted = await accept(database, InboundMessage("web", sender, f"{sender}-1", "Kijk"))
    file = new_file(content, name="a.png", content_type="image/png", width=4, height=3)
    id_ = accepted.conversation_id
    await database.write(lambda c: keep_files(c, id_, accepted.seq, [file], now=NOW))
    return id_, file.attachment.id


async def kept(database: Database) -> tuple[int, int]:
    """How many files and how many blobs there are."""

    def read(connection: Connection) -> tuple[int, int]:
        return len(connection.execute(select(attachments)).all()), len(
            connection.execute(select(blobs)).all()
        )

    return await database.read(read)


async def show(database: Database, id_: str) -> Any:
    return await database.read(lambda c: find_file(c, id_))


async def test_a_file_is_found_by_its_id_and_by_nothing_else(database: Database) -> None:
    _, id_ = await put(database, "jan", b"pixels")
    found = await show(database, id_)
    assert (found.name, found.content_type, found.content) == ("a.png", "image/png", b"pixels")
    for other in ("", "a.png", id_[:-1], id_ + "x", id_.swapcase(), "%", "\u202e"):
        assert await show(database, other) is None


async def test_the_same_bytes_are_kept_once_until_the_last_file_goes(database: Database) -> None:
    (one, first), (other, second) = await put(database, "jan", b"same"), await put(database, "mia", b"same")
    assert await kept(database) == (2, 1)
    gone = await database.write(lambda c: erase(c, Person(conversations=(one,)), why=AGE, now=NOW))
    assert gone["attachments"] == 1
    assert "blobs" not in gone
    assert await show(database, first) is None
    assert (await show(database, second)).content == b"same"
    gone = await database.write(lambda c: erase(c, Person(conversations=(other,)), why=AGE, now=NOW))
    assert (gone["attachments"], gone["blobs"]) == (1, 1)
    assert await kept(database) == (0, 0)


async def test_what_is_in_use_elsewhere_stays(database: Database) -> None:
    id_, _ = await put(database, "jan", b"also the model")
    await database.write(lambda c: set_active(c, "model", put_blob(c, b"also the model"), now=NOW))
    await database.write(lambda c: put_blob(c, b"nobody's yet"))
    await database.write(lambda c: erase(c, Person(conversations=(id_,)), why=AGE, now=NOW))
    assert await kept(database) == (0, 2)


async def test_bytes_that_come_again_while_they_go_are_there_afterwards(database: Database) -> None:
    """Somebody sends the same picture in the moment that the other's conversation is erased."""
    id_, _ = await put(database, "jan", b"same")
    other = (await accept(database, InboundMessage("web", "mia", "mia-1", "Kijk"))).conversation_id
    file = new_file(b"same", name="a.png", content_type="image/png", width=4, height=3)
    adding, go_on = threading.Event(), threading.Event()

    def add(connection: Connection) -> None:
        keep_files(connection, other, 1, [file], now=NOW)
        adding.set()
        go_on.wait(10)

    def drop(connection: Connection) -> None:
        hashes = sorted(hashes_of(connection, [id_]))
        connection.execute(attachments.delete().where(attachments.c.conversation_id == id_))
        threading.Timer(0.3, go_on.set).start()
        drop_unused(connection, hashes)

    first = asyncio.create_task(database.write(add))
    if database.dialect == "postgresql":  # SQLite lets one in at a time
        assert await asyncio.to_thread(adding.wait, 10)
    else:
        go_on.set()
    await database.write(drop)
    await first
    assert (await show(database, file.attachment.id)).content == b"same"


async def test_who_asks_gets_their_files_and_nobody_elses(database: Database) -> None:
    one, _ = await put(database, "jan", b"mine")
    await put(database, "mia", b"hers")
    persons = Persons(database, LocalBus(), lambda: NOW)
    taken = await persons.export(Person(conversations=(one,)), actor="a")
    assert [row["name"] for row in taken.tables["attachments"]] == ["a.png"]
    assert list(taken.files.values()) == [b"mine"]
    assert (await persons.export(Person(), actor="a")).files == {}


async def test_who_is_erased_has_no_file_left(database: Database) -> None:
    one, file = await put(database, "jan", b"mine")
    done = await Persons(database, LocalBus(), lambda: NOW).erase(Person(conversations=(one,)), actor="a")
    assert (done.rows["attachments"], done.rows["blobs"]) == (1, 1)
    assert await show(database, file) is None
