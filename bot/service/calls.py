"""Telephone calls on record: a conversation for each, what a caller heard first, how it stands, and what
agents should know of the line. How a call is carried (Twilio's TwiML, a media stream) is the channel's.

A caller id can be forged: the number is kept as a claim, and no earlier conversation is continued by it.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, select

from bot.bus import Bus, conversation_topic
from bot.dialogue import engine, render
from bot.dialogue.domain import Slot
from bot.dialogue.pack import Pack
from bot.dialogue.repair import HANDOFF
from bot.dialogue.tracker import Tracker
from bot.model.conversation import Owner
from bot.model.events import Event
from bot.model.messages import PHONE, Accepted, QuickReply
from bot.service.agents import Agents
from bot.service.ingest import IDENTITY as USER
from bot.service.place import Agent, At
from bot.service.saying import note, spoken
from bot.service.ticketing import Ticketing, moment
from bot.store import views
from bot.store.customers import identify, set_customer, update_customer
from bot.store.database import Database
from bot.store.queue import append, event_of, once, open_conversation
from bot.store.schema import inbox
from bot.store.tickets import at_work
from bot.store.views import TimelineItem

CHANNEL = PHONE
IDENTITY = "phone"
"""The kind of identity that a telephone number is."""
GREETING = "utter_call_greeting"
FROM_CHAT = "utter_call_from_chat"
"""What a customer hears first who calls out of a conversation that has begun."""
ARRANGED = frozenset({"utter_callback_planned", "utter_handoff_closed"})
"""What is said once it is agreed how people come back to the caller."""
LINE = Agent("phone", "Telefoon", actor="phone")
"""In whose name the line itself is noted."""

KEYED = frozenset({"phone", "number", "ticket_number"})
"""Entities that a caller keys in more easily than says."""


@dataclass(frozen=True, slots=True)
class Begun:
    """A call's conversation, with what the caller hears first; no `greeting` where the pack has none.
    `language` is the one that is spoken in it."""

    conversation_id: str
    seq: int
    greeting: str
    language: str = ""


@dataclass(frozen=True, slots=True)
class Standing:
    """How a call stands.

    `asked` is the slot that is being asked, `keyed` whether its answer is a number. `last` is what was said
    since the caller spoke last. `arranged`: a call back or a written answer is agreed, so nobody is rung.
    """

    conversation_id: str
    language: str
    owner: Owner
    asked: str = ""
    keyed: bool = False
    free: bool = False
    offered: tuple[QuickReply, ...] = ()
    last: Sequence[TimelineItem] = ()
    ticket: int | None = None
    summary: str = ""
    team: str = ""
    is_open: bool = True
    arranged: bool = False
    phone: str | None = None
    agent: str | None = None
    """Who of the helpdesk has it."""
    handing: bool = False
    """The conversation is on its way to people: what is still asked may be left."""


class Calls:
    """Reads and writes calls."""

    def __init__(
        self,
        database: Database,
        bus: Bus,
        pack: Callable[[], Pack],
        agents: Agents,
        ticketing: Ticketing,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._database = database
        self._bus = bus
        self._pack = pack
        self._agents = agents
        self._ticketing = ticketing
        self._clock = clock

    @property
    def languages(self) -> tuple[str, ...]:
        """The pack's languages, its first one first."""
        pack = self._pack()
        return tuple(dict.fromkeys((pack.language, *pack.languages)))

    async def begin(self, call: str, language: str, caller: str | None, *, through: str = "") -> Begun:
        """The call's conversation, made once, with its greeting on record. `through` is whose service
        transcribes it."""
        now, pack = self._clock(), self._pack()

        def write(connection: Connection) -> Begun:
            id_, created = open_conversation(connection, CHANNEL, call, now=now, language=language)
            if not created:
                first = next((item for item in views.transcript(connection, id_) if item.type == "bot"), None)
                text = str((first.content or {}).get("text") or "") if first else ""
                return Begun(id_, first.seq if first else 0, text)
            if caller:
                customer = identify(connection, IDENTITY, caller, now=now, verified=False)
                if customer.phone is None:
                    update_customer(connection, customer.id, phone=caller)
                set_customer(connection, id_, customer.id)
            tracker = engine.new_tracker(pack, id_, language, CHANNEL)
            message = render.render(pack, tracker, GREETING, {"through": through})
            if message is None or not message.text:
                return Begun(id_, 0, "")
            seq = append(connection, id_, (event_of(message),), push=False, now=now)
            return Begun(id_, seq, message.text)

        return await self._tell(await self._database.write(write))

    async def conversation(self, channel: str, sender_id: str) -> str | None:
        """The conversation that somebody has in a channel."""
        return await self._database.read(
            lambda connection: views.find_conversation(connection, channel, sender_id)
        )

    async def call_from(self, channel: str, sender_id: str, language: str, user: str | None = None) -> Begun:
        """Somebody calls out of another channel: the conversation that they have there, or a new one, with
        what they hear first on record. `user` is who the channel has proof that this is."""
        now, pack = self._clock(), self._pack()

        def write(connection: Connection) -> Begun:
            id_, created = open_conversation(connection, channel, sender_id, now=now, language=language)
            if created and user is not None:
                set_customer(connection, id_, identify(connection, USER, user, now=now, verified=True).id)
            view = views.conversation(connection, id_)
            assert view is not None
            spoken = view.language if view.language in self.languages else language
            tracker = engine.new_tracker(pack, id_, spoken, CHANNEL)
            values = {"people": view.owner != Owner.BOT, "through": ""}
            message = render.render(pack, tracker, FROM_CHAT if view.seq else GREETING, values)
            if message is None or not message.text:
                return Begun(id_, view.seq, "", spoken)
            seq = append(connection, id_, (event_of(message),), push=False, now=now)
            return Begun(id_, seq, message.text, spoken)

        return await self._tell(await self._database.write(write))

    async def _tell(self, begun: Begun) -> Begun:
        await self._bus.publish(conversation_topic(begun.conversation_id), {"type": "seq", "seq": begun.seq})
        return begun

    async def standing(self, call: str) -> Standing | None:
        """How a call stands; None where there is no such call."""

        def read(connection: Connection) -> Standing | None:
            id_ = views.find_conversation(connection, CHANNEL, call)
            return self._standing(connection, id_) if id_ else None

        return await self._database.read(read)

    async def standing_of(self, conversation_id: str) -> Standing | None:
        """How the call of a conversation stands; None where there is no such conversation."""
        return await self._database.read(lambda connection: self._standing(connection, conversation_id))

    def _standing(self, connection: Connection, id_: str) -> Standing | None:
        view = views.conversation(connection, id_)
        if view is None:
            return None
        pack = self._pack()
        state = view.state
        tracker = (
            Tracker.from_json(state) if state else engine.new_tracker(pack, view.id, view.language, CHANNEL)
        )
        ticket = at_work(view.ticket, view.episode)
        slots = tracker.slots
        asked = str(slots.get("requested_slot") or "") if view.owner == Owner.BOT else ""
        slot = pack.domain.slots.get(asked)
        spoken = views.transcript(connection, view.id)
        since = max((item.seq for item in spoken if item.type == "user"), default=0)
        return Standing(
            conversation_id=view.id,
            language=tracker.language,
            owner=Owner(view.owner),
            asked=asked,
            keyed=slot is not None and is_keyed(slot),
            free=slot is not None and slot.takes_text,
            offered=tracker.offered if view.owner == Owner.BOT else (),
            last=[item for item in spoken if item.seq > since],
            ticket=ticket.number if ticket else None,
            summary=ticket.ticket.summary if ticket else "",
            team=view.team or "",
            is_open=self._ticketing.policy().calendar.is_open(moment(self._clock())),
            arranged=any(item.data.get("response") in ARRANGED for item in spoken),
            phone=_number(slots) or (view.customer.phone if view.customer else None),
            agent=view.agent_id,
            handing=any(frame.flow == HANDOFF for frame in tracker.stack),
        )

    async def accepted(self, call: str, external_id: str) -> Accepted | None:
        """The message of a call that came in under this id, as its repeated delivery would be accepted."""
        i = inbox.c

        def read(connection: Connection) -> Accepted | None:
            row = connection.execute(
                select(i.conversation_id, i.seq, i.id).where(
                    i.channel == CHANNEL, i.external_id == external_id
                )
            ).first()
            view = views.conversation(connection, row[0]) if row else None
            if row is None or view is None or view.sender_id != call:
                return None
            return Accepted(row[0], row[1], True, Owner(view.owner), False, row[2])

        return await self._database.read(read)

    async def end(self, conversation_id: str) -> bool:
        """We end a call, not the caller; True the first time."""
        return await self.first(conversation_id, f"{conversation_id}:bye")

    async def is_over(self, conversation_id: str) -> bool:
        """Whether we ended a call."""
        i = inbox.c
        ended = select(i.id).where(
            i.conversation_id == conversation_id, i.external_id == f"{LINE.id}:{conversation_id}:bye"
        )
        return await self._database.read(lambda connection: connection.execute(ended).first() is not None)

    async def spoken(self, conversation_id: str, agent: Agent, text: str) -> None:
        """What an agent said on the line."""
        await self._agents.do(conversation_id, agent, lambda place: spoken(place, text))

    async def heard(self, conversation_id: str, seq: int, sentences: int, of: int) -> None:
        """A caller heard only the first sentences of what was spoken: they broke in, or a person came."""
        event = Event("heard", {"of": seq, "sentences": sentences, "total": of})

        def work(place: At) -> int:
            return append(place.connection, place.id, (event,), push=False, now=place.now)

        await self._agents.do(conversation_id, LINE, work)

    async def note(self, conversation_id: str, text: str, key: str) -> None:
        """What agents should know of the line; noted once for each key."""
        await self._agents.do(conversation_id, LINE, lambda place: note(place, text, key=key))

    async def say(self, conversation_id: str, text: str, key: str) -> None:
        """What the line itself told the caller, as a notice; once for each key."""
        event = Event("system", {"author": "system", "response": None, "replies": []}, {"text": text})

        def work(place: At) -> int:
            if not once(place.connection, place.id, f"{LINE.id}:{key}", now=place.now):
                return 0
            return append(place.connection, place.id, (event,), push=False, now=place.now)

        await self._agents.do(conversation_id, LINE, work)

    async def call_back(self, conversation_id: str, number: str, text: str, key: str) -> None:
        """A call back is agreed: the number is on the ticket, and agents read why."""

        def on_ticket(place: At) -> int:
            return self._ticketing.edit(place, {"contact": number})

        standing = await self._database.read(
            lambda connection: views.conversation(connection, conversation_id)
        )
        has = standing is not None and at_work(standing.ticket, standing.episode) is not None
        steps = [on_ticket] if has else []
        await self._agents.do(conversation_id, LINE, *steps, lambda place: note(place, text, key=key))

    async def first(self, conversation_id: str, key: str) -> bool:
        """True the first time that this key comes."""
        now = self._clock()
        return await self._database.write(
            lambda connection: once(connection, conversation_id, f"{LINE.id}:{key}", now=now)
        )


def _number(slots: Mapping[str, Any]) -> str | None:
    """The number that the caller gave."""
    given = slots.get("callback_phone") or slots.get("customer_phone")
    return given if isinstance(given, str) and given.startswith("+") else None


def is_keyed(slot: Slot) -> bool:
    """Whether a slot's answer is a number."""
    return slot.type == "float" or any(
        each.type == "from_entity" and each.entity in KEYED for each in slot.mappings
    )
