"""`make screenshots`: every page in light and dark, on a desktop and on a phone, from a helpdesk's morning that is
played against the real server. To be looked at; they go to .cache/screenshots, the README's to docs/img.
"""

from __future__ import annotations

import argparse
import asyncio
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Literal

from playwright.async_api import Browser, Page, ViewportSize, async_playwright
from tqdm import tqdm

from bot.app.content import DEFAULT_DATA
from nlu.train import train
from tests.browser.conftest import CHROMIUM
from tests.browser.people import PHONE, Agent, Customer
from tests.fixtures_server import ALWAYS, CACHE, PASSWORD, Served, new_var

Scheme = Literal["light", "dark"]

ROOT = Path(__file__).resolve().parent.parent
OUT = ROOT / ".cache" / "screenshots"
WIDE: ViewportSize = {"width": 1360, "height": 850}
NARROW: ViewportSize = {"width": PHONE["width"], "height": PHONE["height"]}
BEST = {
    "desk-light": "desk.png",
    "widget-light": "widget.png",
    "review-one-light": "review.png",
}
"""The README's, by the name that they have here."""

TALKS: Sequence[tuple[str, Sequence[str]]] = (
    ("sofie", ("Mijn printer drukt niet meer af", "foutmelding", "ja", "ik wil een medewerker spreken", "Sofie P., toestel 214")),
    ("luc", ("Bonjour, je n'arrive plus à me connecter au VPN", "oui", "je veux parler à quelqu'un", "Luc D., luc@example.be")),
    ("ann", ("I clicked on a link in a strange mail", "yes", "Ann B., ann@example.be")),
    ("wim", ("Mijn scherm blijft zwart", "laptop", "nee", "medewerker graag", "overslaan")),
    ("nora", ("Ik ben mijn wachtwoord vergeten", "mijn werkaccount", "ja", "ja het is opgelost", "5")),
    ("jan", ("De wifi is traag", "traag", "gsm", "1", "ja", "opgelost", "4")),
    ("fien", ("Ik wacht al drie dagen op een antwoord, dit is niet ernstig!", "ja", "Fien V., 0470 00 00 00")),
    ("piet", ("Wat eten we vanavond?", "zomaar", "laat maar")),
)  # fmt: skip


def play(server: Served) -> None:
    """Customers of the morning, over REST."""
    for sender, texts in tqdm(TALKS, desc="customers"):
        for text in texts:
            server.say(sender, text)


async def answered(desk: Agent) -> None:
    """The agent has dealt with one, and has another in hand."""
    page = desk.page
    await page.goto(f"{desk.url}/desk?q=wim")
    await page.goto(f"{desk.url}/desk?view=all&sort=newest")
    await desk.see("desk-item").last.click()
    await desk.claim()
    await desk.reply("Dag, ik kijk het meteen na.")
    await desk.see("open-resolve").click()
    await desk.see("as-article").check()
    await desk.resolve("Stuurprogramma van de printer opnieuw geplaatst.")


async def in_hand(server: Served, browser: Browser) -> tuple[Customer, Agent, str]:
    """A customer in the widget and an agent who has the conversation; its address."""
    context = await browser.new_context(locale="nl-BE", viewport=WIDE, reduced_motion="reduce")
    chat = Customer(await context.new_page())
    await chat.page.goto(f"{server.url}/?lang=nl")
    await chat.open()
    for text, heard in (
        ("Ik heb geen wifi meer op de tweede verdieping", "Wat gebeurt er"),
        ("Verbinding valt weg", "Op welk toestel"),
        ("laptop", "Wie heeft er"),
        ("Meerdere mensen", "Klopt dat?"),
        ("ja", "Stap 1"),
    ):
        await chat.say(text)
        await chat.hears(heard)
    await chat.say("nee")
    await chat.hears("Stap 2")
    await chat.page.screenshot(path=OUT / "widget-light.png")
    await chat.press("Praat met een medewerker")
    await chat.hears("Op welke naam")
    await chat.say("Sofie Peeters, sofie@example.be")
    await chat.hears("uw ticket is", "system")
    [number] = re.findall(r"uw ticket is (\d+)", await chat.turns("system").last.inner_text())
    desk = Agent(await (await browser.new_context(locale="nl-BE", viewport=WIDE)).new_page(), server.url)
    await desk.log_in()
    await answered(desk)
    await desk.open(number)
    await desk.claim()
    await desk.reply("Dag, ik zie dat u de eerste stappen al deed. Ik start het toegangspunt opnieuw.")
    await desk.note("Toegangspunt 2.14 viel vorige week ook uit, @els kijk jij mee?")
    await chat.say("Top, ik wacht even.")
    await desk.see("turn-customer").last.filter(has_text="Top").wait_for()
    return chat, desk, desk.page.url.partition("?")[0]


