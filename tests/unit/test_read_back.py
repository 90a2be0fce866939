"""What is read back, and how it is set right, on the small pack."""

from __future__ import annotations

from dataclasses import replace

from tests.engine_talk import WIFI_QUESTION, Talk, at_read_back


def test_the_problem_is_read_back_and_a_slot_corrected():
    talk = at_read_back()
    said = talk.say("nee, het is mijn laptop", "deny", entities={"device": "laptop"})
    assert said == ["Aangepast.", WIFI_QUESTION.replace("gsm", "laptop")]
    assert talk.rule == "correction"


def test_not_this_but_that_is_a_correction():
    talk = at_read_back()
    understanding = talk.understood("nee, niet mijn gsm maar mijn laptop", "deny", device=["phone", "laptop"])
    assert talk.turn(understanding)[0] == "Aangepast."
    assert talk.tracker.slots["device"] == "laptop"


def test_the_intent_is_corrected_at_the_read_back():
    talk = at_read_back()
    said = talk.say("nee, het is mijn printer", "printer_problem")
    assert said == ["Welk toestel?"]
    assert talk.flows == ["printer_problem"]
    assert {"flow": "wifi_problem", "change": "cancelled"} in talk.recorded("flow")


def test_a_plain_no_asks_what_is_different():
    talk = at_read_back()
    assert talk.say("nee", "deny") == ["Vertel eens."]
    talk.say("het is eigenlijk overal zo", "greet", 0.6)
    assert talk.rule == "whole_text"


def at_screen_read_back() -> Talk:
    talk = Talk()
    talk.say("mijn scherm is stuk", "screen_problem", entities={"device": "laptop"})
    assert talk.say("lokaal 3")[0].startswith("Ik begrijp dat uw scherm stuk is")
    return talk


def test_a_value_named_in_words_is_set_right_at_the_read_back_though_it_resembles_another_problem():
    talk = at_screen_read_back()
    said = talk.say("nee, het is mijn gsm", "printer_problem")
    assert said[0] == "Aangepast."
    assert "toestel: gsm" in said[1]
    talk = at_screen_read_back()
    talk.say("nee, de printer is stuk bij mijn gsm", "printer_problem")
    assert talk.flows == ["printer_problem"]


def test_new_words_at_the_read_back_are_asked_about_and_put_where_they_belong():
    for choice in ("Welk lokaal", "1", "het lokaal"):
        talk = at_screen_read_back()
        assert talk.say("nee, het is op de gang", "deny") == ["op de gang: wat is dat?"]
        assert talk.titles == ["Welk lokaal", "Iets anders"]
        said = talk.say(choice)
        assert said[0] == "Aangepast."
        assert "welk lokaal: op de gang" in said[1]
        assert talk.tracker.slots["details"] is None


def test_new_words_that_are_nothing_of_what_was_read_back_are_kept_as_they_are():
    talk = at_screen_read_back()
    talk.say("nee, op de gang", "deny")
    assert "in uw woorden: op de gang" in talk.say("iets anders")[0]
    talk = at_screen_read_back()
    talk.tracker = replace(talk.tracker, slots={**talk.tracker.slots, "room": None})
    said = talk.say("nee, al dagen kapot", "deny", entities={"date": "2026-11-22"})
    assert "sinds: zondag 22 november 2026" in said[0]
    talk = at_read_back()
    assert "in uw woorden: er is veel meer stuk" in talk.say("nee, er is veel meer stuk", "deny")[0]


def test_what_was_said_by_the_way_is_read_back_anew_when_it_is_set_right():
    talk = Talk()
    talk.say("scherm stuk in lokaal 3", "screen_problem", entities={"device": "laptop"})
    talk.say("lokaal 3")
    said = talk.say("nee, mijn gsm", "deny", entities={"device": "phone"})
    assert "toestel: gsm" in said[1]
