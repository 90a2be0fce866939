"""What agents do at the desk, as their pages do it: forms over a real database."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select, update

from bot.model.conversation import Owner, Status
from bot.store import article_drafts, views
from bot.store.accounts import update_user
from bot.store.repositories import get_ticket
from bot.store.schema import conversations, users
from bot.store.tickets import TicketRow
from bot.store.views import ConversationView
from tests.fixtures_pages import START, Person, Visited
from tests.fixtures_pages import on_both as visited
from tests.integration.pages.test_desk import write

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
