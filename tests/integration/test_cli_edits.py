"""`balie data export` and `forget`: what was edited in the pages, back in files."""

from __future__ import annotations

import asyncio
import shutil
from pathlib import Path

import pytest

from bot.app.cli import main
from bot.app.content import DEFAULT_DATA, POLICY, read_files
from bot.bus.local import LocalBus
from bot.model.languages import LANGUAGES
from bot.service.overlay import Agreed
from bot.source.edits import edited
from bot.store.database import Database
from bot.store.migrations import migrate

pytestmark = pytest.mark.slow  # every command reads the pack

DESK = "policy/desk.yml"


@pytest.fixture
def var(tmp_path: Path) -> Path:
    """A database in which one file was edited."""

    async def edit() -> None:
        database = Database.open(f"sqlite:///{tmp_path}/balie.db")
        await asyncio.to_thread(migrate, database)
        one = agreed(database, DEFAULT_DATA)
        text = edited(one.text(DESK), lambda root: root.update(gone_after=5))
        await one.keep(DESK, text, version=one.version(DESK), actor="ada", what="gone_after")
        await database.close()

    asyncio.run(edit())
    return tmp_path


def agreed(database: Database, data: Path) -> Agreed:
    files = read_files(data, *POLICY)
    return Agreed(files, intents=(), languages=LANGUAGES, database=database, bus=LocalBus())


def begun(var: Path, data: Path) -> Agreed:
    async def begin() -> Agreed:
        database = Database.open(f"sqlite:///{var}/balie.db")
        one = agreed(database, data)
        await one.begin()
        await database.close()
        return one

    return asyncio.run(begin())


def test_an_export_makes_the_pack_say_what_was_edited(
    var: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data = tmp_path / "data"
    shutil.copytree(DEFAULT_DATA / "policy", data / "policy")
    assert main(["data", "export", "--var", str(var), "--data", str(data)]) == 0
    assert str(data / DESK) in capsys.readouterr().out
    assert begun(var, data).now.presence.gone_after == 5
    assert not begun(var, data).edited
    assert main(["data", "export", "--var", str(var), "--data", str(data)]) == 0
    assert "nothing was edited" in capsys.readouterr().out


def test_an_edit_is_forgotten(var: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["data", "forget", "policy/hours.yml", "--var", str(var)]) == 2
    assert f"edited: {DESK}" in capsys.readouterr().err
    assert main(["data", "forget", DESK, "--var", str(var)]) == 0
    assert begun(var, DEFAULT_DATA).now.presence.gone_after == 15


def test_without_a_database_none_is_made(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["data", "export", "--var", str(tmp_path)]) == 2
    assert "there is no database" in capsys.readouterr().err
    assert not list(tmp_path.iterdir())
