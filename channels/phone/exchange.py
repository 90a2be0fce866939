"""What all steps of a call by <Gather> work with: the record, the limits, the script, how a call stands."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from aiohttp import web

from bot.model.errors import Malformed
from bot.model.messages import Accepted, InboundMessage
from bot.service.calls import CHANNEL
from bot.service.placed import Answered
from bot.store.outgoing import Going
from bot.web.limits import AddressLimits
from bot.web.reach import public_base
from channels.contract import Answered as Replied
from channels.contract import Ingest
from channels.phone.script import Place, Script, Standing
from channels.phone.settings import GatherSettings
from channels.phone.twilio import Form
from channels.phone.twiml import Hangup, Verb

TRIES = 2
"""How often the language, or a number, is asked for."""


class Begun(Protocol):
    """A call's conversation (`bot.service.calls.Begun`)."""

    @property
    def conversation_id(self) -> str: ...
    @property
    def seq(self) -> int: ...
    @property
    def greeting(self) -> str: ...


class Calls(Protocol):
    """The record of calls (`bot.service.calls.Calls`)."""

    @property
    def languages(self) -> tuple[str, ...]: ...
    async def begin(self, call: str, language: str, caller: str | None, *, through: str = "") -> Begun: ...
    async def standing(self, call: str) -> Standing | None: ...
    async def accepted(self, call: str, external_id: str) -> Accepted | None: ...
    async def note(self, conversation_id: str, text: str, key: str) -> None: ...
    async def call_back(self, conversation_id: str, number: str, text: str, key: str) -> None: ...
    async def first(self, conversation_id: str, key: str) -> bool: ...
    async def end(self, conversation_id: str) -> bool: ...
    async def is_over(self, conversation_id: str) -> bool: ...


class Streams(Protocol):
    """Our own ears and voice, where there are some (`channels.phone.stream.Streams`)."""

    def address(self, call: str, language: str, base: str) -> str | None:
        """Where Twilio brings the sound of a call; None where it cannot be heard or spoken with now."""
        ...


class Voicemail(Protocol):
    """Who writes down the messages that callers leave (`channels.phone.voicemail.Voicemail`)."""

    def write_down(self, call: str, language: str, url: str) -> None:
        """Begin with the message of a call."""
        ...

    async def stop(self) -> None:
        """Leave what is not written down."""
        ...


class Placed(Protocol):
    """The record of calls that were placed (`bot.service.placed.PlacedCalls`), and the wait for a turn."""

    async def of(self, id: str) -> Going | None: ...
    async def answered(
        self, id: str, sid: str, *, through: str = "", dialled: bool = False
    ) -> Answered | None: ...
    async def joined(self, id: str) -> None: ...
    async def note(self, id: str, text: str, key: str) -> None: ...
    async def progress(self, id: str, sid: str, status: str, seconds: int = 0) -> None: ...
    async def settled(self, conversation_id: str, within: float) -> None: ...


@dataclass(frozen=True, slots=True)
class Exchange:
    """For every step the same."""

    ingest: Ingest
    answered: Replied
    calls: Calls
    limits: AddressLimits
    settings: GatherSettings
    script: Script
    streams: Streams | None = None
    placed: Placed | None = None
    voicemail: Voicemail | None = None

    def base(self, request: web.Request) -> str:
        """The address that Twilio was told, without what comes after it."""
        return (self.settings.public_url or public_base(request)).rstrip("/")

    async def standing(self, call: str) -> Standing:
        """How a call stands; raises `Malformed` where there is none."""
        standing = await self.calls.standing(call)
        if standing is None:
            raise Malformed("there is no such call")
        return standing

    async def ending(self, standing: Standing, verbs: Sequence[Verb]) -> Sequence[Verb]:
        """Where we hang up, remember that it was not the caller."""
        if any(isinstance(verb, Hangup) for verb in verbs):
            await self.calls.end(standing.conversation_id)
        return verbs


Step = Callable[[Exchange, Form, web.Request], Awaitable[Sequence[Verb]]]
"""What Twilio asks at one of our URLs, and what it is told to do."""


def message_of(call: str, place: Place, text: str, payload: str | None = None) -> InboundMessage:
    """What was said at a place of a call."""
    return InboundMessage(
        channel=CHANNEL,
        sender_id=call,
        external_id=id_of(call, place),
        text=text,
        payload=payload,
        language=place.language,
    )


def id_of(call: str, place: Place) -> str:
    """The id of what is said next in a call: the same for a request that is repeated."""
    return f"{call}:{place.turn}"
