"""Opening hours: what counts as open, and time that passes only while it is."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.model.errors import ConfigError
from handoff.calendar import Calendar, ClosedDays, Span

BRUSSELS = ZoneInfo("Europe/Brussels")
DAY = (Span.parse("8:30-17:00"),)
LUNCH = (Span.parse("8:30-12:00"), Span.parse("13:00-17:00"))
SHOP = Calendar((DAY, DAY, DAY, DAY, DAY, (), ()), ClosedDays("BE"))
ALWAYS = Calendar(((Span(0, 1440),),) * 7)
NIGHT = Calendar(((Span.parse("1:00-2:15"), Span.parse("2:15-2:45"), Span.parse("2:50-24:00")),) * 7)
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)


def local(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=BRUSSELS)


def shown(at: datetime) -> str:
    return f"{at.astimezone(BRUSSELS):%Y-%m-%d %H:%M}"


# ── open or not ───────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("at", "is_open"),
    [
        ("2026-03-09 08:29", False),
        ("2026-03-09 08:30", True),
        ("2026-03-09 16:59", True),
        ("2026-03-09 17:00", False),
        ("2026-03-14 10:00", False),  # Saturday
        ("2026-04-06 10:00", False),  # Easter Monday
        ("2026-05-14 10:00", False),  # Ascension Day
        ("2026-07-21 10:00", False),  # National Day
        ("2026-07-20 10:00", True),
    ],
)
def test_open_on_weekdays_within_hours_and_not_on_holidays(at: str, is_open: bool) -> None:
    assert SHOP.is_open(local(at)) is is_open


def test_the_hours_follow_the_wall_clock_in_summer_and_winter() -> None:
    assert SHOP.next_opening(datetime(2026, 1, 7, 0, tzinfo=UTC)) == datetime(2026, 1, 7, 7, 30, tzinfo=UTC)
    assert SHOP.next_opening(datetime(2026, 7, 8, 0, tzinfo=UTC)) == datetime(2026, 7, 8, 6, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("at", "opening"),
    [
        ("2026-03-09 10:00", "2026-03-09 10:00"),
        ("2026-03-09 17:00", "2026-03-10 08:30"),
        ("2026-03-13 17:00", "2026-03-16 08:30"),
        ("2026-12-24 18:00", "2026-12-28 08:30"),
        ("2026-04-03 17:00", "2026-04-07 08:30"),  # over Easter
    ],
)
def test_next_opening(at: str, opening: str) -> None:
    assert shown(SHOP.next_opening(local(at))) == opening


def test_closed_days_of_every_year_and_periods() -> None:
    closed = ClosedDays("", frozenset({(7, 11)}), ((date(2026, 12, 24), date(2027, 1, 3)),))
    calendar = Calendar((DAY,) * 7, closed)
    assert not calendar.is_open(local("2031-07-11 10:00"))
    assert shown(calendar.next_opening(local("2026-12-23 17:00"))) == "2027-01-04 08:30"
    assert calendar.is_open(local("2026-12-25 10:00")) is False
    assert calendar.is_open(local("2026-07-21 10:00"))  # no country, no holidays


def test_a_lunch_break_does_not_count() -> None:
    calendar = Calendar((LUNCH,) * 7)
    assert not calendar.is_open(local("2026-03-09 12:30"))
    assert shown(calendar.add_business_time(local("2026-03-09 11:30"), HOUR)) == "2026-03-09 13:30"


@pytest.mark.parametrize(
    ("at", "minutes", "due"),
    [
        ("2026-03-09 16:30", 30, "2026-03-09 17:00"),
        ("2026-03-09 16:30", 31, "2026-03-10 08:31"),
        ("2026-03-13 16:00", 120, "2026-03-16 09:30"),
        ("2026-03-14 03:00", 15, "2026-03-16 08:45"),
        ("2026-07-20 16:00", 510, "2026-07-22 16:00"),  # over the National Day
        ("2026-03-27 16:30", 60, "2026-03-30 09:00"),  # over the change to summer time
    ],
)
def test_business_time_is_added_over_nights_weekends_and_holidays(at: str, minutes: int, due: str) -> None:
    assert shown(SHOP.add_business_time(local(at), minutes * MINUTE)) == due


# ── the hours that summer time skips and repeats ──────────────────────────────────────────────────────────


def test_a_day_has_23_or_25_hours_when_the_clock_changes() -> None:
    def length(day: str) -> timedelta:
        midnight = local(f"{day} 00:00")
        return ALWAYS.business_time_between(midnight, midnight + timedelta(days=1))

    assert [length(day) / HOUR for day in ("2026-03-28", "2026-03-29", "2026-10-25")] == [24, 23, 25]


def test_hours_in_the_gap_are_empty_and_stay_in_order() -> None:
    jump = datetime(2026, 3, 29, 1, tzinfo=UTC)  # 2:00 becomes 3:00
    assert NIGHT.is_open(jump - MINUTE)
    assert NIGHT.is_open(jump)
    assert NIGHT.business_time_between(jump - HOUR, jump + HOUR) == 2 * HOUR


def test_hours_that_come_twice_are_open_without_a_hole_at_their_seam() -> None:
    back = datetime(2026, 10, 25, 1, tzinfo=UTC)  # 3:00 becomes 2:00
    assert NIGHT.is_open(back - 16 * MINUTE)  # 2:44 the first time
    assert not NIGHT.is_open(back - 12 * MINUTE)  # 2:48 the first time
    assert NIGHT.is_open(back + 5 * MINUTE)


# ── what holds always ─────────────────────────────────────────────────────────────────────────────────────

moments = st.datetimes(datetime(2020, 1, 1), datetime(2032, 12, 31), timezones=st.just(UTC)) | st.builds(
    lambda change, off: change + off,
    st.sampled_from([datetime(2026, 3, 29, 1, tzinfo=UTC), datetime(2026, 10, 25, 1, tzinfo=UTC)]),
    st.timedeltas(timedelta(hours=-30), timedelta(hours=30)),
)
amounts = st.timedeltas(timedelta(), timedelta(days=20))
minutes = st.integers(0, 1440)
weeks = st.lists(
    st.lists(minutes, max_size=6, unique=True).map(
        lambda ends: tuple(Span(a, b) for a, b in zip(*(iter(sorted(ends)),) * 2, strict=False))
    ),
    min_size=7,
    max_size=7,
).filter(any)
calendars = st.builds(
    lambda week, closed: Calendar(tuple(week), closed),
    weeks,
    st.sampled_from([ClosedDays(), ClosedDays("BE"), ClosedDays("BE", frozenset({(7, 11), (2, 29)}))]),
)
within = st.timedeltas(timedelta(), timedelta(hours=2))


@given(calendars, moments, within)
def test_between_undoes_add(calendar: Calendar, at: datetime, amount: timedelta) -> None:
    due = calendar.add_business_time(at, amount)
    assert due >= at
    assert calendar.business_time_between(at, due) == amount


@given(moments, amounts)
def test_between_undoes_add_over_weeks(at: datetime, amount: timedelta) -> None:
    assert SHOP.business_time_between(at, SHOP.add_business_time(at, amount)) == amount


@given(calendars, moments, within.filter(bool))
def test_a_due_time_is_never_in_a_closed_moment(calendar: Calendar, at: datetime, amount: timedelta) -> None:
    due = calendar.add_business_time(at, amount)
    assert calendar.is_open(due) or calendar.is_open(due - timedelta(microseconds=1))


@given(calendars, moments)
def test_the_next_opening_is_open_and_nothing_before_it_counts(calendar: Calendar, at: datetime) -> None:
    opening = calendar.next_opening(at)
    assert calendar.is_open(opening)
    assert (opening == at) is calendar.is_open(at)
    assert calendar.business_time_between(at, opening) == timedelta()


@given(calendars, moments, within, within)
def test_additions_add_up(calendar: Calendar, at: datetime, one: timedelta, two: timedelta) -> None:
    both = calendar.add_business_time(at, one + two)
    after = calendar.add_business_time(calendar.add_business_time(at, one), two)
    assert calendar.business_time_between(both, after) == timedelta()


@given(moments, st.timedeltas(timedelta(days=-9), timedelta(days=9)))
def test_between_is_antisymmetric_and_no_more_than_real_time(at: datetime, off: timedelta) -> None:
    passed = SHOP.business_time_between(at, at + off)
    assert passed == -SHOP.business_time_between(at + off, at)
    assert abs(passed) <= abs(off)


# ── words ─────────────────────────────────────────────────────────────────────────────────────────────────

MONDAY = local("2026-03-09 10:00")
SATURDAY = (Span.parse("9:00-12:00"),)


@pytest.mark.parametrize(
    ("week", "language", "text"),
    [
        ((*(DAY,) * 5, (), ()), "nl", "op weekdagen van 8.30 tot 17.00 uur"),
        ((*(DAY,) * 5, (), ()), "fr", "les jours ouvrés de 8 h 30 à 17 h"),
        ((*(DAY,) * 5, (), ()), "en", "on weekdays from 8.30 am to 5 pm"),
        ((*(LUNCH,) * 5, (), ()), "nl", "op weekdagen van 8.30 tot 12.00 uur en van 13.00 tot 17.00 uur"),
        ((*(LUNCH,) * 5, (), ()), "en", "on weekdays from 8.30 am to noon and from 1 pm to 5 pm"),
        (
            (*(DAY,) * 5, SATURDAY, ()),
            "fr",
            "les jours ouvrés de 8 h 30 à 17 h et le samedi de 9 h à 12 h",
        ),
        (
            ((), *(DAY,) * 4, SATURDAY, ()),
            "nl",
            "van dinsdag tot en met vrijdag van 8.30 tot 17.00 uur en op zaterdag van 9.00 tot 12.00 uur",
        ),
        ((DAY, (), DAY, (), (), (), ()), "en", "on Monday and Wednesday from 8.30 am to 5 pm"),
        ((DAY, (), DAY, (), (), (), ()), "fr", "le lundi et le mercredi de 8 h 30 à 17 h"),
        (((),) * 5 + (DAY, DAY), "nl", "in het weekend van 8.30 tot 17.00 uur"),
        ((DAY,) * 7, "fr", "tous les jours de 8 h 30 à 17 h"),
        (((Span(0, 1440),),) * 7, "nl", "dag en nacht, zeven dagen op zeven"),
    ],
)
def test_the_hours_in_words(week: tuple[tuple[Span, ...], ...], language: str, text: str) -> None:
    assert Calendar(week).opening_text(language, MONDAY) == text


def test_a_closed_day_is_said() -> None:
    holiday = local("2026-07-21 10:00")
    assert SHOP.opening_text("nl", holiday) == "op weekdagen van 8.30 tot 17.00 uur, maar vandaag niet"
    assert (
        SHOP.opening_text("en", local("2026-08-15 10:00")) == "on weekdays from 8.30 am to 5 pm"
    )  # Saturday


@pytest.mark.parametrize(
    ("at", "language", "text"),
    [
        ("2026-03-09 10:00", "nl", "nu"),
        ("2026-03-09 07:00", "nl", "vandaag om 8.30 uur"),
        ("2026-03-09 18:00", "fr", "demain à 8 h 30"),
        ("2026-03-13 18:00", "en", "on Monday at 8.30 am"),
        ("2026-03-13 18:00", "nl", "maandag om 8.30 uur"),
    ],
)
def test_the_next_opening_in_words(at: str, language: str, text: str) -> None:
    assert SHOP.next_opening_text(language, local(at)) == text


def test_a_far_opening_has_a_date() -> None:
    calendar = Calendar((DAY,) * 7, ClosedDays("", frozenset(), ((date(2026, 7, 1), date(2026, 7, 20)),)))
    at = local("2026-07-02 10:00")
    assert calendar.next_opening_text("nl", at) == "op dinsdag 21 juli om 8.30 uur"
    assert calendar.next_opening_text("fr", at) == "le mardi 21 juillet à 8 h 30"


# ── wrong hours ───────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("text", ["9-5", "17:00-8:30", "8:30-25:00", "8:70-9:00", "", "8:30-8:30"])
def test_a_wrong_stretch_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"hours|lie|minutes"):
        Span.parse(text)


def test_overlapping_and_empty_weeks_are_refused() -> None:
    with pytest.raises(ValueError, match="overlap"):
        Calendar(((Span(0, 100), Span(50, 200)), (), (), (), (), (), ()))
    with pytest.raises(ValueError, match="at least"):
        Calendar(((),) * 7)


def test_a_helpdesk_that_never_opens_says_so() -> None:
    closed = ClosedDays("", frozenset(), ((date(2000, 1, 1), date(2100, 1, 1)),))
    with pytest.raises(ConfigError, match=r"hours\.yml"):
        Calendar((DAY,) * 7, closed).next_opening(MONDAY)


def test_a_moment_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        SHOP.is_open(datetime(2026, 3, 9, 10))
