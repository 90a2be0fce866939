"""Solutions that an agent proposes as an article: a draft with its ticket, until somebody writes it out."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, func, insert, select, update

from bot.model.errors import Conflict, NotFound
from bot.store.blobs import hash_of
from bot.store.schema_desk import article_drafts

_a = article_drafts.c

STATES = (DRAFT, PUBLISHED, DROPPED) = ("draft", "published", "dropped")


@dataclass(frozen=True, slots=True)
class ArticleDraft:
    """A draft. `text` is the solution as the agent wrote it, `author` a user's id, `state` draft, published
    or dropped; `article` is the file that an editor made of it and `slug` its name, None before."""

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
    slug: str | None = None
    article: str | None = None


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


def write_out(connection: Connection, number: int, *, slug: str, article: str, version: str) -> None:
    """Keep what an editor made of it; raises `NotFound`, and `Conflict` when somebody else has since the
    editor saw `version`."""
    before = get_draft(connection, number)
    if version_of(before) != version:
        raise Conflict("somebody else has written this meanwhile")
    connection.execute(update(article_drafts).where(_a.id == number).values(slug=slug, article=article))


def version_of(draft: ArticleDraft) -> str:
    """Tells what an editor saw from what somebody else wrote since."""
    return hash_of(f"{draft.slug}\n{draft.article}".encode())[:16]


def set_state(connection: Connection, number: int, state: str) -> None:
    """What became of it; raises `NotFound`."""
    changed = connection.execute(update(article_drafts).where(_a.id == number).values(state=state))
    if not changed.rowcount:
        raise NotFound("there is no such draft")
