"""A counter for tests of the service: the real way of a message on a real database, with the small pack.

What is understood comes from a list of words, actions are plain functions, the clock is set by hand.
"""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from bot.bus import Bus
from bot.dialogue.tracker import Tracker
from bot.model.actions import ActionCall, ActionResult
from bot.model.events import Event
from bot.model.messages import Accepted, InboundMessage
from bot.model.understanding import NLU_FALLBACK, Entity, IntentScore, Understanding
from bot.service.agents import Agents
from bot.service.ingest import Ingest, IngestSettings
from bot.service.notices import Notices
from bot.service.reading import Reading
from bot.service.replies import Replies
from bot.service.saving import Handover
from bot.service.turns import Turns
from bot.service.understanding import Understander
from bot.service.waiting import Waiting
from bot.service.worker import Worker
from bot.store import views
from bot.store.database import Database
from bot.store.queue import Claimed
from bot.store.repositories import create_handoff
from bot.store.views import TimelineItem
from handoff.calendar import Calendar, Span
from handoff.when import When
from nlu.pipeline import Query
from tests.engine_talk import small_pack

WORDS = {
    "wifi": "wifi_problem", "printer": "printer_problem", "mens": "talk_to_human", "dag": "greet", "dank": "thank",
    "laat maar": "cancel", "kapot": "kapot",
}  # fmt: skip


class WordReader:
    """Understands a word at a time; `batches` remembers how many texts came together."""

    def __init__(self) -> None:
        self.batches: list[int] = []

    def parse_batch(self, queries: Sequence[Query]) -> list[Understanding]:
        self.batches.append(len(queries))
        return [self._parse(query) for query in queries]

    def _parse(self, query: Query) -> Understanding:
        low = query.text.lower()
        if "boem" in low:
            raise RuntimeError("this text breaks the reader")
        meant = [intent for word, intent in WORDS.items() if word in low]
        intent = meant[0] if meant else NLU_FALLBACK
        confidence = 0.0 if intent == NLU_FALLBACK else 0.95
        found = tuple(Entity("device", value, 0, 0) for value in ("laptop", "phone") if value in low)
        return Understanding(
            query.text,
            query.language or query.hint or "nl",
            intent,
            confidence,
            (IntentScore(intent, confidence), *(IntentScore(other, 0.02) for other in meant[1:])),
            found,
        )


@dataclass
class Doubles:
    """Actions as plain functions; `slow` ones are durable."""

    actions: dict[str, Callable[[ActionCall], Mapping[str, Any]]] = field(default_factory=dict)
    slow: set[str] = field(default_factory=lambda: {"action_slow"})
    gate: asyncio.Event | None = None
    called: list[str] = field(default_factory=list)

    def names(self) -> set[str]:
        return set(self.actions)

    def durable(self, name: str) -> bool:
        return name in self.slow

    async def run(self, call: ActionCall) -> ActionResult:
        self.called.append(call.key)
        if self.gate is not None and call.name in self.slow:
            await self.gate.wait()
        return ActionResult(call.name, call.key, **self.actions.get(call.name, lambda _: {})(call))


class Desk:
    """Hands over with a number, and puts the conversation in line when the turn is saved."""

    async def prepare(self, claimed: Claimed, tracker: Tracker, call: ActionCall) -> Handover:
        def save(connection: Any) -> None:
            create_handoff(
                connection,
                claimed.id,
                episode=claimed.episode,
                team="desk",
                reason="asked",
                priority="P3",
                now=1.0,
            )

        result = ActionResult(call.name, call.key, slots={"ticket_number": "1001"})
        return Handover(result, Event("handoff", {"reason": "asked", "team": "desk"}), "desk", save)

    async def carried(self, claimed: Claimed) -> dict[str, Any]:
        return {}


class Counter:
    """The service of one process on a database; `now` moves only when a test moves it. `takes` lets it begin
    a message's turn with the message, as it does where there is no other worker."""

    def __init__(
        self,
        database: Database,
        bus: Bus,
        *,
        push: tuple[str, ...] = (),
        lease: float = 60.0,
        takes: bool = False,
    ) -> None:
        self.now = 1_000_000.0
        self.database, self.bus = database, bus
        self.reader, self.doubles = WordReader(), Doubles()
        self.understander = Understander(lambda: self.reader)
        calendar = Calendar(((Span(0, 1440),),) * 7)
        notices = Notices(small_pack, lambda: calendar, push=push, clock=lambda: self.now)
        waiting = Waiting(database, bus, notices, clock=lambda: self.now)
        self.replies = Replies(database, bus, look_every=0.05)
        self.agents = Agents(database, bus, push=push, tell=notices.tell, clock=lambda: self.now)
        self.turns = Turns(
            pack=small_pack,
            database=database,
            bus=bus,
            reading=Reading(self.understander, When, lambda: self.now),
            runner=self.doubles,
            handovers=Desk(),
            push=push.__contains__,
            answer=self.replies.hand,
            clock=lambda: self.now,
        )
        self.worker = Worker(
            database=database,
            bus=bus,
            turns=self.turns,
            runner=self.doubles,
            clock=lambda: self.now,
            lease=lease,
            poll=0.05,
        )
        self.ingest = Ingest(
            database,
            bus,
            waiting=waiting.tell,
            settings=IngestSettings(messages=10_000),
            taker=self.worker if takes else None,
            clock=lambda: self.now,
        )
        self._ids = itertools.count(1)

    async def accept(
        self,
        sender: str,
        text: str,
        *,
        channel: str = "test",
        id: str = "",
        payload: str | None = None,
        voice: bool = False,
        language: str = "nl",
    ) -> Accepted:
        external = id or f"{sender}-{next(self._ids)}"
        message = InboundMessage(channel, sender, external, text, payload, language, voice=voice)
        return await self.ingest.receive(message)

    async def say(self, sender: str, text: str, **more: Any) -> list[str]:
        """Send a message and wait for what is said to it."""
        accepted = await self.accept(sender, text, **more)
        items = await self.replies.answered(accepted, 10)
        return [str((item.content or {})["text"]) for item in items if item.type != "user"]

    async def timeline(self, conversation_id: str) -> list[TimelineItem]:
        return list(await self.database.read(lambda connection: views.timeline(connection, conversation_id)))

    async def close(self) -> None:
        await self.worker.stop()
        self.understander.close()
