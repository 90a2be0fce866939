"""Whether articles helped, as readers of the help centre say. No names, no addresses: a slug and a thumb."""

from __future__ import annotations

from sqlalchemy import Connection, case, func, insert, select

from bot.store.schema import article_feedback

_f = article_feedback.c


def add_feedback(connection: Connection, *, slug: str, language: str, helpful: bool, now: float) -> None:
    """A reader pressed a thumb."""
    connection.execute(insert(article_feedback).values(slug=slug, language=language, helpful=helpful, at=now))


def feedback_counts(connection: Connection) -> dict[tuple[str, str], tuple[int, int]]:
    """Per (slug, language): how often it helped, how often not."""
    helped = func.sum(case((_f.helpful, 1), else_=0))
    rows = connection.execute(
        select(_f.slug, _f.language, helped, func.count()).group_by(_f.slug, _f.language)
    )
    return {(slug, language): (yes, total - yes) for slug, language, yes, total in rows}
