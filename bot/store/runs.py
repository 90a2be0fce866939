"""Runs of flows, each from where it begins to what became of it, and how many of each flow there were.

How far people come in one flow is `funnel`.

A conversation goes through a flow several times, when a customer comes back with the same problem for
instance: what became of one run says nothing of another.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from itertools import groupby
from operator import itemgetter
from typing import NamedTuple

from sqlalchemy import ColumnElement, Connection, Text, and_, or_, select, type_coerce

from bot.store.figures import Counted, Wanted, of_type, since, talks_of
from bot.store.schema import events
from bot.store.values import dumps

FINISHED = ("completed", "linked", "cancelled")
"""What ends a flow: it was gone through, it went on in another, or the customer called it off."""

FATES = ("person", "left", "open")
"""What became of a run that did not come to an end: it came to a person, its contact ended, or it goes on."""

_e = events.c


class Happening(NamedTuple):
    """One event that begins, carries on or ends a run: its type, and what it says of a flow."""

    type: str
    at: float = 0.0
    flow: str = ""
    change: str = ""
    step: str = ""


@dataclass(slots=True)
class Run:
    """One time that a flow was gone into; `fate` is one of `FINISHED` or `FATES`."""

    flow: str
    began: float
    fate: str = "open"
    steps: list[str] = field(default_factory=list[str])


def flows(connection: Connection, wanted: Wanted, names: Collection[str]) -> list[Counted]:
    """How often these flows were begun in the period (`started`), and what became of it by now."""
    times: Counter[tuple[str, str]] = Counter()
    talks: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
    for id_, run in runs(connection, wanted, and_(of_type("flow"), _e.name.in_(sorted(names)))):
        for change in ("started", run.fate):
            times[run.flow, change] += 1
            talks[run.flow, change].add(id_)
    return [
        Counted(name, {"change": change}, n, len(talks[name, change]))
        for (name, change), n in sorted(times.items())
    ]


def steps_of(flow: str) -> ColumnElement[bool]:
    """The condition that an event is of this flow, or of a step of it."""
    in_flow = type_coerce(_e.data, Text).contains(f'"flow":{dumps(flow)}', autoescape=True)
    return or_(and_(of_type("flow"), _e.name == flow), and_(of_type("step"), in_flow))


def runs(connection: Connection, wanted: Wanted, of: ColumnElement[bool]) -> list[tuple[str, Run]]:
    """The runs that began in the period, each with its conversation, from events that are `of` flows."""
    ends = (of_type("handoff"), of_type("ended"), of_type("episode"))
    query = (
        select(_e.conversation_id, _e.type, _e.at, _e.name, _e.data)
        .where(_e.conversation_id.in_(talks_of(wanted)), *since(wanted), or_(of, *ends))
        .order_by(_e.conversation_id, _e.seq)
    )
    found: list[tuple[str, Run]] = []
    for id_, rows in groupby(connection.execute(query), key=itemgetter(0)):
        happened = (
            Happening(type_, at, str(data.get("flow") or ""), str(data.get("change") or ""), name or "")
            for _, type_, at, name, data in rows
        )
        found += [(id_, run) for run in runs_of(happened) if run.began < wanted.until]
    return found


def runs_of(happened: Iterable[Happening]) -> list[Run]:
    """The runs of one conversation, from what happened in order. What became of one shows before the flow
    begins anew, or the next contact does."""
    found: list[Run] = []
    going: dict[str, Run] = {}
    for each in happened:
        match each.type:
            case "flow" if each.change == "started":
                going[each.flow] = Run(each.flow, each.at)
                found.append(going[each.flow])
            case "flow" if each.change in FINISHED and each.flow in going:
                going.pop(each.flow).fate = each.change
            case "step" if each.flow in going:
                going[each.flow].steps.append(each.step)
            case "handoff":
                for run in going.values():
                    run.fate = "person"
            case "ended" | "episode":
                for run in going.values():
                    run.fate = "left" if run.fate == "open" else run.fate
                if each.type == "episode":
                    going.clear()
            case _:
                pass
    return found
