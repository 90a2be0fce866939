"""Tickets, handoffs, customers, accounts and the pages' read models, on both databases."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import delete, event

from bot.model.conversation import Deed, Owner, Status
from bot.model.errors import Conflict, NotFound
from bot.model.events import Event
from bot.store import accounts, queue, views
from bot.store import repositories as repo
from bot.store.database import Database
from bot.store.queue import transfer
from bot.store.schema import contents
from bot.store.views import ReviewFilter
from tests.store_talk import NOW, accept, claim, converse, message, said, save, ticket

# ── tickets ───────────────────────────────────────────────────────────────────────────────────────────────


async def test_a_ticket_keeps_everything_and_has_a_number_from_1001(database: Database) -> None:
    id_ = await converse(database)
    wanted = ticket(id_)
    made = await database.write(lambda c: repo.create_ticket(c, wanted, episode=1, now=NOW))
    assert (made.number, made.status, made.ticket) == (1001, "open", wanted)
    assert await database.read(lambda c: repo.get_ticket(c, 1001)) == made
    assert await database.read(lambda c: repo.ticket_by_secret(c, made.secret)) == made
    assert await database.read(lambda c: repo.ticket_by_secret(c, "guess")) is None


async def test_an_episode_has_one_ticket(database: Database) -> None:
    id_ = await converse(database)
    first = await database.write(lambda c: repo.create_ticket(c, ticket(id_), episode=1, now=NOW))
    again = await database.write(
        lambda c: repo.create_ticket(c, ticket(id_, summary="Nu ook geen VPN"), episode=1, now=NOW + 1)
    )
    assert (again.number, again.secret, again.ticket.summary) == (
        first.number,
        first.secret,
        "Nu ook geen VPN",
    )
    second = await database.write(lambda c: repo.create_ticket(c, ticket(id_), episode=2, now=NOW))
    assert second.number == 1002
    assert await database.read(lambda c: repo.ticket_of(c, id_)) == second
    assert await database.read(lambda c: repo.ticket_of(c, id_, episode=1)) == again


async def test_a_solved_ticket_keeps_its_first_time(database: Database) -> None:
    id_ = await converse(database)
    await database.write(lambda c: repo.create_ticket(c, ticket(id_), episode=1, now=NOW))
    for at in (NOW + 1, NOW + 2):
        solved = await database.write(
            lambda c, at=at: repo.update_ticket(c, 1001, now=at, status="solved", solution="Kabel Gewisseld")
        )
        assert (solved.solved_at, solved.solution) == (NOW + 1, "Kabel Gewisseld")
    reopened = await database.write(
        lambda c: repo.update_ticket(c, 1001, now=NOW + 3, status="open", team="x")
    )
    assert (reopened.solved_at, reopened.ticket.team, reopened.solution) == (None, "x", "Kabel Gewisseld")
    assert reopened.sender_id == "sofie"
    assert (await database.read(lambda c: repo.search_tickets(c, "kabel")))[1] == 1
    with pytest.raises(NotFound):
        await database.write(lambda c: repo.update_ticket(c, 9, now=NOW, status="open"))


async def test_tickets_are_found(database: Database) -> None:
    sofie = await converse(database, sender="sofie")
    luis = await converse(database, sender="luis")
    await database.write(lambda c: repo.create_ticket(c, ticket(sofie), episode=1, now=NOW))
    other = ticket(
        luis,
        customer="Luís Çelik",
        contact="+32470123456",
        summary="Écran noir à 100%",
        facts={},
        team="devices",
    )
    await database.write(lambda c: repo.create_ticket(c, other, episode=1, now=NOW))

    async def find(q: str, **more: Any) -> list[int]:
        rows, total = await database.read(lambda c: repo.search_tickets(c, q, **more))
        assert total >= len(rows)
        return [row.number for row in rows]

    assert await find("") == [1002, 1001]
    assert await find("1001") == await find("#1001") == await find(" #1001 ") == [1001]
    assert await find(luis) == await find("luis") == [1002]  # the sender's id stands on no ticket
    assert await find("PEETERS") == await find("sofie peeters") == await find("peeters netwerk") == [1001]
    assert await find("ÇELIK") == await find("écran") == await find("ÉCRAN NOIR") == [1002]
    assert await find("laptop") == [1001]
    assert await find("123456") == [1002]
    assert await find("100%") == [1002]
    assert await find("%") == [1002]  # a character like any other
    assert await find("wifi_problem") == [1002, 1001]
    assert await find("wifi-problem") == await find("wifi%problem") == []
    assert await find("nergens") == await find("sofie çelik") == []
    assert await find("", team="devices") == [1002]
    assert await find("", status="solved") == []
    assert await find("", limit=1, offset=1) == [1001]
    assert await find("9" * 30) == []


async def test_a_customers_tickets_over_all_channels(database: Database) -> None:
    customer = await database.write(lambda c: repo.create_customer(c, now=NOW, name="Sofie"))
    for n, sender in enumerate(("a", "b")):
        id_ = await converse(database, sender=sender)
        await database.write(lambda c, id_=id_: repo.set_customer(c, id_, customer.id))
        await database.write(
            lambda c, id_=id_, n=n: repo.create_ticket(c, ticket(id_), episode=1, now=NOW + n)
        )
    rows = await database.read(lambda c: repo.tickets_of_customer(c, customer.id))
    assert [row.number for row in rows] == [1002, 1001]


# ── handoffs ──────────────────────────────────────────────────────────────────────────────────────────────


async def _in_line(
    database: Database, sender: str, *, priority: str, now: float, team: str = "network"
) -> str:
    id_ = await converse(database, sender=sender, owner=Owner.QUEUE, status=Status.OPEN, team=team)
    await database.write(
        lambda c: repo.create_handoff(
            c, id_, episode=1, team=team, reason="asked", priority=priority, now=now
        )
    )
    return id_


async def test_the_line_is_by_priority_and_then_by_time(database: Database) -> None:
    late = await _in_line(database, "late", priority="P2", now=NOW + 2)
    early = await _in_line(database, "early", priority="P2", now=NOW + 1)
    urgent = await _in_line(database, "urgent", priority="P1", now=NOW + 3)
    await _in_line(database, "elsewhere", priority="P1", now=NOW, team="devices")

    async def places() -> list[int | None]:
        return [
            await database.read(lambda c, id_=id_: repo.position(c, id_)) for id_ in (urgent, early, late)
        ]

    assert await places() == [1, 2, 3]
    following = await database.read(lambda c: repo.next_in_line(c, ["network"]))
    assert following is not None
    assert following.conversation_id == urgent
    assert await database.write(lambda c: repo.claim_handoff(c, urgent, agent_id="ann", now=NOW + 10))
    assert await places() == [None, 1, 2]
    assert await database.write(lambda c: repo.move_handoff(c, early, team="devices"))
    assert await places() == [None, 2, 1]
    waiting = await database.read(lambda c: repo.waiting_since_before(c, NOW + 1.5))
    assert [handoff.created_at for handoff in waiting] == [NOW, NOW + 1]


async def test_the_expected_wait_is_what_it_was_lately(database: Database) -> None:
    assert await database.read(lambda c: repo.expected_wait(c, "network")) is None
    for n, wait in enumerate((10.0, 20.0, 600.0)):
        id_ = await _in_line(database, f"s{n}", priority="P3", now=NOW)
        await database.write(
            lambda c, id_=id_, wait=wait: repo.claim_handoff(c, id_, agent_id="ann", now=NOW + wait)
        )
    assert await database.read(lambda c: repo.expected_wait(c, "network")) == 20.0


async def test_a_handoff_ends_once(database: Database) -> None:
    id_ = await _in_line(database, "s", priority="P3", now=NOW)
    await database.write(lambda c: repo.claim_handoff(c, id_, agent_id="ann", now=NOW + 5))
    await database.write(lambda c: repo.claim_handoff(c, id_, agent_id="bob", now=NOW + 9))
    handoff = await database.read(lambda c: repo.open_handoff(c, id_))
    assert handoff is not None
    assert (handoff.agent_id, handoff.claimed_at) == ("bob", NOW + 5)
    assert await database.write(lambda c: repo.close_handoff(c, id_, outcome="solved", now=NOW + 20))
    assert not await database.write(lambda c: repo.close_handoff(c, id_, outcome="solved", now=NOW + 21))
    assert await database.read(lambda c: repo.open_handoff(c, id_)) is None


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


async def _user(database: Database, username: str = "Ann", role: str = "agent") -> accounts.User:
    return await database.write(
        lambda c: accounts.create_user(
            c, username=username, name="Ann A.", password_hash="h", role=role, now=NOW
        )
    )


async def test_users_and_their_names(database: Database) -> None:
    ann = await _user(database)
    with pytest.raises(Conflict):
        await _user(database, "ANN")
    await _user(database, "bob", "admin")
    assert await database.read(lambda c: accounts.credentials(c, "aNN")) == (ann, "h")
    assert await database.read(lambda c: accounts.credentials(c, "nobody")) is None
    assert await database.read(lambda c: accounts.count_users(c, role="admin")) == 1
    assert len(await database.read(accounts.list_users)) == 2
    with pytest.raises(NotFound):
        await database.write(lambda c: accounts.update_user(c, "nobody", name="x"))


async def test_a_session_ends_by_time_logout_disabling_and_a_new_password(database: Database) -> None:
    ann = await _user(database)

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


# ── views ─────────────────────────────────────────────────────────────────────────────────────────────────


async def test_a_transcript_is_what_the_customer_saw(database: Database) -> None:
    note = Event("note", {"agent_id": "ann"}, {"text": "geheim"})
    id_ = await converse(
        database, Event("understood", {"intent": "greet", "confidence": 1.0}), said("Dag!"), note
    )
    spoken = await database.read(lambda c: views.transcript(c, id_))
    assert [(item.seq, item.type) for item in spoken] == [(1, "user"), (3, "bot")]
    assert [item.seq for item in await database.read(lambda c: views.transcript(c, id_, after=1))] == [3]
    everything = await database.read(lambda c: views.timeline(c, id_))
    assert [item.type for item in everything] == ["user", "understood", "bot", "note"]
    assert everything[1].content is None
    assert await database.read(lambda c: views.find_conversation(c, "web", "sofie")) == id_


async def test_the_desks_list(database: Database) -> None:
    await converse(database, sender="with-the-bot")
    first = await _in_line(database, "first", priority="P3", now=NOW)
    urgent = await _in_line(database, "urgent", priority="P1", now=NOW + 9)
    await database.write(lambda c: repo.create_ticket(c, ticket(urgent), episode=1, now=NOW))
    await accept(database, message(2, sender="first", text="is daar iemand?"), now=NOW + 5)
    ann = await _user(database)
    taken = await _in_line(database, "taken", priority="P2", now=NOW)
    await database.write(lambda c: repo.claim_handoff(c, taken, agent_id=ann.id, now=NOW + 1))
    await database.write(lambda c: transfer(c, taken, Deed.CLAIM, agent_id=ann.id, now=NOW + 1))

    items = await database.read(views.desk_list)
    assert [item.conversation_id for item in items] == [urgent, taken, first]
    top, mine, last = items
    assert (top.ticket, top.name, top.priority, top.intent) == (1001, "Sofie Peeters", "P1", "wifi_problem")
    assert top.response_due is not None
    assert (mine.owner, mine.agent_name) == ("agent", "Ann A.")
    assert (last.last_text, last.last_at, last.last_type) == ("is daar iemand?", NOW + 5, "user")
    queue_ = await database.read(lambda c: views.desk_list(c, owner="queue"))
    assert [item.conversation_id for item in queue_] == [urgent, first]
    assert len(await database.read(lambda c: views.desk_list(c, agent_id=ann.id))) == 1
    assert await database.read(lambda c: views.desk_list(c, teams=["devices"])) == []
    assert await database.read(views.desk_counts) == {"queue": 2, "agent": 1}


async def test_an_open_ticket_keeps_a_conversation_on_the_desks_list(database: Database) -> None:
    back = await _in_line(database, "back-at-the-bot", priority="P1", now=NOW)
    waits = await _in_line(database, "waits", priority="P4", now=NOW + 1)
    for id_ in (back, waits):
        await database.write(lambda c, id_=id_: repo.create_ticket(c, ticket(id_), episode=1, now=NOW))
    await database.write(lambda c: repo.close_handoff(c, back, outcome="to_bot", now=NOW + 2))
    await database.write(lambda c: transfer(c, back, Deed.TO_BOT, now=NOW + 2))

    async def listed() -> list[tuple[str, str, int | None]]:
        items = await database.read(views.desk_list)
        return [(item.conversation_id, item.owner, item.ticket) for item in items]

    assert await listed() == [(waits, "queue", 1002), (back, "bot", 1001)]
    await accept(database, message(2, sender="back-at-the-bot"), now=NOW + 3)
    [again] = [each for each in await claim(database, now=NOW + 3) if each.id == back]
    await save(database, again, said("Dag!"), new_episode=True)
    assert (await listed())[-1] == (back, "bot", 1001), "of an episode that is over, and still open"
    await database.write(lambda c: repo.update_ticket(c, 1001, now=NOW + 9, status="solved"))
    assert await listed() == [(waits, "queue", 1002)]


async def test_one_conversation_with_all_about_it(database: Database) -> None:
    id_ = await _in_line(database, "s", priority="P2", now=NOW)
    await database.write(lambda c: repo.create_ticket(c, ticket(id_), episode=1, now=NOW))
    view = await database.read(lambda c: views.conversation(c, id_))
    assert view is not None
    assert view.ticket is not None
    assert (view.ticket.number, view.position, view.team, view.sender_id) == (1001, 1, "network", "s")
    assert await database.read(lambda c: views.conversation(c, "nobody")) is None


async def test_the_reviews_filters(database: Database) -> None:
    def understood(intent: str, confidence: float) -> Event:
        return Event("understood", {"intent": intent, "confidence": confidence})

    await accept(database, message(sender="a", text="mijn PRINTER is kapot"))
    a = await _answer(
        database, understood("printer_problem", 0.9), understood("affirm", 0.4), outcome="solved"
    )
    await accept(database, message(sender="b", text='zegt "100% vol"'), now=NOW + 10)
    b = await _answer(database, understood("storage_full", 0.45), now=NOW + 10)

    async def ids(**wanted: Any) -> list[str]:
        page = await database.read(lambda c: views.review_list(c, ReviewFilter(**wanted)))
        assert page.total == len(page.items)
        return [item.conversation_id for item in page.items]

    assert await ids() == [b, a]
    assert await ids(text="printer") == await ids(text=a) == [a]
    assert await ids(text="b ") == [b]  # the id of its sender
    assert await ids(text="100%") == [b]
    assert await ids(text="1_0") == []
    assert await ids(intent="printer_problem") == [a]
    assert await ids(max_confidence=0.5) == [b, a]
    assert await ids(intent="printer_problem", max_confidence=0.5) == []
    assert await ids(min_confidence=0.8) == [a]
    assert await ids(outcome="solved") == [a]
    assert await ids(owner="queue") == []
    assert await ids(language="nl", channel="web", since=NOW + 5, until=NOW + 11) == [b]
    page = await database.read(lambda c: views.review_list(c, limit=1, offset=1))
    [item] = page.items
    assert (page.total, item.first_text, item.turns) == (2, "mijn PRINTER is kapot", 1)
    assert (item.intents, item.confidence) == (("printer_problem", "affirm"), 0.4)


async def _answer(database: Database, *events: Event, now: float = NOW, **more: Any) -> str:
    [claimed] = await claim(database, now=now)
    await save(database, claimed, *events, now=now, **more)
    return claimed.id


async def test_lists_take_as_many_queries_for_many_as_for_few(sqlite_database: Database) -> None:
    counts: list[int] = []
    for size in (2, 12):
        for n in range(size):
            await _in_line(sqlite_database, f"{size}-{n}", priority="P3", now=NOW)
        statements: list[str] = []

        def count(*args: Any, statements: list[str] = statements) -> None:
            statements.append(args[2])

        def read(connection: Any, count: Any = count) -> int:
            event.listen(connection, "before_cursor_execute", count)
            found = len(views.desk_list(connection)) + len(views.review_list(connection).items)
            event.remove(connection, "before_cursor_execute", count)
            return found

        assert await sqlite_database.read(read) >= size * 2
        counts.append(len(statements))
    assert counts[0] == counts[1] == 4


async def test_an_erased_message_leaves_its_place(database: Database) -> None:
    id_ = await converse(database, said("Dag!"))
    await database.write(
        lambda c: c.execute(delete(contents).where(contents.c.conversation_id == id_)).rowcount
    )
    spoken = await database.read(lambda c: views.transcript(c, id_))
    assert [(item.seq, item.content) for item in spoken] == [(1, None), (2, None)]
    assert queue.message_of("bot", spoken[1].data, None).text == ""
