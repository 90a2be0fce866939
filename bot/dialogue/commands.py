"""What a turn asks of the conversation: one table of rules, tried in order, the first that fits wins.

The rule that won is recorded, so that a reviewer sees why. Nothing is changed here: the commands
say what should happen, `bot.dialogue.repair` does it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from bot.dialogue import answers, conditions
from bot.dialogue.domain import Slot
from bot.dialogue.flows import CollectStep, Flow
from bot.dialogue.pack import Pack
from bot.dialogue.tracker import Tracker
from bot.model.messages import QuickReply
from bot.model.understanding import NLU_FALLBACK, Understanding

SlotValues = tuple[tuple[str, Any], ...]


@dataclass(frozen=True, slots=True)
class StartFlow:
    """Begin a flow, with what the turn already tells; `instead` replaces the problem being discussed."""

    flow: str
    slots: SlotValues = ()
    instead: bool = False


@dataclass(frozen=True, slots=True)
class SetSlots:
    """Fill slots of the flow that is going on; `answered` is the one that was asked for."""

    slots: SlotValues
    answered: str = ""


@dataclass(frozen=True, slots=True)
class CorrectSlots:
    """Change slots that were filled before."""

    slots: SlotValues


@dataclass(frozen=True, slots=True)
class CancelFlow:
    """Leave what is going on."""


@dataclass(frozen=True, slots=True)
class Clarify:
    """Ask which of some flows is meant; what the turn told is kept for the one that is chosen."""

    flows: tuple[str, ...]
    slots: SlotValues = ()


@dataclass(frozen=True, slots=True)
class HumanHandoff:
    """A person is wanted."""

    reason: str = "asked"


@dataclass(frozen=True, slots=True)
class Repeat:
    """Say the last thing again."""


@dataclass(frozen=True, slots=True)
class AskAgain:
    """Put the question again; nothing went wrong."""


@dataclass(frozen=True, slots=True)
class ChangeLanguage:
    """Go on in another language."""

    language: str


@dataclass(frozen=True, slots=True)
class SkipQuestion:
    """The customer has no answer to the question."""

    slot: str


@dataclass(frozen=True, slots=True)
class CannotHandle:
    """Nothing fits. `reason`: no_meaning, or invalid_answer when a question was open."""

    reason: str


Command = (
    StartFlow | SetSlots | CorrectSlots | CancelFlow | Clarify | HumanHandoff | Repeat | AskAgain
    | ChangeLanguage | SkipQuestion | CannotHandle
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Decision:
    """The commands of a turn and the name of the rule that gave them."""

    rule: str
    commands: tuple[Command, ...]


@dataclass(frozen=True)
class Moment:
    """One turn against the state it falls into."""

    pack: Pack
    tracker: Tracker
    understanding: Understanding
    text: str = ""
    payload: str | None = None
    thresholds: Any = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "thresholds", self.pack.thresholds)

    @cached_property
    def question(self) -> tuple[CollectStep, Slot] | None:
        """The question that is open."""
        top = self.tracker.top
        if top is None or not top.asked or top.flow not in self.pack.flows:
            return None
        step = self.pack.flows[top.flow].steps.get(top.step)
        if not isinstance(step, CollectStep) or step.slot not in self.pack.domain.slots:
            return None
        return step, self.pack.domain.slots[step.slot]

    @cached_property
    def awaits_text(self) -> bool:
        """Whether any words would answer the question."""
        return self.question is not None and self.question[1].takes_text

    @cached_property
    def going_on(self) -> frozenset[str]:
        """The flows on the stack."""
        return frozenset(frame.flow for frame in self.tracker.stack)

    @cached_property
    def negated(self) -> bool:
        """Whether the turn denies something or sets it right."""
        if self.understanding.intent == "deny":
            return True
        words = set(answers.normal(self.text).split())
        known = self.pack.words.get("negation", {}).get(self.understanding.language, ())
        return any(word in words for word in known)

    def sure(self, least: float) -> bool:
        """Whether the intent is certain enough, more so where any words would be an answer."""
        least = max(least, self.thresholds.over_text) if self.awaits_text else least
        return self.understanding.intent != NLU_FALLBACK and self.understanding.confidence >= least

    def entity_slots(self, flow_ids: frozenset[str]) -> dict[str, Any]:
        """What the turn's entities say about slots that these flows ask for, or that belong on a ticket."""
        names = [name for flow_id in sorted(flow_ids) for name in self.pack.reachable_slots.get(flow_id, ())]
        if any(flow_id in self.pack.flows and self.pack.flows[flow_id].is_problem for flow_id in flow_ids):
            names.extend(self.pack.facts)
        slots = self.pack.domain.slots
        found = {
            name: answers.from_entity(slots[name], self.understanding)
            for name in dict.fromkeys(names)
            if name in slots
        }
        return {name: value for name, value in found.items() if value is not None}

    def by_the_way(self, *but: str) -> SlotValues:
        """Slots of the flows going on that the turn fills by the way."""
        slots = self.tracker.slots
        found = self.entity_slots(self.going_on)
        return tuple(
            (name, value) for name, value in found.items() if slots.get(name) is None and name not in but
        )

    @cached_property
    def contradictions(self) -> SlotValues:
        """Filled slots of the flows going on that the turn gives another value."""
        filled = {name for frame in self.tracker.stack for name in frame.filled}
        asked = self.question[0].slot if self.question else ""
        return tuple(
            (name, value)
            for name, value in self.entity_slots(self.going_on).items()
            if name in filled and name != asked and self.tracker.slots.get(name) not in (None, value)
        )

    def startable(self, intent: str, confidence: float) -> Flow | None:
        """The flow that an intent may start now."""
        found = self.pack.triggers.get(intent)
        if found is None or confidence < found[1] or found[0].id in self.going_on:
            return None
        guard = found[0].guard
        if guard is not None and not conditions.holds(guard, self.tracker.slots, self.tracker.context):
            return None
        return found[0]

    def start(self, flow: Flow, *, instead: bool = False) -> StartFlow:
        """The command that starts a flow with what the turn tells about it."""
        return StartFlow(flow.id, tuple(self.entity_slots(frozenset({flow.id})).items()), instead)


