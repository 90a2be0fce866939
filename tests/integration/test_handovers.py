"""Handing over on a real database: a ticket an episode, a place in line with the turn, and who was faster."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any, TypeVar

import pytest
from sqlalchemy import Connection

from bot.dialogue.tracker import Tracker
from bot.model.actions import ActionCall
from bot.model.conversation import Deed, Owner, Status
from bot.model.events import Event
from bot.model.messages import InboundMessage
from bot.service.handovers import Handovers, episode_of, minutes_of
from bot.service.saving import Handover
from bot.service.ticketing import Ticketing
from bot.store import queue
from bot.store.database import Database
from bot.store.migrations import migrate
from bot.store.queue import Claimed
from bot.store.repositories import (
    TicketRow,
    claim_handoff,
    create_customer,
    create_handoff,
    get_ticket,
    open_handoff,
    position,
    set_customer,
    ticket_of,
    update_ticket,
)
from handoff.config import load_policy
from tests.engine_talk import small_pack

T = TypeVar("T")

MONDAY = 1_773_046_800.0  # 2026-03-09 10:00 in Brussels
SUNDAY = MONDAY - 86_400.0
POLICY = load_policy(
    {
        f"policy/{path.name}": path.read_text(encoding="utf-8")
        for path in (Path(__file__).parents[2] / "data" / "policy").glob("*.yml")
    }
)
WIFI: dict[str, Any] = {"problem": "wifi_problem", "handoff_reason": "exhausted", "device": "laptop"}


class Counter:
    """Customers, a worker and a handover desk by hand; `now` moves only when a test moves it."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.now = MONDAY
        self.messages = 0
        self.desk = self.desk_at(None)

    def desk_at(self, public_url: str | None) -> Handovers:
        return Handovers(
            self.database,
            Ticketing(small_pack, lambda: POLICY),
            lambda: POLICY.calendar,
            lambda: self.now,
            public_url,
        )

    async def read(self, work: Callable[[Connection], T]) -> T:
        return await self.database.read(work)

    async def write(self, work: Callable[[Connection], T]) -> T:
        return await self.database.write(work)

    async def message(self, sender: str = "a", text: str = "mijn wifi doet het niet") -> str:
        """A customer says something; the conversation's id."""
        self.messages += 1
        message = InboundMessage("web", sender, f"m{self.messages}", text)
        accepted = await self.write(lambda c: queue.accept(c, message, now=self.now, burst=0.0))
        return accepted.conversation_id

    async def claim(self) -> Claimed:
        """What a worker takes."""
        [claimed] = await self.write(lambda c: queue.claim(c, now=self.now, lease=60.0, limit=1))
        return claimed

    async def prepare(
        self, claimed: Claimed, slots: dict[str, Any] | None = None, **more: Any
    ) -> tuple[Handover, dict[str, Any]]:
        tracker = Tracker(claimed.id, "nl", claimed.channel, slots=WIFI if slots is None else slots, **more)
        call = ActionCall("action_human_handoff", f"{claimed.id}:1:0", {})
        handover = await self.desk.prepare(claimed, tracker, call)
        return handover, dict(handover.result.slots)

    async def save(self, claimed: Claimed, handover: Handover) -> None:
        """The turn is saved as `turns` saves it."""

        def work(connection: Connection) -> None:
            queue.save_turn(
                connection,
                claimed,
                state={},
                events=[handover.event],
                status=Status.OPEN,
                owner=Owner.QUEUE,
                language="nl",
                wake_at=None,
                push=False,
                now=self.now,
                team=handover.team,
                new_episode=episode_of(claimed) > claimed.episode,
            )
            handover.save(connection)

        await self.write(work)

    async def hand_over(self, sender: str = "a", slots: dict[str, Any] | None = None) -> dict[str, Any]:
        """From a message to the queue; the slots that the flow is given."""
        await self.message(sender)
        claimed = await self.claim()
        handover, given = await self.prepare(claimed, slots)
        await self.save(claimed, handover)
        return {**given, "id": claimed.id}

    async def ticket(self, number: object) -> TicketRow:
        row = await self.read(lambda c: get_ticket(c, int(str(number))))
        assert row is not None
        return row


@pytest.fixture
async def counter(tmp_path: Path) -> AsyncIterator[Counter]:
    database = Database.open(f"sqlite:///{tmp_path}/balie.db")
    await asyncio.to_thread(migrate, database)
    yield Counter(database)
    await database.close()


