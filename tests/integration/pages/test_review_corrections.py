"""Corrections by reviewers: made at the turn, approved by an editor, and never with what is a customer's own."""

from __future__ import annotations

import re

import pytest

from bot.store import corrections
from bot.store.accounts import audit_entries
from bot.store.corrections import APPROVED, PENDING, REJECTED
from tests.fixtures_pages import Person, Visited
from tests.fixtures_pages import on_both as visited

pytestmark = pytest.mark.slow  # the quick run keeps to the pages that are used most

__all__ = ["visited"]

SEQ = 2
"""The event `understood` after one message."""


def fields(**more: str) -> dict[str, str]:
    return {
        "intent": "wifi_problem",
        "language": "nl",
        "text": "de [laptop](device) vindt geen netwerk",
        **more,
    }


async def correct(person: Person, id_: str, seq: int = SEQ, **more: str) -> str:
    answer = await person.post(f"/review/{id_}/corrections/{seq}", fields(**more))
    assert answer.status == 200, await answer.text()
    return await answer.text()


async def decide(person: Person, number: str | int, decision: str, saw: str = PENDING) -> tuple[int, str]:
    """The status and the page, or where to."""
    answer = await person.post(f"/review/corrections/{number}/{decision}?lang=nl", {"saw": saw})
    return answer.status, answer.headers.get("Location") or await answer.text()


async def test_a_correction_from_the_turn_to_the_editor(visited: Visited) -> None:
    id_ = await visited.conversation("c1", ["laptop kapot"])
    riet, edwin = await visited.as_("riet"), await visited.as_("edwin")
    page = await riet.text(f"/review/{id_}?lang=nl")
    assert f"/review/{id_}/corrections/{SEQ}?form=1" in page
    form = await riet.text(f"/review/{id_}/corrections/{SEQ}?form=1")
    assert "[laptop](device) kapot" in form, "what was found is marked"
    assert re.search(r'<option value="internet_down" selected>', form)
    assert re.search(r"<option>device</option>", form)
    assert "<option>date</option>" not in form, "what is found by rule is not learned"

    told = await correct(riet, id_)
    assert "Wacht op goedkeuring" in told
    assert "Riet Claes" in told
    page = await edwin.text(f"/review/{id_}")
    assert "vindt geen netwerk" in page
    pending = await edwin.text("/review/corrections")
    assert pending.count('data-testid="correction-item"') == 1
    [number] = re.findall(r"/review/corrections/(\d+)/approve", pending)
    assert await decide(edwin, number, "approve") == (303, "/review/corrections?status=pending")
    approved = await edwin.text("/review/corrections?status=approved")
    assert "goedgekeurd door Edwin Pauwels" in approved
    assert "volgende training" in approved
    [found] = await visited.site.database.read(corrections.to_learn)
    assert (found.text, found.intent, found.was) == (fields()["text"], "wifi_problem", "internet_down")
    late = await riet.post(f"/review/{id_}/corrections/{SEQ}?lang=nl", fields(text="iets anders", saw=number))
    assert (late.status, "al goedgekeurd" in await late.text()) == (409, True)

    entries = await visited.site.database.read(audit_entries)
    deeds = [(each.deed, each.subject) for each in entries if each.deed not in ("read", "login")]
    assert deeds == [
        ("approve correction", f"correction:{number}"),
        ("correct", f"conversation:{id_}"),
    ]
    assert "netwerk" not in str([each.data for each in entries]), "the log has no words of a customer"


async def test_the_model_that_it_is_in_is_told(visited: Visited) -> None:
    id_ = await visited.conversation("c1", ["laptop kapot"])
    edwin = await visited.as_("edwin")
    await correct(edwin, id_)
    await decide(edwin, 1, "approve")
    await visited.site.database.write(
        lambda c: corrections.mark_learned(c, [1], "0123456789abcdef", now=visited.clock())
    )
    assert "in model 01234567 sinds" in await edwin.text(f"/review/{id_}?lang=nl")
    await decide(edwin, 1, "reject", saw=APPROVED)
    assert "gaat uit het model" in await edwin.text("/review/corrections?status=rejected")


