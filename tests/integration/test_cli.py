"""The command line as people use it: plain words, useful exit codes, no traceback."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from bot.app.cli import main
from bot.app.content import DEFAULT_DATA
from tests.fixtures_server import Served, new_var


@pytest.fixture
def broken_pack(tmp_path: Path) -> Path:
    pack = tmp_path / "pack"
    shutil.copytree(DEFAULT_DATA, pack)
    domain = pack / "domain.yml"
    domain.write_text(domain.read_text().replace("action_suggest_article", "action_sugest_article", 1))
    return pack


def test_data_check_says_that_all_is_well(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["data", "check"]) == 0
    assert "no problems" in capsys.readouterr().out


def test_data_check_names_file_line_and_mend(broken_pack: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["data", "check", "--data", str(broken_pack)]) == 1
    said = capsys.readouterr().out
    assert "flows/general.yml:" in said
    assert "Did you mean 'action_sugest_article'?" in said


def test_a_pack_that_is_not_there_is_a_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["serve", "--data", str(tmp_path / "gone"), "--var", str(tmp_path)]) == 2
    assert "there is no folder" in capsys.readouterr().err


def test_a_wrong_setting_is_named(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("BALIE_PORT", "many")
    assert main(["doctor"]) == 2
    assert "BALIE_PORT" in capsys.readouterr().err


def test_doctor_is_content_with_the_defaults(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.delenv("REDIS_URL", raising=False)
    assert main(["doctor", "--var", str(tmp_path)]) == 0
    said = capsys.readouterr().out
    assert "All that is configured is in order" in said
    assert "SQLite" in said


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("BALIE_HOST", "0.0.0.0", "reachable from outside without https"),
        ("REDIS_URL", "redis://127.0.0.1:1", "Redis without PostgreSQL"),
        ("DATABASE_URL", "postgresql://nobody@127.0.0.1:1/x", "does not answer"),
    ],
)
def test_doctor_says_what_to_mend(
    name: str,
    value: str,
    said: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv(name, value)
    assert main(["doctor", "--var", str(tmp_path)]) == 1
    assert said in capsys.readouterr().out


def test_parse_prints_what_was_understood(
    trained: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["parse", "ik ben mijn paswoord kwijt", "--var", str(new_var(trained, tmp_path))]) == 0
    assert json.loads(capsys.readouterr().out)["intent"]["name"] == "password_forgotten"


def test_a_token_that_was_made_opens_the_api(served: Served, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["token", "create", "a script", "--var", str(served.var)]) == 0
    token = capsys.readouterr().out.strip()
    assert served.get("/api/v1/tickets?q=", token=token)[0] == 200
    assert served.get("/api/v1/tickets?q=", token=token + "x")[0] == 401
