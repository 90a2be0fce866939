"""Everything about a pack that can be known to be wrong before a customer meets it.

`load(files)` reads the texts of `config.yml`, `domain.yml`, `domain/` and `flows/` and gives a `Pack`,
or raises one `ContentError` that lists every problem with file, line and mend.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping

from jinja2 import TemplateSyntaxError

from bot.dialogue import answers, payload, render
from bot.dialogue.config_reader import read_config
from bot.dialogue.domain import Slot, Variation
from bot.dialogue.domain_reader import read_domain
from bot.dialogue.findings import in_every_language, near, slots_of, told
from bot.dialogue.flow_check import check_flow
from bot.dialogue.flow_reader import read_flows
from bot.dialogue.flows import Flow
from bot.dialogue.pack import Pack
from bot.model.errors import ContentError, Problem
from bot.source.nodes import Node, parse

CORE_RESPONSES = (
    "utter_bot_is_back",
    "utter_clarification",
    "utter_picture_kept",
    "utter_still_busy",
    "utter_still_waiting",
)
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
    pack, problems = read(files)
    if problems:
        raise ContentError(told(problems))
    return pack


def read(files: Mapping[str, str]) -> tuple[Pack, list[Problem]]:
    """The pack of some files as far as it can be read, and what is wrong with it."""
    problems: list[Problem] = []
    settings = parse(files.get("config.yml", ""), "config.yml", problems)
    config = read_config(settings)
    language = config.languages[0]
    domain_files = [path for path in sorted(files) if path == "domain.yml" or path.startswith("domain/")]
    if not domain_files:
        problems.append(Problem("domain.yml", 1, "there is no domain", "Add a domain.yml."))
    domain = read_domain([parse(files[path], path, problems) for path in domain_files], language)
    flows: dict[str, Flow] = {}
    for path in sorted(files):
        if not path.startswith("flows/"):
            continue
        for flow_id, flow in read_flows(parse(files[path], path, problems), language).items():
            if flow_id in flows:
                other = flows[flow_id]
                what = f"the flow '{flow_id}' already stands in {other.file}:{other.line}"
                problems.append(Problem(flow.file, flow.line, what, "Keep one of them."))
            flows[flow_id] = flow
    pack = Pack(
        domain=domain,
        flows=flows,
        languages=config.languages,
        thresholds=config.thresholds,
        words=config.words,
        one_problem=config.one_problem,
        silence=config.silence,
        content_hash=hashlib.sha256(
            "\0".join(f"{path}\0{files[path]}" for path in sorted(files)).encode()
        ).hexdigest(),
    )
    _together(pack, settings)
    problems.extend(check(pack))
    return pack, problems


def check(pack: Pack) -> Iterator[Problem]:
    """Every problem in a pack that was read."""
    yield from _core(pack)
    yield from _domain(pack)
    triggers: dict[str, str] = {}
    for flow in pack.flows.values():
        yield from check_flow(pack, flow)
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


def _together(pack: Pack, config: Node) -> None:
    for together in config["metadata"]["one_problem"].elements():
        for intent in together.elements():
            if intent.text() not in pack.triggers:
                what = f"'one_problem' names '{intent.text()}', which starts no flow"
                intent.wrong(what, near(intent.text(), pack.triggers))


def _domain(pack: Pack) -> Iterator[Problem]:
    domain = pack.domain
    for name, variations in domain.responses.items():
        file, line = domain.places[name]
        for variation in variations:
            yield from _variation(pack, name, variation, file, variation.line or line)
    for slot in domain.slots.values():
        yield from _slot(pack, slot)


def _variation(pack: Pack, name: str, variation: Variation, file: str, line: int) -> Iterator[Problem]:
    yield from in_every_language(pack, variation.texts, f"the response '{name}'", file, line)
    for button in variation.buttons:
        yield from in_every_language(pack, button.titles, f"a button of '{name}'", file, line)
        for fault, wrong, known in payload.faults(button.payload, pack.domain):
            mend = near(wrong, known) if known else "Write /SetSlots(slot=value) or /intent."
            yield Problem(file, line, f"the payload '{button.payload}' of '{name}' {fault}", mend)
    if variation.condition is not None:
        yield from slots_of(pack, variation.condition, f"the response '{name}'", file, line)
    if variation.jinja:
        for text in variation.texts.values():
            try:
                render.compile_template(text)
            except TemplateSyntaxError as error:
                yield Problem(file, line, f"the Jinja text of '{name}' cannot be read: {error.message}")


def _slot(pack: Pack, slot: Slot) -> Iterator[Problem]:
    if slot.initial is not None and answers.coerce(slot, slot.initial) is None:
        what = f"the initial value of slot '{slot.name}' does not fit its type {slot.type}"
        yield Problem(slot.file, slot.line, what, "Leave it out, or write another one.")
    if slot.fact or slot.offer:
        yield from in_every_language(
            pack, slot.labels, f"the label of slot '{slot.name}'", slot.file, slot.line
        )
    if slot.type == "categorical" and (slot.fact or slot.offer):
        for value in slot.values:
            labels = slot.value_labels.get(value, {})
            if not value.isdigit():
                yield from in_every_language(
                    pack, labels, f"the value '{value}' of slot '{slot.name}'", slot.file, slot.line
                )
