"""A ticket at the desk: every field by hand, what follows from it, and its history."""

from __future__ import annotations

import re

import pytest

from bot.store import changes
from bot.store.tickets import search_tickets
from tests.fixtures_pages import POLICY, Visited
from tests.fixtures_pages import on_both as visited
from tests.integration.pages.test_desk_deeds import HTMX, mine, seen, ticket

__all__ = ["visited"]


async def test_every_field_of_a_ticket_can_be_edited_and_who_did_is_known(visited: Visited) -> None:
    id_, els = await mine(visited)
    before = await ticket(visited)
    form = await els.text(f"/desk/c/{id_}/edit")
    for name in (
        "summary", "customer", "contact", "intent", "team", "reason", "language", "impact", "urgency", "priority",
        "status", "response_due", "resolution_due", "solution", "fact.device",
    ):  # fmt: skip
        assert f'name="{name}"' in form, name
    fields = {
        "summary": "Geen internet op de hele verdieping.", "customer": "Sofie J.", "contact": "0470 00 00 00",
        "intent": "wifi_problem", "team": "workplace", "priority": "P1", "fact.device": "desktop",
    }  # fmt: skip
    saved = await els.post(f"/desk/c/{id_}/edit", fields, headers=HTMX)
    assert (saved.status, saved.headers["HX-Trigger"]) == (204, "desk:said")
    row = await ticket(visited)
    got = row.ticket
    assert (got.summary, got.customer, got.intent, got.team) == (
        fields["summary"], "Sofie J.", "wifi_problem", "workplace",
    )  # fmt: skip
    assert (got.priority, got.facts["device"]) == ("P1", {"label": "Toestel", "value": "desktop"})
    assert got.response_due is not None
    assert before.ticket.response_due is not None
    assert got.response_due != before.ticket.response_due, "the due times follow the priority"
    view = await seen(visited, id_)
    assert (view.team, view.handoff and view.handoff.priority) == ("workplace", "P1")
    history = await visited.site.database.read(lambda c: changes.changes_of(c, 1001))
    by_els = [change for change in history if not change.by_rule]
    assert {change.field for change in by_els} == set(fields)
    assert {change.actor for change in by_els} == {"Els Vermeulen"}
    page = await els.text(f"/desk/c/{id_}?lang=nl")
    assert "Els Vermeulen paste het ticket aan" in page
    assert 'data-testid="ticket-history"' in page


async def test_impact_weighs_the_priority_anew(visited: Visited) -> None:
    id_, els = await mine(visited)
    await els.post(f"/desk/c/{id_}/edit", {"impact": "high", "urgency": "high"})
    matrix = POLICY.rules.matrix
    got = (await ticket(visited)).ticket
    assert got.priority == matrix[got.impact, got.urgency]


@pytest.mark.parametrize(
    "fields",
    [
        {"priority": "P9"}, {"team": "moon"}, {"intent": "moon"}, {"fact.moon": "x"}, {"impact": ""}, {},
        {"status": "lost"}, {"reason": "moon"}, {"language": "xx"}, {"response_due": "soon"},
        {"step.Kabel": "perhaps"}, {"new_fact": "moon", "new_fact_value": "x", "status": "open"},
    ],
)  # fmt: skip
async def test_what_no_ticket_can_have_is_refused(visited: Visited, fields: dict[str, str]) -> None:
    id_, els = await mine(visited)
    before = await ticket(visited)
    assert (await els.post(f"/desk/c/{id_}/edit", fields)).status == 400
    assert await ticket(visited) == before


async def test_the_same_again_is_no_change(visited: Visited) -> None:
    id_, els = await mine(visited)
    before = (await seen(visited, id_)).seq
    assert (await els.post(f"/desk/c/{id_}/edit", {"priority": "P2"}, headers=HTMX)).status == 204
    assert (await seen(visited, id_)).seq == before
    assert await visited.site.database.read(lambda c: changes.changes_of(c, 1001)) == []


async def test_a_ticket_is_made_for_what_was_taken_from_the_bot(visited: Visited) -> None:
    id_ = await visited.conversation("c9", ["mijn internet is weg"], handed=False)
    els = await visited.as_("els")
    await els.post(f"/desk/c/{id_}/claim")
    assert 'data-testid="make-ticket"' in await els.text(f"/desk/c/{id_}")
    assert (await els.post(f"/desk/c/{id_}/ticket", headers=HTMX)).status == 204
    view = await seen(visited, id_)
    assert view.ticket is not None
    assert view.ticket.ticket.conversation_id == id_
    assert (await els.post(f"/desk/c/{id_}/ticket", headers=HTMX)).status == 204
    assert (await seen(visited, id_)).ticket == view.ticket, "one is enough"