async def test_a_handover_makes_a_filled_ticket_and_tells_the_flow(counter: Counter) -> None:
    await counter.message()
    claimed = await counter.claim()
    handover, given = await counter.prepare(claimed, notes=("action_look: kapot",))
    row = await counter.ticket(given["ticket_number"])
    assert given == {
        "ticket_number": "1001",
        "ticket_url": f"/t/{row.secret}",
        "handoff_open": True,
        "queue_position": 1,
        "expected_wait": None,
        "opening_hours_text": "Onze medewerkers zijn er op weekdagen van 8.30 tot 17.00 uur.",
        "next_opening_text": None,
    }
    assert handover.result.ok
    assert (handover.result.name, handover.result.key) == ("action_human_handoff", f"{claimed.id}:1:0")
    assert handover.event == Event(
        "handoff", {"reason": "exhausted", "team": "network", "ticket": 1001, "priority": "P3"}
    )
    assert handover.team == "network"
    assert (row.status, row.episode) == ("open", 1)
    assert row.ticket.facts == {"device": {"label": "toestel", "value": "laptop"}}
    assert row.ticket.notes == ("action_look: kapot",)
    assert row.ticket.response_due is not None
    assert row.ticket.response_due.timestamp() == MONDAY + 7200


async def test_the_place_in_line_is_taken_when_the_turn_is_saved(counter: Counter) -> None:
    await counter.message()
    claimed = await counter.claim()
    handover, _ = await counter.prepare(claimed)
    assert await counter.read(lambda c: open_handoff(c, claimed.id)) is None
    await counter.save(claimed, handover)
    waiting = await counter.read(lambda c: open_handoff(c, claimed.id))
    assert waiting is not None
    assert (waiting.team, waiting.reason, waiting.priority, waiting.episode) == (
        "network", "exhausted", "P3", 1,
    )  # fmt: skip
    assert await counter.read(lambda c: position(c, claimed.id)) == 1


async def test_an_agent_who_was_faster_keeps_it_and_finds_the_ticket(counter: Counter) -> None:
    await counter.message()
    claimed = await counter.claim()
    handover, given = await counter.prepare(claimed)
    await counter.write(lambda c: queue.transfer(c, claimed.id, Deed.CLAIM, agent_id="ann", now=counter.now))
    await counter.save(claimed, handover)
    assert await counter.read(lambda c: open_handoff(c, claimed.id)) is None
    row = await counter.read(lambda c: ticket_of(c, claimed.id))
    assert row is not None
    assert str(row.number) == given["ticket_number"]


async def test_a_place_that_an_agent_gave_it_meanwhile_is_kept(counter: Counter) -> None:
    await counter.message()
    claimed = await counter.claim()
    handover, _ = await counter.prepare(claimed)

    def returned(connection: Connection) -> None:
        queue.transfer(connection, claimed.id, Deed.CLAIM, agent_id="ann", now=counter.now)
        queue.transfer(connection, claimed.id, Deed.TO_QUEUE, expect_agent="ann", now=counter.now)
        create_handoff(
            connection,
            claimed.id,
            episode=1,
            team="security",
            reason="returned",
            priority="P1",
            now=counter.now,
        )

    await counter.write(returned)
    await counter.save(claimed, handover)
    waiting = await counter.read(lambda c: open_handoff(c, claimed.id))
    assert waiting is not None
    assert (waiting.team, waiting.reason) == ("security", "returned")


async def test_a_turn_that_is_made_again_fills_the_same_ticket(counter: Counter) -> None:
    await counter.message()
    claimed = await counter.claim()
    _, first = await counter.prepare(claimed)
    counter.now += 61  # the worker died, the lease ran out
    again = await counter.claim()
    handover, second = await counter.prepare(again, {**WIFI, "floor": 3})
    await counter.save(again, handover)
    assert first["ticket_number"] == second["ticket_number"]
    assert first["ticket_url"] == second["ticket_url"]
    row = await counter.ticket(second["ticket_number"])
    assert set(row.ticket.facts) == {"device", "floor"}


async def test_a_second_handover_of_an_episode_opens_its_ticket_again(counter: Counter) -> None:
    first = await counter.hand_over()
    id_ = first["id"]

    def back_to_the_bot(connection: Connection) -> None:
        claim_handoff(connection, id_, agent_id="ann", now=counter.now)
        queue.transfer(connection, id_, Deed.CLAIM, agent_id="ann", now=counter.now)
        queue.transfer(connection, id_, Deed.TO_BOT, expect_agent="ann", now=counter.now)
        update_ticket(connection, 1001, now=counter.now, status="solved", solution="herstart")

    await counter.write(back_to_the_bot)
    counter.now += 600
    second = await counter.hand_over(slots={**WIFI, "handoff_reason": "asked"})
    assert (second["ticket_number"], second["id"]) == (first["ticket_number"], id_)
    row = await counter.ticket(1001)
    assert (row.status, row.solved_at, row.ticket.reason) == ("open", None, "asked")
    waiting = await counter.read(lambda c: open_handoff(c, id_))
    assert waiting is not None
    assert (waiting.claimed_at, waiting.created_at) == (None, counter.now)


