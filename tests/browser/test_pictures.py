"""Pictures in a conversation, as people send and see them, at the real server."""

from __future__ import annotations

import io
import os
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from PIL import Image, ImageDraw
from playwright.async_api import Dialog, Error, Locator, Page, expect

from tests.browser.axe import is_for_all
from tests.browser.people import PHONE, Agent, Customer
from tests.browser.test_desk_day import taken

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.asyncio(loop_scope="module")]

Arrive = Callable[..., Awaitable[Customer]]
LogIn = Callable[..., Awaitable[Agent]]

PASTE = """async (element, [name, type, bytes, text]) => {
  const clipboardData = new DataTransfer();
  if (bytes) clipboardData.items.add(new File([new Uint8Array(bytes)], name, { type }));
  if (text) clipboardData.setData('text/plain', text);
  const event = new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true });
  return element.dispatchEvent(event);
}"""
DROP = """(element, [name, type, bytes]) => {
  const dataTransfer = new DataTransfer();
  dataTransfer.items.add(new File([new Uint8Array(bytes)], name, { type }));
  const over = new DragEvent('dragover', { dataTransfer, bubbles: true, cancelable: true });
  const stays = !element.dispatchEvent(over);
  element.dispatchEvent(new DragEvent('drop', { dataTransfer, bubbles: true, cancelable: true }));
  return stays;
}"""


def screenshot(width: int = 900, height: int = 600) -> bytes:
    """A screen with letters on it."""
    image = Image.new("RGB", (width, height), "#f4f6f8")
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 0, width, 48), fill="#1f4f7a")
    for line in range(80, height - 20, 36):
        draw.text((30, line), f"DNS_PROBE_FINISHED_NXDOMAIN {line}", fill="#20242a")
    made = io.BytesIO()
    image.save(made, "PNG")
    return made.getvalue()


async def paste(
    place: Locator, content: bytes | None, name: str = "image.png", type_: str = "image/png", text: str = ""
) -> bool:
    return await place.evaluate(PASTE, [name, type_, list(content) if content else None, text])


async def shown(image: Locator) -> None:
    """It is there, and whole."""
    await image.scroll_into_view_if_needed()
    await expect(image).to_be_visible()
    await image.evaluate("image => image.decode()")
    assert await image.evaluate("image => image.naturalWidth") > 0


async def test_an_agent_pastes_a_screenshot_and_the_customer_sees_it(customer: Arrive, agent: LogIn) -> None:
    chat, desk, _ = await taken(customer, agent)
    text = desk.see("reply-text")
    await paste(text, screenshot())
    chosen = desk.see("picture-chosen")
    await expect(chosen).to_be_visible()
    await expect(chosen.locator("canvas")).to_have_attribute("aria-label", "image.png")
    await fit_for_all(desk.page)
    await text.fill("Hier vindt u de knop")
    await text.press("Enter")
    await expect(chosen).to_be_hidden()
    await expect(text).to_have_value("")
    line = desk.see("turn-agent").last
    await expect(line).to_contain_text("Hier vindt u de knop")
    await shown(line.locator("img"))
    await fit_for_all(desk.page)
    turn = chat.turns("agent").last
    await expect(turn).to_contain_text("Hier vindt u de knop")
    await shown(turn.locator("img"))
    await expect(turn.locator("img")).to_have_attribute("alt", "image.png")
    async with chat.page.context.expect_page() as opened:
        await turn.locator("a.picture").click()
    large = await opened.value
    await large.wait_for_load_state()
    assert await large.evaluate("() => window.opener") is None
    assert await large.locator("img").evaluate("image => image.naturalWidth") == 900
    await chat.page.reload()
    await shown(chat.turns("agent").last.locator("img"))


