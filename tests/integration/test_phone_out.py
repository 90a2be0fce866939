"""Whole calls that Balie places: asked of a peer that plays Twilio's REST, then answered, followed and heard as
Twilio does, on a Balie that runs in this process."""

from __future__ import annotations

import asyncio
import re
import xml.etree.ElementTree as ET
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from aiohttp.test_utils import TestServer
from sqlalchemy import Connection

from bot.app.build import Balie, build
from bot.app.config import PhoneSection, Settings, read_settings
from bot.app.loading import Content, load
from bot.app.serve import make_app
from bot.service.agents import Agent
from bot.service.outgoing import Became, Wish
from bot.store import accounts, views
from bot.store.customers import identify, set_customer
from bot.store.queue import open_conversation
from bot.store.repositories import create_ticket
from channels.phone.rest import RestSettings, TwilioRest
from tests.fixtures_pages import ticket_for
from tests.fixtures_server import new_var
from tests.twilio_caller import HELPDESK, PATH, TOKEN, Caller
from tests.twilio_rest_peer import ACCOUNT, SECRET, Peer, twilio_peer

pytestmark = pytest.mark.slow  # servers and calls

PUBLIC = "https://help.example.org/balie"
TEAM = "+3225550000"
THEIRS = "+32470123456"
CLI = Agent("command line", "Balie", actor="command line")


