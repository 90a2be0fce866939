"""Flows as data: the steps of a scenario, read from Rasa's flows.yml.

Reading is here; whether what a flow names exists is checked in `bot.dialogue.check`.
Nested step lists are flattened: every step has an id, and `next` is always a tuple of branches.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.dialogue import conditions
from bot.dialogue.conditions import Condition
from bot.dialogue.source import Node
from bot.model.errors import Problem

END = "END"
"""The target of a branch that ends the flow."""


@dataclass(frozen=True, slots=True)
class Branch:
    """Where to go on: the first branch whose condition holds (None always does)."""

    condition: Condition | None
    target: str
    line: int = 0


@dataclass(frozen=True, slots=True)
class Step:
    """What all steps have. `line` is its place in the file."""

    id: str
    next: tuple[Branch, ...]
    line: int


@dataclass(frozen=True, slots=True)
class ActionStep(Step):
    """Say a response (`utter_…`) or run an action."""

    action: str


@dataclass(frozen=True, slots=True)
class Rejection:
    """A value that is refused when the condition holds, and what is said then."""

    condition: Condition
    utter: str


@dataclass(frozen=True, slots=True)
class CollectStep(Step):
    """Ask for a slot unless it is filled. `silence_timeout` is in seconds, None for the default."""

    slot: str
    utter: str
    ask_action: str
    ask_before_filling: bool
    force_slot_filling: bool
    rejections: tuple[Rejection, ...]
    silence_timeout: float | Mapping[str, float] | None
    confirms: bool
    required: bool


@dataclass(frozen=True, slots=True)
class SetSlotsStep(Step):
    """Give slots a value (None empties them)."""

    values: tuple[tuple[str, Any], ...]


@dataclass(frozen=True, slots=True)
class LinkStep(Step):
    """Go on in another flow; this one ends."""

    flow: str


@dataclass(frozen=True, slots=True)
class CallStep(Step):
    """Run another flow and come back."""

    flow: str


@dataclass(frozen=True, slots=True)
class NoopStep(Step):
    """Nothing but its branches."""


@dataclass(frozen=True, slots=True)
class Trigger:
    """An intent that starts the flow, from this confidence on."""

    intent: str
    confidence: float = 0.0


@dataclass(frozen=True, slots=True)
class Flow:
    """A scenario. `guard` None is always allowed; `metadata` is Balie's own (rasa ignores it)."""

    id: str
    names: Mapping[str, str]
    description: str
    guard: Condition | None
    triggers: tuple[Trigger, ...]
    run_pattern_completed: bool
    persisted_slots: frozenset[str]
    steps: Mapping[str, Step]
    first: str
    metadata: Mapping[str, Any]
    file: str
    line: int

    @property
    def is_pattern(self) -> bool:
        """Whether this is one of the conversation's repair patterns."""
        return self.id.startswith("pattern_")

    @property
    def is_problem(self) -> bool:
        """Whether this is a problem scenario: one with a sentence that says the problem back."""
        return "problem" in self.metadata

    @property
    def aside(self) -> bool:
        """Whether it is no subject of its own ("thank you"): it opens no episode and ends no question."""
        return bool(self.metadata.get("aside", False))

    def collects(self) -> Iterator[CollectStep]:
        """The steps that ask something, in file order."""
        return (step for step in self.steps.values() if isinstance(step, CollectStep))

    def name(self, language: str) -> str:
        """The flow's name for a customer."""
        return self.names.get(language) or next(iter(self.names.values()), self.id)


_FLOW_KEYS = {
    "name", "description", "if", "nlu_trigger", "always_include_in_prompt", "run_pattern_completed",
    "persisted_slots", "steps", "translation", "metadata",
}  # fmt: skip
_KINDS = ("action", "collect", "set_slots", "link", "call", "noop")
_STEP_KEYS = {"id", "next", "description", "metadata", *_KINDS}
_COLLECT_KEYS = {
    "utter", "ask_before_filling", "rejections", "force_slot_filling", "silence_timeout", "dtmf",
    "reset_after_flow_ends",
}  # fmt: skip


