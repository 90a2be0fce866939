"""What administration keeps, on both databases: invitations, second steps, logins, the filtered log, health."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from sqlalchemy import event, insert

from bot.model.errors import Conflict, NotFound
from bot.store import accounts, people, two_step
from bot.store.database import Database
from bot.store.health import Line, health
from bot.store.invitations import (
    LASTS,
    Invitation,
    accept,
    find_invitation,
    invite,
    list_invitations,
    withdraw,
)
from bot.store.leases import acquire_lease
from bot.store.repositories import create_handoff
from bot.store.schema import jobs, outbox
from tests.store_talk import NOW, user
from tests.store_talk import accept as say


def invitation(name: str = "nele", now: float = NOW, **more: Any) -> Invitation:
    return Invitation(name, "Nele", None, "agent", "ada", now, now + LASTS)


async def test_an_invitation_counts_once_and_for_a_while(database: Database) -> None:
    await database.write(lambda c: invite(c, invitation(), token_hash="h"))
    with pytest.raises(Conflict):
        await database.write(lambda c: invite(c, invitation(now=NOW + 1), token_hash="other"))
    assert await database.read(lambda c: find_invitation(c, "h", now=NOW + LASTS)) is None
    assert await database.read(lambda c: find_invitation(c, "other", now=NOW)) is None
    assert await database.read(lambda c: find_invitation(c, "h", now=NOW)) == invitation()
    later = NOW + LASTS
    await database.write(lambda c: invite(c, invitation(now=later), token_hash="new"))
    assert [each.made_at for each in await database.read(list_invitations)] == [later]
    with pytest.raises(NotFound):
        await database.write(lambda c: accept(c, "h", password_hash="p", now=later))
    made = await database.write(lambda c: accept(c, "new", password_hash="p", now=later))
    assert (made.username, made.role, made.disabled) == ("nele", "agent", False)
    with pytest.raises(NotFound):
        await database.write(lambda c: accept(c, "new", password_hash="p", now=later))
    with pytest.raises(Conflict):
        await database.write(lambda c: invite(c, invitation(now=later), token_hash="again"))


async def test_withdrawing_and_a_name_that_is_taken(database: Database) -> None:
    await database.write(lambda c: invite(c, invitation(), token_hash="h"))
    await user(database, "nele")
    with pytest.raises(Conflict):
        await database.write(lambda c: accept(c, "h", password_hash="p", now=NOW))
    assert await database.read(lambda c: find_invitation(c, "h", now=NOW)), "it rolls back whole"
    assert await database.write(lambda c: withdraw(c, "nele"))
    assert not await database.write(lambda c: withdraw(c, "nele"))


async def test_a_step_counts_once_and_never_an_earlier_one(database: Database) -> None:
    ann = await user(database)
    await database.write(lambda c: two_step.begin_two_step(c, ann.id, "A"))
    await database.write(lambda c: two_step.begin_two_step(c, ann.id, "B"))
    assert not await database.write(lambda c: two_step.use_step(c, ann.id, "B", 9)), "not on yet"
    with pytest.raises(Conflict):
        await database.write(lambda c: two_step.turn_on(c, ann.id, "A", step=1, codes=["x"], now=NOW))
    await database.write(lambda c: two_step.turn_on(c, ann.id, "B", step=5, codes=["x", "y"], now=NOW))
    with pytest.raises(Conflict):
        await database.write(lambda c: two_step.begin_two_step(c, ann.id, "C"))
    for step, counts in ((5, False), (4, False), (6, True), (6, False), (7, True)):
        used = await database.write(lambda c, step=step: two_step.use_step(c, ann.id, "B", step))
        assert used is counts, step
    tries = [database.write(lambda c: two_step.use_step(c, ann.id, "B", 8)) for _ in range(4)]
    assert sorted(await asyncio.gather(*tries)) == [False, False, False, True]


async def test_a_code_on_paper_counts_once(database: Database) -> None:
    ann, bob = await user(database), await user(database, "bob")
    await database.write(lambda c: two_step.begin_two_step(c, ann.id, "A"))
    await database.write(lambda c: two_step.turn_on(c, ann.id, "A", step=1, codes=["x", "y"], now=NOW))
    assert not await database.write(lambda c: two_step.use_code(c, bob.id, "x"))
    tries = [database.write(lambda c: two_step.use_code(c, ann.id, "x")) for _ in range(4)]
    assert sorted(await asyncio.gather(*tries)) == [False, False, False, True]
    assert await database.read(lambda c: two_step.two_step_of(c, ann.id)) == two_step.TwoStep("A", NOW, 1)
    assert await database.write(lambda c: two_step.turn_off(c, ann.id))
    assert not await database.write(lambda c: two_step.turn_off(c, ann.id))
    assert await database.read(lambda c: two_step.two_step_of(c, ann.id)) is None
    assert not await database.write(lambda c: two_step.use_code(c, ann.id, "y"))


async def test_half_a_login(database: Database) -> None:
    ann = await user(database)

    async def begin(token: str, now: float = NOW) -> None:
        await database.write(lambda c: two_step.begin_half(c, ann.id, token, now=now, lasts=10))

    async def whose(token: str, now: float = NOW) -> str | None:
        found = await database.read(lambda c: two_step.half_login(c, token, now=now))
        return found.id if found else None

    await begin("a")
    assert (await whose("a"), await whose("b"), await whose("a", NOW + 10)) == (ann.id, None, None)
    await begin("b", NOW + 10)
    assert (await whose("a"), await whose("b", NOW + 10)) == (None, ann.id)
    await database.write(lambda c: two_step.end_half(c, "b"))
    await begin("c")
    await database.write(lambda c: accounts.update_user(c, ann.id, password_hash="new"))
    assert (await whose("b"), await whose("c")) == (None, None)


async def log_in(
    database: Database, user_id: str, token: str, now: float, browser: str | None = None
) -> None:
    await database.write(
        lambda c: accounts.create_session(
            c, user_id, token_hash=token, csrf="x", now=now, expires_at=now + 100, browser=browser
        )
    )


async def test_logins_are_somebodys_own(database: Database) -> None:
    ann, bob = await user(database), await user(database, "bob")
    first, second = "a" * 64, "b" * 64
    await log_in(database, ann.id, first, NOW, "Firefox, Windows")
    await log_in(database, ann.id, second, NOW + 1)
    await log_in(database, bob.id, "c" * 64, NOW)
    await database.write(lambda c: accounts.touch_session(c, first, now=NOW + 50))
    found = await database.read(lambda c: people.logins_of(c, ann.id, now=NOW + 60))
    assert found == [
        people.Login("a" * 16, NOW, NOW + 50, "Firefox, Windows"),
        people.Login("b" * 16, NOW + 1, NOW + 1, None),
    ]
    assert not await database.write(lambda c: people.end_login(c, bob.id, "a" * 16))
    assert await database.write(lambda c: people.end_login(c, ann.id, "a" * 16))
    await log_in(database, ann.id, first, NOW)
    assert await database.write(lambda c: people.end_other_logins(c, ann.id, first)) == 1
    assert len(await database.read(lambda c: people.logins_of(c, bob.id, now=NOW))) == 1
    assert await database.read(lambda c: people.logins_of(c, ann.id, now=NOW + 100)) == []


async def test_everybody_at_once_with_when_they_were_seen(database: Database) -> None:
    ann, bob = await user(database), await user(database, "bob", "admin")
    await log_in(database, ann.id, "a", NOW)
    await log_in(database, ann.id, "b", NOW)
    await database.write(lambda c: accounts.touch_session(c, "a", now=NOW + 50))
    await database.write(lambda c: two_step.begin_two_step(c, ann.id, "A"))
    await database.write(lambda c: two_step.begin_two_step(c, bob.id, "B"))
    await database.write(lambda c: two_step.turn_on(c, bob.id, "B", step=1, codes=["x"], now=NOW))
    found = {p.user.id: p for p in await database.read(lambda c: people.list_people(c, now=NOW + 60))}
    assert (found[ann.id].sessions, found[ann.id].seen_at, found[ann.id].two_step) == (2, NOW + 50, False)
    assert (found[bob.id].sessions, found[bob.id].seen_at, found[bob.id].two_step) == (0, None, True)
    await database.write(lambda c: accounts.delete_sessions_of(c, ann.id))
    found = {p.user.id: p for p in await database.read(lambda c: people.list_people(c, now=NOW + 60))}
    assert (found[ann.id].sessions, found[ann.id].seen_at) == (0, NOW + 50)


async def test_two_who_put_each_other_out_leave_one(database: Database) -> None:
    ada, bob = await user(database, "ada", "admin"), await user(database, "bob", "admin")

    def put_out(connection: Any, who: str) -> None:
        people.keep_an_admin(connection, who)
        accounts.update_user(connection, who, disabled=True)

    tries = [database.write(lambda c, who=who: put_out(c, who)) for who in (ada.id, bob.id)]
    answers = await asyncio.gather(*tries, return_exceptions=True)
    assert [type(each) for each in answers if each is not None] == [Conflict]
    assert await database.read(lambda c: accounts.count_users(c, role="admin")) == 1


async def test_the_log_by_person_deed_and_time(database: Database) -> None:
    for n, (actor, deed) in enumerate((("ann", "read"), ("bob", "read"), ("ann", "claim"), ("ann", "read"))):
        await database.write(
            lambda c, n=n, actor=actor, deed=deed: accounts.audit(
                c, actor=actor, deed=deed, subject=str(n), now=NOW + n
            )
        )

    async def found(**wanted: Any) -> list[str]:
        entries = await database.read(lambda c: accounts.audit_entries(c, **wanted))
        return [each.subject for each in entries]

    assert await found(actor="ann") == ["3", "2", "0"]
    assert await found(actor="ann", deed="read") == ["3", "0"]
    assert await found(since=NOW + 1, until=NOW + 3) == ["2", "1"]
    assert await found(deed="erase") == []


async def test_health_is_counted_in_a_fixed_number_of_queries(database: Database) -> None:
    await user(database)
    await user(database, "riet", "reviewer")
    count, queries = [0], []

    def look(connection: Any) -> Any:
        def counted(*_: object) -> None:
            count[0] += 1

        event.listen(connection, "before_cursor_execute", counted)
        try:
            return health(connection, roles=("agent",), long=600, now=NOW + 60)
        finally:
            event.remove(connection, "before_cursor_execute", counted)

    empty = await database.read(look)
    queries.append(count[0])
    assert (empty.inbox, empty.jobs, empty.failed, empty.dead) == (Line(0, None), Line(0, None), 0, 0)
    assert empty.present == {"online": 1}
    assert empty.bytes > 4096
    first = await say(database)

    def fill(connection: Any) -> None:
        for n, state in enumerate(("pending", "failed", "unknown", "sent")):
            connection.execute(insert(outbox).values(
                conversation_id=first.conversation_id, seq=90 + n, channel="sms", author="bot", epoch=0,
                state=state, attempts=0, next_at=NOW, created_at=NOW + n,
            ))  # fmt: skip
        for n, state in enumerate(("pending", "dead", "done")):
            connection.execute(insert(jobs).values(
                key=f"k{n}", kind="x", payload={}, due_at=NOW, state=state, attempts=0, lease_until=0.0,
                lease_token=0,
            ))  # fmt: skip
        create_handoff(
            connection,
            first.conversation_id,
            episode=1,
            team="network",
            reason="asked",
            priority="P3",
            now=NOW,
        )
        acquire_lease(connection, "schedule", "me", now=NOW, seconds=90)

    await database.write(fill)
    count[0] = 0
    found = await database.read(look)
    queries.append(count[0])
    assert queries[0] == queries[1]
    assert (found.inbox, found.outbox, found.jobs) == (Line(1, NOW), Line(1, NOW), Line(1, NOW))
    assert (found.failed, found.dead, found.in_hand) == (2, 1, 0)
    assert found.teams == {"network": Line(1, NOW)}
    assert [(each.name, each.holder, each.until) for each in found.leases] == [("schedule", "me", NOW + 90)]
