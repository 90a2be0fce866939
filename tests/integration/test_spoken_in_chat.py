"""A conversation of the chat that is spoken for a while, on both databases: what is said is answered for the
ear, and who calls is greeted as somebody who was there."""

from __future__ import annotations

import pytest
from sqlalchemy import update

from bot.app.content import DEFAULT_DATA, load_pack
from bot.dialogue.pack import Pack
from bot.model.conversation import Owner
from bot.service.agents import Agent
from bot.service.calls import Calls
from bot.service.ticketing import Ticketing
from bot.store import views
from bot.store.schema import conversations
from tests.counter import Counter
from tests.integration.test_handovers import POLICY

ANN = Agent("ann", "Ann")


@pytest.fixture(scope="module")
def shipped() -> Pack:
    return load_pack(DEFAULT_DATA)


@pytest.fixture
def calls(counter: Counter, shipped: Pack) -> Calls:
    ticketing = Ticketing(lambda: shipped, lambda: POLICY)
    return Calls(
        counter.database, counter.bus, lambda: shipped, counter.agents, ticketing, lambda: counter.now
    )


async def test_what_is_spoken_is_answered_for_the_ear_and_what_is_typed_for_the_eye(counter: Counter) -> None:
    assert (await counter.say("a", "dag", channel="web"))[-1] == "Dag."
    assert (await counter.say("a", "dag", channel="web", voice=True))[-1] == "Dag, zegt u maar."
    assert (await counter.say("a", "dag", channel="web"))[-1] == "Dag."


async def test_a_conversation_may_begin_by_voice_and_go_on_by_text(counter: Counter) -> None:
    assert (await counter.say("a", "dag", channel="web", voice=True))[-1] == "Dag, zegt u maar."
    assert (await counter.say("a", "dag", channel="web"))[-1] == "Dag."


@pytest.mark.parametrize(("voice", "channel"), [(True, "phone"), (False, "web")])
async def test_what_comes_later_is_told_in_the_way_of_what_was_said_last(
    counter: Counter, voice: bool, channel: str
) -> None:
    """The result of a slow action is nobody's message."""
    await counter.accept("a", "dag", channel="web", voice=not voice)
    id_ = (await counter.accept("a", "printer op mijn laptop", channel="web", voice=voice)).conversation_id
    await counter.replies.settled(id_, 10)
    await counter.say("a", "laptop", channel="web", voice=voice)
    view = await counter.database.read(lambda connection: views.conversation(connection, id_))
    assert view is not None
    assert view.channel == "web"
    assert (view.state or {})["channel"] == channel


async def test_what_was_said_is_a_whole_turn_and_waits_for_nothing(counter: Counter) -> None:
    """The clock stands still: a typed message would wait for more for as long as it does."""
    counter.ingest.set_burst("web", 60.0)
    assert (await counter.say("a", "dag", channel="web", voice=True))[-1] == "Dag, zegt u maar."
    typed = await counter.accept("b", "dag", channel="web")
    with pytest.raises(TimeoutError):
        await counter.replies.answered(typed, 0.2)
    counter.now += 61
    assert await counter.replies.answered(typed, 10)


async def test_who_was_typing_when_speaking_began_is_heard_at_once(counter: Counter) -> None:
    counter.ingest.set_burst("web", 60.0)
    first = await counter.accept("a", "mijn wifi", channel="web")
    await counter.accept("a", "op mijn laptop", channel="web", voice=True)
    said = await counter.replies.answered(first, 10)
    assert [(item.content or {})["text"] for item in said] == ["Ik ben een bot.", "Welke verdieping?"]


# ── who calls ─────────────────────────────────────────────────────────────────────────────────────────────

GREETINGS = {
    "nl": ("u spreekt met Balie", "we praten verder", "Blijf even aan de lijn"),
    "fr": ("ici Balie", "continuons de vive voix", "Restez en ligne"),
    "en": ("this is Balie", "let us talk", "Stay on the line"),
}


@pytest.mark.parametrize("language", GREETINGS)
async def test_who_calls_first_thing_is_greeted_as_a_caller(
    counter: Counter, calls: Calls, language: str
) -> None:
    begun = await calls.call_from("web", "a", language)
    assert GREETINGS[language][0] in begun.greeting
    [item] = await counter.timeline(begun.conversation_id)
    assert (item.seq, item.type, (item.content or {})["text"]) == (begun.seq, "bot", begun.greeting)
    assert begun.conversation_id == await calls.conversation("web", "a")
    standing = await calls.standing_of(begun.conversation_id)
    assert standing is not None
    assert (standing.language, standing.owner) == (language, Owner.BOT)


@pytest.mark.parametrize("language", GREETINGS)
async def test_who_was_chatting_goes_on(counter: Counter, calls: Calls, language: str) -> None:
    accepted = await counter.accept("a", "mijn wifi", channel="web", language=language)
    begun = await calls.call_from("web", "a", language)
    assert begun.conversation_id == accepted.conversation_id
    assert GREETINGS[language][1] in begun.greeting
    assert GREETINGS[language][2] not in begun.greeting


@pytest.mark.parametrize("language", GREETINGS)
@pytest.mark.parametrize("taken", [False, True])
async def test_who_waits_for_people_or_has_them_is_asked_to_stay(
    counter: Counter, calls: Calls, language: str, taken: bool
) -> None:
    accepted = await counter.accept("a", "een mens", channel="web")
    await counter.replies.answered(accepted, 10)
    await counter.database.write(  # the small pack of these tests speaks no French
        lambda c: c.execute(update(conversations).values(language=language)).rowcount
    )
    if taken:
        await counter.agents.claim(accepted.conversation_id, ANN)
    begun = await calls.call_from("web", "a", language)
    assert begun.language == language
    assert GREETINGS[language][1] in begun.greeting
    assert GREETINGS[language][2] in begun.greeting


async def test_a_conversation_is_spoken_in_its_own_language(counter: Counter, calls: Calls) -> None:
    """The page may have been set to another one since."""
    accepted = await counter.accept("a", "mijn wifi", channel="web")
    await counter.replies.answered(accepted, 10)
    begun = await calls.call_from("web", "a", "fr")
    assert (begun.language, GREETINGS["nl"][1] in begun.greeting) == ("nl", True)


async def test_who_has_proved_who_they_are_is_known_from_the_first_call_on(
    counter: Counter, calls: Calls
) -> None:
    begun = await calls.call_from("web", "a", "nl", "lies@voorbeeld.be")
    view = await counter.database.read(lambda c: views.conversation(c, begun.conversation_id))
    assert view is not None
    assert view.customer is not None


async def test_a_second_call_is_greeted_once_more(counter: Counter, calls: Calls) -> None:
    first = await calls.call_from("web", "a", "nl")
    second = await calls.call_from("web", "a", "nl")
    assert second.conversation_id == first.conversation_id
    assert "we praten verder" in second.greeting
