"""`balie backup` beside a server that runs, and `balie restore` into another place."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bot.app.cli import main
from tests.fixtures_server import Served, new_var

pytestmark = pytest.mark.slow  # servers start, stop and start elsewhere

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def balie(capsys: pytest.CaptureFixture[str]) -> Run:
    def run(command: str, var: Path, *given: object) -> tuple[int, str, str]:
        status = main([command, *map(str, given), "--var", str(var)])
        said = capsys.readouterr()
        return status, said.out, said.err

    return run


def rows(var: Path) -> dict[str, list[Any]]:
    with sqlite3.connect(f"file:{var / 'balie.db'}?mode=ro", uri=True) as found:
        names = [row[0] for row in found.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return {name: sorted(found.execute(f"SELECT * FROM {name}"), key=repr) for name in names}


def test_what_is_backed_up_while_it_runs_runs_elsewhere(
    served: Served, trained: Path, tmp_path: Path, balie: Run
) -> None:
    served.say("sofie", "Mijn wifi doet het niet meer op mijn laptop")
    (served.var / "blobs" / "ab").mkdir(parents=True)
    (served.var / "blobs" / "ab" / "cd").write_bytes(b"a picture")
    file = tmp_path / "backups" / "balie.zip"
    status, said, _ = balie("backup", served.var, file)
    assert status == 0, said
    assert " rows, 1 file, " in said
    assert "Not in it" in said
    assert file.stat().st_mode & 0o077 == 0
    assert [path.name for path in file.parent.iterdir()] == ["balie.zip"]
    assert balie("backup", served.var, file)[0] == 2  # never over another

    status, _, said = balie("restore", served.var, file, "--replace")
    assert (status, "stop it" in said) == (2, True)  # the server works on that one
    var = new_var(trained, tmp_path / "var")
    status, said, _ = balie("restore", var, file)
    assert status == 0, said
    assert "Everybody has to log in again" in said
    assert "API tokens are those of that moment" in said
    before, after = rows(served.var), rows(var)
    changing = {"leases", "sqlite_sequence"}
    assert {name: before[name] for name in before if name not in changing} == {
        name: after[name] for name in after if name not in changing
    }
    assert (var / "blobs" / "ab" / "cd").read_bytes() == b"a picture"
    assert "there is something" in balie("restore", var, file)[2]

    other = Served(var)
    other.start()
    other.wait_ready()
    try:
        assert other.say("sofie", "ja")
        assert other.get("/conversations/sofie/tracker")[1]["events"]
    finally:
        other.stop()
    assert balie("restore", var, file, "--replace")[0] == 0
    assert rows(var)["conversations"] == after["conversations"]


def test_what_cannot_be_done_is_a_sentence(tmp_path: Path, balie: Run) -> None:
    (tmp_path / "no.zip").write_text("no backup")
    for command, given, told in (
        ("backup", tmp_path / "b.zip", "there is no database"),
        ("restore", tmp_path / "gone.zip", "there is no file"),
        ("restore", tmp_path / "no.zip", "not a whole backup"),
    ):
        status, _, said = balie(command, tmp_path / "var", given)
        assert (status, told in said) == (2, True)
    assert not (tmp_path / "b.zip").exists()
    assert not (tmp_path / "var" / "balie.db").exists()
