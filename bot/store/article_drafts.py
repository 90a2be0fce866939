"""Solutions that an agent proposes as an article: a draft with its ticket, until somebody writes it out."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, func, insert, select, update

from bot.model.errors import NotFound
from bot.store.schema_desk import article_drafts

_a = article_drafts.c

STATES = (DRAFT, PUBLISHED, DROPPED) = ("draft", "published", "dropped")


@dataclass(frozen=True, slots=True)
class ArticleDraft:
    """A draft. `author` is a user's id; `state` is draft, published or dropped."""

    id: int
    conversation_id: str
    ticket: int | None
    language: str
    intent: str
    title: str
    text: str
    author: str
    created_at: float
    state: str


def propose_article(
    connection: Connection,
    *,
    conversation_id: str,
    ticket: int | None,
    language: str,
    intent: str,
    title: str,
    text: str,
    author: str,
    now: float,
) -> None:
    """Keep a solution as a draft."""
    connection.execute(
        insert(article_drafts).values(
            conversation_id=conversation_id,
            ticket=ticket,
            language=language,
            intent=intent,
            title=title,
            text=text,
            author=author,
            created_at=now,
            state=DRAFT,
        )
    )


def list_drafts(connection: Connection, *, state: str = DRAFT, limit: int = 100) -> list[ArticleDraft]:
    """The newest first."""
    found = select(*_a).where(_a.state == state).order_by(_a.id.desc()).limit(limit)
    return [ArticleDraft(*row) for row in connection.execute(found)]


def get_draft(connection: Connection, number: int) -> ArticleDraft:
    """One of them; raises `NotFound`."""
    row = connection.execute(select(*_a).where(_a.id == number)).first()
    if row is None:
        raise NotFound("there is no such draft")
    return ArticleDraft(*row)


def count_drafts(connection: Connection) -> dict[str, int]:
    """How many there are in each state."""
    rows = connection.execute(select(_a.state, func.count()).group_by(_a.state))
    return dict.fromkeys(STATES, 0) | {row[0]: row[1] for row in rows}


def set_state(connection: Connection, number: int, state: str) -> None:
    """What became of it; raises `NotFound`."""
    changed = connection.execute(update(article_drafts).where(_a.id == number).values(state=state))
    if not changed.rowcount:
        raise NotFound("there is no such draft")
