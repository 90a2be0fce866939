"""Canned replies, macros and when agents lose what they have: read from the pack, and checked."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.app.content import DEFAULT_DATA, POLICY, read_files
from bot.model.errors import ContentError
from bot.model.languages import LANGUAGES
from bot.web.sessions import SEEN_EVERY
from handoff.canned import PLACES, Canned, filled, load_canned
from handoff.config import load_policy
from handoff.desk.feed import HEARTBEAT
from handoff.presence import SHORTEST_GONE, Presence, load_presence
from handoff.snooze import SNOOZES, snooze_until

FILES = read_files(DEFAULT_DATA, *POLICY)
SHIPPED = load_policy(FILES)
BRUSSELS = ZoneInfo("Europe/Brussels")


def load(**files: str) -> Canned:
    named = {f"policy/{name}.yml": text for name, text in files.items()}
    return load_canned(named, languages=("nl", "en"), teams=("network",))


def problems(**files: str) -> str:
    with pytest.raises(ContentError) as error:
        load(**files)
    return str(error.value)


def test_the_shipped_ones_are_whole_and_name_teams_that_exist() -> None:
    canned = load_canned(FILES, languages=LANGUAGES, teams=SHIPPED.teams)
    assert len(canned.replies) >= 10
    assert len(canned.macros) >= 5
    values = dict.fromkeys(PLACES, "X")
    for reply in canned.replies.values():
        for language in LANGUAGES:
            assert "{" not in filled(reply.text[language], values)
    assert load_presence(FILES) == Presence()


def test_nobody_is_gone_sooner_than_their_signs_of_life_are_written_down() -> None:
    assert load_presence({"policy/desk.yml": "gone_after: 3\n"}).gone_after == SHORTEST_GONE
    assert SHORTEST_GONE * 60 > 2 * (SEEN_EVERY + HEARTBEAT), "one that is missed is not enough"
    with pytest.raises(ContentError) as error:
        load_presence({"policy/desk.yml": "# ours\ngone_after: 1\n"})
    told = str(error.value)
    assert "policy/desk.yml" in told
    assert "'gone_after': a sign of life is written down once a minute, so this is 3 minutes at least" in told


def test_no_files_keep_nothing_ready() -> None:
    assert load() == Canned()
    assert load_presence({}) == Presence(15.0, 30.0)
    assert load_presence({"policy/desk.yml": "unanswered_after:\n"}).unanswered_after is None


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("replies:\n  hi:\n    title: {nl: a, en: b}\n    text: {nl: dag}", "there is no text in 'en'"),
        ("replies:\n  hi:\n    title: {nl: a, en: b}\n    text: {nl: '{naam}', en: x}", "'{naam}' cannot be filled in"),
        ("replies:\n  hi:\n    title: {nl: a, en: b}\n    text: {nl: 'a } b', en: x}", "cannot be filled in"),
        ("replies:\n  Hi there:\n    title: {nl: a, en: b}\n    text: {nl: a, en: b}", "pattern"),
        ("replies:\n  hi:\n    title: {nl: a, en: b}\n    text: {nl: a, en: b}\n    teams: [moon]", "no team 'moon'"),
        ("answers: {}", "answers"),
    ],
)  # fmt: skip
def test_a_reply_that_is_wrong_is_told_with_its_place(text: str, told: str) -> None:
    found = problems(replies=text)
    assert told in found
    assert "policy/replies.yml" in found


@pytest.mark.parametrize(
    ("steps", "told"),
    [
        ("[]", "at least 1"),
        ("[{reply: {nl: a}}]", "there is no text in 'en'"),
        ("[{priority: P9}]", "P1"),
        ("[{priority: P1, team: network}]", "a step is one of"),
        ("[{snooze: never}]", "snooze is one of"),
        ("[{team: moon}]", "no team 'moon'"),
        ("[{explode: now}]", "explode"),
    ],
)
def test_a_macro_that_is_wrong_is_told_with_its_place(steps: str, told: str) -> None:
    found = problems(macros=f"macros:\n  m:\n    name: {{nl: a, en: b}}\n    steps: {steps}\n")
    assert told in found
    assert "policy/macros.yml" in found


def test_what_is_not_known_leaves_no_hole() -> None:
    assert filled("Dag {customer}, ik ben {agent}.", {"agent": "Els"}) == "Dag, ik ben Els."
    assert filled("Nog een fijne dag, {customer}.", {}) == "Nog een fijne dag."
    assert filled("Dag {customer}!", {"customer": "{ticket}", "ticket": "7"}) == "Dag {ticket}!"


@settings(deadline=None)  # the first look at a year loads its holidays
@given(st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31)), st.sampled_from(SNOOZES))
def test_a_snooze_ends_later_and_while_somebody_is_there(naive: datetime, choice: str) -> None:
    now = naive.replace(tzinfo=BRUSSELS)
    until = snooze_until(choice, now, SHIPPED.calendar)
    if choice == "reply":
        assert until is None
        return
    assert until is not None
    if choice == "hour":
        assert until.astimezone(UTC) - now.astimezone(UTC) == timedelta(hours=1)
        return
    assert until > now
    assert SHIPPED.calendar.is_open(until)
    assert until.astimezone(BRUSSELS).date() > now.date()
    if choice == "week":
        assert until.astimezone(BRUSSELS).isocalendar()[:2] > now.isocalendar()[:2]
