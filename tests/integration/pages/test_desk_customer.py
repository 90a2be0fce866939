"""What the desk knows of a customer: notes of colleagues, earlier tickets, other conversations."""

from __future__ import annotations

from bot.store import accounts, customers
from tests.fixtures_pages import Visited
from tests.fixtures_pages import on_both as visited
from tests.integration.pages.test_desk_deeds import HTMX, id_of, mine, said, seen

__all__ = ["visited"]


async def test_a_note_on_a_customer_follows_the_customer(visited: Visited) -> None:
    id_, els = await mine(visited)
    await els.post(f"/desk/c/{id_}/customer", {"text": "Werkt enkel in de voormiddag."})
    view = await seen(visited, id_)
    assert view.customer is not None
    assert view.customer.name == "Sofie Janssens"
    page = await els.text(f"/desk/c/{id_}")
    assert "Werkt enkel in de voormiddag." in page
    assert await said(visited, id_, "note") == []


async def test_a_note_on_a_customer_is_removed_by_who_wrote_it_or_an_administrator(visited: Visited) -> None:
    id_, els = await mine(visited)
    karim, admin = await visited.as_("karim"), await visited.as_("admin")
    for text in ("Werkt enkel in de voormiddag.", "Belt liever.", "Is doof."):
        await els.post(f"/desk/c/{id_}/customer", {"text": text})
    view = await seen(visited, id_)
    assert view.customer is not None
    sofie = view.customer.id
    notes = await visited.site.database.read(lambda c: customers.notes_of_customer(c, sofie))
    deaf, calls, mornings = (str(note.id) for note in notes)
    here = f"/desk/c/{id_}/forget-note"
    assert 'data-testid="forget-note"' not in await karim.text(f"/desk/c/{id_}")
    assert (await karim.post(here, {"note": calls})).status == 404
    assert (await els.post(here, {"note": "all"})).status == 400
    elsewhere = await visited.conversation("c2", ["en ik"])
    assert (await els.post(f"/desk/c/{elsewhere}/forget-note", {"note": calls})).status == 404
    assert (await els.post(here, {"note": calls}, headers=HTMX)).status == 204
    assert (await admin.post(here, {"note": deaf}, headers=HTMX)).status == 204
    assert (await els.post(here, {"note": deaf})).status == 404, "it is gone"
    page = await els.text(f"/desk/c/{id_}")
    assert page.count('data-testid="forget-note"') == 1
    assert "Belt liever" not in page
    log = await visited.site.database.read(lambda c: accounts.audit_entries(c, deed="remove customer note"))
    els_id, admin_id = await id_of(visited, "els"), await id_of(visited, "admin")
    assert [(each.actor, each.subject, each.data) for each in log] == [
        (admin_id, f"customer:{sofie}", {"note": int(deaf)}),
        (els_id, f"customer:{sofie}", {"note": int(calls)}),
    ]
    assert "verwijderde een notitie over klant" in await admin.text("/admin/audit?lang=nl")
    assert f'name="note" value="{mornings}"' in page


async def test_earlier_tickets_and_other_conversations_of_a_customer(visited: Visited) -> None:
    id_, els = await mine(visited)
    await els.post(f"/desk/c/{id_}/resolve", {"solution": "Kabel"})
    other = await visited.conversation("c2", ["en nog iets"], summary="Scherm flikkert.")
    for each in (id_, other):
        await els.post(f"/desk/c/{each}/customer", {"text": "vaste klant"})
    first, second = await seen(visited, id_), await seen(visited, other)
    assert first.customer is not None
    assert second.customer is not None
    sofie = first.customer.id
    await visited.site.database.write(lambda c: customers.set_customer(c, other, sofie))
    page = await els.text(f"/desk/c/{other}")
    assert "#1001" in page.partition('data-testid="earlier-tickets"')[2]
    assert f'href="/desk/c/{id_}"' in page.partition('data-testid="elsewhere"')[2]
