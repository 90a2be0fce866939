"""`balie test conversations`: the pack's end-to-end test conversations, through the whole way of a message.

What is expected after a turn must be among what happened in it, utterances in order; other things may come in
between. The cases as they are written are read in `bot.app.cases`.
"""

from __future__ import annotations

import argparse
import asyncio
import re
import secrets
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, select

from bot.app.build import Balie, build
from bot.app.cases import Case, Step, read_cases, slots_expected
from bot.app.config import Settings
from bot.app.loading import Content, load
from bot.app.logs import set_up_logging
from bot.bus import WORK
from bot.model.errors import NotFound
from bot.model.messages import InboundMessage
from bot.service.agents import Agent
from bot.service.placed import START_FLOW
from bot.store import views
from bot.store.queue import accept_result, open_conversation
from bot.store.schema import conversations
from bot.store.views import TimelineItem


@dataclass(frozen=True, slots=True)
class Failure:
    """What was expected and what was said instead."""

    case: Case
    line: int
    expected: str
    said: tuple[str, ...]

    def __str__(self) -> str:
        said = "\n    ".join(self.said) or "(nothing)"
        return f"{self.case.file}:{self.line}: {self.case.name}: expected {self.expected}, got\n    {said}"


def test_conversations(settings: Settings, given: argparse.Namespace) -> int:
    """Play them, and say which did not go as expected."""
    set_up_logging("ERROR", settings.log_format)
    cases = only(read_cases(settings.data), given.only)
    if not cases:
        raise NotFound(f"no conversation in {settings.data} has '{given.only}' in its name")
    failures = asyncio.run(run_cases(settings, load(settings), cases))
    for failure in failures:
        print(failure)
    print(f"{len(cases) - len(failures)} passed, {len(failures)} failed")
    return int(bool(failures))


async def run_cases(settings: Settings, content: Content, cases: list[Case]) -> list[Failure]:
    """Play the cases on a database of their own; returns what did not go as expected."""
    failures: list[Failure] = []
    for at in sorted({case.at for case in cases}):
        failures.extend(await _run_at(at, settings, content, [case for case in cases if case.at == at]))
    return failures


async def _run_at(at: datetime, settings: Settings, content: Content, cases: list[Case]) -> list[Failure]:
    failures: list[Failure] = []
    shift = at.timestamp() - time.time()
    with tempfile.TemporaryDirectory(prefix="balie-") as folder:
        apart = settings.model_copy(update={"var": Path(folder), "database_url": None, "redis_url": None})
        balie = await build(apart, content, clock=lambda: time.time() + shift)
        await balie.start()
        try:
            for found in await asyncio.gather(*(_play(balie, case) for case in cases)):
                failures.extend(found)
        finally:
            await balie.stop()
    return failures


async def _play(balie: Balie, case: Case) -> list[Failure]:
    sender = secrets.token_urlsafe(8)
    happened: list[TimelineItem] = []
    rest: list[TimelineItem] | None = []
    for number, step in enumerate(case.steps):
        if step.kind == "user":
            happened = rest = await _turn(balie, case, sender, number, str(step.value))
            continue
        if step.kind == "resolved":
            happened = rest = await _resolved(balie, sender, str(step.value))
            continue
        if step.kind == "called":
            happened = rest = await _called(balie, case, sender, str(step.value))
            continue
        if step.kind in _ASSERTIONS:
            fits = _ASSERTIONS[step.kind](step.value, happened)
        else:
            rest = _after(step, rest or [])
            fits = rest is not None
        if not fits:
            expected = f"{step.kind}: {step.value}"
            return [Failure(case, step.line, expected, tuple(_told(happened)))]
    return []


async def _turn(balie: Balie, case: Case, sender: str, number: int, text: str) -> list[TimelineItem]:
    message = InboundMessage(case.channel, sender, f"{sender}-{number}", text, language=case.language)
    accepted = await balie.ingest.receive(message)
    await balie.replies.answered(accepted, 60)
    return await balie.database.read(
        lambda connection: views.timeline(connection, accepted.conversation_id, after=accepted.seq)
    )


