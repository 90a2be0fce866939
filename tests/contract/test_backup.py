"""A backup is all there is, at one moment; a restore is all of it or nothing. On both databases, and across."""

from __future__ import annotations

import asyncio
import io
import json
import time
import zipfile
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, MetaData, func, select, text

from bot.model.errors import ConfigError, Conflict, Malformed
from bot.model.messages import InboundMessage
from bot.store import accounts, queue
from bot.store import repositories as repo
from bot.store.attachments import keep_files, new_file
from bot.store.backup import Backup, write_backup
from bot.store.blobs import DatabaseBlobs
from bot.store.database import Database
from bot.store.invitations import Invitation, invite
from bot.store.migrations import migrate, revision_of, revisions, upgrade
from bot.store.password_links import make_link
from bot.store.schema import contents, conversations, events, inbox
from bot.store.schema_people import half_logins
from tests.known_person import draft, seed
from tests.store_talk import NOW, accept, claim, message, said, save, ticket, user

pytestmark = pytest.mark.slow  # whole databases are written out and read back

KINDS = ("sqlite", "postgresql")
Get = Callable[[str], str]


@pytest.fixture
async def source(database: Database) -> Database:
    """A database with something in nearly every table."""
    first = await seed(database)
    await draft(database, first)
    await user(database, "Bob", "admin")
    await DatabaseBlobs(database).put(bytes(range(256)))
    picture = new_file(
        bytes(range(255, -1, -1)) * 9, name="scherm é.png", content_type="image/png", width=4, height=3
    )
    await database.write(lambda c: keep_files(c, first, 2, [picture], now=NOW))
    await database.write(
        lambda c: accounts.audit(c, actor="a", deed="d", subject="s", now=0.1 + 0.2, data={"é": 1})
    )
    await database.write(lambda c: repo.create_ticket(c, ticket(first), episode=2, now=NOW))
    await accept(database, InboundMessage("web", "jan", "jan-1", "Nog niet gelezen ✓ 👍 \u2028 ' \" \\ \t"))
    return database


def let_in(connection: Connection) -> None:
    """Somebody is logged in, somebody else halfway; one is invited and one may choose a password."""
    bob = accounts.list_users(connection)[0].id
    accounts.create_session(connection, bob, token_hash="s", csrf="x", now=NOW, expires_at=NOW + 9e9)
    half = {"token_hash": "h", "user_id": bob, "expires_at": NOW + 9e9}
    connection.execute(half_logins.insert().values(half))
    invite(connection, Invitation("eva", "Eva", None, "agent", bob, NOW, NOW + 9e9), token_hash="i")
    make_link(connection, bob, "p", now=NOW)


@pytest.fixture(params=KINDS)
async def target(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Database]:
    """An empty database of each kind."""
    url = (
        f"sqlite:///{tmp_path}/target.db"
        if request.param == "sqlite"
        else request.getfixturevalue("postgres_url")
    )
    opened = Database.open(url)
    yield opened
    await opened.close()


def everything(connection: Connection) -> dict[str, list[tuple[Any, ...]]]:
    """All rows of all tables, in an order of their own."""
    found = MetaData()
    found.reflect(connection)
    return {
        name: sorted((tuple(row) for row in connection.execute(select(table))), key=repr)
        for name, table in found.tables.items()
    }


async def backed_up(database: Database, path: Path) -> dict[str, Any]:
    def work(connection: Connection) -> dict[str, Any]:
        with path.open("w+b") as file:
            return write_backup(connection, file)

    return await database.read(work)


def restored(database: Database, path: Path, *, replace: bool = False) -> None:
    backup = Backup(path)
    backup.check()
    database.exclusively(lambda c: backup.load(c, replace=replace, now=time.time()))


async def test_every_table_comes_back_as_it_was(source: Database, target: Database, tmp_path: Path) -> None:
    manifest = await backed_up(source, tmp_path / "b.zip")
    restored(target, tmp_path / "b.zip")
    before, after = await source.read(everything), await target.read(everything)
    assert set(before) == set(after)
    for name, rows in before.items():
        assert after[name] == rows, name
    assert sum(each["rows"] for each in manifest["tables"].values()) == sum(map(len, before.values())) - 1
    assert len([name for name, rows in before.items() if rows]) > 15


async def test_no_login_and_no_link_comes_back_to_life(
    source: Database, target: Database, tmp_path: Path
) -> None:
    await source.write(let_in)
    await backed_up(source, tmp_path / "b.zip")
    restored(target, tmp_path / "b.zip")
    before, after = await source.read(everything), await target.read(everything)
    for name in ("sessions", "half_logins", "invitations", "password_links"):
        assert (bool(before[name]), after[name]) == (True, []), name
    assert after["users"] == before["users"], "whoever had a password has it again"


