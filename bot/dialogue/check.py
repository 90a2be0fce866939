"""Everything about a pack that can be known to be wrong before a customer meets it.

`load(files)` reads the texts of `config.yml`, `domain.yml`, `domain/` and `flows/` and gives a `Pack`,
or raises one `ContentError` that lists every problem with file, line and mend.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator, Mapping
from typing import Any

from jinja2 import TemplateSyntaxError

from bot.dialogue import conditions, render
from bot.dialogue.conditions import Condition
from bot.dialogue.domain import Domain, Slot, Variation, read_domain
from bot.dialogue.flows import (
    END,
    ActionStep,
    CallStep,
    CollectStep,
    Flow,
    LinkStep,
    SetSlotsStep,
    Step,
    read_flows,
)
from bot.dialogue.pack import Pack, Thresholds
from bot.dialogue.source import Node, parse
from bot.dialogue.steps import ENGINE_ACTIONS, HANDOFF_ACTION
from bot.model.errors import ContentError, Problem

CORE_RESPONSES = ("utter_clarification", "utter_still_busy", "utter_bot_is_back", "utter_still_waiting")
"""Responses that the engine itself says."""

CORE_SLOTS = ("handoff_reason", "requested_slot")
"""Slots that the engine itself fills."""

CORE_PATTERNS = (
    "pattern_session_start", "pattern_clarification", "pattern_correction", "pattern_cancel_flow",
    "pattern_cannot_handle", "pattern_human_handoff", "pattern_internal_error", "pattern_repeat_bot_messages",
    "pattern_skip_question", "pattern_user_silence", "pattern_change_language", "pattern_code_change",
)  # fmt: skip
"""Patterns without which a conversation would fall silent."""


def load(files: Mapping[str, str]) -> Pack:
    """The pack of some files (path in the pack → text); raises `ContentError`."""
    problems: list[Problem] = []
    config = parse(files.get("config.yml", ""), "config.yml", problems)
    language = config.text("language") or "nl"
    languages = (language, *map(str, config.value("additional_languages", [])))
    domain_files = [path for path in sorted(files) if path == "domain.yml" or path.startswith("domain/")]
    if not domain_files:
        problems.append(Problem("domain.yml", 1, "there is no domain", "Add a domain.yml."))
    domain = read_domain([parse(files[path], path, problems) for path in domain_files], language, problems)
    flows: dict[str, Flow] = {}
    for path in sorted(files):
        if not path.startswith("flows/"):
            continue
        for flow_id, flow in read_flows(parse(files[path], path, problems), language, problems).items():
            if flow_id in flows:
                other = flows[flow_id]
                what = f"the flow '{flow_id}' already stands in {other.file}:{other.line}"
                problems.append(Problem(flow.file, flow.line, what, "Keep one of them."))
            flows[flow_id] = flow
    metadata: dict[str, Any] = config.value("metadata", {})
    pack = Pack(
        domain=domain,
        flows=flows,
        languages=languages,
        thresholds=_thresholds(config, problems),
        words={
            kind: {language: tuple(words) for language, words in by_language.items()}
            for kind, by_language in metadata.get("words", {}).items()
        },
        one_problem=tuple(frozenset(map(str, intents)) for intents in metadata.get("one_problem", ())),
        silence=float(metadata.get("silence", 600)),
        content_hash=hashlib.sha256(
            "\0".join(f"{path}\0{files[path]}" for path in sorted(files)).encode()
        ).hexdigest(),
    )
    problems.extend(check(pack))
    if problems:
        raise ContentError(sorted(problems, key=lambda problem: (problem.file, problem.line)))
    return pack


def _thresholds(config: Node, problems: list[Problem]) -> Thresholds:
    node = (config.get("metadata") or config).get("thresholds")
    values: dict[str, float] = {}
    for key, value in node.items() if node else ():
        if key not in Thresholds.__dataclass_fields__ or not isinstance(value.raw, int | float):
            known = ", ".join(Thresholds.__dataclass_fields__)
            problems.append(value.problem(f"'{key}' is not a threshold", f"Known are {known}; each 0 to 1."))
        else:
            values[key] = float(value.raw)
    return Thresholds(**values)


def check(pack: Pack) -> Iterator[Problem]:
    """Every problem in a pack that was read."""
    yield from _core(pack)
    yield from _together(pack)
    yield from _domain(pack)
    triggers: dict[str, str] = {}
    for flow in pack.flows.values():
        yield from _FlowCheck(pack, flow).problems()
        for trigger in flow.triggers:
            other = triggers.setdefault(trigger.intent, flow.id)
            if other != flow.id:
                yield Problem(flow.file, flow.line, f"the intent '{trigger.intent}' already starts '{other}'",
                              "One intent starts one flow.")  # fmt: skip


def _core(pack: Pack) -> Iterator[Problem]:
    for kind, wanted, known in (
        ("response", CORE_RESPONSES, pack.domain.responses),
        ("slot", CORE_SLOTS, pack.domain.slots),
        ("flow", CORE_PATTERNS, pack.flows),
    ):
        file = "flows/patterns.yml" if kind == "flow" else "domain.yml"
        for name in wanted:
            if name not in known:
                yield Problem(file, 1, f"the {kind} '{name}' is missing", "The engine itself needs it.")


def _together(pack: Pack) -> Iterator[Problem]:
    for intent in sorted({intent for together in pack.one_problem for intent in together}):
        if intent not in pack.triggers:
            yield Problem("config.yml", 1, f"'one_problem' names '{intent}', which starts no flow",
                          _near(intent, pack.triggers))  # fmt: skip


def _domain(pack: Pack) -> Iterator[Problem]:
    domain = pack.domain
    for name, variations in domain.responses.items():
        file, line = domain.places[name]
        for variation in variations:
            yield from _variation(pack, name, variation, file, variation.line or line)
    for slot in domain.slots.values():
        yield from _slot(pack, slot)
    for key, (file, line) in domain.places.items():
        kind, _, entity = key.partition(":")
        if kind == "entity" and entity not in domain.entities:
            yield Problem(
                file, line, f"the entity '{entity}' is not in the domain", "Add it under 'entities:'."
            )


def _variation(pack: Pack, name: str, variation: Variation, file: str, line: int) -> Iterator[Problem]:
    yield from _languages(pack, variation.texts, f"the response '{name}'", file, line)
    for button in variation.buttons:
        yield from _languages(pack, button.titles, f"a button of '{name}'", file, line)
        if not button.payload:
            yield Problem(
                file, line, f"a button of '{name}' has no payload", "Write /SetSlots(slot=value) or /intent."
            )
    if variation.condition is not None:
        yield from _names(pack, variation.condition, f"the response '{name}'", file, line)
    if variation.jinja:
        for text in variation.texts.values():
            try:
                render.compile_template(text)
            except TemplateSyntaxError as error:
                yield Problem(file, line, f"the Jinja text of '{name}' cannot be read: {error.message}")


def _languages(pack: Pack, texts: Mapping[str, str], what: str, file: str, line: int) -> Iterator[Problem]:
    missing = [language for language in pack.languages if not texts.get(language)]
    if missing:
        mend = "Add it under 'text:' or 'translation:'."
        yield Problem(file, line, f"{what} has no text in {', '.join(missing)}", mend)
    for language in texts:
        if language not in pack.languages:
            mend = "Put a text with a comma between quotes, or add the language to config.yml."
            yield Problem(
                file, line, f"{what} has a text in {language!r}, which is no language of the pack", mend
            )


def _slot(pack: Pack, slot: Slot) -> Iterator[Problem]:
    if slot.fact or slot.offer:
        yield from _languages(pack, slot.labels, f"the label of slot '{slot.name}'", slot.file, slot.line)
    if slot.type == "categorical" and (slot.fact or slot.offer):
        for value in slot.values:
            labels = slot.value_labels.get(value, {})
            if not value.isdigit():
                yield from _languages(
                    pack, labels, f"the value '{value}' of slot '{slot.name}'", slot.file, slot.line
                )


def _names(pack: Pack, condition: Condition, what: str, file: str, line: int) -> Iterator[Problem]:
    for name in sorted(conditions.slot_names(condition)):
        if name not in pack.domain.slots:
            yield Problem(
                file, line, f"{what} asks about the unknown slot '{name}'", _near(name, pack.domain.slots)
            )


def _near(name: str, known: Collection[str]) -> str:
    import difflib

    found = difflib.get_close_matches(name, known, 1)
    return f"Did you mean '{found[0]}'?" if found else "Add it to the domain, or mend the name."


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
            yield from _languages(pack, flow.names, f"the name of flow '{flow.id}'", flow.file, flow.line)
        if flow.is_problem:
            texts: Any = flow.metadata["problem"]
            yield from _languages(pack, texts, f"'problem' of flow '{flow.id}'", flow.file, flow.line)
        for trigger in flow.triggers:
            if trigger.intent not in self.domain.intents:
                yield self._wrong(None, f"the intent '{trigger.intent}' is unknown",
                                  _near(trigger.intent, self.domain.intents))  # fmt: skip
        for name in sorted(flow.persisted_slots):
            if name not in self.domain.slots:
                yield self._wrong(None, f"persists the unknown slot '{name}'", _near(name, self.domain.slots))
        if flow.guard is not None:
            yield from _names(pack, flow.guard, f"flow '{flow.id}'", flow.file, flow.line)
        for step in flow.steps.values():
            yield from self._step(step)
        yield from self._paths()

    def _step(self, step: Step) -> Iterator[Problem]:
        for branch in step.next:
            if branch.target != END and branch.target not in self.flow.steps:
                yield self._wrong(step, f"goes on at the unknown step '{branch.target}'",
                                  _near(branch.target, self.flow.steps))  # fmt: skip
            if branch.condition is not None:
                where = f"flow '{self.flow.id}', step '{step.id}'"
                yield from _names(
                    self.pack, branch.condition, where, self.flow.file, branch.line or step.line
                )
        match step:
            case ActionStep(action=action):
                yield from self._action(step, action)
            case CollectStep():
                yield from self._collect(step)
            case SetSlotsStep(values=values):
                for name, _ in values:
                    if name not in self.domain.slots:
                        yield self._wrong(
                            step, f"sets the unknown slot '{name}'", _near(name, self.domain.slots)
                        )
            case LinkStep(flow=target) | CallStep(flow=target):
                yield from self._target(step, target)
            case _:
                pass

    def _action(self, step: Step, action: str) -> Iterator[Problem]:
        if action.startswith("utter_"):
            if action not in self.domain.responses:
                yield self._wrong(
                    step, f"says the unknown response '{action}'", _near(action, self.domain.responses)
                )
        elif action not in ENGINE_ACTIONS and action != HANDOFF_ACTION and action not in self.domain.actions:
            yield self._wrong(step, f"runs the unknown action '{action}'",
                              _near(action, [*self.domain.actions, *ENGINE_ACTIONS]))  # fmt: skip

    def _collect(self, step: CollectStep) -> Iterator[Problem]:
        if step.slot not in self.domain.slots:
            yield self._wrong(
                step, f"collects the unknown slot '{step.slot}'", _near(step.slot, self.domain.slots)
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
                                  _near(rejection.utter, self.domain.responses))  # fmt: skip
            if conditions.slot_names(rejection.condition) - {step.slot}:
                yield self._wrong(step, "a rejection may only ask about the slot being collected")

    def _target(self, step: LinkStep | CallStep, target: str) -> Iterator[Problem]:
        found = self.pack.flows.get(target)
        if found is None:
            yield self._wrong(step, f"leads to the unknown flow '{target}'", _near(target, self.pack.flows))
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
