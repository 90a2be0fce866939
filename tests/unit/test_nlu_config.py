"""config.yml: languages and components, with defaults and clear mistakes."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.model.errors import ContentError
from nlu.config import COMPONENTS, EXTRAS, load_config


def write(folder: Path, text: str) -> Path:
    (folder / "config.yml").write_text(text, encoding="utf-8")
    return folder


def test_languages_and_defaults(tmp_path: Path) -> None:
    config = load_config(write(tmp_path, "language: nl\nadditional_languages: [fr, en]\n"))
    assert config.languages == ("nl", "fr", "en")
    assert config.language == "nl"
    assert set(config.components) == set(COMPONENTS) - set(EXTRAS)


def test_what_needs_an_extra_is_there_where_it_is_named(tmp_path: Path) -> None:
    text = "language: nl\npipeline:\n  - name: AccurateEncoderFeaturizer\n    max_characters: 200\n"
    config = load_config(write(tmp_path, text))
    assert config.option("AccurateEncoderFeaturizer", "max_characters") == 200
    assert config.option("AccurateEncoderFeaturizer", "intent_names") is True


def test_no_is_a_language(tmp_path: Path) -> None:
    assert load_config(write(tmp_path, "language: no\n")).languages == ("no",)


def test_options_overrule_defaults(tmp_path: Path) -> None:
    text = "language: nl\npipeline:\n  - name: FallbackClassifier\n    threshold: 0.4\n"
    config = load_config(write(tmp_path, text))
    assert config.option("FallbackClassifier", "threshold") == 0.4
    assert (
        config.option("FallbackClassifier", "max_refused") == COMPONENTS["FallbackClassifier"]["max_refused"]
    )
    assert not config.has("SentenceEncoderFeaturizer")


@pytest.mark.parametrize(
    ("text", "line", "part"),
    [
        ("additional_languages: [fr]\n", 1, "`language` is missing"),
        ("language: dutch\n", 1, "not a language code"),
        ("language: nl\nadditional_languages: [nl]\n", 2, "named twice"),
        ("language: nl\npipelines: []\n", 2, "unknown key"),
        ("language: nl\npipeline:\n  - name: DIETClassifier\n", 3, "unknown component"),
        ("language: nl\npipeline:\n  - name: FallbackClassifier\n    treshold: 1\n", 4, "no option treshold"),
        (
            "language: nl\npipeline:\n  - name: FallbackClassifier\n    threshold: high\n",
            4,
            "cannot be 'high'",
        ),
        (
            "language: nl\npipeline:\n  - name: LanguageIdentifier\n    loan_words: {nl: password}\n",
            4,
            "loan_words cannot be {'nl': 'password'}",
        ),
        ("language: nl\npipeline: x\n", 2, "must be a list"),
        ("language: [\n", 2, "not YAML"),
        ("", 1, "`language` is missing"),
    ],
)
def test_a_mistake_is_told_with_its_line(tmp_path: Path, text: str, line: int, part: str) -> None:
    with pytest.raises(ContentError) as caught:
        load_config(write(tmp_path, text))
    assert any(one.line == line and part in one.what for one in caught.value.problems), caught.value


def test_a_pack_without_config_is_told(tmp_path: Path) -> None:
    with pytest.raises(ContentError, match=r"there is no config\.yml"):
        load_config(tmp_path)
