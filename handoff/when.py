"""When a person is called in although the flow would go on: anger, too many failures, too long. Pure.

What weighs how much then is `handoff.policy`. Whoever runs a turn asks `reason_to_hand_over` with what is
known; asking for a person, complaints and security have flows of their own and come out first here too.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated

from pydantic import Field

from bot.source.forms import Form, read_form
from handoff.policy import Reason

_LETTER = re.compile(r"[^\W\d_]")
_WORDS = re.compile(r"[^\W_]+(?:['’][^\W_]+)?")
LONGEST = 5
"""Words of the longest expression of anger."""

SHOUTING_WORDS = 3
SHOUTING_LETTERS = 12
SHOUTING_SHARE = 0.8
MANY_MARKS = 3


@dataclass(frozen=True, slots=True)
class When:
    """The limits: failures in a row, minutes of trying together, and the words of anger."""

    failures: int = 2
    minutes: float = 20.0
    anger: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Situation:
    """What is known of a conversation at a turn. `minutes` counts since the episode began."""

    asked: bool = False
    security: bool = False
    complaint: bool = False
    angry: bool = False
    exhausted: bool = False
    failures: int = 0
    minutes: float = 0.0


def reason_to_hand_over(situation: Situation, when: When) -> Reason | None:
    """Why a person is needed now, the weightiest reason first; None when the bot can go on."""
    rules = (
        (Reason.ASKED, situation.asked),
        (Reason.SECURITY, situation.security),
        (Reason.COMPLAINT, situation.complaint),
        (Reason.ANGER, situation.angry),
        (Reason.EXHAUSTED, situation.exhausted),
        (Reason.FAILURES, situation.failures >= when.failures),
        (Reason.TIME, situation.minutes >= when.minutes),
    )
    return next((reason for reason, holds in rules if holds), None)


def sounds_angry(text: str, when: When) -> bool:
    """Whether a text shouts, or has one of the pack's expressions of anger as whole words.

    Capitals and exclamation marks alone are not anger ("HET WERKT WEER!!!"): both together are, in a
    sentence of some length.
    """
    words = [word.replace("’", "'") for word in _WORDS.findall(text.casefold())]
    if any(
        " ".join(words[start : start + size]) in when.anger
        for size in range(1, LONGEST + 1)
        for start in range(len(words) - size + 1)
    ):
        return True
    letters = _LETTER.findall(text)
    capitals = sum(letter.isupper() for letter in letters)
    return (
        text.count("!") >= MANY_MARKS
        and len(words) >= SHOUTING_WORDS
        and len(letters) >= SHOUTING_LETTERS
        and capitals >= SHOUTING_SHARE * len(letters)
        and any(word in _NEGATIONS for word in words)
    )


_NEGATIONS = frozenset(
    re.findall(
        r"\S+",
        """
        niet geen nooit niets nog altijd pas rien jamais plus toujours
        not never nothing still again doesn't don't can't won't isn't
        """,
    )
)
"""Words that make shouting a complaint and not a cheer."""


class _WhenForm(Form):
    failures: Annotated[int, Field(ge=1, le=10)] = 2
    minutes: Annotated[float, Field(gt=0)] = 20
    anger: dict[str, list[str]] = Field(default_factory=dict[str, list[str]])


def load_when(files: Mapping[str, str]) -> When:
    """The limits in `policy/handoff.yml` among `files` (path to text); the defaults where it is not there."""
    path = next((path for path in files if path.rsplit("/", 1)[-1] == "handoff.yml"), None)
    if path is None:
        return When()
    form = read_form(_WhenForm, files[path], path)
    said = [expression.casefold() for language in form.anger.values() for expression in language]
    return When(form.failures, form.minutes, frozenset(" ".join(_WORDS.findall(each)) for each in said))