async def test_a_page_that_is_out_of_date_overturns_no_colleague(visited: Visited) -> None:
    id_ = await visited.conversation("c1", ["laptop kapot"])
    edwin, admin, riet = [await visited.as_(each) for each in ("edwin", "admin", "riet")]
    await correct(riet, id_)
    stale = await admin.text("/review/corrections")
    assert 'name="saw" value="pending"' in stale
    await decide(edwin, 1, "reject")
    for decision in ("approve", "reject"):
        status, page = await decide(admin, 1, decision)
        assert (status, "al beslist: afgewezen door Edwin Pauwels" in page) == (409, True)
    assert 'aria-current="true" data-testid="status-pending"' in page, "the list that it was on, as it is now"
    assert await visited.site.database.read(corrections.counts) == {PENDING: 0, APPROVED: 0, REJECTED: 1}
    assert (await decide(admin, 1, "approve", saw=REJECTED))[0] == 303, "who saw the decision may undo it"

    other = await visited.conversation("c2", ["laptop kapot"])
    await correct(riet, other)
    await correct(riet, other, text="mijn [laptop](device) vindt geen netwerk", saw="2")
    status, page = await decide(edwin, 2, "approve")
    assert (status, "anders verwoord" in page, "mijn" in page) == (409, True, True)


async def test_a_form_that_is_out_of_date_overwrites_no_colleague(visited: Visited) -> None:
    id_ = await visited.conversation("c1", ["laptop kapot"])
    riet, edwin = await visited.as_("riet"), await visited.as_("edwin")
    path = f"/review/{id_}/corrections/{SEQ}"
    assert 'name="saw" value=""' in await edwin.text(f"{path}?form=1")
    await correct(riet, id_)
    mine = fields(intent="nlu_fallback", text="de [laptop](device) drukt niet af", saw="")
    answer = await edwin.post(f"{path}?lang=nl", mine)
    page = await answer.text()
    assert answer.status == 409
    assert "heeft Riet Claes iets anders voorgesteld" in page
    assert "vindt geen netwerk" in page, "what stands there now"
    assert "de [laptop](device) drukt niet af" in page, "what was typed"
    assert re.search(r'<option value="nlu_fallback" selected>', page), "what was chosen"
    assert 'name="saw" value="1"' in page
    await correct(edwin, id_, **mine | {"saw": "1"})
    [found] = await visited.site.database.read(lambda c: corrections.listed(c, PENDING))
    assert (found.id, found.intent) == (2, "nlu_fallback")

    await decide(edwin, 2, "approve")
    for person, told in ((riet, "Alleen een redacteur"), (edwin, "Trek ze eerst in")):
        answer = await person.post(f"{path}?lang=nl", fields(text="iets anders", saw="2"))
        assert (answer.status, told in await answer.text()) == (409, True)


async def test_a_form_that_says_nothing_else_is_no_correction(visited: Visited) -> None:
    id_ = await visited.conversation("c1", ["laptop kapot"])
    riet = await visited.as_("riet")
    path = f"/review/{id_}/corrections/{SEQ}?lang=nl"
    as_understood = fields(intent="internet_down", text="[laptop](device) kapot")
    answer = await riet.post(path, as_understood)
    assert (answer.status, "valt niets te verbeteren" in await answer.text()) == (400, True)
    await correct(riet, id_)
    for unchanged in (fields(saw="1"), as_understood | {"saw": "1"}):
        assert (await riet.post(path, unchanged)).status == 400
    assert (await visited.site.database.read(corrections.counts))[PENDING] == 1


