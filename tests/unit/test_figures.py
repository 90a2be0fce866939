"""Figures over contacts: days of the helpdesk's zone, groups, percentiles, due times; periods, tables, cells."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.model.errors import Malformed
from bot.store.funnel import Funnel, Reached, funnel_of
from bot.store.runs import FINISHED, Happening, Run, runs_of
from bot.web import spreadsheet
from bot.web.texts import TABLES as WORDS
from handoff.contacts import ENDINGS, Contact, Talk
from handoff.figures import Promise, clocks, groups, kept, percentile, scores, spans, whole
from handoff.review import tables
from handoff.review.period import LONGEST, Period, period_of, shortcuts

BRUSSELS = ZoneInfo("Europe/Brussels")
TODAY = date(2026, 11, 24)


def at(*moment: int) -> float:
    return datetime(*moment, tzinfo=BRUSSELS).timestamp()  # type: ignore[misc,arg-type]


def contact(began: float, *, channel: str = "web", ended: str | None = "solved", **more: object) -> Contact:
    made = Contact(Talk("c", channel, "nl", began), began)
    made.ended, made.outcome = (began + 60, ended) if ended else (None, None)
    return replace(made, **more)  # type: ignore[arg-type]


# ── counting ──────────────────────────────────────────────────────────────────────────────────────────────


def test_days_are_the_helpdesk_s_own_in_summer_and_in_winter() -> None:
    made = [
        contact(at(2026, 10, 24, 23, 59)),
        contact(at(2026, 10, 25, 0, 0)),
        contact(at(2026, 10, 25, 23, 59), ended=None),
        contact(at(2026, 10, 26, 0, 0), ended="silent"),
        contact(at(2026, 10, 26, 0, 1), person=True),
    ]
    found = spans(made, date(2026, 10, 24), date(2026, 10, 27), BRUSSELS)
    assert [(each.day.day, each.solved, each.person, each.other, each.open) for each in found] == [
        (24, 1, 0, 0, 0), (25, 1, 0, 0, 1), (26, 0, 1, 1, 0), (27, 0, 0, 0, 0),
    ]  # fmt: skip


def test_a_long_period_is_counted_by_the_week() -> None:
    found = spans([contact(at(2026, 3, 31, 12))], date(2026, 1, 1), date(2026, 6, 30), BRUSSELS)
    assert all(each.day.weekday() == 0 for each in found)
    assert [each.day for each in found if each.total] == [date(2026, 3, 30)]


def test_groups_count_who_solved_and_what_came_back() -> None:
    made = [
        contact(1, channel="web", score=4),
        contact(2, channel="web", person=True, fallbacks=2, score=1),
        contact(3, channel="rest", reopened=True),
    ]
    web, rest = groups(made, lambda each: each.talk.channel)
    assert (web.key, web.total, web.solved, web.person, web.fallback, web.average) == ("web", 2, 1, 1, 1, 2.5)
    assert (rest.key, rest.reopened, rest.average) == ("rest", 1, None)
    assert whole(made).total == 3
    assert scores(made) == {1: 1, 2: 0, 3: 0, 4: 1, 5: 0}


def test_every_ending_has_a_name_in_every_language() -> None:
    for words in WORDS.values():
        assert all(f"ending.{name}" in words for name in ENDINGS)


@given(st.lists(st.floats(0, 1e6), min_size=1), st.floats(0, 100))
def test_a_percentile_is_a_value_that_enough_do_not_exceed(values: list[float], share: float) -> None:
    found = percentile(values, share)
    assert found in values
    assert sum(each <= found for each in values) >= share / 100 * len(values) - 1e-6  # type: ignore[operator]


def test_percentiles_of_few_and_of_none() -> None:
    assert percentile([], 90) is None
    assert percentile([5], 90) == 5
    assert percentile(list(range(1, 11)), 90) == 9


def test_clocks_are_of_ended_contacts_and_keep_bot_and_people_apart() -> None:
    person = contact(0, person=True, handed_at=10, answered_at=40,
                     clocks={"bot": 10.0, "queue": 20.0, "agent": 300.0})  # fmt: skip
    waiting = contact(0, ended=None, person=True, clocks={"bot": 5.0, "queue": 9e9, "agent": 0.0})
    alone = contact(0, clocks={"bot": 70.0, "queue": 0.0, "agent": 0.0})
    found = {each.name: (each.count, each.middle) for each in clocks([person, waiting, alone])}
    assert found == {
        "first_answer": (1, 30), "queue": (1, 20), "human": (1, 300), "bot_before": (1, 10), "bot_alone": (1, 70),
    }  # fmt: skip
    assert {each.middle for each in clocks([])} == {None}


def test_due_times_are_met_or_missed_or_still_to_come() -> None:
    promises = [
        Promise(100, 100, 900, 901, True),
        Promise(100, 101, 900, None, False),
        Promise(100, None, 5_000, None, False),
        Promise(9_000, None, None, None, False),
        Promise(100, None, 100, 90, True),
    ]
    response, resolution = kept(promises, now=1_000)
    assert (response.met, response.late, response.open) == (1, 2, 1), (
        "solved without an answer is no answer late"
    )
    assert (resolution.met, resolution.late, resolution.open) == (1, 2, 1)


# ── the funnel ────────────────────────────────────────────────────────────────────────────────────────────


def talk(*seen: str) -> list[Run]:
    kinds = dict.fromkeys(("started", *FINISHED), "flow") | {"handoff": "handoff", "ended": "ended"}
    return runs_of(
        Happening(kinds.get(name, "step"), seq, "wifi_problem", name, name) for seq, name in enumerate(seen)
    )


def test_the_funnel_tells_who_left_from_who_went_to_a_person() -> None:
    found = funnel_of([
        *talk("started", "a", "b", "completed"),
        *talk("started", "a", "ended"),
        *talk("started", "a"),
        *talk("started", "a", "b", "handoff", "ended"),
        *talk("started", "a", "a", "completed", "started", "a", "b"),
        *talk("started", "a", "linked", "handoff"),
        *talk("handoff"),
    ])  # fmt: skip
    assert found.begun == 7
    assert found.finished == {"completed": 2, "linked": 1, "cancelled": 0}
    assert {each.step: (each.reached, each.person, each.left, each.open) for each in found.steps} == {
        "a": (7, 0, 1, 1), "b": (3, 1, 0, 1),
    }  # fmt: skip


def test_the_sums_of_a_funnel_add_up_to_those_who_began() -> None:
    steps = Reached("a", 9, 2, 1, 1), Reached("b", 5, 1, 0, 0)
    found = Funnel(9, {"completed": 2, "linked": 1, "cancelled": 1}, steps)
    assert found.sums == {"completed": 2, "moved": 4, "cancelled": 1, "left": 1, "open": 1}
    assert sum(found.sums.values()) == found.begun


def test_no_runs_make_an_empty_funnel() -> None:
    assert funnel_of([]) == Funnel(0, {"completed": 0, "linked": 0, "cancelled": 0}, ())
    assert Reached("a", 1, 0, 0, 0).step == "a"


# ── periods ───────────────────────────────────────────────────────────────────────────────────────────────


def test_the_usual_period_is_the_last_thirty_days() -> None:
    assert period_of("", "", TODAY) == Period(TODAY - timedelta(days=29), TODAY) == shortcuts(TODAY)["30"]


def test_last_month_is_the_whole_of_it() -> None:
    assert shortcuts(date(2026, 3, 31))["last_month"] == Period(date(2026, 2, 1), date(2026, 2, 28))
    assert shortcuts(date(2026, 1, 1))["last_month"] == Period(date(2025, 12, 1), date(2025, 12, 31))
    assert shortcuts(date(2026, 1, 1))["month"] == Period(date(2026, 1, 1), date(2026, 1, 1))


def test_a_day_of_summer_time_has_twenty_three_hours() -> None:
    since, until = Period(date(2026, 3, 29), date(2026, 3, 29)).seconds(BRUSSELS)
    assert until - since == 23 * 3600
    assert datetime.fromtimestamp(since, UTC).hour == 23


@pytest.mark.parametrize(
    ("since", "until", "problem"),
    [("2026-11-24", "2026-11-23", "order"), ("2024-01-01", "2026-11-24", "long"), ("31/12/2026", "", "day"),
     ("2026-02-30", "", "day"), ("0001-01-01", "0001-01-02", "day"), ("", "9999-12-31", "day")],
)  # fmt: skip
def test_a_period_that_cannot_be_is_told(since: str, until: str, problem: str) -> None:
    with pytest.raises(Malformed, match=f"^{problem}$"):
        period_of(since, until, TODAY)
    assert all(f"period.{problem}" in words for words in WORDS.values())


def test_the_longest_period_is_two_years() -> None:
    first = TODAY - timedelta(days=LONGEST - 1)
    assert period_of(first.isoformat(), TODAY.isoformat(), TODAY).first == first


@given(st.text(max_size=12), st.text(max_size=12))
def test_any_text_for_a_day_is_a_period_or_malformed(since: str, until: str) -> None:
    try:
        found = period_of(since, until, TODAY)
    except Malformed:
        return
    assert found.first <= found.last


# ── cells and files ───────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("value", "kind", "nl", "fr", "en"),
    [(12_345, "", "12.345", "12\u202f345", "12,345"), (3.64, "score", "3,6", "3,6", "3.6"), (0.5, "percent", "50\u00a0%", "50\u202f%", "50%"),
     (None, "seconds", "–", "–", "–"), (42.4, "seconds", "42 s", "42 s", "42 s"), (4_800, "seconds", "1 u 20 min", "1 h 20 min", "1 h 20 min"),
     (date(2026, 3, 4), "", "4 mrt 2026", "4 mars 2026", "4 Mar 2026"), ("=x", "", "=x", "=x", "=x")],
)  # fmt: skip
def test_cells_are_written_as_each_language_does(
    value: tables.Value, kind: str, nl: str, fr: str, en: str
) -> None:
    assert [tables.shown(value, kind, language) for language in ("nl", "fr", "en")] == [nl, fr, en]


def test_every_table_has_words_for_itself_and_its_columns() -> None:
    columns = {column for head, _ in tables.TABLES.values() for column in head}
    names = [*tables.TABLES, "funnel"]
    for words in WORDS.values():
        assert all(f"column.{column}" in words for column in columns | set(tables.SERIES["funnel"]))
        assert all(f"table.{name}" in words and f"about.{name}" in words for name in names)
    assert set(tables.SERIES) == set(names)


@pytest.mark.parametrize(
    "text", ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx", " =1", '=HYPERLINK("http://x")', "＝1", "\n=1"]
)
def test_no_text_becomes_a_formula(text: str) -> None:
    assert spreadsheet.defused(text) == f"'{text}"


@pytest.mark.parametrize("text", ["", "Printer", "1=1", "a-b", "é"])
def test_plain_text_stays_as_it_is(text: str) -> None:
    assert spreadsheet.defused(text) == text


@given(st.lists(st.lists(st.text(), min_size=2, max_size=3), min_size=1))
def test_no_cell_of_any_file_begins_as_a_formula(rows: list[list[str]]) -> None:
    import csv
    import io

    written = spreadsheet.csv_text(rows, "nl")
    for row in csv.reader(io.StringIO(written, newline=""), delimiter=";"):
        assert not any(cell.startswith(("=", "+", "-", "@", "\t", "\r")) for cell in row)


def test_numbers_are_numbers_with_the_language_s_decimal_sign() -> None:
    assert spreadsheet.csv_text([["a", 3, 4.5, None]], "nl") == "a;3;4,50;\r\n"
    assert spreadsheet.csv_text([["a;b", -3, 4.5]], "en") == '"a;b";-3;4.50\r\n'
