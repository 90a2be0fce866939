"""What the policy files may contain, as pydantic models. Where they come together is `handoff.config`."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from functools import lru_cache
from itertools import pairwise
from typing import Annotated, Any, cast
from zoneinfo import available_timezones

from holidays.registry import COUNTRIES
from pydantic import BeforeValidator, Field, field_validator, model_validator

from bot.model.ticket import Level, Priority
from bot.source.forms import Form
from handoff.calendar import Span
from handoff.policy import Reason

WEEK = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")

LONGEST_PERIOD = timedelta(days=366)


class TeamForm(Form):
    """A team in `teams.yml`."""

    name: dict[str, str]
    languages: tuple[str, ...] = ()
    otherwise: str = ""


class TeamsForm(Form):
    """`policy/teams.yml`."""

    default: str
    teams: dict[str, TeamForm]


class DefaultForm(Form):
    """What an intent weighs when nothing is said of it."""

    impact: Level = Level.LOW
    urgency: Level = Level.MEDIUM


class IntentForm(DefaultForm):
    """An intent in `intents.yml`."""

    team: str
    security: bool = False


class IntentsForm(Form):
    """`policy/intents.yml`."""

    default: DefaultForm = DefaultForm()
    intents: dict[str, IntentForm]


class TargetForm(Form):
    """Minutes of opening time."""

    response: Annotated[int, Field(gt=0)]
    resolution: Annotated[int, Field(gt=0)]

    @model_validator(mode="after")
    def _in_order(self) -> TargetForm:
        if self.resolution < self.response:
            raise ValueError("'resolution' is shorter than 'response'")
        return self


class RaiseForm(Form):
    """How a reason lifts the priority."""

    by: Annotated[int, Field(ge=0, le=3)] = 0
    at_least: Priority | None = None
    not_above: Priority = Priority.P1


class PrioritiesForm(Form):
    """`policy/priorities.yml`: `matrix` by impact, then by urgency."""

    matrix: dict[Level, dict[Level, Priority]]
    times: dict[Priority, TargetForm]
    raises: dict[Reason, RaiseForm] = Field(default_factory=dict[Reason, RaiseForm])

    @field_validator("matrix")
    @classmethod
    def _whole_matrix(cls, matrix: dict[Level, dict[Level, Priority]]) -> dict[Level, dict[Level, Priority]]:
        for impact in Level:
            for urgency in Level:
                if urgency not in matrix.get(impact, {}):
                    raise ValueError(f"there is no priority for impact {impact} with urgency {urgency}")
        return matrix

    @field_validator("times")
    @classmethod
    def _all_times(cls, times: dict[Priority, TargetForm]) -> dict[Priority, TargetForm]:
        missing = [priority.value for priority in Priority if priority not in times]
        if missing:
            raise ValueError(f"there are no times for {', '.join(missing)}")
        return times


def _span(raw: Any) -> Any:
    return Span.parse(raw) if isinstance(raw, str) else raw


def _yearly(raw: Any) -> Any:
    """A day of every year: `07-11` is 11 July."""
    month, _, day = str(raw).partition("-")
    try:
        found = date(2024, int(month), int(day))  # a leap year, so that 02-29 is a day too
    except ValueError:
        raise ValueError(f"'{raw}' is not a day of the year; write month and day, as \"07-11\"") from None
    return found.month, found.day


def _period(raw: Any) -> Any:
    """A day, or days in a row with both ends: `{from: 2026-12-24, to: 2027-01-03}`."""
    ends: list[Any] = [raw, raw]
    if isinstance(raw, Mapping):
        fields = cast("Mapping[str, Any]", raw)
        if set(fields) != {"from", "to"}:
            raise ValueError("a period has 'from' and 'to', both dates")
        ends = [fields["from"], fields["to"]]
    if not all(type(end) is date for end in ends):
        raise ValueError(f"'{raw}' is not a date; write it like 2026-12-24")
    if not timedelta() <= ends[1] - ends[0] <= LONGEST_PERIOD:
        raise ValueError("'to' comes before 'from', or more than a year after it")
    return ends[0], ends[1]


SpanField = Annotated[Span, BeforeValidator(_span)]
YearlyField = Annotated[tuple[int, int], BeforeValidator(_yearly)]
PeriodField = Annotated[tuple[date, date], BeforeValidator(_period)]


@lru_cache(maxsize=1)
def time_zones() -> frozenset[str]:
    """The names of all of them, which stand in some 600 files."""
    return frozenset(available_timezones())


class HoursForm(Form):
    """`policy/hours.yml`."""

    timezone: str = "Europe/Brussels"
    opening: dict[str, list[SpanField]]
    holidays: str = ""
    closed_every_year: tuple[YearlyField, ...] = ()
    closed: tuple[PeriodField, ...] = ()

    @field_validator("timezone")
    @classmethod
    def _zone(cls, name: str) -> str:
        if name not in time_zones():
            raise ValueError(f"'{name}' is not a time zone; write it like Europe/Brussels")
        return name

    @field_validator("holidays")
    @classmethod
    def _country(cls, code: str) -> str:
        # holidays.list_supported_countries() would import every country: half a second.
        if code and not any(code in names[1:] for names in COUNTRIES.values()):
            raise ValueError(f"'{code}' is not a country whose holidays are known; Belgium is BE")
        return code

    @field_validator("opening")
    @classmethod
    def _days(cls, opening: dict[str, list[Span]]) -> dict[str, list[Span]]:
        for day, spans in opening.items():
            if day not in WEEK:
                raise ValueError(f"'{day}' is not a day; the days are {', '.join(WEEK)}")
            for before, after in pairwise(spans):
                if after.start < before.end:
                    raise ValueError(f"on {day} {before} and {after} overlap or are not in order")
        if not any(opening.values()):
            raise ValueError("there is no day with opening hours")
        return opening
