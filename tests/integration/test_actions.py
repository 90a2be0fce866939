"""Running actions in this process and on a real rasa_sdk action server over HTTP."""

from __future__ import annotations

import asyncio
import sys
import threading
import types
from collections.abc import AsyncIterator, Iterator
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from rasa_sdk import Action, Tracker
from rasa_sdk.events import ConversationPaused, EventType, FollowupAction, SlotSet
from rasa_sdk.executor import ActionExecutor, CollectingDispatcher
from rasa_sdk.interfaces import ActionExecutionRejection

from bot.actions.own import load_actions
from bot.actions.remote import HttpRunner
from bot.actions.runner import LocalRunner, RunnerChain
from bot.model.actions import ActionCall
from bot.model.errors import ConfigError


class Greets(Action):
    def name(self) -> str:
        return "action_greets"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any) -> list[EventType]:
        tracker.slots["spoiled"] = True
        dispatcher.utter_message(response="utter_hello", name=tracker.get_slot("customer_name"))
        return [SlotSet("greeted", True), FollowupAction("action_listen"), ConversationPaused()]


class Blocks(Action):
    def __init__(self, gate: threading.Event) -> None:
        self.gate = gate

    def name(self) -> str:
        return "action_blocks"

    def run(self, dispatcher: Any, tracker: Tracker, domain: Any) -> list[EventType]:  # pyright: ignore[reportIncompatibleMethodOverride]
        assert threading.current_thread().name.startswith("action")
        assert self.gate.wait(10)
        return [SlotSet("blocked", tracker.get_slot("customer_name"))]


class Breaks(Action):
    balie_durable = True

    def __init__(self, error: Exception) -> None:
        self.error = error

    def name(self) -> str:
        return "action_breaks"

    async def run(self, dispatcher: Any, tracker: Tracker, domain: Any) -> list[EventType]:
        raise self.error


class Hangs(Action):
    def name(self) -> str:
        return "action_hangs"

    async def run(self, dispatcher: Any, tracker: Tracker, domain: Any) -> list[EventType]:
        await asyncio.Event().wait()
        return []


def call(name: str, **slots: Any) -> ActionCall:
    tracker = {
        "sender_id": "c1",
        "slots": {"customer_name": "An", **slots},
        "latest_message": {},
        "events": [],
    }
    return ActionCall(name, "c1:1:1", tracker)


async def test_an_async_action_runs_on_a_copy(caplog: pytest.LogCaptureFixture) -> None:
    runner = LocalRunner([Greets()])
    asked = call("action_greets")
    result = await runner.run(asked)
    assert result.ok
    assert result.key == "c1:1:1"
    assert result.slots == {"greeted": True}
    assert result.followup == "action_listen"
    assert result.responses == ({"template": "utter_hello", "response": "utter_hello", "name": "An"},)
    assert "spoiled" not in asked.tracker["slots"]
    assert "not supported" in caplog.text
    assert "pause" in str(caplog.records[-1].__dict__)
    await runner.close()


async def test_a_blocking_action_runs_in_a_thread_and_waits_for_one() -> None:
    gate = threading.Event()
    runner = LocalRunner([Blocks(gate)], threads=1)
    both = [
        asyncio.create_task(runner.run(call("action_blocks", customer_name=name))) for name in ("An", "Bo")
    ]
    await asyncio.sleep(0)
    gate.set()
    results = await asyncio.gather(*both)
    assert [result.slots for result in results] == [{"blocked": "An"}, {"blocked": "Bo"}]
    await runner.close()


async def test_a_thread_that_hangs_is_left_alone_and_does_not_spoil_the_loop() -> None:
    gate = threading.Event()
    runner = LocalRunner([Blocks(gate)], threads=1, timeout=0.05)
    for _ in range(2):  # the second waits in vain for the only thread
        result = await runner.run(call("action_blocks"))
        assert not result.ok
        assert "longer than 0.05 s" in result.error
    gate.set()
    await runner.close()


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (ValueError("no"), "ValueError: no"),
        (ActionExecutionRejection("action_breaks", "not now"), "rejected the call: not now"),
        (TimeoutError("its own"), "TimeoutError: its own"),
    ],
)
async def test_a_broken_action_is_a_result(error: Exception, said: str) -> None:
    runner = LocalRunner([Breaks(error)])
    result = await runner.run(call("action_breaks"))
    assert not result.ok
    assert said in result.error
    assert runner.durable("action_breaks")
    assert runner.names() == {"action_breaks"}
    await runner.close()


async def test_hanging_and_unknown_actions_are_results() -> None:
    runner = LocalRunner([Hangs()], timeout=0.02)
    assert "longer than" in (await runner.run(call("action_hangs"))).error
    assert "no action 'action_none'" in (await runner.run(call("action_none"))).error
    assert not runner.durable("action_none")
    await runner.close()


async def test_cancelling_is_not_swallowed() -> None:
    runner = LocalRunner([Hangs()])
    task = asyncio.create_task(runner.run(call("action_hangs")))
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await runner.close()


# The real action server


