"""Errors, and what routine tests find, reach a page in its own language."""

from __future__ import annotations

from pathlib import Path

import pytest

import bot
import handoff
from bot.web.texts import words
from bot.web.told import TOLD, told

RAISED = " ".join(
    path.read_text("utf-8")
    for package in (bot, handoff)
    for path in Path(package.__path__[0]).rglob("*.py")
    if path.name != "told.py"
)


@pytest.mark.parametrize("sentence", TOLD)
def test_what_is_translated_is_what_is_raised(sentence: str) -> None:
    begin, *rest = sentence.split("{")
    assert f"{begin}{'{' if rest else ''}" in RAISED


@pytest.mark.parametrize("language", ["nl", "fr", "en"])
def test_each_sentence_has_its_own_text(language: str) -> None:
    t = words(language)
    for sentence, key in TOLD.items():
        assert told(t, sentence) == t(key)


def test_what_varies_comes_along() -> None:
    said = told(words("nl"), "a text may have 8000 characters; this one has 8001")
    assert said == "Een tekst mag hoogstens 8000 tekens lang zijn; deze telt er 8001."
    assert "1f" in told(words("fr"), "something went wrong here; reference 1f")


def test_what_a_routine_test_found() -> None:
    assert told(words("nl"), "valid until 2030-01-31, 400 days") == "geldig tot 2030-01-31, 400 dagen"
    assert told(words("fr"), "HTTP 200-399") == "HTTP 200-399"


def test_what_is_unknown_stays() -> None:
    assert told(words("fr"), "Un collègue l’a modifié.") == "Un collègue l’a modifié."
