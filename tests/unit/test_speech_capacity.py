"""How many calls ears carry: counted from what a second of sound takes them, and measured by speaking to them."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bot.speech.capacity import calls_carried, carried
from tests.scripted_speech import ScriptedEars, ToneVoice

takes = st.floats(0, 100)
threads = st.integers(1, 64)


def test_ears_that_take_half_the_time_of_speech_carry_three_calls_on_two_threads() -> None:
    assert carried(0.5, 0.5, 2) == 3
    assert carried(0.96, 0.04, 2) == 3, "of a call, half is silence"


@given(takes, takes, threads)
def test_there_is_always_room_for_one_and_more_threads_carry_more(
    speech: float, quiet: float, many: int
) -> None:
    assert 1 <= carried(speech, quiet, many) <= carried(speech, quiet, many + 1)


@given(takes, takes, takes, threads)
def test_slower_ears_carry_no_more(speech: float, quiet: float, more: float, many: int) -> None:
    assert carried(speech + more, quiet + more, many) <= carried(speech, quiet, many)


async def test_they_are_spoken_to_in_the_language_and_let_go() -> None:
    ears, voice = ScriptedEars(["ja"]), ToneVoice()
    assert await calls_carried(ears, voice, "fr", "Vous êtes là ?", 1) >= 1
    assert (voice.said, voice.languages_said) == (["Vous êtes là ?"], ["fr"])
    assert ears.languages_opened == ["fr"]
    assert ears.listening == 0
    assert ears.sound
