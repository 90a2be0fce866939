"""One turn: what a conversation received is understood, decided and carried out; `saving` puts it on record.

The engine decides; this module reads and acts for it. Fast actions run inside the turn, durable ones become
jobs whose results come back through the inbox.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, replace
from datetime import datetime
from itertools import groupby
from time import perf_counter
from typing import Any, Protocol

from bot.actions.runner import ActionRunner
from bot.bus import Bus
from bot.dialogue import engine
from bot.dialogue.commands import CannotHandle, Clarify, Decision, HumanHandoff, StartFlow
from bot.dialogue.effects import (
    End,
    Input,
    Resolved,
    Result,
    Returned,
    RunAction,
    Schedule,
    Shown,
    Silence,
    Started,
    Turn,
)
from bot.dialogue.pack import CUSTOMER, Pack
from bot.dialogue.tracker import Tracker
from bot.model.actions import ActionCall, ActionResult
from bot.model.conversation import Owner, Status
from bot.model.errors import StaleVersion
from bot.model.events import Event
from bot.model.messages import PHONE
from bot.service.reading import Reading
from bot.service.saving import Handover, Saving, Work
from bot.store.database import Database
from bot.store.queue import Claimed, InboxRow, NewJob
from bot.store.views import TimelineItem

log = logging.getLogger(__name__)


class Observe(Protocol):
    """Hears how turns went; for figures."""

    def __call__(self, seconds: float, *, failed: bool, handed_over: str | None) -> None:
        """A turn took so long."""
        ...


def _unobserved(seconds: float, *, failed: bool, handed_over: str | None) -> None:
    """Nobody counts."""


Answer = Callable[[int, Sequence[TimelineItem] | None], None]
"""Hears, for each message whose turn is over, what was said to it; None where that is to be looked up."""


def _unheard(inbox_id: int, said: Sequence[TimelineItem] | None) -> None:
    """Nobody waits."""


class HandoverDesk(Protocol):
    """Makes tickets and finds teams. Kept here, with its caller."""

    async def prepare(self, claimed: Claimed, tracker: Tracker, call: ActionCall) -> Handover:
        """The ticket for what is known now; nothing is handed over before `save`."""
        ...

    async def carried(self, claimed: Claimed) -> dict[str, Any]:
        """What is known of the conversation's customer, as slots."""
        ...


