"""Reads flows from Rasa's flows.yml. Whether what they name exists is checked in `flow_check`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from bot.dialogue import conditions
from bot.dialogue.conditions import Condition
from bot.dialogue.flows import (
    END,
    ActionStep,
    Branch,
    CallStep,
    CollectStep,
    Flow,
    LinkStep,
    NoopStep,
    Rejection,
    SetSlotsStep,
    Step,
    Trigger,
)
from bot.source.nodes import Node

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


def read_flows(root: Node, default_language: str) -> dict[str, Flow]:
    """The flows of one file; what is wrong is added to the file's problems."""
    for key, node in root.entries():
        if key not in ("flows", "version"):
            node.wrong(f"unknown key '{key}'", "Only 'version' and 'flows' go here.")
    if "flows" not in root:
        root.wrong("there is no 'flows:' here", "Put the flows under a 'flows:' key.")
    return {
        flow_id: _Reader(flow_id, node, default_language).flow() for flow_id, node in root["flows"].entries()
    }


def read_condition(node: Node) -> Condition:
    """The condition at a node; one that cannot be read is a problem, and never holds."""
    if isinstance(node.raw, bool):
        return conditions.Constant(node.raw)
    text = node.text()
    if not node.is_scalar:
        return conditions.Constant(False)
    try:
        return conditions.parse(text)
    except conditions.ConditionError as error:
        node.wrong(f"a condition cannot be read: {error}")
        return conditions.Constant(False)


