"""What the shipped actions have in common: a name as a class attribute, and reading a tracker safely."""

from __future__ import annotations

from typing import Any, ClassVar

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, SlotSet


class ShippedAction(Action):
    """An action that Balie ships; `balie_durable` ones run as jobs, after the state was committed."""

    action_name: ClassVar[str]
    balie_durable: ClassVar[bool] = False

    def name(self) -> str:
        """The action's name, as in the flows."""
        return self.action_name


def slots(**values: Any) -> list[EventType]:
    """One `SlotSet` for each value."""
    return [SlotSet(name, value) for name, value in values.items()]


def text_of(tracker: Tracker, slot: str) -> str:
    """A slot as text; empty when it is not filled."""
    value = tracker.slots.get(slot)
    return "" if value is None else str(value)


def items_of(tracker: Tracker, slot: str) -> list[dict[str, Any]]:
    """A list slot's dictionaries, as copies; anything else in it is left out."""
    found: Any = tracker.slots.get(slot)
    return [dict(item) for item in found if isinstance(item, dict)] if isinstance(found, list) else []  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType]


def said(tracker: Tracker) -> str:
    """What the customer said last."""
    return str(tracker.latest_message.get("text") or "")


def language_of(tracker: Tracker) -> str:
    """The conversation's language; the engine always sets it."""
    return text_of(tracker, "language") or "nl"