async def test_words_after_a_resolution_are_a_new_episode_with_its_own_ticket(counter: Counter) -> None:
    first = await counter.hand_over()

    def resolve(connection: Connection) -> None:
        ended = Event("ended", {"outcome": "solved"})
        queue.transfer(connection, first["id"], Deed.RESOLVE, now=counter.now, events=(ended,))

    await counter.write(resolve)
    counter.now += 60
    await counter.message(text="en nu is mijn printer stuk vandaag")
    claimed = await counter.claim()
    assert (claimed.status, claimed.episode, episode_of(claimed)) == (Status.RESOLVED, 1, 2)
    handover, second = await counter.prepare(claimed, {"handoff_reason": "asked"})
    await counter.save(claimed, handover)
    assert second["ticket_number"] != first["ticket_number"]
    row = await counter.ticket(second["ticket_number"])
    assert (row.episode, row.ticket.summary) == (2, "En nu is mijn printer stuk vandaag.")
    waiting = await counter.read(lambda c: open_handoff(c, first["id"]))
    assert waiting is not None
    assert waiting.episode == 2


async def test_the_line_is_told_by_team_and_priority(counter: Counter) -> None:
    places = [(await counter.hand_over(f"s{n}"))["queue_position"] for n in range(2)]
    pressing = await counter.hand_over("boss", {**WIFI, "scope": "everyone", "urgency": "high"})
    elsewhere = await counter.hand_over("p", {"problem": "printer_problem"})
    last = await counter.hand_over("z")
    assert (places, pressing["queue_position"]) == ([1, 2], 1)
    assert (elsewhere["queue_position"], last["queue_position"]) == (1, 4)
    for each in (pressing, last):
        assert await counter.read(lambda c, id_=each["id"]: position(c, id_)) == each["queue_position"]


async def test_the_expected_wait_is_what_others_waited_rounded_up(counter: Counter) -> None:
    first = await counter.hand_over("a")
    await counter.write(lambda c: claim_handoff(c, first["id"], agent_id="ann", now=counter.now + 150))
    assert (await counter.hand_over("b"))["expected_wait"] == 3
    assert [minutes_of(seconds) for seconds in (None, 0.0, 60.0, 61.0)] == [None, 1, 1, 2]


async def test_outside_opening_hours_no_wait_is_promised(counter: Counter) -> None:
    first = await counter.hand_over("a")
    await counter.write(lambda c: claim_handoff(c, first["id"], agent_id="ann", now=counter.now + 150))
    counter.now = SUNDAY
    given = await counter.hand_over("b")
    assert (given["handoff_open"], given["expected_wait"]) == (False, None)
    assert "morgen om 8.30 uur" in given["opening_hours_text"]
    row = await counter.ticket(given["ticket_number"])
    assert row.ticket.response_due is not None
    assert row.ticket.response_due.timestamp() == MONDAY - 5400 + 7200


async def test_without_a_problem_the_customers_own_words_are_the_summary(counter: Counter) -> None:
    await counter.message(text="hallo")
    await counter.message(text="ik wil graag een medewerker spreken")
    claimed = await counter.claim()
    _, given = await counter.prepare(claimed, {}, latest={"intent": {"name": "talk_to_human"}})
    row = await counter.ticket(given["ticket_number"])
    assert (row.ticket.intent, row.ticket.team, row.ticket.reason) == (
        "talk_to_human",
        "service_desk",
        "asked",
    )
    assert row.ticket.summary == "Ik wil graag een medewerker spreken."


async def test_the_link_carries_the_public_address(counter: Counter) -> None:
    counter.desk = counter.desk_at("https://help.example/")
    given = await counter.hand_over()
    row = await counter.ticket(given["ticket_number"])
    assert given["ticket_url"] == f"https://help.example/t/{row.secret}"


async def test_what_is_known_of_a_customer_is_carried(counter: Counter) -> None:
    id_ = await counter.message()

    def know(connection: Connection) -> None:
        customer = create_customer(connection, now=counter.now, name="An", email="an@school.example")
        set_customer(connection, id_, customer.id)

    await counter.write(know)
    claimed = await counter.claim()
    assert await counter.desk.carried(claimed) == {
        "customer_name": "An",
        "customer_email": "an@school.example",
    }


async def test_of_a_stranger_nothing_is_carried(counter: Counter) -> None:
    await counter.message()
    assert await counter.desk.carried(await counter.claim()) == {}
