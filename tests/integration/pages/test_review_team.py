"""What reviewers do with a conversation: tags, comments, a scorecard, a queue of what is worth reading."""

from __future__ import annotations

import re
from html import escape

import pytest
from sqlalchemy import event

from bot.model.events import Event
from bot.store import remarks, scores
from bot.store.accounts import audit_entries
from bot.store.database import Database
from tests.fixtures_pages import Person, Visited
from tests.fixtures_pages import on_both as visited

pytestmark = pytest.mark.slow  # the quick run keeps to the pages that are used most

__all__ = ["visited"]

DAY = 86_400


async def deeds(database: Database) -> list[str]:
    entries = await database.read(audit_entries)
    return [each.deed for each in reversed(entries) if each.deed not in ("read", "login")]


async def test_tags_are_found_again(visited: Visited) -> None:
    one = await visited.conversation("c1", ["internet weg"])
    await visited.conversation("c2", ["printer stuk"])
    riet = await visited.as_("riet")
    answer = await riet.post(f"/review/{one}/tags", {"tag": "  Goed   Voorbeeld "})
    assert answer.headers["Location"] == f"/review/{one}#tags"
    await riet.post(f"/review/{one}/tags", {"tag": "goed voorbeeld"})
    assert "goed voorbeeld" in await riet.text(f"/review/{one}")
    found = await riet.text("/review?tag=goed+voorbeeld")
    assert found.count('data-testid="review-item"') == 1
    assert '<details class="fold review-more" open>' in found, "a filter that counts is shown"
    els = await visited.as_("els")
    assert (await els.text("/review?tag=goed+voorbeeld")).count('data-testid="review-item"') == 2
    assert "goed voorbeeld" not in await els.text(f"/review/{one}"), "how colleagues work is not theirs"
    await riet.post(f"/review/{one}/tags/remove", {"tag": "goed voorbeeld"})
    assert await visited.site.database.read(remarks.known_tags) == ()
    assert await deeds(visited.site.database) == ["tag", "untag"]


@pytest.mark.parametrize("tag", ["", "   ", "x" * 41, "<b>", "a,b", "-"])
async def test_what_is_no_tag(visited: Visited, tag: str) -> None:
    id_ = await visited.conversation("c1", ["internet weg"])
    riet = await visited.as_("riet")
    answer = await riet.post(f"/review/{id_}/tags?lang=nl", {"tag": tag})
    page = await answer.text()
    assert answer.status == 422, "without JavaScript the page comes again"
    assert "Een label bestaat uit letters en cijfers" in page
    assert f'value="{escape(tag)}" aria-invalid="true" aria-describedby="tag-wrong"' in page
    answer = await riet.post(f"/review/{id_}/tags", {"tag": tag}, headers={"HX-Request": "true"})
    assert answer.status == 400
    assert 'data-testid="toast"' in await answer.text()
    assert await visited.site.database.read(remarks.known_tags) == ()


async def test_comments_are_for_colleagues_and_ones_own_can_go(visited: Visited) -> None:
    id_ = await visited.conversation("c1", ["internet weg"])
    riet, lena, admin = await visited.as_("riet"), await visited.as_("lena"), await visited.as_("admin")
    await riet.post(f"/review/{id_}/comments", {"text": "Zie <b>stap 3</b>, wachtwoord is Geheim123!"})
    await lena.post(f"/review/{id_}/comments", {"text": "Mee eens"})
    page = await lena.text(f"/review/{id_}")
    assert page.count('data-testid="comment"') == 2
    assert "&lt;b&gt;stap 3" in page
    assert "Geheim123" not in page, "nobody keeps a password here either"
    first, second = re.findall(r'action="[^"]+/comments/(\d+)/remove', await admin.text(f"/review/{id_}"))
    assert f"/comments/{first}/remove" not in page
    assert (await lena.post(f"/review/{id_}/comments/{first}/remove")).status == 404
    assert (await lena.post(f"/review/{id_}/comments/{second}/remove")).status == 303
    assert (await admin.post(f"/review/{id_}/comments/{first}/remove")).status == 303
    assert await visited.site.database.read(lambda c: remarks.comments_of(c, id_)) == ()
    for text in ("", "  ", "x" * 4001):
        answer = await riet.post(f"/review/{id_}/comments", {"text": text})
        assert answer.status == 422
        assert f'aria-describedby="comment-wrong" autofocus data-testid="comment-text">{text}<' in (
            await answer.text()
        )
    for path in ("comments/x/remove", "comments/99/remove"):
        assert (await riet.post(f"/review/{id_}/{path}")).status == 404


async def test_a_scorecard(visited: Visited) -> None:
    id_ = await visited.conversation("c1", ["internet weg"])
    riet, lena = await visited.as_("riet"), await visited.as_("lena")
    assert await riet.text(f"/review/{id_}")
    await riet.post(f"/review/{id_}/score", {"score-tone": "4", "score-privacy": "", "remark": "vlot"})
    await lena.post(f"/review/{id_}/score", {"score-tone": "3", "score-privacy": "4"})
    page = await riet.text(f"/review/{id_}?lang=nl")
    assert re.search(r'name="score-tone" value="4" checked', page)
    assert re.search(r'name="score-privacy" value="" checked', page)
    assert "3,5" in page, "the mean of a colleague"
    assert "vlot" in page
    for wrong in ({"score-tone": "6"}, {"score-tone": "x"}, {"remark": "alleen tekst"}):
        answer = await riet.post(f"/review/{id_}/score", wrong)
        page = await answer.text()
        assert answer.status == 422, wrong
        assert 'id="score-wrong"' in page
        assert f">{wrong.get('remark', '')}</textarea>" in page
    answer = await riet.post(f"/review/{id_}/score", {"score-tone": "2", "score-privacy": "x"})
    assert re.search(r'name="score-tone" value="2" checked', await answer.text()), "what was chosen stays"
    assert (await riet.post("/review/nothing/tags", {"tag": "-"})).status == 404
    await riet.post(f"/review/{id_}/score", {"score-tone": ""})
    [left] = await visited.site.database.read(lambda c: scores.scores_of(c, id_))
    assert left.scores == {"tone": 3, "privacy": 4}


