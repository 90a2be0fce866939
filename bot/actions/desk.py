"""The desk in a conversation: is anybody there, when again, and how long is the line.

Handing over itself (`action_human_handoff`) is the service's: it is saved with the turn.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, Protocol

from rasa_sdk import Tracker
from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher

from bot.actions import words
from bot.actions.base import ShippedAction, language_of, slots, text_of
from bot.model.understanding import NLU_FALLBACK
from handoff.calendar import Calendar
from handoff.config import Policy
from handoff.policy import reason_of
from nlu.finders.names import find_name
from nlu.lookup import fold


class Line(Protocol):
    """The customers who wait for a team."""

    async def ahead(self, team: str, priority: str) -> int:
        """How many wait who are helped before a newcomer of this priority."""
        ...

    async def expected_wait(self, team: str) -> float | None:
        """Seconds that people waited lately; None where nobody knows."""
        ...


def opening_sentences(calendar: Calendar, language: str, now: datetime) -> str:
    """The hours and, when it is closed, when somebody is there again."""
    say = words.of(language)
    text = say.hours.format(hours=calendar.opening_text(language, now))
    if not calendar.is_open(now):
        text += f" {say.back.format(next=calendar.next_opening_text(language, now))}"
    return text


class HandoffAvailability(ShippedAction):
    """Whether a person is there now, the hours, and what waiting would mean."""

    action_name = "action_handoff_availability"

    def __init__(self, line: Line, policy: Callable[[], Policy], clock: Callable[[], float]) -> None:
        self._line = line
        self._policy = policy
        self._clock = clock

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any) -> list[EventType]:
        """Look at the team that the problem goes to."""
        policy, language = self._policy(), language_of(tracker)
        now = datetime.fromtimestamp(self._clock(), UTC)
        problem = text_of(tracker, "problem")
        team = policy.team_for(problem, language).id
        weight = policy.weigh(
            problem,
            reason_of(tracker.slots.get("handoff_reason")),
            scope=tracker.slots.get("scope"),
            urgency=tracker.slots.get("urgency"),
        )
        is_open = policy.calendar.is_open(now)
        wait = await self._line.expected_wait(team) if is_open else None
        ahead = await self._line.ahead(team, weight.priority.value) if is_open else None
        return slots(
            handoff_open=is_open,
            opening_hours_text=opening_sentences(policy.calendar, language, now),
            queue_position=None if ahead is None else float(ahead + 1),
            expected_wait=None if wait is None else round(wait / 60, 1),
        )


_WAY = re.compile(r"\S+@\S+|\+?\d[\d /.()-]*")
"""An address or a number as it is typed."""
_BESIDE_A_NAME = re.compile(
    r"[,;:\n(]|\s[-–]\s|\b(?:en|et|and|mijn|mon|my|op|au|at|on|via|mail|e-mail|email|tel|gsm)\b"
)
"""What stands between a name and the rest of an answer."""
_ABOUT_SOMETHING = 0.75
"""How sure a meaning must be for a bare answer to be no name ("gestolen")."""


class NoteContact(ShippedAction):
    """Finds the name in an answer that has an e-mail address or a number besides, or instead."""

    action_name = "action_note_contact"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any) -> list[EventType]:
        """Fill `customer_name` where it is not known; addresses and numbers were taken as entities."""
        intent: Any = tracker.latest_message.get("intent") or {}
        surely = (intent.get("confidence") or 0.0) >= _ABOUT_SOMETHING
        about = surely and intent.get("name") != NLU_FALLBACK
        name = text_of(tracker, "customer_name") or name_in(text_of(tracker, "customer_contact"), about=about)
        return slots(customer_name=name or None, callback_phone=None)  # nobody asked to be called


def name_in(answer: str, *, about: bool = False) -> str:
    """The name in an answer; `about`: it means something, so that alone it is no name ("gestolen")."""
    parts = _BESIDE_A_NAME.split(_WAY.sub(",", answer))
    found = (find_name(part, fold(part)) for part in parts if len(parts) > 1 or not about)
    return next((each.value for each in found if each is not None), "")


class OpeningHours(ShippedAction):
    """The opening hours as sentences."""

    action_name = "action_opening_hours"

    def __init__(self, policy: Callable[[], Policy], clock: Callable[[], float]) -> None:
        self._policy = policy
        self._clock = clock

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any) -> list[EventType]:
        """Fill `opening_hours_text` and `handoff_open`."""
        calendar = self._policy().calendar
        now = datetime.fromtimestamp(self._clock(), UTC)
        text = opening_sentences(calendar, language_of(tracker), now)
        return slots(opening_hours_text=text, handoff_open=calendar.is_open(now))