@pytest.fixture(scope="module")
def settings(trained: Path, open_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    var = new_var(trained, tmp_path_factory.mktemp("out"))
    phone = PhoneSection.model_validate({"auth_token": TOKEN, "number": HELPDESK, "mode": "gather"})
    return read_settings(var=var, data=open_data, public_url=PUBLIC, phone=phone)


@pytest.fixture(scope="module")
def content(settings: Settings) -> Content:
    return load(settings, progress=False)


@dataclass
class Helpdesk:
    """A Balie, and Twilio beside it."""

    balie: Balie
    peer: Peer
    url: str

    async def ring(self, **more: object) -> tuple[Became, Caller]:
        """Has somebody called, who has not picked up yet."""
        wish = Wish(**{"number": THEIRS, "by": CLI, "key": "k", "language": "nl", **more})  # type: ignore[arg-type]
        became = await self.balie.outgoing.ring(wish)
        sid = Peer.sid("Calls", len(self.peer.asked))
        return became, Caller(self.url, PUBLIC, sid, number=HELPDESK, dialled=THEIRS)

    async def picks_up(self, caller: Caller, **form: str) -> None:
        """Twilio asks what to say."""
        await asyncio.to_thread(caller.go, self._path("Url"), form)

    async def news(self, caller: Caller, status: str, seconds: int = 0) -> None:
        form = {"CallStatus": status, "CallDuration": str(seconds)}
        code, body = await asyncio.to_thread(caller.post, self._path("StatusCallback"), form)
        assert code == 200, body

    def _path(self, name: str) -> str:
        [url] = self.peer.asked[-1][1][name]
        parts = urlsplit(url)
        assert parts.path.startswith(urlsplit(PUBLIC).path + PATH)
        assert parse_qs(parts.query)["id"]
        return url.removeprefix(PUBLIC + PATH + "/")

    async def notes(self, conversation_id: str) -> list[str]:
        items = await self.balie.database.read(lambda c: views.timeline(c, conversation_id))
        return [str((item.content or {}).get("text")) for item in items if item.type == "note"]

    async def view(self, conversation_id: str) -> views.ConversationView:
        view = await self.balie.database.read(lambda c: views.conversation(c, conversation_id))
        assert view is not None
        return view

    async def source(self) -> str:
        """A conversation on the web."""

        def make(connection: Connection) -> str:
            id_, _ = open_conversation(connection, "web", "s", now=self.balie.clock(), language="nl")
            found = identify(connection, "email", "a@x.be", now=1.0, verified=True, name="An Claes")
            set_customer(connection, id_, found.id)
            return id_

        return await self.balie.database.write(make)

    async def agent(self) -> Agent:
        def make(connection: Connection) -> str:
            made = accounts.create_user(
                connection, username="sofie", name="Sofie", password_hash="x", role="agent", now=1.0
            )
            return made.id

        return Agent(await self.balie.database.write(make), "Sofie")


@pytest.fixture
async def helpdesk(
    settings: Settings, content: Content, database_url: str, request: pytest.FixtureRequest
) -> AsyncIterator[Helpdesk]:
    to = getattr(request, "param", "")
    phone = settings.phone.model_copy(update={"transfer_to": to})
    used = settings.model_copy(update={"database_url": _secret(database_url), "phone": phone})
    async with twilio_peer() as peer:
        rest = RestSettings(ACCOUNT, SECRET, HELPDESK, PUBLIC + PATH)
        balie = await build(used, content, carrier=TwilioRest(rest, base=peer.base))
        server = TestServer(make_app(balie))
        await server.start_server()
        await balie.start()
        yield Helpdesk(balie, peer, str(server.make_url("/")).rstrip("/"))
        await balie.stop()
        await server.close()


def _secret(url: str) -> object:
    from pydantic import SecretStr

    return SecretStr(url)


async def test_a_customer_is_rung_and_goes_on_as_in_any_call(helpdesk: Helpdesk) -> None:
    became, caller = await helpdesk.ring()
    for status in ("initiated", "ringing"):
        await helpdesk.news(caller, status)
    await helpdesk.picks_up(caller)
    assert "automatische assistent" in caller.heard
    assert "Ik bel u over uw vraag" in caller.heard
    assert "uitgeschreven via Twilio" in caller.heard
    assert "druk 0" in caller.heard
    await asyncio.to_thread(caller.says, "ik heb problemen met de wifi")
    assert "of druk 1;" in caller.heard
    await helpdesk.news(caller, "in-progress")
    await helpdesk.news(caller, "completed", 61)
    assert await helpdesk.notes(became.conversation_id) == [
        f"De klant wordt gebeld op {THEIRS}.",
        "De oproep naar de klant is vertrokken.",
        "De telefoon van de klant gaat over.",
        "Er is opgenomen.",
        "De oproep naar de klant is afgelopen na 1:01.",
    ]
    assert (await helpdesk.view(became.conversation_id)).sender_id == caller.call


async def test_a_follow_up_asks_and_hands_over_what_is_broken_again(helpdesk: Helpdesk) -> None:
    became, caller = await helpdesk.ring(flow="follow_up")
    await helpdesk.picks_up(caller)
    assert "Ik bel u over uw vraag" in caller.heard
    assert caller.heard.count("Werkt alles nog") == 1
    assert "Waarmee kan ik u helpen" not in caller.heard
    again = Caller(caller.base, PUBLIC, caller.call, number=HELPDESK, dialled=THEIRS)
    await helpdesk.picks_up(again)  # Twilio asks once more: the flow is begun once
    assert again.heard.count("Werkt alles nog") == 1
    await asyncio.to_thread(caller.says, "nee, het werkt niet meer")
    assert "Wat loopt er weer mis" in caller.heard
    await asyncio.to_thread(caller.says, "de wifi valt weer weg")
    await asyncio.to_thread(caller.says, "Jan Peeters")
    view = await helpdesk.view(became.conversation_id)
    assert view.owner == "queue"
    assert view.ticket is not None
    assert view.ticket.ticket.contact == THEIRS


async def test_a_follow_up_names_the_ticket_and_nothing_of_it(helpdesk: Helpdesk) -> None:
    source = await helpdesk.source()
    solved = ticket_for(source, summary="Gokschuld op de laptop van de zaak.")
    made = await helpdesk.balie.database.write(lambda c: create_ticket(c, solved, episode=1, now=1.0))
    became, caller = await helpdesk.ring(flow="follow_up", source=source)
    await helpdesk.picks_up(caller)
    assert f"ticket {' '.join(str(made.number))}" in caller.heard
    assert "schuld" not in caller.heard
    await asyncio.to_thread(caller.says, "nee, het werkt niet meer")
    await asyncio.to_thread(caller.says, "hij start niet op")
    for _ in range(3):
        if caller.gather is not None:
            await asyncio.to_thread(caller.silent)
    ticket = (await helpdesk.view(became.conversation_id)).ticket
    assert ticket is not None
    assert ticket.number != made.number
    assert ticket.ticket.facts["followed_ticket"]["value"] == str(made.number)
    assert (await helpdesk.notes(source))[0] == f"De klant wordt gebeld op {THEIRS}."


async def test_a_follow_up_that_is_well_ends_the_call(helpdesk: Helpdesk) -> None:
    _, caller = await helpdesk.ring(flow="follow_up", language="fr")
    await helpdesk.picks_up(caller)
    assert "Est-ce que tout fonctionne encore" in caller.heard
    await asyncio.to_thread(caller.says, "oui, tout va bien")
    assert "Au revoir" in caller.heard
    assert caller.over


async def test_an_answering_machine_is_told_nothing_of_it(helpdesk: Helpdesk) -> None:
    became, caller = await helpdesk.ring(flow="follow_up")
    await helpdesk.picks_up(caller, AnsweredBy="machine_start")
    assert "probeerden u te bereiken" in caller.heard
    assert "ticket" not in caller.heard
    assert caller.over
    assert (await helpdesk.notes(became.conversation_id))[-1].startswith("Een antwoordapparaat")


async def test_nobody_says_anything_and_it_ends(helpdesk: Helpdesk) -> None:
    _, caller = await helpdesk.ring()
    await helpdesk.picks_up(caller)
    for _ in range(5):
        if not caller.over:
            await asyncio.to_thread(caller.silent)
    assert caller.over
    assert "Tot ziens" in caller.heard


@pytest.mark.parametrize("helpdesk", [TEAM], indirect=True)
async def test_the_customer_is_put_through_to_the_agents_telephone(helpdesk: Helpdesk) -> None:
    source, agent = await helpdesk.source(), await helpdesk.agent()
    _, caller = await helpdesk.ring(source=source, by=agent, person=True)
    await helpdesk.picks_up(caller)
    assert "U wordt doorverbonden met Sofie" in caller.heard
    assert "uitgeschreven" not in caller.heard  # two people who talk are not
    assert caller.dial is not None
    number = caller.dial.find("Number")
    assert number is not None
    assert number.text == TEAM
    code, body = await asyncio.to_thread(caller.post, number.attrib["url"], {}, call="CA-other")
    assert code == 200
    [asked] = ET.fromstring(body).iter("Gather")
    assert "die u liet bellen" in (asked.findtext("Say") or "")
    code, body = await asyncio.to_thread(
        caller.post, asked.attrib["action"], {"Digits": "1"}, call="CA-other"
    )
    assert code == 200
    assert not list(ET.fromstring(body))
    await asyncio.to_thread(caller.dialled_with, "completed", bridged=True, seconds=75)
    assert caller.over
    assert f"Doorverbonden met {TEAM}; het gesprek duurde 1:15." in await helpdesk.notes(source)


@pytest.mark.parametrize("helpdesk", [TEAM], indirect=True)
async def test_an_agent_who_does_not_pick_up_is_excused(helpdesk: Helpdesk) -> None:
    source, agent = await helpdesk.source(), await helpdesk.agent()
    _, caller = await helpdesk.ring(source=source, by=agent, person=True)
    await helpdesk.picks_up(caller)
    await asyncio.to_thread(caller.dialled_with, "no-answer", bridged=False)
    assert "Sofie kan nu niet opnemen" in caller.heard
    assert caller.over
    assert f"Doorverbinden met {TEAM} is niet gelukt (no-answer)." in await helpdesk.notes(source)


async def test_without_a_telephone_the_agent_types_and_is_heard(helpdesk: Helpdesk) -> None:
    source, agent = await helpdesk.source(), await helpdesk.agent()
    became, caller = await helpdesk.ring(source=source, by=agent, person=True)
    await helpdesk.picks_up(caller)
    assert "Sofie, die leest wat u zegt" in caller.heard
    view = await helpdesk.view(became.conversation_id)
    assert (view.owner, view.agent_id) == ("agent", agent.id)
    assert view.customer is not None
    assert view.customer.name == "An Claes"
    await helpdesk.balie.agents.reply(became.conversation_id, agent, "Dag mevrouw Claes.")
    await asyncio.to_thread(caller.silent)
    assert "Dag mevrouw Claes" in caller.heard


async def test_what_is_not_signed_or_not_known_does_nothing(helpdesk: Helpdesk) -> None:
    became, caller = await helpdesk.ring()
    stranger = Caller(helpdesk.url, PUBLIC, caller.call, token="another")
    for step in ("answered", "progress", "begun", "reached", "parted"):
        code, _ = await asyncio.to_thread(stranger.post, f"{step}?id={became.id}", {})
        assert code == 403
    code, body = await asyncio.to_thread(caller.post, "answered?id=nobody", {})
    assert (code, [each.tag for each in ET.fromstring(body)]) == (200, ["Hangup"])
    assert len(await helpdesk.notes(became.conversation_id)) == 1


async def test_an_article_is_texted_and_the_step_goes_on(helpdesk: Helpdesk) -> None:
    caller = Caller(helpdesk.url, PUBLIC, "CA" + "7" * 30, dialled="+3225559999")
    await asyncio.to_thread(caller.ring)
    await asyncio.to_thread(caller.presses, "1")
    for words in ("ik heb problemen met de wifi", "de verbinding valt altijd weg", "laptop"):
        await asyncio.to_thread(caller.says, words)
    await asyncio.to_thread(caller.presses, "1")
    await asyncio.to_thread(caller.says, "ja")
    assert "Stap 1 van" in caller.heard
    await asyncio.to_thread(caller.says, "stuur het mij")
    assert "sms gestuurd" in caller.heard
    assert "Stap 1 van" in caller.heard
    [(what, form)] = helpdesk.peer.asked
    assert (what, form["To"]) == ("Messages", [THEIRS])
    assert re.search(rf"{re.escape(PUBLIC)}/help/nl/[\w-]+$", form["Body"][0])
    await asyncio.to_thread(caller.says, "stuur het mij")
    assert "al gestuurd" in caller.heard
    assert len(helpdesk.peer.asked) == 1
