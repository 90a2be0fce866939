"""What becomes of a ticket that a person edits."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.app.content import DEFAULT_DATA, POLICY, read_files
from bot.model.errors import Malformed
from bot.model.ticket import Level, Priority, Ticket
from handoff.config import load_policy
from handoff.ticket_edit import FIELDS, differences, edited

SHIPPED = load_policy(read_files(DEFAULT_DATA, *POLICY))
MONDAY = datetime(2026, 11, 23, 9, tzinfo=UTC)
TICKET = Ticket(
    "c", "web", "nl", "wifi_problem", "Wifi weg", customer="Sofie", team="network",
    facts={"device": {"label": "Toestel", "value": "laptop"}},
)  # fmt: skip


def edit(**fields: str) -> Ticket:
    return edited(
        TICKET, {name.replace("__", "."): value for name, value in fields.items()}, SHIPPED, opened=MONDAY
    )


def test_fields_and_their_differences() -> None:
    after = edit(customer=" Sofie P. ", fact__device="gsm", team="security")
    assert differences(TICKET, after) == [
        ("customer", "Sofie", "Sofie P."),
        ("team", "network", "security"),
        ("fact.device", "laptop", "gsm"),
    ]
    assert differences(after, after) == []
    assert after.response_due is None, "no other priority, no other due times"


@given(st.sampled_from(list(Level)), st.sampled_from(list(Level)))
def test_impact_and_urgency_weigh_anew(impact: Level, urgency: Level) -> None:
    after = edit(impact=impact.value, urgency=urgency.value)
    same = (impact, urgency) == (TICKET.impact, TICKET.urgency)
    assert after.priority == (TICKET.priority if same else SHIPPED.rules.matrix[impact, urgency])


def test_a_priority_that_is_given_counts_and_moves_the_due_times() -> None:
    after = edit(impact="high", priority="P1")
    assert after.priority is Priority.P1
    assert after.response_due is not None
    assert after.resolution_due is not None
    assert MONDAY <= after.response_due < after.resolution_due
    later = edited(TICKET, {"priority": "P1"}, SHIPPED, opened=MONDAY, handed_over=MONDAY.replace(hour=11))
    assert later.response_due is not None
    assert later.response_due > after.response_due, "an answer is counted from the handover"
    assert later.resolution_due == after.resolution_due


def test_passwords_do_not_stay_on_a_ticket() -> None:
    assert "Geheim123!" not in edit(summary="mijn wachtwoord is Geheim123!").summary


@given(st.sampled_from([*FIELDS, "fact.device", "fact.nothing", "status", "secret"]), st.text(max_size=300))
def test_anything_is_a_field_or_malformed(name: str, value: str) -> None:
    try:
        after = edited(TICKET, {name: value}, SHIPPED, opened=MONDAY)
    except Malformed:
        return
    assert {changed for changed, _, _ in differences(TICKET, after)} <= {name, "priority"}


@pytest.mark.parametrize("fields", [{"priority": "P0"}, {"team": ""}, {"intent": "moon"}, {"number": "1"}])
def test_what_cannot_be_is_refused(fields: dict[str, str]) -> None:
    with pytest.raises(Malformed):
        edit(**fields)
