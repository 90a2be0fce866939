"""Scorecards of conversations, one of each reviewer. What the criteria mean is `handoff.scorecard`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, delete, select

from bot.store.schema_review import scores
from bot.store.statements import insert_into

_s = scores.c


@dataclass(frozen=True, slots=True)
class Score:
    """How one reviewer judged one conversation: a figure by criterion, and a remark."""

    made_by: str
    made_at: float
    scores: Mapping[str, int]
    remark: str

    @property
    def mean(self) -> float:
        """Of all criteria that were judged."""
        return sum(self.scores.values()) / len(self.scores)


def put_score(
    connection: Connection,
    conversation_id: str,
    judged: Mapping[str, int],
    *,
    remark: str,
    by: str,
    now: float,
) -> None:
    """Judge it, in place of what the same reviewer said before; nothing judged takes that away."""
    if not judged:
        mine = delete(scores).where(_s.conversation_id == conversation_id, _s.made_by == by)
        connection.execute(mine)
        return
    row = insert_into(connection.dialect.name, scores).values(
        conversation_id=conversation_id, made_by=by, made_at=now, scores=dict(judged), remark=remark
    )
    given = row.excluded
    connection.execute(
        row.on_conflict_do_update(
            index_elements=[_s.conversation_id, _s.made_by],
            set_={"made_at": given.made_at, "scores": given.scores, "remark": given.remark},
        )
    )


def scores_of(connection: Connection, conversation_id: str) -> tuple[Score, ...]:
    """Everybody's, in order."""
    rows = (
        select(_s.made_by, _s.made_at, _s.scores, _s.remark)
        .where(_s.conversation_id == conversation_id)
        .order_by(_s.made_at, _s.made_by)
    )
    return tuple(Score(*row) for row in connection.execute(rows))
