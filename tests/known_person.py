"""Somebody with her words in every place that has room for some, for tests of finding and erasing a person."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator

import pytest
from sqlalchemy import Connection, inspect, text

from bot.bus.local import LocalBus
from bot.model.conversation import Owner, Status
from bot.model.events import Event
from bot.model.messages import InboundMessage, OutboundMessage, QuickReply
from bot.model.ticket import CheckResult
from bot.service.persons import Persons
from bot.store import queue, schema_desk, schema_review
from bot.store import repositories as repo
from bot.store.database import Database
from bot.store.jobs import NewJob
from bot.store.schema import conversations
from tests.store_talk import NOW, accept, claim, save, ticket, user

WORDS = ("sofie", "peeters", "470123456", "0470 12 34 56", "zwaluwstraat", "laptop-sp-07", "10.20.30.40")
"""What no table may know of her afterwards; compared without capitals."""

OTHER = "Mijn printer doet niets meer"


@pytest.fixture
async def persons(database: Database) -> AsyncIterator[Persons]:
    bus = LocalBus()
    yield Persons(database, bus, clock=lambda: NOW + 100)
    await bus.close()


async def seed(database: Database) -> str:
    """Sofie, with her words in every place that has room for some; her first conversation's id."""
    first = await conversation_of(database, "sofie@example.org", "web", handed=True)
    await conversation_of(database, "+32470123456", "sms", handed=False)

    def known(connection: Connection) -> None:
        customer = repo.identify(
            connection, "user", "sofie.peeters", now=NOW, verified=True, name="Sofie Peeters"
        )
        repo.update_customer(connection, customer.id, email="Sofie@Example.org", phone="+32470123456")
        repo.identify(connection, "phone", "+32470123456", now=NOW, verified=False)
        repo.set_customer(connection, first, customer.id)
        connection.execute(
            schema_desk.customer_notes.insert().values(
                customer_id=customer.id, at=NOW, author="Ann", text="Sofie belt liever"
            )
        )

    await database.write(known)
    return first


async def conversation_of(database: Database, sender: str, channel: str, *, handed: bool) -> str:
    """A conversation of hers, with all that a turn, a job and a ticket may keep of her words."""
    texts = "Met Sofie Peeters, Zwaluwstraat 7, 0470 12 34 56: LAPTOP-SP-07 raakt niet op het net"
    accepted = await accept(
        database,
        InboundMessage(
            channel, sender, f"{sender}:1", texts, payload="/sofie", metadata={"ip": "10.20.30.40"}
        ),
    )
    [claimed] = [each for each in await claim(database) if each.id == accepted.conversation_id]
    record = [
        Event("understood", {"language": "nl", "intent": "wifi_problem", "confidence": 0.9}, {"entities": ["Sofie"]}),
        Event("decided", {"rule": "answer", "commands": [{"command": "AskWhich", "values": ["Zwaluwstraat"]}]}),
        Event("slot", {"name": "customer_phone", "by": "collect"}, {"value": "0470 12 34 56"}),
        Event("check", {"name": "dns", "ok": False, "ms": 3, "target": "laptop-sp-07", "found": "10.20.30.40"}),
        queue.event_of(
            OutboundMessage("Dag Sofie", (QuickReply("Zwaluwstraat?", "/SetSlots(street=Zwaluwstraat)"),),
                            metadata={"of": "Peeters"})
        ),
    ]  # fmt: skip
    job = NewJob(f"{accepted.conversation_id}:1", "action", {"name": "x", "slots": {"customer_name": "Sofie"}}, NOW,
                 accepted.conversation_id)  # fmt: skip
    await save(
        database, claimed, *record, push=True, jobs=[job],
        owner=Owner.QUEUE if handed else Owner.BOT, status=Status.OPEN if handed else Status.PENDING,
    )  # fmt: skip
    await database.write(
        lambda c: c.execute(
            conversations.update()
            .where(conversations.c.id == accepted.conversation_id)
            .values(state={"slots": {"customer_name": "Sofie Peeters"}, "pad": "Zwaluwstraat " * 900})
        )
    )
    if handed:
        await database.write(lambda c: _hand_over(c, accepted.conversation_id))
    return accepted.conversation_id


def _hand_over(connection: Connection, id_: str) -> None:
    checks = (CheckResult("dns", "laptop-sp-07", False, "10.20.30.40", "niets"),)
    row = repo.create_ticket(connection, ticket(id_, checks=checks), episode=1, now=NOW)
    repo.update_ticket(connection, row.number, now=NOW, solution="Sofie herstartte LAPTOP-SP-07")
    repo.create_handoff(connection, id_, episode=1, team="network", reason="asked", priority="P1", now=NOW)
    d = schema_desk
    connection.execute(
        d.ticket_changes.insert().values(
            number=row.number, at=NOW, actor="ann", field="customer", before="Sofie", after="Sofie Peeters"
        )
    )
    connection.execute(
        d.article_drafts.insert().values(
            conversation_id=id_, ticket=row.number, language="nl", intent="wifi_problem", title="Sofie",
            text="LAPTOP-SP-07", author="ann", created_at=NOW, state="draft",
        )
    )  # fmt: skip

    r = schema_review
    connection.execute(
        r.corrections.insert().values(
            conversation_id=id_, seq=2, language="nl", text="[Sofie](name) belt", intent="wifi_problem", was="x",
            status="approved", made_by="riet", made_at=NOW,
        )
    )  # fmt: skip
    connection.execute(
        r.comments.insert().values(conversation_id=id_, made_by="riet", made_at=NOW, text="Sofie was boos")
    )
    connection.execute(
        r.scores.insert().values(
            conversation_id=id_, made_by="riet", made_at=NOW, scores={"tone": 4}, remark="Sofie bedankte"
        )
    )


async def draft(database: Database, id_: str) -> None:
    """An agent was writing to her."""
    ann = await user(database)
    await database.write(
        lambda c: c.execute(
            schema_desk.drafts.insert().values(
                user_id=ann.id, conversation_id=id_, kind="reply", text="Beste Sofie", updated_at=NOW
            )
        )
    )


def everything(connection: Connection) -> str:
    """Every value of every column of every table."""
    return json.dumps(
        {
            name: [list(map(str, row)) for row in connection.execute(text(f'SELECT * FROM "{name}"'))]
            for name in inspect(connection).get_table_names()
        },
        ensure_ascii=False,
    ).casefold()