async def test_what_was_understood_rightly_but_unsurely_may_be_learned(
    visited: Visited, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("handoff.review.corrections.LOW", 0.84)
    id_ = await visited.conversation("c1", ["laptop kapot"])
    riet = await visited.as_("riet")
    as_understood = fields(intent="internet_down", text="[laptop](device) kapot")
    for seen, status in (("", 200), ("1", 400)):
        answer = await riet.post(f"/review/{id_}/corrections/{SEQ}", as_understood | {"saw": seen})
        assert answer.status == status


async def test_a_long_turn_is_shown_whole_and_what_is_too_long_is_refused(visited: Visited) -> None:
    id_ = await visited.conversation("c1", [f"laptop kapot {'en nog iets ' * 50}slot"])
    riet = await visited.as_("riet")
    path = f"/review/{id_}/corrections/{SEQ}"
    form = await riet.text(f"{path}?form=1")
    assert "iets slot</textarea>" in form
    assert "maxlength" not in form, "a browser cuts what is pasted, and says nothing"
    answer = await riet.post(f"{path}?lang=nl", fields(text="x" * 501))
    assert (answer.status, "langer dan 500 tekens" in await answer.text()) == (400, True)


async def test_who_may_correct_and_who_approves(visited: Visited) -> None:
    id_ = await visited.conversation("c1", ["laptop kapot"])
    els, lena = await visited.as_("els"), await visited.as_("lena")
    assert (await els.post(f"/review/{id_}/corrections/{SEQ}", fields())).status == 403
    assert "?form=1" not in await els.text(f"/review/{id_}"), "an agent reads"
    assert (await els.get("/review/corrections")).status == 403
    await correct(lena, id_)
    assert "/approve" not in await lena.text("/review/corrections"), "a lead reads what waits"
    assert (await lena.post("/review/corrections/1/approve")).status == 403
    assert await visited.site.database.read(corrections.counts) == {PENDING: 1, APPROVED: 0, "rejected": 0}


async def test_what_is_a_customers_own_is_masked_and_refused(visited: Visited) -> None:
    id_ = await visited.conversation(
        "c1", ["laptop van Sofie, sofie@voorbeeld.be"], customer="Sofie Janssens"
    )
    riet = await visited.as_("riet")
    form = await riet.text(f"/review/{id_}/corrections/{SEQ}?form=1")
    assert "[laptop](device) van …, …" in form
    for text in ("schrijf naar sofie@voorbeeld.be", "bel 0470 12 34 56"):
        answer = await riet.post(f"/review/{id_}/corrections/{SEQ}?lang=nl", fields(text=text))
        assert answer.status == 400
        assert "hoort bij één persoon" in await answer.text()
    assert (await visited.site.database.read(corrections.counts))[PENDING] == 0


@pytest.mark.parametrize(
    ("more", "status"),
    [
        ({"intent": "no_such_intent"}, 400),
        ({"intent": ""}, 400),
        ({"language": "de"}, 400),
        ({"text": ""}, 400),
        ({"text": "de [laptop](fruit) is stuk"}, 400),
        ({"text": "de [laptop](date) is stuk"}, 400),
        ({"intent": "nlu_fallback"}, 200),
    ],
)
async def test_what_makes_no_sense_is_said(visited: Visited, more: dict[str, str], status: int) -> None:
    id_ = await visited.conversation("c1", ["laptop kapot"])
    riet = await visited.as_("riet")
    answer = await riet.post(f"/review/{id_}/corrections/{SEQ}", fields(**more))
    assert answer.status == status, await answer.text()


async def test_what_is_not_there(visited: Visited) -> None:
    id_ = await visited.conversation("c1", ["laptop kapot"])
    edwin = await visited.as_("edwin")
    for path in (f"/review/{id_}/corrections/99", f"/review/{id_}/corrections/x", "/review/no/corrections/2",
                 f"/review/{id_}/corrections/{'9' * 30}"):  # fmt: skip
        assert (await edwin.get(path)).status == 404, path
        assert (await edwin.post(path, fields())).status == 404, path
    for path in ("99/approve", f"{'9' * 30}/approve", "x/approve", "1/burn"):
        assert (await edwin.post(f"/review/corrections/{path}")).status == 404, path


async def test_a_name_is_text_wherever_it_comes_from(visited: Visited) -> None:
    id_ = await visited.conversation("c1", ["laptop kapot"])
    riet = await visited.as_("riet")
    payload = "<img src=x onerror=alert(1)> [<b>laptop</b>](device)"
    told = await correct(riet, id_, text=payload)
    for page in (told, await riet.text("/review/corrections"), await riet.text(f"/review/{id_}")):
        assert "<img" not in page
        assert "<b>" not in page
