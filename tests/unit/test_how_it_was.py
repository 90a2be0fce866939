"""The question how somebody was helped, and the one before a person comes: both may be left."""

from __future__ import annotations

from bot.app.content import read_files
from bot.dialogue import check
from bot.dialogue.effects import Resolved
from tests.engine_talk import SMALL, Talk

STARS, REMARK = "Hoeveel sterren?", "Nog iets daarover?"


def resolved() -> Talk:
    talk = Talk()
    assert talk.receive(Resolved()) == [STARS]
    return talk


def test_after_a_person_alone_helped_nobody_is_greeted():
    assert resolved().say("2") == [REMARK]


def test_a_score_may_be_given_in_figures_words_and_signs():
    for said, stars in {
        "⭐⭐": "2", "⭐⭐⭐": "3", "⭐ ⭐": "1", "2 op 3": "2", "2/3": None, "heel slecht": "1", "1": "1",
    }.items():  # fmt: skip
        talk = resolved()
        talk.say(said)
        assert talk.tracker.slots["stars"] == stars, said


def test_thanks_and_what_is_not_understood_keep_the_question_once():
    talk = resolved()
    assert talk.say("bedankt", "thank") == ["Graag gedaan.", STARS]
    assert talk.say("qsdf") == [REMARK]
    assert (talk.tracker.failures, talk.called) == (0, [])


def test_a_no_and_a_cancel_end_the_question():
    assert resolved().say("nee", "deny") == [REMARK]
    assert resolved().say("laat maar", "cancel") == [REMARK]


def test_words_instead_of_a_score_are_kept():
    talk = resolved()
    assert talk.say("de man was heel vriendelijk") == [STARS]
    assert talk.say("2") == ["Dank u."]
    assert talk.tracker.stack == ()
    remarks = [event for event in talk.events if event.type == "slot" and event.data["name"] == "remark"]
    assert remarks[0].content == {"value": "de man was heel vriendelijk"}


def test_a_problem_with_a_figure_in_it_is_no_score():
    talk = resolved()
    assert talk.say("de printer op verdieping 2 werkt niet", "printer_problem") == ["Welk toestel?"]
    assert talk.tracker.slots["stars"] is None


ASKS_FIRST = """
  pattern_human_handoff:
    description: A person, after a question that may be left.
    steps: [{collect: remark, force_slot_filling: true}, {action: action_human_handoff}, {action: utter_person}]
"""


def on_the_way() -> Talk:
    files = read_files(SMALL, "config.yml", "domain.yml", "flows/*.yml")
    lines = files["flows/patterns.yml"].splitlines(keepends=True)
    rest = "".join(line for line in lines if "  pattern_human_handoff:" not in line)
    talk = Talk(check.load({**files, "flows/patterns.yml": rest + ASKS_FIRST}))
    assert talk.say("een mens", "talk_to_human") == ["Ik ben een bot.", REMARK]
    return talk


def test_a_person_comes_although_nothing_is_answered():
    for leave in (
        lambda talk: talk.say("nee", "deny"),
        lambda talk: talk.say("liever niet hoor"),
        lambda talk: talk.say("een mens!", "talk_to_human"),
        lambda talk: talk.silence(),
    ):
        talk = on_the_way()
        assert leave(talk) == ["Ik haal iemand: 1001."]
        assert talk.tracker.slots["remark"] is None


def test_any_words_will_do_and_a_person_comes():
    assert on_the_way().say("mijn printer is stuk", "printer_problem") == ["Ik haal iemand: 1001."]