@pytest.fixture
async def sdk_server() -> AsyncIterator[str]:
    from rasa_sdk.endpoint import create_app
    from sanic import Sanic

    Sanic.test_mode = True
    executor = ActionExecutor()
    for action in (Greets(), Breaks(ValueError("deep down")), Rejects()):
        executor.register_action(action)
    app = create_app(executor)
    server = await app.create_server(host="127.0.0.1", port=0, return_asyncio_server=True, access_log=False)
    assert server is not None
    await server.startup()
    await server.before_start()
    await server.after_start()
    assert server.server is not None
    port = server.server.sockets[0].getsockname()[1]
    yield f"http://127.0.0.1:{port}/webhook"
    await server.before_stop()
    server.close()
    await server.after_stop()
    Sanic._app_registry.clear()  # pyright: ignore[reportPrivateUsage]


class Rejects(Action):
    def name(self) -> str:
        return "action_rejects"

    async def run(self, dispatcher: Any, tracker: Tracker, domain: Any) -> list[EventType]:
        raise ActionExecutionRejection("action_rejects", "not for me")


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


async def no_pause(seconds: float) -> None:
    """Backing off, without waiting."""


@pytest.mark.parametrize("compress", [False, True])
async def test_over_http_it_is_the_same(
    sdk_server: str, session: aiohttp.ClientSession, compress: bool
) -> None:
    domain = {"slots": {"greeted": {"type": "bool"}}, "actions": ["action_greets"]}
    runner = HttpRunner(sdk_server, session, domain=lambda: domain, pause=no_pause, compress=compress)
    result = await runner.run(call("action_greets"))  # the server first asks for the domain (449)
    assert result.ok, result.error
    assert result.slots == {"greeted": True}
    assert result.followup == "action_listen"
    assert result.responses[0]["response"] == "utter_hello"
    assert result.responses[0]["name"] == "An"
    assert (await runner.run(call("action_greets"))).ok


async def test_over_http_faults_are_results(sdk_server: str, session: aiohttp.ClientSession) -> None:
    runner = HttpRunner(sdk_server, session, domain=lambda: {"actions": []}, pause=no_pause)
    assert "rejected the call: not for me" in (await runner.run(call("action_rejects"))).error
    assert "does not know 'action_none'" in (await runner.run(call("action_none"))).error
    assert "500: deep down" in (await runner.run(call("action_breaks"))).error


async def test_one_retry_after_a_5xx_and_none_after_a_timeout(session: aiohttp.ClientSession) -> None:
    answers = [503, 200, 500, 500]
    hang = asyncio.Event()

    async def webhook(request: web.Request) -> web.Response:
        asked.append((await request.json())["next_action"])
        if asked[-1] == "action_slow":
            await hang.wait()
        return web.json_response({"events": [], "responses": []}, status=answers.pop(0))

    asked: list[str] = []
    app = web.Application()
    app.router.add_post("/webhook", webhook)
    async with TestServer(app) as server:
        runner = HttpRunner(str(server.make_url("/webhook")), session, pause=no_pause, timeout=0.2)
        assert (await runner.run(call("action_one"))).ok
        assert "answered 500" in (await runner.run(call("action_two"))).error
        assert "did not answer within" in (await runner.run(call("action_slow"))).error
        hang.set()
    assert asked == ["action_one"] * 2 + ["action_two"] * 2 + ["action_slow"]


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"[" * 10, "cannot be read"),
        (b"x" * 1_100_000, "longer than"),
        (b"[]", ""),
        (b'{"events": 3}', "cannot be read"),
    ],
)
async def test_garbage_from_the_server_is_a_result(
    session: aiohttp.ClientSession, body: bytes, said: str
) -> None:
    async def webhook(_: web.Request) -> web.Response:
        return web.Response(body=body)

    app = web.Application()
    app.router.add_post("/webhook", webhook)
    async with TestServer(app) as server:
        result = await HttpRunner(str(server.make_url("/webhook")), session, pause=no_pause).run(
            call("action_one")
        )
    assert said in result.error


async def test_nobody_there_is_a_result(session: aiohttp.ClientSession, unused_tcp_port: int) -> None:
    pauses: list[float] = []

    async def pause(seconds: float) -> None:
        pauses.append(seconds)

    runner = HttpRunner(f"http://127.0.0.1:{unused_tcp_port}/webhook", session, pause=pause)
    result = await runner.run(call("action_one"))
    assert not result.ok
    assert "Connect" in result.error
    assert pauses == [0.5]


async def test_runners_chain(session: aiohttp.ClientSession) -> None:
    local = LocalRunner([Greets()])
    remote = HttpRunner(
        "http://127.0.0.1:9/webhook", session, names=lambda: {"action_far"}, inline={"action_quick"}
    )
    chain = RunnerChain(local, remote)
    assert chain.names() == {"action_greets", "action_far"}
    assert (chain.durable("action_greets"), chain.durable("action_far"), chain.durable("action_quick")) == (
        False,
        True,
        False,
    )
    assert (await chain.run(call("action_greets"))).ok
    await local.close()


@pytest.fixture
def package() -> Iterator[str]:
    module = types.ModuleType("helpdesk_actions_for_test")

    class Own(Action):
        def name(self) -> str:
            return "action_own"

    class Abstract(Action):
        """It has no name and is left aside."""

    for found in (Own, Abstract):
        found.__module__ = module.__name__
        setattr(module, found.__name__, found)
    sys.modules[module.__name__] = module
    yield module.__name__
    del sys.modules[module.__name__]


def test_a_helpdesks_own_actions_are_found(package: str) -> None:
    assert [action.name() for action in load_actions(package)] == ["action_own"]


def test_a_package_that_cannot_be_imported_is_named() -> None:
    with pytest.raises(ConfigError, match="no_such_package_here"):
        load_actions("no_such_package_here")
