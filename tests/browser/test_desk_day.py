"""A working day at the desk: what agents see, hear and do, each in a browser of their own, at the real server."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

import pytest
from playwright.async_api import BrowserContext, expect

from tests.browser.people import PHONE, Agent, Customer
from tests.fixtures_server import Served

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.asyncio(loop_scope="module")]

Arrive = Callable[..., Awaitable[Customer]]
LogIn = Callable[..., Awaitable[Agent]]
CHIMES = "document.addEventListener('desk:chimed', ({ detail }) => (document.body.dataset.chimed = detail))"


async def in_line(customer: Arrive) -> tuple[Customer, str]:
    """A customer who waits for a person, and the number of the ticket."""
    chat = await customer()
    await chat.say("Ik heb een probleem met de wifi")
    await chat.hears("Wat gebeurt er")
    return chat, await chat.handed_over()


async def taken(customer: Arrive, agent: LogIn) -> tuple[Customer, Agent, str]:
    """The same, and the administrator has taken it."""
    chat, number = await in_line(customer)
    desk = await agent()
    await desk.open(number)
    await desk.claim()
    return chat, desk, number


async def test_who_waits_is_heard_and_seen_without_a_reload(customer: Arrive, agent: LogIn) -> None:
    desk = await agent()
    await desk.page.evaluate(CHIMES)
    await desk.page.locator("body").click()
    before = int(await desk.see("count-unassigned").inner_text())
    _, number = await in_line(customer)
    card = desk.see("desk-item").filter(has_text=f"#{number}")
    await expect(card).to_be_visible()
    await expect(desk.see("count-unassigned")).to_have_text(str(before + 1))
    await expect(desk.page).to_have_title(re.compile(rf"^\({before + 1}\) "))
    await expect(desk.page.locator("body")).to_have_attribute("data-chimed", "waiting")
    await desk.see("account").click()
    for wish, title in (("uncheck", re.compile(r"^[^(]")), ("check", re.compile(rf"^\({before + 1}\) "))):
        async with desk.page.expect_response("**/desk/settings"):
            await getattr(desk.see("wish-badge"), wish)()
        await expect(desk.page).to_have_title(title)
    await expect(card.locator(".count")).to_be_visible()
    await card.click()
    await expect(card.locator(".count")).to_have_count(0)


async def test_a_card_that_is_pressed_while_the_list_is_drawn_again_opens(
    customer: Arrive, agent: LogIn
) -> None:
    _, number = await in_line(customer)
    desk = await agent()
    card = desk.see("desk-item").filter(has_text=f"#{number}")
    await card.hover()
    await desk.page.mouse.down()
    async with desk.page.expect_response("**/desk/list**"):
        await desk.page.evaluate("document.body.dispatchEvent(new Event('desk:list'))")
    await desk.page.evaluate(
        "new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"
    )
    await desk.page.mouse.up()
    await expect(desk.see("ticket-number")).to_have_text(f"#{number}")


async def test_a_silent_desk_stays_silent(customer: Arrive, agent: LogIn) -> None:
    desk = await agent()
    await desk.see("account").click()
    async with desk.page.expect_response("**/desk/settings"):
        await desk.see("wish-sound").uncheck()
    await desk.page.reload()
    await desk.page.evaluate(CHIMES)
    _, number = await in_line(customer)
    await expect(desk.see("desk-item").filter(has_text=f"#{number}")).to_be_visible()
    await expect(desk.page.locator("body")).not_to_have_attribute("data-chimed", re.compile("."))
    await desk.see("account").click()
    async with desk.page.expect_response("**/desk/settings"):
        await desk.see("wish-sound").check()


async def test_a_reply_by_its_name_and_an_article_as_a_link(customer: Arrive, agent: LogIn) -> None:
    chat, desk, _ = await taken(customer, agent)
    text = desk.see("reply-text")
    await text.press_sequentially("/mom")
    await expect(desk.see("insert").first).to_contain_text("Een ogenblik")
    await text.press("Enter")
    await expect(text).to_have_value(re.compile("^Een ogenblik, ik zoek"))
    await text.press("Enter")
    await chat.hears("Een ogenblik, ik zoek het even op.", "agent")
    await text.press_sequentially("/verbinden met wifi")
    await expect(desk.see("insert-link").first).to_be_visible()
    await text.press("ArrowDown")
    await text.press("Enter")
    await expect(text).to_have_value(re.compile(r"^[^/].*: http://.*/help/nl/"))
    await text.press("Enter")
    await expect(chat.turns("agent").last.locator("a")).to_have_attribute("href", re.compile("/help/nl/"))


async def test_enter_may_be_quicker_than_the_list(customer: Arrive, agent: LogIn) -> None:
    chat, desk, _ = await taken(customer, agent)
    text = desk.see("reply-text")
    await text.press_sequentially("/mom")
    await text.press("Enter")
    await expect(text).to_have_value(re.compile("^Een ogenblik, ik zoek"))
    await text.fill("")
    await text.press_sequentially("/")
    await expect(desk.see("insert").first).to_be_visible()
    await text.press_sequentially("moment")
    await text.press("Enter")
    await expect(text).to_have_value(re.compile("^Een ogenblik, ik zoek"))
    await text.press("Enter")
    await chat.hears("Een ogenblik, ik zoek het even op.", "agent")
    await expect(chat.turns("agent")).to_have_count(1)


async def test_the_bot_walks_the_customer_through_an_article_that_the_agent_chose(
    customer: Arrive, agent: LogIn
) -> None:
    chat, desk, _ = await taken(customer, agent)
    async with desk.page.expect_response("**/draft"):
        await desk.see("reply-text").press_sequentially("/verbinden met wifi")
    await desk.see("insert-guide").first.click()
    await expect(desk.see("standing")).to_have_text("Bij de bot")
    await chat.hears(re.compile(r"Stap 1 van \d"))
    await expect(chat.turns("bot").filter(has_text="De medewerker heeft")).to_have_count(1)
    for number in range(2, 20):
        step = re.search(r"Stap (\d+) van (\d+)", await chat.turns("bot").last.inner_text())
        assert step
        if step[1] == step[2]:
            break
        await chat.say("nee")
        await chat.hears(re.compile(rf"Stap {number} van \d"))
    await chat.say("nee")
    await expect(desk.see("standing")).to_have_text("In de wachtrij")
    await expect(desk.see("ticket-steps").get_by_role("listitem").first).to_contain_text("hielp niet")
    await desk.claim()
    await expect(desk.see("reply-text")).to_have_value("")
    await desk.page.reload()
    await expect(desk.see("reply-text")).to_have_value("")


async def test_colleagues_see_and_call_each_other(customer: Arrive, agent: LogIn, els: str) -> None:
    _, desk, number = await taken(customer, agent)
    other = await agent(els)
    await other.open(number)
    await expect(desk.see("lookers")).to_contain_text("EM")
    await expect(other.see("lookers")).to_have_attribute("title", "Administrator kijkt ook")
    await desk.see("tab-note").click()
    await desk.see("note-text").press_sequentially("Kan jij dit @el")
    await expect(desk.page.locator("#composer-offers")).to_contain_text("Els Maes")
    await desk.see("note-text").press("Enter")
    await expect(desk.see("note-text")).to_have_value("Kan jij dit @els ")
    await expect(other.page.locator(".typing")).to_contain_text("Administrator is aan het typen")
    await other.page.goto(f"{other.url}/desk")
    await expect(desk.see("lookers")).not_to_contain_text("EM")
    await desk.see("note-text").press("Enter")
    await expect(other.see("count-mentions")).to_have_text("1")
    await other.see("view-mentions").click()
    await other.see("desk-item").click()
    await expect(other.see("turn-note").last).to_contain_text("Kan jij dit @els")
    await expect(other.see("count-mentions")).to_have_count(0)


async def test_it_goes_to_a_colleague_with_a_note_and_back_to_a_team(
    customer: Arrive, agent: LogIn, els: str
) -> None:
    chat, desk, number = await taken(customer, agent)
    other = await agent(els)
    await other.page.evaluate(CHIMES)
    await other.page.locator("body").click()
    await desk.transfer("Els Maes", "Jij kent deze router.")
    await expect(other.page.locator("body")).to_have_attribute("data-chimed", "handed")
    await expect(desk.see("standing")).to_have_text("Bij Els Maes")
    await other.see("view-mine").click()
    await other.see("desk-item").filter(has_text=f"#{number}").click()
    await expect(other.see("turn-note").last).to_contain_text("Jij kent deze router.")
    await other.reply("Ik neem het over van mijn collega.")
    await chat.hears("Ik neem het over van mijn collega.", "agent")
    await other.transfer("Informatieveiligheid")
    await expect(other.see("standing")).to_have_text("In de wachtrij")


async def test_what_is_filtered_is_kept_in_the_address_and_in_every_view(
    customer: Arrive, agent: LogIn
) -> None:
    _, desk, number = await taken(customer, agent)
    page, card = desk.page, desk.see("desk-item").filter(has_text=f"#{number}")
    await page.goto(f"{desk.url}/desk")
    await desk.see("open-filters").click()
    await desk.see("filter-team").select_option("network")
    await expect(page).to_have_url(f"{desk.url}/desk?team=network")
    await desk.see("view-mine").click()
    await expect(page).to_have_url(f"{desk.url}/desk?view=mine&team=network")
    await expect(desk.see("team-network")).to_have_attribute("aria-current", "true")
    await page.set_viewport_size(PHONE)
    await card.click()
    await page.get_by_role("link", name="Terug naar de lijst").click()
    await expect(page).to_have_url(f"{desk.url}/desk?view=mine&team=network")
    await desk.see("team-any").click()
    await expect(page).to_have_url(f"{desk.url}/desk?view=mine")
    await expect(card).to_be_visible()
    await page.set_viewport_size({"width": 1360, "height": 260})
    await page.goto(f"{desk.url}/desk?view=all")
    assert await page.evaluate("document.documentElement.scrollHeight <= innerHeight"), (
        "only the list scrolls"
    )


async def test_snoozed_until_the_customer_writes(customer: Arrive, agent: LogIn) -> None:
    chat, desk, number = await taken(customer, agent)
    await desk.page.goto(f"{desk.page.url.partition('?')[0]}?view=mine")
    card = desk.see("desk-item").filter(has_text=f"#{number}")
    await expect(card).to_be_visible()
    await desk.page.keyboard.press("Alt+m")
    await desk.see("snooze-reply").click()
    await expect(desk.see("standing")).to_have_text("Uitgesteld")
    await expect(card).to_have_count(0)
    await chat.say("Het werkt weer, denk ik")
    await expect(card).to_be_visible()
    await expect(desk.see("standing")).to_have_text("Van mij")


async def test_snoozed_until_a_moment_by_the_keyboard(customer: Arrive, agent: LogIn) -> None:
    _, desk, _ = await taken(customer, agent)
    await desk.page.keyboard.press("Alt+m")
    await expect(desk.page.locator("#snooze button:focus")).to_have_attribute("name", "choice")
    later = datetime.now() + timedelta(days=40)
    await desk.see("snooze-until").fill(f"{later:%Y-%m-%d}T09:30")
    await desk.see("snooze-until").press("Enter")
    await expect(desk.see("standing")).to_have_text("Uitgesteld")
    await expect(desk.see("turn-event").last).to_contain_text(f" {later.day} ")
    await expect(desk.see("turn-event").last).to_contain_text("9:30")


async def test_an_agent_hears_that_the_customer_began_another_conversation(
    customer: Arrive, agent: LogIn
) -> None:
    chat, desk, _ = await taken(customer, agent)
    await desk.reply("Ik kijk even mee")
    await chat.hears("Ik kijk even mee", "agent")
    await chat.page.locator(".more").click()
    await chat.page.get_by_role("menuitem", name="Nieuw gesprek").click()
    question = chat.page.get_by_role("alertdialog")
    await expect(question).to_contain_text("Administrator helpt u in dit gesprek")
    await question.get_by_role("button", name="Nieuw gesprek").click()
    await expect(desk.see("turn-event").last).to_contain_text("begon een ander gesprek")
    await expect(desk.see("standing")).to_have_text("Van mij")
    await expect(chat.turns("agent")).to_have_count(0)


async def test_a_macro_is_seen_before_it_is_done(customer: Arrive, agent: LogIn) -> None:
    chat, desk, _ = await taken(customer, agent)
    await desk.see("open-macros").click()
    await desk.see("macro-security-incident").click()
    await expect(desk.see("macro-steps").get_by_role("listitem")).to_have_count(4)
    await expect(chat.turns("agent")).to_have_count(0)
    await desk.see("apply-macro").click()
    await chat.hears("Dank u om dit te melden.", "agent")
    await expect(desk.see("standing")).to_have_text("In de wachtrij")
    await expect(desk.see("ticket-priority")).to_have_text("P1")
    await expect(desk.see("turn-note").last).to_contain_text("Mogelijk beveiligingsincident")


async def test_a_ticket_is_edited_and_its_history_kept(customer: Arrive, agent: LogIn, els: str) -> None:
    _, desk, number = await taken(customer, agent)
    other = await agent(els)
    await other.open(number)
    await desk.see("edit-ticket").click()
    await desk.see("edit-summary").fill("Wifi valt weg in het hele gebouw.")
    await desk.see("edit-priority").select_option("P1")
    await desk.see("save-ticket").click()
    for each in (desk, other):
        await expect(each.see("ticket-summary")).to_have_text("Wifi valt weg in het hele gebouw.")
        await expect(each.see("ticket-priority")).to_have_text("P1")
    await expect(desk.page.locator("#edit")).not_to_be_visible()
    await desk.page.locator("summary", has_text="Wijzigingen").click()
    await expect(desk.see("ticket-history")).to_contain_text("Prioriteit: P")
    await expect(desk.see("turn-event").last).to_contain_text("Administrator paste het ticket aan")


async def test_the_teams_of_a_transfer_follow_the_ticket(customer: Arrive, agent: LogIn, els: str) -> None:
    _, desk, number = await taken(customer, agent)
    options = desk.see("transfer-to").locator("optgroup").last.locator("option")
    before = await options.all_inner_texts()
    assert "Informatieveiligheid" in before
    await desk.see("open-transfer").click()
    kept = next(name for name in before if name != "Informatieveiligheid")
    await desk.see("transfer-to").select_option(kept)
    chosen = await desk.see("transfer-to").input_value()
    other = await agent(els)
    await other.open(number)
    await other.see("edit-ticket").click()
    await other.see("edit-team").select_option("security")
    await other.see("save-ticket").click()
    await expect(options.filter(has_text="Informatieveiligheid")).to_have_count(0)
    await expect(options).to_have_count(len(before))
    await expect(desk.see("transfer-to")).to_have_value(chosen)


async def test_what_is_known_of_a_customer_and_of_the_like(customer: Arrive, agent: LogIn) -> None:
    _, desk, _ = await taken(customer, agent)
    await desk.page.locator("summary", has_text="Notitie over deze klant").click()
    await desk.see("customer-note-text").fill("Werkt enkel in de voormiddag.")
    await desk.see("customer-note-save").click()
    await expect(desk.see("customer-note")).to_contain_text("Werkt enkel in de voormiddag.")
    await desk.see("forget-note").click()
    await expect(desk.see("customer-note")).to_have_count(0)
    await expect(desk.see("suggestions").get_by_role("link").first).to_be_visible()
    await desk.see("put-link").first.click()
    await expect(desk.see("reply-text")).to_have_value(re.compile(r": http://.*/help/nl/"))
    await desk.see("reply-text").fill("")
    await desk.see("open-resolve").click()
    await desk.see("solution").fill("Kanaal van het toegangspunt veranderd.")
    await desk.see("as-article").check()
    await expect(desk.see("article-title")).to_be_visible()
    await desk.see("resolve").click()
    await expect(desk.see("standing")).to_have_text("Afgerond")
    _, again, _ = await taken(customer, agent)
    await expect(again.see("similar")).to_contain_text("Kanaal van het toegangspunt veranderd.")


async def test_two_tabs_and_a_server_that_starts_again(
    customer: Arrive, agent: LogIn, server: Served
) -> None:
    chat, desk, _ = await taken(customer, agent)
    second = await desk.page.context.new_page()
    await second.goto(desk.page.url)
    tab = Agent(second, desk.url)
    await tab.reply("Uit de tweede tab.")
    await expect(desk.see("turn-agent").last).to_contain_text("Uit de tweede tab.")
    async with desk.page.expect_response("**/draft"):
        await desk.see("reply-text").fill("Nog dit:")
    server.kill()
    server.start()
    server.wait_ready(120)
    for page in (desk.page, second):
        await expect(page.locator("desk-feed")).to_have_attribute("data-state", "live")
    await chat.say("Bent u daar nog?")
    for each in (desk, tab):
        await expect(each.see("turn-customer").last).to_contain_text("Bent u daar nog?")
    await expect(desk.see("reply-text")).to_have_value("Nog dit:")
    await second.reload()
    await expect(tab.see("reply-text")).to_have_value("Nog dit:")


async def test_on_a_phone(customer: Arrive, agent: LogIn) -> None:
    _, number = await in_line(customer)
    desk = await agent(viewport=PHONE)
    await desk.see("desk-item").filter(has_text=f"#{number}").click()
    await desk.claim()
    await desk.reply("Vanop mijn telefoon.")
    await desk.page.locator("[data-panel]").click()
    await expect(desk.see("ticket-summary")).to_be_in_viewport()
    await desk.see("edit-ticket").click()
    await expect(desk.see("edit-summary")).to_be_in_viewport()
    await desk.page.keyboard.press("Escape")
    wide = await desk.page.evaluate("document.documentElement.scrollWidth - innerWidth")
    assert wide <= 0


async def test_a_notification_when_the_desk_is_out_of_sight(
    customer: Arrive, contexts: Callable[..., Awaitable[BrowserContext]], server: Served
) -> None:
    context = await contexts(permissions=["notifications"])
    page = await context.new_page()
    await page.add_init_script(
        "window.Notification = class { constructor(title, more) { window.note = this; this.title = title;"
        " document.body.dataset.told = more.body; } close() {}"
        " static permission = 'granted'; static requestPermission = async () => 'granted'; };"
        "Object.defineProperty(document, 'hidden', {get: () => true});"
    )
    desk = Agent(page, server.url)
    await desk.log_in()
    await desk.see("account").click()
    async with page.expect_response("**/desk/settings"):
        await desk.see("wish-notify").check()
    _, number = await in_line(customer)
    await expect(page.locator("body")).to_have_attribute("data-told", "Er wacht iemand op een medewerker.")
    assert await page.evaluate("window.note.title") == f"Klant zonder naam #{number}"
    await page.evaluate("window.note.onclick()")
    await expect(desk.see("ticket-number")).to_have_text(f"#{number}")
