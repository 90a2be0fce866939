"""The way in, the same for every channel: check, mask, limit, put on record, ring. Nothing is understood.

When `receive` returns, the message is on disk, and a channel may tell its provider so.
"""

from __future__ import annotations

import re
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from sqlalchemy import Connection

from bot.bus import DESK, WORK, Bus, conversation_topic
from bot.model.conversation import Owner
from bot.model.errors import Malformed, NotAllowed, TooLarge, TooMany
from bot.model.languages import LANGUAGES
from bot.model.messages import MAX_TEXT, Accepted, InboundMessage
from bot.model.redact import redact
from bot.store.attachments import NewFile, count_files, keep_files
from bot.store.customers import identify, set_customer
from bot.store.database import Database
from bot.store.pauses import Resume
from bot.store.queue import Claimed, accept

IDENTITY = "user"
"""The kind of identity that a channel's proof gives: the helpdesk's own user id."""

MAX_ID = 200
MAX_PAYLOAD = 1_000
MAX_ATTACHMENTS = 10
MAX_FILES = 50
"""Of a conversation; an agent may add more."""

MAX_COPIES = 100
"""So often a provider may bring one message again at no cost to its sender."""
REMEMBERED = 10_000
"""Messages that a process knows to have counted."""

_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufff9-\ufffb\ud800-\udfff]")
"""Characters that say nothing: controls but tab and line feed, half surrogate pairs, marks of order."""
_ID = re.compile(r"[^\s\x00-\x1f\x7f-\x9f\ud800-\udfff](?:[^\x00-\x1f\x7f-\x9f\ud800-\udfff]*)")


@dataclass(frozen=True, slots=True)
class IngestSettings:
    """How much one sender may send: `messages` in `seconds`."""

    messages: int = 20
    seconds: float = 20.0


class Counted:
    """The messages that were counted lately: one that comes again is not held against its sender."""

    def __init__(self) -> None:
        self._copies: dict[tuple[str, str], int] = {}

    def add(self, channel: str, external_id: str) -> None:
        """This one was counted."""
        if len(self._copies) >= REMEMBERED:
            del self._copies[next(iter(self._copies))]
        self._copies.setdefault((channel, external_id), 0)

    def again(self, channel: str, external_id: str) -> bool:
        """Whether this is a copy of one that was counted, and not one of too many."""
        key = (channel, external_id)
        copies = self._copies.get(key)
        if copies is None or copies >= MAX_COPIES:
            return False
        self._copies[key] = copies + 1
        return True


class Taker(Protocol):
    """A worker in this process: it takes a conversation in the transaction that a message comes in with."""

    def free(self) -> bool: ...
    def claim(self, connection: Connection, conversation_id: str) -> Claimed | None: ...
    def take(self, claimed: Claimed) -> None: ...


