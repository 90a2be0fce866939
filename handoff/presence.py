"""When what an agent has goes back to the line by itself, from `policy/desk.yml`. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated

from pydantic import Field, field_validator

from bot.source.forms import Form, read_form

Minutes = Annotated[float, Field(gt=0, le=24 * 60)]

SHORTEST_GONE = 3
"""Minutes. A page that is open gives a sign of life four times a minute, but it is written down once a minute
(`bot.web.sessions`): with fewer, somebody at work could count as gone."""


class PresenceForm(Form):
    """`policy/desk.yml`."""

    gone_after: Minutes = 15.0
    unanswered_after: Minutes | None = 30.0

    @field_validator("gone_after")
    @classmethod
    def _seen_in_time(cls, minutes: float) -> float:
        if minutes < SHORTEST_GONE:
            raise ValueError(
                f"a sign of life is written down once a minute, so this is {SHORTEST_GONE} minutes at least"
            )
        return minutes


@dataclass(frozen=True, slots=True)
class Presence:
    """Minutes: without a sign of life until an agent counts as gone, and of opening time that a customer
    waits for the agent who has the conversation (None: as long as it takes)."""

    gone_after: float = 15.0
    unanswered_after: float | None = 30.0


def load_presence(files: Mapping[str, str]) -> Presence:
    """The rules of some files (path in the pack → text), or the usual ones; raises `ContentError`."""
    path = "policy/desk.yml"
    form = read_form(PresenceForm, files.get(path, ""), path)
    return Presence(form.gone_after, form.unanswered_after)
