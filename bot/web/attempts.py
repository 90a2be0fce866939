"""How often somebody may guess: a password, or the code after it. Counted per account, the two apart, and per
address; the wait doubles with every failure. Not who may do what (`access`)."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from sqlalchemy import Connection

from bot.model.errors import TooMany
from bot.store.accounts import clear_attempts, count_attempts, digest, record_attempt
from bot.store.leases import in_turn
from bot.web import times
from bot.web.site import Site
from bot.web.texts import Words

T = TypeVar("T")

WINDOW = 900.0
"""Seconds that a failed attempt counts."""

FREE = {"account": 4, "code": 4, "address": 20}
"""Failures without a wait; each one after these doubles it."""

LONGEST = {"account": 60.0, "code": 60.0, "address": 900.0}
"""Seconds of the longest wait. An account's stays short: a stranger must not lock a colleague out."""


async def admitted(
    site: Site, username: str, address: str, look: Callable[[Connection], T], *, kind: str = "account"
) -> T:
    """What `look` finds, once this may be tried; raises `TooMany` when it must wait. `kind`: `account` for a
    password, or `code`.

    The account's attempt is on record before anything is looked at, so that many at once are counted one by
    one; the address's only when it `failed`, so that an office behind one address can start its day.
    """
    now = site.clock()

    def admit(connection: Connection) -> tuple[float, T | None]:
        account = _account(kind, username)
        in_turn(connection, account)
        waits = ((kind, account), ("address", _address(address)))
        wait = max(_wait(connection, each, key, now) for each, key in waits)
        if wait > 0:
            return wait, None
        record_attempt(connection, account, now=now)
        return 0.0, look(connection)

    wait, found = await site.database.write(admit)
    if wait > 0:
        raise TooMany("too many attempts", wait)
    return found  # pyright: ignore[reportReturnType]  (None only where `look` says so)


def told(t: Words, language: str, error: TooMany) -> str:
    """That there were too many attempts, and how long to wait."""
    return t("login.wait", wait=times.wait(error.retry_after, language))


async def failed(site: Site, address: str, note: Callable[[Connection], None] = lambda _: None) -> int:
    """It was wrong: how often it was from this address within `WINDOW`. `note` writes down what else there is
    to say, in the same transaction."""
    now = site.clock()

    def write(connection: Connection) -> int:
        record_attempt(connection, _address(address), now=now)
        note(connection)
        return count_attempts(connection, _address(address), since=now - WINDOW)

    return await site.database.write(write)


def forgiven(connection: Connection, username: str, *, kind: str = "account") -> None:
    """It was right: the account's failures count no more. The address's do: somebody may guess beside it."""
    clear_attempts(connection, _account(kind, username))


def _account(kind: str, username: str) -> str:
    return f"{kind}:{digest(username)}"


def _address(address: str) -> str:
    return f"address:{address}"


def _wait(connection: Connection, kind: str, key: str, now: float) -> float:
    failures = count_attempts(connection, key, since=now - WINDOW)
    if failures < FREE[kind]:
        return 0.0
    pause = min(2.0 ** (failures - FREE[kind] + 1), LONGEST[kind])
    return pause if count_attempts(connection, key, since=now - pause) else 0.0
