"""Calls and texts that go out, on both databases and against a peer that plays Twilio's REST: on record
before they are asked for, once for each wish, and no more a day than may be."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from bot.bus.local import LocalBus
from bot.model.errors import Malformed, NotFound, Refused
from bot.service.outgoing import Allowed, Outgoing, Wish
from bot.service.place import Agent
from bot.service.placed import PlacedCalls
from bot.service.replies import Replies
from bot.store import outgoing as store
from bot.store import views
from bot.store.accounts import audit_entries
from bot.store.customers import identify, set_customer
from bot.store.database import Database
from bot.store.queue import open_conversation
from bot.store.schema import conversations
from channels.phone.rest import RestSettings, TwilioRest
from tests.fixtures_pages import pack
from tests.twilio_rest_peer import ACCOUNT, SECRET, Peer, twilio_peer

THEIRS = "+32470123456"
SOFIE = Agent("u1", "Sofie")
NOON = 1_764_586_800.0
"""1 December 2025, noon in Brussels."""
COUNTRIES = frozenset({"BE", "NL"})


@dataclass
class Desk:
    """What is tested, with the peer beside it."""

    database: Database
    peer: Peer
    outgoing: Outgoing
    placed: PlacedCalls
    now: list[float] = field(default_factory=lambda: [NOON])

    async def notes(self, conversation_id: str) -> list[str]:
        items = await self.database.read(lambda c: views.timeline(c, conversation_id))
        return [str((item.content or {}).get("text")) for item in items if item.type == "note"]

    async def conversation(self) -> str:
        """Somebody's, on the web, with a number of theirs."""

        def make(connection):  # type: ignore[no-untyped-def]
            id_, _ = open_conversation(connection, "web", "sender", now=NOON, language="fr")
            customer = identify(connection, "email", "a@example.org", now=NOON, verified=True, name="An")
            set_customer(connection, id_, customer.id)
            return id_

        return await self.database.write(make)

    async def call_of(self, number: str = THEIRS, *, number_of_call: str = "CA9") -> str:
        """A call that comes in from that number; its conversation."""

        def make(connection):  # type: ignore[no-untyped-def]
            id_, _ = open_conversation(connection, "phone", number_of_call, now=NOON, language="nl")
            customer = identify(connection, "phone", number, now=NOON, verified=False)
            set_customer(connection, id_, customer.id)
            return id_

        return await self.database.write(make)


@pytest.fixture
async def desk(database: Database) -> AsyncIterator[Desk]:
    now = [NOON]
    async with twilio_peer() as peer:
        settings = RestSettings(ACCOUNT, SECRET, "+3225551234", "https://x.example.org/webhooks/twilio_voice")
        bus, content = LocalBus(), replace(pack(), languages=("nl", "fr", "en"))
        outgoing = Outgoing(
            database,
            bus,
            TwilioRest(settings, base=peer.base),
            Allowed(COUNTRIES, 3, 2),
            lambda: ZoneInfo("Europe/Brussels"),
            lambda: content,
            lambda: now[0],
        )
        placed = PlacedCalls(database, bus, lambda: content, Replies(database, bus), lambda: now[0])
        yield Desk(database, peer, outgoing, placed, now)
        await bus.close()


def wish(key: str = "k1", number: str = THEIRS, **more: object) -> Wish:
    return replace(Wish(number, SOFIE, key), **more)  # type: ignore[arg-type]


async def test_a_call_is_on_record_for_the_customer_who_is_rung(desk: Desk) -> None:
    source = await desk.conversation()
    became = await desk.outgoing.ring(wish(source=source, person=True))
    assert became.state == "placed"
    assert await desk.notes(source) == [f"Sofie fait appeler le client au {THEIRS}."]
    own = await desk.database.read(lambda c: views.conversation(c, became.conversation_id))
    whose = await desk.database.read(lambda c: views.conversation(c, source))
    assert own is not None
    assert whose is not None
    assert (own.channel, own.sender_id, own.language) == ("phone", Peer.sid("Calls", 1), "fr")
    assert own.customer == whose.customer
    [entry] = await desk.database.read(lambda c: audit_entries(c, deed="call_out"))
    assert (entry.actor, entry.subject) == ("u1", f"conversation:{source}")
    assert THEIRS not in str(entry.data)


