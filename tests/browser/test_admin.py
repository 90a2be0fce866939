"""A colleague's first day, in the browser: invited, in, a second step, another password, and out again."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable

import pyotp
import pytest
from playwright.async_api import BrowserContext, Page, expect

from bot.web.totp import SECONDS
from tests.browser.people import Agent
from tests.fixtures_server import Served

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.asyncio(loop_scope="module")]

FIRST, SECOND = "een zin als wachtwoord", "een andere zin als wachtwoord"


async def log_in(page: Page, url: str, password: str) -> None:
    await page.goto(f"{url}/desk/login")
    await page.get_by_test_id("username").fill("nele")
    await page.get_by_test_id("password").fill(password)
    await page.get_by_test_id("login").click()


async def test_from_an_invitation_to_a_login_in_two_steps(
    agent: Callable[..., Awaitable[Agent]],
    contexts: Callable[..., Awaitable[BrowserContext]],
    server: Served,
) -> None:
    admin = await agent()
    await admin.page.get_by_role("link", name="Beheer").click()
    await admin.see("invite-name").fill("Nele Peeters")
    await admin.see("invite-username").fill("nele")
    await admin.see("invite-role").select_option("reviewer")
    await admin.see("invite").click()
    link = await admin.see("once").input_value()

    page = await (await contexts()).new_page()
    await page.goto(link)
    await page.get_by_test_id("new").fill(FIRST)
    await page.get_by_test_id("again").fill(FIRST)
    await page.get_by_test_id("welcome").click()
    await page.wait_for_url("**/review")

    await page.get_by_test_id("account").click()
    await page.get_by_test_id("menu-account").click()
    await page.get_by_test_id("proof").fill(FIRST)
    await page.get_by_test_id("two-step-go").click()
    picture = page.get_by_role("img", name="QR-code")
    assert await picture.evaluate("image => image.decode().then(() => image.naturalWidth > 0)")
    app = pyotp.TOTP((await page.get_by_test_id("secret").inner_text()).replace(" ", ""))
    # A code counts once, and none before it: each login here takes the code of a later step.
    step = int(time.time()) // SECONDS
    await page.get_by_test_id("code").fill(app.generate_otp(step))
    await page.get_by_test_id("confirm").click()
    codes = await page.get_by_test_id("codes").locator("li").all_inner_texts()
    await page.get_by_test_id("codes-kept").click()
    await expect(page.get_by_test_id("two-step-state")).to_have_text("Aan")

    elsewhere = await (await contexts()).new_page()
    await log_in(elsewhere, server.url, FIRST)
    await elsewhere.get_by_test_id("code").fill(app.generate_otp(step))
    await elsewhere.get_by_test_id("code-go").click()
    await expect(elsewhere.get_by_test_id("code-problem")).to_be_visible()
    await elsewhere.get_by_test_id("code").fill(app.generate_otp(step + 1))
    await elsewhere.get_by_test_id("code-go").click()
    await elsewhere.wait_for_url("**/review")

    await page.reload()
    await expect(page.get_by_test_id("login")).to_have_count(2)
    await page.get_by_test_id("old").fill(FIRST)
    await page.get_by_test_id("new").fill(SECOND)
    await page.get_by_test_id("again").fill(SECOND)
    await page.get_by_test_id("change").click()
    await expect(page.get_by_test_id("done")).to_be_visible()
    await expect(page.get_by_test_id("login")).to_have_count(1)
    await elsewhere.goto(f"{server.url}/review")
    await expect(elsewhere.get_by_test_id("login-form")).to_be_visible()
    await log_in(elsewhere, server.url, SECOND)
    await elsewhere.get_by_test_id("code").fill(codes[0])
    await elsewhere.get_by_test_id("code-go").click()
    await elsewhere.wait_for_url("**/review")

    await admin.page.goto(f"{server.url}/admin/people")
    await admin.page.get_by_role("link", name="Nele Peeters").click()
    await admin.see("disable-sure").click()
    await admin.see("disable").click()
    await expect(admin.see("enable")).to_be_visible()
    await page.reload()
    await expect(page.get_by_test_id("login-form")).to_be_visible()
    await admin.page.goto(f"{server.url}/admin/audit")
    await expect(admin.see("audit-line").first).to_contain_text("Administrator blokkeerde Nele Peeters")


async def test_health_is_drawn_again_by_itself(
    agent: Callable[..., Awaitable[Agent]], server: Served
) -> None:
    admin = await agent()
    await admin.page.clock.install()
    await admin.page.goto(f"{server.url}/admin/health")
    await expect(admin.see("health-state")).to_contain_text("Alles werkt")
    async with admin.page.expect_response("**/admin/health/now") as answer:
        await admin.page.clock.run_for(11_000)
    assert (await answer.value).status == 200
    await expect(admin.page.locator("#health > .admin-cards")).to_have_count(1)