async def test_an_edit_does_not_undo_a_colleagues(visited: Visited) -> None:
    id_, els = await mine(visited)
    form = await els.text(f"/desk/c/{id_}/edit")
    seen_ = dict(re.findall(r'name="(was\.[\w.]+)" value="([^"]*)"', form))
    assert seen_["was.summary"] == "Geen internet op kantoor."
    unchanged = {name.removeprefix("was."): value for name, value in seen_.items()}
    karim = await visited.as_("karim")
    first = {**seen_, **unchanged, "summary": "Geen internet, ook thuis niet."}
    assert (await karim.post(f"/desk/c/{id_}/edit", first, headers=HTMX)).status == 204
    other = {**seen_, **unchanged, "contact": "0470 11 22 33"}
    assert (await els.post(f"/desk/c/{id_}/edit", other, headers=HTMX)).status == 204
    got = (await ticket(visited)).ticket
    assert (got.summary, got.contact) == ("Geen internet, ook thuis niet.", "0470 11 22 33")
    same = {**seen_, **unchanged, "summary": "Iets anders.", "new_step": "Router vervangen"}
    late = await els.post(f"/desk/c/{id_}/edit?lang=nl", same, headers=HTMX)
    assert (late.status, late.headers["HX-Retarget"]) == (409, "#edit-body")
    again = await late.text()
    assert "Een collega paste dit ticket intussen aan" in again
    assert "Intussen: Geen internet, ook thuis niet." in again
    assert ">Iets anders.</textarea>" in again, "what was typed is still there"
    assert 'value="Router vervangen"' in again
    assert (await ticket(visited)).ticket.summary == "Geen internet, ook thuis niet."
    plain = await els.post(f"/desk/c/{id_}/edit?lang=nl", same)
    assert plain.status == 409
    seen_ = dict(re.findall(r'name="(was\.[\w.]+)" value="([^"]*)"', again))
    assert seen_["was.contact"] == "0470 11 22 33", "what was not touched is shown as it is now"
    knowing = {**seen_, "summary": "Iets anders.", "new_step": "Router vervangen", "new_step_value": "solved"}
    assert (await els.post(f"/desk/c/{id_}/edit", knowing, headers=HTMX)).status == 204
    got = (await ticket(visited)).ticket
    assert (got.summary, got.steps_tried[-1].title) == ("Iets anders.", "Router vervangen")


async def test_due_times_are_set_by_hand_and_then_stay(visited: Visited) -> None:
    id_, els = await mine(visited)
    await els.post(f"/desk/c/{id_}/edit", {"resolution_due": "2027-01-15T16:30", "priority": "P1"})
    got = (await ticket(visited)).ticket
    assert got.resolution_due is not None
    assert got.resolution_due.isoformat() == "2027-01-15T15:30:00+00:00", (
        "as the helpdesk's own clock shows it"
    )
    assert got.response_due is not None, "the other one follows the priority"
    await els.post(f"/desk/c/{id_}/snooze", {"choice": "reply"})
    await els.post(f"/desk/c/{id_}/wake")
    after = await ticket(visited)
    assert (after.ticket.resolution_due, after.paused_at) == (got.resolution_due, None)
    await els.post(f"/desk/c/{id_}/edit", {"resolution_due": ""})
    assert (await ticket(visited)).ticket.resolution_due is None


async def test_due_times_that_followed_are_in_the_history_and_go_on_following(visited: Visited) -> None:
    id_, els = await mine(visited)
    dues = [(await ticket(visited)).ticket.resolution_due]
    for priority in ("P1", "P3"):
        await els.post(f"/desk/c/{id_}/edit", {"priority": priority})
        dues.append((await ticket(visited)).ticket.resolution_due)
    assert len(set(dues)) == 3, "they follow each time"
    history = await visited.site.database.read(lambda c: changes.changes_of(c, 1001))
    followed = [change for change in history if change.by_rule]
    assert [change.field for change in followed] == ["resolution_due", "response_due"] * 2
    assert followed[0].before == followed[2].after
    assert dues[-1] is not None
    assert followed[0].after == dues[-1].astimezone(POLICY.calendar.zone).strftime("%Y-%m-%dT%H:%M")
    assert await visited.site.database.read(lambda c: changes.changed_fields(c, 1001)) == {"priority"}
    page = await els.text(f"/desk/c/{id_}?lang=nl")
    assert "Automatisch aangepast" in page.partition('data-testid="ticket-history"')[2]
    assert "Els Vermeulen paste het ticket aan: prioriteit" in page
    await els.post(f"/desk/c/{id_}/snooze", {"choice": "reply"})
    visited.clock.now += 3600
    await els.post(f"/desk/c/{id_}/wake")
    assert (await ticket(visited)).ticket.resolution_due != dues[-1], "the clock stood still, and it moved"


