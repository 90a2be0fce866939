"""What the line does to a conversation in the widget: reloads, restarts, lost answers, several tabs."""

from __future__ import annotations

import dataclasses

import pytest
from playwright.async_api import expect

from bot.model.errors import Malformed, TooMany, Unavailable
from bot.model.messages import Accepted, InboundMessage
from tests.browser.widget.talk import (
    Counter,
    Visit,
    answered,
    open_chat,
    say,
    turns,
)

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.asyncio(loop_scope="module")]


async def test_a_reload_keeps_the_conversation_once(visit: Visit) -> None:
    page = await visit()
    await open_chat(page)
    await say(page, "Dag")
    await answered(page, "Dag")
    await page.locator("textarea").fill("half geschr")
    await page.reload()
    await expect(turns(page, "customer")).to_have_count(1)
    await expect(turns(page, "bot")).to_have_count(1)
    await expect(page.locator(".reply")).to_have_count(2)
    await expect(page.locator("textarea")).to_have_value("half geschr")


async def test_a_server_that_restarts_loses_and_doubles_nothing(visit: Visit, counter: Counter) -> None:
    page = await visit()
    await open_chat(page)
    await say(page, "voor")
    await answered(page, "voor")
    await counter.stop()
    await say(page, "tijdens")
    await say(page, "nog tijdens")
    await expect(turns(page, "customer").last).to_contain_text("Wordt verzonden zodra het kan")
    await expect(page.locator(".state")).to_contain_text("De verbinding is weg")
    await counter.start()
    await expect(page.locator(".turn.pending")).to_have_count(0, timeout=25_000)
    await answered(page, "nog tijdens")
    await expect(page.locator(".state")).to_be_hidden()
    assert [message.text for message in counter.record.received] == ["voor", "tijdens", "nog tijdens"]
    await expect(turns(page, "customer")).to_have_count(3)


@pytest.mark.parametrize("what", ["sockets:", "conversations:"])
async def test_a_busy_counter_is_said_kindly_and_tried_again(
    visit: Visit, counter: Counter, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    allow = counter.record.bus.allow
    full = True

    async def busy(key: str, limit: int, per: float) -> float:
        return 2.0 if full and key.startswith(what) else await allow(key, limit, per)

    monkeypatch.setattr(counter.record.bus, "allow", busy)
    page = await visit()
    await open_chat(page)
    await say(page, "Dag")
    await expect(page.locator(".state")).to_contain_text("Het is nu even druk")
    await expect(turns(page, "customer")).to_contain_text("Wordt verzonden zodra het kan")
    full = False
    await answered(page, "Dag")
    await expect(page.locator(".state")).to_be_hidden()
    await expect(turns(page, "customer")).to_have_count(1)


async def test_what_is_not_sent_survives_a_reload(visit: Visit, counter: Counter) -> None:
    page = await visit()
    await open_chat(page)
    await say(page, "voor")
    await answered(page, "voor")
    counter.record.failing = Unavailable("the database is away")
    await say(page, "tijdens")
    await expect(page.locator(".turn.pending")).to_have_count(1)
    await page.reload()
    await expect(page.locator(".turn.pending")).to_have_count(1)
    counter.record.failing = None
    await answered(page, "tijdens")
    await expect(turns(page, "customer")).to_have_count(2)


async def test_a_message_whose_answer_got_lost_is_not_doubled(visit: Visit, counter: Counter) -> None:
    receive = counter.record.receive
    tried: list[str] = []

    async def stumbling(message: InboundMessage) -> Accepted:
        taken = await receive(message)
        tried.append(message.external_id)
        if len(tried) == 1:
            raise TooMany("stored, but the answer is lost", 0.05)
        return taken

    counter.record.receive = stumbling  # type: ignore[method-assign]
    page = await visit()
    await open_chat(page)
    await say(page, "Dag")
    await answered(page, "Dag")
    await expect(turns(page, "customer")).to_have_count(1)
    assert len(set(tried)) == 1
    assert len(tried) == 2
    assert len(counter.record.received) == 1


async def test_what_will_never_be_taken_is_said(visit: Visit, counter: Counter) -> None:
    page = await visit()
    await open_chat(page)
    counter.record.failing = Malformed("the message is empty")
    await say(page, "\u200b")
    await expect(page.locator(".turn.failed")).to_contain_text("kon niet verzonden worden")
    counter.record.failing = None
    await say(page, "Dag")
    await answered(page, "Dag")


async def test_what_was_masked_is_shown_masked(visit: Visit, counter: Counter) -> None:
    receive = counter.record.receive

    async def masking(message: InboundMessage) -> Accepted:
        return await receive(dataclasses.replace(message, text=message.text.replace("geheim", "••••")))

    counter.record.receive = masking  # type: ignore[method-assign]
    page = await visit()
    await open_chat(page)
    await say(page, "mijn wachtwoord is geheim")
    await answered(page, "mijn wachtwoord is ••••")
    await expect(turns(page, "customer")).to_have_count(1)
    await expect(turns(page, "customer")).to_contain_text("mijn wachtwoord is ••••")


async def test_two_tabs_are_one_conversation(visit: Visit) -> None:
    page = await visit()
    await open_chat(page)
    await say(page, "Dag")
    await answered(page, "Dag")
    other = await page.context.new_page()
    await other.goto(page.url)
    await open_chat(other)
    await expect(turns(other, "customer")).to_have_count(1)
    await say(other, "uit het andere tabblad")
    await answered(page, "uit het andere tabblad")


async def test_unread_messages_are_counted_on_the_launcher(visit: Visit, counter: Counter) -> None:
    page = await visit()
    await open_chat(page)
    await say(page, "Dag")
    await answered(page, "Dag")
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("dialog")).to_be_hidden()
    await counter.agent("Bent u daar?")
    await counter.agent("Hallo?")
    await expect(page.locator(".unread")).to_have_text("2")
    launcher = page.get_by_role("button", name="Open de chat, 2 ongelezen berichten")
    await page.reload()
    await expect(launcher).to_be_visible()
    await launcher.click()
    await expect(page.locator(".unread")).to_be_hidden()
    await page.keyboard.press("Escape")
    await expect(page.locator(".unread")).to_be_hidden()
