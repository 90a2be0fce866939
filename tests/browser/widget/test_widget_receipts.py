"""How far the customer has it, as the widget tells: what arrived, what stood on the screen; nothing of a page that
nobody sees."""

from __future__ import annotations

import asyncio
import json

import pytest
from playwright.async_api import Page, expect

from channels.web.settings import WebSettings
from tests.browser.widget.talk import Counter, Visit, answered, open_chat, say, turns

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.asyncio(loop_scope="module")]

LONG = "\n".join(f"regel {n}" for n in range(40))
HIDE = """hidden => {
  Object.defineProperty(document, "hidden", { value: hidden, configurable: true });
  document.dispatchEvent(new Event("visibilitychange"));
}"""


async def kept(counter: Counter, got: int, seen: int) -> None:
    """Until the server knows that the customer has it so far."""
    record = counter.record
    async with asyncio.timeout(5):
        while (now := record.receipts.get(counter.conversation)) != (got, seen):
            assert now is None or (now[0] <= got and now[1] <= seen), now
            record.changed.clear()
            await record.changed.wait()


def frames(page: Page) -> list[dict[str, object]]:
    """What the widget sends from now on."""
    sent: list[dict[str, object]] = []
    page.on("websocket", lambda ws: ws.on("framesent", lambda data: sent.append(json.loads(data))))
    return sent


async def begun(counter: Counter, visit: Visit, **options: object) -> Page:
    """A page on which something was said and seen."""
    page = await visit(**options)
    await open_chat(page)
    await say(page, "Dag")
    await answered(page, "Dag")
    await kept(counter, 2, 2)
    return page


async def test_a_closed_chat_got_it_and_an_open_one_saw_it(counter: Counter, visit: Visit) -> None:
    page = await begun(counter, visit)
    await page.keyboard.press("Escape")
    await counter.agent("Dag, met Jan")
    await kept(counter, 3, 2)
    await page.locator(".launcher").click()
    await kept(counter, 3, 3)


async def test_what_is_below_the_edge_is_seen_when_it_is_scrolled_to(counter: Counter, visit: Visit) -> None:
    page = await begun(counter, visit)
    await counter.agent(LONG)
    await kept(counter, 3, 3)
    thread = page.locator(".scroll")
    await thread.evaluate("thread => thread.scrollTo(0, 0)")
    await counter.agent("En nog iets")
    await expect(turns(page, "agent").last).to_contain_text("En nog iets")
    await kept(counter, 4, 3)
    await thread.evaluate("thread => thread.scrollTo(0, thread.scrollHeight)")
    await kept(counter, 4, 4)


async def test_a_page_that_nobody_sees_tells_nothing(counter: Counter, visit: Visit) -> None:
    page = await begun(counter, visit)
    await page.clock.install()
    sent = frames(page)
    await page.reload()
    await expect(turns(page, "bot").last).to_be_visible()
    await page.evaluate(HIDE, True)
    sent.clear()
    await counter.agent("Bent u er nog?")
    await expect(turns(page, "agent").last).to_contain_text("Bent u er nog?")
    await page.clock.fast_forward(10_000)
    assert [frame for frame in sent if frame["type"] == "receipt"] == []
    assert counter.record.receipts[counter.conversation] == (2, 2)
    await page.evaluate(HIDE, False)
    await page.clock.fast_forward(2_000)
    await kept(counter, 3, 3)


async def test_a_new_line_is_told_again_what_the_old_one_may_have_lost(
    counter: Counter, visit: Visit
) -> None:
    page = await begun(counter, visit)
    await counter.stop()
    counter.record.receipts.clear()
    await counter.start()
    await kept(counter, 2, 2)
    await expect(turns(page, "bot").last).to_be_visible()


async def test_a_server_that_does_not_ask_is_not_told(counter: Counter, visit: Visit) -> None:
    await counter.stop()
    counter.settings = WebSettings(burst=0, receipts=False)
    await counter.start()
    page = await visit()
    await page.clock.install()
    sent = frames(page)
    await page.reload()
    await open_chat(page)
    await say(page, "Dag")
    await answered(page, "Dag")
    await page.clock.fast_forward(10_000)
    assert {frame["type"] for frame in sent} >= {"hello", "message"}
    assert "receipt" not in {frame["type"] for frame in sent}