async def test_a_transfer_to_another_team_is_in_the_history(visited: Visited) -> None:
    id_, els = await mine(visited)
    await els.post(f"/desk/c/{id_}/transfer", {"to": "team:security"})
    await els.post(f"/desk/c/{id_}/transfer", {"to": "team:workplace"})
    await els.post(f"/desk/c/{id_}/transfer", {"to": "team:workplace"})
    history = await visited.site.database.read(lambda c: changes.changes_of(c, 1001))
    assert [(each.actor, each.field, each.before, each.after) for each in history] == [
        ("Els Vermeulen", "team", "security", "workplace"),
        ("Els Vermeulen", "team", "network", "security"),
    ]


async def test_what_people_tried_and_found_out_comes_on_the_ticket(visited: Visited) -> None:
    id_, els = await mine(visited)
    tried = (await ticket(visited)).ticket.steps_tried
    form = {
        "new_step": "Kabel gewisseld", "new_step_value": "not_solved", "status": "open",
        "new_fact": "operating_system", "new_fact_value": "Windows 11",
    }  # fmt: skip
    assert (await els.post(f"/desk/c/{id_}/edit", form, headers=HTMX)).status == 204
    got = (await ticket(visited)).ticket
    assert [(step.title, step.outcome) for step in got.steps_tried[len(tried) :]] == [
        ("Kabel gewisseld", "not_solved")
    ]
    assert got.facts["operating_system"]["value"] == "Windows 11"
    await els.post(
        f"/desk/c/{id_}/edit", {"step.Kabel gewisseld": "solved", "was.step.Kabel gewisseld": "not_solved"}
    )
    assert (await ticket(visited)).ticket.steps_tried[-1].outcome == "solved"
    page = await els.text(f"/desk/c/{id_}?lang=nl")
    history = page.partition('data-testid="ticket-history"')[2]
    assert "Kabel gewisseld" in history
    assert "hielp niet" in history


async def test_a_ticket_is_closed_and_opened_by_hand(visited: Visited) -> None:
    id_, els = await mine(visited)
    await els.post(f"/desk/c/{id_}/edit", {"status": "closed", "solution": "Dubbel van #1000."})
    closed = await ticket(visited)
    assert (closed.status, closed.solution, closed.solved_at is None) == (
        "closed",
        "Dubbel van #1000.",
        False,
    )
    await els.post(f"/desk/c/{id_}/edit", {"status": "open", "summary": "Toch niet."})
    opened = await ticket(visited)
    assert (opened.status, opened.solved_at) == ("open", None)
    found = await visited.site.database.read(lambda c: search_tickets(c, "dubbel"))
    assert [row.number for row in found[0]] == [1001], "the solution is still found"


async def test_when_it_was_answered_is_shown_in_place_of_what_is_left(visited: Visited) -> None:
    id_, els = await mine(visited)
    assert "due-met" not in await els.text(f"/desk/c/{id_}"), "taking it is no answer"
    await els.post(f"/desk/c/{id_}/reply", {"text": "Ik kijk het na."})
    first = (await ticket(visited)).answered_at
    assert first is not None
    assert "due-met" in await els.text(f"/desk/c/{id_}")
    await els.post(f"/desk/c/{id_}/reply", {"text": "Nog even."})
    assert (await ticket(visited)).answered_at == first


async def test_tickets_with_the_same_contact_are_shown_as_not_verified(visited: Visited) -> None:
    id_, els = await mine(visited)
    other = await visited.conversation("c2", ["en nog iets"], summary="Scherm flikkert.")
    for each in (id_, other):
        await els.post(f"/desk/c/{each}/edit", {"contact": "sofie@example.be"})
    page = await els.text(f"/desk/c/{other}")
    assert "#1001" in page.partition('data-testid="same-contact"')[2]
    await els.post(f"/desk/c/{other}/edit", {"contact": "somebody@example.be"})
    assert "same-contact" not in await els.text(f"/desk/c/{other}")
