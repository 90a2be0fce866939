"""Articles are suggested, worked through and searched."""

from __future__ import annotations

from typing import Any, cast

import pytest

from bot.dialogue.pack import Pack
from bot.dialogue.render import render
from bot.dialogue.tracker import Tracker
from bot.knowledge.search import KnowledgeIndex
from bot.model.actions import ActionCall
from bot.store.database import Database
from handoff.config import Policy
from tests.integration.actions.desk import Desk


@pytest.mark.parametrize(
    ("problem", "language", "slug"),
    [
        ("wifi_problem", "nl", "connect-to-wifi"),
        ("password_forgotten", "fr", "reset-password"),
        ("printer_problem", "en", "printer-does-not-print"),
        ("vpn_problem", "fr", "connect-to-vpn"),
    ],
)
async def test_the_article_of_a_problem_is_suggested(
    shelf: Desk, problem: str, language: str, slug: str
) -> None:
    await shelf.run("action_suggest_article", problem=problem, language=language)
    assert shelf.slots["article_slug"] == slug
    assert shelf.slots["article_url"] == f"https://help.example.org/help/{language}/{slug}"
    assert shelf.slots["article_step"] == 1.0
    assert shelf.slots["article_steps"] >= 3.0
    assert shelf.slots["suggestions"] == [{"article": slug, "outcome": "shown"}]


@pytest.mark.parametrize(
    ("channel", "address"), [("rest", None), ("terminal", None), ("web", "/help/nl/connect-to-vpn")]
)
async def test_without_a_public_address_only_the_widget_gets_links(
    pack: Pack, policy: Policy, index: KnowledgeIndex, channel: str, address: str | None
) -> None:
    shelf = Desk(pack, policy, index, cast(Database, None), public_url=None, channel=channel)
    found = await shelf.run("action_search_knowledge", said="waar vind ik de handleiding van de VPN?")
    assert shelf.slots["article_url"] == address
    first = str(found.responses[0]["hits"]).splitlines()[0]
    assert first == f"- {shelf.slots['article_title']}" + (f": {address}" if address else "")
    step = (await shelf.run("action_ask_step_outcome")).responses[0]
    assert step["custom"]["url"] == address


@pytest.mark.parametrize("response", ["utter_article_introduced", "utter_article_advice"])
@pytest.mark.parametrize("language", ["nl", "fr", "en"])
@pytest.mark.parametrize("kind", ["fix", "howto"])
def test_an_article_without_an_address_is_named_and_nothing_more(
    pack: Pack, response: str, language: str, kind: str
) -> None:
    slots = {"article_title": "VPN", "article_summary": "Kort.", "article_minutes": 5.0, "article_kind": kind}
    for url in (None, "https://help.example.org/help/nl/vpn"):
        tracker = Tracker("c", language=language, slots={**slots, "article_url": url})
        said = render(pack, tracker, response)
        assert said is not None
        assert "VPN" in said.text
        assert (url or "http") in said.text if url else "None" not in said.text
        assert not said.text.endswith(":")


@pytest.mark.parametrize("skill", ["advanced", "basic", None])
async def test_who_knows_computers_gets_the_advanced_part_and_no_reasons(
    shelf: Desk, pack: Pack, skill: str | None
) -> None:
    await shelf.run("action_suggest_article", problem="wifi_problem", language="nl", skill=skill)
    advanced = shelf.slots["article_advanced"]
    said = render(pack, Tracker("c", language="nl", slots=dict(shelf.slots)), "utter_article_introduced")
    step = (await shelf.run("action_ask_step_outcome")).responses[0]
    assert said is not None
    assert "None" not in said.text
    if skill == "advanced":
        assert said.text.endswith(f":\n{advanced}")
        assert said.text.splitlines()[1].endswith(str(shelf.slots["article_url"])), (
            "each on a line of its own"
        )
        assert "why" not in step
        assert step["custom"]["step"]["why"] == ""
    else:
        assert advanced is None
        assert step["why"] == step["custom"]["step"]["why"] != ""
    assert ("Geen zorgen" in said.text) == (skill == "basic")


