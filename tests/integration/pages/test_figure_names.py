"""What counted things are called, in the shipped pack: people read names, not ids."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from bot.app.content import DEFAULT_DATA, load_pack
from bot.dialogue.pack import Pack
from bot.model.understanding import NLU_FALLBACK
from bot.web.texts import words
from handoff.review.names import Names
from tests.fixtures_pages import Visited, visited

__all__ = ["visited"]

LANGUAGES = ("nl", "fr", "en")


@pytest.fixture(scope="module")
def shipped() -> Pack:
    return load_pack(DEFAULT_DATA)


def named(visited: Visited, pack: Pack, language: str) -> Names:
    more: Any = {"pack": lambda: pack}
    return Names(replace(visited.site, **more), language, words(language))


@pytest.mark.parametrize("language", LANGUAGES)
async def test_every_step_that_asks_has_a_name(visited: Visited, shipped: Pack, language: str) -> None:
    names = named(visited, shipped, language)
    for flow in names.flows:
        assert "_" not in names.flow(flow), flow
        asking = [step for step in shipped.flows[flow].steps if names.shown(flow, step)]
        assert asking, f"nobody is asked anything in {flow}"
        for step in asking:
            name = names.step(flow, step)
            assert "_" not in name, f"{flow}: {step} is called {name}"
            assert name[:1].isupper()


async def test_problems_are_subjects_and_answers_are_not(visited: Visited, shipped: Pack) -> None:
    names = named(visited, shipped, "nl")
    for intent in ("wifi_problem", "ticket_status", "talk_to_human", NLU_FALLBACK, "renamed_since"):
        assert names.is_subject(intent), intent
    for intent in ("affirm", "deny", "next_step", "dont_know", "solved", "not_solved", "thank", "greet"):
        assert not names.is_subject(intent), intent


async def test_what_is_gone_keeps_its_id(visited: Visited, shipped: Pack) -> None:
    names = named(visited, shipped, "nl")
    assert names.flow("gone_flow") == "Gone flow"
    assert names.step("gone_flow", "0_ask") == "0_ask"
    assert names.step("wifi_problem", "gone") == "gone"
    assert names.article("gone-article") == "gone-article"
    assert names.channel("pigeon_post") == "pigeon post"
    assert names.shown("gone_flow", "0_ask"), "what cannot be known is not hidden"
