"""Who works here: users, their sessions, login attempts, the audit log and API tokens.

Only hashes are kept: passwords arrive hashed (by `bot.web`), session and API tokens go through `digest`.
"""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, delete, exists, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from bot.model.conversation import Owner
from bot.model.errors import Conflict, NotFound
from bot.store.schema import api_tokens, audit_log, conversations, login_attempts, sessions, users
from bot.store.schema_people import half_logins, password_links

_u, _s, _l, _a, _k = users.c, sessions.c, login_attempts.c, audit_log.c, api_tokens.c

BY_RULE = "rule"
"""Who did what nobody did: the actor of a deed that a rule of the helpdesk asks for."""
USERNAME = re.compile(r"[^\s\x00-\x1f\x7f-\x9f]{1,64}")


def digest(token: str) -> str:
    """What is kept of a random token. Plain SHA-256: such a token cannot be guessed, a password could."""
    return hashlib.sha256(token.encode()).hexdigest()


# ── users ─────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class User:
    """Somebody who can log in."""

    id: str
    username: str
    name: str
    email: str | None
    role: str
    availability: str
    disabled: bool
    created_at: float


_USER = (_u.id, _u.username, _u.name, _u.email, _u.role, _u.availability, _u.disabled, _u.created_at)


def create_user(
    connection: Connection,
    *,
    username: str,
    name: str,
    password_hash: str,
    role: str,
    now: float,
    email: str | None = None,
) -> User:
    """A new user, offline at first; raises `Conflict` when the name is taken. Names know no capitals."""
    user = User(secrets.token_urlsafe(9), username.casefold(), name, email, role, "offline", False, now)
    try:
        with connection.begin_nested():
            connection.execute(
                insert(users).values(
                    id=user.id,
                    username=user.username,
                    name=name,
                    email=email,
                    password_hash=password_hash,
                    role=role,
                    availability=user.availability,
                    disabled=False,
                    created_at=now,
                )
            )
    except IntegrityError:
        raise Conflict(f"there is a user {user.username} already") from None
    return user


def get_user(connection: Connection, user_id: str) -> User | None:
    """By id."""
    row = connection.execute(select(*_USER).where(_u.id == user_id)).first()
    return User(*row) if row else None


def credentials(connection: Connection, username: str) -> tuple[User, str] | None:
    """A user and the password's hash, for logging in; a disabled one's too: timing tells nothing."""
    row = connection.execute(
        select(*_USER, _u.password_hash).where(_u.username == username.casefold())
    ).first()
    return (User(*row[:-1]), row[-1]) if row else None


def list_users(connection: Connection) -> list[User]:
    """Everybody, by name."""
    return [User(*row) for row in connection.execute(select(*_USER).order_by(_u.name, _u.username))]


def count_users(connection: Connection, *, role: str | None = None) -> int:
    """How many can log in, with this role or any."""
    query = select(func.count()).select_from(users).where(_u.disabled.is_(False))
    return connection.execute(query.where(_u.role == role) if role else query).scalar_one()


def absent_agents(connection: Connection, before: float) -> list[str]:
    """Who is not offline, and has given no sign of life since then; by id."""
    seen = select(func.max(_s.seen_at)).where(_s.user_id == _u.id).scalar_subquery()
    gone = select(_u.id).where(_u.availability != "offline", func.coalesce(seen, 0.0) < before)
    return list(connection.execute(gone).scalars())


def arrive(connection: Connection, user_id: str, conversation_id: str) -> bool:
    """Who has this conversation and was offline is there; whether that changed anything."""
    c = conversations.c
    theirs = exists().where(c.id == conversation_id, c.owner == Owner.AGENT.value, c.agent_id == user_id)
    came = update(users).where(_u.id == user_id, _u.availability == "offline", theirs)
    return connection.execute(came.values(availability="online", gone_with=None)).rowcount > 0


def set_gone(connection: Connection, user_id: str, returned: int) -> None:
    """The rule sets somebody offline, and so many conversations go back."""
    gone = update(users).where(_u.id == user_id)
    connection.execute(gone.values(availability="offline", gone_with=returned))


def gone_with(connection: Connection, user_id: str) -> int | None:
    """How many conversations went back when the rule set somebody offline; None where they set what it is."""
    return connection.execute(select(_u.gone_with).where(_u.id == user_id)).scalar()


