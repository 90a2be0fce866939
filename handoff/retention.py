"""How long what was said is kept, from `policy/retention.yml`, and when the night's round is due. Pure.

What is erased, and how, is the store's; `bot.service.retention` does it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from pydantic import BeforeValidator, Field

from bot.source.forms import Form, read_form

DAY = 86_400.0
LONGEST = 36_500
"""Days; who wants more says `never`."""


@dataclass(frozen=True, slots=True)
class Retention:
    """Days since something last happened; None is for ever. `at` is the helpdesk's own time."""

    at: time = time(3)
    conversations: int | None = 730
    tickets: int | None = 1095
    customers: int | None = 730
    audit_log: int | None = 1095
    deliveries: int | None = 30


def next_round(after: float, at: time, zone: ZoneInfo) -> float:
    """When the next round begins: the first moment after `after` at which the clock says `at`."""
    local = datetime.fromtimestamp(after, UTC).astimezone(zone)
    for days in range(3):
        moment = datetime.combine(local.date() + timedelta(days=days), at, zone).timestamp()
        if moment > after:
            return moment
    raise AssertionError("unreachable")


def before(now: float, days: int | None) -> float | None:
    """What last happened before this moment goes; None where nothing does."""
    return None if days is None else now - days * DAY


def _time(raw: Any) -> Any:
    if not isinstance(raw, str) or len(raw) != 5:
        raise ValueError('write hours and minutes, as "03:00"')
    try:
        return time.fromisoformat(raw)
    except ValueError:
        raise ValueError(f'"{raw}" is not a time; write hours and minutes, as "03:00"') from None


def _days(raw: Any) -> Any:
    return None if raw == "never" else raw


Days = Annotated[Annotated[int, Field(ge=1, le=LONGEST)] | None, BeforeValidator(_days)]


class _RetentionForm(Form):
    at: Annotated[time, BeforeValidator(_time)] = Retention.at
    conversations: Days = Retention.conversations
    tickets: Days = Retention.tickets
    customers: Days = Retention.customers
    audit_log: Days = Retention.audit_log
    deliveries: Days = Retention.deliveries


def load_retention(files: Mapping[str, str]) -> Retention:
    """What `policy/retention.yml` among `files` (path to text) says; the defaults where it is not there."""
    path = next((path for path in files if path.rsplit("/", 1)[-1] == "retention.yml"), None)
    if path is None:
        return Retention()
    form = read_form(_RetentionForm, files[path], path)
    return Retention(**{name: getattr(form, name) for name in _RetentionForm.model_fields})
