"""A call in one process, and somebody who speaks on it in another: their sound goes over the bus, both ways.

A call's row names its process, which listens to a topic of its own for who wants to join. Each talk has two
topics, one each way. On them {"type": "joined"}, {"type": "refused", "code", "message"}, {"type": "sound",
"ulaw": base64}, {"type": "hold", "holds"}, {"type": "bye"} (hang up), {"type": "off"} (this end is done) and
{"type": "beat"}. What gets lost is a moment of sound; an end that is not heard of for a while is gone.
"""

from __future__ import annotations

import asyncio
import base64
import logging
import secrets
import time
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from dataclasses import dataclass
from typing import Any

from bot.bus import Bus, Notice
from bot.model.errors import BalieError, Conflict, NotFound, Unavailable
from bot.service.lines import Person, Talk, Talks
from bot.store.calls import on_line
from bot.store.database import Database

log = logging.getLogger(__name__)

BEAT = 2.0
"""Seconds without anything to tell after which an end tells that it is there."""
SILENT = 8.0
"""Seconds without a word after which the other end is gone."""
JOIN_WITHIN = 5.0
"""Seconds that the process which has the call may take to answer."""
LAST_WORDS = 1.0
"""Seconds that talks have to end when a process does."""
MOST_WAITING = 50
"""Pieces of sound, a second's, that wait for a slow bus; older ones are dropped."""
_REFUSALS: dict[str, type[BalieError]] = {"taken": Conflict, "gone": NotFound}


