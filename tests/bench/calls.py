"""`make bench-calls`: whole calls beside chats, on a server of its own, in Dutch.

First the chat alone and with ten calls on, whose ears cost nothing: p50 and p99 of its answers. Then how long a
caller waits: from the last sound of what they said to the first of the answer, with the silence that ends a turn in
it (`bot.voice.endpointing`), understood, decided, stored and spoken, with the real Vosk where it is installed (`make
speech`). A wait shorter than that silence: the turn was taken for over too early, for want of a new word. Every
answer is a real one of the pack. The machine's load is printed.
"""

from __future__ import annotations

import argparse
import asyncio
import base64
import os
import statistics
import tempfile
import time
import xml.etree.ElementTree as ET
from collections import deque
from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path

import aiohttp
import numpy as np
import orjson

from bot.app.content import DEFAULT_DATA
from bot.speech.audio import SAMPLE, framed, silence, to_ulaw
from tests.bench.call_server import SCRIPT
from tests.bench.full_path import at_rate, percentile
from tests.bench.server import Server, serving
from tests.bench.traffic import Traffic
from tests.scripted_speech import LOUD, tone
from tests.speech_models import korean_model, said
from tests.twilio_caller import HELPDESK, TOKEN, Caller

API_TOKEN = "bench"
PUBLIC = "https://balie.example.org"
FRAME = 0.02
"""Seconds."""
QUIET = 1.0
"""Seconds without sound after which the bot has said what it had to say."""
KOREAN = ("네", "아니요", "네", "감사합니다")


