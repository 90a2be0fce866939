"""The pack's test conversations as data, read from `conversations/` in Rasa's format for end-to-end tests.

`test_cases` with `steps` of `user`, `utter`, `bot` and `slot_was_set`, and `assertions` under a `user` step;
what Balie adds stands under `metadata`: `language`, `channel`, and `at`, when it takes place (a Wednesday
morning otherwise, so that people are there); a step with `resolved` is an agent who resolves the conversation
with these words, and one with `called` a call that Balie placed for that flow. A `user` text of several lines
is a burst: messages that are read as one turn.
Source of the format: rasa.com/docs/reference/testing/test-cases-format
Playing them is `bot.app.conversations`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from bot.app.content import CONVERSATIONS, readable_files
from bot.dialogue.findings import foreign, near, told
from bot.dialogue.pack import Pack
from bot.dialogue.steps import ENGINE_ACTIONS, HANDOFF_ACTION
from bot.model.errors import ContentError, Problem
from bot.source.nodes import Node, parse

CHANNEL = "conversation-test"
"""Where conversations take place that do not say: on none that customers know."""

AT = datetime.fromisoformat("2026-11-25T10:00:00+01:00")
"""When conversations take place that do not say."""


@dataclass(frozen=True, slots=True)
class Step:
    """`kind` is user, utter, bot, slot_was_set, a deed or an assertion; `value` is what the file says."""

    kind: str
    value: Any
    line: int


@dataclass(frozen=True, slots=True)
class Case:
    """One conversation."""

    name: str
    language: str
    at: datetime
    file: str
    line: int
    steps: tuple[Step, ...]
    channel: str = CHANNEL


DEEDS = ("resolved", "called")
"""What a step does that is not said by the customer."""

ASSERTIONS = (
    "slot_was_set",
    "slot_was_not_set",
    "flow_started",
    "flow_completed",
    "flow_cancelled",
    "action_executed",
    "bot_uttered",
)


def read_cases(data: Path) -> list[Case]:
    """Every case of a pack's `conversations/`; raises `ContentError`."""
    cases, problems = cases_of(data)
    if problems:
        raise ContentError(told(problems))
    return cases


def cases_of(data: Path) -> tuple[list[Case], list[Problem]]:
    """Every case as far as it can be read, and what is wrong."""
    texts, problems = readable_files(data, *CONVERSATIONS)
    cases: list[Case] = []
    for file, text in texts.items():
        root = parse(text, file, problems)
        root.only({"version", "test_cases"}, "the file")
        cases.extend(_case(node) for node in root["test_cases"].elements())
    return cases, problems


_KINDS = ("user", "utter", "bot", "slot_was_set", "metadata")


def _case(node: Node) -> Case:
    node.only({"test_case", "metadata", "steps"}, "a test case")
    metadata = node["metadata"]
    metadata.only({"language", "channel", "at"}, "the metadata of a test case")
    at = AT
    try:
        at = datetime.fromisoformat(metadata["at"].text(AT.isoformat()))
    except ValueError:
        metadata["at"].wrong("'at' is not a moment", "Write 2026-11-25T10:00:00+01:00.")
    if at.tzinfo is None:
        metadata["at"].wrong("'at' has no time zone", "Write 2026-11-25T10:00:00+01:00.")
    if node["test_case"].empty or node["steps"].empty:
        node.wrong("a test case needs a name and steps", "Write 'test_case: …' and 'steps:'.")
    name, language = node["test_case"].text(), metadata["language"].text("nl")
    channel = metadata["channel"].text(CHANNEL)
    return Case(name, language, at, node.file, node.line, tuple(_steps(node)), channel)


def _steps(case: Node) -> Iterator[Step]:
    for node in case["steps"].elements():
        node.only({*_KINDS, "assertions"}, "a step")
        kinds = [kind for kind in _KINDS if kind in node]
        kind = kinds[0] if len(kinds) == 1 else None
        if kind is None:
            node.wrong(f"a step needs exactly one of {', '.join(_KINDS)}", "Write a step for each.")
        elif kind == "metadata":
            node[kind].only(DEEDS, "the metadata of a step")
            done = next((each for each in DEEDS if each in node[kind]), DEEDS[0])
            yield Step(done, node[kind][done].text(), node.line)
        elif kind == "slot_was_set":
            yield Step(kind, node[kind].plain(), node.line)
        else:
            yield Step(kind, node[kind].text(), node.line)
        for assertion in node["assertions"].elements():
            assertion.only(ASSERTIONS, "an assertion")
            for name, value in assertion.entries():
                if name in ASSERTIONS:
                    yield Step(name, value.plain(), value.line)


def slots_expected(expected: Any) -> Iterator[tuple[str, Any]]:
    """`[{name: value}]` or Rasa's longer `[{name: …, value: …}]`; a value that is left out may be any."""
    entries: list[Any] = expected if isinstance(expected, list) else [expected]
    for entry in entries:
        if not isinstance(entry, dict):
            yield str(entry), None
        elif "name" in entry and set(entry) <= {"name", "value"}:
            yield str(entry["name"]), entry.get("value")
        else:
            yield from entry.items()


def check_cases(cases: Collection[Case], pack: Pack) -> Iterator[Problem]:
    """What the cases name and the pack does not have: such a case can never pass."""
    for case in cases:
        if case.language not in pack.languages:
            mend = f"Its languages are {', '.join(pack.languages)}."
            yield foreign(f"'{case.name}'", case.language, case.file, case.line, mend)
        for step in case.steps:
            for kind, name, known in _names(step, pack):
                if name not in known:
                    what = f"'{case.name}' expects the unknown {kind} '{name}'"
                    yield Problem(case.file, step.line, what, near(name, known))


def _names(step: Step, pack: Pack) -> Iterator[tuple[str, str, Collection[str]]]:
    named: dict[str, Any] = step.value if isinstance(step.value, dict) else {}
    match step.kind:
        case "utter":
            yield "response", str(step.value), pack.domain.responses
        case "bot_uttered" if "utter_name" in named:
            yield "response", str(named["utter_name"]), pack.domain.responses
        case "slot_was_set" | "slot_was_not_set":
            known = {*pack.domain.slots, "language"}
            yield from (("slot", name, known) for name, _ in slots_expected(step.value))
        case "flow_started" | "flow_completed" | "flow_cancelled":
            yield "flow", str(named.get("flow_id") or step.value), pack.flows
        case "called":
            yield "flow", str(step.value), pack.flows
        case "action_executed":
            yield "action", str(step.value), {*pack.domain.actions, *ENGINE_ACTIONS, HANDOFF_ACTION}
        case _:
            pass
