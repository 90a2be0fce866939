"""Everybody who works here, as whoever manages them sees them, and where somebody is logged in."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, delete, func, select

from bot.model.errors import Conflict
from bot.store.accounts import User, delete_session
from bot.store.schema import sessions, users
from bot.store.schema_people import two_step

_u, _s, _t = users.c, sessions.c, two_step.c

SHORT = 16
"""Characters of a session's hash that tell one of somebody's sessions from another."""


@dataclass(frozen=True, slots=True)
class Person:
    """A user, when seen last, in how many places logged in, and whether a code is asked."""

    user: User
    seen_at: float | None
    sessions: int
    two_step: bool


@dataclass(frozen=True, slots=True)
class Login:
    """One of somebody's sessions."""

    id: str
    created_at: float
    seen_at: float
    browser: str | None


_USER = (_u.id, _u.username, _u.name, _u.email, _u.role, _u.availability, _u.disabled, _u.created_at)


def list_people(connection: Connection, *, now: float) -> list[Person]:
    """Everybody, by name; who may not log in comes last."""
    query = (
        select(*_USER, _u.seen_at, func.count(_s.token_hash), _t.since)
        .outerjoin(sessions, (_s.user_id == _u.id) & (_s.expires_at > now))
        .outerjoin(two_step, _t.user_id == _u.id)
        .group_by(*_USER, _u.seen_at, _t.since)
        .order_by(_u.disabled, _u.name, _u.username)
    )
    return [Person(User(*row[:8]), row[8], row[9], row[10] is not None) for row in connection.execute(query)]


def keep_an_admin(connection: Connection, user_id: str) -> None:
    """Raise `Conflict` when nobody else could administer. Whoever asks next waits for this transaction."""
    query = select(_u.id).where(_u.role == "admin", _u.disabled.is_(False)).order_by(_u.id).with_for_update()
    if set(connection.execute(query).scalars()) <= {user_id}:
        raise Conflict("there must be another administrator who can log in")


def logins_of(connection: Connection, user_id: str, *, now: float) -> list[Login]:
    """Where somebody is logged in, the place of the last sign of life first."""
    query = (
        select(func.substr(_s.token_hash, 1, SHORT), _s.created_at, _s.seen_at, _s.browser)
        .where(_s.user_id == user_id, _s.expires_at > now)
        .order_by(_s.seen_at.desc(), _s.created_at.desc())
    )
    return [Login(*row) for row in connection.execute(query)]


def end_login(connection: Connection, user_id: str, login_id: str) -> bool:
    """Log somebody out in one place; False when that was no session of theirs."""
    mine = select(_s.token_hash).where(
        _s.user_id == user_id, func.substr(_s.token_hash, 1, SHORT) == login_id
    )
    found = connection.execute(mine).scalars().all()
    for token_hash in found:
        delete_session(connection, token_hash)
    return bool(found)


def end_other_logins(connection: Connection, user_id: str, token_hash: str) -> int:
    """Log somebody out everywhere but here; how many."""
    others = delete(sessions).where(_s.user_id == user_id, _s.token_hash != token_hash)
    return connection.execute(others).rowcount
