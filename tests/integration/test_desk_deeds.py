"""What agents do at the desk, as their pages do it: forms over a real database."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select, update

from bot.model.conversation import Owner, Status
from bot.store import accounts, article_drafts, customers, marks, views
from bot.store.accounts import update_user
from bot.store.repositories import get_ticket
from bot.store.schema import conversations, users
from bot.store.tickets import TicketRow
from bot.store.views import ConversationView
from tests.fixtures_pages import START, Person, Visited
from tests.fixtures_pages import on_both as visited
from tests.integration.test_desk import write

__all__ = ["visited"]

HTMX = {"HX-Request": "true"}


async def seen(visited: Visited, id_: str) -> ConversationView:
    view = await visited.site.database.read(lambda c: views.conversation(c, id_))
    assert view is not None
    return view


async def ticket(visited: Visited, number: int = 1001) -> TicketRow:
    row = await visited.site.database.read(lambda c: get_ticket(c, number))
    assert row is not None
    return row


async def said(visited: Visited, id_: str, *types: str) -> list[str]:
    items = await visited.site.database.read(lambda c: views.timeline(c, id_))
    return [str((item.content or {}).get("text")) for item in items if item.type in types]


async def id_of(visited: Visited, username: str) -> str:
    query = select(users.c.id).where(users.c.username == username)
    return await visited.site.database.read(lambda c: c.execute(query).scalar_one())


async def mine(visited: Visited, sender: str = "c1", **more: Any) -> tuple[str, Person]:
    """A conversation that Els has."""
    id_ = await visited.conversation(sender, ["mijn internet is weg"], **more)
    els = await visited.as_("els")
    await els.post(f"/desk/c/{id_}/claim")
    return id_, els


# ── whose it is ───────────────────────────────────────────────────────────────────────────────────────────


async def test_to_a_colleague_with_a_note(visited: Visited) -> None:
    id_, els = await mine(visited)
    karim = await id_of(visited, "karim")
    assert f"agent:{karim}" in await els.text(f"/desk/c/{id_}")
    given = await els.post(
        f"/desk/c/{id_}/transfer", {"to": f"agent:{karim}", "note": "Jij kent deze router."}
    )
    assert given.status == 303
    view = await seen(visited, id_)
    assert (view.owner, view.agent_id) == ("agent", karim)
    assert await said(visited, id_, "note") == ["Jij kent deze router."]
    page = await (await visited.as_("karim")).text(f"/desk/c/{id_}?lang=nl")
    assert "Het gesprek gaat naar Karim El Amrani" in page
    assert (await els.post(f"/desk/c/{id_}/reply", {"text": "nog iets"})).status == 409


async def test_nothing_goes_to_a_colleague_who_is_not_at_work(visited: Visited) -> None:
    id_, els = await mine(visited)
    karim = await id_of(visited, "karim")
    await visited.site.database.write(lambda c: update_user(c, karim, availability="offline"))
    answer = await els.post(f"/desk/c/{id_}/transfer?lang=nl", {"to": f"agent:{karim}"})
    assert answer.status == 409
    assert "afwezig" in await answer.text()
    assert (await seen(visited, id_)).agent_name == "Els Vermeulen"


async def test_what_is_solved_comes_on_a_ticket_that_is_made_for_it(visited: Visited) -> None:
    id_, els = await mine(visited)
    await els.post(f"/desk/c/{id_}/resolve", {"solution": "Kabel"})
    await write(visited, "c1", "en nu iets anders", "later")
    await visited.site.database.write(
        lambda c: c.execute(update(conversations).values(episode=2, status="pending")).rowcount
    )
    page = await els.text(f"/desk/c/{id_}")
    assert 'data-testid="ticket-number"' not in page, "the solved one is no longer at work"
    assert "#1001" in page.partition('data-testid="earlier-tickets"')[2]
    assert "Sofie Janssens" in page, "who it is is still known"
    await els.post(f"/desk/c/{id_}/claim")
    await els.post(f"/desk/c/{id_}/resolve", {"solution": "Herstart"})
    made = await ticket(visited, 1002)
    assert (made.status, made.solution, made.episode) == ("solved", "Herstart", 2)
    assert (await ticket(visited)).solution == "Kabel"


async def test_what_is_reopened_keeps_its_ticket_as_it_was(visited: Visited) -> None:
    id_, els = await mine(visited)
    before = (await ticket(visited)).ticket
    await els.post(f"/desk/c/{id_}/resolve", {"solution": "Kabel"})
    await els.post(f"/desk/c/{id_}/claim")
    after = await ticket(visited)
    assert (after.status, after.ticket) == ("open", before)


async def test_a_colleagues_conversation_is_taken_over_once(visited: Visited) -> None:
    id_, _ = await mine(visited)
    karim, lena = await visited.as_("karim"), await visited.as_("lena")
    els_id = await id_of(visited, "els")
    page = await karim.text(f"/desk/c/{id_}?lang=nl")
    assert f'name="from" value="{els_id}"' in page
    assert (await karim.post(f"/desk/c/{id_}/take-over", {"from": els_id})).status == 303
    assert (await seen(visited, id_)).agent_name == "Karim El Amrani"
    assert (await lena.post(f"/desk/c/{id_}/take-over", {"from": els_id})).status == 409, "no longer hers"
    assert "Karim El Amrani nam het gesprek over" in await lena.text(f"/desk/c/{id_}?lang=nl")
    waiting = await visited.conversation("c2", ["en nog iets"])
    assert (await karim.post(f"/desk/c/{waiting}/take-over", {"from": ""})).status == 409, "nobody's yet"


async def test_to_a_teams_line_and_nowhere_else(visited: Visited) -> None:
    id_, els = await mine(visited)
    for to in ("", "team:nobody", "agent:nobody", "moon:1"):
        assert (await els.post(f"/desk/c/{id_}/transfer", {"to": to, "note": "x"})).status == 400, to
    assert await said(visited, id_, "note") == [], "nothing is done by halves"
    await els.post(f"/desk/c/{id_}/transfer", {"to": "team:security"})
    view = await seen(visited, id_)
    assert (view.owner, view.team, view.handoff and view.handoff.team) == ("queue", "security", "security")
    assert f'data-id="{id_}"' in await els.text("/desk/list?team=security")
    assert f'data-id="{id_}"' not in await els.text("/desk/list?team=network")


@pytest.mark.parametrize(
    ("choice", "until"),
    [("hour", START + 3600), ("reply", None), ("2026-09-25T14:30", START + 4 * 86_400 - 6200)],
)
async def test_snoozed_until(visited: Visited, choice: str, until: float | None) -> None:
    id_, els = await mine(visited)
    form = {"choice": choice} if choice in ("hour", "reply") else {"until": choice}
    assert (await els.post(f"/desk/c/{id_}/snooze", form)).status == 303
    view = await seen(visited, id_)
    assert (view.owner, view.status) == (Owner.AGENT, Status.SNOOZED)
    assert view.snoozed_until == until
    assert 'data-testid="asleep"' in await (await visited.as_("karim")).text(f"/desk/c/{id_}")
    page = await els.text(f"/desk/c/{id_}")
    assert 'data-testid="snoozed"' in page
    assert ('data-testid="paused"' in page) == (until is None)
    assert f'data-id="{id_}"' not in await els.text("/desk/list?view=mine")
    assert f'data-id="{id_}"' in await els.text("/desk/list?view=mine&status=snoozed")


async def test_a_snooze_ends_by_the_clock_by_the_customer_or_by_hand(visited: Visited) -> None:
    id_, els = await mine(visited)
    await els.post(f"/desk/c/{id_}/snooze", {"choice": "hour"})
    visited.clock.now += 3599
    await els.text("/desk/list")  # she is there
    await visited.site.attendance.round()
    assert (await seen(visited, id_)).status == Status.SNOOZED
    visited.clock.now += 2
    await visited.site.attendance.round()
    assert (await seen(visited, id_)).status == Status.OPEN
    await els.post(f"/desk/c/{id_}/snooze", {"choice": "reply"})
    await write(visited, "c1", "hier ben ik weer", "later")
    assert (await seen(visited, id_)).status == Status.OPEN
    await els.post(f"/desk/c/{id_}/snooze", {"choice": "week"})
    assert (await els.post(f"/desk/c/{id_}/wake")).status == 303
    assert (await seen(visited, id_)).status == Status.OPEN
    await els.post(f"/desk/c/{id_}/snooze", {"choice": "reply"})
    await els.post(f"/desk/c/{id_}/reply", {"text": "nog dit"})
    assert (await seen(visited, id_)).status == Status.OPEN


@pytest.mark.parametrize("until", ["", "gisteren", "2020-01-01T00:00", "2099-01-01T00:00"])
async def test_a_snooze_needs_a_moment_to_come(visited: Visited, until: str) -> None:
    id_, els = await mine(visited)
    assert (await els.post(f"/desk/c/{id_}/snooze", {"until": until})).status == 400
    assert (await seen(visited, id_)).status == Status.OPEN


# ── the ticket ────────────────────────────────────────────────────────────────────────────────────────────


async def test_a_solution_can_become_an_article(visited: Visited) -> None:
    id_, els = await mine(visited)
    await els.post(
        f"/desk/c/{id_}/resolve",
        {"solution": "Kabel vervangen.", "article": "on", "title": "Wat te doen bij een kapotte kabel"},
    )
    [draft] = await visited.site.database.read(article_drafts.list_drafts)
    assert (draft.title, draft.text, draft.ticket, draft.language) == (
        "Wat te doen bij een kapotte kabel", "Kabel vervangen.", 1001, "nl",
    )  # fmt: skip
    other, _ = await mine(visited, "c2")
    await els.post(f"/desk/c/{other}/resolve", {"solution": "x", "title": "niet aangevinkt"})
    assert len(await visited.site.database.read(article_drafts.list_drafts)) == 1


async def test_what_was_solved_before_is_shown(visited: Visited) -> None:
    id_, els = await mine(visited)
    await els.post(f"/desk/c/{id_}/resolve", {"solution": "Modem vervangen"})
    again = await visited.conversation("c2", ["weer geen internet"])
    page = await els.text(f"/desk/c/{again}")
    assert 'data-testid="similar"' in page
    assert "Modem vervangen" in page
    found = await els.text("/desk/list?q=modem")
    assert f'data-id="{id_}"' in found
    assert f'data-id="{id_}"' in await els.text("/desk/list?view=mine&status=resolved")


# ── several at once ───────────────────────────────────────────────────────────────────────────────────────


async def test_a_macro_is_shown_before_it_is_applied(visited: Visited) -> None:
    id_, els = await mine(visited)
    preview = await els.text(f"/desk/c/{id_}/macros/security-incident?lang=nl")
    assert preview.count("<li>") == 4
    assert "Informatieveiligheid" in preview
    assert await said(visited, id_, "agent") == []
    assert (await els.post(f"/desk/c/{id_}/macro", {"macro": "security-incident"})).status == 303
    view = await seen(visited, id_)
    assert (view.owner, view.team) == ("queue", "security")
    assert len(await said(visited, id_, "agent")) == len(await said(visited, id_, "note")) == 1
    assert (await ticket(visited)).ticket.priority == "P1"
    assert (await els.get(f"/desk/c/{id_}/macros/moon")).status == 404
    assert (await els.post(f"/desk/c/{id_}/macro", {"macro": "moon"})).status == 404


async def test_a_macro_that_cannot_be_finished_does_nothing(visited: Visited) -> None:
    id_, _ = await mine(visited)
    karim = await visited.as_("karim")
    assert (await karim.post(f"/desk/c/{id_}/macro", {"macro": "no-answer"})).status == 409
    assert await said(visited, id_, "agent", "note") == []
    assert (await seen(visited, id_)).status == Status.OPEN


# ── what is written ───────────────────────────────────────────────────────────────────────────────────────


async def test_a_draft_is_there_again_until_it_is_sent(visited: Visited) -> None:
    id_, els = await mine(visited)
    text = 'Dag Sofie, "even" <kijken>'
    assert (await els.post(f"/desk/c/{id_}/draft", {"kind": "reply", "text": text})).status == 204
    assert "Dag Sofie, &#34;even&#34; &lt;kijken&gt;" in await els.text(f"/desk/c/{id_}")
    assert "Dag Sofie" not in await (await visited.as_("karim")).text(f"/desk/c/{id_}")
    await els.post(f"/desk/c/{id_}/reply", {"text": text})
    els_id = await id_of(visited, "els")
    assert await visited.site.database.read(lambda c: marks.drafts_of(c, els_id, id_)) == {}
    assert (await els.post(f"/desk/c/{id_}/draft", {"kind": "novel", "text": "x"})).status == 400
    assert (await els.post(f"/desk/c/{id_}/draft", {"kind": "note", "text": "x" * 9000})).status == 413


async def test_a_note_calls_a_colleague(visited: Visited) -> None:
    id_, els = await mine(visited)
    karim = await visited.as_("karim")
    await els.post(f"/desk/c/{id_}/note", {"text": "@Karim kan jij kijken? niet@karim.be en @niemand niet."})
    assert 'data-called="1"' in await karim.text("/desk/list")
    assert f'data-id="{id_}"' in await karim.text("/desk/list?view=mentions")
    assert 'data-called="0"' in await els.text("/desk/list")
    seq = (await seen(visited, id_)).seq
    assert (await karim.post(f"/desk/c/{id_}/read?seq={seq}")).status == 204
    assert 'data-called="0"' in await karim.text("/desk/list")
    assert (await karim.post(f"/desk/c/{id_}/read?seq=-1")).status == 400


async def test_a_slash_offers_replies_in_the_customers_language_and_articles(visited: Visited) -> None:
    id_, els = await mine(visited)
    offered = await els.text(f"/desk/c/{id_}/inserts?q=hel&lang=en")
    assert "Dag Sofie Janssens, ik ben Els Vermeulen." in offered
    assert "<code" in offered
    assert "Greeting" in offered
    await visited.site.database.write(
        lambda c: (
            c.execute(update(conversations).where(conversations.c.id == id_).values(language="fr")).rowcount
        )
    )
    assert "Bonjour Sofie Janssens" in await els.text(f"/desk/c/{id_}/inserts?q=hel")
    article = await els.text(f"/desk/c/{id_}/inserts?q=wachtwoord")
    assert 'data-text="Wachtwoord fr: http://' in article
    assert "order-placed" not in await els.text(f"/desk/c/{id_}/inserts?q=order"), "of another team"


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


async def test_how_an_agent_wants_the_desk_is_kept(visited: Visited) -> None:
    els = await visited.as_("els")
    usual = 'data-sound="on" data-badge="on" data-notify="off" data-enter="on"'
    assert usual in await els.text("/desk")
    await els.post("/desk/settings", {"notify": "on"})
    page = await els.text("/desk")
    assert 'data-sound="off" data-badge="off" data-notify="on" data-enter="off"' in page
    assert 'data-sound="on"' in await (await visited.as_("karim")).text("/desk")


async def test_the_list_is_long_and_read_in_pieces(visited: Visited) -> None:
    for number in range(52):
        await visited.conversation(f"s{number}", ["help"])
    els = await visited.as_("els")
    first = await els.text("/desk/list")
    assert first.count('data-testid="desk-item"') == 50
    assert 'data-testid="desk-more"' in first
    more = await els.text("/desk/list?shown=100")
    assert more.count('data-testid="desk-item"') == 52
    assert 'data-testid="desk-more"' not in more


async def test_earlier_lines_are_fetched_in_pieces(visited: Visited, monkeypatch: pytest.MonkeyPatch) -> None:
    from handoff.desk import pages

    monkeypatch.setattr(pages, "AT_ONCE", 5)
    id_ = await visited.conversation("c1", ["het begin"])
    for number in range(6):
        await write(visited, "c1", f"bericht {number}", f"later-{number}")
    els = await visited.as_("els")
    page = await els.text(f"/desk/c/{id_}")
    assert 'data-testid="earlier"' in page
    seq = (await seen(visited, id_)).seq
    shown = [page, ""]
    before = seq - 5 + 1
    while before > 1:
        piece = await els.text(f"/desk/c/{id_}/earlier?before={before}")
        shown[1] += piece
        before -= 5
    assert "het begin" in shown[1]
    assert shown[1].count("het begin") == 1
    assert 'data-testid="earlier"' not in piece


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


async def test_sending_leaves_what_another_tab_writes(visited: Visited) -> None:
    id_, els = await mine(visited)
    await els.post(f"/desk/c/{id_}/draft", {"kind": "reply", "text": "uit de tweede tab"})
    await els.post(f"/desk/c/{id_}/reply", {"text": "uit de eerste", "draft": "uit de eers"})
    assert "uit de tweede tab" in await els.text(f"/desk/c/{id_}")
    await els.post(f"/desk/c/{id_}/reply", {"text": "uit de tweede tab, af", "draft": "uit de tweede tab"})
    els_id = await id_of(visited, "els")
    assert await visited.site.database.read(lambda c: marks.drafts_of(c, els_id, id_)) == {}


async def test_marks_are_of_conversations_that_exist(visited: Visited) -> None:
    id_, els = await mine(visited)
    assert (await els.post("/desk/c/nothing/draft", {"kind": "note", "text": "x"})).status == 404
    assert (await els.post("/desk/c/nothing/read?seq=3")).status == 404
    assert (await els.post(f"/desk/c/{id_}/read?seq=999999")).status == 204
    await write(visited, "c1", "en dit is nieuw", "later")
    assert 'class="item unread"' in await els.text("/desk/list?view=mine")
    assert (await els.post(f"/desk/c/{id_}/customer", {"text": "x" * 2001})).status == 413


async def test_another_availability_leaves_the_page_where_it_is(visited: Visited) -> None:
    id_, els = await mine(visited)
    page = f"/desk/c/{id_}?view=mine&q=sofie"
    for came, to in (
        (str(visited.server.make_url(page)), page),
        ("https://evil.example/desk", "/desk"),
        ("", "/desk"),
    ):
        answer = await els.post("/desk/availability", {"availability": "away"}, headers={"Referer": came})
        assert answer.headers["Location"].startswith("/desk"), came
        assert came != str(visited.server.make_url(page)) or answer.headers["Location"] == to
