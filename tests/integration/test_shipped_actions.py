"""The shipped actions over the real pack and real databases: what they fill, say, and keep from strangers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, cast

import pytest
from sqlalchemy import insert, update

from bot.actions.desk import name_in
from bot.actions.runner import LocalRunner
from bot.actions.shipped import SHIPPED, make_checks, shipped_actions
from bot.app.content import load_pack, read_files
from bot.checks.run import Checks
from bot.dialogue.pack import Pack
from bot.dialogue.render import render
from bot.dialogue.tracker import Tracker
from bot.knowledge.articles import load_articles
from bot.knowledge.search import KnowledgeIndex
from bot.model.actions import ActionCall, ActionResult
from bot.model.messages import InboundMessage
from bot.model.ticket import CheckResult, Priority, Ticket
from bot.store import queue
from bot.store.database import Database
from bot.store.repositories import (
    create_handoff,
    create_ticket,
    get_ticket,
    identify,
    set_customer,
    update_ticket,
)
from bot.store.schema import conversations, handoffs
from bot.store.views import timeline
from handoff.config import Policy, load_policy

DATA = Path(__file__).parent.parent.parent / "data"
MONDAY = datetime(2026, 11, 23, 9, 0, tzinfo=UTC).timestamp()
NIGHT = datetime(2026, 11, 23, 22, 0, tzinfo=UTC).timestamp()
HOUR = 3600.0


class FakeChecks(Checks):
    """Routine tests with fixed results: nothing is reached."""

    results: Sequence[CheckResult] = ()

    async def for_intent(self, intent: str) -> list[CheckResult]:
        return list(self.results) if intent == "internet_down" else []


@pytest.fixture(scope="module")
def pack() -> Pack:
    return load_pack(DATA)


@pytest.fixture(scope="module")
def policy(pack: Pack) -> Policy:
    return load_policy(read_files(DATA, "policy/*.yml"))


@pytest.fixture(scope="module")
def index(pack: Pack) -> KnowledgeIndex:
    files = read_files(DATA, "kb/*/*.md")
    return KnowledgeIndex(load_articles(files, languages=pack.languages, intents=pack.domain.intents))


class Desk:
    """The shipped actions, one conversation and its slots."""

    def __init__(
        self,
        pack: Pack,
        policy: Policy,
        index: KnowledgeIndex,
        database: Database,
        *,
        public_url: str | None = "https://help.example.org/",
        channel: str = "rest",
    ) -> None:
        self.now = MONDAY
        self.channel = channel
        routine = make_checks(DATA, lambda: self.now)
        self.checks = FakeChecks(routine.policy, routine.outages)
        actions = shipped_actions(
            database=database,
            index=lambda: index,
            pack=lambda: pack,
            policy=lambda: policy,
            data=DATA,
            clock=lambda: self.now,
            public_url=public_url,
            checks=self.checks,
        )
        self.runner = LocalRunner(actions)
        self.database = database
        self.slots: dict[str, Any] = {"language": "nl"}
        self.conversation = "nobody"

    async def run(self, name: str, said: str = "", **filled: Any) -> ActionResult:
        """Run an action and keep the slots that it fills, as the engine does."""
        self.slots |= filled
        heard = [{"event": "user", "text": said, "input_channel": self.channel}]
        tracker = {
            "sender_id": self.conversation,
            "slots": self.slots,
            "latest_message": {"text": said},
            "events": heard,
        }
        result = await self.runner.run(ActionCall(name, "k", tracker))
        assert result.ok, result.error
        self.slots |= result.slots
        return result

    async def begin(self, sender: str) -> str:
        """A conversation on record."""
        message = InboundMessage("web", sender, f"{sender}-1", "hallo")
        accepted = await self.database.write(
            lambda connection: queue.accept(connection, message, now=self.now, burst=0)
        )
        self.conversation = accepted.conversation_id
        return self.conversation

    async def ticket(self, conversation: str, *, episode: int = 1, summary: str = "Wifi werkt niet") -> int:
        """A ticket of a conversation; its number."""
        ticket = Ticket(
            conversation_id=conversation,
            channel="web",
            language="nl",
            intent="wifi_problem",
            summary=summary,
            team="network",
            priority=Priority.P2,
            resolution_due=datetime.fromtimestamp(self.now, UTC) + timedelta(hours=4),
        )
        row = await self.database.write(
            lambda connection: create_ticket(connection, ticket, episode=episode, now=self.now)
        )
        return row.number


@pytest.fixture
def desk(pack: Pack, policy: Policy, index: KnowledgeIndex, database: Database) -> Desk:
    return Desk(pack, policy, index, database)


@pytest.fixture
def shelf(pack: Pack, policy: Policy, index: KnowledgeIndex) -> Desk:
    """The same without a database, for actions that need none."""
    return Desk(pack, policy, index, cast(Database, None))


def test_every_action_of_the_pack_is_there(shelf: Desk, pack: Pack) -> None:
    assert pack.domain.actions - shelf.runner.names() <= {"action_human_handoff"}
    assert [name for name in shelf.runner.names() if shelf.runner.durable(name)] == ["action_run_checks"]


def test_what_is_shipped_is_known_before_it_is_made(shelf: Desk) -> None:
    assert {action.action_name for action in SHIPPED} == shelf.runner.names()


# Articles


@pytest.mark.parametrize(
    ("problem", "language", "slug"),
    [
        ("wifi_problem", "nl", "connect-to-wifi"),
        ("password_forgotten", "fr", "reset-password"),
        ("printer_problem", "en", "printer-does-not-print"),
        ("vpn_problem", "fr", "connect-to-vpn"),
    ],
)
async def test_the_article_of_a_problem_is_suggested(
    shelf: Desk, problem: str, language: str, slug: str
) -> None:
    await shelf.run("action_suggest_article", problem=problem, language=language)
    assert shelf.slots["article_slug"] == slug
    assert shelf.slots["article_url"] == f"https://help.example.org/help/{language}/{slug}"
    assert shelf.slots["article_step"] == 1.0
    assert shelf.slots["article_steps"] >= 3.0
    assert shelf.slots["suggestions"] == [{"article": slug, "outcome": "shown"}]


@pytest.mark.parametrize(
    ("channel", "address"), [("rest", None), ("terminal", None), ("web", "/help/nl/connect-to-vpn")]
)
async def test_without_a_public_address_only_the_widget_gets_links(
    pack: Pack, policy: Policy, index: KnowledgeIndex, channel: str, address: str | None
) -> None:
    shelf = Desk(pack, policy, index, cast(Database, None), public_url=None, channel=channel)
    found = await shelf.run("action_search_knowledge", said="waar vind ik de handleiding van de VPN?")
    assert shelf.slots["article_url"] == address
    first = str(found.responses[0]["hits"]).splitlines()[0]
    assert first == f"- {shelf.slots['article_title']}" + (f": {address}" if address else "")
    step = (await shelf.run("action_ask_step_outcome")).responses[0]
    assert step["custom"]["url"] == address


@pytest.mark.parametrize("response", ["utter_article_introduced", "utter_article_advice"])
@pytest.mark.parametrize("language", ["nl", "fr", "en"])
@pytest.mark.parametrize("kind", ["fix", "howto"])
def test_an_article_without_an_address_is_named_and_nothing_more(
    pack: Pack, response: str, language: str, kind: str
) -> None:
    slots = {"article_title": "VPN", "article_summary": "Kort.", "article_minutes": 5.0, "article_kind": kind}
    for url in (None, "https://help.example.org/help/nl/vpn"):
        tracker = Tracker("c", language=language, slots={**slots, "article_url": url})
        said = render(pack, tracker, response)
        assert said is not None
        assert "VPN" in said.text
        assert (url or "http") in said.text if url else "None" not in said.text
        assert not said.text.endswith(":")


async def test_facts_of_the_problem_choose_among_its_articles(shelf: Desk) -> None:
    await shelf.run(
        "action_suggest_article",
        problem="printer_problem",
        device="scanner",
        problem_details="scannen lukt niet",
    )
    assert shelf.slots["article_slug"] == "scanner-does-not-scan"


async def test_an_article_is_worked_through_step_by_step(shelf: Desk) -> None:
    await shelf.run("action_suggest_article", problem="wifi_problem")
    asked = await shelf.run("action_ask_step_outcome")
    said = asked.responses[0]
    assert said["response"] == "utter_article_step"
    assert said["number"] == 1
    assert said["custom"]["step"] == {
        "number": 1,
        "of": int(shelf.slots["article_steps"]),
        "what": said["title"],
        "text": said["text"],
        "why": said["why"],
        "expected": said["result"],
        "minutes": said["minutes"],
    }
    assert said["custom"]["article"] == "connect-to-wifi"
    await shelf.run("action_next_article_step", step_outcome="next")
    assert shelf.slots["article_step"] == 2.0
    assert shelf.slots["step_outcome"] is None
    assert shelf.slots["steps_tried"] == [
        {"title": said["title"], "outcome": "not_solved", "article": "connect-to-wifi"}
    ]
    second = (await shelf.run("action_ask_step_outcome", language="fr")).responses[0]
    assert second["number"] == 2
    assert second["custom"]["url"].endswith("/help/fr/connect-to-wifi")
    await shelf.run("action_close_article", step_outcome="solved")
    assert shelf.slots["suggestions"] == [{"article": "connect-to-wifi", "outcome": "solved"}]
    assert shelf.slots["steps_tried"][-1]["outcome"] == "solved"


async def test_no_article_twice_and_none_when_nothing_fits(shelf: Desk) -> None:
    seen: list[str] = []
    for _ in range(60):
        await shelf.run(
            "action_suggest_article", problem="wifi_problem", problem_summary="u problemen hebt met de wifi"
        )
        if shelf.slots["article_slug"] is None:
            break
        seen.append(shelf.slots["article_slug"])
        await shelf.run("action_close_article", step_outcome="skip")
    assert shelf.slots["article_slug"] is None
    assert len(seen) == len(set(seen)) >= 1
    assert {item["outcome"] for item in shelf.slots["suggestions"]} == {"skipped"}


async def test_an_article_that_is_gone_is_an_error_of_the_action(shelf: Desk) -> None:
    tracker = {"sender_id": "c", "slots": {"language": "nl", "article_slug": "gone"}, "latest_message": {}}
    result = await shelf.runner.run(ActionCall("action_ask_step_outcome", "k", tracker))
    assert not result.ok
    assert "no article 'gone'" in result.error


@pytest.mark.parametrize("junk", [None, "x", 3, [1, None, {"a": 1}], {}])
async def test_odd_slots_break_no_action(shelf: Desk, junk: Any) -> None:
    shelf.slots |= dict.fromkeys(
        ("suggestions", "steps_tried", "check_results", "scope", "urgency", "handoff_reason"), junk
    )
    for name in ("action_suggest_article", "action_close_article", "action_run_checks"):
        await shelf.run(name, problem="wifi_problem")


async def test_the_knowledge_base_is_searched(shelf: Desk) -> None:
    found = await shelf.run("action_search_knowledge", said="waar vind ik de handleiding van de VPN?")
    assert shelf.slots["knowledge_found"] is True
    assert shelf.slots["article_slug"] == "connect-to-vpn"
    said = found.responses[0]
    assert said["hits"].startswith("- ")
    assert "https://help.example.org/help/nl/connect-to-vpn" in said["hits"]
    nothing = await shelf.run("action_search_knowledge", knowledge_query="pizza margherita")
    assert shelf.slots["knowledge_found"] is False
    assert shelf.slots["article_slug"] is None
    assert nothing.responses == ()


# Checks and outages


async def test_checks_are_run_and_told(shelf: Desk) -> None:
    good = CheckResult("internet_name", "www.example.com:443", True, "an address", "93.184.216.34", 12)
    shelf.checks.results = [good, replace(good, name="internet_web", ok=False, found="HTTP 503")]
    await shelf.run("action_run_checks", problem="internet_down")
    assert shelf.slots["checks_ok"] is False
    assert shelf.slots["checks_text"] == "Namen opzoeken (DNS): in orde, websites openen: niet in orde."
    assert shelf.slots["check_results"][0] == {
        "name": "internet_name",
        "target": "www.example.com:443",
        "ok": True,
        "expected": "an address",
        "found": "93.184.216.34",
        "ms": 12,
    }
    shelf.checks.results = [good]
    await shelf.run("action_run_checks", language="fr")
    assert shelf.slots["checks_ok"] is True
    assert shelf.slots["checks_text"] == "Résolution des noms (DNS) : en ordre."
    assert len(shelf.slots["check_results"]) == 3
    await shelf.run("action_run_checks", problem="printer_problem")
    assert (shelf.slots["checks_ok"], shelf.slots["checks_text"]) == (None, None)


async def test_outages_are_told_only_where_they_concern(shelf: Desk, tmp_path: Path) -> None:
    await shelf.run("action_find_outage", problem="email_not_working")
    assert shelf.slots["outage_text"] is None


# Tickets


async def test_a_ticket_is_told_to_its_own_conversation_only(desk: Desk) -> None:
    mine = await desk.begin("an")
    number = await desk.ticket(mine)
    await desk.run("action_ticket_status")
    assert desk.slots["ticket_found"] is True
    assert desk.slots["ticket_number"] == str(number)
    assert desk.slots["ticket_text"].startswith(f"Ticket {number} (Wifi werkt niet) wacht op")
    assert "23/11 om 14.00 uur" in desk.slots["ticket_text"]
    await desk.begin("stranger")
    for asked in (None, str(number), f"#{number}", "99999", "' OR 1=1 --"):
        desk.slots = {"language": "nl"}
        await desk.run("action_ticket_status", ticket_asked=asked, said=f"mijn ticket {asked}")
        assert desk.slots["ticket_found"] is False
        assert desk.slots["ticket_text"] is None
        await desk.run("action_update_ticket", ticket_update_text="ik ben het echt")
        assert desk.slots["ticket_found"] is False
    row = await desk.database.read(lambda connection: get_ticket(connection, number))
    assert row is not None
    assert row.ticket.notes == ()


async def test_a_ticket_of_somebody_who_proved_who_they_are_is_theirs_everywhere(desk: Desk) -> None:
    first = await desk.begin("laptop")
    number = await desk.ticket(first)
    second = await desk.begin("gsm")

    def known(verified: bool) -> Any:
        def work(connection: Any) -> None:
            customer = identify(connection, "web", "an@example.org", now=MONDAY, verified=verified)
            for conversation in (first, second):
                set_customer(connection, conversation, customer.id)

        return work

    await desk.database.write(known(False))
    await desk.run("action_ticket_status")
    assert desk.slots["ticket_found"] is False
    await desk.database.write(known(True))
    await desk.run("action_ticket_status", ticket_asked=f"{number}")
    assert desk.slots["ticket_found"] is True


async def test_the_secret_link_opens_a_ticket(desk: Desk) -> None:
    number = await desk.ticket(await desk.begin("an"))
    row = await desk.database.read(lambda connection: get_ticket(connection, number))
    assert row is not None
    await desk.begin("other")
    await desk.run("action_ticket_status", said=f"zie https://help.example.org/t/{row.secret}")
    assert desk.slots["ticket_found"] is True
    await desk.run("action_ticket_status", said=f"zie https://help.example.org/t/{row.secret[:-1]}x")
    assert desk.slots["ticket_found"] is False


async def test_how_a_ticket_stands(desk: Desk) -> None:
    conversation = await desk.begin("an")
    number = await desk.ticket(conversation)

    def line(connection: Any) -> None:
        create_handoff(
            connection, conversation, episode=1, team="network", reason="asked", priority="P2", now=MONDAY
        )
        connection.execute(update(handoffs).values(claimed_at=MONDAY + 60))

    await desk.database.write(line)
    await desk.run("action_ticket_status", language="en")
    assert "is being worked on by" in desk.slots["ticket_text"]
    await desk.database.write(
        lambda connection: update_ticket(
            connection, number, now=MONDAY, status="solved", solution="Router {herstart}."
        )
    )
    await desk.run("action_ticket_status", language="fr")
    assert desk.slots["ticket_text"].endswith("est résolu. La solution : Router {herstart}.")


async def test_adding_to_a_ticket_reopens_it_once(desk: Desk) -> None:
    number = await desk.ticket(await desk.begin("an"))
    await desk.database.write(
        lambda connection: update_ticket(connection, number, now=MONDAY, status="solved")
    )
    for _ in range(2):
        await desk.run("action_update_ticket", ticket_update_text="Het is terug stuk.")
    row = await desk.database.read(lambda connection: get_ticket(connection, number))
    assert row is not None
    assert row.ticket.notes == ("Het is terug stuk.",)
    assert row.status == "open"


async def test_what_is_added_from_elsewhere_is_a_note_in_the_ticket_s_conversation(desk: Desk) -> None:
    first = await desk.begin("an")
    number = await desk.ticket(first)
    row = await desk.database.read(lambda connection: get_ticket(connection, number))
    assert row is not None
    await desk.begin("other")
    await desk.run("action_update_ticket", said=f"t/{row.secret}", ticket_update_text="Nu ook de VPN.")
    items = await desk.database.read(lambda connection: timeline(connection, first))
    assert [item.content for item in items if item.type == "note"] == [{"text": "Nu ook de VPN."}]


# The desk


async def test_whether_somebody_is_there(desk: Desk) -> None:
    await desk.run("action_handoff_availability", problem="wifi_problem", handoff_reason="asked")
    assert desk.slots["handoff_open"] is True
    assert desk.slots["queue_position"] == 1.0
    assert desk.slots["expected_wait"] is None
    assert desk.slots["opening_hours_text"].startswith("Onze medewerkers zijn er ")
    desk.now = NIGHT
    await desk.run("action_handoff_availability")
    assert desk.slots["handoff_open"] is False
    assert desk.slots["queue_position"] is None
    assert "morgen" in desk.slots["opening_hours_text"]
    for language in ("nl", "fr", "en"):
        await desk.run("action_opening_hours", language=language)
        assert desk.slots["opening_hours_text"].endswith(".")


async def test_the_line_and_the_wait(desk: Desk, policy: Policy) -> None:
    team = policy.team_for("wifi_problem", "nl").id

    def line(connection: Any) -> None:
        for number, priority in enumerate(("P1", "P4")):
            connection.execute(insert(conversations).values(_row(f"c{number}")))
            create_handoff(
                connection, f"c{number}", episode=1, team=team, reason="asked", priority=priority, now=MONDAY
            )
        connection.execute(insert(conversations).values(_row("done")))
        create_handoff(
            connection, "done", episode=1, team=team, reason="asked", priority="P1", now=MONDAY - 600
        )
        connection.execute(
            update(handoffs)
            .where(handoffs.c.conversation_id == "done")
            .values(claimed_at=MONDAY - 420, closed_at=MONDAY)
        )

    await desk.database.write(line)
    await desk.run("action_handoff_availability", problem="wifi_problem", scope="only_me", urgency="medium")
    assert desk.slots["queue_position"] == 2.0
    assert desk.slots["expected_wait"] == 3.0


def _row(conversation: str) -> dict[str, Any]:
    return {
        "id": conversation,
        "channel": "web",
        "sender_id": conversation,
        "owner": "queue",
        "status": "open",
        "language": "nl",
        "created_at": MONDAY,
        "updated_at": MONDAY,
    }


@pytest.mark.parametrize(
    ("answer", "name"),
    [
        ("Jan Peeters", "Jan Peeters"),
        ("jan peeters jan@voorbeeld.be", "Jan Peeters"),
        ("ik ben Els Claes en mijn nummer is 0470 12 34 56", "Els Claes"),
        ("Marie Dubois au 0470/12.34.56", "Marie Dubois"),
        ("sam@example.com", ""),
        ("waarom wilt u dat weten", ""),
    ],
)
def test_the_name_in_an_answer_that_may_also_say_how_to_reach_somebody(answer: str, name: str) -> None:
    assert name_in(answer) == name


def test_a_word_that_means_something_is_no_name() -> None:
    assert name_in("gestolen", about=True) == ""
    assert name_in("Jan, 0470 12 34 56", about=True) == "Jan"
