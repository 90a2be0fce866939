"""The composition root: everything that runs is made here, from the settings, and nowhere else.

What `bot.app.loading` has read is put together with the rest on a running loop.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import aiohttp

from bot.actions.own import load_actions
from bot.actions.remote import HttpRunner
from bot.actions.runner import ActionRunner, LocalRunner
from bot.actions.shipped import nobody_runs, shipped_actions
from bot.app.channels import make_channels
from bot.app.config import Settings
from bot.app.loading import Content, articles_of, index_of
from bot.app.telemetry import Telemetry
from bot.app.telephone import allowed, make_carrier
from bot.bus import Bus
from bot.bus.local import LocalBus
from bot.model.errors import ContentError
from bot.service.agents import Agents
from bot.service.attendance import Attendance
from bot.service.calls import Calls
from bot.service.delivery import Delivery
from bot.service.handovers import Handovers
from bot.service.heartbeat import Heartbeat
from bot.service.ingest import Ingest, IngestSettings
from bot.service.lookahead import LookAhead
from bot.service.notices import Notices
from bot.service.outgoing import Carrier, Outgoing
from bot.service.overlay import Agreed, Library
from bot.service.pictures import Pictures
from bot.service.placed import PlacedCalls
from bot.service.reading import Reading
from bot.service.replies import Replies
from bot.service.retention import Rounds
from bot.service.schedule import Schedule
from bot.service.ticketing import Ticketing
from bot.service.turns import Turns
from bot.service.understanding import Understander
from bot.service.waiting import Waiting
from bot.service.worker import Worker
from bot.store.database import Database
from bot.store.migrations import migrate
from channels.contract import Channel
from channels.rest.channel import Authorize
from handoff.config import problem_intents

Clock = Callable[[], float]


@dataclass
class Balie:
    """What runs. `start` and `stop` are each other's contrary; the HTTP server is `bot.app.serve`."""

    settings: Settings
    content: Content
    database: Database
    bus: Bus
    understander: Understander
    agreed: Agreed
    library: Library
    runner: ActionRunner
    ingest: Ingest
    replies: Replies
    pictures: Pictures
    agents: Agents
    attendance: Attendance
    ticketing: Ticketing
    outgoing: Outgoing
    worker: Worker
    delivery: Delivery
    schedule: Schedule
    nights: Rounds
    channels: Mapping[str, Channel]
    telemetry: Telemetry
    heartbeat: Heartbeat
    clock: Clock
    close: list[Callable[[], Awaitable[None]]]
    _stop: asyncio.Event = field(default_factory=asyncio.Event)
    _tasks: list[asyncio.Task[None]] = field(default_factory=list[asyncio.Task[None]])

    async def start(self, *, serves: bool = False) -> None:
        """Begin to work on what comes in; `serves` where HTTP is answered besides."""
        self.worker.start()
        self._tasks = [
            asyncio.create_task(self.delivery.run(self._stop), name="delivery"),
            asyncio.create_task(self.schedule.run(self._stop), name="schedule"),
            asyncio.create_task(self.nights.run(self._stop), name="nights"),
            asyncio.create_task(self.agreed.run(self._stop), name="agreed"),
            asyncio.create_task(self.library.run(self._stop), name="library"),
            asyncio.create_task(self.content.serving.run(self._stop), name="serving"),
            asyncio.create_task(self.heartbeat.run(self._stop, serves=serves), name="heartbeat"),
        ]
        if serves:
            for channel in self.channels.values():
                await channel.start()

    async def stop(self) -> None:
        """Finish what is in hand and let go of everything."""
        self._stop.set()
        for channel in self.channels.values():
            await channel.stop()
        await self.worker.stop()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self.heartbeat.end()
        self.understander.close()
        for close in self.close:
            await close()


