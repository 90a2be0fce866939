"""When a turn ends, what counts as speaking, and what keys mean."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.model.languages import LANGUAGES
from bot.voice.actions import Prompt
from bot.voice.dtmf import MOST, Keyed, is_complete
from bot.voice.endpointing import KNOWN_ANSWER, PAUSES, UNFINISHED, interrupts, pause, words
from bot.voice.events import Asked, Listening
from bot.voice.prompts import text_of
from bot.voice.words import words as words_of


def test_short_answers_end_sooner_than_stories() -> None:
    waits = [pause(Asked(listening), "dat is zo", "nl") for listening in Listening]
    assert min(waits) == PAUSES[Listening.YES_NO]
    assert max(waits) == PAUSES[Listening.LONG]


@pytest.mark.parametrize(
    ("text", "language"),
    [("mijn scherm en", "nl"), ("mon écran et", "fr"), ("my screen and", "en"), ("ik heb, euh", "nl")],
)
def test_a_word_that_promises_more_is_waited_for(text: str, language: str) -> None:
    assert pause(Asked(), text, language) == PAUSES[Listening.OPEN] * UNFINISHED


def test_an_offered_answer_is_known_at_once_whatever_its_marks() -> None:
    asked = Asked(Listening.CHOICE, ("Ja, graag", "Nee"))
    assert pause(asked, "ja graag", "nl") == KNOWN_ANSWER
    assert pause(asked, "ja graag maar", "nl") > KNOWN_ANSWER


@given(st.text(), st.sampled_from([*LANGUAGES, "ko"]), st.sampled_from(Listening))
def test_every_text_has_a_pause(text: str, language: str, listening: Listening) -> None:
    assert 0 < pause(Asked(listening, (text,)), text, language) < 10
    interrupts(text, language, ("ja",))


@pytest.mark.parametrize(
    ("text", "language"), [("ja ja ja", "nl"), ("oui d'accord", "fr"), ("uh-huh yeah", "en")]
)
def test_agreeing_while_listening_is_no_interruption(text: str, language: str) -> None:
    assert not interrupts(text, language, ())
    assert interrupts(text + " stop maar", language, ())


def test_what_was_not_recognised_is_no_word() -> None:
    assert words("[unk] [unk]") == []
    assert words("Het is [unk] d'accord!") == ["het", "is", "d'accord"]


@pytest.mark.parametrize(
    ("keys", "listening", "answers", "complete"),
    [
        ("1", Listening.CHOICE, 3, True),
        ("1", Listening.CHOICE, 12, False),  # it may become 10, 11 or 12
        ("2", Listening.CHOICE, 12, True),
        ("12", Listening.CHOICE, 12, True),
        ("1", Listening.DIGITS, 3, False),
        ("1", Listening.OPEN, 0, False),
    ],
)
def test_a_choice_is_complete_when_no_other_could_be_meant(
    keys: str, listening: Listening, answers: int, complete: bool
) -> None:
    assert is_complete(Keyed(keys), keys[-1], listening, answers) is complete


@given(st.lists(st.sampled_from([*"0123456789*#ABCD", ""])))
def test_keys_are_digits_and_not_for_ever(pressed: list[str]) -> None:
    keyed = Keyed()
    for key in pressed:
        keyed = keyed.with_key(key)
    assert len(keyed.keys) <= MOST
    assert keyed.keys == "" or keyed.keys.isdigit()


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_telephone_speaks_every_language(language: str) -> None:
    assert all(text_of(prompt, language) for prompt in Prompt)
    assert words_of(language).waits
