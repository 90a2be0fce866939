"""A widget on a page, its server, and what a customer does with it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web
from playwright.async_api import Page, expect

from channels.web.call import Telephone
from channels.web.settings import WebSettings
from tests.fixtures_web import Record, application

PHONE = {"width": 390, "height": 844}
YES_NO = [{"title": "Ja, dat klopt", "payload": "/affirm"}, {"title": "Nee", "payload": "/deny"}]
STEP = {
    "what": "Herstart de router.",
    "why": "Zo vraagt hij een nieuwe verbinding.",
    "expected": "Het lampje is groen.",
    "minutes": 3,
    "number": 2,
    "of": 4,
}

Visit = Callable[..., Awaitable[Page]]
"""Opens the page with the widget; `path` is what comes after the host, `options` are the browser context's."""


@dataclass
class Counter:
    """A server that can be stopped and started again at the same address."""

    record: Record
    settings: WebSettings = field(default_factory=lambda: WebSettings(burst=0))
    telephone: Telephone | None = None
    port: int = 0
    runner: web.AppRunner | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/"

    async def start(self) -> None:
        app, _ = application(self.record, self.settings, telephone=self.telephone)
        self.runner = web.AppRunner(app, shutdown_timeout=1)
        await self.runner.setup()
        site = web.TCPSite(self.runner, "127.0.0.1", self.port, reuse_address=True)
        await site.start()
        self.port = self.runner.addresses[0][1]

    async def stop(self) -> None:
        if self.runner is not None:
            await self.runner.cleanup()
            self.runner = None

    @property
    def conversation(self) -> str:
        [one] = self.record.items
        return one

    async def agent(self, text: str, **data: Any) -> None:
        await self.record.add(self.conversation, "agent", {"name": "Jan Peeters", **data}, text)


async def open_chat(page: Page) -> None:
    await page.locator(".launcher").click()
    await expect(page.get_by_role("dialog")).to_be_visible()


async def say(page: Page, text: str) -> None:
    await page.locator("textarea").fill(text)
    await page.locator("textarea").press("Enter")


def turns(page: Page, author: str) -> Any:
    return page.locator(f".turn.{author}")


async def answered(page: Page, text: str) -> None:
    await expect(turns(page, "bot").last).to_contain_text(f"U zei: {text}")
    await expect(turns(page, "customer").last).to_contain_text("Verzonden")
