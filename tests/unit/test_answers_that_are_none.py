"""What falls into an open question of the shipped scenarios and is no answer to it."""

from __future__ import annotations

from functools import cache

from bot.app.content import DEFAULT_DATA, load_pack
from bot.dialogue.pack import Pack
from tests.engine_talk import Talk


@cache
def pack() -> Pack:
    return load_pack(DEFAULT_DATA)


def asked(talk: Talk) -> str | None:
    return talk.tracker.slots["requested_slot"]


def read_back() -> Talk:
    """At "is that right?"."""
    talk = Talk(pack(), "en")
    talk.say("it crashes", "software_problem")
    talk.say("excel")
    for _ in range(5):
        if asked(talk) == "problem_confirmed":
            return talk
        talk.say("I don't know", "dont_know")
    raise AssertionError(asked(talk))


def test_a_refusal_with_a_reason_keeps_the_problem_and_its_facts():
    talk = read_back()
    talk.say("not doing that sorry, cant reinstall office in the middle of the day", "software_install", 0.73)
    assert "software_problem" in talk.flows
    assert "software_install" not in talk.flows
    assert talk.tracker.slots["software_name"] == "excel"


def test_no_and_surely_another_problem_is_the_other_problem():
    talk = read_back()
    talk.say("no, I need office to be installed on this thing", "software_install", 0.9)
    assert "software_problem" not in talk.flows
    assert "software_install" in talk.flows


def test_solved_at_the_read_back_is_no_yes():
    talk = read_back()
    talk.say("yes that helped", "solved", 0.97)
    assert asked(talk) == "close_problem"


def test_a_question_is_answered_and_is_no_answer():
    talk = Talk(pack(), "en")
    talk.say("a new colleague needs an account", "onboarding_account")
    while asked(talk) != "start_date":
        talk.say("Ann")
    talk.say("by the way: are you open on friday?", "opening_hours", 0.97)
    assert talk.rule == "asked_back"
    assert talk.tracker.slots["start_date"] is None
    assert asked(talk) == "start_date"


def test_a_choice_that_is_named_in_a_question_is_not_made():
    talk = Talk(pack(), "en")
    talk.say("the site does not open", "website_unreachable")
    for _ in range(5):
        if asked(talk) == "scope":
            break
        talk.say("I don't know", "dont_know")
    assert asked(talk) == "scope"
    talk.say("is it down for everyone?", "outage_question", 0.99, entities={"scope": "everyone"})
    assert talk.rule == "asked_back"
    assert talk.tracker.slots["scope"] is None


def test_not_knowing_a_text_is_no_text():
    talk = Talk(pack(), "en")
    talk.say("a new colleague needs an account", "onboarding_account")
    slot = asked(talk)
    assert slot
    talk.say("I do not know that any more, is it not with you somewhere?", "dont_know", 0.71)
    assert talk.tracker.slots[slot] is None
    assert talk.rule == "valid_answer"
