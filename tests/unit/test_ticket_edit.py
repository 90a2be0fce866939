"""What becomes of a ticket that a person edits."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.app.content import DEFAULT_DATA, POLICY, read_files
from bot.model.errors import Malformed
from bot.model.ticket import Level, Priority, StepTried, Ticket
from handoff.config import load_policy
from handoff.ticket_edit import FIELDS, Record, Rules, differences, edited, kept, value_of

SHIPPED = load_policy(read_files(DEFAULT_DATA, *POLICY))
MONDAY = datetime(2026, 11, 23, 9, tzinfo=UTC)
TICKET = Ticket(
    "c", "web", "nl", "wifi_problem", "Wifi weg", customer="Sofie", team="network",
    facts={"device": {"label": "Toestel", "value": "laptop"}},
)  # fmt: skip


RECORD = Record(TICKET)
RULES = Rules(SHIPPED, {"device": "Toestel", "operating_system": "Besturingssysteem"})


def edit(**fields: str) -> Ticket:
    named = {name.replace("__", "."): value for name, value in fields.items()}
    return edited(RECORD, named, RULES, opened=MONDAY).ticket


def changed(before: Ticket, after: Ticket) -> list[tuple[str, str, str]]:
    return differences(Record(before), Record(after), RULES.zone)


def test_fields_and_their_differences() -> None:
    after = edit(customer=" Sofie P. ", fact__device="gsm", team="security")
    assert changed(TICKET, after) == [
        ("customer", "Sofie", "Sofie P."),
        ("team", "network", "security"),
        ("fact.device", "laptop", "gsm"),
    ]
    assert changed(after, after) == []
    assert after.response_due is None, "no other priority, no other due times"


@settings(deadline=None)  # the first look at a year loads its holidays
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
    later = edited(
        RECORD, {"priority": "P1"}, RULES, opened=MONDAY, handed_over=MONDAY.replace(hour=11)
    ).ticket
    assert later.response_due is not None
    assert later.response_due > after.response_due, "an answer is counted from the handover"
    assert later.resolution_due == after.resolution_due


def test_passwords_do_not_stay_on_a_ticket() -> None:
    assert "Geheim123!" not in edit(summary="mijn wachtwoord is Geheim123!").summary


@settings(deadline=None)  # the first look at a year loads its holidays
@given(
    st.sampled_from([*FIELDS, "fact.device", "fact.nothing", "step.Herstarten", "secret"]),
    st.text(max_size=300),
)
def test_anything_is_a_field_or_malformed(name: str, value: str) -> None:
    try:
        after = edited(RECORD, {name: value}, RULES, opened=MONDAY)
    except Malformed:
        return
    assert {each for each, _, _ in differences(RECORD, after, RULES.zone)} <= {
        name,
        "priority",
        "response_due",
        "resolution_due",
    }


@pytest.mark.parametrize("fields", [{"priority": "P0"}, {"team": ""}, {"intent": "moon"}, {"number": "1"}])
def test_what_cannot_be_is_refused(fields: dict[str, str]) -> None:
    with pytest.raises(Malformed):
        edit(**fields)


def test_due_times_are_as_the_helpdesks_clock_shows_them() -> None:
    after = edit(resolution_due="2026-12-01T10:00", priority="P1")
    assert after.resolution_due == datetime(2026, 12, 1, 9, tzinfo=UTC), (
        "what is given counts, whatever the priority"
    )
    assert value_of(Record(after), "resolution_due", RULES.zone) == "2026-12-01T10:00"


def test_the_last_try_of_a_step_is_the_one_that_is_put_right() -> None:
    tried = StepTried("Herstarten", "not_solved"), StepTried("Herstarten", "done")
    before = Record(replace(TICKET, steps_tried=tried))
    after = edited(before, {"step.Herstarten": "solved", "step.Kabel": "not_solved"}, RULES, opened=MONDAY)
    assert [(step.title, step.outcome) for step in after.ticket.steps_tried] == [
        ("Herstarten", "not_solved"), ("Herstarten", "solved"), ("Kabel", "not_solved"),
    ]  # fmt: skip
    assert differences(before, after, RULES.zone)[0] == ("step.Herstarten", "done", "solved")


def test_what_people_set_is_kept_when_the_bot_has_learned_more() -> None:
    tried = StepTried("Herstarten", "not_solved")
    old = replace(TICKET, steps_tried=(tried,), customer="Sofie P.")
    put_right = edited(Record(old), {"step.Herstarten": "solved"}, RULES, opened=MONDAY).ticket
    learned = replace(put_right, customer="sofie", steps_tried=(*put_right.steps_tried, tried))
    after = kept(put_right, learned, {"customer", "step.Herstarten"})
    assert (after.customer, after.steps_tried) == ("Sofie P.", put_right.steps_tried)
