"""What an agent writes at the desk, and what is offered while they do: forms over a real database."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import update

from bot.model.events import Event
from bot.model.ticket import Priority
from bot.store import marks
from bot.store.schema import conversations
from tests.fixtures_pages import Person, Visited
from tests.fixtures_pages import on_both as visited
from tests.integration.pages.test_desk_deeds import id_of, mine, seen, ticket

pytestmark = pytest.mark.slow  # the quick run keeps to the pages that are used most

__all__ = ["visited"]


async def save(els: Person, id_: str, text: str, *was: str, kind: str = "reply") -> str | None:
    """Save a draft as a page that knows `was`: what the server keeps instead, or None."""
    fields = [("csrf", els.csrf), ("kind", kind), ("text", text), *(("was", each) for each in was)]
    answer = await els.client.post(f"/desk/c/{id_}/draft", data=fields)
    if answer.status == 204:
        return None
    assert answer.status == 409
    return (await answer.json())["kept"]


async def test_what_another_tab_wrote_is_not_overwritten_unasked(visited: Visited) -> None:
    id_, els = await mine(visited)
    assert await save(els, id_, "uit de eerste tab", "") is None
    assert await save(els, id_, "uit de tweede", "") == "uit de eerste tab"
    assert await save(els, id_, "", "uit de tweede") == "uit de eerste tab", "nor emptied"
    assert "uit de eerste tab" in await els.text(f"/desk/c/{id_}")
    assert await save(els, id_, "uit de tweede", "", kind="note") is None, "a note is another draft"
    assert await save(els, id_, "uit de tweede", "uit de eerste tab") is None, "the agent chose"
    page = await els.text(f"/desk/c/{id_}")
    assert "uit de eerste tab" not in page


async def test_a_page_goes_on_with_what_it_wrote_itself(visited: Visited) -> None:
    id_, els = await mine(visited)
    assert await save(els, id_, "een\ntwee", "") is None
    assert await save(els, id_, "een\r\ntwee", "") is None, "the same text"
    assert await save(els, id_, "een\ntwee\ndrie", "", "een\r\ntwee\n") is None, "one of those it knows"
    await els.post(f"/desk/c/{id_}/reply", {"text": "een\ntwee\ndrie"})
    assert await save(els, id_, "vier", "een\ntwee\ndrie") is None, "nothing is kept of what was sent"
    assert await save(els, id_, "v\x00ijf", "vi\x00er") is None
    assert await save(els, id_, "  ", "vijf") is None
    assert await save(els, id_, "zes", "") is None


async def test_an_article_is_offered_by_a_word_of_its_title_and_tells_its_steps(visited: Visited) -> None:
    id_, els = await mine(visited)
    offered = await els.text(f"/desk/c/{id_}/inserts?q=ÓNTGR")
    assert 'data-text="Account ontgrendelen\n\n1. Look at it. Look &lt;b&gt;well&lt;/b&gt;."' in offered
    assert 'data-text="Account ontgrendelen: http://' in offered


async def test_commands_give_a_ticket_another_priority(visited: Visited) -> None:
    id_, els = await mine(visited)
    page = await els.text(f"/desk/c/{id_}?lang=en")
    now = (await ticket(visited)).ticket.priority
    offered = re.findall(r'data-command="Set priority (P\d)"', page)
    assert offered == [each.value for each in Priority if each != now]
    form = {"priority": offered[0], "was.priority": now.value}
    assert (await els.post(f"/desk/c/{id_}/edit", form)).status == 303
    assert (await ticket(visited)).ticket.priority == offered[0]
    assert (await els.post(f"/desk/c/{id_}/edit", form | {"priority": offered[1]})).status == 409, "overtaken"
    without = await visited.conversation("c2", ["dag"], handed=False)
    assert "Set priority" not in await els.text(f"/desk/c/{without}?lang=en")


async def test_an_article_that_the_bot_named_can_be_followed(visited: Visited) -> None:
    text = {"text": "Misschien helpt dit: /help/nl/reset-password"}
    said = Event("bot", {"author": "bot", "response": "utter_article"}, text)
    id_ = await visited.conversation("c1", ["ik las /help/nl/unlock-account"], extra=[said])
    page = await (await visited.as_("els")).text(f"/desk/c/{id_}")
    transcript = page[page.index('role="log"') : page.index("desk-composer")]
    assert 'href="/help/nl/reset-password" rel="noopener noreferrer nofollow"' in transcript
    assert 'href="/help/nl/unlock-account"' not in transcript, "a customer's own words"


async def test_a_draft_is_there_again_until_it_is_sent(visited: Visited) -> None:
    id_, els = await mine(visited)
    text = 'Dag Sofie, "even" <kijken>'
    assert (await els.post(f"/desk/c/{id_}/draft", {"kind": "reply", "text": text})).status == 204
    assert "Dag Sofie, &#34;even&#34; &lt;kijken&gt;" in await els.text(f"/desk/c/{id_}")
    assert "Dag Sofie" not in await (await visited.as_("karim")).text(f"/desk/c/{id_}")
    await els.post(f"/desk/c/{id_}/reply", {"text": text})
    els_id = await id_of(visited, "els")
    assert await visited.site.database.read(lambda c: marks.drafts_of(c, els_id, id_)) == {}
    assert (await els.post(f"/desk/c/{id_}/draft", {"kind": "novel", "text": "x"})).status == 400
    assert (await els.post(f"/desk/c/{id_}/draft", {"kind": "note", "text": "x" * 9000})).status == 413


async def test_sending_leaves_what_another_tab_writes(visited: Visited) -> None:
    id_, els = await mine(visited)
    await els.post(f"/desk/c/{id_}/draft", {"kind": "reply", "text": "uit de tweede tab"})
    await els.post(f"/desk/c/{id_}/reply", {"text": "uit de eerste", "draft": "uit de eers"})
    assert "uit de tweede tab" in await els.text(f"/desk/c/{id_}")
    await els.post(f"/desk/c/{id_}/reply", {"text": "uit de tweede tab, af", "draft": "uit de tweede tab"})
    els_id = await id_of(visited, "els")
    assert await visited.site.database.read(lambda c: marks.drafts_of(c, els_id, id_)) == {}


async def test_a_note_calls_a_colleague(visited: Visited) -> None:
    id_, els = await mine(visited)
    karim = await visited.as_("karim")
    await els.post(f"/desk/c/{id_}/note", {"text": "@Karim kan jij kijken? niet@karim.be en @niemand niet."})
    assert 'data-called="1"' in await karim.text("/desk/list")
    assert f'data-id="{id_}"' in await karim.text("/desk/list?view=mentions")
    assert 'data-called="0"' in await els.text("/desk/list")
    seq = (await seen(visited, id_)).seq
    assert (await karim.post(f"/desk/c/{id_}/read?seq={seq}")).status == 204
    assert 'data-called="0"' in await karim.text("/desk/list")
    assert (await karim.post(f"/desk/c/{id_}/read?seq=-1")).status == 400


async def test_a_slash_offers_replies_in_the_customers_language_and_articles(visited: Visited) -> None:
    id_, els = await mine(visited)
    offered = await els.text(f"/desk/c/{id_}/inserts?q=hel&lang=en")
    assert "Dag Sofie Janssens, ik ben Els Vermeulen." in offered
    assert "<code" in offered
    assert "Greeting" in offered
    await visited.site.database.write(
        lambda c: (
            c.execute(update(conversations).where(conversations.c.id == id_).values(language="fr")).rowcount
        )
    )
    assert "Bonjour Sofie Janssens" in await els.text(f"/desk/c/{id_}/inserts?q=hel")
    article = await els.text(f"/desk/c/{id_}/inserts?q=wachtwoord")
    assert 'data-text="Wachtwoord fr: http://' in article
    assert "order-placed" not in await els.text(f"/desk/c/{id_}/inserts?q=order"), "of another team"
