"""The ticket that an agent finds: everything that the bot learned, and nothing that breaks it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.dialogue import check
from bot.dialogue.pack import Pack
from bot.model.ticket import CheckResult, Level, Priority, StepTried, Ticket
from handoff.config import Policy, load_policy, problem_intents
from handoff.tickets import fill_ticket, merge

POLICY_FILES = {
    f"policy/{path.name}": path.read_text(encoding="utf-8")
    for path in (Path(__file__).parents[2] / "data" / "policy").glob("*.yml")
}
SMALL = Path(__file__).parents[1] / "packs" / "small"
MONDAY = datetime(2026, 3, 9, 9, tzinfo=UTC)  # 10:00 in Brussels


def _pack() -> Pack:
    files = {path.relative_to(SMALL).as_posix(): path.read_text() for path in SMALL.rglob("*.yml")}
    files["domain/ticket.yml"] = """
slots:
  customer_email: {type: text}
  scope:
    type: categorical
    values: [only_me, everyone]
    metadata:
      label: {nl: wie heeft last, en: who is affected}
      values: {only_me: {nl: alleen ik, en: only me}, everyone: {nl: iedereen, en: everyone}}
      fact: true
  plugged: {type: bool, metadata: {label: {nl: stekker in, en: plugged in},
            values: {"true": {nl: ja, en: "yes"}, "false": {nl: nee, en: "no"}}, fact: true}}
  rooms: {type: list, metadata: {label: {nl: lokalen, en: rooms}, fact: true}}
  problem_details: {type: text, metadata: {label: {nl: toelichting, en: details}}}
  callback_phone: {type: text}
  callback_moment: {type: text, metadata: {values: {asap: {nl: zo snel mogelijk, en: as soon as possible}}}}