def main() -> None:
    """Measure and print tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--calls", type=int, default=10, help="beside the chat")
    parser.add_argument("--waits", type=int, nargs="*", default=[1, 2], help="calls at once that Vosk hears")
    parser.add_argument("--turns", type=int, default=len(SCRIPT), help="of each call")
    parser.add_argument("--rate", type=float, default=10.0, help="chat messages a second")
    parser.add_argument("--seconds", type=float, default=40.0, help="of chatting")
    parser.add_argument("--only", choices=("chat", "waits"))
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as fresh:
        var = Path(os.environ.get("BALIE_BENCH_VAR", fresh))
        if given.only != "waits":
            _chats(var, given)
        if given.only != "chat":
            _answers(var, given)
    print("load average", " ".join(f"{load:.1f}" for load in os.getloadavg()))


def _chats(var: Path, given: argparse.Namespace) -> None:
    beeps = [tone(0.25 * len(line.split())) for line in SCRIPT]
    with _server(var, given.calls, "stub") as server:
        asyncio.run(_chat(server, beeps, given))


def _answers(var: Path, given: argparse.Namespace) -> None:
    if korean_model() is None:
        print("how long a caller waits is not measured: Vosk is not installed (make speech)")
        return
    print(
        f"{'calls':<5} {'turns':>5} {'what is said':<12} {'p50':>6} {'p95':>6}  ms to the first sound, Vosk"
    )
    spoken = [asyncio.run(_korean(line)) for line in SCRIPT]
    with _server(var, max(given.waits), "vosk") as server:
        for calls in given.waits:
            asyncio.run(_waits(server, spoken, calls, given.turns))


def _server(var: Path, calls: int, ears: str) -> AbstractContextManager[Server]:
    return serving(
        var,
        "tests.bench.call_server",
        BENCH_EARS=ears,
        BALIE_API_TOKEN=API_TOKEN,
        BALIE_PUBLIC_URL=PUBLIC,
        BALIE_PHONE__AUTH_TOKEN=TOKEN,
        BALIE_PHONE__NUMBERS=f'{{"{HELPDESK}": "nl"}}',
        BALIE_PHONE__CALLS=str(3 * calls),
    )


def _client() -> aiohttp.ClientSession:
    return aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(limit=0), headers={"Authorization": f"Bearer {API_TOKEN}"}
    )


async def _korean(line: str) -> bytes:
    """As many words as the line has, without the silence around them."""
    words = (KOREAN * 3)[: len(line.split())]
    pcm = np.frombuffer(await said(" ".join(words)), SAMPLE)
    loud = np.flatnonzero(np.abs(pcm) > LOUD)
    return pcm[loud[0] : loud[-1]].tobytes()


# ── the chat ──────────────────────────────────────────────────────────────────────────────────────────────


async def _chat(server: Server, lines: Sequence[bytes], given: argparse.Namespace) -> None:
    traffic = Traffic(DEFAULT_DATA, seed=1)
    print(f"{'chat':<22} {'messages':>8} {'p50':>6} {'p99':>6}  ms, {given.rate:g} messages a second")
    async with _client() as client:

        async def chat(name: str, seconds: float) -> None:
            _, delays = await at_rate(
                server, client, traffic, rate=given.rate, seconds=seconds, conversations=100, length=12
            )
            p50, p99 = statistics.median(delays), percentile(delays, 0.99)
            if name:
                print(f"{name:<22} {len(delays):>8} {1000 * p50:>6.1f} {1000 * p99:>6.1f}", flush=True)

        await chat("", 10.0)  # warm up
        await chat("without calls", given.seconds)
        calls = [Peer(server.url, f"chat{number}", lines) for number in range(given.calls)]
        having = [asyncio.create_task(each.goes_on(client, 1_000)) for each in calls]
        await asyncio.sleep(2)
        await chat(f"with {given.calls} calls", given.seconds)
        turns = sum(len(each.waits) for each in calls)
        print(f"  in which {turns} turns were answered")
        for each in having:
            each.cancel()
        await asyncio.gather(*having, return_exceptions=True)


# ── calls ─────────────────────────────────────────────────────────────────────────────────────────────────


async def _waits(server: Server, lines: Sequence[bytes], calls: int, turns: int) -> None:
    async with _client() as client:
        peers = [Peer(server.url, f"wait{calls}x{number}", lines) for number in range(calls)]
        await asyncio.gather(*(each.goes_on(client, turns) for each in peers))
    waits = [wait for each in peers for wait in each.waits]
    for name, long in (("a sentence", True), ("one word", False)):
        of_kind = sorted(1000 * seconds for line, seconds in waits if (len(SCRIPT[line].split()) > 1) is long)
        if of_kind:
            p50, p95 = statistics.median(of_kind), percentile(of_kind, 0.95)
            print(f"{calls:>5} {len(of_kind):>5} {name:<12} {p50:>6.0f} {p95:>6.0f}", flush=True)


@dataclass
class Peer:
    """A caller through Twilio: sends sound at the pace of speech, says a line whenever the bot is silent, and
    remembers how long each answer took: the line's number, seconds."""

    base: str
    name: str
    lines: Sequence[bytes]
    waits: list[tuple[int, float]] = field(default_factory=list[tuple[int, float]])
    _last: float = field(default_factory=time.perf_counter)
    _heard: asyncio.Event = field(default_factory=asyncio.Event)
    _frames: deque[bytes] = field(default_factory=deque[bytes])
    _said: asyncio.Event = field(default_factory=asyncio.Event)

    async def goes_on(self, client: aiohttp.ClientSession, turns: int) -> None:
        """Call, and say so many lines."""
        caller, url = await self._put_through()
        async with client.ws_connect(url) as ws:
            sid = f"MZ{self.name}"
            start = {"event": "start", "streamSid": sid, "start": {"streamSid": sid, "callSid": caller.call}}
            await ws.send_str(orjson.dumps(start).decode())
            beside = [asyncio.create_task(self._hears(ws)), asyncio.create_task(self._sounds(ws, sid))]
            try:
                await self._talks(turns, beside[0])
            finally:
                for each in beside:
                    each.cancel()

    async def _put_through(self) -> tuple[Caller, str]:
        """The call and its stream; while the ears are being loaded there is none yet."""
        for attempt in range(60):
            number = f"+324701{abs(hash((self.name, attempt))) % 100_000:05}"
            caller = Caller(self.base, PUBLIC, f"CA{self.name}-{attempt}", number)
            status, body = await asyncio.to_thread(caller.post, "webhook", {"CallStatus": "ringing"})
            if status != 200:
                raise RuntimeError(f"the call is refused: {status} {body}")
            if (stream := next(ET.fromstring(body).iter("Stream"), None)) is not None:
                return caller, self.base + stream.attrib["url"].removeprefix(PUBLIC.replace("https", "wss"))
            await asyncio.sleep(1)
        raise RuntimeError("the call is not put through to a stream: no ears within a minute")

    async def _talks(self, turns: int, hearing: asyncio.Task[None]) -> None:
        await self._heard.wait()
        for turn in range(turns):
            await self._quiet()
            if hearing.done():
                return  # the bot has hung up
            line = min(turn, len(self.lines) - 1)
            self._said.clear()
            self._frames.extend(to_ulaw(frame) for frame in framed([self.lines[line]]))
            await self._said.wait()
            over = time.perf_counter()
            self._heard.clear()
            try:
                async with asyncio.timeout(20):
                    await self._heard.wait()
            except TimeoutError:
                continue  # it was not heard, or it was the end
            self.waits.append((line, self._last - over))

    async def _quiet(self) -> None:
        """Until the bot has said what it had to say."""
        while True:
            left = QUIET - (time.perf_counter() - self._last)
            if left <= 0:
                return
            await asyncio.sleep(left)

    async def _hears(self, ws: aiohttp.ClientWebSocketResponse) -> None:
        async for message in ws:
            fields = orjson.loads(message.data)
            if fields["event"] == "media":
                self._last = time.perf_counter()
                self._heard.set()
            elif fields["event"] == "mark":
                await ws.send_str(message.data)

    async def _sounds(self, ws: aiohttp.ClientWebSocketResponse, sid: str) -> None:
        nothing = to_ulaw(silence(FRAME))
        due = time.perf_counter()
        while not ws.closed:
            sound = self._frames.popleft() if self._frames else nothing
            payload = base64.b64encode(sound).decode()
            await ws.send_str(
                orjson.dumps({"event": "media", "streamSid": sid, "media": {"payload": payload}}).decode()
            )
            if not self._frames:
                self._said.set()
            due += FRAME
            await asyncio.sleep(max(0.0, due - time.perf_counter()))


if __name__ == "__main__":
    main()