async def test_a_picture_is_dropped_taken_away_and_dropped_again(customer: Arrive, agent: LogIn) -> None:
    chat, desk, _ = await taken(customer, agent)
    drop = [screenshot(300, 700), "foto van router.png"]
    transcript = desk.see("transcript")
    for again in (True, False):
        stays = await transcript.evaluate(DROP, [drop[1], "image/png", list(drop[0])])
        assert stays, "else the browser goes to the file"
        await expect(desk.see("picture-chosen")).to_contain_text("foto van router.png")
        if again:
            await desk.see("picture-remove").click()
            await expect(desk.see("picture-chosen")).to_be_hidden()
            await expect(desk.see("reply-text")).to_be_focused()
    await desk.see("reply-send").click()
    await shown(desk.see("turn-agent").last.locator("img"))
    await expect(desk.see("turn-agent").last.locator(".bubble")).to_have_count(0)
    await shown(chat.turns("agent").last.locator("img"))


async def test_a_picture_is_chosen_by_the_keyboard(customer: Arrive, agent: LogIn, tmp_path: Path) -> None:
    _, desk, _ = await taken(customer, agent)
    (tmp_path / "a; b.png").write_bytes(screenshot())
    async with desk.page.expect_file_chooser() as chooser:
        await desk.see("reply-text").focus()
        await desk.page.keyboard.press("Shift+Tab")
        await expect(desk.see("picture-add")).to_be_focused()
        await desk.page.keyboard.press("Enter")
    await (await chooser.value).set_files(tmp_path / "a; b.png")
    await expect(desk.see("picture-chosen")).to_contain_text("a; b.png")
    await expect(desk.see("reply-text")).to_be_focused()
    await desk.page.keyboard.press("Enter")
    await expect(desk.see("turn-agent").last.locator("img")).to_have_attribute("alt", "a; b.png")


async def test_what_is_no_picture_is_said_and_nothing_typed_is_lost(customer: Arrive, agent: LogIn) -> None:
    chat, desk, _ = await taken(customer, agent)
    text, state = desk.see("reply-text"), desk.see("composer-notice")
    await text.fill("Wacht even")
    await paste(text, b"<svg xmlns='http://www.w3.org/2000/svg'/>", "a.svg", "image/svg+xml")
    await expect(state).to_contain_text("PNG, JPEG, WEBP of GIF")
    await paste(text, b"<script>alert(1)</script>", "a.png")
    await expect(state).to_contain_text("PNG, JPEG, WEBP of GIF")
    await expect(desk.see("picture-chosen")).to_be_hidden()
    assert await paste(text, screenshot(), text="woorden"), "copied words are pasted as words"
    await expect(desk.see("picture-chosen")).to_be_hidden()
    await desk.see("tab-note").click()
    await paste(desk.see("note-text"), screenshot())
    await expect(state).to_contain_text("niet met een interne notitie")
    await desk.see("tab-reply").click()
    await expect(text).to_have_value("Wacht even")
    # The page's own look is not what keeps a file out.
    await paste(text, screenshot())
    await expect(desk.see("picture-chosen")).to_be_visible()
    await desk.page.evaluate(
        """() => { const fields = new DataTransfer();
          fields.items.add(new File(['<html>'], 'picture', { type: 'image/png' }));
          document.querySelector('[data-testid=picture-file]').files = fields.files; }"""
    )
    await text.press("Enter")
    await expect(desk.see("toast")).to_contain_text("PNG, JPEG, WEBP of GIF")
    await expect(text).to_have_value("Wacht even")
    await expect(desk.see("picture-chosen")).to_be_visible()
    await expect(chat.turns("agent")).to_have_count(0)


