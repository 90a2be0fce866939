"""How many conversations each view of the desk has, by team, and what is new for an agent. Which ones a view
shows is `desk`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, and_, case, func, select

from bot.model.conversation import Owner, Status
from bot.store.desk import AT_WORK
from bot.store.schema import conversations, events
from bot.store.schema_desk import mentions, readings

_c, _e = conversations.c, events.c

_AWAKE = _c.status != Status.SNOOZED.value

MOST_NEWS = 200
"""Changes of owner that are looked through at most."""


@dataclass(frozen=True, slots=True)
class Counts:
    """`views` has the open conversations by view and team, those of no team under the empty name. The rest is
    the agent's own: in how many the customer waits for an answer, how many messages of customers and mentions
    are unread, and how many came from somebody else and were not looked at since."""

    views: Mapping[str, Mapping[str, int]]
    asking: int
    unread: int
    handed: int
    mentions: int

    def number(self, view: str, team: str = "") -> int:
        """Of a view, in all teams or in one. Mentions know no teams."""
        if view == "mentions":
            return self.mentions
        of_view = self.views[view]
        return of_view.get(team, 0) if team else sum(of_view.values())


def counts(connection: Connection, user_id: str) -> Counts:
    """As it stands for this agent: four queries, however much there is."""
    is_mine = case((_c.agent_id == user_id, 1), else_=0)
    rows = connection.execute(
        select(_c.owner, _c.team, is_mine, func.count(), func.count(_c.waiting_since))
        .where(AT_WORK, _AWAKE)
        .group_by(_c.owner, _c.team, is_mine)
    ).all()
    views: dict[str, dict[str, int]] = {"mine": {}, "unassigned": {}, "all": {}}
    for owner, team, own, number, _ in rows:
        for view, belongs in (("mine", own), ("unassigned", owner == Owner.QUEUE.value), ("all", True)):
            if belongs:
                views[view][team or ""] = views[view].get(team or "", 0) + number
    unread_mentions = select(func.count(mentions.c.conversation_id.distinct())).where(
        mentions.c.user_id == user_id, mentions.c.read_at.is_(None)
    )
    return Counts(
        views=views,
        asking=sum(row[4] for row in rows if row[2]),
        unread=_unread(connection, user_id),
        handed=_handed(connection, user_id),
        mentions=connection.execute(unread_mentions).scalar_one(),
    )


def _unread(connection: Connection, user_id: str) -> int:
    found = _not_seen(user_id, "user", func.count())
    return connection.execute(found).scalar_one()


def _handed(connection: Connection, user_id: str) -> int:
    """The conversations whose last change of owner was not the agent's own deed."""
    found = _not_seen(user_id, "owner", _c.id, _e.data).order_by(_c.id, _e.seq).limit(MOST_NEWS)
    rows: Any = connection.execute(found)
    last = {row[0]: row[1] for row in rows}
    return sum(data.get("by") not in (None, user_id) for data in last.values())


def _not_seen(user_id: str, kind: str, *columns: Any) -> Any:
    read = and_(readings.c.conversation_id == _c.id, readings.c.user_id == user_id)
    return (
        select(*columns)
        .select_from(conversations)
        .join(events, _e.conversation_id == _c.id)
        .outerjoin(readings, read)
        .where(
            _c.agent_id == user_id,
            _AWAKE,
            _e.type == kind,
            _e.seq > func.coalesce(readings.c.seq, 0),
        )
    )
