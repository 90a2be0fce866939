"""The way in: what is refused, what is masked, what is rung. On SQLite; the store's suite covers both."""

from __future__ import annotations

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.bus import DESK, WORK, conversation_topic
from bot.bus.local import LocalBus
from bot.model.conversation import Deed, Owner
from bot.model.errors import BadInput, Malformed, TooLarge, TooMany
from bot.model.messages import MAX_TEXT, Attachment, InboundMessage
from bot.service.ingest import MAX_ATTACHMENTS, MAX_COPIES, MAX_PAYLOAD, Ingest, IngestSettings, clean
from bot.store.database import Database
from bot.store.queue import transfer
from bot.store.views import transcript
from tests.store_talk import NOW, claim, message


def _ingest(database: Database, bus: LocalBus, messages: int = 20) -> Ingest:
    return Ingest(database, bus, bursts={"web": 2.0}, settings=IngestSettings(messages), clock=lambda: NOW)


async def test_a_message_is_kept_then_rung(sqlite_database: Database) -> None:
    bus = LocalBus()
    ingest = _ingest(sqlite_database, bus)
    first = await ingest.receive(message(1))
    assert await bus.wait(WORK, 0.0) is True
    assert await claim(sqlite_database, now=NOW + 1.9) == []  # the web waits two seconds for more
    async with bus.subscribe(conversation_topic(first.conversation_id)) as feed:
        await ingest.receive(message(2))
        assert await anext(feed) == {"type": "seq", "seq": 2}
    [claimed] = await claim(sqlite_database, now=NOW + 2)
    assert len(claimed.rows) == 2


async def test_a_copy_rings_nobody(sqlite_database: Database) -> None:
    bus = LocalBus()
    ingest = _ingest(sqlite_database, bus)
    await ingest.receive(message(1))
    await bus.wait(WORK, 0.0)
    assert (await ingest.receive(message(1))).duplicate
    assert await bus.wait(WORK, 0.0) is False


async def test_an_agents_customer_shows_in_the_desk(sqlite_database: Database) -> None:
    bus = LocalBus()
    ingest = _ingest(sqlite_database, bus)
    id_ = (await ingest.receive(message(1))).conversation_id
    await bus.wait(WORK, 0.0)
    await sqlite_database.write(lambda c: transfer(c, id_, Deed.CLAIM, agent_id="ann", now=NOW))
    async with bus.subscribe(DESK) as desk:
        assert (await ingest.receive(message(2))).owner is Owner.AGENT
        assert await anext(desk) == {"type": "list"}
    assert await bus.wait(WORK, 0.0) is False


async def test_secrets_are_nowhere_in_the_database(sqlite_database: Database) -> None:
    ingest = _ingest(sqlite_database, LocalBus())
    card, password = "4111 1111 1111 1111", "Zomer2026!"
    accepted = await ingest.receive(message(text=f"kaart {card}, mijn wachtwoord is {password}"))
    spoken = await sqlite_database.read(lambda c: transcript(c, accepted.conversation_id))
    kept = str(spoken[0].content)
    assert "kaart" in kept
    assert card not in kept
    assert password not in kept


async def test_a_flood_is_told_to_wait(sqlite_database: Database) -> None:
    ingest = _ingest(sqlite_database, LocalBus(), messages=3)
    results = await asyncio.gather(*(ingest.receive(message(n)) for n in range(5)), return_exceptions=True)
    refused = [result for result in results if isinstance(result, TooMany)]
    assert len(refused) == 2
    assert all(result.retry_after > 0 for result in refused)
    assert not (await ingest.receive(message(1, sender="other"))).duplicate


async def test_copies_of_a_message_are_not_held_against_its_sender(sqlite_database: Database) -> None:
    ingest = _ingest(sqlite_database, LocalBus(), messages=3)
    copies = await asyncio.gather(*(ingest.receive(message(1)) for _ in range(50)))
    assert sum(not accepted.duplicate for accepted in copies) == 1
    await ingest.receive(message(2))
    await ingest.receive(message(3))
    for _ in range(2):  # one that was refused is not let in because it comes again
        with pytest.raises(TooMany):
            await ingest.receive(message(4))


async def test_copies_without_end_are_told_to_wait(sqlite_database: Database) -> None:
    ingest = _ingest(sqlite_database, LocalBus(), messages=3)
    for _ in range(1 + MAX_COPIES):
        await ingest.receive(message(1))
    copies = await asyncio.gather(*(ingest.receive(message(1)) for _ in range(5)), return_exceptions=True)
    assert sum(isinstance(result, TooMany) for result in copies) == 3


@pytest.mark.parametrize(
    ("sent", "error"),
    [
        (message(text="x" * (MAX_TEXT + 1)), TooLarge),
        (message(text="x" * 100_000), TooLarge),
        (message(text=""), Malformed),
        (message(text=" \n\t "), Malformed),
        (message(text="\x00\x01\x02\x1b"), Malformed),
        (InboundMessage("web", "", "1", "x"), Malformed),
        (InboundMessage("web", "a\x00", "1", "x"), Malformed),
        (InboundMessage("web", "a", "", "x"), Malformed),
        (InboundMessage("web", "a", "\ud800", "x"), Malformed),
        (InboundMessage("web", "a" * 201, "1", "x"), TooLarge),
        (InboundMessage("web", "a", "1", "x", payload="p" * (MAX_PAYLOAD + 1)), TooLarge),
        (
            InboundMessage(
                "web",
                "a",
                "1",
                attachments=(Attachment("a", "b", 1, "c", "d", 1, 1),) * (MAX_ATTACHMENTS + 1),
            ),
            TooLarge,
        ),
    ],
)
async def test_what_cannot_be_kept_is_refused(
    sqlite_database: Database, sent: InboundMessage, error: type[BadInput]
) -> None:
    with pytest.raises(error):
        await _ingest(sqlite_database, LocalBus()).receive(sent)
    assert await claim(sqlite_database, now=NOW + 99) == []


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("🙂🙂", "🙂🙂"),
        ("  dag\r\nwereld\r ", "dag\nwereld"),
        ("a\x00b\x1b[31mc\ud83d", "ab[31mc"),
        ("<b>{{ slots.x }}</b>", "<b>{{ slots.x }}</b>"),
    ],
)
def test_what_is_kept_of_a_text(text: str, kept: str) -> None:
    assert clean(message(text=text)).text == kept


def test_an_unknown_language_is_no_hint() -> None:
    assert clean(InboundMessage("web", "a", "1", "x", language="de")).language is None
    assert clean(InboundMessage("web", "a", "1", "x", language="fr")).language == "fr"


def test_a_button_without_text_is_a_message() -> None:
    cleaned = clean(InboundMessage("web", "a", "1", payload="/affirm\x00"))
    assert (cleaned.text, cleaned.payload) == ("", "/affirm")


@given(st.text(alphabet=st.characters(), max_size=300))
def test_any_text_is_either_refused_or_can_be_stored(text: str) -> None:
    try:
        cleaned = clean(message(text=text))
    except BadInput:
        return
    cleaned.text.encode()
    assert "\x00" not in cleaned.text
    assert clean(cleaned) == cleaned