def user_settings(connection: Connection, user_id: str) -> dict[str, Any]:
    """How this person wants the desk."""
    return dict(connection.execute(select(_u.settings).where(_u.id == user_id)).scalar() or {})


def set_user_settings(connection: Connection, user_id: str, settings: Mapping[str, Any]) -> None:
    """From now on like this."""
    connection.execute(update(users).where(_u.id == user_id).values(settings=dict(settings)))


def update_user(
    connection: Connection,
    user_id: str,
    *,
    name: str | None = None,
    email: str | None = None,
    role: str | None = None,
    availability: str | None = None,
    disabled: bool | None = None,
    password_hash: str | None = None,
) -> User:
    """Change what is given. A new password, a new role or disabling ends all sessions."""
    given: dict[str, Any] = {
        "name": name,
        "email": email,
        "role": role,
        "availability": availability,
        "disabled": disabled,
        "password_hash": password_hash,
    }
    values = {key: value for key, value in given.items() if value is not None}
    if availability is not None:
        values["gone_with"] = None
    if values:
        connection.execute(update(users).where(_u.id == user_id).values(values))
    if password_hash is not None or role is not None or disabled:
        delete_sessions_of(connection, user_id)
    user = get_user(connection, user_id)
    if user is None:
        raise NotFound(f"there is no user {user_id}")
    return user


# ── sessions ──────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Session:
    """A login that lasts."""

    token_hash: str
    user: User
    csrf: str
    created_at: float
    expires_at: float
    seen_at: float


def create_session(
    connection: Connection,
    user_id: str,
    *,
    token_hash: str,
    csrf: str,
    now: float,
    expires_at: float,
    browser: str | None = None,
) -> None:
    """A user logged in."""
    connection.execute(
        insert(sessions).values(
            token_hash=token_hash,
            user_id=user_id,
            csrf=csrf,
            created_at=now,
            expires_at=expires_at,
            seen_at=now,
            browser=browser,
        )
    )
    connection.execute(update(users).where(_u.id == user_id).values(seen_at=now))


def find_session(connection: Connection, token_hash: str, *, now: float) -> Session | None:
    """The session of this token while it lasts and its user may log in."""
    row = connection.execute(
        select(*_USER, _s.csrf, _s.created_at, _s.expires_at, _s.seen_at)
        .join(users, _u.id == _s.user_id)
        .where(_s.token_hash == token_hash, _s.expires_at > now, _u.disabled.is_(False))
    ).first()
    return Session(token_hash, User(*row[:8]), *row[8:]) if row else None


def touch_session(connection: Connection, token_hash: str, *, now: float) -> None:
    """The user was seen."""
    connection.execute(update(sessions).where(_s.token_hash == token_hash).values(seen_at=now))
    whose = select(_s.user_id).where(_s.token_hash == token_hash).scalar_subquery()
    connection.execute(update(users).where(_u.id == whose).values(seen_at=now))


def delete_session(connection: Connection, token_hash: str) -> None:
    """The user logged out."""
    connection.execute(delete(sessions).where(_s.token_hash == token_hash))


def delete_sessions_of(connection: Connection, user_id: str) -> None:
    """Log a user out everywhere, half logins too; a link for a new password counts no longer."""
    connection.execute(delete(sessions).where(_s.user_id == user_id))
    for table in (half_logins, password_links):
        connection.execute(delete(table).where(table.c.user_id == user_id))


def purge_sessions(connection: Connection, *, now: float) -> int:
    """Forget the sessions that ended; how many."""
    return connection.execute(delete(sessions).where(_s.expires_at <= now)).rowcount


# ── login attempts ────────────────────────────────────────────────────────────────────────────────────────


def record_attempt(connection: Connection, key: str, *, now: float) -> None:
    """A login failed, for this account or from this address."""
    connection.execute(insert(login_attempts).values(key=key, at=now))


def count_attempts(connection: Connection, key: str, *, since: float) -> int:
    """How often it failed since then."""
    query = select(func.count()).select_from(login_attempts).where(_l.key == key, _l.at >= since)
    return connection.execute(query).scalar_one()


def clear_attempts(connection: Connection, key: str) -> None:
    """A login succeeded."""
    connection.execute(delete(login_attempts).where(_l.key == key))