async def test_facts_of_the_problem_choose_among_its_articles(shelf: Desk) -> None:
    await shelf.run(
        "action_suggest_article",
        problem="printer_problem",
        device="scanner",
        problem_details="scannen lukt niet",
    )
    assert shelf.slots["article_slug"] == "scanner-does-not-scan"


async def test_an_article_is_worked_through_step_by_step(shelf: Desk) -> None:
    await shelf.run("action_suggest_article", problem="wifi_problem")
    asked = await shelf.run("action_ask_step_outcome")
    said = asked.responses[0]
    assert said["response"] == "utter_article_step"
    assert said["number"] == 1
    assert said["custom"]["step"] == {
        "number": 1,
        "of": int(shelf.slots["article_steps"]),
        "what": said["title"],
        "text": said["text"],
        "why": said["why"],
        "expected": said["result"],
        "minutes": said["minutes"],
    }
    assert said["custom"]["article"] == "connect-to-wifi"
    await shelf.run("action_next_article_step", step_outcome="next")
    assert shelf.slots["article_step"] == 2.0
    assert shelf.slots["step_outcome"] is None
    assert shelf.slots["steps_tried"] == [
        {"title": said["title"], "outcome": "not_solved", "article": "connect-to-wifi"}
    ]
    second = (await shelf.run("action_ask_step_outcome", language="fr")).responses[0]
    assert second["number"] == 2
    assert second["custom"]["url"].endswith("/help/fr/connect-to-wifi")
    await shelf.run("action_close_article", step_outcome="solved")
    assert shelf.slots["suggestions"] == [{"article": "connect-to-wifi", "outcome": "solved"}]
    assert shelf.slots["steps_tried"][-1]["outcome"] == "solved"


async def test_no_article_twice_and_none_when_nothing_fits(shelf: Desk) -> None:
    seen: list[str] = []
    for _ in range(60):
        await shelf.run(
            "action_suggest_article", problem="wifi_problem", problem_summary="u problemen hebt met de wifi"
        )
        if shelf.slots["article_slug"] is None:
            break
        seen.append(shelf.slots["article_slug"])
        await shelf.run("action_close_article", step_outcome="skip")
    assert shelf.slots["article_slug"] is None
    assert len(seen) == len(set(seen)) >= 1
    assert {item["outcome"] for item in shelf.slots["suggestions"]} == {"skipped"}


async def test_an_article_that_is_gone_is_an_error_of_the_action(shelf: Desk) -> None:
    tracker = {"sender_id": "c", "slots": {"language": "nl", "article_slug": "gone"}, "latest_message": {}}
    result = await shelf.runner.run(ActionCall("action_ask_step_outcome", "k", tracker))
    assert not result.ok
    assert "no article 'gone'" in result.error


@pytest.mark.parametrize("junk", [None, "x", 3, [1, None, {"a": 1}], {}])
async def test_odd_slots_break_no_action(shelf: Desk, junk: Any) -> None:
    shelf.slots |= dict.fromkeys(
        ("suggestions", "steps_tried", "check_results", "scope", "urgency", "handoff_reason"), junk
    )
    for name in ("action_suggest_article", "action_close_article", "action_run_checks"):
        await shelf.run(name, problem="wifi_problem")


async def test_the_knowledge_base_is_searched(shelf: Desk) -> None:
    found = await shelf.run("action_search_knowledge", said="waar vind ik de handleiding van de VPN?")
    assert shelf.slots["knowledge_found"] is True
    assert shelf.slots["article_slug"] == "connect-to-vpn"
    said = found.responses[0]
    assert said["hits"].startswith("- ")
    assert "https://help.example.org/help/nl/connect-to-vpn" in said["hits"]
    nothing = await shelf.run("action_search_knowledge", knowledge_query="pizza margherita")
    assert shelf.slots["knowledge_found"] is False
    assert shelf.slots["article_slug"] is None
    assert nothing.responses == ()
