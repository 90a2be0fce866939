"""Sentences of one problem with an "and" in them stay whole, those of two are told apart, on the real model."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.app.content import DEFAULT_DATA, load_pack
from bot.dialogue import parts
from nlu.loading import load
from nlu.pipeline import Query
from nlu.train import train

pytestmark = pytest.mark.slow  # hundreds of sentences are understood

FIXTURES = Path(__file__).parents[1] / "fixtures"


def _taken_apart(name: str, models: Path) -> list[tuple[str, bool]]:
    """Each sentence of a file, and whether it is read as several problems."""
    pack = load_pack(DEFAULT_DATA)
    pipeline = load(train(DEFAULT_DATA, models, progress=False).path)
    found: list[tuple[str, bool]] = []
    for line in (FIXTURES / name).read_text(encoding="utf-8").splitlines():
        language, text = line.split(" ", 1)
        pieces = parts.pieces(text, pack, language)
        read = pipeline.parse_batch([Query(piece.text, language) for piece in pieces]) if pieces else []
        found.append((text, bool(parts.several(pack, text, pieces, read))))
    return found


@pytest.mark.parametrize(("name", "apart"), [("one_problem.txt", False), ("two_problems.txt", True)])
def test_an_and_makes_two_problems_only_where_there_are_two(name: str, apart: bool, trained: Path) -> None:
    wrong = [text for text, taken in _taken_apart(name, trained / "models") if taken is not apart]
    assert not wrong
