"""`balie call`: have a customer called. The call is placed here; who tells Twilio what to say when somebody
picks up is the server, which must run on the same database."""

from __future__ import annotations

import argparse
import asyncio
import secrets
import time

from bot.app.build import make_bus
from bot.app.config import Settings
from bot.app.content import POLICY, load_pack, read_files
from bot.app.telephone import allowed, make_carrier
from bot.service.outgoing import Became, Outgoing, Wish
from bot.service.place import Agent
from bot.store.database import Database
from bot.store.migrations import migrate
from channels.phone.rest import TWILIO
from handoff.agreements import load_agreements
from handoff.config import problem_intents

BY = Agent("command line", "Balie", actor="command line")
STATUS = {"placed": 0, "refused": 1, "not_done": 1, "unknown": 3}
"""What a script reads of it; what is not allowed, or wrong, is 2, as everywhere."""


def call_somebody(settings: Settings, given: argparse.Namespace, *, base: str = TWILIO) -> int:
    """Ring, and say what became of it; raises `Refused` where that is not allowed."""
    became = asyncio.run(_ring(settings, given, base))
    print(_told(became, given.number))
    print(f"Its conversation: {became.conversation_id}")
    return STATUS.get(became.state, 0)


async def _ring(settings: Settings, given: argparse.Namespace, base: str) -> Became:
    settings.make_var()
    pack = load_pack(settings.data)
    agreed = read_files(settings.data, *POLICY)
    policy = load_agreements(agreed, intents=problem_intents(pack), languages=pack.languages).policy
    database, bus = Database.open(settings.database), make_bus(settings)
    try:
        await asyncio.to_thread(migrate, database)
        outgoing = Outgoing(
            database,
            bus,
            make_carrier(settings, base=base),
            allowed(settings),
            zone=lambda: policy.calendar.zone,
            pack=lambda: pack,
            clock=time.time,
        )
        wish = Wish(
            given.number,
            BY,
            f"{BY.id}:{secrets.token_urlsafe(12)}",
            language=given.lang or "",
            source=given.conversation or "",
            flow=given.flow or "",
        )
        return await outgoing.ring(wish)
    finally:
        await bus.close()
        await database.close()


def _told(became: Became, number: str) -> str:
    match became.state:
        case "placed":
            return f"{number} is being called; how it goes is told in the conversation, at the desk."
        case "unknown":
            return (
                f"It is not certain that {number} is being called: Twilio gave no clear answer. It is not "
                "tried again; see in the conversation whether more is told before you do."
            )
        case _:
            return f"Nobody was called. {became.detail}"
