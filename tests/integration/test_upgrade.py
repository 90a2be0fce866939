"""The database of the first counter, brought up to date: nothing is lost, its pages open, its talks go on."""

from __future__ import annotations

import asyncio
import http.cookiejar
import shutil
import sqlite3
import urllib.parse
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Boolean, Connection, MetaData, Text, select, text

from bot.store.database import Database
from bot.store.migrations import migrate, revision_of, revisions, upgrade
from bot.store.tables import metadata
from tests.fixtures_server import Served, new_var

pytestmark = pytest.mark.slow  # an old database is served

DUMP = Path(__file__).parents[1] / "fixtures" / "first.sql"
PASSWORD = "correct horse battery"
TOLD = "told"
"""The column that a migration fills by what stands beside it."""
FOLDED = ("tickets", "search")
"""The column that a migration writes anew."""


def first(path: Path) -> None:
    """The file as it was."""
    with sqlite3.connect(path) as made:
        made.executescript(DUMP.read_text("utf-8"))
    made.close()


@pytest.fixture(params=["sqlite", "postgresql"])
def first_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """That database: the file itself, or the same rows in the tables of that revision on PostgreSQL."""
    file = tmp_path / "var" / "balie.db"
    file.parent.mkdir()
    first(file)
    if request.param == "sqlite":
        return f"sqlite:///{file}"
    url: str = request.getfixturevalue("postgres_url")
    database = Database.open(url)
    database.exclusively(lambda connection: _copy(file, connection))
    asyncio.run(database.close())
    return url


def _copy(file: Path, connection: Connection) -> None:
    upgrade(connection, "0001")
    with sqlite3.connect(file) as source:
        source.row_factory = sqlite3.Row
        for table in _tables(connection):
            for row in source.execute(f"SELECT * FROM {table.name}"):
                values = {
                    name: bool(row[name]) if isinstance(table.c[name].type, Boolean) else row[name]
                    for name in row.keys()  # noqa: SIM118  (a sqlite3.Row is no mapping)
                }
                connection.execute(table.insert(), values)
            number = [column.name for column in table.primary_key if column.name in ("id", "number")]
            if number and not isinstance(table.c[number[0]].type, Text):
                last = (
                    f"SELECT setval(pg_get_serial_sequence('{table.name}', '{number[0]}'), max({number[0]}))"
                )
                connection.execute(text(f"{last} FROM {table.name}"))
    source.close()
    file.unlink()


def _tables(connection: Connection) -> list[Any]:
    found = MetaData()
    found.reflect(connection)
    return [table for table in found.sorted_tables if table.name != "alembic_version"]


def _rows(connection: Connection) -> dict[str, list[dict[str, Any]]]:
    return {
        table.name: [
            dict(row._mapping) for row in connection.execute(select(table).order_by(*table.primary_key))
        ]
        for table in _tables(connection)
    }


def test_every_row_is_there_with_what_it_said(first_url: str) -> None:
    database = Database.open(first_url)
    before = database.exclusively(_rows)
    migrate(database)
    after = database.exclusively(_rows)
    assert database.exclusively(revision_of) == revisions()[-1]
    assert database.exclusively(_differences) == []
    asyncio.run(database.close())
    assert {name for name, rows in before.items() if rows} >= {
        "conversations", "events", "contents", "inbox", "tickets", "handoffs", "users", "audit_log",
    }  # fmt: skip
    for name, rows in before.items():
        for old, row in zip(rows, after[name], strict=True):
            assert {key: row[key] for key in old if (name, key) != FOLDED} == {
                key: value for key, value in old.items() if (name, key) != FOLDED
            }
    assert all(row[TOLD] == row["seq"] for row in after["conversations"])
    assert "bonjour, j'ai oublie mon mot de passe" in {row["search"] for row in after["contents"]}
    assert all(row["summary_search"] in row["search"] for row in after["tickets"])


def _differences(connection: Connection) -> list[object]:
    return list(compare_metadata(MigrationContext.configure(connection), metadata))


@pytest.fixture
def upgraded(first_url: str, trained: Path, tmp_path: Path) -> Iterator[Served]:
    """A server of today on that database."""
    var = tmp_path / "var"
    environment = {} if first_url.startswith("sqlite") else {"DATABASE_URL": first_url}
    server = Served(new_var(trained, var), environment)
    server.start()
    server.wait_ready(120)
    yield server
    server.stop()
    shutil.rmtree(var)


def test_its_pages_show_what_was_said_and_its_talks_go_on(upgraded: Served) -> None:
    opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()))
    form = urllib.parse.urlencode({"username": "admin", "password": PASSWORD}).encode()

    def page(path: str, data: bytes | None = None) -> str:
        request = urllib.request.Request(upgraded.url + path, data, {"Origin": upgraded.url})
        with opener.open(request, timeout=30) as answer:
            return answer.read().decode()

    page("/desk/login", form)
    listed = page("/review?lang=nl")
    for said in ("mijn wifi doet het niet meer", "oublié mon mot de passe", "printer does not print"):
        assert said in listed.replace("&#39;", "'")
    [ticket] = upgraded.get("/api/v1/tickets?q=1001")[1]["items"]
    for path in (f"/review/{ticket['conversation_id']}", f"/desk/c/{ticket['conversation_id']}"):
        shown = page(path)
        for said in ("mijn wifi doet het niet meer", "Ik kijk even mee", "Laptop is oud", "1001"):
            assert said in shown, (path, said)
    assert upgraded.say("benoit", "oui")
    assert upgraded.say("an", "Dag, mijn printer drukt niet meer af")