@dataclass
class _Reader:
    flow_id: str
    node: Node
    language: str
    steps: dict[str, Step] = field(default_factory=dict[str, Step])

    def flow(self) -> Flow:
        node = self.node
        node.only(_FLOW_KEYS, f"flow '{self.flow_id}'")
        if node["description"].empty:
            node.wrong(f"flow '{self.flow_id}' has no description", "Say in a sentence what it does.")
        steps = node["steps"].elements()
        if node["steps"].empty:
            node.wrong(f"flow '{self.flow_id}' has no steps", "Give it a list under 'steps:'.")
        first = self._sequence(steps, "") if steps else END
        names = {self.language: node["name"].text() or self.flow_id}
        for language, part in node["translation"].entries():
            names[language] = (part["name"] if part.is_mapping else part).text()
        metadata = node["metadata"]
        problem = metadata["problem"]
        problem_texts = problem.named_texts()
        metadata.own({"problem", "courtesy", "aside", "apart"}, f"flow '{self.flow_id}'")
        return Flow(
            id=self.flow_id,
            names=names,
            description=node["description"].text(),
            guard=read_condition(node["if"]) if node["if"].there else None,
            triggers=tuple(self._triggers()),
            run_pattern_completed=node["run_pattern_completed"].flag(True),
            persisted_slots=frozenset(node["persisted_slots"].texts()),
            steps=self.steps,
            first=first,
            problem=problem_texts if problem.is_mapping else None,
            courtesy=metadata["courtesy"].flag(),
            aside=metadata["aside"].flag(),
            apart=metadata["apart"].flag(True),
            file=node.file,
            line=node.line,
        )

    def _triggers(self) -> Iterator[Trigger]:
        for entry in self.node["nlu_trigger"].elements():
            entry.only({"intent"}, "an nlu_trigger")
            intent = entry["intent"]
            name = intent["name"] if intent.is_mapping else intent
            if name.empty:
                entry.wrong("an nlu_trigger names no intent", "Write '- intent: name'.")
                continue
            least = intent["confidence_threshold"].number(0.0, 0, 1) if intent.is_mapping else 0.0
            yield Trigger(name.text(), least)

    def _sequence(self, nodes: list[Node], prefix: str) -> str:
        """Add a list of steps; returns the first one's id. The last one without `next` ends the flow."""
        ids = [node["id"].text() or f"{prefix}{number}_{_kind(node) or 'step'}"
               for number, node in enumerate(nodes)]  # fmt: skip
        for number, node in enumerate(nodes):
            following = ids[number + 1] if number + 1 < len(ids) else END
            if ids[number] in self.steps:
                node.wrong(f"the step id '{ids[number]}' stands twice in flow '{self.flow_id}'",
                           "Give each step an id of its own.")  # fmt: skip
            self._step(ids[number], node, following)
        return ids[0]

    def _step(self, step_id: str, node: Node, following: str) -> None:
        kinds = [kind for kind in _KINDS if kind in node]
        node.only(_STEP_KEYS | _COLLECT_KEYS if "collect" in kinds else _STEP_KEYS, "a step")
        if len(kinds) != 1:
            node.wrong(
                f"a step needs exactly one of {', '.join(_KINDS)}; this has {', '.join(kinds) or 'none'}"
            )
            return
        # The place is taken before the branches are read, so that steps stand in file order.
        self.steps[step_id] = NoopStep(step_id, (), node.line)
        branches = self._next(step_id, node, following)
        if kinds[0] == "link" and "next" in node:
            node.wrong("a link ends its flow and has no next", "Remove 'next', or use 'call'.")
        if kinds[0] == "noop" and "next" not in node:
            node.wrong("a noop step needs a next")
        self.steps[step_id] = self._typed(kinds[0], step_id, branches, node)

    def _typed(self, kind: str, step_id: str, branches: tuple[Branch, ...], node: Node) -> Step:
        what = node[kind]
        match kind:
            case "action":
                return ActionStep(step_id, branches, node.line, what.text())
            case "link":
                return LinkStep(step_id, branches, node.line, what.text())
            case "call":
                return CallStep(step_id, branches, node.line, what.text())
            case "set_slots":
                return SetSlotsStep(step_id, branches, node.line, tuple(_values(what)))
            case "collect":
                return self._collect(step_id, branches, node, what.text())
            case _:
                return NoopStep(step_id, branches, node.line)

    def _collect(self, step_id: str, branches: tuple[Branch, ...], node: Node, slot: str) -> CollectStep:
        rejections: list[Rejection] = []
        for entry in node["rejections"].elements():
            entry.only({"if", "utter"}, "a rejection")
            if entry["if"].empty or entry["utter"].empty:
                entry.wrong("a rejection needs 'if' and 'utter'")
                continue
            rejections.append(Rejection(read_condition(entry["if"]), entry["utter"].text()))
        if "reset_after_flow_ends" in node:
            node.wrong("'reset_after_flow_ends' is no longer supported",
                       "Name the slot under the flow's 'persisted_slots'.")  # fmt: skip
        metadata, silence = node["metadata"], node["silence_timeout"]
        metadata.own({"confirms", "required", "adds"}, f"the question for '{slot}'")
        return CollectStep(
            step_id,
            branches,
            node.line,
            slot=slot,
            utter=node["utter"].text() or f"utter_ask_{slot}",
            ask_action=f"action_ask_{slot}",
            ask_before_filling=node["ask_before_filling"].flag(),
            force_slot_filling=node["force_slot_filling"].flag(),
            rejections=tuple(rejections),
            silence_timeout=(
                {channel: seconds.number(0.0, 1) for channel, seconds in silence.entries()}
                if silence.is_mapping
                else silence.number(None, 1)
            ),
            confirms=metadata["confirms"].flag(),
            required=metadata["required"].flag(),
            adds=metadata["adds"].flag(),
        )

    def _next(self, step_id: str, node: Node, following: str) -> tuple[Branch, ...]:
        found = node["next"]
        if not found.there:
            return (Branch(None, following, node.line),)
        if not found.is_list:
            return (Branch(None, found.text(), found.line),)
        branches: list[Branch] = []
        for number, entry in enumerate(found.elements()):
            entry.only({"if", "then", "else"}, "a branch")
            target = entry["else"] if "else" in entry else entry["then"]
            if target.empty:
                entry.wrong("a branch needs 'then' or 'else'", "Name a step, END, or write a list of steps.")
                continue
            condition = read_condition(entry["if"]) if entry["if"].there else None
            to = (
                self._sequence(target.elements(), f"{step_id}.{number}.") if target.is_list else target.text()
            )
            branches.append(Branch(condition, to, entry.line))
        if not branches or branches[-1].condition is not None:
            found.wrong("the branches have no 'else'", "Add '- else: …' as the last one.")
        return tuple(branches)


def _values(node: Node) -> Iterator[tuple[str, Any]]:
    for entry in node.elements():
        if not entry.is_mapping:
            entry.wrong("set_slots takes a list of 'slot: value'")
            continue
        for slot, value in entry.entries():
            yield slot, value.plain()


def _kind(node: Node) -> str:
    return next((kind for kind in _KINDS if kind in node), "")
