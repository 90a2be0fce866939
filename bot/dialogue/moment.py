"""One turn against the state that it falls into: what the rules ask about it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from bot.dialogue import answers, conditions
from bot.dialogue.commands import KeepForLater, SlotValues, StartFlow
from bot.dialogue.domain import Slot
from bot.dialogue.flows import CollectStep, Flow
from bot.dialogue.pack import Pack, Thresholds
from bot.dialogue.repair import HANDOFF, TRANSIENT
from bot.dialogue.tracker import Tracker
from bot.dialogue.words import normal
from bot.model.understanding import NLU_FALLBACK, Understanding

BRIEF = 5
"""Words of a turn that can hardly be about two things."""


@dataclass(frozen=True)
class Moment:
    """A turn: its text and what was understood of it, in a conversation as it stands."""

    pack: Pack
    tracker: Tracker
    understanding: Understanding
    text: str = ""
    payload: str | None = None

    def below(self) -> Moment:
        """The same turn without the pattern on top."""
        return Moment(
            self.pack,
            replace(self.tracker, stack=self.tracker.stack[:-1]),
            self.understanding,
            self.text,
            self.payload,
        )

    @property
    def limits(self) -> Thresholds:
        """How sure things must be."""
        return self.pack.thresholds

    @property
    def language(self) -> str:
        """The language of the turn."""
        return self.understanding.language

    @cached_property
    def plain(self) -> str:
        """The text of the turn, `normal`."""
        return normal(self.text)

    @cached_property
    def said(self) -> list[str]:
        """The words of the turn."""
        return self.plain.split()

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
    def in_passing(self) -> bool:
        """Whether the question that is open gives way to anything, and may be left."""
        top = self.tracker.top
        if self.question is None or top is None:
            return False
        step, slot = self.question
        return top.flow in TRANSIENT and slot.optional and not step.required

    @cached_property
    def going_on(self) -> frozenset[str]:
        """The flows on the stack."""
        return frozenset(frame.flow for frame in self.tracker.stack)

    @property
    def on_the_way(self) -> bool:
        """Whether a person is being called."""
        return HANDOFF in self.going_on

    @cached_property
    def is_a_thing(self) -> bool:
        """Whether one word was said, and it names a thing ("laptop"): an answer, and no new subject."""
        long = len(self.text.strip())
        entities = self.understanding.entities
        return len(self.said) == 1 and any(each.end - each.start >= long > 0 for each in entities)

    @cached_property
    def negated(self) -> bool:
        """Whether the turn sets something right: it denies, or begins with such a word."""
        if self.understanding.intent == "deny":
            return True
        words = self.words("negation")
        near = self.said if len(self.said) <= BRIEF else self.said[:4]
        return any(word in words for word in (self.said if self.contrasted else near))

    @property
    def contrasted(self) -> bool:
        """Whether the turn sets something against something else ("…, but …")."""
        return any(word in self.words("contrast") for word in self.said)

    def words(self, kind: str) -> tuple[str, ...]:
        """The pack's small word list of a kind, in the language of the turn."""
        return self.pack.words.get(kind, {}).get(self.language, ())

    def sure(self, least: float) -> bool:
        """Whether the intent is certain enough, more so where any words would be an answer."""
        least = max(least, self.limits.over_text) if self.awaits_text else least
        return self.understanding.intent != NLU_FALLBACK and self.understanding.confidence >= least

    @cached_property
    def going_on_intents(self) -> frozenset[str]:
        """The intents that start the flows going on."""
        flows = (self.pack.flows[flow] for flow in self.going_on if flow in self.pack.flows)
        return frozenset(trigger.intent for flow in flows for trigger in flow.triggers)

    # What the turn tells about slots.

    def _asked_by(self, flow_ids: Iterable[str]) -> list[Slot]:
        """Slots that these flows ask for."""
        slots = self.pack.domain.slots
        names = [name for flow_id in sorted(flow_ids) for name in self.pack.reachable_slots.get(flow_id, ())]
        return [slots[name] for name in dict.fromkeys(names) if name in slots]

    def entity_slots(self, flow_ids: Iterable[str]) -> dict[str, Any]:
        """What the turn's entities say about slots that some flows ask for, or that are taken anywhere."""
        if not self.understanding.entities:
            return {}
        slots = [*self._asked_by(flow_ids), *self.pack.anywhere]
        found = {slot.name: answers.from_entity(slot, self.understanding) for slot in slots}
        return {name: value for name, value in found.items() if value is not None}

    def heard_slots(self, flow_ids: Iterable[str]) -> dict[str, Any]:
        """What the turn's words say about slots that are filled from words as well (`heard`)."""
        found = {
            slot.name: answers.named(slot, self.plain) for slot in self._asked_by(flow_ids) if slot.heard
        }
        return {name: value for name, value in found.items() if value is not None}

    def told(self, flow_ids: Iterable[str]) -> dict[str, Any]:
        """Everything that the turn tells about slots of some flows."""
        flow_ids = list(flow_ids)
        return {**self.heard_slots(flow_ids), **self.entity_slots(flow_ids)}

    def by_the_way(self, *but: str) -> SlotValues:
        """Empty slots of the flows going on that the turn fills, other than the one that was asked."""
        slots = self.tracker.slots
        found = self.told(self.going_on)
        return tuple(
            (name, value) for name, value in found.items() if slots.get(name) is None and name not in but
        )

    @cached_property
    def contradictions(self) -> SlotValues:
        """Filled slots of the flows going on that the turn gives another value."""
        filled = {name for frame in self.tracker.stack for name in frame.filled}
        asked = self.question[0].slot if self.question else ""
        known, slots = self.tracker.slots, self.pack.domain.slots
        found = {
            name: answers.from_entity(slots[name], self.understanding, known[name])
            for name in sorted(filled - {asked})
            if name in slots and known.get(name) is not None
        }
        return tuple((name, value) for name, value in found.items() if value not in (None, known[name]))

    @property
    def text_beside(self) -> Slot | None:
        """The free text that the pattern on top asks for as well."""
        top, slots = self.tracker.top, self.pack.domain.slots
        flow = self.pack.flows.get(top.flow) if top else None
        asked = (slots[step.slot] for step in flow.collects() if step.slot in slots) if flow else ()
        return next((slot for slot in asked if slot.takes_text), None)

    # What is said at a read-back.

    @property
    def affirmed(self) -> bool:
        """Whether the turn says yes, or begins with it."""
        return self.understanding.intent == "affirm" or (
            bool(self.said) and self.said[0] in self.words("yes")
        )

    @cached_property
    def named_otherwise(self) -> SlotValues:
        """The one filled slot of which the turn names another value, in words and not by an entity."""
        known = self.tracker.slots
        found = [
            (slot.name, value)
            for slot in self._read_back()
            if slot.values
            and (value := answers.named(slot, self.plain)) not in (None, known[slot.name])
            and not self.news(((slot.name, value),))
        ]
        return tuple(found) if len(found) == 1 else ()

    @cached_property
    def free_text_read_back(self) -> tuple[str, ...]:
        """The filled slots that were read back and take any words."""
        asked = self.question[0].slot if self.question else ""
        own_words = self.details.slot if self.details else ""
        names = [slot.name for slot in self._read_back() if slot.takes_text]
        return tuple(name for name in names if name not in (asked, own_words))

    @cached_property
    def details(self) -> CollectStep | None:
        """The question of the read-back that takes the customer's own words."""
        top, slots = self.tracker.top, self.pack.domain.slots
        flow = self.pack.flows.get(top.flow) if top else None
        steps = (step for step in flow.collects() if step.confirms) if flow else ()
        return next((step for step in steps if step.slot in slots and slots[step.slot].takes_text), None)

    def news(self, told: SlotValues = ()) -> list[str]:
        """The words of the turn that say more than no, and more than these values."""
        slots, rest = self.pack.domain.slots, f" {self.plain} "
        for entity in self.understanding.entities:
            if any(entity.value == value for _, value in told):
                rest = rest.replace(f" {normal(entity.text)} ", " ")
        for name, value in told:
            for wording in slots[name].wordings:
                if wording.value == value:
                    rest = rest.replace(wording.padded, " ")
        small = {*self.words("small"), *self.words("opening"), *self.words("no"), *self.words("negation")}
        named = [slots[name] for name, _ in told] or self._read_back()
        labels = {word for slot in named for word in normal(slot.label(self.language)).split()}
        return [word for word in rest.split() if word not in small | labels]

    @property
    def new_words(self) -> str:
        """The turn's text without the words that only open a correction ("nee, het is …")."""
        opening = self.words("opening")
        words = self.text.strip().split()
        while words and set(normal(words[0]).split()) <= set(opening):
            words.pop(0)
        return " ".join(words)

    def _read_back(self) -> list[Slot]:
        """The facts of the problem being discussed that are filled."""
        problem = next((f.flow for f in reversed(self.tracker.stack) if f.kind == "flow"), None)
        slots = self._asked_by([problem] if problem else [])
        return [slot for slot in slots if slot.fact and self.tracker.slots.get(slot.name) is not None]

    # Which flow the turn may mean.

    def startable(self, intent: str, confidence: float) -> Flow | None:
        """The flow that an intent may start now; on the way to a person only what asks nothing in return."""
        found = self.pack.triggers.get(intent)
        if found is None or confidence < found[1] or found[0].id in self.going_on:
            return None
        if self.on_the_way and not found[0].aside and self.pack.reachable_slots[found[0].id]:
            return None
        guard = found[0].guard
        if guard is not None and not conditions.holds(guard, self.tracker.slots, self.tracker.context):
            return None
        return found[0]

    def other_problem(self, least: float) -> Flow | None:
        """Another problem scenario that the turn means, if it is sure enough."""
        intent, confidence = self.understanding.intent, self.understanding.confidence
        flow = self.startable(intent, confidence) if confidence >= least else None
        return flow if flow is not None and flow.is_problem else None

    def start(self, flow: Flow, *, instead: bool = False) -> StartFlow:
        """The command that starts a flow with what the turn tells about it."""
        return StartFlow(flow.id, tuple(self.told([flow.id]).items()), instead)

    def later(self) -> tuple[KeepForLater, ...]:
        """The other problems that the turn is about."""
        found: list[KeepForLater] = []
        for other in self.understanding.others:
            part = Moment(self.pack, self.tracker, other, other.text)
            flow = part.startable(other.intent, other.confidence)
            if flow is not None:
                words = " ".join(other.text.split())
                found.append(KeepForLater(flow.id, tuple(part.told([flow.id]).items()), words))
        return tuple(found)

    @property
    def lead(self) -> float:
        """How far the first meaning is ahead of the second."""
        first = self.understanding.intent
        others = [score.confidence for score in self.understanding.ranking if score.name != first]
        return self.understanding.confidence - max(others, default=0.0)
