"""Solutions that an agent proposes as an article: a draft with its ticket, until somebody writes it out."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, insert, select

from bot.store.schema_desk import article_drafts

_a = article_drafts.c


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
            state="draft",
        )
    )


def list_drafts(connection: Connection, *, state: str = "draft", limit: int = 100) -> list[ArticleDraft]:
    """The newest first."""
    found = select(*_a).where(_a.state == state).order_by(_a.id.desc()).limit(limit)
    return [ArticleDraft(*row) for row in connection.execute(found)]
