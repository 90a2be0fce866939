"""Tickets are told to whom they belong, and added to."""

from __future__ import annotations

from typing import Any

from sqlalchemy import update

from bot.store.repositories import (
    create_handoff,
    get_ticket,
    identify,
    set_customer,
    update_ticket,
)
from bot.store.schema import handoffs
from bot.store.views import timeline
from tests.integration.actions.desk import MONDAY, Desk


async def test_a_ticket_is_told_to_its_own_conversation_only(desk: Desk) -> None:
    mine = await desk.begin("an")
    number = await desk.ticket(mine)
    await desk.run("action_ticket_status")
    assert desk.slots["ticket_found"] is True
    assert desk.slots["ticket_number"] == str(number)
    assert desk.slots["ticket_text"].startswith(f"Ticket {number} (Wifi werkt niet) wacht op")
    assert "23/11 om 14.00 uur" in desk.slots["ticket_text"]
    await desk.begin("stranger")
    for asked in (None, str(number), f"#{number}", "99999", "' OR 1=1 --"):
        desk.slots = {"language": "nl"}
        await desk.run("action_ticket_status", ticket_asked=asked, said=f"mijn ticket {asked}")
        assert desk.slots["ticket_found"] is False
        assert desk.slots["ticket_text"] is None
        await desk.run("action_update_ticket", ticket_update_text="ik ben het echt")
        assert desk.slots["ticket_found"] is False
    row = await desk.database.read(lambda connection: get_ticket(connection, number))
    assert row is not None
    assert row.ticket.notes == ()


async def test_a_ticket_of_somebody_who_proved_who_they_are_is_theirs_everywhere(desk: Desk) -> None:
    first = await desk.begin("laptop")
    number = await desk.ticket(first)
    second = await desk.begin("gsm")

    def known(verified: bool) -> Any:
        def work(connection: Any) -> None:
            customer = identify(connection, "web", "an@example.org", now=MONDAY, verified=verified)
            for conversation in (first, second):
                set_customer(connection, conversation, customer.id)

        return work

    await desk.database.write(known(False))
    await desk.run("action_ticket_status")
    assert desk.slots["ticket_found"] is False
    await desk.database.write(known(True))
    await desk.run("action_ticket_status", ticket_asked=f"{number}")
    assert desk.slots["ticket_found"] is True


async def test_the_secret_link_opens_a_ticket(desk: Desk) -> None:
    number = await desk.ticket(await desk.begin("an"))
    row = await desk.database.read(lambda connection: get_ticket(connection, number))
    assert row is not None
    await desk.begin("other")
    await desk.run("action_ticket_status", said=f"zie https://help.example.org/t/{row.secret}")
    assert desk.slots["ticket_found"] is True
    await desk.run("action_ticket_status", said=f"zie https://help.example.org/t/{row.secret[:-1]}x")
    assert desk.slots["ticket_found"] is False


async def test_how_a_ticket_stands(desk: Desk) -> None:
    conversation = await desk.begin("an")
    number = await desk.ticket(conversation)

    def line(connection: Any) -> None:
        create_handoff(
            connection, conversation, episode=1, team="network", reason="asked", priority="P2", now=MONDAY
        )
        connection.execute(update(handoffs).values(claimed_at=MONDAY + 60))

    await desk.database.write(line)
    await desk.run("action_ticket_status", language="en")
    assert "is being worked on by" in desk.slots["ticket_text"]
    await desk.database.write(
        lambda connection: update_ticket(
            connection, number, now=MONDAY, status="solved", solution="Router {herstart}."
        )
    )
    await desk.run("action_ticket_status", language="fr")
    assert desk.slots["ticket_text"].endswith("est résolu. La solution : Router {herstart}.")


async def test_adding_to_a_ticket_reopens_it_once(desk: Desk) -> None:
    number = await desk.ticket(await desk.begin("an"))
    await desk.database.write(
        lambda connection: update_ticket(connection, number, now=MONDAY, status="solved")
    )
    for _ in range(2):
        await desk.run("action_update_ticket", ticket_update_text="Het is terug stuk.")
    row = await desk.database.read(lambda connection: get_ticket(connection, number))
    assert row is not None
    assert row.ticket.notes == ("Het is terug stuk.",)
    assert row.status == "open"


async def test_what_is_added_from_elsewhere_is_a_note_in_the_ticket_s_conversation(desk: Desk) -> None:
    first = await desk.begin("an")
    number = await desk.ticket(first)
    row = await desk.database.read(lambda connection: get_ticket(connection, number))
    assert row is not None
    await desk.begin("other")
    await desk.run("action_update_ticket", said=f"t/{row.secret}", ticket_update_text="Nu ook de VPN.")
    items = await desk.database.read(lambda connection: timeline(connection, first))
    assert [item.content for item in items if item.type == "note"] == [{"text": "Nu ook de VPN."}]
