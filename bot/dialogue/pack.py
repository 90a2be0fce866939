"""A pack: the domain, the flows and the settings of a helpdesk, read and ready. Opening files is not here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from bot.dialogue.domain import Domain, Slot
from bot.dialogue.flows import Flow

CUSTOMER = ("customer_name", "customer_email", "customer_phone")
"""Slots that say who the customer is: taken whenever they are said, and kept beyond flows and episodes."""


@dataclass(frozen=True, slots=True)
class Thresholds:
    """How sure the understanding must be, 0 to 1; `config.yml` may change them under `metadata: thresholds`.

    `digression` starts another flow while one is going on; `over_text` the same while a whole answer
    is awaited; `margin` is the least distance to the next meaning; `clarify` is the least to ask about;
    `command` is for the global intents (`over_text` where text is awaited, but `person` for a person);
    `apart` is for each of two problems in one text.
    """

    start: float = 0.3
    digression: float = 0.5
    over_text: float = 0.8
    margin: float = 0.08
    clarify: float = 0.2
    command: float = 0.45
    person: float = 0.65
    apart: float = 0.94


@dataclass(frozen=True)
class Pack:
    """What the engine works from.

    `words` are small word lists per language (`negation`); `one_problem` are sets of problem intents that may
    be faces of one problem when they are named together.
    """

    domain: Domain
    flows: Mapping[str, Flow]
    languages: tuple[str, ...] = ("nl",)
    thresholds: Thresholds = Thresholds()
    words: Mapping[str, Mapping[str, tuple[str, ...]]] = field(
        default_factory=dict[str, Mapping[str, tuple[str, ...]]]
    )
    one_problem: tuple[frozenset[str], ...] = ()
    silence: float = 600.0
    content_hash: str = ""

    @property
    def language(self) -> str:
        """The language to fall back to."""
        return self.languages[0]

    @cached_property
    def triggers(self) -> Mapping[str, tuple[Flow, float]]:
        """Which flow an intent starts, and from which confidence on."""
        return {
            trigger.intent: (flow, trigger.confidence)
            for flow in self.flows.values()
            for trigger in flow.triggers
        }

    @cached_property
    def reachable_slots(self) -> Mapping[str, tuple[str, ...]]:
        """For each flow, the slots that it or a flow it calls asks for, in order."""
        from bot.dialogue.flows import CallStep, CollectStep

        def walk(flow_id: str, seen: set[str]) -> list[str]:
            if flow_id in seen or flow_id not in self.flows:
                return []
            seen.add(flow_id)
            slots: list[str] = []
            for step in self.flows[flow_id].steps.values():
                if isinstance(step, CollectStep):
                    slots.append(step.slot)
                elif isinstance(step, CallStep):
                    slots.extend(walk(step.flow, seen))
            return slots

        return {flow_id: tuple(dict.fromkeys(walk(flow_id, set()))) for flow_id in self.flows}

    @cached_property
    def anywhere(self) -> tuple[Slot, ...]:
        """Slots that are taken whenever they are said: who the customer is, and what the pack marks so."""
        slots = self.domain.slots.values()
        return tuple(slot for slot in slots if slot.anywhere or slot.name in CUSTOMER)

    def faces_of_one(self, one: Flow, other: Flow) -> bool:
        """Whether two flows may be about one problem (`one_problem`)."""
        intents = [{trigger.intent for trigger in flow.triggers} for flow in (one, other)]
        return any(all(each & together for each in intents) for together in self.one_problem)

    def problem_text(self, flow: Flow, language: str) -> str:
        """The sentence that says a flow's problem back, in a language or in the pack's first one."""
        texts = flow.problem or {}
        return texts.get(language) or texts.get(self.language) or ""
