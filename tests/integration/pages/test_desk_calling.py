"""Calling a customer back from the desk: who may, which number, one press, and what became of it."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator

import pytest

from bot.service.outgoing import Allowed, Outgoing
from channels.phone.rest import RestSettings, TwilioRest
from tests.fixtures_pages import Person, Visited
from tests.fixtures_pages import on_both as visited
from tests.integration.pages.test_desk_deeds import HTMX, mine, said
from tests.twilio_rest_peer import ACCOUNT, SECRET, Peer, twilio_peer

pytestmark = pytest.mark.slow  # the quick run keeps to the pages that are used most

__all__ = ["visited"]

THEIRS = "+32470123456"


@pytest.fixture
async def peer(visited: Visited) -> AsyncIterator[Peer]:
    """Calls go out, to there."""
    async with twilio_peer() as made:
        settings = RestSettings(ACCOUNT, SECRET, "+3225551234", "https://x.example.org/webhooks/twilio_voice")
        outgoing: Outgoing = visited.site.outgoing
        outgoing.carrier = TwilioRest(settings, base=made.base)
        outgoing.allowed = Allowed(frozenset({"BE"}), 2, 2)
        yield made


async def on_ticket(visited: Visited, contact: str) -> tuple[str, Person]:
    id_, els = await mine(visited)
    answer = await els.post(f"/desk/c/{id_}/edit", {"was.contact": "sofie@voorbeeld.be", "contact": contact})
    assert answer.status in (204, 303), await answer.text()
    return id_, els


async def key(els: Person, id_: str) -> str:
    [found] = re.findall(r'name="key" value="([\w-]+)"', await els.text(f"/desk/c/{id_}/call"))
    return found


async def test_the_button_is_there_where_a_number_may_be_rung(visited: Visited, peer: Peer) -> None:
    id_, els = await on_ticket(visited, "Sofie, 0470 12 34 56 of sofie@voorbeeld.be")
    assert 'data-testid="call-back"' in await els.text(f"/desk/c/{id_}")
    assert THEIRS in await els.text(f"/desk/c/{id_}/call")
    other = await visited.conversation("c2", ["en ik"], contact="0900 12 345")
    assert 'data-testid="call-back"' not in await els.text(f"/desk/c/{other}")
    assert 'data-testid="call-none"' in await els.text(f"/desk/c/{other}/call")


async def test_without_a_telephone_there_is_no_button(visited: Visited) -> None:
    id_, els = await on_ticket(visited, THEIRS)
    assert 'data-testid="call-back"' not in await els.text(f"/desk/c/{id_}")
    answer = await els.post(f"/desk/c/{id_}/call", {"number": THEIRS, "key": "k"})
    assert 'data-state="not_allowed"' in await answer.text()


async def test_a_press_rings_once_and_is_told(visited: Visited, peer: Peer) -> None:
    id_, els = await on_ticket(visited, THEIRS)
    form = {"number": THEIRS, "key": await key(els, id_)}
    answers = await asyncio.gather(*(els.post(f"/desk/c/{id_}/call", form, headers=HTMX) for _ in range(5)))
    assert {answer.status for answer in answers} == {200}
    assert len(peer.asked) == 1
    again = await (await els.post(f"/desk/c/{id_}/call", form, headers=HTMX)).text()
    assert f"{THEIRS} wordt gebeld" in again
    assert await said(visited, id_, "note") == [f"Els Vermeulen laat de klant bellen op {THEIRS}."]
    admin = await visited.as_("admin")
    assert "liet Balie bellen voor" in await admin.text("/admin/audit?lang=nl")


@pytest.mark.parametrize(
    ("answer", "state", "told"),
    [
        ((400, 21215, "Geo-permissions"), "refused", "Geo-permissions"),
        ((500, 20500, "Oops"), "unknown", "niet zeker"),
        ((429, 20429, "Too Many"), "not_done", "Er is niet gebeld"),
    ],
)
async def test_what_went_wrong_is_told(
    visited: Visited, peer: Peer, answer: tuple[int, int, str], state: str, told: str
) -> None:
    id_, els = await on_ticket(visited, THEIRS)
    peer.answer = answer
    page = await (await els.post(f"/desk/c/{id_}/call", {"number": THEIRS, "key": "k"})).text()
    assert f'data-state="{state}"' in page
    assert told in page


async def test_the_cap_is_told(visited: Visited, peer: Peer) -> None:
    id_, els = await on_ticket(visited, THEIRS)
    pages = [
        await (await els.post(f"/desk/c/{id_}/call", {"number": THEIRS, "key": f"k{n}"})).text()
        for n in range(3)
    ]
    assert "Vandaag is al zo vaak gebeld" in pages[-1]
    assert len(peer.asked) == 2


async def test_only_a_number_of_theirs_and_only_who_may(visited: Visited, peer: Peer) -> None:
    id_, els = await on_ticket(visited, THEIRS)
    assert (await els.post(f"/desk/c/{id_}/call", {"number": "+32470999999", "key": "k"})).status == 400
    page = await (await els.post(f"/desk/c/{id_}/call", {"number": "+3290012345", "key": "k"})).text()
    assert "Betaalnummers" in page
    form = {"number": THEIRS, "key": "k", "csrf": "another"}
    assert (await els.client.post(f"/desk/c/{id_}/call", data=form)).status == 403
    karim = await visited.as_("karim")
    assert (await karim.post(f"/desk/c/{id_}/call", {"number": THEIRS, "key": "k"})).status == 409
    assert 'data-testid="call-taken"' in await karim.text(f"/desk/c/{id_}/call")
    stranger = await visited.browser()
    assert (await stranger.post(f"/desk/c/{id_}/call", data=form, allow_redirects=False)).status in (
        303,
        401,
        403,
    )
    assert peer.asked == []
