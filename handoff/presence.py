"""When what an agent has goes back to the line by itself, from `policy/desk.yml`. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated

from pydantic import Field

from bot.source.forms import Form, read_form

Minutes = Annotated[float, Field(gt=0, le=24 * 60)]


class PresenceForm(Form):
    """`policy/desk.yml`."""

    gone_after: Minutes = 15.0
    unanswered_after: Minutes | None = 30.0


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
