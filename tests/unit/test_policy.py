"""Impact, urgency and priority, and the policy files that say what they are."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.model.errors import ContentError
from bot.model.ticket import Level, Priority
from handoff.config import Policy, load_policy
from handoff.policy import IntentRule, Raise, Reason, Rules, reason_of, weigh

SHIPPED = {
    f"policy/{path.name}": path.read_text(encoding="utf-8")
    for path in (Path(__file__).parents[2] / "data" / "policy").glob("*.yml")
}
L, M, H = Level.LOW, Level.MEDIUM, Level.HIGH
P1, P2, P3, P4 = Priority

PROBLEMS = [
    "password_forgotten", "account_locked", "mfa_problem", "internet_down", "internet_slow", "wifi_problem",
    "vpn_problem", "email_not_working", "email_setup", "mobile_device_setup", "printer_problem",
    "hardware_install", "peripheral_problem", "screen_problem", "audio_video_problem", "phone_problem",
    "computer_slow", "computer_crash", "computer_wont_start", "software_install", "software_problem",
    "software_update", "website_unreachable", "file_recovery", "storage_full", "access_request",
    "new_equipment", "onboarding_account", "phishing_report", "malware_suspected", "device_lost_stolen",
    "privacy_request", "remote_help", "outage_question", "knowledge_question", "ticket_status",
    "ticket_update", "complaint",
]  # fmt: skip


@pytest.fixture(scope="module")
def shipped() -> Policy:
    return load_policy(SHIPPED, intents=PROBLEMS)


MATRIX = {
    (H, H): P1, (H, M): P2, (H, L): P3,
    (M, H): P2, (M, M): P3, (M, L): P4,
    (L, H): P3, (L, M): P3, (L, L): P4,
}  # fmt: skip
RULES = Rules(
    MATRIX,
    {
        "wifi_problem": IntentRule(M, M),
        "phishing_report": IntentRule(M, H, security=True),
        "complaint": IntentRule(L, M),
    },
    raises={
        Reason.SECURITY: Raise(at_least=P2),
        Reason.COMPLAINT: Raise(by=1, not_above=P2),
        Reason.ANGER: Raise(by=1, not_above=P2),
    },
)


def test_what_the_customer_said_comes_before_the_intents_own_weight() -> None:
    assert weigh(RULES, intent="wifi_problem", reason=Reason.ASKED).priority is P3
    said = weigh(RULES, intent="wifi_problem", reason=Reason.ASKED, scope="everyone", urgency="high")
    assert (said.impact, said.urgency, said.priority) == (H, H, P1)
    calm = weigh(RULES, intent="wifi_problem", reason=Reason.ASKED, scope="only_me", urgency="low")
    assert (calm.impact, calm.urgency, calm.priority) == (L, L, P4)


def test_security_is_urgent_and_never_below_its_own_weight() -> None:
    said = weigh(RULES, intent="phishing_report", reason=Reason.ASKED, scope="only_me", urgency="low")
    assert (said.impact, said.urgency, said.priority) == (M, H, P2)
    other = weigh(RULES, intent="wifi_problem", reason=Reason.SECURITY, scope="only_me")
    assert (other.urgency, other.priority) == (H, P2)


@pytest.mark.parametrize(("scope", "urgency", "priority"), [
    ("only_me", "low", P3), ("only_me", "medium", P2), ("several_people", "high", P2),
    ("everyone", "high", P1),
])  # fmt: skip
def test_a_complaint_lifts_by_one_but_makes_no_alarm(scope: str, urgency: str, priority: Priority) -> None:
    for intent, reason in (("complaint", Reason.ASKED), ("wifi_problem", Reason.COMPLAINT)):
        assert weigh(RULES, intent=intent, reason=reason, scope=scope, urgency=urgency).priority is priority


def test_of_several_reasons_the_strongest_counts_not_their_sum() -> None:
    angry = weigh(RULES, intent="complaint", reason=Reason.ANGER, scope="only_me", urgency="low")
    assert angry.priority is P3


@given(st.none() | st.text() | st.integers() | st.lists(st.text()), st.none() | st.text() | st.floats())
def test_odd_slots_weigh_what_the_intent_weighs(scope: object, urgency: object) -> None:
    known = {"only_me", "several_people", "everyone", "low", "medium", "high"}
    if not {str(scope), str(urgency)} & known:
        weight = weigh(RULES, intent="wifi_problem", reason=Reason.ASKED, scope=scope, urgency=urgency)
        assert (weight.impact, weight.urgency) == (M, M)


@given(
    st.sampled_from(["wifi_problem", "phishing_report", "complaint", "unheard_of"]),
    st.sampled_from(Reason),
    st.sampled_from(["only_me", "several_people", "everyone"]),
    st.sampled_from(["low", "medium", "high"]),
)
def test_a_reason_never_lowers_and_more_people_never_weigh_less(
    intent: str, reason: Reason, scope: str, urgency: str
) -> None:
    asked = weigh(RULES, intent=intent, reason=Reason.ASKED, scope=scope, urgency=urgency)
    given_ = weigh(RULES, intent=intent, reason=reason, scope=scope, urgency=urgency)
    assert given_.priority <= asked.priority
    assert (
        weigh(RULES, intent=intent, reason=reason, scope="everyone", urgency=urgency).priority
        <= given_.priority
    )


@pytest.mark.parametrize(("value", "reason"), [
    ("security", Reason.SECURITY), ("exhausted", Reason.EXHAUSTED), (None, Reason.ASKED), ("", Reason.ASKED),
    ("whatever", Reason.ASKED), (3, Reason.ASKED), ([], Reason.ASKED),
])  # fmt: skip
def test_reason(value: object, reason: Reason) -> None:
    assert reason_of(value) is reason


# ── the files ─────────────────────────────────────────────────────────────────────────────────────────────


def test_the_shipped_files_cover_every_intent(shipped: Policy) -> None:
    assert set(PROBLEMS) <= set(shipped.rules.intents)
    for intent in PROBLEMS:
        for language in ("nl", "fr", "en"):
            assert shipped.team_for(intent, language).id in shipped.teams
    assert shipped.team_name("security", "nl") == "Informatieveiligheid"
    assert shipped.team_name("gone", "nl") == "gone"


def test_the_shipped_weights_are_sensible(shipped: Policy) -> None:
    def priority(intent: str, reason: Reason = Reason.ASKED, **slots: str) -> Priority:
        return shipped.weigh(intent, reason, **slots).priority

    assert priority("phishing_report", scope="only_me") <= P2
    assert priority("internet_down", scope="everyone", urgency="high") is P1
    assert priority("new_equipment") is P4
    assert priority("complaint", Reason.COMPLAINT) is P2
    assert priority("wifi_problem", Reason.ANGER) is P2
    assert [target.response for target in shipped.targets.values()] == sorted(
        target.response for target in shipped.targets.values()
    )


@pytest.mark.parametrize(("file", "old", "new", "expected"), [
    ("teams", "default: service_desk", "default: nobody", r"teams\.yml:\d+: the default team 'nobody'"),
    ("teams", "fr: Réseau, ", "", r"teams\.yml:\d+: the team 'network' has no name in 'fr'"),
    ("teams", "otherwise: service_desk", "otherwise: nobody", r"teams\.yml:\d+: the team 'nobody' does not"),
    ("teams", "languages: [nl, fr, en]", "languages: [nl]", r"does not help in en, fr"),
    ("intents", "wifi_problem: {team: network", "wifi_problem: {team: wifi",
     r"intents\.yml:\d+: the intent 'wifi_problem' goes to the team 'wifi'"),
    ("intents", "  vpn_problem:", "  vpn_trouble:", r"intents\.yml:\d+: the intent 'vpn_problem' has no"),
    ("intents", "urgency: high", "urgency: huge", r"intents\.yml:\d+: .*urgency.*low"),
    ("intents", "team: security,", "taem: security,", r"intents\.yml:\d+: .*taem.*spelling"),
    ("priorities", "medium: {high: P2, medium: P3, low: P4}", "medium: {high: P2, medium: P3}",
     r"priorities\.yml:\d+: .*no priority for impact medium with urgency low"),
    ("priorities", "  P4: {response: 480, resolution: 2550}", "", r"priorities\.yml:\d+: .*no times for P4"),
    ("priorities", "resolution: 240", "resolution: 2", r"priorities\.yml:\d+: .*shorter"),
    ("priorities", "by: 1", "by: 9", r"priorities\.yml:\d+: .*raises"),
    ("hours", 'monday: ["8:30-17:00"]', 'monday: ["17:00-8:30"]', r"hours\.yml:\d+: 'opening\.monday\.0'"),
    ("hours", "monday:", "moonday:", r"hours\.yml:\d+: .*'moonday' is not a day"),
    ("hours", "holidays: BE", "holidays: Belgium", r"hours\.yml:\d+: .*'Belgium'.*BE"),
    ("hours", "Europe/Brussels\n\n", "Brussels\n\n", r"hours\.yml:\d+: .*'Brussels'"),
    ("hours", '"07-11"', '"11-31"', r"hours\.yml:\d+: .*'11-31' is not a day of the year"),
    ("hours", "closed: []", "closed: [2026-13-01]", r"hours\.yml:\d+: .*month"),
    ("hours", "closed: []", "closed: [{from: 2027-01-02, to: 2026-01-01}]", r"hours\.yml:\d+: .*before"),
    ("hours", "closed: []", "closed: [", r"hours\.yml:\d+: this is not YAML"),
    ("hours", "timezone:", "- timezone:", r"hours\.yml:\d+: "),
])  # fmt: skip
def test_what_is_wrong_is_told_by_file_and_line(file: str, old: str, new: str, expected: str) -> None:
    path = f"policy/{file}.yml"
    assert old in SHIPPED[path]
    with pytest.raises(ContentError, match=expected):
        load_policy({**SHIPPED, path: SHIPPED[path].replace(old, new)}, intents=PROBLEMS)


def test_everything_wrong_is_told_at_once_and_missing_files_too() -> None:
    files = {path: text for path, text in SHIPPED.items() if "hours" not in path}
    files["policy/teams.yml"] = "default: a\nteams: {a: {name: {nl: A}}}"
    with pytest.raises(ContentError) as caught:
        load_policy(files)
    told = {problem.file for problem in caught.value.problems}
    assert told == {"policy/teams.yml", "policy/hours.yml", "policy/intents.yml"}
    assert all(problem.line >= 1 and problem.what for problem in caught.value.problems)
