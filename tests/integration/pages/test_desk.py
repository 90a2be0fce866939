"""The agents' pages over a real database: what they show, who wins, what the stream tells."""

from __future__ import annotations

import asyncio
import re

import orjson
import pytest
from aiohttp import ClientResponse
from sqlalchemy import select

from bot.bus import conversation_topic
from bot.model.messages import InboundMessage
from bot.store import queue, views
from bot.store.repositories import get_ticket
from bot.store.schema import users
from bot.store.teams import choose_teams
from handoff.desk import feed, pages
from tests.fixtures_pages import Person, Visited
from tests.fixtures_pages import on_both as visited

__all__ = ["visited"]

XSS = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "'><svg/onload=alert(1)>",
    "</textarea><script>alert(2)</script>",
    "javascript:alert(1) https://a.be/'onclick='x",
    "{{ 7*7 }} {% include 'login.html' %}",
    "\u202e<b>omgekeerd</b>",
)


def tags(page: str) -> list[str]:
    return re.findall(r"<\s*(script|img|svg|iframe|b|object)\b[^>]*>", page)


async def write(visited: Visited, sender: str, text: str, key: str) -> None:
    message = InboundMessage("web", sender, key, text)
    now = visited.clock()
    await visited.site.database.write(lambda c: queue.accept(c, message, now=now, burst=0.0))


async def test_the_list_and_its_tabs(visited: Visited) -> None:
    els = await visited.as_("els")
    assert 'data-testid="desk-empty"' in await els.text("/desk")
    first = await visited.conversation("c1", ["mijn internet is weg"])
    await visited.conversation("c2", ["printer stuk"], customer="Bart De Smet")
    page = await els.text("/desk")
    assert page.count('data-testid="desk-item"') == 2
    assert "Sofie Janssens" in page
    await els.post(f"/desk/c/{first}/claim")
    assert "Bart De Smet" not in await els.text("/desk/list?view=mine")
    assert (await els.text("/desk/list?view=unassigned&q=bart")).count('data-testid="desk-item"') == 1
    assert 'data-testid="desk-empty"' in await els.text("/desk/list?view=unassigned&q=zzz")
    assert (await els.text("/desk/list?view=all")).count('data-testid="desk-item"') == 2


async def test_who_helps_some_teams_is_called_for_those(visited: Visited) -> None:
    els = await visited.as_("els")
    await visited.conversation("c1", ["mijn internet is weg"])
    assert 'data-waiting="1"' in await els.text("/desk/list")
    query = select(users.c.id).where(users.c.username == "els")
    for teams, called in ((["workplace"], 0), (["network", "workplace"], 1), ([], 1)):
        await visited.site.database.write(
            lambda c, teams=teams: choose_teams(c, c.execute(query).scalar_one(), teams)
        )
        page = await els.text("/desk/list")
        assert f'data-waiting="{called}"' in page, teams
        assert 'data-testid="desk-item"' in page, "seen all the same"


async def test_a_ticket_that_is_open_is_found_while_the_bot_goes_on(visited: Visited) -> None:
    id_ = await visited.conversation("c1", ["mijn internet is weg"])
    els = await visited.as_("els")
    await els.post(f"/desk/c/{id_}/claim")
    await els.post(f"/desk/c/{id_}/transfer", {"to": "bot"})
    for tab in ("unassigned", "mine"):
        assert f'data-id="{id_}"' not in await els.text(f"/desk/list?view={tab}")
        assert f'data-id="{id_}"' in await els.text(f"/desk/list?view={tab}&q=%231001")
    page = await els.text("/desk/list?view=all&lang=nl")
    assert f'data-id="{id_}"' in page
    assert "Bij de bot" in page
    assert f'data-id="{id_}"' not in await els.text("/desk/list?view=all&q=%23None")


async def test_a_conversation_shows_everything(visited: Visited) -> None:
    id_ = await visited.conversation("c1", ["mijn internet", "is weg"])
    els = await visited.as_("els")
    page = await els.text(f"/desk/c/{id_}?lang=nl")
    for shown in ("mijn internet", "is weg", "Klopt dat?", "#1001", "Geen internet op kantoor.",
                  "Sofie Janssens",
                  "sofie@voorbeeld.be", "Toestel", "laptop", "Router herstart", "hielp niet", "10.0.0.1",
                  "Wachtwoord nl", "P2", "Netwerk", "geen stappen meer om te proberen", "/t/"):  # fmt: skip
        assert shown in page, shown
    assert 'data-testid="turn-bot"' in page
    assert "<aside" in page


