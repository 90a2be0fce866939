"""Calling a customer back from the desk, in a browser: by keyboard, on a phone, and what became of it is read."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Page, expect

from bot.service.outgoing import Allowed
from bot.store.database import Database
from bot.store.migrations import migrate
from channels.phone.rest import RestSettings, TwilioRest
from tests.browser.axe import is_for_all
from tests.browser.conftest import Contexts
from tests.browser.people import PHONE, Agent
from tests.fixtures_pages import PASSWORD, Visited, served
from tests.twilio_rest_peer import ACCOUNT, SECRET, Peer, twilio_peer

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.asyncio(loop_scope="module")]

THEIRS = "+32470123456"


@dataclass
class Helpdesk:
    """The pages, and Twilio beside them."""

    pages: Visited
    peer: Peer


@pytest_asyncio.fixture(loop_scope="module")
async def helpdesk(tmp_path: Path) -> AsyncIterator[Helpdesk]:
    database = Database.open(f"sqlite:///{tmp_path / 'balie.db'}")
    migrate(database)
    async with served(database) as pages, twilio_peer() as peer:
        rest = RestSettings(ACCOUNT, SECRET, "+3225551234", "https://x.example.org/webhooks/twilio_voice")
        pages.site.outgoing.carrier = TwilioRest(rest, base=peer.base)
        pages.site.outgoing.allowed = Allowed(frozenset({"BE"}), 5, 5)
        yield Helpdesk(pages, peer)
    await database.close()


async def at(helpdesk: Helpdesk, contexts: Contexts, **options: object) -> Agent:
    """An agent at a conversation of their own, whose customer has a number."""
    id_ = await helpdesk.pages.conversation("c1", ["mijn internet ligt plat"], contact=THEIRS)
    page: Page = await (await contexts(**options)).new_page()
    desk = Agent(page, str(helpdesk.pages.server.make_url("/")).rstrip("/"))
    await desk.log_in("els", PASSWORD)
    await page.goto(f"{desk.url}/desk/c/{id_}?lang=nl")
    return desk


async def test_by_keyboard(helpdesk: Helpdesk, contexts: Contexts) -> None:
    desk = await at(helpdesk, contexts, viewport={"width": 1400, "height": 900})
    await desk.see("call-back").focus()
    await desk.page.keyboard.press("Enter")
    await expect(desk.see("call-number")).to_have_text(THEIRS)
    await expect(desk.see("call")).to_be_focused()
    await desk.page.keyboard.press("Enter")
    await expect(desk.see("called")).to_have_attribute("data-state", "placed")
    await expect(desk.see("called")).to_contain_text(f"{THEIRS} wordt gebeld")
    assert len(helpdesk.peer.asked) == 1
    await desk.page.keyboard.press("Escape")
    await expect(desk.page.locator("#call")).not_to_be_visible()
    await expect(desk.see("turn-note").last).to_contain_text(f"laat de klant bellen op {THEIRS}")


async def test_a_call_can_be_asked_for_again_when_the_question_is_put_again(
    helpdesk: Helpdesk, contexts: Contexts
) -> None:
    desk = await at(helpdesk, contexts, viewport={"width": 1400, "height": 900})
    helpdesk.peer.answer = "cut"
    await desk.see("call-back").click()
    await desk.see("call").click()
    await expect(desk.see("called")).to_have_attribute("data-state", "unknown")
    await desk.see("call-close").click()
    helpdesk.peer.answer = "created"
    await desk.see("call-back").click()
    await desk.see("call").click()
    await expect(desk.see("called")).to_have_attribute("data-state", "placed")
    assert len(helpdesk.peer.asked) == 2


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_on_a_phone(helpdesk: Helpdesk, contexts: Contexts, scheme: str) -> None:
    desk = await at(helpdesk, contexts, viewport=PHONE, color_scheme=scheme, bypass_csp=True)
    await desk.page.locator("[data-panel]").click()
    await desk.see("call-back").click()
    await expect(desk.see("call-number")).to_be_visible()
    await is_for_all(desk.page, "whom to call")
    await desk.see("call").click()
    await expect(desk.see("called")).to_be_visible()
    await is_for_all(desk.page, "what became of it")
