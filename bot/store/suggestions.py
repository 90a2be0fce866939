"""Which articles were suggested, and what came of each: the customer's answer, or how the contact went on."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from typing import NamedTuple

from sqlalchemy import Connection, and_, or_, select

from bot.store.figures import Counted, Wanted, in_period, of_type, since
from bot.store.schema import events
from handoff.contacts import TO_PEOPLE

SHOWN = "shown"
"""What a suggestion says of itself when it is made; later it says what the customer answered."""
OPEN = "open"

_e = events.c


class Happening(NamedTuple):
    """One event that makes, answers or ends a suggestion; `name` is the article, or how the contact ended."""

    type: str
    at: float
    name: str
    outcome: str = ""


@dataclass(slots=True)
class Suggestion:
    """One article that was suggested once. `outcome` is what the customer said, or `open`."""

    article: str
    at: float
    outcome: str = OPEN


def suggestions(connection: Connection, wanted: Wanted) -> list[Counted]:
    """How often each article was suggested in the period, by what came of it until now (`outcome`)."""
    where = in_period("suggestion", wanted)
    people = and_(of_type("owner"), _e.name.in_(TO_PEOPLE))
    kinds = (*map(of_type, ("suggestion", "handoff", "ended", "episode")), people)
    query = (
        select(_e.conversation_id, _e.type, _e.at, _e.name, _e.data)
        .where(_e.conversation_id.in_(select(_e.conversation_id).where(*where)), *since(wanted), or_(*kinds))
        .order_by(_e.conversation_id, _e.seq)
    )
    times: Counter[tuple[str, str]] = Counter()
    talks: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
    for id_, rows in groupby(connection.execute(query), key=itemgetter(0)):
        happened = (
            Happening(type_, at, name or "", str(data.get("outcome") or ""))
            for _, type_, at, name, data in rows
        )
        for each in suggestions_of(happened):
            if each.at < wanted.until:
                times[each.article, each.outcome] += 1
                talks[each.article, each.outcome].add(id_)
    return [
        Counted(article, {"outcome": outcome}, n, len(talks[article, outcome]))
        for (article, outcome), n in sorted(times.items())
    ]


def suggestions_of(happened: Iterable[Happening]) -> list[Suggestion]:
    """The suggestions of one conversation, from what happened in order.

    One that nobody answered did not help where a person was needed or the contact ended unsolved; where the
    bot solved it in another way, it was skipped.
    """
    found: list[Suggestion] = []
    latest: dict[str, Suggestion] = {}
    for each in happened:
        if each.type != "suggestion":
            outcome = "skipped" if each.type == "ended" and each.outcome == "solved" else "not_solved"
            for one in latest.values():
                one.outcome = outcome if one.outcome == OPEN else one.outcome
        elif each.outcome == SHOWN:
            latest[each.name] = Suggestion(each.name, each.at)
            found.append(latest[each.name])
        elif each.name in latest:
            latest[each.name].outcome = each.outcome
    return found
