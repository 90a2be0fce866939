"""Links with which who forgot a password chooses another, made by an administrator, one at a time for each.

Only the link's hash is kept. One that is used is gone, and so is one whose owner was logged out everywhere
(`accounts.delete_sessions_of`): by another password, another role, or because they may not log in any more.
"""

from __future__ import annotations

from sqlalchemy import Connection, delete, insert, select

from bot.model.errors import NotFound
from bot.store.accounts import User, get_user, update_user
from bot.store.schema_people import password_links

_p = password_links.c

LASTS = 24 * 3600.0
"""Seconds that a link counts."""


def make_link(connection: Connection, user_id: str, token_hash: str, *, now: float) -> None:
    """A link for this user, in the place of an earlier one."""
    connection.execute(delete(password_links).where(_p.user_id == user_id))
    connection.execute(
        insert(password_links).values(token_hash=token_hash, user_id=user_id, expires_at=now + LASTS)
    )


def link_owner(connection: Connection, token_hash: str, *, now: float) -> User | None:
    """Whose link it is, while it counts."""
    found = select(_p.user_id).where(_p.token_hash == token_hash, _p.expires_at > now)
    user_id = connection.execute(found).scalar()
    user = get_user(connection, user_id) if user_id else None
    return None if user is None or user.disabled else user


def use_link(connection: Connection, token_hash: str, *, password_hash: str, now: float) -> User:
    """This is the password from now on, and every login ends; raises `NotFound` where the link counts no
    longer."""
    user = link_owner(connection, token_hash, now=now)
    gone = connection.execute(delete(password_links).where(_p.token_hash == token_hash))
    if user is None or not gone.rowcount:
        raise NotFound("this link was used already, or is too old")
    return update_user(connection, user.id, password_hash=password_hash)
