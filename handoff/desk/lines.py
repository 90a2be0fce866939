"""A conversation's record as the lines of a transcript: who spoke, and what else an agent wants to see.

Only turns events into values for a template; what a line looks like is `_lines.html`, its words are in
`bot.web.texts`. Steps, slots and rules are for reviewers, and left out here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, tzinfo
from typing import Any

from bot.store.views import TimelineItem
from bot.web.times import moment

JOINED_WITHIN = 120.0
"""Seconds within which what somebody says next needs no name above it again."""


@dataclass(frozen=True, slots=True)
class Reply:
    """A quick reply as it was offered; `chosen` when the customer took it."""

    title: str
    chosen: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """One line. `kind` is a class of the stylesheet; `key` and `values` name the words of an event's line."""

    seq: int
    kind: str
    at: float
    text: str = ""
    who: str = ""
    key: str = ""
    values: Mapping[str, Any] = field(default_factory=dict[str, Any])
    icon: str = ""
    replies: tuple[Reply, ...] = ()
    pictures: tuple[Mapping[str, Any], ...] = ()
    erased: bool = False
    voice: bool = False
    """It was said aloud, on a call."""
    joined: bool = False
    new_day: date | None = None


SPEAKERS = {"user": "customer", "bot": "bot", "system": "system", "agent": "agent", "note": "note"}

RELEVANT = frozenset(
    {"owner", "handoff", "ended", "agent", "language", "satisfaction"}
    | {"check", "suggestion", "slot", "ticket", "customer_note"}
)
"""Events after which the head or the ticket may look different."""


def lines_of(
    items: Sequence[TimelineItem],
    names: Mapping[str, str],
    zone: tzinfo,
    *,
    after_day: str | None = None,
) -> list[Line]:
    """The lines of these events; `names` are agents' names by id, `after_day` the date of the line before."""
    lines: list[Line] = []
    last_day = after_day
    said = [item for item in items if item.type == "user"]
    for item in items:
        line = _line(item, names, said)
        if line is None:
            continue
        today = moment(item.at, zone).date()
        previous = lines[-1] if lines else None
        new_day = today if today.isoformat() != last_day else None
        joined = (
            previous is not None
            and new_day is None
            and line.kind in ("customer", "bot", "agent", "note")
            and (previous.kind, previous.who) == (line.kind, line.who)
            and line.at - previous.at < JOINED_WITHIN
        )
        lines.append(replace(line, joined=joined, new_day=new_day))
        last_day = today.isoformat()
    return lines


def _line(item: TimelineItem, names: Mapping[str, str], said: Iterable[TimelineItem]) -> Line | None:
    if item.type in SPEAKERS:
        return _spoken(item, names, said)
    make = _EVENTS.get(item.type)
    return make(item, names) if make else None


def _spoken(item: TimelineItem, names: Mapping[str, str], said: Iterable[TimelineItem]) -> Line:
    content = item.content or {}
    answer = next((each for each in said if each.seq > item.seq), None)
    return Line(
        seq=item.seq,
        kind=SPEAKERS[item.type],
        at=item.at,
        text=str(content.get("text") or ""),
        who=str(item.data.get("name") or names.get(str(item.data.get("agent_id")), "")),
        replies=tuple(
            Reply(str(reply.get("title", "")), _took(answer, reply))
            for reply in item.data.get("replies") or ()
        ),
        pictures=tuple(content.get("attachments") or ()),
        erased=item.content is None,
        voice=bool(content.get("voice")),
    )


def _took(answer: TimelineItem | None, reply: Mapping[str, Any]) -> bool:
    content = (answer.content if answer else None) or {}
    if content.get("payload") is not None:
        return content["payload"] == reply.get("payload")
    said = str(content.get("text") or "").strip().casefold()
    return bool(said) and said == str(reply.get("title")).casefold()


def _event(item: TimelineItem, key: str, icon: str, text: str = "", **values: Any) -> Line:
    return Line(item.seq, "event", item.at, text=text, key=key, values=values, icon=icon)


