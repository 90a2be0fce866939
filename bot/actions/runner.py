"""The way from a flow to a custom action: in this process, or on an action server over HTTP.

An `ActionRunner` never raises: whatever goes wrong becomes a result with `ok=False` and an error for the log.
What an action means is not known here; its events are read by `bot.actions.events`.
"""

from __future__ import annotations

import asyncio
import copy
import inspect
import logging
import time
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Protocol

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.interfaces import ActionExecutionRejection

from bot.actions.events import read_result
from bot.model.actions import ActionCall, ActionResult

log = logging.getLogger(__name__)

DURABLE = "balie_durable"
"""A class attribute of an action that takes seconds or has effects outside: it runs as a durable job."""

Domain = Mapping[str, Any]


class ActionRunner(Protocol):
    """Runs custom actions. Kept here because the engine's service and the jobs both call it."""

    async def run(self, call: ActionCall) -> ActionResult:
        """The result of one call; never raises."""
        ...

    def durable(self, name: str) -> bool:
        """Whether the action must run as a job, after the state was committed."""
        ...

    def names(self) -> set[str]:
        """The actions that are known to be there."""
        ...


class LocalRunner:
    """Runs `rasa_sdk` actions in this process: coroutines on the loop, blocking `run` methods in threads.

    `timeout` is for each call, waiting for a thread included. A thread that does not come back keeps its
    place in the pool until it does: the pool never grows.
    """

    def __init__(
        self,
        actions: Iterable[Action],
        *,
        domain: Callable[[], Domain] = dict,
        timeout: float = 10.0,
        threads: int = 4,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._actions: dict[str, Action] = {}
        for action in actions:
            self._actions[action.name()] = action  # a helpdesk's own action comes later and wins
        self._domain = domain
        self._timeout = timeout
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="action")
        self._free = asyncio.Semaphore(threads)
        self._clock = clock

    def names(self) -> set[str]:
        """Every action by name."""
        return set(self._actions)

    def durable(self, name: str) -> bool:
        """Whether the action says of itself that it must run as a job."""
        return bool(getattr(self._actions.get(name), DURABLE, False))

    async def run(self, call: ActionCall) -> ActionResult:
        """Run one action on a copy of the tracker; what it raises becomes the result's error."""
        begin = self._clock()
        action = self._actions.get(call.name)
        if action is None:
            return failed(call, f"there is no action '{call.name}'", 0)
        dispatcher = CollectingDispatcher()
        limit = asyncio.timeout(self._timeout)
        try:
            tracker = Tracker.from_dict(copy.deepcopy(dict(call.tracker)))  # pyright: ignore[reportArgumentType]
            async with limit:
                events = await self._call(action, dispatcher, tracker)
            if dispatcher.is_streaming_active:
                await dispatcher.stream_end()
        except ActionExecutionRejection as error:
            return failed(call, f"the action rejected the call: {error}", self._ms(begin))
        except Exception as error:  # a helpdesk's own code: anything may come out of it
            if limit.expired():
                log.error("action took too long", extra={"action": call.name, "seconds": self._timeout})
                return failed(call, f"the action took longer than {self._timeout:g} s", self._ms(begin))
            log.exception("action failed", extra={"action": call.name})
            return failed(call, f"{type(error).__name__}: {error}", self._ms(begin))
        return read_result(call, events or [], dispatcher.messages, self._ms(begin))

    async def _call(self, action: Action, dispatcher: CollectingDispatcher, tracker: Tracker) -> Any:
        run: Callable[..., Any] = action.run
        domain: Any = self._domain()
        if inspect.iscoroutinefunction(run):
            return await run(dispatcher, tracker, domain)
        await self._free.acquire()
        future = asyncio.get_running_loop().run_in_executor(self._pool, run, dispatcher, tracker, domain)
        future.add_done_callback(self._came_back)
        # shielded: a thread cannot be cancelled, and its place is free only when it has come back
        found = await asyncio.shield(future)
        return await found if inspect.isawaitable(found) else found

    def _came_back(self, future: asyncio.Future[Any]) -> None:
        self._free.release()
        if not future.cancelled() and future.exception() is not None:
            log.debug("an action's thread ended with an error", exc_info=future.exception())

    def _ms(self, begin: float) -> int:
        return round((self._clock() - begin) * 1000)

    async def close(self) -> None:
        """Let go of the threads; those that run are not waited for."""
        self._pool.shutdown(wait=False, cancel_futures=True)


class RunnerChain:
    """Several runners as one: the first that knows an action runs it, the last gets what nobody knows."""

    def __init__(self, *runners: ActionRunner) -> None:
        self._runners = runners

    def _for(self, name: str) -> ActionRunner:
        return next((runner for runner in self._runners if name in runner.names()), self._runners[-1])

    async def run(self, call: ActionCall) -> ActionResult:
        """The result from the runner that has the action."""
        return await self._for(call.name).run(call)

    def durable(self, name: str) -> bool:
        """Whether the action must run as a job."""
        return self._for(name).durable(name)

    def names(self) -> set[str]:
        """The actions of all."""
        return set[str]().union(*(runner.names() for runner in self._runners))


def failed(call: ActionCall, error: str, ms: int) -> ActionResult:
    """A result that says what went wrong; for the log and the ticket, not for the customer."""
    return ActionResult(name=call.name, key=call.key, ok=False, error=error, ms=ms)