async def build(
    settings: Settings,
    content: Content,
    *,
    authorize: Authorize | None = None,
    carrier: Carrier | None = None,
    clock: Clock = time.time,
) -> Balie:
    """Put the parts together. `authorize` guards the REST channel where it is not open; `carrier` is who has
    calls and texts go out, where that is not who the settings say."""
    settings.make_var()
    database = Database.open(settings.database)
    await asyncio.to_thread(migrate, database)
    bus = make_bus(settings)
    close: list[Callable[[], Awaitable[None]]] = [bus.close, database.close]
    pack = content.pack
    limits = IngestSettings(settings.limits.messages, settings.limits.seconds)
    pushed: set[str] = set()
    agreed = Agreed(
        content.agreed,
        intents=problem_intents(pack),
        languages=pack.languages,
        database=database,
        bus=bus,
        clock=clock,
    )
    library = Library(
        content.kb,
        lambda files: index_of(settings, articles_of(files, pack), content.serving),
        database=database,
        bus=bus,
        clock=clock,
        now=content.index,
    )
    await agreed.begin()
    await library.begin()
    calendar = lambda: agreed.now.policy.calendar  # noqa: E731
    await asyncio.to_thread(calendar().is_open, datetime.now(UTC))  # loads the holidays now, not in a turn
    outgoing = Outgoing(
        database,
        bus,
        carrier or make_carrier(settings),
        allowed(settings),
        zone=lambda: calendar().zone,
        pack=lambda: pack,
        clock=clock,
    )
    runner = await _runner(settings, content, agreed, library, database, outgoing, clock, close)
    telemetry = Telemetry()
    understander = Understander(lambda: content.serving.now, telemetry.batch)
    replies = Replies(database, bus)
    ticketing = Ticketing(lambda: pack, lambda: agreed.now.policy)
    turns = Turns(
        pack=lambda: pack,
        database=database,
        bus=bus,
        reading=Reading(understander, lambda: agreed.now.when, clock),
        runner=runner,
        handovers=Handovers(
            database,
            ticketing,
            calendar,
            clock,
            settings.public_url,
        ),
        push=pushed.__contains__,
        observe=telemetry.turn,
        answer=replies.hand,
        clock=clock,
    )
    worker = Worker(database=database, bus=bus, turns=turns, runner=runner, clock=clock, lease=settings.lease)
    notices = Notices(lambda: pack, calendar, push=pushed, clock=clock)
    waiting = Waiting(database, bus, notices, clock=clock)
    # With a Redis there are other workers to share the turns with, and all of them come by the bell.
    taker = worker if settings.redis_url is None else None
    ingest = Ingest(
        database,
        bus,
        waiting=waiting.tell,
        resume=ticketing.resume,
        settings=limits,
        taker=taker,
        clock=clock,
    )
    pictures = Pictures()
    ahead = LookAhead(database, bus, lambda: library.now) if settings.web.suggest_while_typing else None
    agents = Agents(
        database, bus, push=pushed, resume=ticketing.resume, tell=notices.tell, learn=ticketing.learn,
        clock=clock,
    )  # fmt: skip
    calls = Calls(database, bus, lambda: pack, agents, ticketing, clock)
    placed = PlacedCalls(database, bus, lambda: pack, replies, clock)
    channels = make_channels(
        settings, database, bus, ingest, replies, pictures, authorize, ahead, calls, placed
    )
    pushed.update(name for name, channel in channels.items() if channel.push)
    for channel in channels.values():
        ingest.set_burst(channel.name, channel.burst)
    attendance = Attendance(database, agents, lambda: agreed.now.presence, calendar, clock)
    senders: Any = {name: channel for name, channel in channels.items() if name in pushed}
    heartbeat = Heartbeat(bus, lambda: content.serving.now.model, clock)
    return Balie(
        settings=settings,
        content=content,
        database=database,
        bus=bus,
        understander=understander,
        agreed=agreed,
        library=library,
        runner=runner,
        ingest=ingest,
        replies=replies,
        pictures=pictures,
        agents=agents,
        attendance=attendance,
        ticketing=ticketing,
        outgoing=outgoing,
        worker=worker,
        delivery=Delivery(database, bus, senders, clock=clock),
        schedule=Schedule(database, bus, rounds=[attendance.round], clock=clock, holder=heartbeat.id),
        nights=Rounds(
            database, bus, lambda: agreed.now.retention, lambda: calendar().zone, clock, heartbeat.id
        ),
        channels=channels,
        telemetry=telemetry,
        heartbeat=heartbeat,
        clock=clock,
        close=close,
    )


def make_bus(settings: Settings) -> Bus:
    """In this process, or over Redis."""
    if settings.redis_url is None:
        return LocalBus()
    from bot.bus.redis import RedisBus  # a third of a second to import

    return RedisBus(settings.redis_url.get_secret_value())


async def _runner(
    settings: Settings,
    content: Content,
    agreed: Agreed,
    library: Library,
    database: Database,
    texts: Outgoing,
    clock: Clock,
    close: list[Callable[[], Awaitable[None]]],
) -> ActionRunner:
    """The shipped actions and the helpdesk's own; or all of them on an action server."""
    domain = lambda: content.pack.domain.raw  # noqa: E731
    if settings.action_endpoint:
        session = aiohttp.ClientSession()
        close.insert(0, session.close)
        return HttpRunner(
            settings.action_endpoint,
            session,
            names=lambda: set(content.pack.domain.actions),
            domain=domain,
            timeout=settings.action_timeout,
        )
    actions = shipped_actions(
        database=database,
        index=lambda: library.now,
        pack=lambda: content.pack,
        policy=lambda: agreed.now.policy,
        data=settings.data,
        clock=clock,
        public_url=settings.public_url,
        texts=texts,
    )
    if settings.action_package:
        actions = [*actions, *load_actions(settings.action_package)]
    runner = LocalRunner(actions, domain=domain, timeout=settings.action_timeout)
    close.insert(0, runner.close)
    missing = nobody_runs(content.pack.domain.actions, runner.names())
    if missing:
        raise ContentError(missing)
    return runner
