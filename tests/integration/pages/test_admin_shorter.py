"""Whoever shortens how long things are kept hears first what goes in the coming night."""

from __future__ import annotations

import re
from typing import Any

import pytest
from sqlalchemy import update

from bot.store.schema import conversations, tickets
from tests.fixtures_pages import Person, Visited, visited
from tests.integration.pages.test_admin_edit import HOME, filled_in, saved, send

pytestmark = pytest.mark.slow  # the quick run keeps to the pages that are used most

__all__ = ["visited"]

DAY = 86_400.0


async def asked(answer: Any, said: str) -> str:
    """The page that asks; what a browser sends of it with the box ticked."""
    page = await answer.text()
    assert answer.status == 422
    assert said in page.replace("\xa0", " ").replace("\u202f", " "), page
    found = re.search(r'name="sure" value="(\w+)"', page)
    assert found
    return found[1]


async def again(admin: Person, page: str, **more: str) -> Any:
    sent = dict(filled_in(page)) | more
    return await admin.client.post(f"{HOME}/retention?lang=en", data=sent, allow_redirects=False)


@pytest.fixture
async def old(visited: Visited) -> None:
    """Two conversations and one ticket that rest for a hundred days, and a conversation of today."""
    for sender in ("a", "b"):
        await visited.conversation(sender, ["dag"], handed=sender == "a")
    rested = visited.clock() - 100 * DAY

    def rest(connection: Any) -> None:
        connection.execute(update(conversations).values(updated_at=rested, owner="bot"))
        connection.execute(update(tickets).values(updated_at=rested, status="solved"))

    await visited.site.database.write(rest)
    await visited.conversation("c", ["dag"], handed=False)


async def test_a_shorter_term_is_kept_once_its_box_is_ticked(visited: Visited, old: None) -> None:
    admin = await visited.as_("admin")
    answer = await send(admin, "retention", conversations="90", tickets="90")
    sure = await asked(answer, "2 conversations and 1 ticket go for good")
    page = await answer.text()
    assert visited.site.agreements.retention.conversations == 730, "nothing was kept yet"
    assert (await again(admin, page)).status == 422, "without the tick it asks again"
    other = await again(admin, page, sure=sure, conversations="200")
    await asked(other, "0 conversations and 1 ticket go for good")
    await saved(await again(admin, page, sure=sure))
    assert visited.site.agreements.retention.conversations == 90


async def test_what_is_not_shorter_is_kept_without_asking(visited: Visited, old: None) -> None:
    admin = await visited.as_("admin")
    await saved(await send(admin, "retention", conversations="731", tickets=""))


@pytest.mark.parametrize(("language", "one"), [("nl", "1 dag<"), ("fr", "1 jour<"), ("en", "1 day<")])
async def test_going_back_to_a_file_with_shorter_terms_asks_too(
    visited: Visited, old: None, language: str, one: str
) -> None:
    admin = await visited.as_("admin")
    await saved(await send(admin, "retention", tickets=""))
    answer = await admin.post(f"{HOME}/forget?lang=en", {"file": "policy/retention.yml"})
    sure = await asked(answer, "0 conversations and 0 tickets go for good")
    await saved(await again(admin, await answer.text(), sure=sure))
    assert visited.site.agreements.retention.tickets == 1095
    answer = await send(admin, "retention", deliveries="1")
    sure = await asked(answer, "go for good")
    await saved(await again(admin, await answer.text(), sure=sure))
    assert one in (await admin.text(f"{HOME}?lang={language}")).replace("\xa0", " ").replace("\u202f", " ")
