"""Invitations to work here: a name and a role that wait for whoever has the link to choose a password.

Only the link's hash is kept. One that is used is gone; one that is too old counts no longer.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, delete, insert, select
from sqlalchemy.exc import IntegrityError

from bot.model.errors import Conflict, NotFound
from bot.store.accounts import User, create_user, credentials
from bot.store.schema_people import invitations

_i = invitations.c

LASTS = 72 * 3600.0
"""Seconds that a link counts."""


@dataclass(frozen=True, slots=True)
class Invitation:
    """Somebody who may come and work here."""

    username: str
    name: str
    email: str | None
    role: str
    made_by: str
    made_at: float
    expires_at: float


_FIELDS = (_i.username, _i.name, _i.email, _i.role, _i.made_by, _i.made_at, _i.expires_at)


def invite(connection: Connection, invitation: Invitation, *, token_hash: str) -> None:
    """One more, in the place of one for the same name that is too old; raises `Conflict`."""
    name, now = invitation.username, invitation.made_at
    if credentials(connection, name) is not None:
        raise Conflict(f"there is a user {name} already")
    connection.execute(delete(invitations).where(_i.username == name, _i.expires_at <= now))
    values = {column.name: getattr(invitation, column.name) for column in _FIELDS}
    try:
        with connection.begin_nested():
            connection.execute(insert(invitations).values(token_hash=token_hash, **values))
    except IntegrityError:
        raise Conflict(f"{name} is invited already: withdraw that invitation first") from None


def find_invitation(connection: Connection, token_hash: str, *, now: float) -> Invitation | None:
    """The invitation of this link, while it counts."""
    found = select(*_FIELDS).where(_i.token_hash == token_hash, _i.expires_at > now)
    row = connection.execute(found).first()
    return Invitation(*row) if row else None


def accept(connection: Connection, token_hash: str, *, password_hash: str, now: float) -> User:
    """Who is invited comes; raises `NotFound` where the link counts no longer, and `Conflict` where somebody
    has the name by now."""
    gone = delete(invitations).where(_i.token_hash == token_hash, _i.expires_at > now).returning(*_FIELDS)
    row = connection.execute(gone).first()
    if row is None:
        raise NotFound("this invitation was used already, was withdrawn, or is too old")
    found = Invitation(*row)
    return create_user(
        connection,
        username=found.username,
        name=found.name,
        email=found.email,
        role=found.role,
        password_hash=password_hash,
        now=now,
    )


def withdraw(connection: Connection, username: str) -> bool:
    """The link counts no longer; False when there was none."""
    return connection.execute(delete(invitations).where(_i.username == username)).rowcount > 0


def list_invitations(connection: Connection) -> list[Invitation]:
    """All that nobody has used, too old ones as well, the newest first."""
    return [Invitation(*row) for row in connection.execute(select(*_FIELDS).order_by(_i.made_at.desc()))]
