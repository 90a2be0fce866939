"""`balie customer` beside a server that runs: shown, exported, erased, and nothing left of it."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path

import pytest

from bot.app.cli import main
from tests.fixtures_server import Served

pytestmark = pytest.mark.slow  # a server and its commands

WORDS = ("sofie", "zwaluwstraat", "470123456")


@pytest.fixture
def customer(served: Served, capsys: pytest.CaptureFixture[str]):
    def run(*given: str) -> tuple[int, str, str]:
        status = main(["customer", *given, "--var", str(served.var)])
        said = capsys.readouterr()
        return status, said.out, said.err

    return run


def talk(served: Served, sender: str) -> str:
    """A problem, told until a person has it; the conversation's id."""
    served.say(sender, "Dag, ik ben Sofie Peeters uit de Zwaluwstraat en mijn wifi doet het niet")
    for text in ("ja", "mijn laptop", "ik wil een medewerker spreken", "Sofie Peeters", "sofie.peeters@example.org",
                 "0470 12 34 56", "ja"):  # fmt: skip
        served.say(sender, text)
    return served.get(f"/conversations/{sender}/tracker")[1]["sender_id"]


def bytes_of(var: Path) -> bytes:
    return b"".join(path.read_bytes() for path in var.glob("balie.db*") if "-shm" not in path.name).lower()


def test_a_person_is_shown_exported_and_erased(served: Served, customer, tmp_path: Path) -> None:
    talk(served, "sofie-1")
    served.say("jan", "Mijn printer drukt niets meer af")
    status, shown, _ = customer("show", "sofie-1")
    assert status == 0
    assert "Zwaluwstraat" in shown
    path = tmp_path / "sofie.zip"
    status, _, _ = customer("export", "sofie-1", "--to", str(path))
    assert status == 0
    assert path.stat().st_mode & 0o077 == 0
    assert customer("export", "sofie-1", "--to", str(path))[0] == 2
    with zipfile.ZipFile(io.BytesIO(path.read_bytes())) as file:
        whole = json.loads(file.read("data.json"))["tables"]
        assert file.read("brief.txt").decode().startswith("Beste Sofie Peeters,"), "in their language"
    assert "Zwaluwstraat" in json.dumps(whole, ensure_ascii=False)

    before = bytes_of(served.var)
    assert all(word.encode() in before for word in ("sofie", "zwaluwstraat"))
    assert "Nothing was changed" in customer("erase", "sofie-1", "--dry-run")[1]
    assert b"zwaluwstraat" in bytes_of(served.var)
    status, said, told = customer("erase", "sofie-1", "--yes")
    assert (status, "Erased." in said, told) == (0, True, "")
    after = bytes_of(served.var)
    assert [word for word in WORDS if word.encode() in after] == []
    assert b"printer drukt niets meer af" in after
    assert customer("show", "sofie-1")[0] == 2
    assert served.say("sofie-1", "Dag, mijn wifi doet het niet")


def test_what_only_names_somebody_is_taken_when_it_is_said(served: Served, customer) -> None:
    served.say("piet", "Mijn mails naar lies@example.org komen altijd terug")
    shown = customer("show", "lies@example.org")[1]
    assert "Only named in these" in shown
    [id_] = [word for word in shown.split() if len(word) == 22]
    assert "--also" in customer("erase", "lies@example.org", "--yes")[2]
    assert "neither" in customer("erase", "lies@example.org", "--yes", "--also", "nothing")[2]
    assert customer("erase", "lies@example.org", "--yes", f"--also={id_}")[0] == 0
    assert customer("show", "lies@example.org")[0] == 2


def test_who_is_asked_may_think_again(served: Served, customer, monkeypatch: pytest.MonkeyPatch) -> None:
    served.say("emma", "Mijn scherm blijft zwart")
    monkeypatch.setattr("sys.stdin", io.StringIO("no\n"))
    assert customer("erase", "emma")[0] == 1
    monkeypatch.setattr("sys.stdin", io.StringIO(""))
    assert customer("erase", "emma")[0] == 1
    assert customer("show", "emma")[0] == 0
    monkeypatch.setattr("sys.stdin", io.StringIO("yes\n"))
    assert customer("erase", "emma")[0] == 0
    assert "nothing is kept of 'emma'" in customer("show", "emma")[2]
