"""Calls and texts that go out: what is allowed, on record before the provider hears of it, and never tried
again by itself. What the provider tells of a call afterwards is `placed`.

A wish has a key: pressed twice, it is carried out once. How many go out on a day is counted over all
processes. Opening hours do not count: an agent, or whoever works at the command line, decides when.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, tzinfo
from typing import Any, Protocol

from sqlalchemy import Connection

from bot.bus import DESK, Bus, conversation_topic
from bot.dialogue.pack import Pack
from bot.model.dialling import Number, dialled, textable
from bot.model.errors import BalieError, Malformed, NotFound, OutcomeUnknown, Refused
from bot.model.events import Event
from bot.service.calls import CHANNEL, IDENTITY, LINE
from bot.service.place import Agent
from bot.store import outgoing as store
from bot.store import views
from bot.store.accounts import audit
from bot.store.customers import identify, identities_of, set_customer, update_customer
from bot.store.database import Database
from bot.store.outgoing import CALL, TEXT, Going
from bot.store.queue import append, open_conversation
from bot.store.tickets import at_work
from bot.store.views import ConversationView
from bot.voice.words.outward import outward


class Carrier(Protocol):
    """Who carries calls and texts (`channels.phone.rest`). Both raise `Refused` where it says no, another
    `BalieError` where nothing was done, and `OutcomeUnknown` where nobody knows."""

    async def call(self, id: str, to: str) -> str:
        """Ring a number; the provider's name for the call. `id` is ours, which comes back with its news."""
        ...

    async def text(self, to: str, text: str) -> str:
        """Send a text; the provider's name for it."""
        ...


@dataclass(frozen=True, slots=True)
class Allowed:
    """What may go out: to which countries (ISO 3166), and how much on a day."""

    countries: frozenset[str] = frozenset()
    calls_a_day: int = 0
    texts_a_day: int = 0


@dataclass(frozen=True, slots=True)
class Wish:
    """A call that somebody asks for.

    `key` is the same for one wish that comes twice. `source` is the conversation that it is about. With a
    `flow` the bot begins it when somebody picks up; with `person` it is `by` who wants to speak.
    """

    number: str
    by: Agent
    key: str
    language: str = ""
    source: str = ""
    flow: str = ""
    person: bool = False


@dataclass(frozen=True, slots=True)
class Became:
    """What became of a wish: `state` as in `bot.store.outgoing`, `detail` what the provider said to it."""

    id: str
    conversation_id: str
    state: str
    detail: str = ""


