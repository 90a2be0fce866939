"""Everything about a flow that can be known to be wrong: unknown names, and ways that lead nowhere."""

from __future__ import annotations

from collections.abc import Iterator

from bot.dialogue import answers, conditions
from bot.dialogue.domain import Domain
from bot.dialogue.findings import in_every_language, near, slots_of
from bot.dialogue.flows import (
    END,
    ActionStep,
    CallStep,
    CollectStep,
    Flow,
    LinkStep,
    SetSlotsStep,
    Step,
)
from bot.dialogue.pack import Pack
from bot.dialogue.steps import ENGINE_ACTIONS, HANDOFF_ACTION
from bot.model.errors import Problem


def check_flow(pack: Pack, flow: Flow) -> Iterator[Problem]:
    """The problems of one flow."""
    yield from _FlowCheck(pack, flow).problems()


class _FlowCheck:
    def __init__(self, pack: Pack, flow: Flow) -> None:
        self.pack = pack
        self.flow = flow
        self.domain: Domain = pack.domain

    def _wrong(self, step: Step | None, what: str, mend: str = "") -> Problem:
        where = f"flow '{self.flow.id}'" + (f", step '{step.id}'" if step else "")
        return Problem(self.flow.file, step.line if step else self.flow.line, f"{where}: {what}", mend)

    def problems(self) -> Iterator[Problem]:
        flow, pack = self.flow, self.pack
        if not flow.is_pattern and (flow.triggers or flow.is_problem):
            yield from in_every_language(
                pack, flow.names, f"the name of flow '{flow.id}'", flow.file, flow.line
            )
        if flow.problem is not None:
            what = f"'problem' of flow '{flow.id}'"
            yield from in_every_language(pack, flow.problem, what, flow.file, flow.line)
        for trigger in flow.triggers:
            if trigger.intent not in self.domain.intents:
                yield self._wrong(None, f"the intent '{trigger.intent}' is unknown",
                                  near(trigger.intent, self.domain.intents))  # fmt: skip
        for name in sorted(flow.persisted_slots):
            if name not in self.domain.slots:
                yield self._wrong(None, f"persists the unknown slot '{name}'", near(name, self.domain.slots))
        if flow.guard is not None:
            yield from slots_of(pack, flow.guard, f"flow '{flow.id}'", flow.file, flow.line)
        for step in flow.steps.values():
            yield from self._step(step)
        yield from self._paths()

    def _step(self, step: Step) -> Iterator[Problem]:
        for branch in step.next:
            if branch.target != END and branch.target not in self.flow.steps:
                yield self._wrong(step, f"goes on at the unknown step '{branch.target}'",
                                  near(branch.target, self.flow.steps))  # fmt: skip
            if branch.condition is not None:
                where = f"flow '{self.flow.id}', step '{step.id}'"
                yield from slots_of(
                    self.pack, branch.condition, where, self.flow.file, branch.line or step.line
                )
        match step:
            case ActionStep(action=action):
                yield from self._action(step, action)
            case CollectStep():
                yield from self._collect(step)
            case SetSlotsStep(values=values):
                for name, value in values:
                    slot = self.domain.slots.get(name)
                    if slot is None:
                        what = f"sets the unknown slot '{name}'"
                        yield self._wrong(step, what, near(name, self.domain.slots))
                    elif value is not None and answers.coerce(slot, value) is None:
                        what = f"sets '{name}' to '{value}', which does not fit"
                        yield self._wrong(step, what, near(str(value), slot.values))
            case LinkStep(flow=target) | CallStep(flow=target):
                yield from self._target(step, target)
            case _:
                pass

    def _action(self, step: Step, action: str) -> Iterator[Problem]:
        if action.startswith("utter_"):
            if action not in self.domain.responses:
                yield self._wrong(
                    step, f"says the unknown response '{action}'", near(action, self.domain.responses)
                )
        elif action not in ENGINE_ACTIONS and action != HANDOFF_ACTION and action not in self.domain.actions:
            yield self._wrong(step, f"runs the unknown action '{action}'",
                              near(action, [*self.domain.actions, *ENGINE_ACTIONS]))  # fmt: skip

    def _collect(self, step: CollectStep) -> Iterator[Problem]:
        if step.slot not in self.domain.slots:
            yield self._wrong(
                step, f"collects the unknown slot '{step.slot}'", near(step.slot, self.domain.slots)
            )
            return
        says, asks = step.utter in self.domain.responses, step.ask_action in self.domain.actions
        if not says and not asks:
            neither = f"has neither a response '{step.utter}' nor an action '{step.ask_action}'"
            yield self._wrong(step, neither, "Add one of them to the domain.")
        if says and asks:
            yield self._wrong(step, f"has both '{step.utter}' and '{step.ask_action}'", "Keep one of them.")
        for rejection in step.rejections:
            if rejection.utter not in self.domain.responses:
                yield self._wrong(step, f"rejects with the unknown response '{rejection.utter}'",
                                  near(rejection.utter, self.domain.responses))  # fmt: skip
            if conditions.slot_names(rejection.condition) - {step.slot}:
                yield self._wrong(step, "a rejection may only ask about the slot being collected")

    def _target(self, step: LinkStep | CallStep, target: str) -> Iterator[Problem]:
        found = self.pack.flows.get(target)
        if found is None:
            yield self._wrong(step, f"leads to the unknown flow '{target}'", near(target, self.pack.flows))
            return
        if isinstance(step, CallStep):
            if target.startswith("pattern_") or (self.flow.is_pattern and found.is_pattern):
                yield self._wrong(step, "a pattern cannot be called", "Use 'link'.")
            links = [inner for inner in found.steps.values() if isinstance(inner, LinkStep)]
            if links:
                yield self._wrong(step, f"calls '{target}', which links to '{links[0].flow}'",
                                  "A called flow comes back: let the caller link.")  # fmt: skip

    def _paths(self) -> Iterator[Problem]:
        """Steps that no way leads to, and ways that turn in a circle without asking anything."""
        flow = self.flow
        reached: set[str] = set()
        waiting = [flow.first]
        while waiting:
            step_id = waiting.pop()
            if step_id in reached or step_id not in flow.steps:
                continue
            reached.add(step_id)
            waiting.extend(branch.target for branch in flow.steps[step_id].next)
        for step in flow.steps.values():
            if step.id not in reached:
                yield self._wrong(step, "no way leads here", "Remove it, or let a 'next' name it.")
        circle = self._circle()
        if circle:
            yield self._wrong(flow.steps[circle], "this loop asks nothing and never ends",
                              "Put a 'collect' into it.")  # fmt: skip

    def _circle(self) -> str | None:
        """A step from which one comes back to it without a collect or a call in between."""
        done: set[str] = set()

        def visit(step_id: str, path: frozenset[str]) -> str | None:
            step = self.flow.steps.get(step_id)
            if step is None or step_id in done or isinstance(step, CollectStep | CallStep):
                return None
            if step_id in path:
                return step_id
            for branch in step.next:
                found = visit(branch.target, path | {step_id})
                if found:
                    return found
            done.add(step_id)
            return None

        for step in self.flow.steps.values():
            targets = (
                [branch.target for branch in step.next]
                if isinstance(step, CollectStep | CallStep)
                else [step.id]
            )
            for target in targets:
                found = visit(target, frozenset())
                if found:
                    return found
        return None
