"""Servers on this machine for routine tests to look at, and the tests themselves."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from bot.checks.config import ChecksForm
from bot.checks.run import Checks
from bot.model.ticket import CheckResult

FIXTURES = Path(__file__).parent / "fixtures"
CERTIFICATE, KEY = FIXTURES / "localhost.crt", FIXTURES / "localhost.key"
WORDS = {"ok": {"nl": "{label}: in orde"}, "failed": {"nl": "{label}: niet"}}
DATA = Path(__file__).parent.parent / "data"
AT = 1_800_000_000.0  # in January 2027
CERTIFICATE_END = 4_949_000_000.0  # some weeks before the end of localhost.crt

Handler = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


class Names:
    """A name server with fixed answers; it counts what it is asked."""

    def __init__(self, *answers: Sequence[str]) -> None:
        self.answers = list(answers)
        self.asked = 0

    async def __call__(self, host: str) -> Sequence[str]:
        self.asked += 1
        if not self.answers:
            raise OSError("no such host")
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]


def one(kind: str, resolver: Any = None, *, timeout: float = 2.0, clock: float = AT, **target: Any) -> Checks:
    """Checks with one check named `it`."""
    form = ChecksForm.model_validate(
        {
            "targets": {"it": {"internal": True, **target}},
            "checks": {"it": {"kind": kind, "target": "it", "label": {"nl": "het"}, "timeout": timeout}},
            "intents": {"internet_down": ["it"]},
            "words": WORDS,
        }
    )
    trust = ssl.create_default_context(cafile=str(CERTIFICATE))
    options = {"resolver": resolver} if resolver else {}
    return Checks(form, trust=trust, clock=lambda: clock, **options)


async def result(kind: str, resolver: Any = None, **options: Any) -> CheckResult:
    return await one(kind, resolver, **options).check("it")


@asynccontextmanager
async def listening(handler: Handler, *, tls: bool = False) -> AsyncIterator[int]:
    context = None
    if tls:
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(CERTIFICATE, KEY)
    done: list[asyncio.Task[Any]] = []

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        done.append(task)
        try:
            await handler(reader, writer)
        except (OSError, asyncio.CancelledError):
            pass
        finally:
            writer.close()

    server = await asyncio.start_server(handle, "127.0.0.1", 0, ssl=context)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
        for task in done:
            task.cancel()
        await asyncio.gather(*done, return_exceptions=True)


def says(line: bytes) -> Handler:
    async def handler(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(line)
        await writer.drain()
        await reader.read(100)

    return handler


async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.read()