async def test_what_is_restored_goes_on_and_gives_no_number_twice(
    source: Database, target: Database, tmp_path: Path
) -> None:
    await backed_up(source, tmp_path / "b.zip")
    restored(target, tmp_path / "b.zip")
    highest = max(row[0] for row in (await source.read(everything))["tickets"])
    accepted = await accept(target, message(sender="karim"))
    claimed = {each.sender_id: each for each in await claim(target)}
    assert set(claimed) >= {"karim", "jan"}  # what nobody had read is still to be read
    await save(target, claimed["karim"], said("Dag"), push=True)
    row = await target.write(
        lambda c: repo.create_ticket(c, ticket(accepted.conversation_id), episode=1, now=NOW)
    )
    assert row.number == highest + 1


async def test_a_number_that_was_given_out_stays_given_out(
    database: Database, target: Database, tmp_path: Path
) -> None:
    """Also where the row that had it is gone."""
    accepted = await accept(database)
    row = await database.write(
        lambda c: repo.create_ticket(c, ticket(accepted.conversation_id), episode=1, now=NOW)
    )
    await database.write(lambda c: c.execute(text("DELETE FROM tickets")))
    await backed_up(database, tmp_path / "b.zip")
    restored(target, tmp_path / "b.zip")
    again = await target.write(
        lambda c: repo.create_ticket(c, ticket(accepted.conversation_id), episode=1, now=NOW)
    )
    assert again.number == row.number + 1


async def test_a_backup_while_messages_come_in_is_one_moment(
    database: Database, target: Database, tmp_path: Path
) -> None:
    """No message without its text, no conversation that counts more than there is."""
    stop, enough = asyncio.Event(), asyncio.Event()

    async def talk(sender: str) -> int:
        count = 0
        while not stop.is_set():
            count += 1
            await accept(database, InboundMessage("web", sender, f"{sender}-{count}", f"bericht {count}"))
            for claimed in await claim(database, limit=1):
                await save(database, claimed, said("Dag"), push=True)
            if count == 25:
                enough.set()
        return count

    talks = [asyncio.create_task(talk(f"klant {number}")) for number in range(4)]
    try:
        await asyncio.wait_for(enough.wait(), 60)
        manifest = await backed_up(database, tmp_path / "b.zip")
    finally:
        stop.set()
        counts = await asyncio.gather(*talks)
    restored(target, tmp_path / "b.zip")

    def look(connection: Connection) -> None:
        e, c = events.c, conversations.c
        for id_, last in connection.execute(select(c.id, c.seq)).all():
            seqs = (
                connection.execute(select(e.seq).where(e.conversation_id == id_).order_by(e.seq))
                .scalars()
                .all()
            )
            assert list(seqs) == list(range(1, last + 1))
        spoken = connection.execute(select(func.count()).where(e.type.in_(("user", "bot")))).scalar_one()
        assert connection.execute(select(func.count()).select_from(contents)).scalar_one() == spoken
        messages = connection.execute(select(func.count()).select_from(inbox)).scalar_one()
        assert messages == connection.execute(select(func.count()).where(e.type == "user")).scalar_one()
        assert 0 < messages <= sum(counts)
        assert messages == manifest["tables"]["inbox"]["rows"]

    await target.read(look)


async def test_what_is_there_is_not_overwritten_unless_asked(
    source: Database, target: Database, tmp_path: Path
) -> None:
    await backed_up(source, tmp_path / "b.zip")
    await asyncio.to_thread(migrate, target)
    restored(target, tmp_path / "b.zip")  # tables without rows are nothing
    await accept(target, message(sender="karim"))
    kept = await target.read(everything)
    with pytest.raises(Conflict, match="--replace"):
        restored(target, tmp_path / "b.zip")
    assert await target.read(everything) == kept
    restored(target, tmp_path / "b.zip", replace=True)
    assert await target.read(everything) == await source.read(everything)


async def test_a_server_at_work_is_left_alone(source: Database, tmp_path: Path) -> None:
    await backed_up(source, tmp_path / "b.zip")
    await source.write(lambda c: queue.acquire_lease(c, "schedule", "server", now=time.time(), seconds=90))
    with pytest.raises(Conflict, match="stop it and"):
        restored(source, tmp_path / "b.zip", replace=True)