async def stand(person: Person, id_: str, deed: str) -> str:
    answer = await person.post(f"/review/{id_}/standing", {"deed": deed})
    assert answer.status == 303, await answer.text()
    return answer.headers["Location"]


async def test_the_queue(visited: Visited, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("handoff.review.worth.SAMPLE", 2**64)  # nobody's lot but the first of each day
    riet, lena = await visited.as_("riet"), await visited.as_("lena")
    assert 'data-testid="queue-empty"' in await riet.text("/review/queue")
    visited.clock.now -= 3 * DAY
    drawn = await visited.conversation("c1", ["niets bijzonders"], handed=False)
    visited.clock.now += 3 * DAY
    handed = await visited.conversation("c2", ["internet weg"])
    visited.clock.now += 1
    bad = await visited.conversation("c3", ["boos"], extra=[Event("satisfaction", {"score": 1})])
    await visited.conversation("c4", ["gewoon"], handed=False)
    page = await riet.text("/review/queue?lang=nl")
    assert re.findall(r'class="review-first"><a href="/review/([\w-]+)"', page) == [bad, handed, drawn]
    for told in ("tevredenheid 1 op 5", "doorgegeven", "steekproef"):
        assert told in page
    one = await riet.text("/review/queue?reason=random")
    assert one.count('data-testid="queue-item"') == 2, "of a day that is over, and of today already"
    assert handed in one
    assert (await riet.text("/review/queue?reason=nonsense&page=x")).count('data-testid="queue-item"') == 3

    assert await stand(riet, bad, "take") == f"/review/{bad}"
    assert "Riet Claes leest dit" in await lena.text("/review/queue?lang=nl")
    late = await stand(lena, bad, "take")
    assert late == f"/review/queue?taken={bad}", "a page that is out of date"
    told = re.search(r'data-testid="taken">.*?</p>', await lena.text(f"{late}&lang=nl"))
    assert told
    assert "Riet Claes leest dit" in told[0]
    assert await stand(riet, bad, "next") == f"/review/{handed}", "the next that nobody reads"
    assert await stand(riet, handed, "next") == f"/review/{drawn}"
    assert await stand(riet, drawn, "next") == "/review/queue"
    assert 'data-testid="queue-empty"' in await lena.text("/review/queue")
    assert "Gelezen door Riet Claes" in await lena.text(f"{late}&lang=nl")
    assert 'data-testid="taken"' not in await lena.text("/review/queue?taken=nothing")
    assert "Gelezen door Riet Claes" in await lena.text(f"/review/{bad}?lang=nl")
    await stand(lena, bad, "back")
    assert (await lena.text("/review/queue")).count('data-testid="queue-item"') == 1
    assert (await lena.post(f"/review/{bad}/standing", {"deed": "burn"})).status == 400
    assert (await deeds(visited.site.database))[-1] == "put back to read"


async def test_what_is_older_is_not_offered(visited: Visited) -> None:
    visited.clock.now -= 30 * DAY
    await visited.conversation("c1", ["oud"])
    visited.clock.now += 30 * DAY
    assert 'data-testid="queue-empty"' in await (await visited.as_("riet")).text("/review/queue")


async def test_nothing_is_said_of_what_is_not_there(visited: Visited) -> None:
    riet = await visited.as_("riet")
    forms = {"tags": {"tag": "x"}, "tags/remove": {"tag": "x"}, "comments": {"text": "x"}, "score": {},
             "standing": {"deed": "take"}}  # fmt: skip
    for path, form in forms.items():
        assert (await riet.post(f"/review/nothing/{path}", form)).status == 404, path


async def test_a_form_from_elsewhere_does_nothing(visited: Visited) -> None:
    id_ = await visited.conversation("c1", ["internet weg"])
    riet = await visited.as_("riet")
    for path in (
        "tags",
        "tags/remove",
        "comments",
        "comments/1/remove",
        "score",
        "standing",
        "corrections/2",
    ):
        answer = await riet.client.post(f"/review/{id_}/{path}", data={"tag": "x"}, allow_redirects=False)
        assert answer.status == 403, path


async def test_the_queue_asks_as_much_of_the_database_for_many(visited: Visited) -> None:
    riet = await visited.as_("riet")
    asked: list[int] = []
    for number in (1, 9):
        for n in range(number):
            await visited.conversation(f"{number}-{n}", ["internet weg"])
        statements: list[str] = []
        read = visited.site.database.read

        async def counted(work: object, read: object = read, statements: list[str] = statements) -> object:
            def watched(connection: object) -> object:
                def note(*args: object) -> None:
                    statements.append(str(args[2]))

                event.listen(connection, "before_cursor_execute", note)
                try:
                    return work(connection)  # type: ignore[operator]
                finally:
                    event.remove(connection, "before_cursor_execute", note)

            return await read(watched)  # type: ignore[operator]

        visited.site.database.read = counted  # type: ignore[method-assign, assignment]
        await riet.text("/review/queue")
        visited.site.database.read = read  # type: ignore[method-assign]
        asked.append(len(statements))
    assert asked[0] == asked[1]