"""
    return check.load(files)


PACK = _pack()
POLICY: Policy = load_policy(POLICY_FILES)


def fill(slots: dict[str, Any], language: str = "nl", **more: Any) -> Ticket:
    return fill_ticket(
        conversation_id="c1",
        channel="web",
        language=language,
        slots=slots,
        pack=PACK,
        policy=POLICY,
        calendar=POLICY.calendar,
        now=more.pop("now", MONDAY),
        **more,
    )


WIFI: dict[str, Any] = {
    "problem": "wifi_problem",
    "problem_summary": "uw wifi niet werkt\n- toestel: laptop",
    "handoff_reason": "exhausted",
    "customer_name": "An Peeters",
    "customer_email": "an@school.example",
    "callback_phone": "+32 470 12 34 56",
    "callback_moment": "asap",
    "device": "laptop",
    "floor": 3.0,
    "scope": "only_me",
    "plugged": False,
    "rooms": ["A1", "B2"],
    "suggestions": [
        {"article": "connect-to-wifi", "outcome": "not_solved"},
        {"article": "slow-internet", "outcome": "shown"},
        {"article": "no-internet-connection", "outcome": "skipped"},
    ],
    "steps_tried": [
        {"title": "Zet de wifi uit en aan", "outcome": "next", "article": "connect-to-wifi"},
        {"title": "Vergeet het netwerk", "outcome": "stuck", "article": "connect-to-wifi"},
    ],
    "check_results": [
        {
            "name": "dns",
            "target": "example.com",
            "ok": False,
            "expected": "an address",
            "found": "none",
            "ms": 12.6,
        }
    ],
    "csat_score": "4",
}


def test_everything_that_is_known_is_on_the_ticket() -> None:
    ticket = fill(WIFI, notes=["action_look: it broke"])
    assert ticket.summary == "Wifi: laptop, verdieping 3."
    assert (ticket.customer, ticket.contact) == ("An Peeters", "an@school.example, +32 470 12 34 56")
    assert ticket.facts == {
        "device": {"label": "toestel", "value": "laptop"},
        "floor": {"label": "verdieping", "value": "3"},
        "scope": {"label": "wie heeft last", "value": "alleen ik"},
        "plugged": {"label": "stekker in", "value": "nee"},
        "rooms": {"label": "lokalen", "value": "A1, B2"},
    }
    assert ticket.steps_tried == (
        StepTried("Zet de wifi uit en aan", "done", "connect-to-wifi"),
        StepTried("Vergeet het netwerk", "not_solved", "connect-to-wifi"),
        StepTried("No internet connection", "skipped", "no-internet-connection"),
    )
    assert ticket.articles == ("connect-to-wifi", "slow-internet", "no-internet-connection")
    assert ticket.checks == (CheckResult("dns", "example.com", False, "an address", "none", 13),)
    assert (ticket.impact, ticket.urgency, ticket.priority) == (Level.LOW, Level.MEDIUM, Priority.P3)
    assert (ticket.team, ticket.reason, ticket.intent) == ("network", "exhausted", "wifi_problem")
    assert ticket.response_due == datetime(2026, 3, 9, 11, tzinfo=UTC)
    assert ticket.resolution_due == datetime(2026, 3, 11, 9, tzinfo=UTC)
    assert ticket.notes == ("action_look: it broke",)
    assert ticket.extra == {
        "callback_phone": "+32 470 12 34 56",
        "callback_moment": "zo snel mogelijk",
        "satisfaction": "4",
    }


def test_the_ticket_is_in_the_language_that_is_spoken_now() -> None:
    ticket = fill(WIFI, "en")
    assert ticket.summary == "Wi-fi: laptop, floor 3."
    assert ticket.facts["scope"] == {"label": "who is affected", "value": "only me"}


@pytest.mark.parametrize(
    ("slots", "words", "summary"),
    [
        ({"problem": "wifi_problem"}, "het doet het niet", "Wifi: het doet het niet."),
        ({"problem": "wifi_problem"}, "", "Wifi."),
        ({"problem": "wifi_problem", "device": "phone"}, "stuk", "Wifi: gsm."),
        ({"problem_summary": "Twee weken geen antwoord\n- x"}, "", "Twee weken geen antwoord."),
        ({}, "  mijn   pinpas\nis weg ", "Mijn pinpas is weg."),
        ({}, "mijn wachtwoord is Zomer2024! en nu?", "Mijn wachtwoord is [wachtwoord] en nu?"),
        ({}, "", "De klant vraagt een medewerker."),
        ({"handoff_reason": "callback"}, "", "De klant vraagt om teruggebeld te worden."),
        (
            {"handoff_reason": "callback", "callback_topic": "mijn factuur"},
            "bel mij eens",
            "De klant vraagt om teruggebeld te worden: mijn factuur.",
        ),
        ({"problem_summary": 12, "problem": ["x"]}, "", "De klant vraagt een medewerker."),
    ],
)
def test_the_summary_is_one_sentence(slots: dict[str, Any], words: str, summary: str) -> None:
    assert fill(slots, words=words).summary.replace("[password]", "[wachtwoord]") == summary


def test_an_address_keeps_its_letters_at_the_beginning() -> None:
    assert fill({}, words="joe@example.com is blocked").summary == "joe@example.com is blocked."
    assert fill({}, words="intranet.example.com laadt niet").summary == "intranet.example.com laadt niet."
    assert fill({}, words="printer stuk. help").summary == "Printer stuk. help."


def test_long_words_are_shortened_between_words() -> None:
    summary = fill({}, words="ik heb een heel lang verhaal " * 40).summary
    assert len(summary) <= 160
    assert summary.endswith("…")
    assert "verhaa…" not in summary


@pytest.mark.parametrize(
    ("slots", "intent", "expected"),
    [
        ({"problem": "wifi_problem"}, "complaint", "wifi_problem"),
        ({}, "phishing_report", "phishing_report"),
        ({}, "greet", "talk_to_human"),
        ({"handoff_reason": "callback"}, "nlu_fallback", "callback_request"),
        ({"handoff_reason": "anger"}, "", "complaint"),
    ],
)
def test_what_the_ticket_is_about(slots: dict[str, Any], intent: str, expected: str) -> None:
    assert fill(slots, intent=intent).intent == expected


def test_security_goes_to_the_experts_and_first() -> None:
    ticket = fill({"problem": "phishing_report", "handoff_reason": "security", "scope": "only_me"})
    assert (ticket.team, ticket.urgency, ticket.priority) == ("security", Level.HIGH, Priority.P2)


def test_outside_hours_it_is_due_after_the_next_opening() -> None:
    ticket = fill(WIFI, now=datetime(2026, 3, 13, 20, tzinfo=UTC))
    assert ticket.response_due == datetime(2026, 3, 16, 9, 30, tzinfo=UTC)


def test_secrets_do_not_reach_the_ticket() -> None:
    said = "mijn wachtwoord is Zomer2024!"
    ticket = fill(
        {"problem_details": said, "rooms": [said], "steps_tried": [{"title": said, "outcome": "done"}]},
        words=said,
        notes=[said],
    )
    assert "Zomer2024" not in repr(ticket)
    assert ticket.facts["problem_details"]["label"] == "toelichting"


def test_lists_of_any_length_stay_short() -> None:
    steps = [{"title": f"stap {n}", "outcome": "next"} for n in range(500)]
    ticket = fill({"steps_tried": steps})
    assert len(ticket.steps_tried) == 50
    assert ticket.steps_tried[-1].title == "stap 499"


odd = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
records = st.lists(
    st.dictionaries(
        st.sampled_from(["article", "outcome", "title", "name", "target", "ok", "found", "ms"]),
        odd,
        max_size=6,
    ),
    max_size=3,
)
odd_slots = st.dictionaries(
    st.sampled_from([*WIFI, "problem_details", "urgency", "csat_comment", "article_slug", "article_title"]),
    odd | records,
    max_size=12,
)


@given(odd_slots, st.sampled_from(["nl", "fr", "en", "xx"]), st.text(max_size=30))
def test_odd_slots_never_break_it(slots: dict[str, Any], language: str, words: str) -> None:
    ticket = fill(slots, language, intent=words, words=words, notes=[words])
    assert ticket.summary
    assert ticket.team in POLICY.teams
    assert all(
        isinstance(text, str) and "\n" not in text
        for text in (ticket.customer, ticket.contact, *(fact["value"] for fact in ticket.facts.values()))
    )
    assert merge(ticket, ticket) == ticket


def test_a_second_handover_keeps_what_the_first_one_knew() -> None:
    first = fill(WIFI, notes=["een"])
    again = fill(
        {
            "problem": "wifi_problem",
            "floor": 4,
            "steps_tried": [{"title": "Herstart", "outcome": "solved"}],
            "handoff_reason": "asked",
        },
        notes=["twee"],
        opened=MONDAY,
        now=datetime(2026, 3, 9, 12, tzinfo=UTC),
    )
    both = merge(first, again)
    assert (both.customer, both.contact, both.reason) == (first.customer, first.contact, "asked")
    assert [step.title for step in both.steps_tried][-1] == "Herstart"
    assert len(both.steps_tried) == 4
    assert (both.notes, both.checks) == (("een", "twee"), first.checks)
    assert (both.facts["device"], both.facts["floor"]["value"]) == (first.facts["device"], "4")
    assert both.resolution_due == first.resolution_due
    assert both.response_due == datetime(2026, 3, 9, 14, tzinfo=UTC)
    other = merge(first, fill({"problem": "printer_problem"}))
    assert "device" not in other.facts


def test_what_people_decided_stays_when_the_bot_learns_more() -> None:
    first = fill(WIFI)
    set_by_people = replace(first, priority=Priority.P1, summary="Router van de klant", resolution_due=MONDAY)
    both = merge(set_by_people, fill({**WIFI, "floor": 4}), {"priority", "summary"})
    assert (both.priority.value, both.summary, both.resolution_due) == ("P1", "Router van de klant", MONDAY)
    assert both.facts["floor"]["value"] == "4"
    other = merge(set_by_people, fill({"problem": "printer_problem"}), {"priority", "summary"})
    assert (other.priority.value, other.summary) != ("P1", "Router van de klant"), (
        "that was about something else"
    )


def test_the_problems_of_a_pack_are_those_with_a_scenario() -> None:
    assert problem_intents(PACK) == {"wifi_problem", "printer_problem", "screen_problem"}