async def _resolved(balie: Balie, sender: str, solution: str) -> list[TimelineItem]:
    def find(connection: Connection) -> str:
        found = select(conversations.c.id).where(conversations.c.sender_id == sender)
        return str(connection.execute(found).scalar_one())

    conversation_id = await balie.database.read(find)
    seq = await balie.agents.resolve(conversation_id, Agent("colleague", "Colleague"), solution)
    await balie.replies.settled(conversation_id, 60)
    return await balie.database.read(
        lambda connection: views.timeline(connection, conversation_id, after=seq)
    )


async def _called(balie: Balie, case: Case, sender: str, flow: str) -> list[TimelineItem]:
    """The customer picks up a call for this flow."""

    def begin(connection: Connection) -> str:
        now = balie.clock()
        id_, _ = open_conversation(connection, case.channel, sender, now=now, language=case.language)
        accept_result(
            connection, id_, "deed", f"{id_}:{START_FLOW}", {"deed": START_FLOW, "flow": flow}, now=now
        )
        return id_

    conversation_id = await balie.database.write(begin)
    await balie.bus.ring(WORK)
    await balie.replies.settled(conversation_id, 60)
    return await balie.database.read(lambda connection: views.timeline(connection, conversation_id))


def _after(step: Step, happened: list[TimelineItem]) -> list[TimelineItem] | None:
    """What comes after the first item that the step expects; None when there is none."""
    for number, item in enumerate(happened):
        if item.type not in ("bot", "system"):
            continue
        if step.kind == "utter" and item.data.get("response") == step.value:
            return happened[number:]
        if step.kind == "bot" and (item.content or {}).get("text") == step.value:
            return happened[number:]
    return None


def _slots_set(expected: Any, happened: list[TimelineItem]) -> bool:
    """`[{name: value}]` or Rasa's longer `[{name: …, value: …}]`; a value that is left out may be any."""
    return all(_slot_set(name, value, happened) for name, value in slots_expected(expected))


def _slot_set(name: str, wanted: Any, happened: list[TimelineItem]) -> bool:
    values = [
        (item.content or {}).get("value")
        for item in happened
        if item.type == "slot" and item.data.get("name") == name
    ]
    if name == "language":  # the engine's own slot: a change of it is an event of its own
        values = [item.data.get("to") for item in happened if item.type == "language"]
    return any(wanted is None or _same(wanted, found) for found in values)


def _flow(change: str) -> Callable[[Any, list[TimelineItem]], bool]:
    def holds(expected: Any, happened: list[TimelineItem]) -> bool:
        flow = expected.get("flow_id") if isinstance(expected, dict) else expected
        return any(
            item.type == "flow" and item.data.get("flow") == flow and item.data.get("change") == change
            for item in happened
        )

    return holds


def _executed(expected: Any, happened: list[TimelineItem]) -> bool:
    return any(item.type == "action" and item.data.get("name") == expected for item in happened)


def _uttered(expected: Any, happened: list[TimelineItem]) -> bool:
    name, pattern = expected.get("utter_name"), expected.get("text_matches")
    return any(
        item.type in ("bot", "system")
        and name in (None, item.data.get("response"))
        and (pattern is None or re.search(pattern, (item.content or {}).get("text", "")))
        for item in happened
    )


_ASSERTIONS: dict[str, Callable[[Any, list[TimelineItem]], bool]] = {
    "slot_was_set": _slots_set,
    "slot_was_not_set": lambda expected, happened: not _slots_set(expected, happened),
    "flow_started": _flow("started"),
    "flow_completed": _flow("completed"),
    "flow_cancelled": _flow("cancelled"),
    "action_executed": _executed,
    "bot_uttered": _uttered,
}


def _same(wanted: Any, found: Any) -> bool:
    return wanted == found or str(wanted).casefold() == str(found).casefold()


def _told(happened: list[TimelineItem]) -> Iterator[str]:
    for item in happened:
        content = item.content or {}
        if item.type in ("bot", "system"):
            yield f"{item.data.get('response')}: {content.get('text', '')[:120]}"
        elif item.type == "understood":
            yield f"(understood {item.data['intent']} {item.data['confidence']:.2f})"
        elif item.type == "decided":
            yield f"(rule {item.data['rule']})"
        elif item.type == "slot":
            yield f"(slot {item.data['name']} = {content.get('value')!r})"


def only(cases: list[Case], name: str) -> list[Case]:
    """The cases whose name contains `name`."""
    return [case for case in cases if name.casefold() in case.name.casefold()]
