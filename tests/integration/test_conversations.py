"""The shipped pack's end-to-end conversations, on the real model and the whole way of a message.

Those that go with the pack stand in `data/conversations`; what else it promises, in `tests/conversations`.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.app.cases import Case, read_cases
from bot.app.config import read_settings
from bot.app.content import DEFAULT_DATA
from bot.app.conversations import run_cases
from bot.app.loading import load
from tests.fixtures_server import new_var

COMPLETE = {
    "password_forgotten", "account_locked", "internet_down", "wifi_problem", "vpn_problem", "email_not_working",
    "printer_problem", "computer_slow", "phishing_report", "complaint", "knowledge_question", "ticket_status",
    "callback_request", "pattern_human_handoff",
}  # fmt: skip


TESTS = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def cases() -> list[Case]:
    return read_cases(DEFAULT_DATA)


def test_there_are_enough_and_a_third_is_by_somebody_who_has_not_seen_the_flows(cases: list[Case]) -> None:
    unseen = [case for case in cases if "unseen" in case.file]
    assert len(cases) >= 45
    assert 3 * len(unseen) >= len(cases)
    assert {case.language for case in cases} == {"nl", "fr", "en"}


def test_every_complete_scenario_has_one(cases: list[Case]) -> None:
    started = {
        step.value
        for case in cases
        for step in case.steps
        if step.kind == "flow_started" and isinstance(step.value, str)
    }
    assert started >= COMPLETE


async def test_all_conversations_go_as_expected(cases: list[Case], trained: Path, tmp_path: Path) -> None:
    settings = read_settings(var=new_var(trained, tmp_path))
    failures = await run_cases(settings, load(settings, progress=False), [*cases, *read_cases(TESTS)])
    assert not failures, "\n".join(map(str, failures))
