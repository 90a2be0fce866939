"""`balie user` and `balie token`: who may log in, and which programs may use the API. The pages do not."""

from __future__ import annotations

import argparse
import asyncio
import secrets
import sys
import time
from collections.abc import Callable
from datetime import datetime
from typing import TypeVar

from sqlalchemy import Connection

from bot.app.config import Settings
from bot.model.errors import Malformed, NotFound
from bot.store import accounts
from bot.store.accounts import User
from bot.store.database import Database
from bot.store.migrations import migrate
from bot.web.new_passwords import check_new
from bot.web.passwords import Passwords
from bot.web.site import SiteSettings

T = TypeVar("T")

WHO = "command line"
"""Who the audit log says it was."""


# ── users ─────────────────────────────────────────────────────────────────────────────────────────────────


def create_user(settings: Settings, given: argparse.Namespace) -> None:
    """Somebody new; raises `Conflict` when the name is taken."""
    username: str = given.username
    if not accounts.USERNAME.fullmatch(username):
        raise Malformed("a user's name has 1 to 64 characters, without spaces; --name may have some")
    password, hashed = _password(given)
    now = time.time()

    def work(connection: Connection) -> User:
        user = accounts.create_user(
            connection,
            username=username,
            name=given.name or username,
            password_hash=hashed,
            role=given.role,
            now=now,
        )
        _audit(connection, "user_create", user, now)
        return user

    user = _in_database(settings, work)
    print(f"{user.username} may log in at /desk as {user.role}.", file=sys.stderr)
    _show(password)


def set_password(settings: Settings, given: argparse.Namespace) -> None:
    """Another password for who forgot it; raises `NotFound`."""
    password, hashed = _password(given)
    now = time.time()

    def work(connection: Connection) -> User:
        found = accounts.credentials(connection, given.username)
        if found is None:
            raise NotFound(f"there is no user {given.username}; 'balie user list' shows who there is")
        user = accounts.update_user(connection, found[0].id, password_hash=hashed)
        _audit(connection, "user_password", user, now)
        return user

    user = _in_database(settings, work)
    print(f"{user.username} has another password.", file=sys.stderr)
    _show(password)


def list_users(settings: Settings, _: argparse.Namespace) -> None:
    """A line each."""
    users = _in_database(settings, accounts.list_users)
    _table(
        ("user", "name", "role", "since"),
        [(each.username, each.name, _role(each), _day(each.created_at)) for each in users],
    )


def _role(user: User) -> str:
    return f"{user.role} (disabled)" if user.disabled else user.role


def _password(given: argparse.Namespace) -> tuple[str | None, str]:
    """The password where it was made up here, and its hash; raises `WeakPassword`."""
    if not given.password_stdin:
        password = secrets.token_urlsafe(12)
        return password, Passwords().hash(password)
    password = sys.stdin.readline().rstrip("\r\n")
    check_new(password, username=given.username, site=SiteSettings().name)
    return None, Passwords().hash(password)


def _show(password: str | None) -> None:
    if password is not None:
        print("The password is shown this once:", file=sys.stderr)
        print(password)


def _audit(connection: Connection, deed: str, user: User, now: float) -> None:
    accounts.audit(
        connection, actor=WHO, deed=deed, subject=f"user:{user.id}", now=now, data={"role": user.role}
    )


# ── tokens ────────────────────────────────────────────────────────────────────────────────────────────────


def create_token(settings: Settings, given: argparse.Namespace) -> None:
    """A program's key; raises `Conflict` when one of that name counts already."""
    token, now = secrets.token_urlsafe(32), time.time()

    def work(connection: Connection) -> None:
        hashed = accounts.digest(token)
        made = accounts.create_token(connection, name=given.name, token_hash=hashed, now=now)
        _audit_token(connection, "token_create", made, now)

    _in_database(settings, work)
    print(token)
    print("It is shown this once; send it as 'Authorization: Bearer …'.", file=sys.stderr)


def list_tokens(settings: Settings, _: argparse.Namespace) -> None:
    """A line each, revoked ones too."""
    tokens = _in_database(settings, accounts.list_tokens)
    _table(
        ("token", "since", "used", "revoked"),
        [(each.name, _day(each.created_at), _day(each.used_at), _day(each.revoked_at)) for each in tokens],
    )


def revoke_token(settings: Settings, given: argparse.Namespace) -> None:
    """Whatever still counts under that name; raises `NotFound`."""
    now = time.time()

    def work(connection: Connection) -> None:
        counting = [
            each
            for each in accounts.list_tokens(connection)
            if each.name == given.name and each.revoked_at is None
        ]
        if not counting:
            raise NotFound(f"no token '{given.name}' counts; 'balie token list' shows which there are")
        for each in counting:
            accounts.revoke_token(connection, each.id, now=now)
            _audit_token(connection, "token_revoke", each, now)

    _in_database(settings, work)
    print(f"The token '{given.name}' counts no longer.")


def _audit_token(connection: Connection, deed: str, token: accounts.ApiToken, now: float) -> None:
    said = {"name": token.name}
    accounts.audit(connection, actor=WHO, deed=deed, subject=f"token:{token.id}", now=now, data=said)


# ── both ──────────────────────────────────────────────────────────────────────────────────────────────────


def _in_database(settings: Settings, work: Callable[[Connection], T]) -> T:
    settings.make_var()
    database = Database.open(settings.database)
    try:
        migrate(database)
        return database.exclusively(work)
    finally:
        asyncio.run(database.close())


def _day(at: float | None) -> str:
    return "" if at is None else datetime.fromtimestamp(at).astimezone().strftime("%Y-%m-%d %H:%M")


def _table(head: tuple[str, ...], rows: list[tuple[str, ...]]) -> None:
    widths = [max(map(len, column)) for column in zip(head, *rows, strict=True)]
    for row in (head, *rows):
        print("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())
