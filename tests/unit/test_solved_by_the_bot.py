"""What the bot solved counts as solved, whichever way the customer says so. On the pack itself."""

from __future__ import annotations

from functools import cache

import pytest

from bot.app.content import DEFAULT_DATA, load_pack
from bot.dialogue.effects import Returned
from bot.dialogue.pack import Pack
from tests.engine_talk import Talk


@cache
def _pack() -> Pack:
    return load_pack(DEFAULT_DATA)


def _until_it_ends(talk: Talk) -> str | None:
    while talk.ended is None:
        talk.silence()
    return talk.ended


def _changes(talk: Talk, flow: str) -> list[str]:
    return [data["change"] for data in talk.recorded("flow") if data["flow"] == flow]


def _printer() -> Talk:
    talk = Talk(_pack(), "fr")
    talk.say("Mon imprimante n'imprime plus", "printer_problem", entities={"device": "printer"})
    talk.say("celle du couloir")
    assert talk.flows == ["printer_problem"]
    return talk


@pytest.mark.parametrize("closing", ["thank", "affirm"])
def test_a_problem_that_went_away_during_the_questions_is_solved(closing: str) -> None:
    talk = _printer()
    talk.say("ça marche", "solved")
    talk.say("merci", closing)
    assert talk.tracker.outcome == "solved"
    assert _changes(talk, "printer_problem")[-1] == "completed"
    talk.say("5")
    assert _until_it_ends(talk) == "solved"


def test_a_problem_that_is_called_off_is_not_solved() -> None:
    talk = _printer()
    talk.say("laissez tomber", "cancel")
    assert _changes(talk, "printer_problem")[-1] == "cancelled"
    assert _until_it_ends(talk) == "silent"


def test_a_problem_that_stays_open_is_not_solved() -> None:
    talk = _printer()
    talk.say("ça marche", "solved")
    talk.say("non", "deny")
    assert talk.tracker.outcome == ""
    assert "printer_problem" in talk.flows


def test_what_an_agent_let_the_bot_explain_is_solved_when_it_helped() -> None:
    talk = Talk(_pack(), "nl")
    talk.actions["action_take_article"] = lambda _: {"slots": {"article_slug": "a", "article_kind": "howto"}}
    talk.receive(Returned("a"))
    talk.say("klaar", "solved")  # it was done
    talk.say("het werkt", "solved")
    assert talk.tracker.outcome == "solved"
    assert _until_it_ends(talk) == "solved"
