"""A ticket's history: what people changed on it, field by field, and who; and what followed from that by the
rules."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import Connection, insert, select

from bot.store.accounts import BY_RULE
from bot.store.schema import users
from bot.store.schema_desk import ticket_changes

_h = ticket_changes.c


@dataclass(frozen=True, slots=True)
class Change:
    """One field before and after. `actor` is a name; their id where the user is gone. What followed `by_rule`
    from another change is nobody's."""

    at: float
    actor: str
    field: str
    before: str
    after: str

    @property
    def by_rule(self) -> bool:
        """Whether it followed from something else."""
        return self.actor == BY_RULE


def record_changes(
    connection: Connection, number: int, changes: Iterable[tuple[str, str, str]], *, actor: str, now: float
) -> None:
    """Write down what became of the fields: name, before, after. `actor` is a user's id, or `BY_RULE`."""
    rows = [
        {"number": number, "at": now, "actor": actor, "field": name, "before": before, "after": after}
        for name, before, after in changes
    ]
    if rows:
        connection.execute(insert(ticket_changes), rows)


def changed_fields(connection: Connection, number: int) -> frozenset[str]:
    """The names of the fields that people have changed; what followed by a rule goes on following."""
    by_hand = select(_h.field).where(_h.number == number, _h.actor != BY_RULE)
    return frozenset(connection.execute(by_hand.distinct()).scalars())


def changes_of(connection: Connection, number: int, *, limit: int = 50) -> list[Change]:
    """The newest first."""
    found = (
        select(_h.at, users.c.name, _h.actor, _h.field, _h.before, _h.after)
        .outerjoin(users, users.c.id == _h.actor)
        .where(_h.number == number)
        .order_by(_h.id.desc())
        .limit(limit)
    )
    return [Change(at, name or actor, *rest) for at, name, actor, *rest in connection.execute(found)]
