"""What the engine asks an action to do, and what came of it. The form of both is Rasa's action server's."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class ActionCall:
    """One call of a custom action. `key` is the same for a repeated call: conversation, turn, n."""

    name: str
    key: str
    tracker: Mapping[str, Any]
    """The tracker as Rasa sends it: sender_id, slots, latest_message, events, active_loop, …"""


@dataclass(frozen=True, slots=True)
class ActionResult:
    """What an action gave back: slots to set, and responses to say (Rasa's dictionaries)."""

    name: str
    key: str
    ok: bool = True
    slots: Mapping[str, Any] = field(default_factory=dict[str, Any])
    responses: tuple[Mapping[str, Any], ...] = ()
    followup: str | None = None
    reset_slots: bool = False
    error: str = ""
    ms: int = 0
