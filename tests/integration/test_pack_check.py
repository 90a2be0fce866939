"""`balie data check` tells every mistake of a pack's folder, each once, with its place."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from bot.app.config import read_settings
from bot.app.content import DEFAULT_DATA
from bot.app.pack_check import look_at
from bot.model.errors import Problem

pytestmark = pytest.mark.slow  # the whole pack, several times

MISTAKES: dict[str, tuple[str, str, str]] = {
    # file → what stands there, what stands there instead, what is told
    "config.yml": ("  silence: 600", "  silence: soon", "'silence' is a text and must be a number"),
    "domain/network.yml": ("  utter_", "  utter_odd: 5\n  utter_", "'utter_odd' is a number and must be a list"),
    "flows/network.yml": ("    steps:\n", "    stepps: []\n    steps:\n", "has an unknown key 'stepps'"),
    "nlu/fr/mail.yml": ("intent: email_setup", "intent: email_setop", "Did you mean 'email_setup'?"),
    "nlu/nl/mail.yml": ("    examples: |", "    examples: 5\n  - intent: email_setup\n    examples: |", "does not begin with"),
    "conversations/unseen_en.yml": ("test_cases:", "test_cases:\n  - test_case: odd\n    metadata: {language: en}\n    steps:\n      - user: hi\n        assertions: [flow_started: wifi_problen]\n", "expects the unknown flow 'wifi_problen'. Did you mean 'wifi_problem'?"),
    "kb/nl/slow-computer.md": ("kind: fix", "kind: story", "'story' is no kind of article"),
    "policy/checks.yml": ("checks:\n", "chekcs: {}\nchecks:\n", "'chekcs': Extra inputs are not permitted. Take it away"),
    "policy/outages.yml": ("outages: []", "outages: 3", "'outages': Input should be a valid list"),
    "policy/handoff.yml": ("failures: 2", "failures: two", "Write a whole number"),
    "policy/intents.yml": ("intents:\n", "intents:\n  wifi_problen: {team: service_desk}\n", "the intent 'wifi_problen' is not in the domain"),
}  # fmt: skip


def pack(folder: Path) -> Path:
    data = folder / "data"
    shutil.copytree(DEFAULT_DATA, data)
    return data


def problems(data: Path, folder: Path) -> list[Problem]:
    return look_at(read_settings(data=data, var=folder)).problems


def test_every_mistake_is_told_once_with_its_file_and_line(tmp_path: Path) -> None:
    data = pack(tmp_path)
    for file, (right, wrong, _) in MISTAKES.items():
        text = (data / file).read_text("utf-8")
        assert right in text, file
        (data / file).write_text(text.replace(right, wrong, 1), "utf-8")
    (data / "kb/fr/strong-password.md").unlink()
    (data / "flows/more.yaml").write_text("flows: {}\n")
    (data / "conversations/bad.yml").write_bytes(b"test_cases: []\n# caf\xe9\n")
    found = problems(data, tmp_path)
    told = {file: said for file, (_, _, said) in MISTAKES.items()} | {
        "kb/nl/strong-password.md": "the article 'strong-password' is not there in fr. Write kb/fr/strong-password.md",
        "flows/more.yaml": "nobody reads this file",
        "conversations/bad.yml": "this is not UTF-8 text",
    }
    # The intent whose name has a slip lacks its French examples, too.
    found = [problem for problem in found if "has no examples in" not in problem.what]
    for file, said in told.items():
        [one] = [problem for problem in found if problem.file == file]
        assert said in str(one), one
        assert one.line >= 1
        assert one.mend
    assert len(found) == len(told), [str(problem) for problem in found]


def test_a_new_language_is_one_problem_for_each_kind_of_text(tmp_path: Path) -> None:
    data = pack(tmp_path)
    config = data / "config.yml"
    config.write_text(config.read_text().replace("[fr, en]", "[fr, en, de]"))
    (data / "nlu/es").mkdir()
    (data / "nlu/es/a.yml").write_text("nlu: []\n")
    (data / "kb/es").mkdir()
    (data / "kb/es/a.md").write_text("---\n---\n")
    found = [str(problem) for problem in problems(data, tmp_path)]
    for folder in ("domain", "flows", "kb/nl", "nlu/en"):
        assert (
            sum(f"texts of {folder} are not there in de; the first: {folder}/" in one for one in found) == 1
        )
    assert sum("policy/teams.yml" in one for one in found) > 1
    assert any("nlu/es:1: es is not one of the pack's languages" in one for one in found)
    assert any("kb/es:1: the folder is not a language of the pack" in one for one in found)
    assert len(found) < 40


def test_a_pack_of_nothing_but_a_folder_is_told(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    found = [str(problem) for problem in problems(tmp_path / "data", tmp_path)]
    assert any("there is no config.yml" in one for one in found)
    assert any("there is no domain" in one for one in found)
    assert any("policy/teams.yml" in one for one in found)


@pytest.mark.parametrize(
    "file", ["config.yml", "domain.yml", "flows/mail.yml", "nlu/nl/mail.yml", "policy/hours.yml"]
)
def test_a_file_that_is_only_a_number_is_told(tmp_path: Path, file: str) -> None:
    data = pack(tmp_path)
    (data / file).write_text("5\n")
    assert any(problem.file == file for problem in problems(data, tmp_path))