async def test_a_restore_that_fails_changes_nothing(
    source: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await backed_up(source, tmp_path / "b.zip")
    kept = await source.read(everything)

    def broken(*_: Any) -> None:
        raise RuntimeError("the disk is full")

    monkeypatch.setattr("bot.store.backup._set_numbers", broken)
    with pytest.raises(RuntimeError):
        restored(source, tmp_path / "b.zip", replace=True)
    assert await source.read(everything) == kept


@pytest.mark.parametrize("kind", KINDS)
async def test_an_older_backup_is_brought_up_to_date(
    request: pytest.FixtureRequest, kind: str, target: Database, tmp_path: Path
) -> None:
    url = f"sqlite:///{tmp_path}/old.db" if kind == "sqlite" else _another(request)
    old = Database.open(url)
    old.exclusively(lambda c: upgrade(c, "0001"))
    row = {
        "id": "c", "channel": "rest", "sender_id": "klant", "owner": "bot", "status": "pending", "owner_epoch": 0,
        "language": "nl", "version": 1, "seq": 7, "arrivals": 1, "episode": 1, "lease_until": 0, "lease_token": 0,
        "created_at": 1.5, "updated_at": 2.5,
    }  # fmt: skip
    names = ", ".join(row)
    insert = text(f"INSERT INTO conversations ({names}) VALUES ({', '.join(':' + name for name in row)})")
    await old.write(lambda c: c.execute(insert, row))
    await backed_up(old, tmp_path / "b.zip")
    await old.close()
    restored(target, tmp_path / "b.zip")
    assert await target.read(revision_of) == revisions()[-1]
    told = await target.read(
        lambda c: c.execute(select(conversations.c.told, conversations.c.created_at)).one()
    )
    assert tuple(told) == (7, 1.5)  # what the migrations do to rows was done to these


def _another(request: pytest.FixtureRequest) -> str:
    """A second empty PostgreSQL database."""
    from tests.fixtures_store import _new_database

    made = _new_database(request.getfixturevalue("postgres_server"), "template1")
    url = made.__enter__()
    request.addfinalizer(lambda: made.__exit__(None, None, None))
    return url


async def test_a_newer_backup_is_refused(sqlite_database: Database, tmp_path: Path) -> None:
    await backed_up(sqlite_database, tmp_path / "b.zip")
    _changed(tmp_path / "b.zip", tmp_path / "new.zip", lambda manifest: manifest.update(revision="9999"))
    with pytest.raises(ConfigError, match="newer Balie"):
        Backup(tmp_path / "new.zip")


async def test_a_newer_database_is_refused(sqlite_database: Database) -> None:
    await sqlite_database.write(lambda c: c.execute(text("UPDATE alembic_version SET version_num = '9999'")))
    with pytest.raises(ConfigError, match="newer Balie"):
        await asyncio.to_thread(migrate, sqlite_database)


async def test_a_damaged_file_is_refused_before_anything_changes(
    sqlite_database: Database, tmp_path: Path
) -> None:
    await accept(sqlite_database)
    await backed_up(sqlite_database, tmp_path / "b.zip")
    whole = (tmp_path / "b.zip").read_bytes()
    for wrong in (b"", b"no zip file at all", whole[: len(whole) // 2]):
        (tmp_path / "w.zip").write_bytes(wrong)
        with pytest.raises(Malformed, match="not a whole backup"):
            Backup(tmp_path / "w.zip")
    _changed(tmp_path / "b.zip", tmp_path / "w.zip", lambda _: None, **{"tables/inbox.jsonl": b"[]\n"})
    with pytest.raises(Malformed, match="damaged"):
        Backup(tmp_path / "w.zip").check()
    flipped = bytearray(whole)
    flipped[_within(tmp_path / "b.zip")] ^= 0xFF
    (tmp_path / "w.zip").write_bytes(flipped)
    with pytest.raises(Malformed):
        Backup(tmp_path / "w.zip").check()


async def test_a_file_in_a_backup_leads_nowhere_else(sqlite_database: Database, tmp_path: Path) -> None:
    (tmp_path / "blob").write_bytes(b"bytes")

    def work(connection: Connection) -> None:
        with (tmp_path / "b.zip").open("w+b") as file:
            write_backup(connection, file, {"blobs/ab/cd": tmp_path / "blob", "../../out": tmp_path / "blob"})

    await sqlite_database.read(work)
    backup = Backup(tmp_path / "b.zip")
    backup.check()
    with pytest.raises(Malformed, match="elsewhere"):
        backup.extract(tmp_path / "var" / "deep")
    assert (tmp_path / "var" / "deep" / "blobs" / "ab" / "cd").read_bytes() == b"bytes"
    assert not (tmp_path / "out").exists()


def _within(path: Path) -> int:
    """Where in a ZIP file the largest of its files is, about halfway."""
    with zipfile.ZipFile(path) as archive:
        largest = max(archive.infolist(), key=lambda each: each.compress_size)
    header = path.read_bytes()[largest.header_offset : largest.header_offset + 30]
    name, extra = int.from_bytes(header[26:28], "little"), int.from_bytes(header[28:30], "little")
    return largest.header_offset + 30 + name + extra + largest.compress_size // 2


def _changed(old: Path, new: Path, change: Callable[[dict[str, Any]], None], **members: bytes) -> None:
    """A copy of a backup with another manifest, or other members."""
    with zipfile.ZipFile(io.BytesIO(old.read_bytes())) as before, zipfile.ZipFile(new, "w") as after:
        for name in before.namelist():
            content = members.get(name, before.read(name))
            if name == "manifest.json":
                manifest = json.loads(content)
                change(manifest)
                content = json.dumps(manifest).encode()
            after.writestr(name, content)