async def test_two_agents_claim_at_once(visited: Visited) -> None:
    id_ = await visited.conversation("c1", ["help"])
    people = [await visited.as_("els"), await visited.as_("karim")]
    answers = await asyncio.gather(
        *(person.post(f"/desk/c/{id_}/claim", headers={"HX-Request": "true"}) for person in people)
    )
    assert sorted(answer.status for answer in answers) == [303, 409]
    lost = next(answer for answer in answers if answer.status == 409)
    view = await visited.site.database.read(lambda c: views.conversation(c, id_))
    assert view is not None
    text = await lost.text()
    assert view.agent_name is not None
    assert view.agent_name in text
    assert lost.headers["HX-Retarget"] == "#toasts"
    winner = people[[answer.status for answer in answers].index(303)]
    assert (await winner.post(f"/desk/c/{id_}/claim")).status == 303, "the same button twice is no conflict"
    loser = people[[answer.status for answer in answers].index(409)]
    page = await loser.text(f"/desk/c/{id_}")
    assert 'data-testid="taken"' in page
    assert 'data-testid="reply-text"' not in page


async def test_reply_note_and_the_news(visited: Visited) -> None:
    id_ = await visited.conversation("c1", ["help"])
    els = await visited.as_("els")
    await els.post(f"/desk/c/{id_}/claim")
    view = await visited.site.database.read(lambda c: views.conversation(c, id_))
    assert view is not None
    htmx = {"HX-Request": "true"}
    said = await els.post(f"/desk/c/{id_}/reply", {"text": "Dag Sofie", "key": "k1"}, headers=htmx)
    assert said.status == 204
    assert said.headers["HX-Trigger"] == "desk:said"
    await els.post(f"/desk/c/{id_}/reply", {"text": "Dag Sofie", "key": "k1"}, headers=htmx)
    await els.post(f"/desk/c/{id_}/note", {"text": "bel terug"}, headers=htmx)
    news = await els.get(f"/desk/c/{id_}/news?after={view.seq}&standing=mine")
    page = await news.text()
    assert page.count("Dag Sofie") == 1, "sent twice, said once"
    assert 'data-testid="turn-note"' in page
    assert 'id="desk-composer"' not in page
    assert int(news.headers["X-Last-Seq"]) == view.seq + 2
    assert news.headers["X-Standing"] == "mine"
    spoken = await visited.site.database.read(lambda c: views.transcript(c, id_))
    assert "bel terug" not in [(item.content or {}).get("text") for item in spoken]
    karim = await visited.as_("karim")
    assert (await karim.post(f"/desk/c/{id_}/reply", {"text": "ik ook"})).status == 409
    assert (await karim.post(f"/desk/c/{id_}/note", {"text": "weet ik"})).status == 303


async def test_back_to_queue_bot_and_resolved(visited: Visited) -> None:
    id_ = await visited.conversation("c1", ["help"])
    els, karim = await visited.as_("els"), await visited.as_("karim")
    await els.post(f"/desk/c/{id_}/claim")
    assert (await karim.post(f"/desk/c/{id_}/transfer", {"to": "queue"})).status == 409
    assert (await els.post(f"/desk/c/{id_}/transfer", {"to": "queue"})).status == 303
    await karim.post(f"/desk/c/{id_}/claim")
    assert (await karim.post(f"/desk/c/{id_}/resolve", {"solution": " "})).status == 400
    done = await karim.post(f"/desk/c/{id_}/resolve?view=mine", {"solution": "Router vervangen"})
    assert done.headers["Location"] == f"/desk/c/{id_}?view=mine"
    row = await visited.site.database.read(lambda c: get_ticket(c, 1001))
    assert row is not None
    assert (row.status, row.solution) == ("solved", "Router vervangen")
    page = await els.text(f"/desk/c/{id_}")
    assert 'data-testid="deed-claim"' in page
    other = await visited.conversation("c2", ["help"])
    await els.post(f"/desk/c/{other}/claim")
    assert (await els.post(f"/desk/c/{other}/transfer", {"to": "bot"})).status == 303
    view = await visited.site.database.read(lambda c: views.conversation(c, other))
    assert view is not None
    assert view.owner == "bot"


