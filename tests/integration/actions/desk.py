"""The shipped actions over the real pack, for one conversation and its slots."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from bot.actions.runner import LocalRunner
from bot.actions.shipped import make_checks, shipped_actions
from bot.checks.run import Checks
from bot.dialogue.pack import Pack
from bot.knowledge.search import KnowledgeIndex
from bot.model.actions import ActionCall, ActionResult
from bot.model.messages import InboundMessage
from bot.model.ticket import CheckResult, Priority, Ticket
from bot.store import queue
from bot.store.database import Database
from bot.store.repositories import (
    create_ticket,
)
from handoff.config import Policy

DATA = Path(__file__).parents[3] / "data"
MONDAY = datetime(2026, 11, 23, 9, 0, tzinfo=UTC).timestamp()
NIGHT = datetime(2026, 11, 23, 22, 0, tzinfo=UTC).timestamp()
HOUR = 3600.0


class FakeChecks(Checks):
    """Routine tests with fixed results: nothing is reached."""

    results: Sequence[CheckResult] = ()

    async def for_intent(self, intent: str) -> list[CheckResult]:
        return list(self.results) if intent == "internet_down" else []


class Desk:
    """The shipped actions, one conversation and its slots."""

    def __init__(
        self,
        pack: Pack,
        policy: Policy,
        index: KnowledgeIndex,
        database: Database,
        *,
        public_url: str | None = "https://help.example.org/",
        channel: str = "rest",
    ) -> None:
        self.now = MONDAY
        self.channel = channel
        routine = make_checks(DATA, lambda: self.now)
        self.checks = FakeChecks(routine.policy, routine.outages)
        actions = shipped_actions(
            database=database,
            index=lambda: index,
            pack=lambda: pack,
            policy=lambda: policy,
            data=DATA,
            clock=lambda: self.now,
            public_url=public_url,
            checks=self.checks,
        )
        self.runner = LocalRunner(actions)
        self.database = database
        self.slots: dict[str, Any] = {"language": "nl"}
        self.conversation = "nobody"

    async def run(self, name: str, said: str = "", **filled: Any) -> ActionResult:
        """Run an action and keep the slots that it fills, as the engine does."""
        self.slots |= filled
        heard = [{"event": "user", "text": said, "input_channel": self.channel}]
        tracker = {
            "sender_id": self.conversation,
            "slots": self.slots,
            "latest_message": {"text": said},
            "events": heard,
        }
        result = await self.runner.run(ActionCall(name, "k", tracker))
        assert result.ok, result.error
        self.slots |= result.slots
        return result

    async def begin(self, sender: str) -> str:
        """A conversation on record."""
        message = InboundMessage("web", sender, f"{sender}-1", "hallo")
        accepted = await self.database.write(
            lambda connection: queue.accept(connection, message, now=self.now, burst=0)
        )
        self.conversation = accepted.conversation_id
        return self.conversation

    async def ticket(self, conversation: str, *, episode: int = 1, summary: str = "Wifi werkt niet") -> int:
        """A ticket of a conversation; its number."""
        ticket = Ticket(
            conversation_id=conversation,
            channel="web",
            language="nl",
            intent="wifi_problem",
            summary=summary,
            team="network",
            priority=Priority.P2,
            resolution_due=datetime.fromtimestamp(self.now, UTC) + timedelta(hours=4),
        )
        row = await self.database.write(
            lambda connection: create_ticket(connection, ticket, episode=episode, now=self.now)
        )
        return row.number
