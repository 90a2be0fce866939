"""/review/figures: who may, what is counted and shown, the filters, the files, and what is asked wrongly."""

from __future__ import annotations

import csv
import io

import pytest
from sqlalchemy import Connection, update

from bot.model.conversation import Owner, Status
from bot.model.events import Event
from bot.model.messages import InboundMessage
from bot.store import queue
from bot.store.queue import append
from bot.store.schema import conversations
from tests.fixtures_pages import START, Person, Visited
from tests.fixtures_pages import on_both as visited

pytestmark = pytest.mark.slow  # the quick run keeps to the pages that are used most

__all__ = ["visited"]

PAGE = "/review/figures"


async def rows(person: Person, table: str, query: str = "") -> list[list[str]]:
    """A table's file, read as a spreadsheet does."""
    answer = await person.get(f"{PAGE}/{table}.csv?lang=nl{query}")
    assert answer.status == 200, await answer.text()
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert answer.headers["Content-Disposition"].startswith(f'attachment; filename="balie-{table}-2026-')
    body = await answer.read()
    assert body.startswith(b"\xef\xbb\xbf"), "without the mark Excel reads é as two letters"
    return list(csv.reader(io.StringIO(body.decode("utf-8-sig"), newline=""), delimiter=";"))


async def ended(visited: Visited, sender: str, *events: Event) -> str:
    """A conversation of one turn that the bot ended."""
    now = visited.clock.now

    def work(connection: Connection) -> str:
        message = InboundMessage("web", sender, f"{sender}-1", "dag", language="nl")
        accepted = queue.accept(connection, message, now=now, burst=0.0)
        [claimed] = [
            each
            for each in queue.claim(connection, now=now, lease=30, limit=9)
            if each.id == accepted.conversation_id
        ]
        queue.save_turn(
            connection, claimed, state={}, events=[*events, Event("ended", {"outcome": "solved"})],
            status=Status.RESOLVED, owner=Owner.BOT, language="nl", wake_at=None, push=False, now=now,
        )  # fmt: skip
        return accepted.conversation_id

    return await visited.site.database.write(work)


@pytest.mark.parametrize(
    ("who", "status"), [("els", 403), ("riet", 200), ("edwin", 200), ("lena", 200), ("admin", 200)]
)
async def test_everybody_but_agents_may(visited: Visited, who: str, status: int) -> None:
    person = await visited.as_(who)
    for path in (PAGE, f"{PAGE}/days.csv"):
        assert (await person.get(path)).status == status
    assert (await person.get(f"{PAGE}/funnel?flow=none")).status == (404 if status == 200 else 403)
    linked = f'href="{PAGE}"' in await person.text("/review")
    assert linked is (status == 200), "only who may go there is shown the way"


async def test_who_is_not_logged_in_is_sent_to_the_login(visited: Visited) -> None:
    stranger = await visited.browser()
    for path in (PAGE, f"{PAGE}/funnel", f"{PAGE}/days.csv"):
        answer = await stranger.get(path, allow_redirects=False, headers={"Accept": "text/html"})
        assert answer.status in (303, 401)
        assert "figure-days" not in await answer.text()


async def test_without_conversations_there_is_a_sentence_and_no_chart(visited: Visited) -> None:
    lena = await visited.as_("lena")
    page = await lena.text(PAGE)
    assert 'data-testid="figures-empty"' in page
    assert "<figure-chart" not in page


async def test_the_page_counts_what_happened(visited: Visited) -> None:
    await visited.conversation("c1", ["mijn internet is weg"])
    id_ = await ended(visited, "c2", Event("satisfaction", {"score": 4}))
    await ended(visited, "c3")
    lena = await visited.as_("lena")
    page = await lena.text(f"{PAGE}?lang=nl")
    assert "67\u00a0%" in page.replace("67 %", "67\u00a0%"), "two of three solved by the bot"
    for shown in ("Opgelost door de bot", "Netwerk", "Wachten en behandelen", "Contacten per dag"):
        assert shown in page, shown
    assert 'data-testid="none-articles"' not in page, "an article was suggested in the first"
    assert 'data-testid="none-flows"' in page, "this pack has no scenarios"
    assert "<style" not in page
    assert " style=" not in page
    assert id_ not in page, "figures name nobody"


async def test_files_have_what_the_page_has(visited: Visited) -> None:
    await visited.conversation("c1", ["mijn internet is weg"])
    await ended(visited, "c2", Event("satisfaction", {"score": 4}))
    lena = await visited.as_("lena")
    head, *days = await rows(lena, "days")
    assert head == ["Dag", "Contacten", "Opgelost", "Medewerker", "Anders", "Loopt nog"]
    assert len(days) == 30
    assert days[-1][1:] == ["2", "1", "1", "0", "0"]
    assert days[-1][0] == "2026-09-21", "the clock of these tests stands on that day"
    _, *channels = await rows(lena, "channels")
    assert channels == [["Webchat", "2", "1", "1", "0", "0", "4,00"]]
    _, *endings = await rows(lena, "endings")
    assert endings[0] == ["Opgelost door de bot", "1", "50"]
    head, *_ = await rows(lena, "clocks")
    assert head == ["Wat", "Gemeten", "Mediaan (s)", "9 op 10 binnen (s)"]
    english = await lena.get(f"{PAGE}/channels.csv?lang=en")
    assert "4.00" in await english.text()