Found = tuple[Command, ...] | None


def offered_reply(moment: Moment) -> Found:
    """A button, its title or its number; a payload counts only when the bot has just offered it."""
    offered = moment.tracker.offered
    if moment.payload is not None:
        reply = next((reply for reply in offered if reply.payload == moment.payload), None)
    else:
        reply = answers.chosen(moment.text, offered) or _only_meaning(moment)
    return _from_payload(moment, reply.payload) if reply else None


def _only_meaning(moment: Moment) -> QuickReply | None:
    """A "yes" to a clarification that offered one meaning."""
    top, offered = moment.tracker.top, moment.tracker.offered
    asked = top is not None and top.flow == "pattern_clarification" and len(top.context.get("flows", ())) == 1
    return offered[0] if asked and offered and moment.understanding.intent == "affirm" else None


def global_intent(moment: Moment) -> Found:
    """A person, cancel, repeat, another language: possible at every moment."""
    if not moment.sure(moment.thresholds.command):
        return None
    commands = _global(moment, moment.understanding.intent)
    told = moment.by_the_way() if commands else ()
    return (SetSlots(told), *commands) if commands and told else commands


def valid_answer(moment: Moment) -> Found:
    """An answer to the question that is open, and what was said beside it."""
    if moment.question is None:
        return None
    step, slot = moment.question
    if step.confirms and _set_right(moment):
        return None
    least = moment.thresholds.command
    if moment.understanding.intent == "dont_know" and moment.sure(least):
        return (SkipQuestion(slot.name),)
    value = answers.answer(slot, moment.text, moment.understanding, least)
    if value is None:
        return None
    commands: list[Command] = [SetSlots(((slot.name, value), *moment.by_the_way(slot.name)), slot.name)]
    if moment.negated and moment.contradictions and not step.confirms:
        commands.insert(0, CorrectSlots(moment.contradictions))
    return tuple(commands)


