"""What the scenario engine promises a customer, on a small pack of its own."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.dialogue.effects import Returned, Schedule, Shown
from bot.model.understanding import NLU_FALLBACK, Entity, Understanding
from tests.engine_talk import Talk, at_read_back, small_pack


def test_a_first_message_is_greeted_and_answered_in_one_turn():
    talk = Talk()
    assert talk.say("wifi stuk", "wifi_problem") == ["Ik ben een bot.", "Welk toestel?"]
    assert talk.titles == ["laptop", "gsm"]
    assert talk.tracker.slots["requested_slot"] == "device"


def test_what_was_said_already_is_not_asked_again():
    talk = Talk()
    said = talk.say("wifi op mijn gsm", "wifi_problem", entities={"device": "phone"})
    assert said == ["Ik ben een bot.", "Welke verdieping?"]


def test_a_button_its_title_and_its_number_are_the_same_answer():
    for answer in (
        {"payload": "/SetSlots(device=phone)"},
        {"text": "GSM!"},
        {"text": "2"},
        {"text": "optie 2"},
    ):
        talk = Talk()
        talk.say("wifi", "wifi_problem")
        talk.say(**answer)
        assert talk.tracker.slots["device"] == "phone"
        assert talk.rule == "offered_reply"


def test_a_payload_that_was_not_offered_is_only_text():
    talk = Talk()
    talk.say("wifi", "wifi_problem")
    talk.say(payload="/SetSlots(ticket_number=1)")
    assert talk.tracker.slots["ticket_number"] is None
    talk = Talk()
    talk.say("/printer_problem")
    assert talk.flows == []


def test_a_rejected_answer_is_asked_again_and_a_person_comes_after_three():
    talk = Talk()
    talk.say("wifi", "wifi_problem", entities={"device": "phone"})
    assert talk.say("12") == ["Zo hoog gaat het niet.", "Welke verdieping?"]
    talk.say("15")
    assert talk.say("19") == ["Ik haal iemand: 1001."]


def test_an_optional_question_may_be_left_open():
    talk = Talk()
    talk.say("wifi", "wifi_problem", entities={"device": "phone"})
    assert talk.say("geen idee", "dont_know")[0].startswith("Ik begrijp dat")
    talk = Talk()
    talk.say("wifi", "wifi_problem")
    assert talk.say("geen idee", "dont_know") == ["Dat heb ik nodig.", "Welk toestel?"]


def test_an_interrupting_question_is_answered_and_the_flow_resumed():
    talk = Talk()
    talk.say("wifi", "wifi_problem")
    assert talk.say("hallo daar", "greet") == ["Dag.", "Welk toestel?"]
    talk.say("klacht", "complaint")
    talk.say("a@b.be", entities={"email": "a@b.be"})
    assert talk.say("2") == ["Terug naar wifi.", "Welk toestel?"]
    assert talk.tracker.slots["email"] == "a@b.be", "it is a persisted slot"
    assert talk.tracker.slots["score"] is None, "it is reset with its flow"
    assert talk.recorded("satisfaction") == [{"score": 2}]


def test_a_goodbye_leaves_the_question_open_and_does_not_put_it_again():
    talk = Talk()
    talk.say("wifi", "wifi_problem")
    assert talk.say("tot straks", "goodbye") == ["Tot straks."]
    assert talk.tracker.slots["requested_slot"] == "device"
    talk.say("2")
    assert talk.tracker.slots["device"] == "phone"


def test_a_goodbye_is_no_answer_where_any_words_would_be_one():
    talk = Talk()
    talk.say("scherm stuk", "screen_problem", entities={"device": "laptop"})
    assert talk.say("tot straks", "goodbye") == ["Tot straks."]
    assert talk.tracker.slots["room"] is None
    talk.say("lokaal 3")
    assert talk.tracker.slots["room"] == "lokaal 3"


def test_an_interrupted_flow_finds_its_slots_as_it_left_them():
    talk = Talk()
    talk.say("wifi", "wifi_problem", entities={"device": "phone"})
    talk.say("mijn printer ook", "printer_problem")
    assert (talk.tracker.slots["problem"], talk.tracker.slots["device"]) == ("printer_problem", "phone")
    assert talk.finish() == ["Opgelost.", "Terug naar wifi.", "Welke verdieping?"]
    assert (talk.tracker.slots["problem"], talk.tracker.slots["device"]) == ("wifi_problem", "phone")


def test_yes_takes_the_only_meaning_that_was_offered():
    talk = Talk()
    talk.say("internet op mijn gsm", ranking={"wifi_problem": 0.25}, entities={"device": "phone"})
    assert talk.titles == ["wifi"]
    assert talk.say("ja dat", "affirm") == ["Welke verdieping?"]


def test_the_same_problem_again_asks_on_and_takes_what_is_new():
    talk = Talk()
    talk.say("wifi", "wifi_problem")
    said = talk.say(
        "mijn wifi dus, hier op het werk sinds gisteren", "wifi_problem", entities={"email": "a@b.be"}
    )
    assert (said, talk.rule) == (["Dat begrijp ik niet.", "Welk toestel?"], "already_going_on")


def test_cancel_where_it_was_only_asked_what_is_meant_says_so():
    talk = Talk()
    talk.say("", "complaint", 0.25)
    assert talk.say("", "cancel") == ["Goed, gestopt."]


def test_cancel_leaves_the_flow_and_says_so():
    talk = Talk()
    talk.say("wifi", "wifi_problem")
    assert talk.say("laat maar", "cancel") == ["Goed, gestopt."]
    assert talk.flows == []
    assert talk.tracker.slots["problem"] is None


def test_repeat_says_the_last_words_again_with_their_buttons():
    talk = Talk()
    talk.say("wifi", "wifi_problem")
    assert talk.say("wat zei u?", "repeat") == ["Ik ben een bot.", "Welk toestel?"]
    assert talk.titles == ["laptop", "gsm"]


def test_two_likely_meanings_are_asked_about_and_what_was_told_is_kept():
    talk = Talk()
    ranking = {"wifi_problem": 0.35, "printer_problem": 0.3}
    said = talk.say("mijn gsm doet raar", ranking=ranking, entities={"device": "phone"})
    assert said == ["Ik ben een bot.", "Wat bedoelt u?"]
    assert talk.titles == ["wifi", "printer"]
    assert talk.say("1") == ["Welke verdieping?"]


def test_nonsense_is_met_with_other_words_and_then_with_a_person():
    talk = Talk()
    talk.say("wifi", "wifi_problem")
    assert talk.say("blub") == ["Dat begrijp ik niet.", "Welk toestel?"]
    assert talk.say("blub blub") == ["Ik haal iemand: 1001."]
    assert talk.tracker.handed_off


def test_a_person_is_there_at_every_moment_and_the_bot_speaks_as_the_system_then():
    talk = Talk()
    talk.say("wifi", "wifi_problem")
    assert talk.say("een mens graag", "talk_to_human") == ["Ik haal iemand: 1001."]
    assert talk.recorded("system")[-1]["response"] == "utter_person"
    assert talk.tracker.slots["handoff_reason"] == "asked"
    assert talk.flows == []


def test_slots_are_still_there_when_the_ticket_is_made():
    talk = at_read_back()
    seen: dict[str, object] = {}
    talk.actions["action_human_handoff"] = lambda call: seen.update(call.tracker["slots"]) or {}
    talk.actions["action_look"] = lambda call: {}
    talk.say("nee", "deny")
    talk.say("het is de kabel")
    assert (seen["problem"], seen["device"], seen["floor"]) == ("wifi_problem", "phone", 3.0)


def test_a_person_asked_for_afterwards_hears_of_the_problem_that_was_worked_on():
    seen: dict[str, object] = {}
    for last in (("ja", "affirm"), ("stop", "cancel")):
        talk = at_read_back()
        talk.actions["action_human_handoff"] = lambda call: seen.update(call.tracker["slots"]) or {}
        talk.say(*last)
        assert talk.tracker.slots["problem"] is None
        talk.say("dag", "greet")
        talk.say("een mens graag", "talk_to_human")
        assert (seen["problem"], seen["device"], seen["floor"]) == ("wifi_problem", "phone", 3.0)
        assert seen["confirmed"] is None


def test_another_language_is_spoken_from_the_next_word_on():
    talk = Talk()
    talk.say("wifi", "wifi_problem")
    assert talk.say("English please", "change_language", entities={"language": "en"}) == [
        "English then.",
        "Which device?",
    ]
    assert talk.titles == ["laptop", "mobile"]


def test_a_language_that_is_refused_is_not_spoken():
    named = {"Dutch": "nl", "English": "en", "Engels": "en", "Nederlands": "nl"}
    for spoken, text, before, after in (
        ("en", "I don't speak Dutch", "nl", "en"),
        ("en", "I don't speak Dutch, only English", "nl", "en"),
        ("en", "not in English but Dutch", "en", "nl"),
        ("nl", "ik spreek geen Engels", "nl", "nl"),
        ("nl", "geen Engels, Nederlands graag", "en", "nl"),
        ("nl", "in het Engels graag", "nl", "en"),
    ):
        talk = Talk(language=before)
        places = sorted((text.index(word), word) for word in named if word in text)
        entities = tuple(Entity("language", named[word], at, at + len(word)) for at, word in places)
        talk.turn(Understanding(text, spoken, "change_language", 0.95, entities=entities))
        assert talk.tracker.language == after, text


def test_a_slow_action_is_waited_for_and_the_customer_is_told():
    talk = Talk()
    talk.say("printer", "printer_problem", entities={"device": "laptop"})
    assert talk.say("en nu?") == ["Nog even."]
    assert talk.finish() == ["Opgelost.", "Nog iets?"]
    assert talk.tracker.outcome == "solved"


def test_a_result_that_comes_after_a_takeover_is_recorded_and_not_spoken():
    talk = Talk()
    talk.say("printer", "printer_problem", entities={"device": "laptop"})
    talk.say("een mens", "talk_to_human")
    assert talk.finish() == []
    assert talk.recorded("action")[-1]["late"] is True


def test_a_broken_action_is_said_noted_and_survived():
    talk = at_read_back()
    talk.actions["action_look"] = lambda _: {"slots": {"results": 1 // 0}}
    assert talk.say("ja", "affirm") == ["Er ging iets mis.", "Nog iets?"]
    assert talk.tracker.notes[0].startswith("action_look")


def test_a_validator_may_refuse_a_value():
    talk = Talk()
    talk.actions["validate_email"] = lambda call: (
        {"slots": {"email": None}, "responses": ({"text": "Dat adres bestaat niet."},)}
        if call.tracker["slots"]["email"] == "x@y.z"
        else {}
    )
    talk.say("klacht", "complaint")
    assert talk.say("x@y.z", entities={"email": "x@y.z"}) == ["Dat adres bestaat niet.", "Uw e-mail?"]
    assert talk.say("a@b.be", entities={"email": "a@b.be"}) == ["Hoeveel?"]


def test_an_entity_may_tell_the_choice_and_is_kept_itself():
    talk = Talk()
    assert talk.say("contact", "contact")[-1] == "Hoe?"
    assert talk.say("a@b.be", entities={"email": "a@b.be"}) == ["Nog iets?"], "neither is asked any more"
    filled = [slot["name"] for slot in talk.recorded("slot") if slot["by"] == "collect"]
    assert filled == ["way", "email"]


def test_new_items_of_a_recorded_list_become_events():
    talk = at_read_back()
    found = {"name": "dns", "ok": True, "target": "www.example.be", "found": "10.0.0.1"}
    talk.actions["action_look"] = lambda _: {"slots": {"results": [found]}}
    talk.say("ja", "affirm")
    [event] = [event for event in talk.events if event.type == "check"]
    assert event.data == {"name": "dns", "ok": True}, "figures that stay"
    assert event.content == {"target": "www.example.be", "found": "10.0.0.1"}, "words that can be erased"


def test_the_choices_of_a_question_end_with_the_episode():
    talk = Talk()
    talk.say("hoe bereik ik u", "contact")
    talk.silence()
    assert talk.tracker.offered
    talk.silence()
    assert talk.tracker.offered == ()
    assert talk.say("1", "affirm", 0.0) == ["Dat begrijp ik niet."]


def test_silence_is_answered_once_and_then_ends_the_episode():
    talk = Talk()
    talk.say("wifi", "wifi_problem")
    assert talk.effects[-1] == Schedule(600.0)
    assert talk.silence() == ["Bent u er nog?"]
    assert talk.silence() == []
    assert talk.ended == "silent"


def test_an_agent_gives_back_and_the_bot_starts_clean():
    talk = Talk()
    talk.say("wifi", "wifi_problem")
    talk.say("mens", "talk_to_human")
    assert talk.receive(Returned()) == ["Ik ben er weer."]
    assert talk.say("wifi", "wifi_problem")[-1] == "Welk toestel?"


def test_a_flow_that_vanished_is_survived():
    talk = Talk()
    talk.say("wifi", "wifi_problem")
    flows = {name: flow for name, flow in small_pack().flows.items() if name != "wifi_problem"}
    talk.pack = type(talk.pack)(talk.pack.domain, flows, talk.pack.languages)
    assert talk.say("laptop") == ["Er ging iets mis."]


def test_the_winning_rule_and_the_steps_are_on_record():
    talk = Talk()
    talk.say("wifi", "wifi_problem")
    assert talk.recorded("decided")[-1]["rule"] == "digression"
    assert {"flow": "wifi_problem", "step": "1_collect", "kind": "collect"} in talk.recorded("step")


intents = st.sampled_from([*sorted(small_pack().domain.intents), NLU_FALLBACK])
turns = st.one_of(
    st.tuples(
        st.just("say"),
        st.sampled_from(["", "1", "2", "ja", "laptop", "17", "{{ slots }}", "{device}", "/greet", "nee"])
        | st.text(max_size=30),
        intents,
        st.floats(0, 1),
        st.dictionaries(
            st.sampled_from(["device", "email", "language"]),
            st.sampled_from(["phone", "en", "a@b.be", ""]),
            max_size=2,
        ),
    ),
    st.tuples(st.just("press"), st.integers(0, 4)),
    st.tuples(st.just("silence")),
    st.tuples(st.just("finish")),
    st.tuples(st.just("return")),
)


@settings(max_examples=150, deadline=None)
@given(st.lists(turns, max_size=15))
def test_no_sequence_of_turns_breaks_it(sequence):
    talk = Talk()
    for kind, *details in sequence:
        if kind == "say":
            text, intent, confidence, entities = details
            said = talk.say(text, intent, confidence, entities=entities)
            assert said or talk.tracker.handed_off or talk.open_calls, (
                "a customer is never left without a word"
            )
        elif kind == "press" and talk.tracker.offered:
            talk.say(payload=talk.tracker.offered[details[0] % len(talk.tracker.offered)].payload)
        elif kind == "silence":
            talk.silence()
        elif kind == "finish" and talk.open_calls:
            talk.finish()
        elif kind == "return" and talk.tracker.handed_off:
            talk.receive(Returned())
        assert len(talk.tracker.stack) < 25
        for event in talk.events:
            assert event.type != "error" or event.data["kind"] in (
                "unknown_slot",
                "action_look",
                "code_change",
            )


def test_a_picture_without_a_word_leaves_everything_as_it_was():
    talk = Talk()
    assert talk.receive(Shown()) == ["Wat ziet u?"]
    assert talk.say("wifi", "wifi_problem") == ["Ik ben een bot.", "Welk toestel?"]
    before = talk.tracker.slots
    assert talk.receive(Shown()) == ["Wat ziet u?", "Welk toestel?"]
    assert talk.titles == ["laptop", "gsm"], "and what was offered can be chosen"
    assert talk.tracker.slots == before


def test_a_picture_while_something_slow_is_busy_does_not_disturb_it():
    talk = Talk()
    talk.say("printer", "printer_problem", entities={"device": "laptop"})
    assert talk.receive(Shown()) == ["Wat ziet u?"]
    assert talk.finish() == ["Opgelost.", "Nog iets?"]
