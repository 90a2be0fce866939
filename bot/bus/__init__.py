"""The bus: rings bells, carries live events, counts for rate limits, knows who is
alive. Not a queue and not a record.

Whatever goes over it may get lost: a bell that is not heard costs a worker's time-out, an event that is not
seen costs a reader's next look into the store, never a message. So nothing here raises because a server is
away. `LocalBus` serves one process, `RedisBus` a cluster; one contract suite runs over both.

Live events: on "conversation:<id>" {"type": "seq", "seq": n} (there is something up to n: fetch it from the
store), {"type": "typing", "author": …, "name": …}, and between agents {"type": "writing" or "looking", "by":
…, "name": …} and {"type": "read", "by": …}; on "desk" {"type": "list"}, and to an agent's own pages {"type":
"availability", "by": …, "availability": …}; on "edited" {"type": "edited"}: something of the pack was edited
in a page. What an agent says on a call of another process goes over topics of its own
(`bot.service.relay`)."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from typing import Any, Protocol

WORK = "work"
OUTBOX = "outbox"
JOBS = "jobs"
"""The bells."""

DESK = "desk"
"""The topic of the agents' lists."""

EDITED = "edited"
"""The topic of what is edited of the pack in pages."""

Notice = Mapping[str, Any]


def conversation_topic(conversation_id: str) -> str:
    """The topic of one conversation's live events."""
    return f"conversation:{conversation_id}"


class Bus(Protocol):
    """What every bus can do."""

    async def ring(self, bell: str) -> None:
        """Wake whoever waits for this bell; a ring that nobody waits for wakes the next who does."""
        ...

    async def wait(self, bell: str, seconds: float) -> bool:
        """True when the bell rang, False when the time ran out."""
        ...

    async def publish(self, topic: str, event: Notice) -> None:
        """Tell the topic's subscribers, all of them, now."""
        ...

    def subscribe(self, *topics: str) -> AbstractAsyncContextManager[AsyncIterator[Notice]]:
        """The events of these topics from now on. A reader that is too slow loses the oldest."""
        ...

    async def allow(self, key: str, limit: int, per: float) -> float:
        """0.0 when one more is within `limit` in `per` seconds, otherwise the seconds to wait."""
        ...

    async def keep_alive(self, name: str, what: Notice, seconds: float) -> None:
        """`name` is alive, and this is known of it; forgotten after `seconds`, at once with 0."""
        ...

    async def alive(self) -> Sequence[Notice]:
        """What is known of whoever is alive, of all processes."""
        ...

    async def close(self) -> None:
        """Let go; waiters and subscribers end."""
        ...


__all__ = ["DESK", "EDITED", "JOBS", "OUTBOX", "WORK", "Bus", "Notice", "conversation_topic"]
