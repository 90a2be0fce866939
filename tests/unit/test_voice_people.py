"""The call machine when people have the conversation: waiting for them, talking with them, going on after."""

from __future__ import annotations

import pytest

from bot.voice import actions as do
from bot.voice import events as ev
from bot.voice.states import State
from bot.voice.timing import HOLD, HOLDS
from tests.voice_line import Line

NOTICE = "U bent als eerste aan de beurt."


@pytest.fixture
def waiting() -> Line:
    """A call that was handed over and has heard so."""
    line = Line()
    line.ask(NOTICE, asked=ev.Asked(), then=ev.Then.WAIT)
    line.play()
    return line


@pytest.fixture
def person(waiting: Line) -> Line:
    """A call with a person on it."""
    waiting.tell(ev.PersonOn())
    return waiting


def prompts(line: Line) -> list[do.Prompt]:
    return [action.prompt for action in line.of(do.PlayPrompt)]


def test_who_waits_hears_now_and_then_that_the_line_stands_and_not_for_ever(waiting: Line) -> None:
    assert waiting.call.state is State.WAITING
    for _ in range(HOLDS):
        assert waiting.wait() == HOLD
        waiting.play()
    assert prompts(waiting) == [do.Prompt.STILL_WAITING] * HOLDS
    assert not waiting.of(do.NobodyCame)
    waiting.wait()
    assert waiting.of(do.NobodyCame) == [do.NobodyCame()]
    assert waiting.call.state is State.WAITING, "what is done then is for whoever has the line"


def test_what_is_said_while_waiting_is_a_turn_and_nobody_promises_an_answer(waiting: Line) -> None:
    waiting.say("het is de printer op het eerste")
    assert waiting.of(do.UserTurn) == [do.UserTurn("het is de printer op het eerste")]
    assert waiting.call.state is State.WAITING
    waiting.ask("Dat heb ik erbij gezet.", asked=ev.Asked(), then=ev.Then.WAIT)
    waiting.play()
    assert waiting.call.state is State.WAITING


def test_a_person_stops_the_voice_and_what_was_being_said_is_kept(waiting: Line) -> None:
    waiting.ask("Een lange uitleg.", "Nog een.", asked=ev.Asked(), id="long")
    waiting.tell(ev.Partial("wacht"))
    done = waiting.tell(ev.PersonOn())
    assert do.Clear() in done
    assert do.WasHeard("long", 0, 2) in done
    assert do.UserTurn("wacht") in done
    assert waiting.call.state is State.WITH_PERSON
    assert waiting.timer is None


def test_what_the_caller_says_to_a_person_is_written_down_pause_by_pause(person: Line) -> None:
    person.tell(ev.Partial("ja goeiedag"))
    person.tell(ev.Partial("ja goeiedag met lies"))
    person.wait()
    assert person.done[-1] == do.FinishUtterance()
    person.tell(ev.Final("ja goeiedag met lies"))
    person.tell(ev.Finished())
    assert person.of(do.UserTurn) == [do.UserTurn("ja goeiedag met lies")]
    assert person.call.state is State.WITH_PERSON
    assert person.timer is None, "nobody hurries two who talk"


def test_keys_and_notices_do_not_break_into_a_talk(person: Line) -> None:
    assert person.tell(ev.Digit("0")) == []
    assert person.tell(ev.Said("n", (NOTICE,), then=ev.Then.WAIT)) == [do.WasHeard("n", 0, 1)]
    assert person.call.state is State.WITH_PERSON


def test_who_is_put_on_hold_is_told_so_and_is_not_given_up(person: Line) -> None:
    person.tell(ev.PersonOff(ev.Off.HOLDS))
    person.play()
    for _ in range(2 * HOLDS):
        person.wait()
        person.play()
    assert set(prompts(person)) == {do.Prompt.ON_HOLD}
    assert not person.of(do.NobodyCame)
    person.tell(ev.PersonOn())
    assert person.call.state is State.WITH_PERSON


def test_a_person_whose_line_breaks_is_waited_for_again(person: Line) -> None:
    person.tell(ev.Partial("en dan zegt hij"))
    done = person.tell(ev.PersonOff())
    assert do.UserTurn("en dan zegt hij") in done
    assert prompts(person) == [do.Prompt.PERSON_GONE]
    person.play()
    assert person.call.state is State.WAITING


def test_who_is_passed_on_hears_what_is_said_of_that_and_waits(person: Line) -> None:
    assert person.tell(ev.PersonOff(ev.Off.PASSES_ON))[-1:] == [person.timer]
    assert person.call.state is State.WAITING
    person.ask("U gaat naar het team netwerk.", asked=ev.Asked(), then=ev.Then.WAIT)
    assert [play.text for play in person.of(do.Play)][-1] == "U gaat naar het team netwerk."
    assert prompts(person) == []


def test_who_is_given_back_to_the_bot_goes_on_with_it(person: Line) -> None:
    person.ask("Is het nu opgelost?", id="bot")
    assert [play.text for play in person.of(do.Play)][-1] == "Is het nu opgelost?"
    assert person.tell(ev.PersonOff()) == [], "the person has left already"
    person.play()
    person.say("ja")
    assert person.of(do.UserTurn) == [do.UserTurn("ja")]
    assert person.call.state is State.THINKING


def test_what_was_said_last_to_a_person_is_kept_when_the_line_breaks(person: Line) -> None:
    person.tell(ev.Partial("bedankt hoor"))
    person.tell(ev.HungUp())
    assert person.of(do.UserTurn) == [do.UserTurn("bedankt hoor")]
    assert person.call.state is State.ENDED