@dataclass
class Outgoing:
    """Has calls and texts go out. Without a `carrier` none do."""

    database: Database
    bus: Bus
    carrier: Carrier | None
    allowed: Allowed
    zone: Callable[[], tzinfo]
    pack: Callable[[], Pack]
    clock: Callable[[], float] = time.time

    @property
    def ready(self) -> bool:
        """Whether calls can go out at all."""
        return self.carrier is not None

    def number(self, written: str) -> Number:
        """The number, where it may be rung; raises `Refused`."""
        return dialled(written, self.allowed.countries)

    # ── calls ─────────────────────────────────────────────────────────────────────────────────────────────

    async def ring(self, wish: Wish) -> Became:
        """Ring a customer, once for each key. Raises `Refused` where that is not allowed, `NotFound` and
        `Malformed`; what the provider does with it is in the answer."""
        carrier, number = self._carrier(), self.number(wish.number)
        flow = self.pack().flows.get(wish.flow)
        if wish.flow and (flow is None or flow.is_pattern):
            raise Malformed(f"there is no flow '{wish.flow}' that can be started")
        if wish.flow and wish.person:
            raise Malformed("a call is for a flow or for a person, not for both")
        if wish.language and wish.language not in self.pack().languages:
            raise Malformed(f"the pack does not speak '{wish.language}'")
        going, new = await self.database.write(lambda connection: self._begin(connection, wish, number))
        await self._tell(going)
        if not new:
            return Became(going.id, going.conversation_id, going.state)
        say, state, sid, detail = outward(str(going.about["language"])), "placed", None, ""
        note = ""
        try:
            sid = await carrier.call(going.id, number.e164)
        except OutcomeUnknown:
            state, note = "unknown", say.unknown
        except Refused as error:
            state, detail, note = "refused", str(error), say.refused.format(why=error)
        except BalieError as error:
            state, detail, note = "not_done", str(error), say.not_done.format(why=error)

        def after(connection: Connection) -> None:
            if store.set_state(connection, going.id, state, sid=sid) and note:
                self._note(connection, going, note)

        await self.database.write(after)
        await self._tell(going)
        return Became(going.id, going.conversation_id, state, detail)

    def _begin(self, connection: Connection, wish: Wish, number: Number) -> tuple[Going, bool]:
        """The call on record, with whose it is and who wants it."""
        now, id_ = self.clock(), store.new_id()
        known = store.by_key(connection, wish.key)
        if known is not None:
            return known, False
        source = views.conversation(connection, wish.source) if wish.source else None
        if wish.source and (source is None or source.erased_at is not None):
            raise NotFound(f"there is no conversation {wish.source}")
        about = self._about(wish, number, source)
        going = Going(id_, wish.key, CALL, "", wish.source or None, now, "asked", None, about)
        if not store.add(connection, going):  # another process was first, and has committed
            first = store.by_key(connection, wish.key)
            assert first is not None
            return first, False
        self._count(connection, CALL, now)
        sender = store.sender_of(id_)
        own, _ = open_conversation(connection, CHANNEL, sender, now=now, language=about["language"])
        store.set_conversation(connection, id_, own)
        going = replace(going, conversation_id=own)
        if source is not None and source.customer is not None:
            set_customer(connection, own, source.customer.id)
        else:
            customer = identify(connection, IDENTITY, number.e164, now=now, verified=False)
            if customer.phone is None:
                update_customer(connection, customer.id, phone=number.e164)
            set_customer(connection, own, customer.id)
        say = outward(about["language"])
        said = say.called_by_line if wish.by.actor else say.called
        self._note(connection, going, said.format(name=wish.by.name, number=number.e164))
        audit(
            connection,
            actor=wish.by.actor or wish.by.id,
            deed="call_out",
            subject=f"conversation:{wish.source or own}",
            now=now,
            data={"call": own, **({"flow": wish.flow} if wish.flow else {})},
        )
        return going, True

    def _about(self, wish: Wish, number: Number, source: ConversationView | None) -> dict[str, Any]:
        ticket = at_work(source.ticket, source.episode) or source.ticket if source else None
        language = wish.language or (source.language if source else "")
        if language not in self.pack().languages:
            language = self.pack().language
        about: dict[str, Any] = {"number": number.e164, "language": language, "flow": wish.flow}
        if wish.person:
            about |= {"agent_id": wish.by.id, "agent": wish.by.name}
        if source is not None:
            about["team"] = source.team or (ticket.ticket.team if ticket else "")
        if ticket is not None:
            about["ticket"] = ticket.number
        return about

    # ── texts ─────────────────────────────────────────────────────────────────────────────────────────────

    async def text_article(self, conversation_id: str, slug: str, title: str, url: str) -> str:
        """Send an article's address to whoever calls, once for each article and call. `sent`, `already`,
        `unknown`, `shown` to who calls out of the chat and has it there, or why not: `invalid`, `special`,
        `country`, `no_mobile`, `texts_a_day`, `refused`, `not_done`."""
        view = await self.database.read(lambda connection: views.conversation(connection, conversation_id))
        if view is None:
            raise NotFound(f"there is no conversation {conversation_id}")
        if view.channel != CHANNEL:
            return "shown"
        if self.carrier is None:
            return "not_done"
        say = outward(view.language)
        try:
            written = await self.database.read(lambda connection: _number_of(connection, view))
            number = textable(written, self.allowed.countries)
            key, about = f"article:{conversation_id}:{slug}", {"number": number.e164, "article": slug}
            going = Going(
                store.new_id(), key, TEXT, conversation_id, None, self.clock(), "asked", None, about
            )
            before = await self.database.write(lambda connection: self._add_text(connection, going))
            if before is not None:
                return _BEFORE.get(before, before)
        except Refused as error:
            return error.why
        outcome, state, sid = "sent", "placed", None
        note = say.texted.format(title=title, number=number.e164)
        try:
            sid = await self.carrier.text(number.e164, say.article.format(title=title, url=url))
        except OutcomeUnknown:
            outcome, state, note = "unknown", "unknown", say.text_unknown.format(title=title)
        except BalieError as error:
            outcome = state = "refused" if isinstance(error, Refused) else "not_done"
            note = say.text_refused.format(title=title, why=error)

        def after(connection: Connection) -> None:
            store.set_state(connection, going.id, state, sid=sid)
            self._note(connection, going, note)

        await self.database.write(after)
        await self._tell(going)
        return outcome

    def _add_text(self, connection: Connection, going: Going) -> str | None:
        """How it stands, where it was asked for before; else it is on record now."""
        if not store.add(connection, going):
            known = store.by_key(connection, going.key)
            return known.state if known else "unknown"
        self._count(connection, TEXT, going.at)
        return None

    # ── for both ──────────────────────────────────────────────────────────────────────────────────────────

    def _carrier(self) -> Carrier:
        if self.carrier is None:
            raise Refused("not_set_up", "calls do not go out: set phone.number, phone.account_sid, "
                          "phone.auth_token and public_url")  # fmt: skip
        return self.carrier

    def _count(self, connection: Connection, kind: str, now: float) -> None:
        """One more today; raises `Refused` where it is too many."""
        day = datetime.fromtimestamp(now, self.zone()).date().isoformat()
        most = self.allowed.calls_a_day if kind == CALL else self.allowed.texts_a_day
        if not store.count_one(connection, kind, day, most):
            name = "calls_a_day" if kind == CALL else "texts_a_day"
            raise Refused(name, f"{most} went out today: that is as many as phone.{name} allows")

    def _note(self, connection: Connection, going: Going, text: str) -> None:
        note_on(connection, going, text, self.clock())

    async def _tell(self, going: Going) -> None:
        await tell_of(self.bus, self.database, going)


