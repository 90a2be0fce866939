"""A lead looks at the figures: charts over their tables, filters, the funnel of a scenario, a file; for all."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Locator, Page, expect

from tests.browser.axe import HAS_AXE, NO_AXE, is_for_all
from tests.browser.people import LOOKS, PHONE, Agent, Customer
from tests.browser.test_every_page import guided
from tests.need import need

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.asyncio(loop_scope="module")]

Arrive = Callable[..., Awaitable[Customer]]
LogIn = Callable[..., Awaitable[Agent]]


async def opened(customer: Arrive, agent: LogIn, **look: Any) -> tuple[Page, list[str]]:
    """The figures after one conversation, by the way that a lead takes, and what the browser complains of."""
    await guided(await customer())
    page = (await agent(**look)).page
    complaints: list[str] = []
    page.on("console", lambda line: complaints.append(line.text) if line.type == "error" else None)
    await page.get_by_role("link", name="Cijfers", exact=True).click()
    await expect(page.get_by_test_id("funnel")).to_be_visible()
    return page, complaints


def figure(page: Page, name: str) -> Locator:
    return page.get_by_test_id(f"figure-{name}")


async def cells(page: Page, name: str) -> list[str]:
    return await figure(page, name).locator("tbody tr").first.locator("th, td").all_inner_texts()


async def test_the_charts_draw_what_the_tables_say(customer: Arrive, agent: LogIn) -> None:
    page, complaints = await opened(customer, agent)
    [_, total, *_] = await cells(page, "channels")
    assert int(total) >= 1
    bar = figure(page, "channels").locator("svg rect.bar").first
    await expect(bar.locator("title")).to_have_text(f"Webchat · Contacten: {total}")
    await expect(page.get_by_test_id("tile-total")).to_contain_text(total)
    await expect(figure(page, "days").locator("svg .axis .tick").first).to_be_attached()
    assert await figure(page, "satisfaction").locator("figure-chart").count() == 0, "nobody gave a score"
    await expect(page.get_by_test_id("none-satisfaction")).to_be_visible()
    assert complaints == [], "the strict policy lets everything through"


async def test_charts_take_their_colours_from_the_page(customer: Arrive, agent: LogIn) -> None:
    page, _ = await opened(customer, agent)
    bar = figure(page, "channels").locator("svg rect.bar").first
    light = await bar.evaluate("bar => getComputedStyle(bar).fill")
    await page.emulate_media(color_scheme="dark")
    await expect(bar).not_to_have_css("fill", light)
    wide = await bar.evaluate("bar => bar.ownerSVGElement.clientWidth")
    await page.set_viewport_size(PHONE)
    await expect(figure(page, "channels").locator("figure-chart svg")).not_to_have_attribute(
        "width", str(wide)
    )
    assert await page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    outside = """texts => texts.filter(text => {
        const [own, whole] = [text, text.ownerSVGElement].map(each => each.getBoundingClientRect());
        return own.left < whole.left - 1 || own.right > whole.right + 1 || text.textContent.includes("…");
    }).map(text => text.textContent)"""
    assert await page.locator("figure-chart svg .axis text").evaluate_all(outside) == [], "names are whole"


async def test_filters_the_funnel_and_a_file_by_keyboard(
    customer: Arrive, agent: LogIn, tmp_path: Path
) -> None:
    page, _ = await opened(customer, agent)
    await expect(page.get_by_test_id("funnel-flow")).to_have_value("wifi_problem")
    await expect(figure(page, "funnel").locator("tbody")).to_contain_text("Wat er gebeurt")
    await page.get_by_test_id("funnel-flow").focus()
    await page.get_by_test_id("funnel-flow").select_option("vpn_problem")
    await expect(page.get_by_test_id("none-funnel")).to_be_visible()
    await expect(page.get_by_test_id("funnel-flow")).to_be_focused()
    await page.context.set_offline(True)
    await page.get_by_test_id("funnel-flow").select_option("wifi_problem")
    await expect(page.get_by_test_id("toast")).to_contain_text("Er is geen verbinding")
    await page.context.set_offline(False)
    await expect(page.get_by_test_id("toast")).to_have_count(0)
    await page.get_by_test_id("shortcut-7").focus()
    await page.keyboard.press("Enter")
    await expect(page.get_by_test_id("shortcut-7")).to_have_attribute("aria-current", "true")
    numbers = figure(page, "intents").locator("summary")
    await numbers.focus()
    async with page.expect_download() as download:
        await page.get_by_test_id("file-channels").press("Enter")
    saved = tmp_path / "channels.csv"
    await (await download.value).save_as(saved)
    assert saved.read_text(encoding="utf-8-sig").startswith("Kanaal;Contacten;")
    await page.locator("#f-until").fill("2020-01-01")
    await page.locator("#f-since").fill("2019-12-01")
    await page.get_by_test_id("figures-go").press("Enter")
    await expect(page.get_by_test_id("figures-empty")).to_be_visible()


@pytest.mark.parametrize("look", LOOKS)
async def test_the_figures_are_for_all(customer: Arrive, agent: LogIn, look: dict[str, Any]) -> None:
    need(HAS_AXE, NO_AXE)
    page, _ = await opened(customer, agent, **look)
    for fold in await page.locator("details.fold:not([open]) summary").all():
        await fold.click()
    await is_for_all(page, "figures")


@pytest.mark.parametrize("language", ["nl", "fr", "en"])
async def test_no_column_is_hidden_without_a_sign(customer: Arrive, agent: LogIn, language: str) -> None:
    """Beside one another the tables fit; on a phone what does not fit has a bar that says so."""
    page, _ = await opened(customer, agent, viewport={"width": 1360, "height": 900})
    await page.goto(f"{page.url.partition('?')[0]}?lang={language}")
    await expect(page.get_by_test_id("funnel")).to_be_visible()
    await page.evaluate("document.querySelectorAll('details.fold').forEach((each) => { each.open = true; })")
    boxes = "boxes => boxes.filter({}).map((box) => box.closest('.figure').id)"
    tables = page.locator(".figure .table-scroll")
    wide = "(box) => box.scrollWidth > box.clientWidth"
    assert await tables.evaluate_all(boxes.format(wide)) == []
    await page.set_viewport_size(PHONE)
    # Playwright hides the bars themselves.
    bars = "boxes => boxes.map((box) => getComputedStyle(box, '::-webkit-scrollbar').height)"
    assert set(await tables.evaluate_all(bars)) == {"10px"}
    assert await page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
