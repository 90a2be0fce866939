"""What follows a greeting is what a message is about."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nlu.greetings import Greetings, learn_greetings

GREETINGS = Greetings(["hallo", "hi", "Goeiemorgen", "good morning", "bonjour", "beste helpdesk"])


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ("Hallo, ik kan niet inloggen", "ik kan niet inloggen"),
        ("hallo ik kan niet inloggen", "ik kan niet inloggen"),
        ("Hallo! Goeiemorgen!\nMijn printer is stuk.", "Mijn printer is stuk."),
        ("Good morning - my laptop is slow", "my laptop is slow"),
        ("Bonjour, s'il vous plaît aidez-moi", "s'il vous plaît aidez-moi"),
        ("BESTE HELPDESK, de wifi ligt plat", "de wifi ligt plat"),
        ("Hi 👋 no internet", "no internet"),
    ],
)
def test_a_greeting_in_front_is_taken_off(text: str, rest: str) -> None:
    assert GREETINGS.rest(text) == rest


@pytest.mark.parametrize(
    "text",
    [
        "",
        "hallo",
        "Hallo!",
        "hallo hallo",
        "hallo daar",
        "hijs de vlag",
        "good",
        "de printer zegt hallo",
        "👋",
    ],
)
def test_what_is_a_greeting_only_or_begins_with_none_has_no_rest(text: str) -> None:
    assert GREETINGS.rest(text) == ""


def test_greetings_are_the_short_examples_of_greet() -> None:
    examples = [
        ("Hallo!", "greet"),
        ("hallo", "greet"),
        ("bonjour à tous", "greet"),
        ("hello, how are you doing today", "greet"),
        ("👋", "greet"),
        ("daag", "goodbye"),
    ]
    assert learn_greetings(examples) == ["bonjour à tous", "hallo"]


@settings(max_examples=60, deadline=None)
@given(text=st.text(max_size=200))
def test_a_rest_is_the_end_of_the_text(text: str) -> None:
    assert text.endswith(GREETINGS.rest("hallo " + text))
