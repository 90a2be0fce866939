"""Routine tests in a conversation: running those of the problem, and telling a known outage."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher

from bot.actions.base import ShippedAction, items_of, language_of, slots, text_of
from bot.checks.config import ChecksForm
from bot.checks.outages import OutageList
from bot.checks.run import Checks
from bot.model.ticket import CheckResult


class RunChecks(ShippedAction):
    """Runs the tests that the pack lists for the problem; `checks_ok` is null when there are none."""

    action_name = "action_run_checks"
    balie_durable = True

    def __init__(self, checks: Checks) -> None:
        self._checks = checks

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any) -> list[EventType]:
        """Run them, and add the results to `check_results`."""
        results = await self._checks.for_intent(text_of(tracker, "problem"))
        if not results:
            return slots(checks_ok=None, checks_text=None)
        known = items_of(tracker, "check_results")
        return slots(
            check_results=[*known, *(asdict(result) for result in results)],
            checks_ok=all(result.ok for result in results),
            checks_text=told(self._checks.policy, results, language_of(tracker)),
        )


def told(policy: ChecksForm, results: list[CheckResult], language: str) -> str:
    """The results in one line, in the pack's words."""
    parts: list[str] = []
    for result in results:
        words = policy.words.ok if result.ok else policy.words.failed
        text = words.get(language) or next(iter(words.values()), "{label}")
        label = policy.label(result.name, language)
        parts.append(text.replace("{label}", label).replace("{found}", result.found))
    line = ", ".join(parts)
    return f"{line[:1].upper()}{line[1:]}." if line else ""


class FindOutage(ShippedAction):
    """Whether a known outage concerns the problem; `outage_text` is null when none does."""

    action_name = "action_find_outage"

    def __init__(self, outages: OutageList) -> None:
        self._outages = outages

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any) -> list[EventType]:
        """Look in the list; asked about outages as such, any of them counts."""
        problem = text_of(tracker, "problem")
        active = self._outages.active(None if problem in ("", "outage_question") else problem)
        texts = [outage.text(language_of(tracker)).strip() for outage in active]
        return slots(outage_text=" ".join(texts) or None)
