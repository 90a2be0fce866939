"""The widget's server over a record in memory (tests/fixtures_web.py), and visits to its page."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser, BrowserContext, Page, expect

from bot.bus.local import LocalBus
from bot.model.messages import InboundMessage
from tests.browser.widget.talk import YES_NO, Counter, Visit
from tests.fixtures_web import Record


@pytest.fixture(scope="module")
def browser(browser: Browser) -> Browser:
    """The journeys' browser; here nothing slow stands behind a page."""
    expect.set_options(timeout=5_000)
    return browser


@pytest_asyncio.fixture(loop_scope="module")
async def counter() -> AsyncIterator[Counter]:
    def answer(message: InboundMessage) -> list[tuple[str, dict[str, Any], str]]:
        return [("bot", {"replies": YES_NO}, f"U zei: {message.text}. Klopt dat?")]

    counter = Counter(Record(LocalBus(), answer=answer))
    await counter.start()
    yield counter
    await counter.stop()


@pytest_asyncio.fixture(loop_scope="module")
async def visit(browser: Browser, counter: Counter) -> AsyncIterator[Visit]:
    contexts: list[BrowserContext] = []
    problems: list[str] = []

    async def visited(path: str = "?lang=nl", **options: Any) -> Page:
        context = await browser.new_context(**{"locale": "nl-BE", "reduced_motion": "reduce", **options})
        contexts.append(context)
        page = await context.new_page()
        page.set_default_timeout(20_000)
        page.on("pageerror", lambda error: problems.append(str(error)))
        await page.goto(counter.url + path)
        return page

    yield visited
    for context in contexts:
        await context.close()
    assert problems == []