def _owner(item: TimelineItem, names: Mapping[str, str]) -> Line | None:
    deed, why = str(item.data.get("deed", "")), str(item.data.get("why", ""))
    if deed not in _DEED_ICONS:
        return None  # a handover and an end have lines of their own
    values: dict[str, Any] = {"name": names.get(str(item.data.get("agent_id")), "?")}
    key = f"line.{deed}_{why}" if why else f"line.{deed}"
    if item.data.get("team") and deed in ("to_queue", "transfer"):
        key, values = "line.to_team", {"team": str(item.data["team"])}
    if deed == "transfer" and item.data.get("by") == item.data.get("agent_id"):
        key = "line.claim"  # from a colleague
    if deed == "snooze":
        if item.data.get("until") is None:
            key = "line.snooze_reply"
        else:
            values["until"] = item.data["until"]
    return _event(item, key, _DEED_ICONS[deed], **values)


_DEED_ICONS = {
    "claim": "user-check",
    "to_queue": "undo-2",
    "to_bot": "bot",
    "transfer": "arrow-left-right",
    "reopen": "rotate-ccw",
    "snooze": "calendar-clock",
    "wake": "bell",
}


def _ticket(item: TimelineItem, names: Mapping[str, str]) -> Line:
    fields = tuple(str(name) for name in item.data.get("fields") or ())
    key = "line.ticket_edited" if fields else "line.ticket_made"
    return _event(item, key, "ticket", name=names.get(str(item.data.get("agent_id")), "?"), fields=fields)


def _handoff(item: TimelineItem, _: Mapping[str, str]) -> Line:
    return _event(
        item, "line.handoff", "headset", team=str(item.data.get("team") or ""),
        reason=str(item.data.get("reason") or ""),
    )  # fmt: skip


def _check(item: TimelineItem, _: Mapping[str, str]) -> Line:
    ok = bool(item.data.get("ok"))
    found = str((item.content or {}).get("found") or "")
    name = str(item.data.get("name", ""))
    key, icon = ("line.check_ok", "circle-check") if ok else ("line.check_failed", "circle-x")
    return _event(item, key, icon, found, check=name)


def _suggestion(item: TimelineItem, _: Mapping[str, str]) -> Line | None:
    outcome = str(item.data.get("outcome", "shown"))
    if outcome not in ("shown", "solved", "not_solved", "skipped"):
        return None
    return _event(item, f"line.article_{outcome}", "book-open", article=str(item.data.get("article", "")))


def _satisfaction(item: TimelineItem, _: Mapping[str, str]) -> Line | None:
    content = item.content or {}
    if "score" not in item.data:
        return _event(item, "line.comment", "message-square", str(content.get("comment") or ""))
    return _event(item, "line.satisfaction", "star", score=item.data["score"])


def _ended(item: TimelineItem, names: Mapping[str, str]) -> Line:
    solution, outcome = str((item.content or {}).get("solution") or ""), str(item.data.get("outcome", ""))
    if "agent_id" not in item.data:
        return _event(item, "line.ended", "flag", solution, outcome=outcome)
    name = names.get(str(item.data["agent_id"]), "?")
    return _event(item, "line.resolve", "circle-check", solution, name=name, outcome=outcome)


def _language(item: TimelineItem, _: Mapping[str, str]) -> Line:
    return _event(item, "line.language", "languages", to=str(item.data.get("to", "")))


def _erased(item: TimelineItem, _: Mapping[str, str]) -> Line:
    return _event(item, f"line.erased_{item.data.get('why', 'request')}", "trash-2")


def _left(item: TimelineItem, _: Mapping[str, str]) -> Line:
    return _event(item, "line.left", "log-out")


def _heard(item: TimelineItem, _: Mapping[str, str]) -> Line:
    heard, total = int(item.data.get("sentences", 0)), int(item.data.get("total", 0))
    key = "line.heard_part" if heard else "line.heard_nothing"
    return _event(item, key, "phone", heard=heard, total=total)


def _error(item: TimelineItem, _: Mapping[str, str]) -> Line:
    return _event(item, "line.error", "triangle-alert", where=str(item.data.get("where", "")))


_EVENTS = {
    "owner": _owner,
    "ticket": _ticket,
    "handoff": _handoff,
    "check": _check,
    "suggestion": _suggestion,
    "satisfaction": _satisfaction,
    "ended": _ended,
    "language": _language,
    "error": _error,
    "erased": _erased,
    "left": _left,
    "heard": _heard,
}
