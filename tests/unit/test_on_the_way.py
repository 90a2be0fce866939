"""While a person is being called, with the shipped scenarios: nobody's report is lost on the way."""

from __future__ import annotations

from functools import cache

import pytest

from bot.app.content import DEFAULT_DATA, load_pack
from bot.dialogue.pack import Pack
from tests.engine_talk import Talk


@cache
def pack() -> Pack:
    return load_pack(DEFAULT_DATA)


def talk(*, open_now: bool = True, phone: str | None = None) -> Talk:
    talk = Talk(pack(), "en")
    talk.actions["action_handoff_availability"] = lambda _: {"slots": {"handoff_open": open_now}}
    if phone:
        talk.tracker.slots["customer_phone"] = phone  # type: ignore[index]
    return talk


def asked(talk: Talk) -> str | None:
    return talk.tracker.slots["requested_slot"]


def handed_over(talk: Talk) -> bool:
    return talk.tracker.handed_off and talk.called.count("action_human_handoff") == 1


def closed() -> Talk:
    found = talk(open_now=False)
    found.say("I want a person", "talk_to_human")
    assert asked(found) == "closed_choice"
    return found


def test_another_problem_does_not_take_the_place_of_a_person_and_is_for_the_ticket():
    found = closed()
    found.say("there is patient data on it, with a password", "password_forgotten", 0.75)
    assert found.flows == ["pattern_human_handoff"]
    assert asked(found) == "closed_choice"
    assert found.tracker.slots["problem_details"] == "there is patient data on it, with a password"
    found.say("and my password is on it too", "password_forgotten", 0.9)
    assert handed_over(found)


def test_a_question_that_asks_nothing_in_return_is_answered():
    found = closed()
    found.say("is anybody there on a sunday?", "opening_hours", 0.97)
    assert "action_opening_hours" in found.called
    assert asked(found) == "closed_choice"


@pytest.mark.parametrize(
    "before", [None, ("thanks", "thank"), ("it works again I think", "solved"), ("bye", "goodbye")]
)
def test_silence_hands_over_whatever_lies_on_top(before: tuple[str, str] | None):
    found = closed()
    if before:
        found.say(*before)
    found.silence()
    assert handed_over(found)


def test_a_person_no_longer_wanted_is_not_called():
    found = closed()
    found.say("never mind, cancel it", "cancel")
    found.silence()
    assert "action_human_handoff" not in found.called


def test_thanks_instead_of_a_name_hand_over_at_once():
    found = talk()
    found.say("I want a person", "talk_to_human")
    assert asked(found) == "customer_contact"
    found.say("Thank you.", "thank")
    assert handed_over(found)


# ── to be called back ─────────────────────────────────────────────────────────────────────────────────────

NUMBER = "+32470123456"


def called_back(*, known: bool = True) -> Talk:
    """At "may we call you on …?", or at when that suits when the number was just given."""
    found = talk(phone=NUMBER if known else None)
    found.say("call me", "callback_request", entities=None if known else {"phone": NUMBER})
    assert asked(found) == ("use_known_phone" if known else "callback_moment")
    return found


def test_a_moment_is_a_yes():
    found = called_back()
    found.say("in the afternoon if possible", "opening_hours", 0.53)
    assert found.tracker.slots["use_known_phone"] is True
    assert found.tracker.slots["callback_moment"] == "afternoon"
    assert asked(found) == "callback_topic"


@pytest.mark.parametrize("known", [True, False])
@pytest.mark.parametrize("last", [("Thanks!", "thank"), ("bye then", "goodbye"), None])
def test_with_a_number_the_request_stands(known: bool, last: tuple[str, str] | None):
    found = called_back(known=known)
    found.say(*last) if last else found.silence()
    assert handed_over(found)
    assert NUMBER in (found.tracker.slots["callback_phone"], found.tracker.slots["customer_phone"])


def test_an_answer_that_is_not_understood_does_not_lose_the_request():
    found = called_back()
    found.say("qsdf")
    assert asked(found) == "use_known_phone"
    found.say("qsdf qsdf")
    assert handed_over(found)


def test_a_security_report_that_is_left_at_its_read_back_reaches_the_team():
    found = talk(open_now=False)
    found.say("I left my laptop on the train", "device_lost_stolen", entities={"device": "laptop"})
    assert asked(found) == "problem_confirmed"
    found.say("there is patient data on it, with a password", "password_forgotten", 0.75)
    assert asked(found) == "problem_confirmed"
    for _ in range(3):
        found.silence()
    assert handed_over(found)
