"""One run of the engine: a working copy of the tracker, with what is said and written down so far.

It lives for one call of `bot.dialogue.engine.receive` and is never stored.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from typing import Any

from bot.dialogue import answers, render
from bot.dialogue.domain import Slot
from bot.dialogue.effects import Effect, Outcome, RunAction, Say
from bot.dialogue.flows import CollectStep, Flow, Step
from bot.dialogue.pack import CUSTOMER, Pack
from bot.dialogue.tracker import Frame, Tracker
from bot.model.actions import ActionCall
from bot.model.events import WORDS, Event
from bot.model.messages import OutboundMessage, QuickReply

PROBLEM = "problem"
"""The slot that names the problem being discussed."""


class Run:
    """The working copy. `now` is the tracker; slots, stack and variations are kept apart as it runs."""

    def __init__(self, pack: Pack, tracker: Tracker) -> None:
        self.pack = pack
        self.before = tracker
        self.now = tracker
        self.slots: dict[str, Any] = dict(tracker.slots)
        self.stack: list[Frame] = list(tracker.stack)
        self.variations: dict[str, int] = dict(tracker.variations)
        self.effects: list[Effect] = []
        self.events: list[Event] = []
        self.said: list[OutboundMessage] = []

    def set(self, **changes: Any) -> None:
        """Change fields of the tracker other than its slots, stack and variations."""
        self.now = replace(self.now, **changes)

    @property
    def tracker(self) -> Tracker:
        """The tracker as it stands now."""
        return replace(self.now, slots=self.slots, stack=tuple(self.stack), variations=self.variations)

    # The stack.

    @property
    def frame(self) -> Frame:
        """The frame that speaks."""
        return self.stack[-1]

    def change(self, **changes: Any) -> None:
        """Change the frame that speaks."""
        self.stack[-1] = replace(self.stack[-1], **changes)

    def push(self, flow: str, kind: str, context: Mapping[str, Any] | None = None) -> None:
        """Put a flow on top."""
        self.set(frames=self.now.frames + 1)
        self.stack.append(Frame(self.now.frames, flow, kind=kind, context=context or {}))

    def push_pattern(self, name: str, **context: Any) -> bool:
        """Put a pattern on top, if the pack has it; `reask` False leaves the open question alone."""
        if name in self.pack.flows:
            self.push(name, "pattern", context)
            return True
        return False

    def flow(self, frame: Frame | None = None) -> Flow | None:
        """The flow of a frame; None when the pack no longer has it."""
        return self.pack.flows.get((frame or self.frame).flow)

    def step(self) -> Step | None:
        """The step that the frame on top stands at."""
        flow = self.flow()
        return flow.steps.get(self.frame.step) if flow else None

    def question(self) -> tuple[CollectStep, Slot] | None:
        """The question that is open."""
        step = self.step() if self.stack else None
        if isinstance(step, CollectStep) and self.frame.asked and step.slot in self.pack.domain.slots:
            return step, self.pack.domain.slots[step.slot]
        return None

    # Words.

    def utter(
        self, response: str, values: Mapping[str, Any] | None = None, *, buttons_of: Slot | None = None
    ) -> bool:
        """Say a response; False when no variation of it applies."""
        tracker = self.tracker
        chosen = render.choose(self.pack, tracker, response, values or {})
        message = render.render(self.pack, tracker, response, values, buttons_of=buttons_of)
        if chosen is None or message is None:
            return False
        self.variations[response] = chosen[0]
        self.say(message)
        return True

    def say(self, message: OutboundMessage) -> None:
        """Say a message; after a handover it is a notice, not the bot's."""
        if not message.text and not message.attachments:
            return
        if self.now.handed_off:
            message = replace(message, author="system")
        self.said.append(message)
        self.effects.append(Say(message))
        self.record(
            message.author,
            {
                "author": message.author,
                "response": message.response,
                "replies": [{"title": reply.title, "payload": reply.payload} for reply in message.replies],
                **({"metadata": dict(message.metadata)} if message.metadata else {}),
            },
            {"text": message.text},
        )

    def add_to_last(self, replies: tuple[QuickReply, ...], metadata: Mapping[str, Any]) -> None:
        """Say the last message with these replies in front and this metadata, instead of as it was."""
        message = self.said.pop()
        self.effects.pop()
        self.events.pop()
        self.say(
            replace(
                message,
                replies=(*replies, *message.replies),
                metadata={**message.metadata, **metadata},
            )
        )

    def record(self, kind: str, data: Mapping[str, Any], content: Mapping[str, Any] | None = None) -> None:
        """Write an event down."""
        self.events.append(Event(kind, data, content or {}))

    # Slots.

    def fill(self, name: str, value: Any, by: str) -> None:
        """Give a slot a value and write it down; a slot with `record` writes its new items down as events."""
        slot = self.pack.domain.slots.get(name)
        if slot is None:
            self.record("error", {"where": "slot", "kind": "unknown_slot", "slot": name})
            return
        old = self.slots.get(name)
        if old == value:
            return
        self.slots[name] = value
        self.record("slot", {"name": name, "by": by}, {"value": value})
        if not slot.record or value is None:
            return
        if isinstance(value, list):
            known: list[Any] = old if isinstance(old, list) else []  # pyright: ignore[reportUnknownVariableType]
            for item in _new(value, known):  # pyright: ignore[reportUnknownArgumentType]
                self.record(slot.record, *_parted(slot.record, item))
        else:
            score = int(value) if str(value).isdigit() else None
            self.record(
                slot.record,
                {"score": score} if score is not None else {},
                {} if score is not None else {"comment": value},
            )

    def collected(self, name: str, value: Any, by: str) -> None:
        """Fill a slot on behalf of the flow that speaks, so that it is reset when the flow ends."""
        fitting = answers.coerce(self.pack.domain.slots[name], value) if value is not None else None
        if self.stack and name not in self.frame.filled and name not in CUSTOMER:
            saved = self.frame.saved
            if any(name in frame.filled for frame in self._interrupted()):
                saved = {name: self.slots.get(name), **saved}
            self.change(filled=(*self.frame.filled, name), saved=saved)
        self.fill(name, fitting, by)

    def _interrupted(self) -> list[Frame]:
        """The frames below the flow that speaks and those that called it."""
        base = next((n for n in range(len(self.stack) - 1, -1, -1) if self.stack[n].kind != "call"), 0)
        return self.stack[:base]

    def reset(self, frame: Frame, but: Collection[str] = ()) -> None:
        """Give the slots that a frame filled back the value they had before it; its problem is remembered."""
        if PROBLEM in frame.filled and self.slots.get(PROBLEM) is not None:
            known = {name: self.slots.get(name) for name in frame.filled if self._tells_problem(name)}
            self.set(recent={name: value for name, value in known.items() if value is not None})
        for name in frame.filled:
            if name not in but and name in self.pack.domain.slots:
                self.fill(name, frame.saved.get(name, self.pack.domain.slots[name].initial), "reset")

    def _tells_problem(self, name: str) -> bool:
        slot = self.pack.domain.slots.get(name)
        return slot is not None and (slot.fact or name in (PROBLEM, "problem_summary"))

    def recall(self) -> None:
        """Where no problem is being discussed: the one that was just begun, or was worked on last."""
        if self.slots.get(PROBLEM) is not None:
            return
        flows = (self.flow(frame) for frame in reversed(self.stack))
        begun = next((flow for flow in flows if flow and flow.is_problem and flow.triggers), None)
        known = {PROBLEM: begun.triggers[0].intent} if begun else self.now.recent
        for name, value in known.items():
            if name in self.pack.domain.slots:
                self.collected(name, value, "flow")

    # Actions.

    def run_action(self, name: str, kind: str) -> None:
        """Ask for an action; the run stops until its result is there."""
        key = f"{self.before.conversation_id}:{self.now.turn}:{self.now.calls}"
        self.set(calls=self.now.calls + 1, pending=key, pending_kind=kind)
        self.effects.append(RunAction(ActionCall(name, key, self._rasa_tracker())))

    def _rasa_tracker(self) -> dict[str, Any]:
        return {
            "sender_id": self.before.conversation_id,
            "slots": {**self.slots, "language": self.now.language},
            "latest_message": dict(self.now.latest),
            "events": [
                {"event": "user", "text": self.now.latest.get("text"), "input_channel": self.now.channel}
            ],
            "paused": False,
            "followup_action": None,
            "active_loop": {},
            "latest_action_name": None,
            "latest_input_channel": self.now.channel,
            "stack": [{"flow_id": frame.flow, "step_id": frame.step} for frame in self.stack],
        }

    def finish(self) -> Outcome:
        """What the run came to."""
        if self.said:
            replies = tuple(reply for message in self.said for reply in message.replies)
            if not replies and self._same_question():
                replies = self.before.offered
            self.set(offered=replies, last_said=tuple(_said(message) for message in self.said))
        question = self.question()
        if "requested_slot" in self.pack.domain.slots:
            self.slots["requested_slot"] = question[1].name if question else None
        return Outcome(self.tracker, tuple(self.effects), tuple(self.events))

    def _same_question(self) -> bool:
        """Whether the question that was open before is open still."""
        old, new = self.before.top, self.stack[-1] if self.stack else None
        return old is not None and new is not None and old.asked and (old.id, old.step) == (new.id, new.step)


def _new(items: Iterable[Mapping[str, Any]], known: list[Any]) -> Iterable[Mapping[str, Any]]:
    return (item for item in items if item not in known)


def _parted(kind: str, item: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """An item's facts and figures, and its words, which can be erased."""
    words = WORDS.get(kind, frozenset())
    data = {key: value for key, value in item.items() if key not in words}
    return data, {key: item[key] for key in item if key in words}


def _said(message: OutboundMessage) -> dict[str, Any]:
    return {
        "text": message.text,
        "replies": [[reply.title, reply.payload] for reply in message.replies],
        "response": message.response,
        "metadata": dict(message.metadata),
    }


def unsaid(plain: Mapping[str, Any]) -> OutboundMessage:
    """The message that was kept to be repeated."""
    return OutboundMessage(
        plain["text"],
        tuple(QuickReply(title, payload) for title, payload in plain["replies"]),
        plain.get("response"),
        metadata=plain.get("metadata", {}),
    )