async def test_a_picture_that_was_not_sent_waits_in_its_conversation(customer: Arrive, agent: LogIn) -> None:
    other, desk, _ = await taken(customer, agent)
    there = desk.page.url.split("?")[0].rsplit("/", 1)[1]
    chat, desk, _ = await taken(customer, agent)
    here = desk.page.url.split("?")[0].rsplit("/", 1)[1]
    await desk.page.goto(f"{desk.url}/desk/c/{here}?view=mine")
    await expect(desk.page.locator("desk-feed")).to_have_attribute("data-state", "live")
    chosen, notice = desk.see("picture-chosen"), desk.see("composer-notice")
    await paste(desk.see("reply-text"), screenshot(), "eerste.png")
    await expect(chosen).to_contain_text("eerste.png")
    await paste(desk.see("reply-text"), screenshot(), "tweede.png")
    await expect(chosen).to_contain_text("tweede.png")
    await expect(notice).to_contain_text("in de plaats van de vorige")
    await desk.page.locator(f'#desk-list [data-id="{there}"]').click()
    await expect(desk.page.locator(f'#desk-composer[data-id="{there}"]')).to_be_visible()
    await expect(chosen).to_be_hidden()
    await desk.page.locator(f'#desk-list [data-id="{here}"]').click()
    await expect(chosen).to_contain_text("tweede.png")
    asked: list[str] = []

    async def stay(dialog: Dialog) -> None:
        asked.append(dialog.type)
        await dialog.dismiss()

    desk.page.on("dialog", stay)
    with pytest.raises(Error):
        await desk.page.reload(timeout=3_000)
    assert asked == ["beforeunload"], "the browser asks before it is lost"
    await desk.see("reply-send").click()
    await shown(chat.turns("agent").last.locator("img"))
    await expect(chosen).to_be_hidden()
    await desk.page.reload()
    assert len(asked) == 1
    await expect(chosen).to_be_hidden()
    await expect(other.turns("agent")).to_have_count(0)


async def test_a_picture_without_a_line_goes_once_when_it_is_back(customer: Arrive, agent: LogIn) -> None:
    chat, desk, _ = await taken(customer, agent)
    text = desk.see("reply-text")
    await paste(text, screenshot())
    await expect(desk.see("picture-chosen")).to_be_visible()
    await desk.page.context.set_offline(True)
    await text.fill("Dit scherm")
    await text.press("Enter")
    await expect(desk.page.locator(".composer-state")).to_have_text("Niet verzonden")
    await expect(desk.see("picture-chosen")).to_be_visible()
    await desk.page.context.set_offline(False)
    await chat.hears("Dit scherm", "agent")
    await shown(chat.turns("agent").last.locator("img"))
    await expect(chat.turns("agent")).to_have_count(1)
    await expect(desk.see("picture-chosen")).to_be_hidden()


async def test_a_file_that_is_dropped_where_nobody_may_reply_does_not_take_the_page_away(
    customer: Arrive, agent: LogIn
) -> None:
    chat = await customer()
    await chat.say("Ik heb een probleem met de wifi")
    await chat.hears("Wat gebeurt er")
    number = await chat.handed_over()
    desk = await agent()
    await desk.open(number)
    assert await desk.see("transcript").evaluate(DROP, ["a.png", "image/png", list(screenshot())])
    await expect(desk.see("composer-notice")).to_contain_text("zodra het gesprek van jou is")


async def test_a_customer_sends_a_picture_and_the_agent_sees_it(customer: Arrive, agent: LogIn) -> None:
    chat = await customer()
    text = chat.page.locator("textarea")
    await paste(text, screenshot())
    chosen = chat.page.locator(".chosen")
    await expect(chosen).to_be_visible()
    await chat.page.get_by_role("button", name="Afbeelding weghalen").click()
    await expect(chosen).to_be_hidden()
    await chat.page.locator(".scroll").evaluate(
        DROP, ["router thuis.png", "image/png", list(screenshot(300, 700))]
    )
    await expect(chosen).to_contain_text("router thuis.png")
    await fit_for_all(chat.page)
    await chat.page.get_by_role("button", name="Verzenden").click()
    await expect(chosen).to_be_hidden()
    mine = chat.turns("customer").last
    await shown(mine.locator("img"))
    await expect(mine.locator(".bubble")).to_have_count(0)
    await chat.hears("Wilt u in woorden zeggen wat u ziet?")
    await chat.say("Ik heb een probleem met de wifi")
    await chat.hears("Wat gebeurt er")
    number = await chat.handed_over()
    desk = await agent()
    await desk.open(number)
    await shown(desk.see("turn-customer").first.locator("img"))
    await desk.claim()
    await paste(text, screenshot(), "fout; nog eens.png")
    await text.fill("Dit zie ik nu")
    await text.press("Enter")
    line = desk.see("turn-customer").last
    await expect(line).to_contain_text("Dit zie ik nu")
    await expect(line.locator("img")).to_have_attribute("alt", "fout; nog eens.png")
    await shown(line.locator("img"))
    await expect(text).to_have_value("")
    await fit_for_all(chat.page)
    await fit_for_all(desk.page)


