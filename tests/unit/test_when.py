"""When a person is called in: the order of the reasons, and what anger sounds like."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.model.errors import ContentError
from handoff.policy import Reason
from handoff.when import Situation, When, load_when, reason_to_hand_over, sounds_angry

FILE = Path(__file__).parent.parent.parent / "data" / "policy" / "handoff.yml"
SHIPPED = load_when({"policy/handoff.yml": FILE.read_text("utf-8")})


@pytest.mark.parametrize(
    ("situation", "reason"),
    [
        (Situation(), None),
        (Situation(failures=1, minutes=19.9), None),
        (Situation(failures=2), Reason.FAILURES),
        (Situation(minutes=20), Reason.TIME),
        (Situation(failures=5, minutes=90, exhausted=True), Reason.EXHAUSTED),
        (Situation(angry=True, exhausted=True), Reason.ANGER),
        (Situation(complaint=True, angry=True), Reason.COMPLAINT),
        (Situation(security=True, complaint=True), Reason.SECURITY),
        (Situation(asked=True, security=True, failures=9), Reason.ASKED),
    ],
)
def test_the_weightiest_reason_counts(situation: Situation, reason: Reason | None) -> None:
    assert reason_to_hand_over(situation, SHIPPED) == reason


@pytest.mark.parametrize(
    "text",
    [
        "Ik ben het beu, dit is de derde keer",
        "wat een RAMP zeg",
        "stomme bot",
        "J’en ai marre de ce truc",
        "franchement, c'est n'importe quoi !",
        "this is ridiculous.",
        "You're useless",
        "HET WERKT NOG ALTIJD NIET!!!",
        "ÇA NE MARCHE TOUJOURS PAS !!!",
        "IT STILL DOES NOT WORK!!!",
    ],
)
def test_anger_is_heard(text: str) -> None:
    assert sounds_angry(text, SHIPPED)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "!!!",
        "OK!!!",
        "HET WERKT WEER!!!",
        "mijn VPN werkt niet",
        "FOUT 0X80070005 IN OUTLOOK",
        "KAN NIET AANMELDEN OP DE VPN",  # capitals alone: somebody's caps lock
        "ik ben het bureau kwijt",
        "de printer doet raar!",
        "c'est résolu, merci !",
    ],
)
def test_what_is_no_anger(text: str) -> None:
    assert not sounds_angry(text, SHIPPED)


@given(st.text(max_size=400))
def test_any_text_may_be_heard(text: str) -> None:
    sounds_angry(text, SHIPPED)


def test_without_a_file_the_defaults_hold_and_a_wrong_one_is_named() -> None:
    assert load_when({}) == When()
    with pytest.raises(ContentError) as caught:
        load_when({"policy/handoff.yml": "minutes: 20\nfailures: none\n"})
    assert caught.value.problems[0].line == 2
    with pytest.raises(ContentError, match="rage"):
        load_when({"policy/handoff.yml": "anger: {}\nrage: 1\n"})
