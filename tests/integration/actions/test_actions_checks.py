"""Routine checks are run and told, and outages where they concern."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from bot.model.ticket import CheckResult
from tests.integration.actions.desk import Desk


async def test_checks_are_run_and_told(shelf: Desk) -> None:
    good = CheckResult("internet_name", "www.example.com:443", True, "an address", "93.184.216.34", 12)
    shelf.checks.results = [good, replace(good, name="internet_web", ok=False, found="HTTP 503")]
    await shelf.run("action_run_checks", problem="internet_down")
    assert shelf.slots["checks_ok"] is False
    assert shelf.slots["checks_text"] == "Namen opzoeken (DNS): in orde, websites openen: niet in orde."
    assert shelf.slots["check_results"][0] == {
        "name": "internet_name",
        "target": "www.example.com:443",
        "ok": True,
        "expected": "an address",
        "found": "93.184.216.34",
        "ms": 12,
    }
    shelf.checks.results = [good]
    await shelf.run("action_run_checks", language="fr")
    assert shelf.slots["checks_ok"] is True
    assert shelf.slots["checks_text"] == "Résolution des noms (DNS)\u202f: en ordre."
    assert len(shelf.slots["check_results"]) == 3
    await shelf.run("action_run_checks", problem="printer_problem")
    assert (shelf.slots["checks_ok"], shelf.slots["checks_text"]) == (None, None)


async def test_outages_are_told_only_where_they_concern(shelf: Desk, tmp_path: Path) -> None:
    await shelf.run("action_find_outage", problem="email_not_working")
    assert shelf.slots["outage_text"] is None
