"""A conversation's record as a reviewer reads it: turn by turn with what was understood and done, and the
parts that a person handled in between. Only turns events into values; `conversation.html` says how they look.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, cast

from bot.store.views import TimelineItem

SAID = frozenset({"user", "bot", "system", "agent", "note"})


@dataclass(frozen=True, slots=True)
class Meaning:
    """What was understood of a turn."""

    language: str
    intent: str
    confidence: float | None
    ranking: tuple[tuple[str, float], ...]
    entities: tuple[Mapping[str, Any], ...]
    model: str
    seq: int
    """The number of the event that it is of."""


@dataclass(frozen=True, slots=True)
class Command:
    """One command that the winning rule gave, with what it names."""

    name: str
    names: str


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that was done: `kind` is the event's type, `look` good, bad or nothing.

    The `detail` of what has names for people (a reason, an outcome) is such a name; `how` it came about
    always is. What goes from one to another has the other in `to`.
    """

    kind: str
    name: str
    detail: str = ""
    look: str = ""
    ms: int | None = None
    seq: int = 0
    more: str = ""
    how: str = ""
    to: str = ""


@dataclass(slots=True)
class Part:
    """A turn of the bot, or a stretch that a person handled (`person`)."""

    person: bool
    turn: int
    items: list[TimelineItem] = field(default_factory=list[TimelineItem])

    @property
    def at(self) -> float:
        """When it began."""
        return self.items[0].at

    @property
    def asked(self) -> list[TimelineItem]:
        """What the customer said."""
        return [item for item in self.items if item.type == "user"]

    @property
    def text(self) -> str:
        """What was read together of what the customer said."""
        return "\n".join(text for item in self.asked if (text := str((item.content or {}).get("text") or "")))

    @property
    def said(self) -> list[TimelineItem]:
        """Everything that was said, in order."""
        return [item for item in self.items if item.type in SAID]

    @property
    def answered(self) -> list[TimelineItem]:
        """What the customer was told."""
        return [item for item in self.items if item.type in SAID and item.type != "user"]

    @property
    def meaning(self) -> Meaning | None:
        """What was understood; None where nothing needed reading, as for a button."""
        return next((_meaning(item) for item in self.items if item.type == "understood"), None)

    @property
    def offered(self) -> bool:
        """Whether it was a reply that the bot had offered, chosen or typed: only such a turn is decided on
        without being read."""
        return not self.person and self.meaning is None and bool(self.rule)

    @property
    def rule(self) -> str:
        """The rule of the commands table that won."""
        return next((str(item.data.get("rule", "")) for item in self.items if item.type == "decided"), "")

    @property
    def commands(self) -> list[Command]:
        """What that rule asked."""
        found = next((item for item in self.items if item.type == "decided"), None)
        return [_command(each) for each in (found.data.get("commands") if found else None) or ()]

    @property
    def steps(self) -> list[Step]:
        """What was done, in order."""
        return [step for item in self.items if (step := _step(item)) is not None]

    @property
    def errors(self) -> int:
        """How many things went wrong."""
        return sum(
            item.type == "error" or (item.type == "action" and not item.data.get("ok")) for item in self.items
        )


def parts_of(items: Sequence[TimelineItem]) -> list[Part]:
    """The parts, in order. Events carry their turn's number; while a person has the conversation they follow
    one another as they came."""
    parts: list[Part] = []
    turns: dict[int, Part] = {}
    person: Part | None = None
    handed_at: int | None = None
    for item in items:
        if item.type == "owner":
            to_bot = item.data.get("to") == "bot"
            if person is None and not to_bot:
                person = Part(True, item.turn)
                parts.append(person)
            (person or _turn(parts, turns, item.turn)).items.append(item)
            if to_bot:
                person, handed_at = None, None
                turns.clear()
            continue
        if person is None and handed_at is not None and item.turn != handed_at:
            person = Part(True, item.turn)
            parts.append(person)
        if person is not None:
            person.items.append(item)
        else:
            _turn(parts, turns, item.turn).items.append(item)
        if item.type == "handoff":
            handed_at = item.turn
    return [part for part in parts if part.items]


def _turn(parts: list[Part], turns: dict[int, Part], number: int) -> Part:
    if number not in turns:
        turns[number] = Part(False, number)
        parts.append(turns[number])
    return turns[number]


def _meaning(item: TimelineItem) -> Meaning:
    data = item.data
    return Meaning(
        language=str(data.get("language", "")),
        intent=str(data.get("intent", "")),
        confidence=None if data.get("confidence") is None else float(data["confidence"]),
        ranking=tuple((str(name), float(score)) for name, score in data.get("ranking") or ()),
        entities=tuple((item.content or {}).get("entities") or ()),
        model=str(data.get("model", "")),
        seq=item.seq,
    )


