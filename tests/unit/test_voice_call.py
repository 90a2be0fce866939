"""The call machine: what callers do, and that no order of events breaks it."""

from __future__ import annotations

from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.voice import actions as do
from bot.voice import events as ev
from bot.voice.call import Call
from bot.voice.dtmf import PAUSE
from bot.voice.endpointing import KNOWN_ANSWER, PAUSES
from bot.voice.states import State
from bot.voice.timing import LADDER
from tests.voice_line import WHICH, Line


@pytest.fixture
def line() -> Line:
    return Line()


def test_what_is_said_after_a_question_is_a_turn(line: Line) -> None:
    line.ask("Ik begrijp dat uw wifi niet werkt.", "Klopt dat?")
    assert [play.text for play in line.of(do.Play)] == ["Ik begrijp dat uw wifi niet werkt.", "Klopt dat?"]
    line.play()
    line.say("ja", "ja dat klopt")
    assert line.of(do.UserTurn) == [do.UserTurn("ja dat klopt")]
    assert line.of(do.WasHeard) == [do.WasHeard("q", 2, 2)]
    assert line.call.state is State.THINKING


def test_what_is_said_before_there_is_audio_comes_when_there_is() -> None:
    call = Call("nl")
    assert call.receive(ev.Said("hello", ("Goeiedag.",))) == []
    played = call.receive(ev.Connected())
    assert [action.text for action in played if isinstance(action, do.Play)] == ["Goeiedag."]


@pytest.mark.parametrize("murmur", ["hm", "ja", "euh ja", "[unk]", ""])
def test_a_murmur_does_not_stop_the_voice(line: Line, murmur: str) -> None:
    line.ask("Welk toestel gebruikt u?", asked=WHICH)
    assert do.Clear() not in line.tell(ev.Partial(murmur))
    assert line.call.state is State.SPEAKING


def test_what_was_murmured_into_the_voice_is_no_part_of_the_answer(line: Line) -> None:
    line.ask("Een lange uitleg.", "Klopt dat?", asked=ev.Asked())
    line.tell(ev.Partial("ja"))
    line.wait()
    assert line.done[-1] == do.FinishUtterance()
    line.tell(ev.Final("ja"))
    line.tell(ev.Finished())
    line.play()
    line.say("nee", "nee dat klopt niet")
    assert line.of(do.UserTurn) == [do.UserTurn("nee dat klopt niet")]


def test_an_answer_into_the_last_words_of_a_question_is_one(line: Line) -> None:
    line.ask("Is het opgelost?", asked=ev.Asked())
    line.tell(ev.Partial("ja"))
    line.play()
    assert line.call.state is State.HEARING
    line.wait()
    line.tell(ev.Final("ja"))
    line.tell(ev.Finished())
    assert line.of(do.UserTurn) == [do.UserTurn("ja")]


def test_what_was_said_before_a_key_is_not_heard_after_it(line: Line) -> None:
    line.ask("Welk toestel?", asked=WHICH)
    line.play()
    line.tell(ev.Partial("euh dat is"))
    line.tell(ev.Digit("2"))
    line.tell(ev.Final("euh dat is"))
    line.tell(ev.Finished())
    line.ask("Sinds wanneer?", asked=ev.Asked())
    line.play()
    line.say("gisteren")
    assert line.of(do.UserTurn) == [do.UserTurn("2", keyed=True), do.UserTurn("gisteren")]


def test_a_word_that_is_recognised_too_late_is_not_heard_twice(line: Line) -> None:
    line.ask("Wat is er?")
    line.play()
    line.tell(ev.Partial("de printer"))
    line.wait()
    line.wait()
    line.tell(ev.Final("de printer"))
    line.tell(ev.Finished())
    assert line.call.state is State.THINKING
    assert line.of(do.UserTurn) == [do.UserTurn("de printer")]


@pytest.mark.parametrize("speech", ["nee wacht het is de printer", "laptop"])
def test_words_and_an_offered_answer_do(line: Line, speech: str) -> None:
    line.ask("Een vraag.", "Welk toestel gebruikt u?", asked=WHICH)
    line.play(1)
    assert do.Clear() in line.tell(ev.Partial(speech))
    assert line.of(do.WasHeard) == [do.WasHeard("q", 1, 2)]
    line.wait()
    line.tell(ev.Final(speech))
    line.tell(ev.Finished())
    assert line.of(do.UserTurn) == [do.UserTurn(speech)]


def test_marks_that_come_back_after_the_voice_stopped_tell_nothing_more(line: Line) -> None:
    line.ask("Eerste zin.", "Tweede zin.", asked=WHICH)
    sent = list(line.marks)
    line.tell(ev.Partial("dat is gisteren begonnen"))
    for mark in sent:
        assert line.tell(ev.Marked(mark)) == []
    assert line.of(do.WasHeard) == [do.WasHeard("q", 0, 2)]