async def test_what_is_asked_for_is_on_record_before(desk: Desk) -> None:
    desk.peer.answer = "slow"
    ringing = asyncio.create_task(desk.outgoing.ring(wish()))
    await desk.peer.came.wait()
    [query] = desk.peer.asked[0][1]["Url"]
    going = await desk.placed.of(query.partition("id=")[2])
    assert going is not None
    assert (going.state, len(await desk.notes(going.conversation_id))) == ("asked", 1)
    desk.peer.released.set()
    await ringing


@pytest.mark.parametrize(
    ("answer", "state", "note"),
    [
        ((400, 21215, "Geo-permissions"), "refused", "Geo-permissions"),
        ((429, 20429, "Too Many Requests"), "not_done", "nothing was done"),
        ((500, 20500, "Oops"), "unknown", "niet zeker"),
        ("garbage", "unknown", "niet zeker"),
        ("cut", "unknown", "niet vanzelf herhaald"),
    ],
)
async def test_what_became_of_it_is_noted_and_not_tried_again(
    desk: Desk, answer: str | tuple[int, int, str], state: str, note: str
) -> None:
    desk.peer.answer = answer
    became = await desk.outgoing.ring(wish())
    again = await desk.outgoing.ring(wish())
    assert (became.state, again.state) == (state, state)
    notes = await desk.notes(became.conversation_id)
    assert len(notes) == 2
    assert note in notes[1]
    assert len(desk.peer.asked) == 1


async def test_news_settle_what_nobody_knew(desk: Desk) -> None:
    desk.peer.answer = "cut"
    became = await desk.outgoing.ring(wish())
    await desk.placed.progress(became.id, "CA77", "ringing")
    going = await desk.placed.of(became.id)
    assert going is not None
    assert (going.state, going.sid) == ("ringing", "CA77")


async def test_news_may_come_before_the_answer(desk: Desk) -> None:
    desk.peer.answer = "slow"
    ringing = asyncio.create_task(desk.outgoing.ring(wish()))
    await desk.peer.came.wait()
    id_ = desk.peer.asked[0][1]["Url"][0].partition("id=")[2]
    await desk.placed.progress(id_, "CA77", "ringing")
    desk.peer.released.set()  # and then the connection is cut
    became = await ringing
    going = await desk.placed.of(id_)
    assert going is not None
    assert (going.state, going.sid) == ("ringing", "CA77")
    assert not any("niet zeker" in note for note in await desk.notes(became.conversation_id))
    await desk.placed.progress(id_, "CA77", "initiated")
    going = await desk.placed.of(id_)
    assert going is not None
    assert going.state == "ringing"


async def test_one_press_is_one_call_fifty_times_at_once(desk: Desk) -> None:
    became = await asyncio.gather(*(desk.outgoing.ring(wish()) for _ in range(50)))
    assert len({each.conversation_id for each in became}) == 1
    assert len(desk.peer.asked) == 1
    assert len(await desk.notes(became[0].conversation_id)) == 1


async def test_the_cap_holds_with_fifty_at_once_and_is_new_the_next_day(desk: Desk) -> None:
    async def ring(n: int) -> str:
        try:
            return (await desk.outgoing.ring(wish(f"k{n}"))).state
        except Refused as error:
            return error.why

    became = await asyncio.gather(*(ring(n) for n in range(50)))
    assert sorted(became) == ["calls_a_day"] * 47 + ["placed"] * 3
    assert len(desk.peer.asked) == 3
    assert await desk.database.read(lambda c: store.counted(c, "call", "2025-12-01")) == 3
    rows = await desk.database.read(lambda c: c.execute(select(conversations.c.id)).all())
    assert len(rows) == 3  # what was refused left nothing behind
    desk.now[0] = NOON + 11 * 3600  # an hour to midnight there
    assert await ring(50) == "calls_a_day"
    desk.now[0] = NOON + 13 * 3600
    assert await ring(51) == "placed"