_BEFORE = {"placed": "already", "asked": "unknown"}
"""What a text that was asked for before came to; one that was stopped on its way may have gone or not."""


def note_on(connection: Connection, going: Going, text: str, now: float) -> None:
    """What agents should know of a call or text: in its own conversation, and where it was asked for."""
    note = Event("note", {"agent_id": LINE.id, "name": LINE.name}, {"text": text})
    for id_ in filter(None, (going.conversation_id, going.source_id)):
        view = views.conversation(connection, id_)
        if view is not None and view.erased_at is None:
            append(connection, id_, (note,), push=False, now=now)


async def tell_of(bus: Bus, database: Database, going: Going) -> None:
    """Whoever looks at these conversations, that something is new."""
    for id_ in filter(None, (going.conversation_id, going.source_id)):
        view = await database.read(lambda connection, id_=id_: views.conversation(connection, id_))
        if view is not None:
            await bus.publish(conversation_topic(id_), {"type": "seq", "seq": view.seq})
    await bus.publish(DESK, {"type": "list"})


def _number_of(connection: Connection, view: ConversationView) -> str:
    """The number of who is on the line: the one that was rung, else the one that they call with."""
    going = store.of_conversation(connection, view.id)
    if going is not None and going.about.get("number"):
        return str(going.about["number"])
    known = identities_of(connection, view.customer.id) if view.customer else []
    return next((each.value for each in known if each.kind == IDENTITY), "")
