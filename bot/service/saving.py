"""What a turn came to goes on record, in one transaction, and whoever listens is told.

Also where a turn could not be made: then an apology does.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from sqlalchemy import Connection

from bot.bus import DESK, JOBS, OUTBOX, Bus, conversation_topic
from bot.dialogue.pack import Pack
from bot.dialogue.tracker import Tracker
from bot.model.actions import ActionResult
from bot.model.conversation import Owner, Status
from bot.model.events import Event
from bot.store import queue
from bot.store.database import Database
from bot.store.queue import Claimed, NewJob, Saved
from bot.store.views import TimelineItem

log = logging.getLogger(__name__)

RETRY_DELAY = 5.0
"""Seconds before a conversation whose turn could not even be apologised for is tried again."""


@dataclass(frozen=True, slots=True)
class Handover:
    """A prepared handover: what the flow is told, and what is written when the turn is saved."""

    result: ActionResult
    event: Event
    team: str
    save: Callable[[Connection], None]


@dataclass
class Work:
    """What one claimed conversation comes to."""

    tracker: Tracker
    status: Status
    new_episode: bool = False
    events: list[Event] = field(default_factory=list[Event])
    jobs: list[NewJob] = field(default_factory=list[NewJob])
    wake_after: float | None = None
    handover: Handover | None = None
    ended: str | None = None


class Saving:
    """Puts turns on record. `push` says of a channel whether delivery sends its messages."""

    def __init__(
        self, database: Database, bus: Bus, push: Callable[[str], bool], clock: Callable[[], float]
    ) -> None:
        self._database = database
        self._bus = bus
        self._push = push
        self._clock = clock

    async def save(self, claimed: Claimed, work: Work) -> Sequence[TimelineItem] | None:
        """Save the turn, and tell who listens; what was said, as `Saved.answer`."""
        now = self._clock()
        handover = work.handover
        owner = Owner.QUEUE if handover else claimed.owner
        status = Status.OPEN if handover else Status.RESOLVED if work.ended else work.status
        wake = now + work.wake_after if work.wake_after is not None and not handover else None
        push = self._push(claimed.channel)

        def write(connection: Connection) -> Saved:
            saved = queue.save_turn(
                connection,
                claimed,
                state=work.tracker.to_json(),
                events=work.events,
                status=status,
                owner=owner,
                language=work.tracker.language,
                wake_at=wake,
                push=push,
                now=now,
                jobs=work.jobs,
                outcome=_outcome(work),
                team=handover.team if handover else None,
                new_episode=work.new_episode,
            )
            if handover:
                handover.save(connection)
            return saved

        last, answer = await self._database.write(write)
        handled = max((row.seq or 0 for row in claimed.rows), default=0)
        waits = bool(work.tracker.pending and work.jobs)
        await self._bus.publish(
            conversation_topic(claimed.id), {"type": "seq", "seq": last, "handled": handled, "waits": waits}
        )
        if push:
            await self._bus.ring(OUTBOX)
        if work.jobs:
            await self._bus.ring(JOBS)
        if handover or claimed.owner is not Owner.BOT:
            await self._bus.publish(DESK, {"type": "list"})
        return answer

    async def apologise(self, claimed: Claimed, pack: Pack) -> None:
        """The turn could not be made: say so, keep the state, and let the conversation go on."""
        now = self._clock()
        tracker = Tracker.from_json(claimed.state) if claimed.state else None
        language = tracker.language if tracker else claimed.language
        events = [
            Event("error", {"where": "turn", "kind": "internal"}),
            Event(
                "bot", {"author": "bot", "response": "utter_internal_error"}, {"text": _sorry(pack, language)}
            ),
        ]
        try:
            saved = await self._database.write(
                lambda connection: queue.save_turn(
                    connection,
                    claimed,
                    state=claimed.state or {},
                    events=events,
                    status=claimed.status,
                    owner=claimed.owner,
                    language=claimed.language,
                    wake_at=None,
                    push=self._push(claimed.channel),
                    now=now,
                )
            )
            handled = max((row.seq or 0 for row in claimed.rows), default=0)
            await self._bus.publish(
                conversation_topic(claimed.id), {"type": "seq", "seq": saved.last, "handled": handled}
            )
        except Exception:
            log.exception("apology failed", extra={"conversation": claimed.id})
            await self._database.write(
                lambda connection: queue.release(connection, claimed, now=now, delay=RETRY_DELAY)
            )


def _outcome(work: Work) -> str | None:
    """What the contact came to so far: its latest problem's. Empty while that one goes on; what the first one
    came to stands in its events.

    None leaves it as it is: once it is over, what ended it stands, until the customer says that it helped.
    """
    if work.status is Status.RESOLVED and not work.new_episode:
        return work.tracker.outcome or None
    return work.ended or work.tracker.outcome


def _sorry(pack: Pack, language: str) -> str:
    variations = pack.domain.responses.get("utter_internal_error", ())
    texts = variations[0].texts if variations else {}
    return (
        texts.get(language)
        or texts.get(pack.language)
        or "Sorry, something went wrong here. Please try again."
    )
