"""What reviewers add to a conversation: tags and comments. Who may is the pages' affair."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import Connection, delete, func, insert, select

from bot.model.errors import NotFound
from bot.store.schema_review import comments, tags
from bot.store.statements import insert_into

_t, _m = tags.c, comments.c


@dataclass(frozen=True, slots=True)
class Comment:
    """What somebody who read a conversation said of it."""

    id: int
    made_by: str
    made_at: float
    text: str


def add_tag(connection: Connection, conversation_id: str, tag: str, *, by: str, now: float) -> bool:
    """Tag it; False when it had that tag."""
    added = insert_into(connection.dialect.name, tags).values(
        conversation_id=conversation_id, tag=tag, made_by=by, made_at=now
    )
    return connection.execute(added.on_conflict_do_nothing().returning(_t.tag)).first() is not None


def remove_tag(connection: Connection, conversation_id: str, tag: str) -> bool:
    """Take a tag away; False when it had none of that name."""
    gone = delete(tags).where(_t.conversation_id == conversation_id, _t.tag == tag)
    return connection.execute(gone).rowcount > 0


def tags_of(connection: Connection, conversation_ids: Collection[str]) -> dict[str, tuple[str, ...]]:
    """The tags of these conversations, by name; nothing for one that has none."""
    found: defaultdict[str, list[str]] = defaultdict(list)
    rows = select(_t.conversation_id, _t.tag).where(_t.conversation_id.in_(conversation_ids)).order_by(_t.tag)
    for id_, tag in connection.execute(rows):
        found[id_].append(tag)
    return {id_: tuple(names) for id_, names in found.items()}


def known_tags(connection: Connection, *, limit: int = 200) -> tuple[str, ...]:
    """The tags in use, by name, of the most used ones."""
    used = select(_t.tag).group_by(_t.tag).order_by(func.count().desc(), _t.tag).limit(limit)
    return tuple(sorted(connection.execute(used).scalars()))


def add_comment(connection: Connection, conversation_id: str, text: str, *, by: str, now: float) -> int:
    """Say something of it; its id."""
    row = insert(comments).values(conversation_id=conversation_id, made_by=by, made_at=now, text=text)
    return connection.execute(row.returning(_m.id)).scalar_one()


def remove_comment(connection: Connection, conversation_id: str, comment_id: int, *, by: str | None) -> None:
    """Take a comment away, one's own unless `by` is None; raises `NotFound`."""
    gone = delete(comments).where(_m.id == comment_id, _m.conversation_id == conversation_id)
    if by is not None:
        gone = gone.where(_m.made_by == by)
    if not connection.execute(gone).rowcount:
        raise NotFound("there is no such comment of yours")


def comments_of(connection: Connection, conversation_id: str) -> tuple[Comment, ...]:
    """What was said of it, in order."""
    rows = (
        select(_m.id, _m.made_by, _m.made_at, _m.text)
        .where(_m.conversation_id == conversation_id)
        .order_by(_m.made_at, _m.id)
    )
    return tuple(Comment(*row) for row in connection.execute(rows))