def _command(plain: Mapping[str, Any]) -> Command:
    names: list[str] = []
    for key, value in plain.items():
        if key == "command" or value in (None, "", [], (), False):
            continue
        shown = ", ".join(map(str, value)) if isinstance(value, list) else str(value)
        names.append(f"{key}: {shown}" if key not in ("flow", "language", "reason") else shown)
    return Command(str(plain.get("command", "")), " · ".join(names))


def _text(item: TimelineItem, key: str) -> str:
    return readable((item.content or {}).get(key))


def readable(value: Any) -> str:
    """A value as somebody reads it who knows no programming: lists and their members without brackets."""
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case float():
            return str(int(value)) if value.is_integer() else str(value)
        case Mapping():
            members = cast("Mapping[Any, Any]", value).items()
            return ", ".join(f"{name}: {shown}" for name, member in members if (shown := readable(member)))
        case list() | tuple():
            return " · ".join(map(readable, cast("Sequence[Any]", value)))
        case _:
            return str(value)


def _step(item: TimelineItem) -> Step | None:
    make = _STEPS.get(item.type)
    return make(item) if make else None


def _flow(item: TimelineItem) -> Step:
    more = ", ".join(str(item.data[key]) for key in ("trigger", "to") if item.data.get(key))
    return Step(
        "flow", str(item.data.get("flow")), more, seq=item.seq, how=str(item.data.get("change") or "")
    )


def _flow_step(item: TimelineItem) -> Step:
    name = f"{item.data.get('flow')} / {item.data.get('step')}"
    return Step("step", name, seq=item.seq, how=str(item.data.get("kind") or ""))


def _slot(item: TimelineItem) -> Step:
    detail = "…" if item.content is None else _text(item, "value") or "—"
    return Step("slot", str(item.data.get("name")), detail, seq=item.seq, how=str(item.data.get("by") or ""))


def _action(item: TimelineItem) -> Step:
    ok = bool(item.data.get("ok"))
    look, how = "good" if ok else "bad", "late" if item.data.get("late") else ""
    return Step(
        "action", str(item.data.get("name")), _text(item, "error"), look, _ms(item), item.seq, how=how
    )


def _check(item: TimelineItem) -> Step:
    found, expected = _text(item, "found"), _text(item, "expected")
    ok = bool(item.data.get("ok"))
    detail = found if ok or not expected else f"{found} ≠ {expected}"
    return Step("check", str(item.data.get("name")), detail, "good" if ok else "bad", _ms(item), item.seq)


def _suggestion(item: TimelineItem) -> Step:
    outcome = str(item.data.get("outcome", ""))
    look = {"solved": "good", "not_solved": "bad"}.get(outcome, "")
    return Step("suggestion", str(item.data.get("article")), outcome, look, seq=item.seq)


def _handoff(item: TimelineItem) -> Step:
    team, reason = str(item.data.get("team") or "?"), str(item.data.get("reason") or "")
    return Step("handoff", team, reason, seq=item.seq, more=str(item.data.get("priority") or ""))


def _error(item: TimelineItem) -> Step:
    where = ", ".join(
        str(item.data[key]) for key in ("where", "kind", "flow", "step", "name") if item.data.get(key)
    )
    return Step("error", where, _text(item, "detail"), "bad", seq=item.seq)


def _language(item: TimelineItem) -> Step:
    return Step("language", str(item.data.get("from") or ""), seq=item.seq, to=str(item.data.get("to") or ""))


def _owner(item: TimelineItem) -> Step:
    whose, to, deed = (str(item.data.get(key) or "") for key in ("from", "to", "deed"))
    return Step("owner", whose, seq=item.seq, how=deed, to=to)


def _satisfaction(item: TimelineItem) -> Step:
    return Step("satisfaction", str(item.data.get("score", "")), _text(item, "comment"), seq=item.seq)


def _ended(item: TimelineItem) -> Step:
    return Step("ended", str(item.data.get("outcome")), _text(item, "solution"), seq=item.seq)


def _erased(item: TimelineItem) -> Step:
    return Step("erased", "", str(item.data.get("why", "request")), seq=item.seq)


def _ms(item: TimelineItem) -> int | None:
    ms = item.data.get("ms")
    return int(ms) if isinstance(ms, int | float) else None


_STEPS = {
    "flow": _flow,
    "step": _flow_step,
    "slot": _slot,
    "action": _action,
    "check": _check,
    "suggestion": _suggestion,
    "handoff": _handoff,
    "error": _error,
    "language": _language,
    "owner": _owner,
    "satisfaction": _satisfaction,
    "ended": _ended,
    "erased": _erased,
}
