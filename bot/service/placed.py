"""What the provider tells of a call that Balie placed: somebody picked up, nobody did, it is over. The
placing itself is `outgoing`.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from bot.bus import WORK, Bus
from bot.dialogue import engine, render
from bot.dialogue.pack import Pack
from bot.service import deeds
from bot.service.calls import CHANNEL, LINE
from bot.service.outgoing import note_on, tell_of
from bot.service.place import Agent, at
from bot.service.replies import Replies
from bot.store import outgoing as store
from bot.store import views
from bot.store.database import Database
from bot.store.outgoing import Going
from bot.store.queue import accept_result, append, event_of, once
from bot.voice import ear
from bot.voice.words.outward import outward

GREETING = "utter_call_back_greeting"
MACHINE = "machine"
START_FLOW = "start_flow"
FOLLOWED = "followed_ticket"
"""The slot with the number of the ticket that a call is about."""


@dataclass(frozen=True, slots=True)
class Answered:
    """Somebody picked up. `seq` and `greeting` are what they hear first; `agent` is who wants to speak with
    them, of that `team`, and `ticket` what it is about. `flow`: the bot has something to begin with."""

    conversation_id: str
    language: str
    seq: int
    greeting: str
    flow: str = ""
    agent_id: str = ""
    agent: str = ""
    team: str = ""
    ticket: int | None = None


class PlacedCalls:
    """The record of calls that were placed."""

    def __init__(
        self,
        database: Database,
        bus: Bus,
        pack: Callable[[], Pack],
        replies: Replies,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._database = database
        self._bus = bus
        self._pack = pack
        self._replies = replies
        self._clock = clock

    async def answered(
        self, id: str, sid: str, *, through: str = "", dialled: bool = False
    ) -> Answered | None:
        """Somebody picked up: the greeting is on record, once, and the flow begun; None where there is no
        such call. `through` is whose service transcribes it; with `dialled` the agent is rung."""

        def write(connection: Connection) -> tuple[Going, Answered] | None:
            going = _open(connection, id)
            if going is None:
                return None
            store.set_state(connection, id, "answered", sid=sid)
            return going, self._greet(connection, going, through, dialled=dialled)

        found = await self._database.write(write)
        if found is None:
            return None
        await tell_of(self._bus, self._database, found[0])
        await self._bus.ring(WORK)
        return found[1]

    def _greet(self, connection: Connection, going: Going, through: str, *, dialled: bool) -> Answered:
        now, about, pack = self._clock(), going.about, self._pack()
        language, id_ = str(about["language"]), going.conversation_id
        flow, ticket = str(about.get("flow") or ""), about.get("ticket")
        told: dict[str, Any] = {
            name: str(about.get(name) or "") for name in ("flow", "agent_id", "agent", "team")
        } | {"ticket": ticket}
        if not once(connection, id_, f"{LINE.id}:{going.id}:picked-up", now=now):
            first = next((item for item in views.transcript(connection, id_) if item.type == "bot"), None)
            text = str((first.content or {}).get("text") or "") if first else ""
            return Answered(id_, language, first.seq if first else 0, text, **told)
        tracker = engine.new_tracker(pack, id_, language, CHANNEL)
        values = {
            "through": through,
            "agent_name": told["agent"],
            "dialled": dialled,
            "flow": flow,
            "ticket": str(ticket or ""),
        }
        message = render.render(pack, tracker, GREETING, values)
        text = (
            message.text if message and message.text else _greeting(language, told["agent"], dialled=dialled)
        )
        event = event_of(message) if message and message.text else None
        seq = append(connection, id_, (event,), push=False, now=now) if event else 0
        if flow:
            deed = {"deed": START_FLOW, "flow": flow, "slots": {FOLLOWED: str(ticket)} if ticket else {}}
            accept_result(connection, id_, "deed", f"{id_}:{START_FLOW}", deed, now=now)
        return Answered(id_, language, seq, text, **told)

    async def settled(self, conversation_id: str, within: float) -> None:
        """Until the bot has said what it begins with; raises `TimeoutError`."""
        await self._replies.settled(conversation_id, within)

    async def of(self, id: str) -> Going | None:
        """A call as it was asked for; None where there is none, or it was erased."""
        return await self._database.read(lambda connection: _open(connection, id))

    async def joined(self, id: str) -> None:
        """Nobody is rung for the customer who picked up: the agent who wanted the call has its conversation,
        types, and is heard."""

        def write(connection: Connection) -> Going | None:
            going = _open(connection, id)
            if going is None or not going.about.get("agent_id"):
                return None
            agent = Agent(str(going.about["agent_id"]), str(going.about["agent"]))
            place = at(connection, self._clock(), agent, going.conversation_id, ())
            if place.agent_id is None and once(
                connection, place.id, f"{LINE.id}:{id}:joined", now=self._clock()
            ):  # a request that is repeated claims nothing twice
                deeds.claim(place)
            return going

        going = await self._database.write(write)
        if going is not None:
            await tell_of(self._bus, self._database, going)

    async def note(self, id: str, text: str, key: str) -> None:
        """What agents should know of the call, in its conversation and where it was asked for; once a key."""

        def write(connection: Connection) -> Going | None:
            going = _open(connection, id)
            if going is None:
                return None
            now = self._clock()
            if once(connection, going.conversation_id, f"{LINE.id}:{id}:{key}", now=now):
                note_on(connection, going, text, now)
            return going

        going = await self._database.write(write)
        if going is not None:
            await tell_of(self._bus, self._database, going)

    async def progress(self, id: str, sid: str, status: str, seconds: int = 0) -> None:
        """The provider tells how the call goes; noted once each. What it does not name is left."""
        going = await self.of(id)
        text = outward(str(going.about["language"])).progress.get(status) if going else None
        if going is None or text is None:
            return
        await self._database.write(lambda connection: store.set_state(connection, id, status, sid=sid))
        await self.note(id, text.format(length=ear.length(seconds)), f"call:{status}")


def _greeting(language: str, agent: str, *, dialled: bool) -> str:
    """What is said where the pack has nothing for it."""
    say = outward(language)
    to_agent = (say.connecting if dialled else say.typing).format(name=agent) if agent else ""
    return f"{say.greeting} {to_agent}".strip()


def _open(connection: Connection, id: str) -> Going | None:
    """A call that is on record, and not erased."""
    going = store.by_id(connection, id)
    if going is None or going.kind != store.CALL or "language" not in going.about:
        return None
    view = views.conversation(connection, going.conversation_id)
    return going if view is not None and view.erased_at is None else None
