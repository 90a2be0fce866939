"""The second step of a login: the secret that an app makes codes with, codes for when the app is lost, and
logins of which only the first step is done. What a code is, is `bot.web.totp`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import Connection, delete, func, insert, select, update

from bot.model.errors import Conflict
from bot.store.accounts import User, get_user
from bot.store.schema_people import half_logins, recovery_codes, two_step
from bot.store.statements import insert_into

_t, _r, _h = two_step.c, recovery_codes.c, half_logins.c


@dataclass(frozen=True, slots=True)
class TwoStep:
    """`since` None: begun, and no code has proved yet that an app knows the secret."""

    secret: str
    since: float | None
    codes_left: int


def two_step_of(connection: Connection, user_id: str) -> TwoStep | None:
    """How it stands for this user; None where it is off."""
    left = select(func.count()).where(_r.user_id == user_id).scalar_subquery()
    row = connection.execute(select(_t.secret, _t.since, left).where(_t.user_id == user_id)).first()
    return TwoStep(*row) if row else None


def begin_two_step(connection: Connection, user_id: str, secret: str) -> None:
    """A secret to try; another one where it was begun before. Raises `Conflict` when it is on."""
    new = insert_into(connection.dialect.name, two_step).values(
        user_id=user_id, secret=secret, since=None, last_step=0
    )
    connection.execute(
        new.on_conflict_do_update(
            index_elements=[_t.user_id], set_={"secret": new.excluded.secret}, where=_t.since.is_(None)
        )
    )
    found = two_step_of(connection, user_id)
    if found is None or found.secret != secret:
        raise Conflict("two-step login is on already")


def turn_on(
    connection: Connection, user_id: str, secret: str, *, step: int, codes: Iterable[str], now: float
) -> None:
    """A code of this step proved that an app knows the secret; `codes` are the hashes of those on paper."""
    done = connection.execute(
        update(two_step)
        .where(_t.user_id == user_id, _t.secret == secret, _t.since.is_(None))
        .values(since=now, last_step=step)
    )
    if not done.rowcount:
        raise Conflict("two-step login was changed meanwhile: look again")
    set_codes(connection, user_id, codes)


def turn_off(connection: Connection, user_id: str) -> bool:
    """No second step from now on; False when there was none."""
    connection.execute(delete(recovery_codes).where(_r.user_id == user_id))
    return connection.execute(delete(two_step).where(_t.user_id == user_id)).rowcount > 0


def set_codes(connection: Connection, user_id: str, codes: Iterable[str]) -> None:
    """These count for when the app is lost, and none from before."""
    connection.execute(delete(recovery_codes).where(_r.user_id == user_id))
    connection.execute(insert(recovery_codes), [{"user_id": user_id, "code_hash": each} for each in codes])


def use_step(connection: Connection, user_id: str, secret: str, step: int) -> bool:
    """Whether a code of this step may count: no code of it, or of a later one, has counted before."""
    done = connection.execute(
        update(two_step)
        .where(_t.user_id == user_id, _t.secret == secret, _t.since.is_not(None), _t.last_step < step)
        .values(last_step=step)
    )
    return done.rowcount > 0


def use_code(connection: Connection, user_id: str, code_hash: str) -> bool:
    """Whether this is one of the codes on paper; it counts no more."""
    gone = delete(recovery_codes).where(_r.user_id == user_id, _r.code_hash == code_hash)
    return connection.execute(gone).rowcount > 0


# ── half logins ───────────────────────────────────────────────────────────────────────────────────────────


def begin_half(connection: Connection, user_id: str, token_hash: str, *, now: float, lasts: float) -> None:
    """The password was right; those that are too old go."""
    connection.execute(delete(half_logins).where(_h.expires_at <= now))
    connection.execute(
        insert(half_logins).values(token_hash=token_hash, user_id=user_id, expires_at=now + lasts)
    )


def half_login(connection: Connection, token_hash: str, *, now: float) -> User | None:
    """Who has given the password, while that counts."""
    found = select(_h.user_id).where(_h.token_hash == token_hash, _h.expires_at > now)
    user_id = connection.execute(found).scalar()
    user = get_user(connection, user_id) if user_id else None
    return None if user is None or user.disabled else user


def end_half(connection: Connection, token_hash: str) -> None:
    """It became a login, or nothing."""
    connection.execute(delete(half_logins).where(_h.token_hash == token_hash))