def read_flows(root: Node, default_language: str, problems: list[Problem]) -> dict[str, Flow]:
    """The flows of one file; what is wrong is added to `problems`."""
    flows: dict[str, Flow] = {}
    section = root.get("flows")
    if section is None:
        problems.append(root.problem("there is no 'flows:' here", "Put the flows under a 'flows:' key."))
        return flows
    for flow_id, node in section.items():
        flows[flow_id] = _Reader(flow_id, node, default_language, problems).flow()
    return flows


@dataclass
class _Reader:
    flow_id: str
    node: Node
    language: str
    problems: list[Problem]
    steps: dict[str, Step] = field(default_factory=dict[str, Step])

    def flow(self) -> Flow:
        node = self.node
        for key, child in node.items():
            if key not in _FLOW_KEYS:
                self._wrong(child, f"flow '{self.flow_id}' has an unknown key '{key}'",
                            f"Known are {', '.join(sorted(_FLOW_KEYS))}.")  # fmt: skip
        if not node.text("description"):
            self._wrong(node, f"flow '{self.flow_id}' has no description", "Say in a sentence what it does.")
        steps = node.get("steps")
        first = END
        if steps is None or not list(steps.elements()):
            self._wrong(node, f"flow '{self.flow_id}' has no steps", "Give it a list under 'steps:'.")
        else:
            first = self._sequence(list(steps.elements()), "")
        names = {self.language: node.text("name") or self.flow_id}
        for language, part in (node.get("translation") or Node({}, "", 0)).items():
            names[language] = part.text("name") if isinstance(part.raw, dict) else str(part.raw)
        guard = node.get("if")
        return Flow(
            id=self.flow_id,
            names=names,
            description=node.text("description"),
            guard=self._condition(guard) if guard is not None else None,
            triggers=tuple(self._triggers()),
            run_pattern_completed=bool(node.value("run_pattern_completed", True)),
            persisted_slots=frozenset(map(str, node.value("persisted_slots", []))),
            steps=self.steps,
            first=first,
            metadata=node.value("metadata", {}),
            file=node.file,
            line=node.line,
        )

    def _wrong(self, node: Node, what: str, mend: str = "") -> None:
        self.problems.append(node.problem(what, mend))

    def _condition(self, node: Node) -> Condition:
        if isinstance(node.raw, bool):
            return conditions.Constant(node.raw)
        try:
            return conditions.parse(str(node.raw))
        except conditions.ConditionError as error:
            self._wrong(node, f"a condition cannot be read: {error}")
            return conditions.Constant(False)

    def _triggers(self) -> Iterator[Trigger]:
        for entry in (self.node.get("nlu_trigger") or Node([], "", 0)).elements():
            intent = entry.get("intent")
            if intent is None:
                self._wrong(entry, "an nlu_trigger names no intent", "Write '- intent: name'.")
            elif isinstance(intent.raw, dict):
                yield Trigger(intent.text("name"), float(intent.value("confidence_threshold", 0.0)))
            else:
                yield Trigger(str(intent.raw))

    def _sequence(self, nodes: list[Node], prefix: str) -> str:
        """Add a list of steps; returns the first one's id. The last one without `next` ends the flow."""
        ids = [node.text("id") or f"{prefix}{number}_{_kind(node) or 'step'}"
               for number, node in enumerate(nodes)]  # fmt: skip
        for number, node in enumerate(nodes):
            following = ids[number + 1] if number + 1 < len(ids) else END
            if ids[number] in self.steps:
                self._wrong(node, f"the step id '{ids[number]}' stands twice in flow '{self.flow_id}'",
                            "Give each step an id of its own.")  # fmt: skip
            self._step(ids[number], node, following)
        return ids[0]

    def _step(self, step_id: str, node: Node, following: str) -> None:
        kinds = [kind for kind in _KINDS if kind in node.children]
        allowed = _STEP_KEYS | _COLLECT_KEYS if "collect" in kinds else _STEP_KEYS
        for key, child in node.items():
            if key not in allowed:
                self._wrong(child, f"a step has an unknown key '{key}'",
                            f"Known here are {', '.join(sorted(allowed))}.")  # fmt: skip
        if len(kinds) != 1:
            self._wrong(node, f"a step needs exactly one of {', '.join(_KINDS)}; this has {kinds or 'none'}")
            return
        # The place is taken before the branches are read, so that steps stand in file order.
        placeholder = NoopStep(step_id, (), node.line)
        self.steps[step_id] = placeholder
        branches = self._next(step_id, node, following)
        if kinds[0] == "link" and "next" in node.children:
            self._wrong(node, "a link ends its flow and has no next", "Remove 'next', or use 'call'.")
        if kinds[0] == "noop" and "next" not in node.children:
            self._wrong(node, "a noop step needs a next")
        self.steps[step_id] = self._typed(kinds[0], step_id, branches, node)

    def _typed(self, kind: str, step_id: str, branches: tuple[Branch, ...], node: Node) -> Step:
        what = node.value(kind)
        match kind:
            case "action":
                return ActionStep(step_id, branches, node.line, str(what))
            case "link":
                return LinkStep(step_id, branches, node.line, str(what))
            case "call":
                return CallStep(step_id, branches, node.line, str(what))
            case "set_slots":
                return SetSlotsStep(step_id, branches, node.line, tuple(self._values(node)))
            case "collect":
                return self._collect(step_id, branches, node, str(what))
            case _:
                return NoopStep(step_id, branches, node.line)

    def _values(self, node: Node) -> Iterator[tuple[str, Any]]:
        for entry in (node.get("set_slots") or Node([], "", 0)).elements():
            if not isinstance(entry.raw, dict):
                self._wrong(entry, "set_slots takes a list of 'slot: value'")
                continue
            for slot, value in entry.items():
                yield slot, value.raw

    def _collect(self, step_id: str, branches: tuple[Branch, ...], node: Node, slot: str) -> CollectStep:
        rejections: list[Rejection] = []
        for entry in (node.get("rejections") or Node([], "", 0)).elements():
            condition = entry.get("if")
            if condition is None or not entry.text("utter"):
                self._wrong(entry, "a rejection needs 'if' and 'utter'")
                continue
            rejections.append(Rejection(self._condition(condition), entry.text("utter")))
        if "reset_after_flow_ends" in node.children:
            self._wrong(node, "'reset_after_flow_ends' is no longer supported",
                        "Name the slot under the flow's 'persisted_slots'.")  # fmt: skip
        metadata = node.value("metadata", {})
        return CollectStep(
            step_id,
            branches,
            node.line,
            slot=slot,
            utter=node.text("utter") or f"utter_ask_{slot}",
            ask_action=f"action_ask_{slot}",
            ask_before_filling=bool(node.value("ask_before_filling", False)),
            force_slot_filling=bool(node.value("force_slot_filling", False)),
            rejections=tuple(rejections),
            silence_timeout=node.value("silence_timeout"),
            confirms=bool(metadata.get("confirms", False)),
            required=bool(metadata.get("required", False)),
        )

    def _next(self, step_id: str, node: Node, following: str) -> tuple[Branch, ...]:
        found = node.get("next")
        if found is None:
            return (Branch(None, following, node.line),)
        if not isinstance(found.raw, list):
            return (Branch(None, str(found.raw), found.line),)
        branches: list[Branch] = []
        for number, entry in enumerate(found.elements()):
            target = entry.get("else") or entry.get("then")
            if target is None:
                self._wrong(entry, "a branch needs 'then' or 'else'")
                continue
            condition = entry.get("if")
            if isinstance(target.raw, list):
                to = self._sequence(list(target.elements()), f"{step_id}.{number}.")
            else:
                to = str(target.raw)
            branches.append(Branch(self._condition(condition) if condition else None, to, entry.line))
        if not branches or branches[-1].condition is not None:
            self._wrong(found, "the branches have no 'else'", "Add '- else: …' as the last one.")
        return tuple(branches)


def _kind(node: Node) -> str:
    return next((kind for kind in _KINDS if kind in node.children), "")