def purge_attempts(connection: Connection, *, before: float) -> int:
    """Forget old attempts; how many."""
    return connection.execute(delete(login_attempts).where(_l.at < before)).rowcount


# ── audit log ─────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """Who did what to what, and when."""

    id: int
    at: float
    actor: str
    deed: str
    subject: str
    data: Mapping[str, Any]


def audit(
    connection: Connection,
    *,
    actor: str,
    deed: str,
    subject: str,
    now: float,
    data: Mapping[str, Any] | None = None,
) -> None:
    """Write a line that nobody can change; never with secrets or with a customer's words."""
    connection.execute(
        insert(audit_log).values(at=now, actor=actor, deed=deed, subject=subject, data=data or {})
    )


def audit_entries(
    connection: Connection,
    *,
    limit: int = 100,
    before: int | None = None,
    actor: str | None = None,
    deed: str | None = None,
    since: float | None = None,
    until: float | None = None,
) -> list[AuditEntry]:
    """The newest first, before the entry with that id; by whom, what, and from `since` to before `until`."""
    wanted = (
        (before, lambda value: _a.id < value),
        (actor, lambda value: _a.actor == value),
        (deed, lambda value: _a.deed == value),
        (since, lambda value: _a.at >= value),
        (until, lambda value: _a.at < value),
    )
    query = select(_a.id, _a.at, _a.actor, _a.deed, _a.subject, _a.data).order_by(_a.id.desc()).limit(limit)
    query = query.where(*(test(value) for value, test in wanted if value is not None))
    return [AuditEntry(*row) for row in connection.execute(query)]


def last_deed(connection: Connection, deed: str, *, among: int = 20_000) -> AuditEntry | None:
    """The last time that this was done, looked for in the newest lines only."""
    newest = select(func.max(_a.id)).scalar_subquery()
    query = select(_a.id, _a.at, _a.actor, _a.deed, _a.subject, _a.data)
    row = connection.execute(
        query.where(_a.deed == deed, _a.id > newest - among).order_by(_a.id.desc()).limit(1)
    ).first()
    return AuditEntry(*row) if row else None


# ── API tokens ────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class ApiToken:
    """A program's key, without the key."""

    id: str
    name: str
    created_at: float
    used_at: float | None
    revoked_at: float | None


_TOKEN = (_k.id, _k.name, _k.created_at, _k.used_at, _k.revoked_at)
SEEN_EVERY = 60.0
"""`used_at` is as exact as this: not every request is worth a write."""


def create_token(connection: Connection, *, name: str, token_hash: str, now: float) -> ApiToken:
    """A new token; raises `Conflict` when one of that name still counts."""
    same = select(_k.id).where(_k.name == name, _k.revoked_at.is_(None))
    if connection.execute(same).first():
        raise Conflict(f"there is a token '{name}' already: choose another name, or revoke that one first")
    token = ApiToken(secrets.token_urlsafe(6), name, now, None, None)
    connection.execute(
        insert(api_tokens).values(id=token.id, name=name, token_hash=token_hash, created_at=now)
    )
    return token


def find_token(connection: Connection, token_hash: str) -> ApiToken | None:
    """The token with this hash, unless it was revoked."""
    row = connection.execute(
        select(*_TOKEN).where(_k.token_hash == token_hash, _k.revoked_at.is_(None))
    ).first()
    return ApiToken(*row) if row else None


def touch_token(connection: Connection, token: ApiToken, *, now: float) -> None:
    """It was used."""
    if token.used_at is None or now - token.used_at > SEEN_EVERY:
        connection.execute(update(api_tokens).where(_k.id == token.id).values(used_at=now))


def revoke_token(connection: Connection, token_id: str, *, now: float) -> bool:
    """It counts no longer; False when it did not anyway."""
    done = connection.execute(
        update(api_tokens).where(_k.id == token_id, _k.revoked_at.is_(None)).values(revoked_at=now)
    )
    return done.rowcount > 0


def list_tokens(connection: Connection) -> list[ApiToken]:
    """All of them, the newest first, revoked ones too."""
    return [ApiToken(*row) for row in connection.execute(select(*_TOKEN).order_by(_k.created_at.desc()))]