def correction(moment: Moment) -> Found:
    """Something said before is set right: a slot, or the problem itself."""
    if not moment.tracker.stack or moment.payload is not None:
        return None
    found = _set_right(moment)
    if found:
        return found
    short = len(moment.text.split()) <= 8
    if moment.awaits_text or _other_problem(moment, moment.thresholds.over_text):
        return None
    if moment.contradictions and (moment.negated or short):
        return (CorrectSlots(moment.contradictions),)
    return None


def _set_right(moment: Moment) -> Found:
    """At a read-back: "no, it is …" with a new value, or with another problem."""
    step = moment.question[0] if moment.question else None
    if step is None or not step.confirms:
        return None
    # A new value alone ("no, it is my phone") may resemble another problem: that must be surer then.
    limits = moment.thresholds
    flow = _other_problem(moment, limits.over_text if moment.contradictions else limits.digression)
    if flow is not None:
        return (moment.start(flow, instead=True),)
    return (CorrectSlots(moment.contradictions),) if moment.contradictions else None


def _other_problem(moment: Moment, least: float) -> Flow | None:
    """Another problem scenario that the turn surely means."""
    intent, confidence = moment.understanding.intent, moment.understanding.confidence
    flow = moment.startable(intent, confidence) if confidence >= least else None
    return flow if flow is not None and flow.is_problem else None


def digression(moment: Moment) -> Found:
    """Another subject: a flow that the intent starts, if it is certain enough."""
    if moment.question is not None and moment.question[0].force_slot_filling:
        return None
    limits = moment.thresholds
    intent, confidence = moment.understanding.intent, moment.understanding.confidence
    if not moment.sure(limits.digression if moment.tracker.stack else limits.start):
        return None
    if moment.tracker.stack and _lead(moment.understanding) < limits.margin:
        return None
    flow = moment.startable(intent, confidence)
    return (moment.start(flow),) if flow is not None else None


def back_to_interrupted(moment: Moment) -> Found:
    """The problem that was interrupted is named again: what interrupted it is left."""
    found = moment.pack.triggers.get(moment.understanding.intent)
    if found is None or not moment.sure(moment.thresholds.digression):
        return None
    flows = [frame.flow for frame in moment.tracker.stack if frame.kind == "flow"]
    return (CancelFlow(),) if found[0].id in flows[:-1] else None


def already_going_on(moment: Moment) -> Found:
    """The same problem said again: what is new in it is taken, and the question is put again."""
    found = moment.pack.triggers.get(moment.understanding.intent)
    if moment.awaits_text or found is None or found[0].id not in moment.going_on:
        return None
    told = moment.by_the_way()
    return (SetSlots(told), AskAgain()) if told else (AskAgain(),)


def whole_text(moment: Moment) -> Found:
    """The question takes any words."""
    if moment.question is None or not moment.awaits_text:
        return None
    slot = moment.question[1]
    value = answers.coerce(slot, moment.text)
    return (SetSlots(((slot.name, value), *moment.by_the_way(slot.name)), slot.name),) if value else None


def told_by_the_way(moment: Moment) -> Found:
    """No answer to the question, but facts that the scenario needs."""
    told = moment.by_the_way()
    return (SetSlots(told), AskAgain()) if told and moment.question is not None else None


def clarify(moment: Moment) -> Found:
    """Two meanings are likely: ask which."""
    if moment.question is not None and moment.question[0].force_slot_filling:
        return None
    likely = [
        (flow, score.confidence)
        for score in moment.understanding.ranking[:4]
        if score.name != NLU_FALLBACK and score.confidence >= moment.thresholds.clarify
        and (flow := moment.startable(score.name, score.confidence)) is not None
    ]  # fmt: skip
    if not likely or (moment.tracker.stack and len(likely) < 2):
        return None
    flows = tuple(dict.fromkeys(flow.id for flow, _ in likely))[:2]
    slots: dict[str, Any] = moment.entity_slots(frozenset(flows))
    return (Clarify(flows, tuple(slots.items())),)