def test_who_goes_on_is_not_cut_off(line: Line) -> None:
    line.ask("Wat is er aan de hand?", asked=ev.Asked(ev.Listening.OPEN))
    line.play()
    line.tell(ev.Partial("mijn scherm"))
    first = line.timer
    assert first is not None
    line.tell(ev.Partial("mijn scherm flikkert en"))
    assert line.tell(ev.TimeUp(first.number)) == []
    assert line.patience > PAUSES[ev.Listening.OPEN]
    line.tell(ev.Partial("mijn scherm flikkert en dan wordt het zwart"))
    assert line.patience == PAUSES[ev.Listening.OPEN]


def test_a_complaint_gets_time_and_an_offered_answer_does_not(line: Line) -> None:
    line.ask("Vertel eens.", asked=ev.Asked(ev.Listening.LONG))
    line.play()
    line.tell(ev.Partial("ik ben niet tevreden"))
    assert line.patience == PAUSES[ev.Listening.LONG] > PAUSES[ev.Listening.OPEN]
    line.ask("Klopt dat?")
    line.wait()
    line.tell(ev.Finished())
    line.play()
    line.tell(ev.Partial("nee"))
    assert line.patience == KNOWN_ANSWER


def test_several_finals_are_one_turn(line: Line) -> None:
    line.ask("Wat is er?", asked=ev.Asked(ev.Listening.OPEN))
    line.play()
    line.tell(ev.Final("de printer"))
    line.tell(ev.Partial("die drukt"))
    line.wait()
    line.tell(ev.Final("die drukt niet af"))
    line.tell(ev.Finished())
    assert line.of(do.UserTurn) == [do.UserTurn("de printer die drukt niet af")]


def test_a_recogniser_that_never_finishes_is_not_waited_for(line: Line) -> None:
    line.ask("Wat is er?")
    line.play()
    line.tell(ev.Partial("de printer"))
    line.wait()
    line.wait()
    assert line.of(do.UserTurn) == [do.UserTurn("de printer")]


def test_an_answer_that_comes_while_the_caller_speaks_waits(line: Line) -> None:
    line.ask("Wat is er?")
    line.play()
    line.say("de printer")
    line.tell(ev.Partial("en ook"))
    line.ask("Welke printer is het?", id="answer", asked=ev.Asked())
    assert line.marks == []
    line.say("en ook de scanner")
    assert [play.text for play in line.of(do.Play)][-1] == "Welke printer is het?"
    line.play()
    assert line.call.state is State.THINKING, "what was said last is not answered yet"


def test_silence_climbs_the_ladder_and_ends_the_call(line: Line) -> None:
    line.ask("Ik begrijp het.", "Klopt dat?")
    line.play()
    for rung, prompt in enumerate(LADDER):
        line.wait()
        assert line.of(do.PlayPrompt)[-1].prompt is prompt
        if rung == 0:
            assert line.of(do.Play)[-1].text == "Klopt dat?"
        line.play()
    assert line.done[-1] == do.HangUp()
    assert line.call.state is State.ENDED


def test_a_word_brings_the_ladder_down_again(line: Line) -> None:
    line.ask("Klopt dat?")
    line.play()
    line.wait()
    line.play()
    line.wait()
    line.play()
    line.say("ja ik ben er nog")
    line.ask("Klopt dat?")
    line.play()
    line.wait()
    assert line.of(do.PlayPrompt)[-1].prompt is LADDER[0]


def test_whoever_speaks_during_the_goodbye_stays_on_the_line(line: Line) -> None:
    line.ask("Tot ziens.", asked=ev.Asked(), then=ev.Then.HANG_UP)
    line.tell(ev.Partial("nee wacht nog iets"))
    assert line.call.state is State.HEARING
    assert not line.of(do.HangUp)


def test_a_step_at_the_computer_may_take_as_long_as_it_takes(line: Line) -> None:
    line.ask("Zeg verder als het gelukt is.", asked=ev.Asked(ev.Listening.CHOICE, ("verder",), patience=180))
    line.play()
    assert line.patience == 180


@pytest.mark.parametrize(("language", "words"), [("nl", "momentje"), ("fr", "un instant"), ("en", "hold on")])
def test_who_asks_to_wait_gets_time(language: str, words: str) -> None:
    line = Line(language)
    line.ask("?", asked=ev.Asked(ev.Listening.OPEN))
    line.play()
    line.say(words)
    assert line.of(do.UserTurn) == []
    assert line.of(do.PlayPrompt)[-1].prompt is do.Prompt.TAKE_YOUR_TIME
    line.play()
    assert line.patience >= 60


def test_who_waits_for_an_answer_is_told_so_less_and_less_often(line: Line) -> None:
    line.ask("Klopt dat?")
    line.play()
    line.say("ja")
    waits: list[float] = []
    for _ in range(3):
        waits.append(line.wait())
        assert line.of(do.PlayPrompt)[-1].prompt is do.Prompt.ONE_MOMENT
        line.play()
    assert waits == [3.0, 6.0, 12.0]


