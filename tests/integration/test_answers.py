"""What a request gets back: everything that was said to its sender, once, on both databases."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence

import pytest
from aiohttp import ClientSession
from aiohttp.test_utils import TestServer

from bot.bus.local import LocalBus
from bot.service.agents import Agent
from bot.store import views
from bot.store.database import Database
from bot.store.views import TimelineItem
from bot.web.limits import AddressLimits
from channels.rest.channel import RestChannel, RestSettings
from channels.transcripts import StoredTranscripts
from tests.counter import Counter
from tests.fixtures_web import bare

ANN = Agent("ann", "Ann")
WAITS = "Toegevoegd aan ."
TOLD = ("bot", "system", "agent")


@pytest.fixture(params=[False, True], ids=["by the bell", "at once"])
async def counter(database: Database, request: pytest.FixtureRequest) -> AsyncIterator[Counter]:
    made = Counter(database, LocalBus(), takes=request.param)
    made.worker.start()
    yield made
    await made.close()


async def _handed_over(counter: Counter) -> str:
    """A conversation that waits for a person; its id."""
    await counter.say("a", "een mens")
    accepted = await counter.accept("a", "hallo?", id="waits")
    assert _texts(await counter.replies.answered(accepted, 10)) == [WAITS]
    return accepted.conversation_id


def _texts(items: Sequence[TimelineItem]) -> list[str]:
    return [str((item.content or {})["text"]) for item in items if item.type in TOLD]


async def _until(counter: Counter, conversation_id: str, text: str) -> None:
    """Wait until that stands on the record."""
    async with asyncio.timeout(10):
        while text not in _texts(await counter.timeline(conversation_id)):
            await counter.bus.wait("never", 0.02)


async def test_what_a_person_says_comes_with_the_next_request_once(counter: Counter) -> None:
    id_ = await _handed_over(counter)
    await counter.agents.reply(id_, ANN, "Dag, ik ben Ann")
    await counter.agents.reply(id_, ANN, "Welke wifi?")
    assert await counter.say("a", "thuis") == ["Dag, ik ben Ann", "Welke wifi?"]
    assert await counter.say("a", "en nu?") == []
    await counter.agents.note(id_, ANN, "niet voor de klant")
    await counter.agents.reply(id_, ANN, "Probeer nu eens")
    assert await counter.say("a", "het lukt") == ["Probeer nu eens"]


async def test_what_a_deed_makes_the_bot_say_comes_before_its_next_answer(counter: Counter) -> None:
    id_ = await _handed_over(counter)
    await counter.agents.claim(id_, ANN)
    await counter.agents.reply(id_, ANN, "De bot helpt u verder")
    await counter.agents.to_bot(id_, ANN)
    assert await counter.say("a", "wifi") == ["De bot helpt u verder", "Ik ben er weer.", "Welk toestel?"]
    assert await counter.say("a", "laptop") == ["Welke verdieping?"]


async def test_what_the_clock_makes_the_bot_say_comes_too(counter: Counter) -> None:
    await counter.say("a", "wifi")
    counter.now += 601
    await _until(counter, await _id(counter, "a"), "Bent u er nog?")
    assert "Bent u er nog?" in await counter.say("a", "laptop")


async def test_a_repeated_delivery_gets_the_same_answer_again(counter: Counter) -> None:
    first = await counter.say("a", "wifi", id="m1")
    await counter.say("a", "laptop", id="m2")
    assert await counter.say("a", "wifi", id="m1") == first == ["Ik ben een bot.", "Welk toestel?"]
    id_ = await _handed_over(counter)
    await counter.agents.reply(id_, ANN, "Dag")
    assert await counter.say("a", "ja", id="m3") == ["Dag"]
    await counter.agents.reply(id_, ANN, "Tot ziens")
    assert await counter.say("a", "ja", id="m3") == ["Dag"]


async def test_an_answer_is_what_stands_on_the_record(counter: Counter) -> None:
    for text in ("wifi", "laptop", "2"):
        asked = await counter.accept("a", text)
        told = await counter.replies.answered(asked, 10)
        on_record = await counter.database.read(
            lambda connection, asked=asked: views.transcript(connection, asked.conversation_id, asked.seq)
        )
        assert told == on_record != []


async def test_a_turn_of_this_process_hands_its_answer_over(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    counter = Counter(database, LocalBus(), takes=True)
    counter.worker.start()

    async def refuse(_: object) -> None:
        raise AssertionError("what was just written is read back")

    monkeypatch.setattr(database, "read", refuse)
    assert await counter.say("a", "wifi") == ["Ik ben een bot.", "Welk toestel?"]
    await counter.close()


async def test_an_answer_that_came_too_late_comes_with_the_next(counter: Counter) -> None:
    counter.doubles.gate = asyncio.Event()
    slow = await counter.accept("a", "printer op mijn laptop")
    with pytest.raises(TimeoutError):
        await counter.replies.answered(slow, 0.2)
    counter.doubles.gate.set()
    await _until(counter, slow.conversation_id, "Opgelost.")
    assert (await counter.say("a", "wifi"))[-2:] == ["Nog iets?", "Welk toestel?"]
    assert _texts(await counter.replies.answered(slow, 10)) == [], "the next one was told"


async def test_a_turn_that_ends_after_its_request_gave_up_is_not_lost(database: Database) -> None:
    counter = Counter(database, LocalBus())  # nobody works yet
    waits = await counter.accept("a", "wifi")
    with pytest.raises(TimeoutError):
        await counter.replies.answered(waits, 0.1)
    counter.worker.start()
    await _until(counter, waits.conversation_id, "Welk toestel?")
    assert await counter.say("a", "laptop") == ["Ik ben een bot.", "Welk toestel?", "Welke verdieping?"]
    await counter.close()


async def test_a_person_who_takes_over_in_the_middle_of_a_turn_answers_it(database: Database) -> None:
    counter = Counter(database, LocalBus())
    asked = await counter.accept("a", "wifi")
    await counter.agents.reply(asked.conversation_id, ANN, "Ik neem het over")
    counter.worker.start()
    assert _texts(await counter.replies.answered(asked, 10)) == ["Ik neem het over"]
    assert await counter.say("a", "goed") == []
    await counter.close()


async def test_requests_at_once_neither_lose_nor_double(counter: Counter) -> None:
    told: list[TimelineItem] = []

    async def ask(text: str) -> None:
        accepted = await counter.accept("a", text)
        told.extend(await counter.replies.answered(accepted, 20))

    await asyncio.gather(*(ask("wifi") for _ in range(8)))
    id_ = await _id(counter, "a")

    async def agent() -> None:
        for n in range(4):
            await counter.agents.claim(id_, ANN)
            await asyncio.gather(*(counter.agents.reply(id_, ANN, f"{n}-{k}") for k in range(3)))
            await counter.agents.to_bot(id_, ANN)

    async def customer() -> None:
        for text in ("wifi", "laptop", "mijn wifi", "dag"):
            await ask(text)

    await asyncio.gather(agent(), *(customer() for _ in range(4)))
    await ask("dag")
    said = await counter.database.read(lambda c: views.transcript(c, id_))
    heard = sorted(item.seq for item in told)
    assert heard == [item.seq for item in said if item.type != "user"]


async def test_over_rest(counter: Counter) -> None:
    limits = AddressLimits(counter.bus, StoredTranscripts(counter.database).find)
    app = bare()
    app.add_routes(
        RestChannel(counter.ingest, counter.replies.answered, limits, RestSettings(open=True)).routes()
    )
    async with TestServer(app) as server, ClientSession() as client:
        url = server.make_url("/webhooks/rest/webhook")

        async def ask(text: str) -> list[str]:
            async with client.post(url, json={"sender": "klant", "message": text}) as response:
                assert response.status == 200
                return [each["text"] for each in await response.json()]

        assert (await ask("een mens"))[-1] == "Ik haal iemand: 1001."
        assert await ask("hallo?") == [WAITS]
        found = await counter.database.read(lambda c: views.find_conversation(c, "rest", "klant"))
        assert found is not None
        await counter.agents.reply(found, ANN, "Dag, ik ben Ann")
        assert await ask("dag Ann") == ["Dag, ik ben Ann"]
        assert await ask("nog iets") == []


async def _id(counter: Counter, sender: str) -> str:
    found = await counter.database.read(lambda c: views.find_conversation(c, "test", sender))
    assert found is not None
    return found
