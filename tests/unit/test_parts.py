"""A text about two problems is taken apart, and one about one problem is not."""

from __future__ import annotations

from dataclasses import replace
from time import thread_time

from bot.dialogue import parts
from bot.model.understanding import Entity, Understanding
from tests.engine_talk import Talk, small_pack

BOTH = "mijn wifi doet raar en de printer op 3 staat stil."


def cut(text: str) -> list[str]:
    return [piece.text for piece in parts.pieces(text, small_pack(), "nl")]


def read(
    text: str, *meanings: tuple[str, float], entities: tuple[Entity, ...] = ()
) -> tuple[Understanding, ...]:
    """What comes of a text whose pieces mean this; the entities stand in the last one."""
    pieces = parts.pieces(text, small_pack(), "nl")
    found = [
        Understanding(piece.text, "nl", intent, confidence)
        for piece, (intent, confidence) in zip(pieces, meanings, strict=True)
    ]
    found[-1] = replace(found[-1], entities=entities)
    return parts.several(small_pack(), text, pieces, found)


def test_a_text_is_cut_at_stops_lines_and_conjunctions_and_short_pieces_stay_with_the_one_before():
    assert cut(BOTH) == ["mijn wifi doet raar", "de printer op 3 staat stil."]
    assert cut("de wifi is stuk. en de printer is ook stuk\nnu al drie dagen lang") == [
        "de wifi is stuk", "de printer is ook stuk", "nu al drie dagen lang",
    ]  # fmt: skip
    assert cut("mijn muis en toetsenbord doen het al dagen niet") == []
    finer = parts.pieces("de wifi is stuk, geef mij eens een mens", small_pack(), "nl", commas=True)
    assert [piece.text for piece in finer] == ["de wifi is stuk", "geef mij eens een mens"]
    assert cut("wifi stuk en printer ook") == []


def test_surely_different_problems_are_told_apart_each_with_its_words_and_entities():
    device = Entity("device", "phone", 3, 10)
    one, other = read(BOTH, ("wifi_problem", 0.95), ("printer_problem", 0.95), entities=(device,))
    assert (one.intent, one.text) == ("wifi_problem", "mijn wifi doet raar")
    assert (other.intent, other.text) == ("printer_problem", "de printer op 3 staat stil")
    assert [other.text[each.start : each.end] for each in other.entities] == ["printer"]


def test_what_may_be_one_problem_stays_one():
    assert not read(BOTH, ("wifi_problem", 0.95), ("wifi_problem", 0.95))
    assert not read(BOTH, ("wifi_problem", 0.95), ("printer_problem", 0.8))
    assert not read(BOTH, ("screen_problem", 0.95), ("printer_problem", 0.95))  # the pack says: faces of one
    assert not read(BOTH, ("wifi_problem", 0.95), ("greet", 0.95))
    assert not read(
        "mijn wifi doet raar en nu print hij niet", ("wifi_problem", 0.95), ("printer_problem", 0.95)
    )


def test_a_long_text_costs_nothing():
    began = thread_time()
    for text in ("en " * 20_000, " " * 50_000 + "en", "!" * 50_000, "a. " * 20_000):
        assert parts.pieces(text, small_pack(), "nl") == ()
    assert thread_time() - began < 0.05


def both() -> Talk:
    talk = Talk()
    wifi = talk.understood("mijn wifi doet raar", "wifi_problem")
    printer = talk.understood("de printer staat stil", "printer_problem", device=["phone"])
    said = talk.turn(replace(wifi, others=(printer,)))
    assert said == ["Ik ben een bot.", "Eerst wifi, dan printer.", "Welk toestel?"]
    return talk


def finish_wifi(talk: Talk) -> list[str]:
    talk.say("laptop")
    talk.say("3")
    return talk.say("ja", "affirm")


def test_the_second_problem_is_offered_when_the_first_is_done_with_what_was_told_about_it():
    talk = both()
    assert finish_wifi(talk) == ["En de printer staat stil?"]
    talk.say("ja", "affirm")
    assert talk.flows == ["printer_problem"]
    assert talk.tracker.slots["device"] == "phone"
    assert talk.tracker.slots["also_mentioned"] is None
    assert talk.finish() == ["Opgelost.", "Nog iets?"]


def test_a_second_problem_that_is_not_wanted_any_more_is_forgotten():
    talk = both()
    finish_wifi(talk)
    assert talk.say("nee", "deny") == ["Nog iets?"]
    assert talk.tracker.slots["other_problems"] is None


def test_a_second_problem_that_the_customer_begins_is_not_offered_again():
    talk = both()
    talk.say("de printer dan", "printer_problem")
    assert talk.tracker.slots["other_problems"] is None


def test_who_is_handed_over_has_both_on_the_ticket():
    talk = both()
    seen: dict[str, object] = {}
    talk.actions["action_human_handoff"] = lambda call: seen.update(call.tracker["slots"]) or {}
    talk.say("een mens graag", "talk_to_human")
    assert (seen["problem"], seen["also_mentioned"]) == ("wifi_problem", "de printer staat stil")
