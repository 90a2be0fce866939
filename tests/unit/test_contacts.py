"""Contacts from what is on record: whose clock runs when, what ended them, what came back."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handoff.contacts import (
    BACK_WITHIN,
    ENDINGS,
    FALLBACK,
    KINDS,
    Contact,
    Happening,
    Talk,
    contacts_of,
    place,
)

TALK = Talk("c1", "web", "nl", 0.0)
Told = tuple[float, str] | tuple[float, str, str]


def walk(*told: Told, talk: Talk = TALK) -> list[Contact]:
    """The contacts of what happened: when, its kind, and its name."""
    return contacts_of(
        talk, [Happening(seq, each[1], each[0], *each[2:3]) for seq, each in enumerate(told, 1)]
    )


def one(*told: Told) -> Contact:
    [contact] = walk(*told)
    return contact


def test_a_handed_off_contact_has_three_clocks() -> None:
    contact = one(
        (60, "handoff", "exhausted"),
        (360, "owner", "claim"),
        (400, "agent"),
        (500, "agent"),
        (960, "owner", "resolve"),
        (960, "ended", "solved"),
    )
    assert contact.clocks == {"bot": 60, "queue": 300, "agent": 600}
    assert contact.first_answer == 340
    assert contact.ending == "solved_person"
    assert contact.ended == 960


def test_the_silence_after_a_bot_s_last_words_is_nobody_s_work() -> None:
    [contact] = contacts_of(TALK, [Happening(9, "ended", 1_900.0, "solved", said_at=100.0)])
    assert contact.clocks == {"bot": 100, "queue": 0, "agent": 0}
    assert contact.ending == "solved_bot"
    assert contact.first_answer is None


def test_what_is_solved_is_over_before_the_silence_ends_it() -> None:
    [contact] = walk(talk=Talk("c1", "web", "nl", 0.0, "solved", said_at=100.0))
    assert (contact.ending, contact.over, contact.clocks["bot"]) == ("solved_bot", True, 100)
    back = (60, "handoff"), (90, "owner", "claim"), (200, "owner", "to_bot")
    [contact] = walk(*back, talk=Talk("c1", "web", "nl", 0.0, "solved", said_at=260.0))
    assert (contact.ending, contact.over) == ("solved_person", True)
    assert contact.clocks == {"bot": 120, "queue": 30, "agent": 110}
    [contact] = walk(talk=Talk("c1", "web", "nl", 0.0, said_at=100.0))
    assert (contact.ending, contact.over) == ("open", False)


def test_a_contact_that_goes_back_and_forth_adds_up() -> None:
    contact = one(
        (10, "handoff"),
        (20, "owner", "claim"),
        (50, "owner", "transfer"),
        (90, "owner", "to_queue"),
        (190, "owner", "claim"),
        (200, "owner", "to_bot"),
        (230, "handoff"),
        (260, "owner", "claim"),
        (300, "owner", "resolve"),
        (300, "ended", "unsolved"),
    )
    assert contact.clocks == {"bot": 40, "queue": 140, "agent": 120}
    assert contact.ending == "unsolved_person"


SOLVED = TALK._replace(outcome="solved")


def told_solved(*told: Told) -> Contact:
    """The last contact of a conversation that is known to be solved."""
    return walk(*told, talk=SOLVED)[-1]


def test_what_is_known_to_be_solved_counts_before_the_customer_s_silence_ends_it() -> None:
    assert told_solved().ending == "solved_bot"
    assert told_solved().ended is None
    assert told_solved((10, "ended", "silent"), (900, "episode")).ending == "solved_bot"
    assert told_solved((10, "ended", "silent")).ending == "silent"


def test_what_people_have_or_took_up_again_is_not_solved_yet() -> None:
    assert told_solved((10, "handoff")).ending == "open_person"
    ended = (10, "owner", "claim"), (20, "owner", "resolve"), (20, "ended", "solved")
    assert told_solved(*ended, (500, "owner", "reopen"), (600, "owner", "to_bot")).ending == "open_person"


def test_snoozed_time_counts_for_nobody() -> None:
    woken = one(
        (0, "owner", "claim"), (100, "owner", "snooze"), (5_000, "owner", "wake"), (5_100, "owner", "resolve")
    )
    assert woken.clocks["agent"] == 200
    answered = one(
        (0, "owner", "claim"), (100, "owner", "snooze"), (5_000, "agent"), (5_100, "owner", "resolve")
    )
    assert answered.clocks["agent"] == 200


def test_an_agent_who_takes_over_from_the_bot_is_a_handover_too() -> None:
    contact = one((30, "owner", "claim"), (45, "agent"))
    assert contact.person
    assert contact.first_answer == 15
    assert contact.ending == "open_person"


def test_a_handoff_that_comes_after_a_takeover_changes_nothing() -> None:
    contact = one((30, "owner", "claim"), (31, "handoff"), (50, "owner", "resolve"), (50, "ended", "solved"))
    assert contact.clocks == {"bot": 30, "queue": 0, "agent": 20}


def test_what_the_bot_says_after_people_ended_it_ends_nothing_again() -> None:
    contact = one(
        (10, "owner", "claim"),
        (20, "owner", "resolve"),
        (20, "ended", "solved"),
        (50, "satisfaction"),
        (900, "ended", "silent"),
    )
    assert (contact.outcome, contact.ended) == ("solved", 20)
    assert sum(contact.clocks.values()) == 20


def test_the_last_score_counts() -> None:
    happened = [Happening(1, "satisfaction", 1.0, None, 2.0), Happening(2, "satisfaction", 2.0, None, 5.0)]
    assert contacts_of(TALK, happened)[0].score == 5


def test_each_episode_is_a_contact() -> None:
    first, second = walk(
        (10, FALLBACK), (20, FALLBACK), (30, "ended", "silent"), (90_000, "episode"), (90_010, FALLBACK)
    )
    assert (first.fallbacks, second.fallbacks) == (2, 1)
    assert (first.ending, second.ending) == ("silent", "open")
    assert second.began == 90_000


@pytest.mark.parametrize(("later", "reopened"), [(BACK_WITHIN, True), (BACK_WITHIN + 1, False)])
def test_coming_back_within_a_week_reopens(later: float, reopened: bool) -> None:
    first, second = walk((100, "ended", "solved"), (100 + later, "episode"))
    assert first.reopened is reopened
    assert not second.reopened


@pytest.mark.parametrize("deed", ["reopen", "claim"])
def test_colleagues_who_take_it_up_again_reopen_it(deed: str) -> None:
    contact = one(
        (10, "owner", "claim"), (20, "owner", "resolve"), (20, "ended", "solved"), (500, "owner", deed)
    )
    assert contact.reopened
    assert contact.ended is None
    assert sum(contact.clocks.values()) == 20


def test_what_people_end_without_ever_having_it_is_theirs() -> None:
    assert one((10, "owner", "resolve"), (10, "ended", "solved")).ending == "solved_person"
    assert not one((10, "owner", "resolve")).person, "an erasure is nobody's answer"


def test_the_team_is_the_last_one_that_a_contact_was_handed_to() -> None:
    first, second = walk((100, "ended", "silent"), (1_000, "episode"))
    place([first, second], [(50, "accounts"), (60, "network"), (995, "workplace")])
    assert (first.team, second.team) == ("network", "workplace"), "made in the turn that opened the second"


def test_a_ticket_is_of_one_contact_whichever_of_them_are_counted() -> None:
    first, second = walk((100, "ended", "silent"), (1_000, "episode"))
    moments = (0.0, 500.0, 989.0, 995.0, 1_000.0, 9_000.0)
    assert [first.made(at) for at in moments] == [True, True, True, False, False, False]
    assert [second.made(at) for at in moments] == [False, False, False, True, True, True]


KIND = st.sampled_from([*KINDS, FALLBACK, "bot", "user"])
DEED = st.sampled_from(
    ["claim", "transfer", "to_queue", "to_bot", "resolve", "reopen", "snooze", "wake", "reply", "?"]
)


@given(st.lists(st.tuples(st.floats(0, 1_000), KIND, DEED, st.none() | st.floats(0, 5_000))))
def test_no_clock_runs_backwards_or_counts_a_second_twice(
    steps: list[tuple[float, str, str, float | None]],
) -> None:
    at, happened = 0.0, []
    for seq, (later, kind, name, said) in enumerate(steps, 1):
        at += later
        happened.append(
            Happening(
                seq, kind, at, name, 3.0, min(said, at) if said is not None and kind == "ended" else None
            )
        )
    found = contacts_of(TALK, happened)
    assert sum(sum(each.clocks.values()) for each in found) <= at + 1e-6
    for each in found:
        assert min(each.clocks.values()) >= 0
        assert each.first_answer is None or each.first_answer >= 0
        assert each.ending in ENDINGS