class Ingest:
    """Takes messages in. `bursts` names the channels that wait for more before the turn starts; `waiting` is
    called with the conversation of a message that came in while it was in the queue. A `taker` begins a turn
    that need not wait for more at once, which saves a transaction and a bell."""

    def __init__(
        self,
        database: Database,
        bus: Bus,
        *,
        bursts: Mapping[str, float] | None = None,
        waiting: Callable[[str], Awaitable[None]] | None = None,
        resume: Resume | None = None,
        settings: IngestSettings | None = None,
        taker: Taker | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._database = database
        self._bus = bus
        self._bursts = dict(bursts or {})
        self._waiting = waiting
        self._resume = resume
        self._settings = settings or IngestSettings()
        self._taker = taker
        self._clock = clock
        self._counted = Counted()

    def set_burst(self, channel: str, seconds: float) -> None:
        """How long this channel waits for a next message; channels are made after the way in."""
        self._bursts[channel] = seconds

    async def receive(self, message: InboundMessage, files: Sequence[NewFile] = ()) -> Accepted:
        """Put a message on record, with its files; raises `BadInput`, `NotAllowed` or `TooMany`, and then
        nothing was kept."""
        if files:
            message = replace(message, attachments=tuple(file.attachment for file in files))
        message = clean(message)
        await self._limit(message)
        now = self._clock()
        burst = 0.0 if message.voice else self._bursts.get(message.channel, 0.0)  # it was a whole turn
        taker = self._taker
        if burst or (taker is not None and not taker.free()):
            taker = None

        def take_in(connection: Connection) -> tuple[Accepted, Claimed | None]:
            accepted = accept(connection, message, now=now, burst=burst)
            if files and not accepted.duplicate:
                _check_room(connection, accepted.conversation_id, len(files))
                keep_files(connection, accepted.conversation_id, accepted.seq, files, now=now)
            if accepted.created and message.identity is not None:
                customer = identify(connection, IDENTITY, message.identity, now=now, verified=True)
                set_customer(connection, accepted.conversation_id, customer.id)
            if accepted.owner is Owner.AGENT and self._resume is not None:
                self._resume(connection, accepted.conversation_id, now)
            if taker is None or accepted.duplicate or accepted.owner is not Owner.BOT:
                return accepted, None
            return accepted, taker.claim(connection, accepted.conversation_id)

        accepted, claimed = await self._database.write(take_in)
        if claimed is not None and taker is not None:
            taker.take(claimed)
            accepted = replace(accepted, taken=True)
        if not accepted.duplicate:
            await self._tell(accepted)
        return accepted

    async def _limit(self, message: InboundMessage) -> None:
        settings, this = self._settings, (message.channel, message.external_id)
        if self._counted.again(*this):
            return
        key = f"sender:{message.channel}:{message.sender_id}"
        wait = await self._bus.allow(key, settings.messages, settings.seconds)
        if wait > 0 and not self._counted.again(*this):  # a copy may have been counted meanwhile
            raise TooMany("too many messages at once; wait a moment and send it again", wait)
        self._counted.add(*this)

    async def _tell(self, accepted: Accepted) -> None:
        if accepted.owner is not Owner.BOT:
            await self._bus.publish(DESK, {"type": "list"})
        elif not accepted.taken:
            await self._bus.ring(WORK)
        await self._bus.publish(
            conversation_topic(accepted.conversation_id), {"type": "seq", "seq": accepted.seq}
        )
        if accepted.owner is Owner.QUEUE and self._waiting is not None:
            await self._waiting(accepted.conversation_id)


def _check_room(connection: Connection, conversation_id: str, more: int) -> None:
    if count_files(connection, conversation_id) + more > MAX_FILES:
        raise NotAllowed(f"a conversation has {MAX_FILES} files at most")


def clean(message: InboundMessage) -> InboundMessage:
    """The message as it may be kept: checked, without characters that say nothing, secrets masked."""
    _check_id("channel", message.channel)
    _check_id("sender", message.sender_id)
    _check_id("message id", message.external_id)
    if len(message.text) > MAX_TEXT:
        raise TooLarge(f"a message may have {MAX_TEXT} characters; this one has {len(message.text)}")
    if message.payload is not None and len(message.payload) > MAX_PAYLOAD:
        raise TooLarge(f"a button's payload may have {MAX_PAYLOAD} characters")
    if len(message.attachments) > MAX_ATTACHMENTS:
        raise TooLarge(f"a message may carry {MAX_ATTACHMENTS} files")
    text = redact(_CONTROL.sub("", message.text.replace("\r\n", "\n").replace("\r", "\n"))).strip()
    payload = message.payload
    if payload is not None:
        payload = redact(_CONTROL.sub("", payload)) or None
    if not text and payload is None and not message.attachments:
        raise Malformed("the message is empty")
    language = message.language if message.language in LANGUAGES else None
    return replace(message, text=text, payload=payload, language=language)


def _check_id(what: str, value: str) -> None:
    if len(value) > MAX_ID:
        raise TooLarge(f"the {what} may have {MAX_ID} characters")
    if not _ID.fullmatch(value):
        raise Malformed(f"the {what} is empty or has control characters")