SHOWN: Mapping[str, str] = {
    "demo": "/?lang=nl", "help": "/help/nl/", "help-search": "/help/nl/search?q=wifi",
    "article": "/help/nl/connect-to-wifi", "error": "/there-is-no-such-page",
    "desk-list": "/desk?view=all", "review": "/review", "queue": "/review/queue", "corrections": "/review/corrections",
    "drafts": "/review/drafts", "figures": "/review/figures", "administration": "/admin/people",
    "tokens": "/admin/tokens", "audit": "/admin/audit", "health": "/admin/health", "agreements": "/admin/agreements",
    "hours": "/admin/agreements/hours", "team": "/admin/agreements/team/network",
    "reply": "/admin/agreements/reply/hello", "macro": "/admin/agreements/macro/security-incident",
    "routing": "/admin/agreements/routing", "retention": "/admin/agreements/retention",
    "presence": "/admin/agreements/presence", "people": "/people?q=luc%40example.be",
    "account": "/account",
}  # fmt: skip
"""Every page whose address is known beforehand, by the name of its picture."""


async def pages_of(page: Page, server: Served, opened: str) -> dict[str, str]:
    """Those, and the pages of one conversation, one ticket, one person and one draft."""
    id_ = opened.rsplit("/", 1)[-1]
    found = {name: server.url + path for name, path in SHOWN.items()}
    found |= {"desk": f"{server.url}/desk/c/{id_}?view=all", "review-one": f"{server.url}/review/{id_}"}
    await page.goto(found["desk"])
    found["ticket"] = await page.get_by_test_id("ticket-link").input_value()
    for name, listed, link in (
        ("person", "administration", "main a[href^='/admin/people/']"),
        ("draft", "drafts", "main a[href^='/review/drafts/']"),
    ):
        await page.goto(found[listed])
        found[name] = f"{server.url}{await page.locator(link).first.get_attribute('href')}"
    return found


async def take(browser: Browser, server: Served, opened: str) -> None:
    """All pages in all looks."""
    schemes: tuple[Scheme, ...] = ("light", "dark")
    looks: list[tuple[Scheme, str]] = [(scheme, size) for scheme in schemes for size in ("", "-phone")]
    for scheme, size in tqdm(looks, desc="looks"):
        context = await browser.new_context(
            locale="nl-BE", viewport=NARROW if size else WIDE, color_scheme=scheme, reduced_motion="reduce"
        )
        page = await context.new_page()
        await _shoot(page, f"{server.url}/desk/login", f"login-{scheme}{size}")
        await Agent(page, server.url).log_in()
        for name, url in (await pages_of(page, server, opened)).items():
            await _shoot(page, url, f"{name}-{scheme}{size}")
        await context.close()


async def _shoot(page: Page, url: str, name: str) -> None:
    await page.goto(url, wait_until="networkidle" if "/desk" not in url else "load")
    await page.wait_for_timeout(400)  # what is drawn after the load: charts, the feed's first list
    await page.screenshot(path=OUT / f"{name}.png")


async def browse(server: Served) -> None:
    """Play the rest in browsers, and take the pictures."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        _, _, opened = await in_hand(server, browser)
        await take(browser, server, opened)
        await browser.close()


def main() -> None:
    """Serve, play, look."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--keep", action="store_true", help="leave the README's pictures as they are")
    given = parser.parse_args()
    shutil.rmtree(OUT, ignore_errors=True)
    OUT.mkdir(parents=True)
    train(DEFAULT_DATA, CACHE / "models", progress=True)
    with tempfile.TemporaryDirectory() as made:
        data = Path(made) / "data"
        shutil.copytree(DEFAULT_DATA, data)
        (data / "policy" / "hours.yml").write_text(ALWAYS)
        server = Served(
            new_var(CACHE, Path(made) / "var"), {"BALIE_DATA": str(data), "BALIE_WEB__BURST": "0.3"}
        )
        server.start()
        try:
            server.wait_ready(120)
            _colleague(server)
            play(server)
            asyncio.run(browse(server))
        finally:
            server.stop()
    for name, file in ({} if given.keep else BEST).items():
        shutil.copy(OUT / f"{name}.png", ROOT / "docs" / "img" / file)
    print(f"{len(list(OUT.glob('*.png')))} pictures in {OUT.relative_to(ROOT)}")


def _colleague(server: Served) -> None:
    command = ["user", "create", "els", "--name", "Els Maes", "--password-stdin", "--var", str(server.var)]
    subprocess.run(
        [sys.executable, "-m", "bot.app.cli", *command], input=f"{PASSWORD}\n", text=True, check=True,
        capture_output=True,
    )  # fmt: skip


if __name__ == "__main__":
    main()
