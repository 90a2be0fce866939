"""Pages as everybody can use them: what axe-core finds, and nothing that is wider than the window."""

from __future__ import annotations

from pathlib import Path

from playwright.async_api import Page

AXE = Path(__file__).parent / "vendor" / "axe.min.js"
HAS_AXE = AXE.exists()
NO_AXE = "axe-core is not there: python hatch_build.py"


async def no_violations(page: Page, what: str) -> None:
    """axe finds nothing; it is loaded into the page where it is not there yet."""
    if not await page.evaluate("'axe' in globalThis"):
        await page.evaluate(AXE.read_text())
    found = await page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    told = [
        (each["impact"], each["id"], [node["html"][:160] + node["failureSummary"] for node in each["nodes"]])
        for each in found["violations"]
    ]
    assert told == [], what


async def is_for_all(page: Page, what: str) -> None:
    """No violation, and no scrolling sideways."""
    await no_violations(page, what)
    wide = await page.evaluate("document.documentElement.scrollWidth - innerWidth")
    assert wide <= 0, f"{what} is {wide} px too wide"