async def test_an_article_did_not_help_who_went_to_a_person_and_open_ones_do_not_count(
    visited: Visited,
) -> None:
    lena = await visited.as_("lena")
    await visited.conversation("c1", ["mijn internet is weg"], handed=False)
    [_, *came, helped] = (await rows(lena, "articles"))[1]
    assert (came, helped) == (["1", "0", "0", "0", "1"], "")
    await visited.conversation("c2", ["mijn internet is weg"])
    [_, *came, helped] = (await rows(lena, "articles"))[1]
    assert (came, helped) == (["2", "0", "1", "0", "1"], "0")
    solved = Event("suggestion", {"article": "reset-password", "outcome": "solved"})
    await visited.conversation("c3", ["mijn internet is weg"], handed=False, extra=[solved])
    [_, *came, helped] = (await rows(lena, "articles"))[1]
    assert (came, helped) == (["3", "1", "1", "0", "1"], "50")


async def test_clocks_tell_how_long_a_person_took_to_answer(visited: Visited) -> None:
    id_ = await visited.conversation("c1", ["mijn internet is weg"])
    visited.clock.now += 90
    els = await visited.as_("els")
    await els.post(f"/desk/c/{id_}/claim")
    visited.clock.now += 30
    await els.post(f"/desk/c/{id_}/reply", {"text": "Dag Sofie"})
    visited.clock.now += 600
    await els.post(f"/desk/c/{id_}/resolve", {"solution": "Modem herstart.", "solved": "1"})
    lena = await visited.as_("lena")
    found = {row[0]: row[1:] for row in (await rows(lena, "clocks"))[1:]}
    assert found["Tot het eerste menselijke antwoord"] == ["1", "120", "120"]
    assert found["In de wachtrij"] == ["1", "90", "90"]
    assert found["Bij medewerkers"] == ["1", "630", "630"]
    due = {row[0]: row[1:] for row in (await rows(lena, "due"))[1:]}
    assert due["Eerste antwoord"] == ["1", "0", "0", "100"]
    assert due["Oplossing"] == ["1", "0", "0", "100"]


async def test_the_filters(visited: Visited) -> None:
    await visited.conversation("c1", ["mijn internet is weg"])
    await visited.conversation("c2", ["printer stuk"], channel="rest", handed=False)
    lena = await visited.as_("lena")

    async def total(query: str) -> int:
        return sum(int(row[1]) for row in (await rows(lena, "days", query))[1:])

    assert await total("") == 2
    assert await total("&channel=rest") == 1
    assert await total("&team=network") == 1
    assert await total("&team=nobody") == 0
    assert await total("&since=2026-09-21&until=2026-09-21") == 2
    assert await total("&since=2026-09-01&until=2026-09-20") == 0
    page = await lena.text(f"{PAGE}?team=network&channel=web&since=2026-09-21&until=2026-09-21")
    assert "team=network" in page, "the files and the shortcuts keep the filters"


@pytest.mark.parametrize(
    "query", ["since=2026-09-21&until=2026-09-01", "since=gisteren", "since=2001-01-01&until=2026-09-01"]
)
async def test_a_period_that_cannot_be_is_told(visited: Visited, query: str) -> None:
    lena = await visited.as_("lena")
    answer = await lena.get(f"{PAGE}?{query}")
    assert answer.status == 400
    assert 'data-testid="figures-problem"' in await answer.text()
    assert (await lena.get(f"{PAGE}/days.csv?{query}")).status == 400


@pytest.mark.parametrize("table", ["nothing", "funnel", "figures"])
async def test_unknown_tables_are_not_found(visited: Visited, table: str) -> None:
    lena = await visited.as_("lena")
    assert (await lena.get(f"{PAGE}/{table}.csv")).status == 404


@pytest.mark.parametrize("name", ["=HYPERLINK(1)", "+1", "-1", "@x", "<script>alert(1)</script>"])
async def test_names_from_outside_become_neither_formulas_nor_markup(visited: Visited, name: str) -> None:
    id_ = await visited.conversation("c1", ["dag"], handed=False)

    def rename(connection: Connection) -> None:
        connection.execute(update(conversations).where(conversations.c.id == id_).values(channel=name))
        more = [Event("suggestion", {"article": name, "outcome": "shown"})]
        append(connection, id_, more, push=False, now=START)

    await visited.site.database.write(rename)
    lena = await visited.as_("lena")
    defused = name if name.startswith("<") else f"'{name}"
    assert (await rows(lena, "channels"))[1][0] == defused
    assert defused in [row[0] for row in await rows(lena, "articles")]
    page = await lena.text(PAGE)
    assert "<script>alert" not in page