async def test_a_customer_s_picture_that_cannot_go_stays_with_what_was_typed(customer: Arrive) -> None:
    chat = await customer()
    text, told = chat.page.locator("textarea"), chat.page.locator(".foot p.note:not([id])")
    await text.fill("Kijk")
    await paste(text, b"<svg xmlns='http://www.w3.org/2000/svg'/>", "a.svg", "image/svg+xml")
    await expect(told).to_contain_text("PNG, JPEG, WEBP of GIF")
    assert await paste(text, screenshot(), text="woorden"), "copied words are pasted as words"
    await chat.say("Ik heb een probleem met de wifi")
    await text.fill("Kijk")
    await paste(text, screenshot())
    await chat.page.context.set_offline(True)
    await text.press("Enter")
    await expect(told).to_contain_text("nog niet verzonden")
    await expect(text).to_have_value("Kijk")
    await expect(chat.page.locator(".chosen")).to_be_visible()
    await chat.page.context.set_offline(False)
    await text.press("Enter")
    await expect(chat.page.locator(".chosen")).to_be_hidden()
    await expect(chat.turns("customer").last).to_contain_text("Kijk")
    await shown(chat.turns("customer").last.locator("img"))


async def test_a_customer_chooses_a_picture_by_the_keyboard(customer: Arrive, tmp_path: Path) -> None:
    chat = await customer()
    (tmp_path / "scherm.png").write_bytes(screenshot())
    async with chat.page.expect_file_chooser() as chooser:
        await chat.page.locator("textarea").focus()
        await chat.page.keyboard.press("Shift+Tab")
        await expect(chat.page.get_by_role("button", name="Afbeelding toevoegen")).to_be_focused()
        await chat.page.keyboard.press("Enter")
    await (await chooser.value).set_files(tmp_path / "scherm.png")
    await expect(chat.page.locator(".chosen")).to_contain_text("scherm.png")
    await expect(chat.page.locator("textarea")).to_be_focused()
    await chat.page.keyboard.press("Enter")
    await shown(chat.turns("customer").last.locator("img"))


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("phone", {"viewport": PHONE}),
        ("dark", {"color_scheme": "dark"}),
        ("wide", {"viewport": {"width": 1400, "height": 900}}),
    ],
)
async def test_it_is_fit_to_look_at(
    customer: Arrive, agent: LogIn, tmp_path: Path, name: str, options: dict[str, object]
) -> None:
    chat, _, number = await taken(lambda: customer(**options), agent)
    desk = await agent(**options)
    await desk.open(number)
    for content in (screenshot(), screenshot(1200, 60), screenshot(90, 1400)):
        await paste(desk.see("reply-text"), content)
        await expect(desk.see("picture-chosen")).to_be_visible()
        await desk.see("reply-text").press("Enter")
        await expect(desk.see("picture-chosen")).to_be_hidden()
    await paste(
        desk.see("reply-text"),
        screenshot(),
        "een naam die veel te lang is om naast een afbeelding te staan.png",
    )
    await expect(desk.see("picture-chosen")).to_be_visible()
    await paste(
        chat.page.locator("textarea"),
        screenshot(),
        "een naam die veel te lang is om naast een afbeelding te staan.png",
    )
    await expect(chat.page.locator(".chosen")).to_be_visible()
    folder = Path(os.environ.get("BALIE_SCREENSHOTS") or tmp_path)
    for who, page, images in (
        ("desk", desk.page, desk.page.locator(".pictures img")),
        ("chat", chat.page, chat.page.locator(".picture img")),
    ):
        await expect(images).to_have_count(3)
        for image in await images.all():
            await shown(image)
            box = await image.bounding_box()
            assert box
            assert box["width"] <= 321
            assert box["height"] <= 241
        await fit_for_all(page)
        await page.screenshot(path=folder / f"pictures-{who}-{name}.png")


async def fit_for_all(page: Page) -> None:
    """axe finds nothing, and nothing sticks out at the side."""
    await is_for_all(page, page.url)