def cannot_handle(moment: Moment) -> Found:
    """Nothing fits."""
    return (CannotHandle("invalid_answer" if moment.question else "no_meaning"),)


RULES: tuple[tuple[str, Callable[[Moment], Found]], ...] = (
    ("offered_reply", offered_reply),
    ("global_intent", global_intent),
    ("valid_answer", valid_answer),
    ("correction", correction),
    ("digression", digression),
    ("back_to_interrupted", back_to_interrupted),
    ("already_going_on", already_going_on),
    ("whole_text", whole_text),
    ("told_by_the_way", told_by_the_way),
    ("clarify", clarify),
    ("cannot_handle", cannot_handle),
)
"""The table: tried from top to bottom."""


def decide(moment: Moment) -> Decision:
    """The commands of a turn, and the rule that gave them."""
    for name, rule in RULES:
        commands = rule(moment)
        if commands is not None:
            return Decision(name, commands)
    raise AssertionError("the last rule always fits")


def _lead(understanding: Understanding) -> float:
    """How far the first meaning is ahead of the second."""
    others = [score.confidence for score in understanding.ranking if score.name != understanding.intent]
    return understanding.confidence - max(others, default=0.0)


def _global(moment: Moment, intent: str) -> Found:
    match intent:
        case "talk_to_human":
            return (HumanHandoff(),)
        case "cancel" if moment.tracker.stack:
            return (CancelFlow(),)
        case "repeat":
            return (Repeat(),)
        case "change_language":
            wanted = moment.understanding.values_of("language")
            language = wanted[0] if wanted else moment.understanding.language
            return (ChangeLanguage(language),) if language in moment.pack.languages else None
        case _:
            return None


_SET_SLOTS = re.compile(r"/SetSlots\((.*)\)", re.DOTALL)
_INTENT = re.compile(r"/([\w/-]+)\s*(\{.*\})?", re.DOTALL)


def _from_payload(moment: Moment, payload: str) -> Found:
    """The commands of a payload: `/SetSlots(a=b, c=d)` or `/intent{"entity": "value"}`."""
    setting = _SET_SLOTS.fullmatch(payload)
    if setting:
        slots = parse_assignments(setting.group(1))
        values = tuple(
            (name, answers.coerce(moment.pack.domain.slots[name], value) if value is not None else None)
            for name, value in slots.items()
            if name in moment.pack.domain.slots
        )
        asked = moment.question[0].slot if moment.question else ""
        if asked in slots and slots[asked] is None:
            return (SkipQuestion(asked),)
        return (SetSlots(values, asked if asked in slots else ""),)
    found = _INTENT.fullmatch(payload)
    if found is None:
        return None
    intent = found.group(1)
    entities: Mapping[str, Any] = json.loads(found.group(2)) if found.group(2) else {}
    special = _global(moment, intent)
    if special:
        return special
    if moment.question is not None:
        chosen = Understanding(text="", language=moment.tracker.language, intent=intent, confidence=1.0)
        value = answers.answer(moment.question[1], "", chosen, 0.0)
        if value is not None:
            return (SetSlots(((moment.question[1].name, value),), moment.question[1].name),)
    trigger = moment.pack.triggers.get(intent)
    if trigger is None:
        return None
    kept: Any = moment.tracker.context.get("slots", ())
    slots = {
        **dict(kept),
        **{name: value for name, value in entities.items() if name in moment.pack.domain.slots},
    }
    return (StartFlow(trigger[0].id, tuple(slots.items())),)


def parse_assignments(text: str) -> dict[str, str | None]:
    """`a=b, c=null` as a dictionary; values may be quoted."""
    values: dict[str, str | None] = {}
    for part in re.findall(r'(\w+)\s*=\s*("[^"]*"|\'[^\']*\'|[^,]*)', text):
        value = part[1].strip().strip("\"'")
        values[part[0]] = None if value.lower() in ("null", "none", "undefined") else value
    return values
