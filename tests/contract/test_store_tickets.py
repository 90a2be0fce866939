"""Tickets and the line of who waits, on both databases."""

from __future__ import annotations

from typing import Any

import pytest

from bot.model.errors import NotFound
from bot.store import repositories as repo
from bot.store.database import Database
from tests.store_talk import NOW, converse, in_line, ticket

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


async def test_the_line_is_by_priority_and_then_by_time(database: Database) -> None:
    late = await in_line(database, "late", priority="P2", now=NOW + 2)
    early = await in_line(database, "early", priority="P2", now=NOW + 1)
    urgent = await in_line(database, "urgent", priority="P1", now=NOW + 3)
    await in_line(database, "elsewhere", priority="P1", now=NOW, team="devices")

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
        id_ = await in_line(database, f"s{n}", priority="P3", now=NOW)
        await database.write(
            lambda c, id_=id_, wait=wait: repo.claim_handoff(c, id_, agent_id="ann", now=NOW + wait)
        )
    assert await database.read(lambda c: repo.expected_wait(c, "network")) == 20.0


async def test_a_handoff_ends_once(database: Database) -> None:
    id_ = await in_line(database, "s", priority="P3", now=NOW)
    await database.write(lambda c: repo.claim_handoff(c, id_, agent_id="ann", now=NOW + 5))
    await database.write(lambda c: repo.claim_handoff(c, id_, agent_id="bob", now=NOW + 9))
    handoff = await database.read(lambda c: repo.open_handoff(c, id_))
    assert handoff is not None
    assert (handoff.agent_id, handoff.claimed_at) == ("bob", NOW + 5)
    assert await database.write(lambda c: repo.close_handoff(c, id_, outcome="solved", now=NOW + 20))
    assert not await database.write(lambda c: repo.close_handoff(c, id_, outcome="solved", now=NOW + 21))
    assert await database.read(lambda c: repo.open_handoff(c, id_)) is None
