"""`make bench-voice`: how many calls a core carries. A server of its own with ears that hear nothing and a voice that
goes on talking; peers in another process send 20 ms of sound 50 times a second and read what comes.

Printed for each number of calls: CPU-seconds of the server for a second of a call, how often a call's next sound
was not there in time (an underrun), and the share of the sound that arrived. The machine's load is printed.
"""

from __future__ import annotations

import argparse
import asyncio
import base64
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

import aiohttp
import orjson
from aiohttp import web

from bot.bus.local import LocalBus
from bot.speech.audio import RATE, to_ulaw
from channels.phone.passes import Pass, Passes
from channels.phone.session import Counter, Engines
from channels.phone.stream import PATH, Streams
from channels.phone.switchboard import Switchboard
from tests.bench.server import cpu_seconds
from tests.fixtures_phone import Calls, Lines
from tests.fixtures_web import Record, bare
from tests.scripted_speech import ScriptedEars, ToneVoice, tone

SECRET = "bench"
MOST = 1_000
"""Calls."""
A_WORD = 4.0
"""Seconds of a word: the greeting lasts longer than the measurement."""


def main() -> None:
    """Measure and print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--calls", type=int, nargs="*", default=[50, 100, 200, 300, 400])
    parser.add_argument("--seconds", type=float, default=10.0)
    parser.add_argument("--serve", type=int, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.serve:
        web.run_app(server(), host="127.0.0.1", port=given.serve, print=None)
        return
    print(f"{'calls':>6} {'CPU-s of a second':>18} {'CPU-ms of a call':>17} {'underruns':>10} {'arrived':>8}")
    for calls in given.calls:
        with _serving() as (port, pid):
            print(asyncio.run(_measure(calls, given.seconds, port, pid)), flush=True)
    print("load average", " ".join(f"{load:.1f}" for load in os.getloadavg()))


def server() -> web.Application:
    """Streams over a record in memory, and `/underruns`."""
    record = Record(LocalBus())
    counter = Counter(record, record, Calls(record), record.bus)
    engines = Engines(ScriptedEars([]), ToneVoice(A_WORD))
    switchboard = Switchboard(counter, Lines(), lambda: engines, most=MOST)
    streams = Streams(Passes(record.bus, SECRET), counter, switchboard, lambda _: None)

    async def begin(app: web.Application) -> None:
        await switchboard.start()
        for number in range(MOST):
            await record.add(f"CA{number}", "bot", {}, "Een hele lange begroeting van zoveel woorden.")

    async def underruns(_: web.Request) -> web.Response:
        return web.json_response(switchboard.underruns)

    app = bare()
    app.add_routes([*streams.routes(), web.get("/underruns", underruns)])
    app.on_startup.append(begin)
    return app


@contextmanager
def _serving() -> Iterator[tuple[int, int]]:
    """A server in a process of its own: its port and its process."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    process = subprocess.Popen([sys.executable, "-m", "tests.bench.voice", "--serve", str(port)])
    try:
        yield port, process.pid
    finally:
        process.terminate()
        process.wait(10)


async def _measure(calls: int, seconds: float, port: int, pid: int) -> str:
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as client:
        await _ready(client, port)
        begin = asyncio.Event()
        peers = [asyncio.create_task(_peer(client, port, number, begin, seconds)) for number in range(calls)]
        await asyncio.sleep(1 + calls / 100)  # all are connected, and the first sound is on its way
        cpu, clock = cpu_seconds(pid), time.perf_counter()
        begin.set()
        got = sum(await asyncio.gather(*peers))
        spent, passed = cpu_seconds(pid) - cpu, time.perf_counter() - clock
        async with client.get(f"http://127.0.0.1:{port}/underruns") as answer:
            underruns = await answer.json()
    share, of_call = got / (calls * passed * RATE), 1000 * spent / passed / calls
    return f"{calls:>6} {spent / passed:>18.2f} {of_call:>17.2f} {underruns:>10} {share:>8.1%}"


async def _ready(client: aiohttp.ClientSession, port: int) -> None:
    for _ in range(200):
        try:
            async with client.get(f"http://127.0.0.1:{port}/underruns"):
                return
        except aiohttp.ClientConnectionError:
            await asyncio.sleep(0.05)
    raise RuntimeError("the server does not start")


async def _peer(
    client: aiohttp.ClientSession, port: int, number: int, begin: asyncio.Event, seconds: float
) -> int:
    """Speak at the pace of speech from `begin` on; the bytes of sound that came meanwhile."""
    call, stream = f"CA{number}", f"MZ{number}"
    path = Passes(LocalBus(), SECRET).make(Pass(call, "nl"))
    got = 0
    async with client.ws_connect(f"http://127.0.0.1:{port}{PATH}/{path}") as ws:
        start = {"event": "start", "streamSid": stream, "start": {"streamSid": stream, "callSid": call}}
        await ws.send_str(orjson.dumps(start).decode())
        payload = base64.b64encode(to_ulaw(tone(0.02, size=100))).decode()
        frame = orjson.dumps({"event": "media", "streamSid": stream, "media": {"payload": payload}}).decode()

        async def read() -> None:
            nonlocal got
            async for message in ws:
                fields = orjson.loads(message.data)
                if fields["event"] == "media" and begin.is_set():
                    got += len(fields["media"]["payload"]) * 3 // 4
                elif fields["event"] == "mark":
                    await ws.send_str(message.data)

        reading = asyncio.create_task(read())
        await begin.wait()
        due = time.perf_counter() + number % 20 / 1000
        for _ in range(round(seconds / 0.02)):
            due += 0.02
            await asyncio.sleep(max(0.0, due - time.perf_counter()))
            await ws.send_str(frame)
        reading.cancel()
    return got


if __name__ == "__main__":
    main()
