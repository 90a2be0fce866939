"""Reading nlu.yml: all its forms, and every mistake with its file and line."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.model.errors import ContentError
from nlu.formats import load_nlu

LANGUAGES = ("nl", "fr", "en")


def pack(folder: Path, text: str, name: str = "nlu/nl/a.yml") -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return folder


def problems(folder: Path) -> list[tuple[str, int, str]]:
    with pytest.raises(ContentError) as caught:
        load_nlu(folder, LANGUAGES)
    return [(problem.file, problem.line, problem.what) for problem in caught.value.problems]


def test_every_form_is_read(tmp_path: Path) -> None:
    pack(
        tmp_path,
        """version: "3.1"
nlu:
  - intent: deny
    metadata: {sure: true}
    examples: |
      - no
      - nee, [Outlook](application)
  - intent: faq/hours
    examples:
      - text: |
          wanneer open
        metadata: {source: desk, n: 3}
      - zijn jullie open
  - synonym: outlook
    examples: |
      - mijn mail
  - lookup: application
    examples: |
      - word
      - yes
  - regex: badge
    examples: |
      - B-\\d{4}
""",
    )
    data = load_nlu(tmp_path, LANGUAGES)
    assert [(one.text, one.intent, one.line) for one in data.examples] == [
        ("no", "deny", 6),
        ("nee, Outlook", "deny", 7),
        ("wanneer open", "faq/hours", 10),
        ("zijn jullie open", "faq/hours", 13),
    ]
    assert data.examples[0].metadata == {"sure": True}
    assert data.examples[2].metadata == {"source": "desk", "n": 3}
    assert data.examples[1].entities[0].entity == "application"
    words = data.vocabularies["nl"]
    assert words.synonyms == {"outlook": ["mijn mail"]}
    assert words.lookups == {"application": ["word", "yes"]}
    assert words.regexes == {"badge": [r"B-\d{4}"]}


def test_files_and_folders_belong_to_languages(tmp_path: Path) -> None:
    text = "nlu:\n  - intent: {0}\n    examples: |\n      - {0} een\n      - {0} twee\n"
    pack(tmp_path, text.format("a"), "nlu.yml")
    pack(tmp_path, text.format("b"), "nlu/b.yml")
    pack(tmp_path, text.format("c"), "nlu/fr/deep/er/c.yaml")
    data = load_nlu(tmp_path, LANGUAGES)
    assert {one.intent: one.language for one in data.examples} == {"a": "nl", "b": "nl", "c": "fr"}


def test_several_files_add_up(tmp_path: Path) -> None:
    pack(tmp_path, "nlu:\n  - intent: a\n    examples: |\n      - een\n")
    pack(tmp_path, "nlu:\n  - intent: a\n    examples: |\n      - twee\n", "nlu/nl/b.yml")
    assert len(load_nlu(tmp_path, LANGUAGES).examples) == 2


def test_out_of_scope_is_the_fallback(tmp_path: Path) -> None:
    pack(tmp_path, "nlu:\n  - intent: out_of_scope\n    examples: |\n      - pizza\n      - weer\n")
    assert load_nlu(tmp_path, LANGUAGES).intents() == ("nlu_fallback",)


@pytest.mark.parametrize(
    ("text", "line", "part"),
    [
        ("nlu:\n  - intent: a\n    examples: |\n      - een\n      twee\n", 5, "does not begin with"),
        ("nlu:\n  - intent: a\n    examples: |\n      - een\n      - [x](y\n", 5, "not closed"),
        ("nlu:\n  - intent: a\n    examples: |\n      - een\n      - [x]{y}\n", 5, "not JSON"),
        ("nlu:\n  - intent: a\n    exampels: |\n      - een\n", 3, "unknown key"),
        ("nlu:\n  - intent: a\n", 2, "no examples"),
        ("nlu:\n  - intent: a\n    regex: b\n", 2, "exactly one"),
        ("nlu:\n  - examples: |\n      - een\n", 2, "exactly one"),
        ("nlu:\n  - intent: [a]\n    examples: |\n      - een\n", 2, "no usable name"),
        ("nlu:\n  - intent: a\n    examples:\n      - metadata: x\n", 4, "no text"),
        ("nlu:\n  - regex: a\n    examples: |\n      - (a+)+$\n", 4, "repeats a repetition"),
        ("nlu:\n  - regex: a\n    examples: |\n      - '(a'\n", 4, "not a regular expression"),
        ("nlu:\n  - regex: a\n    examples: |\n      - a*\n", 4, "matches nothing"),
        ("nlu: een\n", 1, "must be a list"),
        ("intents: []\n", 1, "unknown key"),
        ("- a\n", 1, "key: value"),
        ("", 1, "empty"),
        ("nlu:\n  - intent: a\n   examples: |\n", 3, "not YAML"),
        ("nlu:\n  - intent: a\n    examples: |\n      - een\n", 4, "single example"),
    ],
)
def test_a_mistake_is_told_with_its_line(tmp_path: Path, text: str, line: int, part: str) -> None:
    found = problems(pack(tmp_path, text))
    assert any(file == "nlu/nl/a.yml" and at == line and part in what for file, at, what in found), found


def test_all_mistakes_are_told_at_once(tmp_path: Path) -> None:
    pack(tmp_path, "nlu:\n  - intent: a\n    examples: |\n      twee\n")
    pack(tmp_path, "nlu:\n  - intent: b\n", "nlu/fr/b.yml")
    pack(tmp_path, "nlu: []\n", "nlu/de/c.yml")
    assert {file for file, _, _ in problems(tmp_path)} == {"nlu/nl/a.yml", "nlu/fr/b.yml", "nlu/de"}


def test_the_same_sentence_under_two_intents_is_a_mistake(tmp_path: Path) -> None:
    first = "nlu:\n  - intent: a\n    examples: |\n      - Wifi  stuk\n      - een\n"
    both = first + "  - intent: b\n    examples: |\n      - wifi stuk\n      - twee\n"
    assert [
        (line, "also stands under a (nlu/nl/a.yml:4)" in what)
        for _, line, what in problems(pack(tmp_path, both))
    ] == [(8, True)]


def test_the_same_sentence_twice_is_a_warning(tmp_path: Path) -> None:
    pack(tmp_path, "nlu:\n  - intent: a\n    examples: |\n      - wifi stuk\n      - Wifi stuk\n")
    assert [problem.line for problem in load_nlu(tmp_path, LANGUAGES).warnings] == [5]


def test_no_files_and_no_utf8(tmp_path: Path) -> None:
    assert problems(tmp_path)[0][2] == "there are no training files"
    path = tmp_path / "nlu" / "nl" / "a.yml"
    path.parent.mkdir(parents=True)
    path.write_bytes(b"nlu:\n  - intent: caf\xe9\n")
    assert problems(tmp_path) == [("nlu/nl/a.yml", 2, "this is not UTF-8 text")]
