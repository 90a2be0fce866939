"""What the journeys share: a browser, the real server with a desk that is always open, and people in it."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser, BrowserContext, async_playwright, expect

from tests.browser.people import Agent, Customer
from tests.fixtures_server import PASSWORD, Served, new_var
from tests.need import need

CHROMIUM = Path("/usr/bin/chromium")
HAS_CHROMIUM = CHROMIUM.exists()


@pytest.fixture(scope="module")
def server(trained: Path, open_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """One real server for a module's tests."""
    environment = {"BALIE_DATA": str(open_data), "BALIE_WEB__BURST": "0.3", "BALIE_LEASE": "2"}
    environment["BALIE_WEB__SUGGEST_WHILE_TYPING"] = "true"
    server = Served(new_var(trained, tmp_path_factory.mktemp("var")), environment)
    server.start()
    server.wait_ready(120)
    yield server
    server.stop()


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def browser() -> AsyncIterator[Browser]:
    need(HAS_CHROMIUM, "there is no /usr/bin/chromium: apt-get install chromium")
    expect.set_options(timeout=15_000)
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        await browser.close()
    expect.set_options(timeout=5_000)


@pytest.fixture(scope="module")
def els(server: Served) -> str:
    """A colleague of the administrator: her username."""
    command = ["user", "create", "els", "--name", "Els Maes", "--password-stdin", "--var", str(server.var)]
    subprocess.run(
        [sys.executable, "-m", "bot.app.cli", *command], input=f"{PASSWORD}\n", text=True, check=True,
        capture_output=True,
    )  # fmt: skip
    return "els"


LEAVES = "beforeunload"
"""The browser's own question, whether what was not sent may be lost; scripts of ours ask nothing."""

Contexts = Callable[..., Awaitable[BrowserContext]]


@pytest_asyncio.fixture(loop_scope="module")
async def contexts(browser: Browser) -> AsyncIterator[Contexts]:
    """Browser contexts of this test; a script's error or a dialog on any of their pages fails it."""
    opened: list[BrowserContext] = []
    problems: list[str] = []

    async def context(**options: Any) -> BrowserContext:
        context = await browser.new_context(**{"locale": "nl-BE", "reduced_motion": "reduce", **options})
        context.set_default_timeout(15_000)
        context.on("weberror", lambda error: problems.append(str(error.error)))
        context.on(
            "dialog", lambda dialog: dialog.type == LEAVES or problems.append(f"a dialog: {dialog.message}")
        )
        opened.append(context)
        return context

    yield context
    for each in opened:
        await each.close()
    assert problems == []


@pytest_asyncio.fixture(loop_scope="module")
async def customer(contexts: Contexts, server: Served) -> Callable[..., Awaitable[Customer]]:
    """A customer with the widget open on the demo page."""

    async def arrive(lang: str = "nl", **options: Any) -> Customer:
        page = await (await contexts(**options)).new_page()
        await page.goto(f"{server.url}/?lang={lang}")
        customer = Customer(page)
        await customer.open()
        return customer

    return arrive


@pytest_asyncio.fixture(loop_scope="module")
async def agent(contexts: Contexts, server: Served) -> Callable[..., Awaitable[Agent]]:
    """An agent who has logged in at the desk."""

    async def log_in(username: str = "admin", **options: Any) -> Agent:
        agent = Agent(await (await contexts(**options)).new_page(), server.url)
        await agent.log_in(username)
        return agent

    return log_in
