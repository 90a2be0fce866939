"""A small counter for the channels' and the widget's tests: the real socket, demo page and assets over a
record in memory, and a bot that answers as it is told. Not Balie: tests/browser drives that too."""

from __future__ import annotations

import asyncio
import itertools
import time
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import SimpleNamespace
from typing import Any, cast

from aiohttp import web

from bot.bus import conversation_topic
from bot.bus.local import LocalBus
from bot.model.conversation import Owner
from bot.model.errors import BalieError
from bot.model.messages import Accepted, InboundMessage
from bot.service.pictures import Pictures
from bot.store.attachments import NewFile
from bot.web import assets, demo, widget
from bot.web.errors import errors
from bot.web.limits import AddressLimits
from bot.web.site import SITE, Site, SiteSettings
from channels.transcripts import Known
from channels.web.call import Telephone
from channels.web.channel import Ahead, WebChannel
from channels.web.settings import WebSettings


@dataclass(frozen=True)
class Item:
    """One event, as `bot.store.views.TimelineItem`."""

    seq: int
    type: str
    at: float
    data: Mapping[str, Any]
    content: Mapping[str, Any] | None


def taken(conversation_id: str, seq: int, *, duplicate: bool = False, owner: Owner = Owner.BOT) -> Accepted:
    """A message that was taken in."""
    return Accepted(conversation_id, seq, duplicate, owner, created=False, inbox_id=0)


@dataclass
class Record:
    """Ingest, transcripts and agents in one, in memory."""

    bus: LocalBus
    answer: Callable[[InboundMessage], Sequence[tuple[str, dict[str, Any], str]]] = lambda _: ()
    items: dict[str, list[Item]] = field(default_factory=lambda: defaultdict(list))
    by_id: dict[str, int] = field(default_factory=dict)
    received: list[InboundMessage] = field(default_factory=list)
    failing: BalieError | None = None
    clock: Callable[[], float] = time.time
    receipts: dict[str, tuple[int, int]] = field(default_factory=dict)
    was_left: set[str] = field(default_factory=set[str])
    changed: asyncio.Event = field(default_factory=asyncio.Event)

    async def receive(self, message: InboundMessage, files: Sequence[NewFile] = ()) -> Accepted:
        """Take a message in once, and let the bot answer."""
        message = replace(message, attachments=tuple(file.attachment for file in files))
        if self.failing is not None:
            raise self.failing
        if message.external_id in self.by_id:
            return taken(message.sender_id, self.by_id[message.external_id], duplicate=True)
        self.received.append(message)
        data = {"channel": message.channel, "external_id": message.external_id}
        seq = await self.add(message.sender_id, "user", data, message.text)
        self.by_id[message.external_id] = seq
        for type_, extra, text in self.answer(message):
            await self.add(message.sender_id, type_, extra, text)
        return taken(message.sender_id, seq)

    async def begin(self, conversation: str) -> int:
        """A conversation that the channel opens, as a call; what it says first is its own."""
        if not self.items[conversation]:
            return await self.add(conversation, "note", {}, "")
        return 1

    async def add(self, conversation: str, type_: str, data: Mapping[str, Any], text: str) -> int:
        """Something is said."""
        seq = len(self.items[conversation]) + 1
        self.items[conversation].append(Item(seq, type_, self.clock(), data, {"text": text}))
        await self.bus.publish(conversation_topic(conversation), {"type": "seq", "seq": seq})
        self.changed.set()
        return seq

    async def find(self, channel: str, sender_id: str) -> Known | None:
        """The conversation of a sender."""
        said = self.items.get(sender_id)
        return Known(sender_id, len(said), *self.receipts.get(sender_id, ())) if said else None

    async def after(self, conversation_id: str, seq: int) -> Sequence[Item]:
        """What was said after `seq`."""
        return list(itertools.islice(self.items[conversation_id], seq, None))

    async def acknowledge(self, conversation_id: str, got: int, seen: int) -> bool:
        """Up to where the customer has it."""
        before = self.receipts.get(conversation_id, (0, 0))
        self.receipts[conversation_id] = max(got, before[0]), max(seen, before[1])
        self.changed.set()
        return self.receipts[conversation_id] != before

    async def left(self, conversation_id: str) -> int | None:
        """The first time it is news."""
        if conversation_id in self.was_left:
            return None
        self.was_left.add(conversation_id)
        return len(self.items[conversation_id])

    async def forget(self, channel: str) -> None:
        """Nothing is known any more."""
        self.receipts.clear()


def limits_of(record: Record, **limits: int) -> AddressLimits:
    """What one address may open, counted on the record's bus."""
    return AddressLimits(record.bus, record.find, **limits)


def bare(settings: SiteSettings | None = None) -> web.Application:
    """An application with nothing but the site's settings, and errors as ours."""
    app = web.Application(middlewares=[errors])
    app[SITE] = cast(Site, SimpleNamespace(settings=settings or SiteSettings()))
    return app


def application(
    record: Record,
    settings: WebSettings | None = None,
    site: SiteSettings | None = None,
    ahead: Ahead | None = None,
    telephone: Telephone | None = None,
    **limits: int,
) -> tuple[web.Application, WebChannel]:
    """The widget's routes over a record in memory."""
    most = limits_of(record, **limits)
    given = settings or WebSettings()
    channel = WebChannel(record, record, record.bus, most, given, Pictures(), ahead, telephone)
    app = bare(site)
    app.add_routes([*channel.routes(), *demo.routes(), *widget.routes(), *assets.routes()])

    async def start(_: web.Application) -> None:
        await channel.start()

    async def stop(_: web.Application) -> None:
        await channel.stop()

    app.on_startup.append(start)
    app.on_shutdown.append(stop)
    return app, channel
