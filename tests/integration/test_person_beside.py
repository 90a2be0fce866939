"""A wish for a person that stands beside something else is heard, and none is invented, on the real model."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.app.content import DEFAULT_DATA, load_pack
from bot.service.reading import Reading
from bot.service.understanding import Understander
from handoff.when import When
from nlu.loading import load
from nlu.pipeline import Query
from nlu.train import train

pytestmark = pytest.mark.slow  # hundreds of sentences are understood

FIXTURES = Path(__file__).parents[1] / "fixtures"


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("person_beside.txt", True),
        ("person_not_asked.txt", False),
        ("one_problem.txt", False),
        ("two_problems.txt", False),
    ],
)
async def test_a_person_is_called_only_where_one_is_asked_for(name: str, wanted: bool, trained: Path) -> None:
    pack = load_pack(DEFAULT_DATA)
    pipeline = load(train(DEFAULT_DATA, trained / "models", progress=False).path)
    understander = Understander(lambda: pipeline)
    reading = Reading(understander, When, lambda: 0.0)
    wrong: list[str] = []
    for line in (FIXTURES / name).read_text(encoding="utf-8").splitlines():
        language, text = line.split(" ", 1)
        whole = await understander.understand(Query(text, language))
        called = whole.intent == "talk_to_human" or await reading.wants_person(whole, [text], pack)
        if called is not wanted:
            wrong.append(text)
    understander.close()
    assert not wrong
