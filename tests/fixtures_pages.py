"""A site over a database with people, conversations and a ticket, and browsers without a screen to visit it."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime
from typing import Any

import pytest
from aiohttp import ClientResponse, CookieJar, web
from aiohttp.test_utils import TestClient, TestServer
from argon2 import PasswordHasher
from sqlalchemy import Connection

from bot.app.content import DEFAULT_DATA, read_files
from bot.app.content import POLICY as POLICY_PATHS
from bot.bus.local import LocalBus
from bot.dialogue.domain import Domain, Slot
from bot.dialogue.pack import Pack
from bot.knowledge.articles import Article, Articles, ArticleStep, load_articles
from bot.knowledge.search import KnowledgeIndex
from bot.model.conversation import Owner, Status
from bot.model.events import Event
from bot.model.languages import LANGUAGES
from bot.model.messages import InboundMessage
from bot.model.ticket import CheckResult, Level, Priority, StepTried, Ticket
from bot.model.understanding import Entity, IntentScore, Understanding
from bot.service.agents import Agents
from bot.service.attendance import Attendance
from bot.service.outgoing import Allowed, Outgoing
from bot.service.overlay import Agreed, Library
from bot.service.ticketing import Ticketing
from bot.store import accounts, queue
from bot.store.database import Database
from bot.store.repositories import create_handoff, create_ticket
from bot.web import access, api, assets, files, help, login, ops, setup, ticket_page
from bot.web import people as people_page
from bot.web.passwords import Passwords
from bot.web.site import MAX_BODY, Site, SiteSettings
from handoff import admin, desk, review
from handoff.agreements import load_agreements
from handoff.presence import Presence

PASSWORD = "balie-balie-balie"
TOKEN = "the-token-of-the-settings"
START = 1_790_000_000.0

POLICY_FILES = read_files(DEFAULT_DATA, *POLICY_PATHS)
POLICY = load_agreements(POLICY_FILES, intents=(), languages=LANGUAGES).policy

PEOPLE = {
    "els": ("Els Vermeulen", "agent"),
    "karim": ("Karim El Amrani", "agent"),
    "riet": ("Riet Claes", "reviewer"),
    "edwin": ("Edwin Pauwels", "editor"),
    "lena": ("Lena Dubois", "lead"),
    "admin": ("Ada Min", "admin"),
}


class Clock:
    """Time that passes when a test says so."""

    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> float:
        return self.now


def article(slug: str, language: str, title: str, **more: Any) -> Article:
    """A small article."""
    steps = (ArticleStep("Look at it.", "Look <b>well</b>.", "to see", "you saw", 2, "Look <b>well</b>."),)
    return Article(
        slug, language, title, f"{title}: samenvatting", more.pop("kind", "fix"),
        more.pop("intents", ("password_forgotten",)), ("wachtwoord",), 5, date(2026, 11, 1),
        more.pop("intro", "Voor wie het [andere](unlock-account) zoekt. <script>alert(1)</script>"), steps,
        more.pop("advanced", "Voor **kenners**."), f"# {title}", **more,
    )  # fmt: skip


def knowledge(files: Mapping[str, str]) -> KnowledgeIndex:
    """Two articles, one of them only in Dutch; and those in files."""
    reset = {code: article("reset-password", code, f"Wachtwoord {code}") for code in ("nl", "fr", "en")}
    unlock = {"nl": article("unlock-account", "nl", "Account ontgrendelen", intents=("account_locked",))}
    more = load_articles(files).by_slug
    return KnowledgeIndex(Articles({"reset-password": reset, "unlock-account": unlock, **more}))


def pack() -> Pack:
    """A domain with two facts."""
    device = Slot("device", "text", labels={"nl": "Toestel"}, fact=True)
    system = Slot("operating_system", "text", labels={"nl": "Besturingssysteem"}, fact=True)
    intents = frozenset({"internet_down", "wifi_problem", "nlu_fallback"})
    entities = frozenset({"device", "date"})
    return Pack(
        Domain(slots={each.name: each for each in (device, system)}, intents=intents, entities=entities), {}
    )


async def parse(text: str) -> Understanding:
    """Understands everything as one thing."""
    entity = Entity("device", "laptop", 0, 6, "laptop", "lookup", role="own")
    return Understanding(text, "nl", "internet_down", 0.9, (IntentScore("internet_down", 0.9),), (entity,))


@dataclasses.dataclass
class Visited:
    """The site with what a test needs of it."""

    site: Site
    app: web.Application
    server: TestServer
    clock: Clock
    clients: list[TestClient[Any, Any]]

    async def browser(self) -> TestClient[Any, Any]:
        """A new visitor without cookies; redirects are not followed."""
        client: TestClient[Any, Any] = TestClient(self.server, cookie_jar=CookieJar(unsafe=True))
        self.clients.append(client)
        return client

    async def as_(self, username: str) -> Person:
        """A visitor who is logged in."""
        client = await self.browser()
        answer = await client.post(
            "/desk/login", data={"username": username, "password": PASSWORD}, allow_redirects=False
        )
        assert answer.status == 303, await answer.text()
        page = await (await client.get(answer.headers["Location"])).text()
        found = re.search(r"X-CSRF-Token(?:&#34;|\\u0022|\")+: ?(?:&#34;|\")+([\w-]+)", page)
        assert found, page[:800]
        return Person(client, found[1])

    async def conversation(self, sender: str, texts: list[str], **more: Any) -> str:
        """A conversation that was handed over, with a ticket; its id."""
        return await talk(self.site, sender, texts, **more)


@dataclasses.dataclass
class Person:
    """Somebody who is logged in."""

    client: TestClient[Any, Any]
    csrf: str

    async def get(self, path: str, **more: Any) -> ClientResponse:
        return await self.client.get(path, allow_redirects=False, **more)

    async def text(self, path: str, **more: Any) -> str:
        answer = await self.get(path, **more)
        text = await answer.text()
        assert answer.status == 200, text[:500]
        return text

    async def post(self, path: str, data: dict[str, str] | None = None, **more: Any) -> ClientResponse:
        data = {"csrf": self.csrf, **(data or {})}
        return await self.client.post(path, data=data, allow_redirects=False, **more)


Make = Callable[[], Awaitable[None]]


@asynccontextmanager
async def served(database: Database) -> AsyncIterator[Visited]:
    """The pages of everybody, served from a database with its tables."""
    clock, bus = Clock(), LocalBus()
    passwords = Passwords(PasswordHasher(time_cost=1, memory_cost=1024, parallelism=1))
    content = pack()
    library = Library({}, knowledge, database=database, bus=bus, clock=clock)
    agreed = Agreed(POLICY_FILES, intents=(), languages=LANGUAGES, database=database, bus=bus, clock=clock)
    ticketing = Ticketing(lambda: content, lambda: agreed.now.policy)
    agents = Agents(database, bus, resume=ticketing.resume, clock=clock)
    outgoing = Outgoing(
        database, bus, None, Allowed(), lambda: agreed.now.policy.calendar.zone, lambda: content, clock
    )
    site = Site(
        database=database,
        bus=bus,
        agents=agents,
        attendance=Attendance(database, agents, Presence, lambda: agreed.now.policy.calendar, clock),
        ticketing=ticketing,
        outgoing=outgoing,
        agreed=agreed,
        library=library,
        pack=lambda: content,
        parse=parse,
        settings=SiteSettings(api_token=TOKEN),
        passwords=passwords,
        clock=clock,
    )
    hashed = passwords.hash(PASSWORD)

    def people(connection: Connection) -> None:
        for username, (name, role) in PEOPLE.items():
            made = accounts.create_user(
                connection, username=username, name=name, password_hash=hashed, role=role, now=START
            )
            accounts.update_user(connection, made.id, availability="online")

    await database.write(people)
    app = web.Application(client_max_size=MAX_BODY)
    setup.setup(app, site)
    app.add_routes(access.opened(assets.routes()))
    for area in (login, desk, review, help, api, ops, ticket_page, files, people_page, admin):
        app.add_routes(area.routes())
    server = TestServer(app)
    await server.start_server()
    made = Visited(site, app, server, clock, [])
    yield made
    await bus.close()
    for client in made.clients:
        await client.close()
    await server.close()


@pytest.fixture
async def visited(sqlite_database: Database) -> AsyncIterator[Visited]:
    """The pages over SQLite."""
    async with served(sqlite_database) as made:
        yield made


@pytest.fixture
async def on_both(database: Database) -> AsyncIterator[Visited]:
    """The pages over each kind of database, for tests that import this as `visited`."""
    async with served(database) as made:
        yield made


def ticket_for(conversation_id: str, **more: Any) -> Ticket:
    """A ticket with everything on it."""
    values: dict[str, Any] = {
        "conversation_id": conversation_id,
        "channel": "web",
        "language": "nl",
        "intent": "internet_down",
        "summary": "Geen internet op kantoor.",
        "customer": "Sofie Janssens",
        "contact": "sofie@voorbeeld.be",
        "facts": {"device": {"label": "Toestel", "value": "laptop"}},
        "steps_tried": (StepTried("Router herstart", "not_solved", "reset-password"),),
        "checks": (CheckResult("dns", "voorbeeld.be", True, "een adres", "10.0.0.1", 12),),
        "articles": ("reset-password",),
        "impact": Level.HIGH,
        "urgency": Level.MEDIUM,
        "priority": Priority.P2,
        "team": "network",
        "reason": "exhausted",
        "response_due": datetime.fromtimestamp(START + 1800, UTC),
        "resolution_due": datetime.fromtimestamp(START + 9000, UTC),
    }
    return Ticket(**{**values, **more})


async def talk(
    site: Site,
    sender: str,
    texts: list[str],
    *,
    channel: str = "web",
    handed: bool = True,
    extra: Sequence[Event] = (),
    **ticket: Any,
) -> str:
    """One turn of a customer, understood and answered; handed over with a ticket unless told otherwise."""
    now = site.clock()

    def say(connection: Connection) -> str:
        for number, text in enumerate(texts):
            message = InboundMessage(channel, sender, f"{sender}-{number}", text, language="nl")
            accepted = queue.accept(connection, message, now=now, burst=0.0)
        return accepted.conversation_id

    id_ = await site.database.write(say)
    events = [
        Event(
            "understood",
            {"language": "nl", "intent": "internet_down", "confidence": 0.83, "model": "abc",
             "ranking": [["internet_down", 0.83], ["wifi_problem", 0.1]]},
            {"entities": [{"entity": "device", "value": "laptop", "start": 0, "end": 6}]},
        ),
        Event(
            "decided",
            {"rule": "start_flow", "commands": [{"command": "StartFlow", "flow": "internet_down"}]},
        ),
        Event("flow", {"flow": "internet_down", "change": "started"}),
        Event("step", {"flow": "internet_down", "step": "ask_device", "kind": "collect"}),
        Event("slot", {"name": "device", "by": "collect"}, {"value": "laptop"}),
        Event("check", {"name": "dns", "ok": False, "ms": 12}, {"expected": "een adres", "found": "niets"}),
        Event("action", {"name": "action_check", "ok": True, "ms": 34}),
        Event("suggestion", {"article": "reset-password", "outcome": "shown"}),
        Event(
            "bot",
            {"author": "bot", "response": "utter_ask", "replies": [{"title": "Ja", "payload": "/affirm"}]},
            {"text": "Klopt dat?"},
        ),
        *([Event("handoff", {"reason": "exhausted", "team": "network", "ticket": 1001})] if handed else []),
        *extra,
    ]  # fmt: skip

    def answer(connection: Connection) -> None:
        claimed = next(c for c in queue.claim(connection, now=now + 1, lease=30, limit=9) if c.id == id_)
        stack = [{"id": 1, "flow": "internet_down", "step": "ask_device", "kind": "flow"}]
        slots = {"device": "laptop", "requested_slot": "device"}
        state = {"conversation_id": id_, "language": "nl", "channel": channel, "slots": slots, "stack": stack}
        queue.save_turn(
            connection, claimed, state=state, events=events,
            status=Status.OPEN if handed else Status.PENDING, owner=Owner.QUEUE if handed else Owner.BOT,
            language="nl", wake_at=None, push=False, now=now, team="network" if handed else None,
        )  # fmt: skip
        if handed:
            create_ticket(connection, ticket_for(id_, **ticket), episode=1, now=now)
            create_handoff(
                connection, id_, episode=1, team="network", reason="exhausted", priority="P2", now=now
            )

    await site.database.write(answer)
    return id_