class Relay:
    """Joins calls wherever they are (`bot.service.lines.Talks`); `local` has those of this process, which is
    `node`."""

    def __init__(
        self,
        node: str,
        local: Talks,
        database: Database,
        bus: Bus,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._node = node
        self._local = local
        self._database = database
        self._bus = bus
        self._clock = clock
        self._tasks: set[asyncio.Task[None]] = set()

    async def join(self, conversation_id: str, person: Person) -> Talk:
        """See `Talks`. Raises `Unavailable`, too, where the process that has the call does not answer."""
        now = self._clock()
        rows = await self._database.read(lambda connection: on_line(connection, (conversation_id,), now=now))
        row = rows.get(conversation_id)
        if row is None or row.node == self._node:
            return await self._local.join(conversation_id, person)
        talk = secrets.token_urlsafe(12)
        end = _End(self._bus, mine=_to_person(talk), theirs=_to_call(talk))
        far = _FarCall(end, person)
        wanted = {"type": "join", "talk": talk, "conversation": conversation_id}
        who = {"person": person.id, "name": person.name}
        self._begin(end.run(far.take, lambda: self._bus.publish(_topic(row.node), {**wanted, **who})))
        try:
            async with asyncio.timeout(JOIN_WITHIN):
                await far.joined
        except BaseException as error:
            end.close()
            if isinstance(error, TimeoutError):
                raise Unavailable("the process that has this call does not answer") from None
            raise
        return far

    async def run(self) -> None:
        """Let people of other processes join the calls of this one, until cancelled."""
        try:
            async with self._bus.subscribe(_topic(self._node)) as notices:
                async for notice in notices:
                    if notice.get("type") == "join":
                        self._begin(self._let_in(notice))
        finally:
            if self._tasks:  # whose calls are over by now tell the other end so
                await asyncio.wait(self._tasks, timeout=LAST_WORDS)
            for task in self._tasks:
                task.cancel()
            await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _let_in(self, notice: Notice) -> None:
        talk = str(notice["talk"])
        end = _End(self._bus, mine=_to_call(talk), theirs=_to_person(talk))
        person = _FarPerson(str(notice["person"]), str(notice["name"]), end)
        try:
            near = _NearCall(await self._local.join(str(notice["conversation"]), person))
        except BalieError as error:
            code = next((code for code, kind in _REFUSALS.items() if isinstance(error, kind)), "")
            await self._bus.publish(
                _to_person(talk), {"type": "refused", "code": code, "message": str(error)}
            )
            return
        end.tell("joined")
        try:
            await end.run(near.take)
        finally:
            near.talk.leave()

    def _begin(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work, name="talk over the bus")
        self._tasks.add(task)
        task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            log.error("a talk over the bus broke off", exc_info=error)


class _End:
    """One end of a talk: what it tells the other, and what it hears of it."""

    def __init__(self, bus: Bus, *, mine: str, theirs: str) -> None:
        self._bus = bus
        self._mine = mine
        self._theirs = theirs
        self._told: deque[Notice] = deque()
        self._sound: deque[bytes] = deque(maxlen=MOST_WAITING)
        self._news = asyncio.Event()
        self._closed = False

    def tell(self, kind: str, **fields: Any) -> None:
        """Tell the other end; before any sound that still waits."""
        self._told.append({"type": kind, **fields})
        self._news.set()

    def sound(self, ulaw: bytes) -> None:
        """Sound for the other end."""
        self._sound.append(ulaw)
        self._news.set()

    def close(self) -> None:
        """Tell what is still to be told, and that this end is done."""
        if not self._closed:
            self._closed = True
            self.tell("off")

    async def run(
        self, take: Callable[[Notice], Awaitable[None]], begin: Callable[[], Awaitable[None]] | None = None
    ) -> None:
        """Tell and hear, until this end is closed, or the other one is done or gone: `take` then hears `off`.
        `begin` is done once the other end would be heard."""
        async with self._bus.subscribe(self._mine) as notices:
            reading = asyncio.create_task(self._read(notices, take))
            try:
                if begin is not None:
                    await begin()
                await self._send()
            finally:
                reading.cancel()
                await asyncio.wait({reading})
            if not reading.cancelled():
                reading.result()

    async def _read(self, notices: AsyncIterator[Notice], take: Callable[[Notice], Awaitable[None]]) -> None:
        notice: Notice = {}
        try:
            while notice.get("type") != "off":
                async with asyncio.timeout(SILENT):
                    notice = await anext(notices)
                await take(notice)
        except (TimeoutError, StopAsyncIteration):
            log.warning("the other end of a talk is gone")
            await take({"type": "off"})
        finally:
            self.close()

    async def _send(self) -> None:
        while True:
            try:
                async with asyncio.timeout(BEAT):
                    await self._news.wait()
            except TimeoutError:
                self.tell("beat")
            self._news.clear()
            while self._told:
                await self._bus.publish(self._theirs, self._told.popleft())
            if self._closed:
                return
            sound, _ = b"".join(self._sound), self._sound.clear()
            if sound:
                coded = base64.b64encode(sound).decode()
                await self._bus.publish(self._theirs, {"type": "sound", "ulaw": coded})


class _FarCall:
    """A call in another process, as a person here speaks on it (`Talk`)."""

    def __init__(self, end: _End, person: Person) -> None:
        self._end = end
        self._person = person
        self.joined: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    async def take(self, notice: Notice) -> None:
        """Something came from the call."""
        kind = notice.get("type")
        if not self.joined.done():
            if kind == "refused":
                refusal = _REFUSALS.get(str(notice.get("code")), Unavailable)
                self.joined.set_exception(refusal(str(notice.get("message"))))
                self._end.close()
                return
            self.joined.set_result(None)  # where this word was lost, the next one says it, too
        if kind == "sound":
            self._person.hear(base64.b64decode(notice["ulaw"]))
        elif kind == "off":
            self._person.off()

    async def speak(self, ulaw: bytes) -> None:
        """See `Talk`."""
        self._end.sound(ulaw)

    def hold(self, holds: bool) -> None:
        """See `Talk`."""
        self._end.tell("hold", holds=holds)

    def leave(self) -> None:
        """See `Talk`."""
        self._end.close()
        self._person.off()

    async def hang_up(self) -> None:
        """See `Talk`."""
        self._end.tell("bye")
        self.leave()


@dataclass(frozen=True, slots=True)
class _FarPerson:
    """Somebody in another process, as a call here sees them (`Person`)."""

    id: str
    name: str
    end: _End

    def hear(self, ulaw: bytes) -> None:
        """See `Person`."""
        self.end.sound(ulaw)

    def off(self) -> None:
        """See `Person`."""
        self.end.close()


@dataclass(frozen=True, slots=True)
class _NearCall:
    """A call of this process, as somebody in another one speaks on it."""

    talk: Talk

    async def take(self, notice: Notice) -> None:
        """Something came from the person."""
        match notice.get("type"):
            case "sound":
                await self.talk.speak(base64.b64decode(notice["ulaw"]))
            case "hold":
                self.talk.hold(bool(notice["holds"]))
            case "bye":
                await self.talk.hang_up()
            case "off":
                self.talk.leave()
            case _:
                pass


def _topic(node: str) -> str:
    return f"node:{node}"


def _to_call(talk: str) -> str:
    return f"talk:{talk}:call"


def _to_person(talk: str) -> str:
    return f"talk:{talk}:person"
