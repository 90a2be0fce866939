"""Customers and whoever works here, on both databases."""

from __future__ import annotations

from typing import Any

import pytest

from bot.model.errors import Conflict, NotFound
from bot.store import accounts
from bot.store import repositories as repo
from bot.store.database import Database
from tests.store_talk import NOW, user

# ── customers ─────────────────────────────────────────────────────────────────────────────────────────────


async def test_an_identity_belongs_to_one_customer_and_stays_verified(database: Database) -> None:
    first = await database.write(
        lambda c: repo.identify(c, "email", "s@example.org", now=NOW, verified=True, name="Sofie")
    )
    again = await database.write(
        lambda c: repo.identify(c, "email", "s@example.org", now=NOW, verified=False)
    )
    assert again == first
    await database.write(lambda c: repo.update_customer(c, first.id, phone="+32470"))
    found = await database.read(lambda c: repo.customer_by_identity(c, "email", "s@example.org"))
    assert found is not None
    assert (found.name, found.phone) == ("Sofie", "+32470")


# ── accounts ──────────────────────────────────────────────────────────────────────────────────────────────


async def test_users_and_their_names(database: Database) -> None:
    ann = await user(database)
    with pytest.raises(Conflict):
        await user(database, "ANN")
    await user(database, "bob", "admin")
    assert await database.read(lambda c: accounts.credentials(c, "aNN")) == (ann, "h")
    assert await database.read(lambda c: accounts.credentials(c, "nobody")) is None
    assert await database.read(lambda c: accounts.count_users(c, role="admin")) == 1
    assert len(await database.read(accounts.list_users)) == 2
    with pytest.raises(NotFound):
        await database.write(lambda c: accounts.update_user(c, "nobody", name="x"))


async def test_a_session_ends_by_time_logout_disabling_and_a_new_password(database: Database) -> None:
    ann = await user(database)

    async def log_in() -> str:
        token = accounts.digest("token")
        await database.write(lambda c: accounts.delete_session(c, token))
        await database.write(
            lambda c: accounts.create_session(
                c, ann.id, token_hash=token, csrf="x", now=NOW, expires_at=NOW + 100
            )
        )
        return token

    async def lasts(token: str, now: float = NOW) -> bool:
        return await database.read(lambda c: accounts.find_session(c, token, now=now)) is not None

    token = await log_in()
    assert await lasts(token)
    assert not await lasts(token, NOW + 100)
    assert not await lasts("token")  # the token itself is kept nowhere
    await database.write(lambda c: accounts.touch_session(c, token, now=NOW + 5))
    assert await database.write(lambda c: accounts.purge_sessions(c, now=NOW + 99)) == 0
    changes: tuple[dict[str, Any], ...] = ({"password_hash": "new"}, {"role": "lead"}, {"disabled": True})
    for change in changes:
        token = await log_in()
        await database.write(lambda c, change=change: accounts.update_user(c, ann.id, **change))
        assert not await lasts(token)
    assert not await lasts(await log_in())  # disabled
    assert await database.write(lambda c: accounts.purge_sessions(c, now=NOW + 101)) == 1


async def test_login_attempts_are_counted_per_key(database: Database) -> None:
    for at in (NOW, NOW + 1, NOW + 2):
        await database.write(lambda c, at=at: accounts.record_attempt(c, "user:ann", now=at))
    assert await database.read(lambda c: accounts.count_attempts(c, "user:ann", since=NOW + 1)) == 2
    assert await database.read(lambda c: accounts.count_attempts(c, "user:bob", since=NOW)) == 0
    assert await database.write(lambda c: accounts.purge_attempts(c, before=NOW + 1)) == 1
    await database.write(lambda c: accounts.clear_attempts(c, "user:ann"))
    assert await database.read(lambda c: accounts.count_attempts(c, "user:ann", since=0)) == 0


async def test_api_tokens_are_revoked(database: Database) -> None:
    hash_ = accounts.digest("secret")
    token = await database.write(lambda c: accounts.create_token(c, name="ci", token_hash=hash_, now=NOW))
    assert await database.read(lambda c: accounts.find_token(c, hash_)) == token
    await database.write(lambda c: accounts.touch_token(c, token, now=NOW + 1))
    assert await database.write(lambda c: accounts.revoke_token(c, token.id, now=NOW + 2))
    assert not await database.write(lambda c: accounts.revoke_token(c, token.id, now=NOW + 3))
    assert await database.read(lambda c: accounts.find_token(c, hash_)) is None
    [listed] = await database.read(accounts.list_tokens)
    assert (listed.used_at, listed.revoked_at) == (NOW + 1, NOW + 2)


async def test_the_audit_log_pages_backwards(database: Database) -> None:
    for n in range(5):
        await database.write(
            lambda c, n=n: accounts.audit(c, actor="ann", deed=f"d{n}", subject="s", now=NOW, data={"n": n})
        )
    newest = await database.read(lambda c: accounts.audit_entries(c, limit=2))
    assert [entry.data["n"] for entry in newest] == [4, 3]
    older = await database.read(lambda c: accounts.audit_entries(c, limit=9, before=newest[-1].id))
    assert [entry.deed for entry in older] == ["d2", "d1", "d0"]