@pytest.mark.parametrize("payload", XSS)
async def test_customers_words_are_never_html(visited: Visited, payload: str) -> None:
    more = {
        "customer": payload, "contact": payload, "summary": payload, "notes": (payload,),
        "facts": {"device": {"label": payload, "value": payload}}, "intent": payload, "reason": payload,
    }  # fmt: skip
    plain = await visited.conversation("c0", ["gewoon"])
    id_ = await visited.conversation("c1", [payload], **more)
    lena = await visited.as_("lena")
    await lena.post(f"/desk/c/{id_}/claim")
    await lena.post(f"/desk/c/{id_}/note", {"text": payload})
    for path, usual in ((f"/desk/c/{id_}?view=all&q={payload[:3]}", f"/desk/c/{plain}?view=all"),
                        (f"/review/{id_}", f"/review/{plain}"), ("/review", "/review")):  # fmt: skip
        page = await lena.text(path)
        scripts = [tag for tag in tags(page) if tag in ("script", "img", "iframe", "object", "b")]
        assert len(scripts) == len(
            [t for t in tags(await lena.text(usual)) if t in ("script", "img", "b")]
        ), path
        outside_values = re.sub(r'"[^"]*"', '""', page)
        assert not re.search(r"<[^>]*\son(error|load|click)\s*=", outside_values), path
        if "7*7" in payload:
            assert "{{ 7*7 }}" in page, path


async def events(answer: ClientResponse, wanted: int) -> list[tuple[str, dict[str, object]]]:
    found: list[tuple[str, dict[str, object]]] = []
    name = ""
    async with asyncio.timeout(5):
        async for line in answer.content:
            if line.startswith(b"event: "):
                name = line[7:].strip().decode()
            elif line.startswith(b"data: "):
                found.append((name, orjson.loads(line[6:])))
                if len(found) == wanted:
                    return found
    return found


async def stream(person: Person, query: str = "", **more: object) -> ClientResponse:
    answer = await person.client.get(f"/desk/events{query}", **more)  # type: ignore[arg-type]
    assert answer.content_type == "text/event-stream"
    return answer


async def test_the_stream_begins_with_a_snapshot_and_follows(visited: Visited) -> None:
    id_ = await visited.conversation("c1", ["help"])
    els, karim = await visited.as_("els"), await visited.as_("karim")
    view = await visited.site.database.read(lambda c: views.conversation(c, id_))
    assert view is not None
    answer = await stream(els, f"?open={id_}")
    assert await events(answer, 3) == [
        ("list", {}), ("seq", {"id": id_, "seq": view.seq}), ("availability", {"availability": "online"}),
    ]  # fmt: skip
    await karim.post(f"/desk/c/{id_}/claim")
    told = await events(answer, 2)
    assert {name for name, _ in told} == {"list", "seq"}
    await karim.post(f"/desk/c/{id_}/typing")
    ((name, data),) = await events(answer, 1)
    assert (name, data["id"], data["author"], data["name"]) == ("typing", id_, "agent", "Karim El Amrani")
    answer.close()


async def test_the_customer_sees_only_the_owner_typing_and_colleagues_see_everybody(visited: Visited) -> None:
    id_ = await visited.conversation("c1", ["help"])
    els, karim = await visited.as_("els"), await visited.as_("karim")
    await els.post(f"/desk/c/{id_}/claim")
    async with visited.site.bus.subscribe(conversation_topic(id_)) as told:
        await karim.post(f"/desk/c/{id_}/typing")
        await els.post(f"/desk/c/{id_}/typing")
        async with asyncio.timeout(5):
            notices = [await anext(told), await anext(told)]
    assert [(notice["type"], notice["name"]) for notice in notices] == [
        ("writing", "Karim El Amrani"),
        ("typing", "Els Vermeulen"),
    ]
    assert feed.translate(notices[0], id_, "els") is not None


async def test_a_stream_goes_on_counting_after_a_reconnect(visited: Visited) -> None:
    els = await visited.as_("els")
    answer = await stream(els, headers={"Last-Event-ID": "41"})
    async with asyncio.timeout(5):
        while not (line := await answer.content.readline()).startswith(b"id: "):
            pass
    assert line == b"id: 42\n"
    answer.close()


async def test_a_silent_stream_shows_that_it_lives(visited: Visited, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feed, "HEARTBEAT", 0.01)
    answer = await stream(await visited.as_("els"))
    assert [name for name, _ in await events(answer, 4)] == ["list", "availability", "beat", "beat"]
    answer.close()


async def test_a_stream_ends_with_the_bus(visited: Visited) -> None:
    els = await visited.as_("els")
    answer = await stream(els)
    await events(answer, 1)
    await visited.site.bus.close()
    async with asyncio.timeout(5):
        await answer.read()


