"""The review: the list with its filters, and one conversation turn by turn."""

from __future__ import annotations

import re
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Connection, delete, update

from bot.model.conversation import Owner, Status
from bot.model.events import Event
from bot.model.messages import InboundMessage
from bot.store import queue
from bot.store.accounts import audit_entries
from bot.store.schema import events
from handoff.review import one
from handoff.review.filters import FIELDS, filter_of
from tests.fixtures_pages import Visited
from tests.fixtures_pages import on_both as visited

__all__ = ["visited"]

EMPTY = dict.fromkeys(FIELDS, "")


async def test_the_list_with_its_filters(visited: Visited) -> None:
    riet = await visited.as_("riet")
    assert 'data-testid="review-empty"' in await riet.text("/review")
    await visited.conversation("c1", ["mijn internet is weg"])
    await visited.conversation("c2", ["printer stuk"], channel="rest", handed=False)
    for query, number in (("", 2), ("?channel=rest", 1), ("?intent=internet_down", 2),
                          ("?intent=nlu_fallback", 0), ("?low=1", 0), ("?owner=queue", 1),
                          ("?language=fr", 0), ("?outcome=handed_off", 1), ("?outcome=solved", 0),
                          ("?text=%231001", 1), ("?text=1001", 1), ("?text=%231009", 0),
                          ("?since=2020-01-01&until=2040-01-01", 2), ("?since=2040-01-01", 0),
                          ("?since=nonsense&page=zzz", 2), ("?page=9", 0)):  # fmt: skip
        page = await riet.text(f"/review{query}")
        assert page.count('data-testid="review-item"') == number, query


async def test_what_is_not_understood_is_unsure_however_sure_the_model_is_of_that(visited: Visited) -> None:
    lost = await visited.conversation("c1", ["xyzzy"])
    half = await visited.conversation("c2", ["wifi?"])
    e = events.c

    def understood(id_: str, intent: str, score: float, best: float) -> Any:
        return lambda c: c.execute(
            update(events).where(e.conversation_id == id_, e.type == "understood").values(
                name=intent, score=score,
                data={"intent": intent, "confidence": score, "ranking": [["wifi_problem", best]]},
            )
        )  # fmt: skip

    no_answers = delete(events).where(e.type == "slot")
    await visited.site.database.write(lambda c: c.execute(no_answers).rowcount)
    await visited.site.database.write(understood(lost, "nlu_fallback", 0.98, 0.01))
    await visited.site.database.write(understood(half, "wifi_problem", 0.496, 0.496))
    riet = await visited.as_("riet")
    page = await riet.text(f"/review/{lost}?lang=en")
    found = re.search(r'data-testid="likeliest">(.*?)</p>', page, re.DOTALL)
    assert found
    assert re.sub(r"<[^>]+>", "", found[1]).split()[0] == "Likeliest:"
    assert "1%" in found[1]
    assert "98%" not in page
    unsure = await riet.text("/review?low=1")
    assert (f"/review/{lost}" in unsure, f"/review/{half}" in unsure) == (True, False)
    assert "50%" in await riet.text("/review"), "as what is not listed is shown"
    await visited.site.database.write(understood(half, "wifi_problem", 0.494, 0.494))
    assert f"/review/{half}" in await riet.text("/review?low=1")


async def test_the_list_filtered_by_words(visited: Visited) -> None:
    await visited.conversation("c1", ["mijn internet is weg"])
    await visited.conversation("c2", ["printer stuk"], handed=False)
    riet = await visited.as_("riet")
    assert (await riet.text("/review?text=PRINTER")).count('data-testid="review-item"') == 1
    assert 'data-testid="review-empty"' in await riet.text("/review?text=100%25")


async def test_a_row_says_that_a_person_had_it_whatever_came_of_it(visited: Visited) -> None:
    solved = await visited.conversation("c1", ["mijn internet is weg"])
    await visited.conversation("c2", ["printer stuk"], handed=False)
    els = await visited.as_("els")
    await els.post(f"/desk/c/{solved}/claim")
    await els.post(f"/desk/c/{solved}/resolve", {"solution": "Kabel gewisseld"})
    riet = await visited.as_("riet")
    page = await riet.text("/review?lang=nl")
    assert page.count('data-testid="handed"') == 1
    [row] = re.findall(rf'<tr class="link"(?:(?!</tr>).)*?/review/{solved}.*?</tr>', page, re.DOTALL)
    assert "Doorgegeven" in row
    assert "Opgelost" in row


