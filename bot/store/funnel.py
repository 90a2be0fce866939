"""How far people come in one flow: which steps they reach, and where those stand who do not finish it.

One query over the events of the period's conversations; what it finds is weighed in `funnel_of`.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from sqlalchemy import JSON, Connection, Text, and_, cast, func, or_, select, type_coerce
from sqlalchemy.sql.elements import ColumnElement

from bot.store.figures import FATES, FINISHED, Wanted, fate_of, talks_of, within
from bot.store.schema import events

_e = events.c


class Trace(NamedTuple):
    """The last time that a conversation did it: reach a step, change the flow, go to people, end."""

    conversation_id: str
    type: str
    step: str | None
    change: str | None
    seq: int


@dataclass(frozen=True, slots=True)
class Reached:
    """A step: how many conversations came there, and where it was the last: what became of them."""

    step: str
    reached: int
    person: int
    left: int
    open: int


@dataclass(frozen=True, slots=True)
class Funnel:
    """One flow in how many conversations; `finished` by what ended it."""

    begun: int
    finished: dict[str, int]
    steps: tuple[Reached, ...]

    @property
    def sums(self) -> dict[str, int]:
        """What became of all of them; it adds up to `begun`."""
        return {
            "completed": self.finished["completed"],
            "moved": self.finished["linked"] + sum(step.person for step in self.steps),
            "cancelled": self.finished["cancelled"],
            "left": sum(step.left for step in self.steps),
            "open": sum(step.open for step in self.steps),
        }


def funnel(connection: Connection, wanted: Wanted, flow: str) -> Funnel:
    """The funnel of a flow in the period."""
    of_flow = _json(connection, "flow") == flow
    step, change = _json(connection, "step"), _json(connection, "change")
    query = (
        select(_e.conversation_id, _e.type, step, change, func.max(_e.seq))
        .where(
            _e.conversation_id.in_(talks_of(wanted)),
            *within(wanted),
            or_(
                and_(_e.type == "flow", _e.name == flow),
                and_(_e.type == "step", of_flow),
                _e.type.in_(("handoff", "ended")),
            ),
        )
        .group_by(_e.conversation_id, _e.type, step, change)
    )
    return funnel_of(Trace(*row) for row in connection.execute(query))


def _json(connection: Connection, key: str) -> ColumnElement[str]:
    """A text in the event's data."""
    plain = type_coerce(_e.data, Text)
    if connection.dialect.name == "sqlite":
        return func.json_extract(plain, f"$.{key}", type_=Text)
    return func.json_extract_path_text(cast(plain, JSON), key, type_=Text)


def funnel_of(traces: Iterable[Trace]) -> Funnel:
    """What the traces come to. A conversation that went through the flow again counts by its last time."""
    of_talk: defaultdict[str, list[Trace]] = defaultdict(list)
    for trace in traces:
        of_talk[trace.conversation_id].append(trace)
    reached: Counter[str] = Counter()
    stopped: dict[str, Counter[str]] = {fate: Counter() for fate in FATES}
    finished: Counter[str] = Counter()
    begun = 0
    for several in of_talk.values():
        steps = [each for each in several if each.type == "step"]
        if not steps:
            continue
        begun += 1
        reached.update(each.step or "" for each in steps)
        last = max(steps, key=_seq)
        end = max((each for each in several if each.change in FINISHED), key=_seq, default=None)
        if end is not None and end.seq > last.seq:
            finished[str(end.change)] += 1
            continue
        fate = fate_of(each.type for each in several if each.seq > last.seq)
        stopped[fate][last.step or ""] += 1
    return Funnel(
        begun,
        {change: finished[change] for change in FINISHED},
        tuple(
            Reached(step, n, *(counts[step] for counts in stopped.values())) for step, n in reached.items()
        ),
    )


def _seq(trace: Trace) -> int:
    return trace.seq
