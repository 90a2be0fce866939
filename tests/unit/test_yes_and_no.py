"""Where a yes or a no is an answer, and where it is not, on a small pack."""

from __future__ import annotations

from bot.model.understanding import Entity, Understanding
from tests.engine_talk import Talk, at_read_back


def test_a_bare_yes_or_no_is_no_text():
    talk = at_read_back()
    talk.say("nee", "deny")
    assert talk.tracker.slots["requested_slot"] == "details"
    talk.say("ja", "affirm")
    assert talk.rule == "bare_yes_or_no"
    assert talk.tracker.slots["details"] is None
    assert talk.tracker.slots["requested_slot"] == "details"
    talk.say("nee", "deny")
    assert talk.rule == "bare_yes_or_no"
    assert talk.tracker.slots["details"] is None
    talk = at_read_back()
    talk.say("nee", "deny")
    talk.say("nee, op de vijfde verdieping", "deny")
    assert talk.rule == "whole_text"


def test_an_address_or_an_uncertain_yes_is_no_yes():
    address = Understanding(
        "jan@voorbeeld.be", "nl", "affirm", 0.9, entities=(Entity("email", "jan@voorbeeld.be", 0, 16),)
    )
    for understanding in (address, Talk().understood("klootzakken", "affirm", 0.48)):
        talk = at_read_back()
        talk.turn(understanding)
        assert talk.tracker.slots["confirmed"] is None


def test_a_sure_yes_and_the_word_itself_are_a_yes():
    for text, confidence in (("helemaal", 0.9), ("ja", 0.3)):
        talk = at_read_back()
        talk.say(text, "affirm", confidence)
        assert talk.called == ["action_look"]
