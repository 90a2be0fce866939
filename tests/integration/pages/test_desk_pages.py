"""The desk's pages: read in pieces, as each agent wants them, and where they were."""

from __future__ import annotations

import pytest

from tests.fixtures_pages import Visited
from tests.fixtures_pages import on_both as visited
from tests.integration.pages.test_desk import write
from tests.integration.pages.test_desk_deeds import mine, seen

pytestmark = pytest.mark.slow  # the quick run keeps to the pages that are used most

__all__ = ["visited"]


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
