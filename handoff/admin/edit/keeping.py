"""The forms of figures: how long what was said is kept, and when a conversation goes back to the line."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import time
from typing import Any

from bot.source.edits import Change, written
from handoff.admin.edit.editor import Desk, Editor, Fields, Typed, one
from handoff.presence import SHORTEST_GONE
from handoff.retention import LONGEST, Retention

KEPT = ("conversations", "tickets", "customers", "audit_log", "deliveries")
MINUTES = 24 * 60
_MINUTES = re.compile(r"[0-9]{1,4}(\.[0-9]{1,2})?")


def _retention(desk: Desk, _: str) -> Fields:
    return retention_fields(desk.site.agreements.retention)


def retention_fields(retention: Retention) -> Fields:
    """The fields of the form for these terms."""
    kept = {name: getattr(retention, name) for name in KEPT}
    return {
        "at": f"{retention.at:%H:%M}",
        **{name: "" if days is None else str(days) for name, days in kept.items()},
    }


def _wrong_retention(desk: Desk, fields: Fields, _: str) -> Iterator[str]:
    try:
        time.fromisoformat(fields["at"])
    except ValueError:
        yield desk.t("agree.bad_time")
    for name in KEPT:
        if fields[name] and not _whole(fields[name], LONGEST):
            yield desk.t("agree.bad_days", what=desk.t(f"agree.kept.{name}"), n=LONGEST)


def _change_retention(desk: Desk, fields: Fields) -> Change:
    def change(root: Any) -> None:
        before = _retention(desk, "")
        if fields["at"] != before["at"]:
            root["at"] = written(fields["at"][:5])
        for name in KEPT:
            if fields[name] != before[name]:
                root[name] = int(fields[name]) if fields[name] else "never"

    return change


def _presence(desk: Desk, _: str) -> Fields:
    now = desk.site.agreements.presence
    after = now.unanswered_after
    return {
        "gone_after": f"{now.gone_after:g}",
        "unanswered_after": "" if after is None else f"{after:g}",
    }


def _wrong_presence(desk: Desk, fields: Fields, _: str) -> Iterator[str]:
    gone, unanswered = fields["gone_after"], fields["unanswered_after"]
    if not (_MINUTES.fullmatch(gone) and SHORTEST_GONE <= float(gone) <= MINUTES):
        yield desk.t("agree.bad_gone", least=SHORTEST_GONE, n=MINUTES)
    if unanswered and not (_MINUTES.fullmatch(unanswered) and 0 < float(unanswered) <= MINUTES):
        yield desk.t("agree.bad_minutes", n=MINUTES)


def _change_presence(desk: Desk, fields: Fields) -> Change:
    def change(root: Any) -> None:
        before = _presence(desk, "")
        for name, value in fields.items():
            if value != before[name]:
                root[name] = None if not value else int(value) if value.isdigit() else float(value)

    return change


def _typed(*names: str) -> Callable[[Desk, Typed], Fields]:
    return lambda _, typed: {name: one(typed, name, 20) for name in names}


def _whole(text: str, most: int) -> bool:
    return text.isascii() and text.isdigit() and 1 <= int(text) <= most


RETENTION = Editor(
    kind="retention",
    file="policy/retention.yml",
    section="retention",
    shown=_retention,
    typed=_typed("at", *KEPT),
    wrong=_wrong_retention,
    change=_change_retention,
)

PRESENCE = Editor(
    kind="presence",
    file="policy/desk.yml",
    section="presence",
    shown=_presence,
    typed=_typed("gone_after", "unanswered_after"),
    wrong=_wrong_presence,
    change=_change_presence,
)
