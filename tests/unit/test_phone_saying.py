"""What is spoken of a message, and what it asks."""

from __future__ import annotations

from typing import Any

import pytest

from bot.model.conversation import Owner
from bot.service.calls import Standing
from bot.voice.events import Asked, Listening, Said, Then
from channels.phone.saying import AT_COMPUTER, last_said, said_of
from tests.fixtures_web import Item

YES_NO = [{"title": "Ja", "payload": "/affirm"}, {"title": "Nee", "payload": "/deny"}]


def message(text: str, replies: list[dict[str, str]] | None = None, **about: Any) -> Item:
    return Item(7, "bot", 0.0, {"replies": replies or [], "metadata": about}, {"text": text})


def test_a_message_is_sentences_with_its_choices_after_them() -> None:
    said = said_of(message("Uw **wifi** valt weg. Klopt dat?", YES_NO), "nl")
    assert said.id == "7"
    assert said.sentences[:2] == ("Uw wifi valt weg.", "Klopt dat?")
    assert "druk 1" in said.sentences[2]
    assert said.asked == Asked(Listening.YES_NO, ("Ja", "Nee"))


def test_choices_that_the_text_names_are_not_said_twice() -> None:
    said = said_of(message("Ja of nee?", YES_NO, choices_said=True), "nl")
    assert said.sentences == ("Ja of nee?",)
    assert said.asked.answers == ("Ja", "Nee")


@pytest.mark.parametrize(
    ("about", "patience"),
    [
        ({}, Asked().patience),
        ({"step": {"what": "x", "minutes": 3}}, 180.0),
        ({"step": {"what": "x"}}, AT_COMPUTER),
        ({"patience": 30, "step": {"minutes": 3}}, 30.0),
        ({"patience": "long"}, Asked().patience),
    ],
)
def test_who_does_something_may_be_silent(about: dict[str, Any], patience: float) -> None:
    assert said_of(message("Zet het toestel uit.", **about), "nl").asked.patience == patience


@pytest.mark.parametrize(
    ("standing", "lets_go", "listening", "then"),
    [
        ({}, False, Listening.OPEN, Then.LISTEN),
        ({"keyed": True, "free": True}, False, Listening.DIGITS, Then.LISTEN),
        ({"free": True}, True, Listening.LONG, Then.LISTEN),
        ({"owner": Owner.QUEUE}, True, Listening.OPEN, Then.HANG_UP),
        ({"owner": Owner.QUEUE}, False, Listening.OPEN, Then.WAIT),
        ({"owner": Owner.QUEUE, "arranged": True}, False, Listening.OPEN, Then.LISTEN),
        ({"owner": Owner.QUEUE, "is_open": False}, False, Listening.OPEN, Then.LISTEN),
        ({"owner": Owner.AGENT}, True, Listening.OPEN, Then.WAIT),
    ],
)
def test_what_follows_is_what_the_bot_asks_or_a_wait_for_people(
    standing: dict[str, Any], lets_go: bool, listening: Listening, then: Then
) -> None:
    said = last_said(
        Said("1", ("Vertel eens.",)),
        Standing(**{"conversation_id": "", "language": "nl", "owner": Owner.BOT} | standing),
        lets_go=lets_go,
    )
    assert (said.asked.listening, said.then) == (listening, then)


def test_a_goodbye_is_the_last() -> None:
    assert said_of(message("Tot ziens.", hang_up=True), "nl").then is Then.HANG_UP