def test_a_choice_is_one_key_and_stops_the_voice(line: Line) -> None:
    line.ask("Welk toestel?", asked=WHICH)
    assert do.Clear() in line.tell(ev.Digit("2"))
    assert line.of(do.UserTurn) == [do.UserTurn("2", keyed=True)]


def test_a_number_ends_by_a_hash_or_a_pause(line: Line) -> None:
    line.ask("Uw ticketnummer?", asked=ev.Asked(ev.Listening.DIGITS))
    line.play()
    for key in "1042":
        line.tell(ev.Digit(key))
    assert line.wait() == PAUSE
    line.ask("Uw telefoonnummer?", asked=ev.Asked(ev.Listening.DIGITS))
    for key in "99*0470#":
        line.tell(ev.Digit(key))
    assert line.of(do.UserTurn) == [do.UserTurn("1042", keyed=True), do.UserTurn("0470", keyed=True)]


def test_zero_asks_for_a_person_and_a_star_for_the_question_again(line: Line) -> None:
    line.ask("Welk toestel?", asked=WHICH)
    line.play()
    line.tell(ev.Digit("*"))
    assert [play.text for play in line.of(do.Play)] == ["Welk toestel?", "Welk toestel?"]
    line.tell(ev.Digit("0"))
    assert line.of(do.WantsPerson) == [do.WantsPerson()]
    line.ask("Uw nummer?", asked=ev.Asked(ev.Listening.DIGITS))
    line.tell(ev.Digit("0"))
    assert len(line.of(do.WantsPerson)) == 1, "a number may begin with a nought"


def test_what_was_being_said_when_the_line_broke_is_kept(line: Line) -> None:
    line.ask("Wat is er?", asked=ev.Asked())
    line.play()
    line.tell(ev.Partial("mijn vpn"))
    line.tell(ev.HungUp())
    assert line.of(do.UserTurn) == [do.UserTurn("mijn vpn")]
    assert line.timer is None


def test_a_voice_that_fails_leaves_the_caller_the_turn(line: Line) -> None:
    line.ask("Eerste zin.", "Tweede zin.")
    line.play(1)
    line.tell(ev.SpeechFailed(line.marks[0]))
    assert line.of(do.WasHeard) == [do.WasHeard("q", 1, 2)]
    assert line.call.state is State.LISTENING


_TEXTS = st.sampled_from(["", "hm", "ja", "de printer doet het niet", "momentje", "[unk]", "en"])
_ASKED = st.builds(
    ev.Asked,
    st.sampled_from(ev.Listening),
    st.sampled_from([(), ("ja", "nee"), ("a",) * 12]),
    st.floats(1, 99),
)
_EVENTS = st.one_of(
    st.builds(
        ev.Said,
        st.text(max_size=2),
        st.lists(_TEXTS, max_size=3).map(tuple),
        _ASKED,
        st.sampled_from(ev.Then),
    ),
    st.builds(ev.Partial, _TEXTS),
    st.builds(ev.Final, _TEXTS),
    st.builds(ev.Digit, st.sampled_from("0123456789*#AD")),
    st.builds(ev.Marked, st.sampled_from(["m1", "m2", "m3", "m9"])),
    st.builds(ev.TimeUp, st.integers(1, 40)),
    st.builds(ev.SpeechFailed, st.sampled_from(["m1", "m2", "m3", "m9"])),
    st.sampled_from([ev.Connected(), ev.Finished(), ev.HungUp()]),
    st.sampled_from([ev.PersonOn(), ev.PersonOff(), ev.PersonOff(ev.Off.HOLDS)]),
    st.builds(ev.PersonOff, st.sampled_from(ev.Off)),
    st.sampled_from(["play", "wait"]),
)


@given(st.lists(_EVENTS, max_size=60))
def test_no_order_of_events_breaks_it(events: Iterable[ev.Event | str]) -> None:
    line = Line()
    said: list[str] = []
    for event in events:
        if event == "play":
            line.play()
        elif isinstance(event, str):
            if line.timer is not None:
                line.wait()
        else:
            said += [event.id] if isinstance(event, ev.Said) else []
            line.tell(event)
        state = line.call.state
        if state in (
            State.LISTENING,
            State.HEARING,
            State.FINISHING,
            State.KEYING,
            State.THINKING,
            State.WAITING,
        ):
            assert line.timer is not None, "nobody waits for ever"
        elif state in (State.ENDED, State.CONNECTING):
            assert line.timer is None
        if state is State.SPEAKING:
            assert line.marks, "something is on its way"
    line.tell(ev.HungUp())
    assert line.call.state is State.ENDED
    assert sorted(heard.id for heard in line.of(do.WasHeard)) == sorted(said), (
        "of each is told once what was heard"
    )
    assert all(0 <= heard.sentences <= heard.of for heard in line.of(do.WasHeard))
    assert line.call.receive(ev.HungUp()) == []
