"""What figures are counted from: contacts with their clocks, tickets' due times, intents.

A fixed number of queries, whatever the period holds. The counting itself is `handoff.figures`; what became of
flows is `runs`, of articles `suggestions`. Only the types of events in `schema.COUNTED` are found by their
time; SQLite sees that its index fits where a type stands in the statement as it is, not as a parameter.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, case, func, literal_column, select, union, union_all

from bot.model.understanding import NLU_FALLBACK
from bot.store.schema import CANNOT_HANDLE, conversations, events, handoffs, tickets
from handoff.contacts import FALLBACK, KINDS, SLACK, Contact, Happening, Talk, contacts_of, place
from handoff.figures import Promise

_c, _e, _h, _t = conversations.c, events.c, handoffs.c, tickets.c

_due = case((_t.paused_at.is_(None), _t.resolution_due))
"""When a ticket is to be solved; never while the customer has to do something."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which contacts are counted: those that began in these seconds, `until` excluded."""

    since: float
    until: float
    channel: str | None = None
    team: str | None = None


@dataclass(frozen=True, slots=True)
class Counted:
    """How often something came up, and in how many conversations. `data` is the event's, where it matters."""

    name: str
    data: Mapping[str, Any]
    times: int
    conversations: int


def of_type(kind: str) -> Any:
    """The condition that an event is of a type, spelled out."""
    return _e.type == literal_column(f"'{kind}'")


def choices(connection: Connection) -> tuple[list[str], list[str]]:
    """The channels and the teams that there is something of."""
    channels = connection.execute(select(_c.channel).distinct()).scalars()
    teams = connection.execute(select(_h.team).where(_h.team != "").distinct()).scalars()
    return sorted(channels), sorted(teams)


# ── contacts ──────────────────────────────────────────────────────────────────────────────────────────────


def contacts(connection: Connection, wanted: Wanted) -> list[Contact]:
    """The contacts that began in the period, with all that came of them until now."""
    where: list[Any] = [_c.id.in_(talks_of(wanted))]
    if wanted.channel:
        where.append(_c.channel == wanted.channel)
    told = _c.id, _c.channel, _c.language, _c.created_at, _c.outcome, _c.last_customer_at
    talks = {row[0]: Talk._make(row) for row in connection.execute(select(*told).where(*where))}
    happened: defaultdict[str, list[Happening]] = defaultdict(list)
    for row in connection.execute(_happenings(wanted.since)).all():
        if row[0] in talks:
            happened[row[0]].append(Happening._make(row[1:]))
    handed: defaultdict[str, list[tuple[float, str]]] = defaultdict(list)
    lines = select(_h.conversation_id, _h.created_at, _h.team).where(_h.created_at >= wanted.since - SLACK)
    for id_, at, team in connection.execute(lines.order_by(_h.created_at, _h.id)):
        handed[id_].append((at, team))
    found: list[Contact] = []
    for id_, talk in talks.items():
        several = contacts_of(talk, sorted(happened[id_], key=_in_order))
        place(several, handed[id_])
        found += several
    return [
        each
        for each in found
        if wanted.since <= each.began < wanted.until and (not wanted.team or each.team == wanted.team)
    ]


def _in_order(happening: Happening) -> int:
    return happening.seq


def talks_of(wanted: Wanted) -> Any:
    """The ids of conversations with a contact that began in the period: their first, or a later one."""
    return union(
        select(_c.id).where(_c.created_at >= wanted.since, _c.created_at < wanted.until),
        select(_e.conversation_id).where(of_type("episode"), _e.at >= wanted.since, _e.at < wanted.until),
    )


def _happenings(since: float) -> Any:
    said = events.alias("said").c
    spoke_last = (
        select(said.at)
        .where(said.conversation_id == _e.conversation_id, said.seq < _e.seq, said.type == "user")
        .order_by(said.seq.desc())
        .limit(1)
        .correlate(events)
        .scalar_subquery()
    )
    nothing = literal_column("NULL")

    def of(kind: str, *more: Any, called: str | None = None) -> Any:
        name = literal_column(f"'{called or kind}'")
        at = spoke_last if kind == "ended" else nothing
        return select(_e.conversation_id, _e.seq, name, _e.at, _e.name, _e.score, at).where(
            of_type(kind), _e.at >= since, *more
        )

    # Not what was understood of a turn by itself: "laptop" alone means nothing, and is an answer.
    stuck = of("flow", _e.name == literal_column(f"'{CANNOT_HANDLE}'"), called=FALLBACK)
    return union_all(*(of(kind) for kind in KINDS), stuck)


def promises(connection: Connection, wanted: Wanted, found: Iterable[Contact]) -> list[Promise]:
    """The due times of those contacts' tickets."""
    of_talk: defaultdict[str, list[Contact]] = defaultdict(list)
    for each in found:
        of_talk[each.talk.id].append(each)
    rows = connection.execute(
        select(_t.conversation_id, _t.created_at, _t.response_due, _due, _t.solved_at, _t.status).where(
            _t.created_at >= wanted.since - SLACK
        )
    )
    made: list[Promise] = []
    for id_, at, response, resolution, solved, status in rows:
        made += [
            Promise(response, contact.answered_at, resolution, solved, status != "open")
            for contact in of_talk.get(id_, ())
            if contact.made(at)
        ]
    return made


# ── what came up ──────────────────────────────────────────────────────────────────────────────────────────


def intents(connection: Connection, wanted: Wanted) -> list[Counted]:
    """What was understood in the period, the most frequent first. Turns that mean nothing by themselves are
    left out: most of them answered a question."""
    times, talks = func.count(), func.count(_e.conversation_id.distinct())
    query = (
        select(_e.name, times, talks)
        .where(*in_period("understood", wanted), _e.name != NLU_FALLBACK)
        .group_by(_e.name)
    )
    rows = connection.execute(query.order_by(talks.desc(), _e.name))
    return [Counted(name or "", {}, n, several) for name, n, several in rows]


def in_period(kind: str, wanted: Wanted) -> list[Any]:
    """The conditions that an event is of this type, and of the period, the channel and the team."""
    return [of_type(kind), _e.at < wanted.until, *since(wanted)]


def since(wanted: Wanted) -> list[Any]:
    """The conditions that an event is not before the period, and of the channel and the team."""
    where: list[Any] = [_e.at >= wanted.since]
    if wanted.channel:
        where.append(_e.conversation_id.in_(select(_c.id).where(_c.channel == wanted.channel)))
    if wanted.team:
        handed = select(_h.conversation_id).where(
            _h.team == wanted.team, _h.created_at >= wanted.since - SLACK
        )
        where.append(_e.conversation_id.in_(handed))
    return where