@pytest.mark.parametrize(
    ("number", "why"),
    [("+3290012345", "special"), ("+33142685300", "country"), ("+32470", "invalid")],
)
async def test_what_may_not_be_rung_is_never_asked_for(desk: Desk, number: str, why: str) -> None:
    with pytest.raises(Refused) as caught:
        await desk.outgoing.ring(wish(number=number))
    assert caught.value.why == why
    assert desk.peer.asked == []
    assert await desk.database.read(lambda c: c.execute(select(conversations.c.id)).all()) == []


async def test_a_flow_and_a_conversation_must_be_there(desk: Desk) -> None:
    with pytest.raises(Malformed):
        await desk.outgoing.ring(wish(flow="no_such_flow"))
    with pytest.raises(Malformed):
        await desk.outgoing.ring(wish(language="de"))
    with pytest.raises(NotFound):
        await desk.outgoing.ring(wish(source="nowhere"))
    assert desk.peer.asked == []


async def test_without_a_carrier_it_says_what_is_missing(desk: Desk) -> None:
    desk.outgoing.carrier = None
    with pytest.raises(Refused, match=r"phone\.number"):
        await desk.outgoing.ring(wish())


async def test_news_are_noted_once_each_and_an_end_is_an_end(desk: Desk) -> None:
    source = await desk.conversation()
    became = await desk.outgoing.ring(wish(source=source))
    for status in ("initiated", "ringing", "ringing", "no-answer", "no-answer", "answered", "queued"):
        await desk.placed.progress(became.id, Peer.sid("Calls", 1), status)
    told = [
        f"Sofie fait appeler le client au {THEIRS}.",
        "L'appel vers le client est lancé.",
        "Le téléphone du client sonne.",
        "Le client n'a pas décroché.",
        "On a décroché.",
    ]
    assert await desk.notes(source) == told
    assert await desk.notes(became.conversation_id) == told
    going = await desk.placed.of(became.id)
    assert going is not None
    assert going.state == "no-answer"


async def test_an_article_is_texted_once_a_call(desk: Desk) -> None:
    call = await desk.call_of()
    send = ("wifi", "Wifi op uw laptop", "https://x.example.org/help/nl/wifi")
    became = await asyncio.gather(*(desk.outgoing.text_article(call, *send) for _ in range(10)))
    assert became.count("sent") == 1
    assert {*became} <= {"sent", "already", "unknown"}  # who comes while it is being asked for cannot know
    assert await desk.outgoing.text_article(call, *send) == "already"
    [(what, form)] = desk.peer.asked
    assert what == "Messages"
    assert form["To"] == [THEIRS]
    assert form["Body"] == ["IT-helpdesk: Wifi op uw laptop https://x.example.org/help/nl/wifi"]
    assert await desk.notes(call) == [f"Het artikel ‘Wifi op uw laptop’ is per sms gestuurd naar {THEIRS}."]


@pytest.mark.parametrize(
    ("number", "became"),
    [("+3225551234", "no_mobile"), ("+33612345678", "country"), ("+3290012345", "special")],
)
async def test_a_text_goes_to_an_allowed_mobile_number_only(desk: Desk, number: str, became: str) -> None:
    call = await desk.call_of(number)
    assert await desk.outgoing.text_article(call, "wifi", "Wifi", "https://x.example.org") == became
    assert desk.peer.asked == []


async def test_who_calls_out_of_the_chat_has_the_article_there(desk: Desk) -> None:
    chat = await desk.conversation()
    assert await desk.outgoing.text_article(chat, "wifi", "Wifi", "https://x.example.org") == "shown"
    assert desk.peer.asked == []


async def test_texts_have_a_cap_of_their_own(desk: Desk) -> None:
    call = await desk.call_of()
    slugs = [f"article-{n}" for n in range(20)]
    became = await asyncio.gather(
        *(desk.outgoing.text_article(call, each, each, "https://x") for each in slugs)
    )
    assert sorted(became) == ["sent"] * 2 + ["texts_a_day"] * 18
    assert len(desk.peer.asked) == 2


async def test_a_text_that_nobody_knows_of_is_not_sent_again(desk: Desk) -> None:
    desk.peer.answer, call = "cut", await desk.call_of()
    first = await desk.outgoing.text_article(call, "wifi", "Wifi", "https://x")
    second = await desk.outgoing.text_article(call, "wifi", "Wifi", "https://x")
    assert (first, second) == ("unknown", "unknown")
    assert len(desk.peer.asked) == 1