class Turns:
    """Processes claimed conversations. `push` says of a channel whether delivery sends its messages."""

    def __init__(
        self,
        *,
        pack: Callable[[], Pack],
        database: Database,
        bus: Bus,
        reading: Reading,
        runner: ActionRunner,
        handovers: HandoverDesk,
        push: Callable[[str], bool],
        observe: Observe = _unobserved,
        answer: Answer = _unheard,
        clock: Callable[[], float],
    ) -> None:
        self._pack = pack
        self._reading = reading
        self._runner = runner
        self._handovers = handovers
        self._saving = Saving(database, bus, push, clock)
        self._observe = observe
        self._answer = answer
        self._clock = clock

    async def process(self, claimed: Claimed) -> None:
        """Carry one claimed conversation through its turn; what goes wrong is said and logged, not raised."""
        began, failed, reason = perf_counter(), False, None
        said: Sequence[TimelineItem] | None = None
        try:
            work = await self._work(claimed)
            said = await self._saving.save(claimed, work)
            reason = str(work.handover.event.data.get("reason")) if work.handover else None
        except StaleVersion:
            log.info("turn came too late", extra={"conversation": claimed.id})
        except Exception:
            failed = True
            log.exception("turn failed", extra={"conversation": claimed.id})
            await self._saving.apologise(claimed, self._pack())
        for row in claimed.rows:
            if row.kind == "message":
                self._answer(row.id, said)
                said = None  # the first message of a turn is told all of it
        self._observe(perf_counter() - began, failed=failed, handed_over=reason)

    async def _work(self, claimed: Claimed) -> Work:
        pack = self._pack()
        work = await self._begin(claimed, pack)
        if claimed.timer and claimed.owner is Owner.BOT and claimed.status is not Status.RESOLVED:
            await self._step(claimed, pack, work, Silence())
        for kind, rows in groupby(claimed.rows, key=lambda row: row.kind):
            if kind == "message":
                await self._messages(claimed, pack, work, list(rows))
                continue
            for row in rows:
                happened = _happened(kind, row)
                if happened is not None:
                    await self._step(claimed, pack, work, happened)
        return work

    async def _begin(self, claimed: Claimed, pack: Pack) -> Work:
        spoken = any(row.kind == "message" for row in claimed.rows)
        known = Tracker.from_json(claimed.state) if claimed.state else None
        if known:
            return Work(replace(known, channel=_channel(claimed, known)), claimed.status)
        fresh = await self._fresh(
            claimed, pack, known, new_episode=claimed.status is Status.RESOLVED and spoken
        )
        return fresh if spoken else replace(fresh, status=claimed.status)

    async def _fresh(self, claimed: Claimed, pack: Pack, known: Tracker | None, *, new_episode: bool) -> Work:
        """A first or a new episode, with who the customer is known to be."""
        language = claimed.language if claimed.language in pack.languages else pack.language
        carried = {name: known.slots[name] for name in CUSTOMER if known and known.slots.get(name)}
        if claimed.customer_id:
            carried = {**await self._handovers.carried(claimed), **carried}
        carried = {name: value for name, value in carried.items() if name in pack.domain.slots}
        tracker = engine.new_tracker(
            pack, claimed.id, known.language if known else language, _channel(claimed, known), carried
        )
        return Work(replace(tracker, begun=self._clock()), Status.PENDING, new_episode=new_episode)

    async def _messages(self, claimed: Claimed, pack: Pack, work: Work, rows: Sequence[InboxRow]) -> None:
        """Rows of one turn are read together. Of pictures without a word nothing can be read."""
        text = "\n".join(row.text for row in rows if row.text)
        payload = next((row.payload for row in reversed(rows) if row.payload), None)
        over = work.status is Status.RESOLVED
        fresh = await self._fresh(claimed, pack, work.tracker, new_episode=True) if over else work
        if not text and payload is None:
            if over:
                work.tracker, work.status, work.new_episode = fresh.tracker, fresh.status, True
            await self._step(claimed, pack, work, Shown())
            return
        # A question that is still open after a resolution (was it all right?) may be answered.
        reads = work.tracker if work.tracker.stack else fresh.tracker
        hint = claimed.language or None
        understanding, events = await self._reading.understand(pack, reads, text, payload, hint)
        work.events.extend(events)
        texts = [row.text for row in rows if row.text]
        person = await self._reading.wants_person(understanding, texts, pack)

        def decide() -> Decision:
            return self._reading.decide(pack, work.tracker, understanding, text, payload, person=person)

        decision = decide()
        if over and opens(decision, pack):
            work.tracker, work.status, work.new_episode = fresh.tracker, fresh.status, True
            decision = decide()
        today = datetime.fromtimestamp(self._clock()).astimezone().date().isoformat()
        await self._step(claimed, pack, work, Turn(decision, understanding, text, today))

    async def _step(self, claimed: Claimed, pack: Pack, work: Work, happened: Input) -> None:
        """Let the engine go on, and run the fast actions that it asks for, until it waits."""
        waiting: Input | None = happened
        while waiting is not None:
            outcome = engine.receive(pack, work.tracker, waiting)
            work.tracker = outcome.tracker
            work.events.extend(outcome.events)
            waiting = None
            for effect in outcome.effects:
                match effect:
                    case RunAction(call):
                        waiting = await self._act(claimed, work, call)
                    case Schedule(seconds):
                        work.wake_after = seconds
                    case End(ended):
                        work.ended = ended
                        work.events.append(Event("ended", {"outcome": ended}))
                    case _:
                        pass  # Say is in the events already

    async def _act(self, claimed: Claimed, work: Work, call: ActionCall) -> Input | None:
        if work.tracker.pending_kind == "handoff":
            work.handover = await self._handovers.prepare(claimed, work.tracker, call)
            work.events.append(work.handover.event)
            return Result(work.handover.result)
        if self._runner.durable(call.name):
            work.jobs.append(NewJob(call.key, "action", asdict(call), self._clock(), claimed.id))
            return None
        return Result(await self._runner.run(call))


def _channel(claimed: Claimed, known: Tracker | None) -> str:
    """How the customer is answered: who spoke last time, in whatever channel, is spoken to."""
    messages = [row for row in claimed.rows if row.kind == "message"]
    if not messages:
        return known.channel if known else claimed.channel
    return PHONE if messages[-1].voice else claimed.channel


def opens(decision: Decision, pack: Pack) -> bool:
    """Whether a turn after a resolution begins a new episode: it brings a subject, or wants a person."""
    return any(
        not pack.flows[command.flow].aside
        if isinstance(command, StartFlow)
        else isinstance(command, HumanHandoff | Clarify)
        or (isinstance(command, CannotHandle) and command.reason == "no_meaning")
        for command in decision.commands
    )


def _happened(kind: str, row: InboxRow) -> Input | None:
    if kind == "action_result":
        return Result(result_from(row.data))
    return _AFTER_DEED.get(str(row.data.get("deed")), _nothing)(row.data) if kind == "deed" else None


def _nothing(_: Mapping[str, Any]) -> None:
    return None


_AFTER_DEED: Mapping[str, Callable[[Mapping[str, Any]], Input | None]] = {
    "to_bot": lambda deed: Returned(str(deed.get("article") or "")),
    "resolve": lambda _: Resolved(),
    "start_flow": lambda deed: Started(
        str(deed.get("flow") or ""), tuple((str(k), str(v)) for k, v in (deed.get("slots") or {}).items())
    ),
}
"""What an agent's deed, or a call that we placed, means to the engine; other deeds mean nothing to it."""


def result_from(plain: Mapping[str, Any]) -> ActionResult:
    """The result that `asdict` made plain."""
    return replace(ActionResult(**plain), responses=tuple(plain.get("responses", ())))
