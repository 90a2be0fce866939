"""A message of the record, made to be spoken: its sentences, its choices, how long may be thought. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from bot.model.conversation import Owner
from bot.speech.sentences import sentences
from bot.voice import ear
from bot.voice.events import Asked, Listening, Said, Then
from channels.phone.script import Standing
from channels.spoken import Spoken, replies_of, text_of

AT_COMPUTER = 60.0
"""Seconds of silence for somebody who is doing something at the computer, where no other time is told."""


def said_of(item: Spoken, language: str) -> Said:
    """What is spoken of a message, and what it asks."""
    titles = tuple(reply["title"] for reply in replies_of(item))
    about: Mapping[str, Any] = item.data.get("metadata") or {}
    text = ear.said(text_of(item), language)
    choices = ear.choices(titles, language) if titles and not about.get("choices_said") else ""
    asked = _asked(about, titles)
    then = Then.HANG_UP if about.get("hang_up") else Then.LISTEN
    return Said(str(item.seq), (*sentences(text), *sentences(choices)), asked, then)


def last_said(said: Said, standing: Standing, *, lets_go: bool) -> Said:
    """The last of what was said, with what the bot asks by it. Where people have the conversation the line is
    let go where that brings them (`lets_go`), and else the caller waits for them, unless they come later."""
    listening = said.asked.listening
    if standing.keyed:
        listening = Listening.DIGITS
    elif standing.free:
        listening = Listening.LONG
    then = said.then
    if standing.owner is Owner.QUEUE and lets_go:
        then = Then.HANG_UP
    elif standing.owner is not Owner.BOT and then is Then.LISTEN and not comes_later(standing):
        then = Then.WAIT
    return replace(said, asked=replace(said.asked, listening=listening), then=then)


def comes_later(standing: Standing) -> bool:
    """Whether it is agreed how people come back to the caller, or nobody is in."""
    return standing.arranged or not standing.is_open


def _asked(about: Mapping[str, Any], titles: tuple[str, ...]) -> Asked:
    listening = Listening.YES_NO if len(titles) == 2 else Listening.CHOICE if titles else Listening.OPEN
    return Asked(listening, titles, _patience(about))


def _patience(about: Mapping[str, Any]) -> float:
    """Seconds that a caller may be silent: as the pack says, or as long as a step at the computer takes."""
    asked, step = about.get("patience"), about.get("step")
    if isinstance(asked, int | float) and asked >= 1:
        return float(asked)
    return 60.0 * float(step.get("minutes") or 0) or AT_COMPUTER if step else Asked().patience
