"""Where a conversation stands: its slots, its stack of flows, what was said last. A frozen value.

The record of what happened is the events; the tracker is what the engine needs to go on.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from bot.model.messages import QuickReply

START = "START"
"""The step of a frame that has not begun."""


@dataclass(frozen=True, slots=True)
class Frame:
    """A flow in progress. The last frame of the stack is the one that speaks.

    `kind`: "flow" (started by the customer), "call" (returns to the frame below), "pattern" (repair).
    `asked`: the question of the current collect step has been put. `fresh`: a slot that must be asked
    even if filled has been emptied for it. `filled`: slots to reset when the flow ends. `skipped`: optional
    slots that the customer has no answer to. `refused`: how often the current answer was rejected.
    `saved`: what slots of an interrupted flow held before this one filled them.
    """

    id: int
    flow: str
    step: str = START
    kind: str = "flow"
    asked: bool = False
    fresh: bool = False
    context: Mapping[str, Any] = field(default_factory=dict[str, Any])
    filled: tuple[str, ...] = ()
    skipped: tuple[str, ...] = ()
    validated: tuple[str, ...] = ()
    saved: Mapping[str, Any] = field(default_factory=dict[str, Any])
    refused: int = 0


@dataclass(frozen=True, slots=True)
class Tracker:
    """The state of one episode of a conversation; `to_json` and `from_json` are each other's inverse.

    `recent` is what was known of the problem that was worked on last, once its flow has ended. `today` is the
    day of the last turn.
    """

    conversation_id: str
    language: str
    channel: str = ""
    slots: Mapping[str, Any] = field(default_factory=dict[str, Any])
    stack: tuple[Frame, ...] = ()
    offered: tuple[QuickReply, ...] = ()
    last_said: tuple[Mapping[str, Any], ...] = ()
    latest: Mapping[str, Any] = field(default_factory=dict[str, Any])
    variations: Mapping[str, int] = field(default_factory=dict[str, int])
    begun: float = 0.0
    turn: int = 0
    calls: int = 0
    frames: int = 0
    failures: int = 0
    silences: int = 0
    pending: str = ""
    pending_kind: str = ""
    handed_off: bool = False
    outcome: str = ""
    notes: tuple[str, ...] = ()
    recent: Mapping[str, Any] = field(default_factory=dict[str, Any])
    today: str = ""

    @property
    def top(self) -> Frame | None:
        """The frame that speaks."""
        return self.stack[-1] if self.stack else None

    @property
    def context(self) -> Mapping[str, Any]:
        """The context of the frame that speaks."""
        return self.stack[-1].context if self.stack else {}

    def to_json(self) -> dict[str, Any]:
        """A plain dictionary for the store."""
        plain: dict[str, Any] = {name: getattr(self, name) for name in _PLAIN}
        plain["stack"] = [
            {name: _plain(getattr(frame, name)) for name in Frame.__slots__} for frame in self.stack
        ]
        plain["offered"] = [[reply.title, reply.payload] for reply in self.offered]
        plain["last_said"] = list(self.last_said)
        plain["notes"] = list(self.notes)
        return plain

    @classmethod
    def from_json(cls, plain: Mapping[str, Any]) -> Tracker:
        """The tracker that `to_json` gave; keys of a later version are left aside."""
        known = {name: plain[name] for name in _PLAIN if name in plain}
        tracker = cls(**known)
        return replace(
            tracker,
            stack=tuple(_frame(frame) for frame in plain.get("stack", ())),
            offered=tuple(QuickReply(title, payload) for title, payload in plain.get("offered", ())),
            last_said=tuple(plain.get("last_said", ())),
            notes=tuple(plain.get("notes", ())),
        )


_PLAIN = (
    "conversation_id", "language", "channel", "slots", "latest", "variations", "begun", "turn", "calls",
    "frames", "failures", "silences", "pending", "pending_kind", "handed_off", "outcome",
    "recent", "today",
)  # fmt: skip


def _plain(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value  # pyright: ignore[reportUnknownArgumentType, reportUnknownVariableType]


def _frame(plain: Mapping[str, Any]) -> Frame:
    known: dict[str, Any] = {name: plain[name] for name in Frame.__slots__ if name in plain}
    for name in ("filled", "skipped", "validated"):
        known[name] = tuple(known.get(name, ()))
    return Frame(**known)