async def test_a_customers_message_shows_in_the_news(visited: Visited) -> None:
    id_ = await visited.conversation("c1", ["help"])
    els = await visited.as_("els")
    view = await visited.site.database.read(lambda c: views.conversation(c, id_))
    assert view is not None
    await write(visited, "c1", "is er iemand?", "later")
    page = await els.text(f"/desk/c/{id_}/news?after={view.seq}&standing=queue")
    assert "is er iemand?" in page
    assert "mijn internet" not in page


async def test_a_long_conversation_shows_its_end(visited: Visited, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pages, "AT_ONCE", 5)
    id_ = await visited.conversation("c1", ["het begin"])
    for number in range(6):
        await write(visited, "c1", f"bericht {number}", f"later-{number}")
    els = await visited.as_("els")
    page = await els.text(f"/desk/c/{id_}")
    assert "bericht 5" in page
    assert "het begin" not in page.split('data-testid="transcript"')[1]
    assert "het begin" in await (await visited.as_("riet")).text(f"/review/{id_}")


async def test_availability(visited: Visited) -> None:
    els = await visited.as_("els")
    assert (await els.post("/desk/availability", {"availability": "away"})).status == 303
    assert 'data-testid="presence"' in await els.text("/desk")
    assert (await els.post("/desk/availability", {"availability": "asleep"})).status == 400
    assert 'value="away" aria-pressed="true"' in await els.text("/desk")


async def test_strange_input_is_answered_kindly(visited: Visited) -> None:
    id_ = await visited.conversation("c1", ["help"])
    els = await visited.as_("els")
    assert (await els.get("/desk/c/nothing")).status == 404
    assert (await els.post(f"/desk/c/{id_}/explode")).status == 404
    assert (await els.get(f"/desk/c/{id_}/news?after=zzz")).status == 200
    assert (await els.get("/desk?view=zzz&q=" + "x" * 3000)).status == 200
    await els.post(f"/desk/c/{id_}/claim")
    assert (await els.post(f"/desk/c/{id_}/reply", {"text": "x" * 9000})).status == 413
    assert (await els.post(f"/desk/c/{id_}/reply", {"text": "  "})).status == 400
    assert (await els.post(f"/desk/c/{id_}/reply", {"text": "\x00"})).status == 400
    broken = await els.client.post(
        f"/desk/c/{id_}/reply",
        data=b"\xff\xfe",
        headers={"X-CSRF-Token": els.csrf, "Content-Type": "application/x-www-form-urlencoded"},
    )
    assert broken.status == 400


async def test_colleagues_see_who_looks_too(visited: Visited) -> None:
    id_ = await visited.conversation("c1", ["help"])
    els, karim = await visited.as_("els"), await visited.as_("karim")
    first = await stream(els, f"?open={id_}")
    await events(first, 3)
    second = await stream(karim, f"?open={id_}")
    [(name, arrived)] = await events(first, 1)
    assert (name, arrived["name"], arrived["left"]) == ("looking", "Karim El Amrani", False)
    told = [await events(second, 4)]
    assert ("looking", "Els Vermeulen") in [(name, data.get("name")) for name, data in told[0]]
    second.close()
    [(name, gone)] = await events(first, 1)  # well before the next heartbeat
    assert (name, gone["name"], gone["left"]) == ("looking", "Karim El Amrani", True)
    first.close()


async def test_a_slow_browser_is_told_everything_once_and_lists_not_too_often() -> None:
    box = feed.Mailbox()
    for number in range(1000):
        box.put(("seq", {"id": "a", "seq": number}))
        box.put(("seq", {"id": "b", "seq": number}))
        box.put(("list", {}))
    box.put(("typing", {"id": "a", "by": "els"}))
    told = [await box.take() for _ in range(4)]
    assert told == [
        ("seq", {"id": "a", "seq": 999}),
        ("seq", {"id": "b", "seq": 999}),
        ("list", {}),
        ("typing", {"id": "a", "by": "els"}),
    ]
    box.put(("list", {}))
    box.put(("seq", {"id": "a", "seq": 1000}))
    assert await box.take() == ("seq", {"id": "a", "seq": 1000}), "a message does not wait for the list"
    began = asyncio.get_running_loop().time()
    assert await box.take() == ("list", {})
    assert asyncio.get_running_loop().time() - began > feed.LISTS_EVERY / 2
    box.put(("seq", {"id": "a", "seq": 1001}))
    box.end()
    assert await box.take() == ("seq", {"id": "a", "seq": 1001})
    assert await box.take() is None
