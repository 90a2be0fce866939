"""After somebody was erased every page still opens, and says so."""

from __future__ import annotations

import pytest

from bot.service.persons import Persons
from bot.store.repositories import ticket_of
from tests.fixtures_pages import Visited
from tests.fixtures_pages import on_both as visited

pytestmark = pytest.mark.slow  # the quick run keeps to the pages that are used most

__all__ = ["visited"]

SAID = "Mijn internet doet niets meer, Sofie Janssens"


@pytest.fixture
async def erased(visited: Visited) -> tuple[str, str]:
    """The conversation of somebody who was erased, and the link of the ticket as the customer had it."""
    id_ = await visited.conversation("sofie", [SAID])
    row = await visited.site.database.read(lambda connection: ticket_of(connection, id_))
    assert row is not None
    persons = Persons(visited.site.database, visited.site.bus, visited.clock)
    await persons.erase((await persons.look("sofie")).person, actor="test")
    return id_, row.secret


async def test_the_review_says_that_it_was_erased(visited: Visited, erased: tuple[str, str]) -> None:
    riet = await visited.as_("riet")
    page = await riet.text(f"/review/{erased[0]}?lang=nl")
    assert "Gewist" in page
    assert "op verzoek" in page
    assert "internet_down" in page  # what was understood stays
    assert "Sofie" not in page
    assert "laptop" not in page
    assert erased[0] in await riet.text("/review")


async def test_there_is_nothing_to_read_in_it_and_nothing_is_added(
    visited: Visited, erased: tuple[str, str]
) -> None:
    riet = await visited.as_("riet")
    assert 'data-testid="queue-empty"' in await riet.text("/review/queue")
    page = await riet.text(f"/review/{erased[0]}?lang=nl")
    assert "Dit gesprek is gewist" in page
    assert [form for form in ("comment-add", "score-save", "tag-add", "correct") if f'"{form}"' in page] == []
    for path, form in (("comments", {"text": "was Sofie"}), ("tags", {"tag": "sofie"}), ("score", {})):
        answer = await riet.post(f"/review/{erased[0]}/{path}?lang=nl", form)
        assert (answer.status, "Dit gesprek is gewist" in await answer.text()) == (409, True), path


async def test_the_desk_shows_it_closed_and_empty(visited: Visited, erased: tuple[str, str]) -> None:
    els = await visited.as_("els")
    page = await els.text(f"/desk/c/{erased[0]}?lang=nl")
    assert "gewist op verzoek van de klant" in page
    assert "Sofie" not in page
    assert erased[0] not in await els.text("/desk")
    assert [
        name for name in ("deed-claim", "note-text", "reply-text", "edit-ticket") if f'"{name}"' in page
    ] == []


async def test_nothing_is_done_with_it_at_the_desk_any_more(
    visited: Visited, erased: tuple[str, str]
) -> None:
    els = await visited.as_("els")
    deeds = {
        "claim": {}, "note": {"text": "was Sofie"}, "reply": {"text": "Dag Sofie"}, "transfer": {"to": "queue"},
        "ticket": {}, "edit": {"summary": "van Sofie"}, "customer": {"text": "heet Sofie"}, "resolve": {"solution": "x"},
    }  # fmt: skip
    for deed, form in deeds.items():
        answer = await els.post(f"/desk/c/{erased[0]}/{deed}?lang=nl", form)
        assert (answer.status, "Dit gesprek is gewist" in await answer.text()) == (409, True), deed


async def test_the_tickets_link_opens_nothing_any_more(visited: Visited, erased: tuple[str, str]) -> None:
    browser = await visited.browser()
    assert (await browser.get(f"/t/{erased[1]}")).status == 404


async def test_who_writes_again_is_somebody_new(visited: Visited, erased: tuple[str, str]) -> None:
    again = await visited.conversation("sofie", ["Nog iets"], handed=False)
    assert again != erased[0]