async def test_pages_of_a_long_list(visited: Visited) -> None:
    for number in range(27):
        await visited.conversation(f"c{number}", [f"vraag {number}"], handed=False)
    riet = await visited.as_("riet")
    first = await riet.text("/review?language=nl")
    assert first.count('data-testid="review-item"') == 25
    assert "language=nl&amp;page=2" in first
    second = await riet.text("/review?language=nl&page=2")
    assert second.count('data-testid="review-item"') == 2
    assert 'data-testid="page-next"' not in second


async def test_one_conversation_turn_by_turn(visited: Visited) -> None:
    id_ = await visited.conversation("c1", ["mijn internet", "is weg"])
    els = await visited.as_("els")
    await els.post(f"/desk/c/{id_}/claim")
    await els.post(f"/desk/c/{id_}/reply", {"text": "Dag Sofie"})
    riet = await visited.as_("riet")
    page = await riet.text(f"/review/{id_}?lang=nl")
    for shown in ("mijn internet", "is weg", "internet_down", "83\u00a0%", "wifi_problem", "device", "laptop",
                  "start_flow", "StartFlow", "ask_device", "action_check", "34 ms", "12 ms", "niets",
                  "Wachtwoord nl", "utter_ask",
                  "Netwerk", "geen stappen meer om te proberen", "voorgesteld", "Met een medewerker", "Dag Sofie", "#1001"):  # fmt: skip
        assert shown in page, shown
    assert re.search(r'data-testid="sure">.*?Zekerheid.*?\d+\xa0%', page)
    assert page.count('data-testid="part-turn"') == 1
    assert page.count('data-testid="part-person"') == 1
    assert f'href="/desk/c/{id_}"' not in page, "a reviewer has no desk"
    entries = await visited.site.database.read(audit_entries)
    assert entries[0].deed == "read"
    assert entries[0].subject == f"conversation:{id_}"


async def test_a_reply_that_was_offered_is_said_to_be_one(visited: Visited) -> None:
    id_ = await visited.conversation("c1", ["mijn internet is weg"], handed=False)

    def answer(connection: Connection) -> None:
        now = visited.clock.now
        sent = InboundMessage("web", "c1", "c1-typed", "1", language="nl")
        queue.accept(connection, sent, now=now, burst=0.0)
        [claimed] = queue.claim(connection, now=now + 1, lease=30, limit=9)
        command = {"command": "SetSlots", "slots": ["device"]}
        queue.save_turn(
            connection, claimed, state=claimed.state or {}, status=Status.PENDING, owner=Owner.BOT, language="nl",
            events=[Event("decided", {"rule": "offered_reply", "commands": [command]})],
            wake_at=None, push=False, now=now,
        )  # fmt: skip

    await visited.site.database.write(answer)
    riet = await visited.as_("riet")
    page = await riet.text(f"/review/{id_}?lang=nl")
    assert (page.count('data-testid="understood"'), page.count('data-testid="offered"')) == (1, 1)
    assert "Een antwoord dat de bot aanbood" in page


async def test_a_long_conversation_is_read_in_pages(
    visited: Visited, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(one, "PARTS", 1)
    id_ = await visited.conversation("c1", ["mijn internet is weg"])
    els, riet = await visited.as_("els"), await visited.as_("riet")
    await els.post(f"/desk/c/{id_}/claim")
    first = await riet.text(f"/review/{id_}")
    assert ('data-testid="part-turn"' in first, 'data-testid="part-person"' in first) == (True, False)
    [after] = re.findall(rf'href="/review/{id_}\?at=(\d+)" rel="next"', first)
    second = await riet.text(f"/review/{id_}?at={after}")
    assert ('data-testid="part-turn"' in second, 'data-testid="part-person"' in second) == (False, True)
    assert 'rel="prev"' in second
    assert 'data-testid="part-turn"' in await riet.text(f"/review/{id_}?at=nonsense")


async def test_an_agent_may_read_a_ticket_s_transcript(visited: Visited) -> None:
    id_ = await visited.conversation("c1", ["mijn internet", "is weg"])
    els = await visited.as_("els")
    assert 'href="/review"' in await els.text("/desk")
    assert id_ in await els.text("/review")
    page = await els.text(f"/review/{id_}")
    assert "mijn internet" in page
    assert f'href="/desk/c/{id_}"' in page


async def test_unknown_conversations_are_not_found(visited: Visited) -> None:
    riet = await visited.as_("riet")
    assert (await riet.get("/review/nothing")).status == 404


@pytest.mark.parametrize("text", ["2026-13-01", "0001-01-01", "9999-12-31", "gisteren"])
def test_days_that_make_no_sense_are_left_aside(text: str) -> None:
    found = filter_of({**EMPTY, "since": text, "until": text}, ZoneInfo("Europe/Brussels"))
    assert found.text is None
