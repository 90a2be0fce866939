"""Who takes part in a journey: a customer at the widget and an agent at the desk, as their pages show them."""

from __future__ import annotations

import re
from dataclasses import dataclass

import pytest
from playwright.async_api import Locator, Page, expect

from tests.fixtures_server import PASSWORD

PHONE = {"width": 390, "height": 844}
WIDE = {"width": 1280, "height": 800}
LOOKS = [
    pytest.param({"viewport": WIDE, "color_scheme": "light"}, id="light"),
    pytest.param({"viewport": WIDE, "color_scheme": "dark"}, id="dark"),
    pytest.param({"viewport": PHONE, "color_scheme": "light"}, id="phone-light"),
    pytest.param({"viewport": PHONE, "color_scheme": "dark"}, id="phone-dark"),
]


@dataclass
class Customer:
    """Somebody at the widget."""

    page: Page

    async def open(self) -> None:
        await self.page.locator(".launcher").click()
        await expect(self.page.get_by_role("dialog")).to_be_visible()

    async def type(self, text: str) -> None:
        await self.page.locator("textarea").fill(text)
        await self.page.locator("textarea").press("Enter")

    async def say(self, text: str) -> None:
        """Says it and sees that it arrived."""
        await self.type(text)
        await expect(self.turns("customer").last).to_contain_text("Verzonden")

    async def press(self, name: str) -> None:
        await self.page.get_by_role("button", name=name, exact=True).click()

    def turns(self, author: str) -> Locator:
        return self.page.locator(f".turn.{author}")

    async def hears(self, text: str | re.Pattern[str], author: str = "bot") -> None:
        """That this is what was said last."""
        await expect(self.turns(author).last).to_contain_text(text)

    async def bubbles(self, author: str = "customer") -> list[str]:
        return await self.turns(author).locator(".bubble").all_inner_texts()

    async def handed_over(self) -> str:
        """Asks for a person; the number of the ticket."""
        await self.press("Praat met een medewerker")
        await self.press("Overslaan")
        await self.hears("uw ticket is", "system")
        [number] = re.findall(r"uw ticket is (\d+)", await self.turns("system").last.inner_text())
        return number


@dataclass
class Agent:
    """Somebody at the desk."""

    page: Page
    url: str

    async def log_in(self, username: str = "admin", password: str = PASSWORD) -> None:
        await self.page.goto(f"{self.url}/desk")
        await self.page.get_by_test_id("username").fill(username)
        await self.page.get_by_test_id("password").fill(password)
        await self.page.get_by_test_id("login").click()
        await expect(self.page.locator("desk-feed")).to_have_attribute("data-state", "live")

    def see(self, test_id: str) -> Locator:
        return self.page.get_by_test_id(test_id)

    async def open(self, ticket: str) -> None:
        """Finds a conversation by its ticket and opens it."""
        await self.page.goto(f"{self.url}/desk?view=all&q=%23{ticket}")
        await self.see("desk-item").click()
        await expect(self.see("ticket-number")).to_have_text(f"#{ticket}")

    async def claim(self) -> None:
        await self.see("claim").click()
        await expect(self.see("standing")).to_have_text("Van mij")

    async def reply(self, text: str) -> None:
        await self.see("reply-text").fill(text)
        await self.see("reply-send").click()
        await expect(self.see("turn-agent").last).to_contain_text(text)

    async def note(self, text: str) -> None:
        await self.see("tab-note").click()
        await self.see("note-text").fill(text)
        await self.see("note-send").click()
        await expect(self.see("turn-note").last).to_contain_text(text)

    async def transfer(self, to: str, note: str = "") -> None:
        """Hands it to somebody or something, by the name that the list shows (or begins with)."""
        await self.see("open-transfer").click()
        options = self.see("transfer-to").locator("option")
        names = await options.all_inner_texts()
        await self.see("transfer-to").select_option(next(name for name in names if name.startswith(to)))
        await self.see("transfer-note").fill(note)
        await self.see("transfer").click()
        await expect(self.page.locator("#transfer")).not_to_be_visible()

    async def resolve(self, solution: str) -> None:
        if not await self.see("solution").is_visible():
            await self.see("open-resolve").click()
        await self.see("solution").fill(solution)
        await self.see("resolve").click()
        await expect(self.see("standing")).to_have_text("Afgerond")
