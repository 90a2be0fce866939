"""What can be looked for, folded, beside itself: what was said, a ticket's summary, a customer's name."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from alembic import op
from sqlalchemy import Column, Text, bindparam, column, select, table, tuple_, update

from bot.store.said import folded, spoken
from bot.store.values import loads

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

PIECE = 10_000
ADDED = (("contents", "search"), ("tickets", "summary_search"), ("customers", "search"))

Fold = Callable[[Any], dict[str, Any]]


def upgrade() -> None:
    """Add the columns, filled; what of a ticket was only without capitals is folded too."""
    op.add_column("contents", Column("search", Text))
    op.add_column("tickets", Column("summary_search", Text, nullable=False, server_default=""))
    op.add_column("customers", Column("search", Text, nullable=False, server_default=""))
    _fill("contents", ("conversation_id", "seq"), ("content",), lambda row: {"search": _spoken(row.content)})
    _fill(
        "tickets",
        ("number",),
        ("summary", "search"),
        lambda row: {"search": folded(row.search), "summary_search": folded(row.summary)},
    )
    _fill(
        "customers",
        ("id",),
        ("name", "email"),
        lambda row: {"search": folded(f"{row.name or ''} {row.email or ''}")},
    )


def downgrade() -> None:
    """Drop them. A ticket's words stay folded."""
    for table_, name in ADDED:
        op.drop_column(table_, name)


def _spoken(content: str) -> str | None:
    return spoken(loads(content))


def _fill(name: str, key: Sequence[str], read: Sequence[str], fold: Fold) -> None:
    """Piece by piece in the order of the key: a database may hold millions of messages."""
    connection = op.get_bind()
    of = table(name, *(column(each) for each in dict.fromkeys((*key, *read, "search", "summary_search"))))
    keys = [of.c[each] for each in key]
    rows = select(*keys, *(of.c[each] for each in read)).order_by(*keys).limit(PIECE)
    this = [of.c[each] == bindparam(f"key_{each}") for each in key]
    found = connection.execute(rows).all()
    while found:
        changed = [fold(row) | {f"key_{each}": getattr(row, each) for each in key} for row in found]
        names = [each for each in changed[0] if not each.startswith("key_")]
        connection.execute(update(of).where(*this).values({each: bindparam(each) for each in names}), changed)
        last = tuple(getattr(found[-1], each) for each in key)
        found = connection.execute(rows.where(tuple_(*keys) > last)).all()
