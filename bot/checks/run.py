"""The routine tests themselves: one function per kind, behind one table, each with a time-out.

A test never raises: what goes wrong is its finding. What a server says is cut and cleaned, because it ends
on a ticket. Which tests run for which problem stands in `policy/checks.yml`.
"""

from __future__ import annotations

import asyncio
import errno
import socket
import ssl
import time
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult

from bot.checks.address import Refused, Resolver, pin, resolve
from bot.checks.config import CheckForm, ChecksForm, TargetForm
from bot.checks.outages import OutageList
from bot.model.ticket import CheckResult

MAX_BANNER = 512
MAX_FOUND = 160
_DAY = 86_400


@dataclass(frozen=True, slots=True)
class Finding:
    """What a test expected and what came out."""

    ok: bool
    expected: str
    found: str


@dataclass(frozen=True, slots=True)
class Probe:
    """One test about to run: the check, its target, and how the world is reached."""

    check: CheckForm
    target: TargetForm
    intent: str | None
    resolver: Resolver
    trust: ssl.SSLContext
    clock: Callable[[], float]
    outages: OutageList | None

    async def pinned(self) -> tuple[str, int]:
        """The one address that this test connects to, and the port."""
        host, port = self.target.where
        address, _ = await pin(host, internal=self.target.internal, resolver=self.resolver)
        return address, port

    async def connect(self, *, tls: bool) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        """A connection to the pinned address; the certificate is that of the target's name."""
        address, port = await self.pinned()
        if not tls:
            return await asyncio.open_connection(address, port, limit=MAX_BANNER * 8)
        return await asyncio.open_connection(
            address, port, ssl=self.trust, server_hostname=self.target.where[0], limit=MAX_BANNER * 8
        )


async def check_name_resolution(probe: Probe) -> Finding:
    """Whether the target's name has an address."""
    host, _ = probe.target.where
    _, addresses = await pin(host, internal=probe.target.internal, resolver=probe.resolver)
    return Finding(True, "an address", ", ".join(addresses[:3]))


async def check_reachability(probe: Probe) -> Finding:
    """Whether the target's port takes a connection."""
    _, writer = await probe.connect(tls=False)
    await _close(writer)
    return Finding(True, f"port {probe.target.where[1]} open", "open")


async def check_http(probe: Probe) -> Finding:
    """Whether the target answers, with anything but an error; redirects are an answer and not followed."""
    expected = "HTTP 200-399"
    address, _ = await probe.pinned()
    connector = aiohttp.TCPConnector(resolver=_Pinned(address), ssl=probe.trust, force_close=True)
    async with (
        aiohttp.ClientSession(
            connector=connector, trust_env=False, cookie_jar=aiohttp.DummyCookieJar()
        ) as session,
        session.get(probe.target.url, allow_redirects=False, headers={"User-Agent": "Balie"}) as response,
    ):
        status = response.status
        return Finding(
            200 <= status < 400, expected, f"HTTP {status} {_clean(response.reason or '')}".strip()
        )


async def check_tls(probe: Probe) -> Finding:
    """Whether the target's certificate is trusted, and for how many more days."""
    expected = f"a trusted certificate for {probe.check.days} days or more"
    _, writer = await probe.connect(tls=True)
    certificate: dict[str, Any] = writer.get_extra_info("peercert") or {}
    await _close(writer)
    ends = ssl.cert_time_to_seconds(certificate["notAfter"])
    days = int((ends - probe.clock()) // _DAY)
    until = datetime.fromtimestamp(ends, UTC).date().isoformat()
    return Finding(days >= probe.check.days, expected, f"valid until {until}, {days} days")


async def check_smtp(probe: Probe) -> Finding:
    """Whether a mail server greets on the target's port."""
    return await _greeting(probe, ("220",), b"QUIT\r\n", "an SMTP greeting (220)")


async def check_imap(probe: Probe) -> Finding:
    """Whether a mailbox server greets on the target's port."""
    return await _greeting(probe, ("* OK", "* PREAUTH"), b"a LOGOUT\r\n", "an IMAP greeting (* OK)")


async def check_outages(probe: Probe) -> Finding:
    """Whether an outage is known for this problem."""
    known = probe.outages.active(probe.intent) if probe.outages else []
    found = ", ".join(outage.id for outage in known)
    return Finding(not known, "no known outage", found or "none")


KINDS: dict[str, Callable[[Probe], Awaitable[Finding]]] = {
    "name_resolution": check_name_resolution,
    "reachability": check_reachability,
    "http": check_http,
    "tls": check_tls,
    "smtp": check_smtp,
    "imap": check_imap,
    "outages": check_outages,
}
"""Every kind of test by its name in checks.yml."""

_EXPECTED = {
    "name_resolution": "an address",
    "reachability": "the port open",
    "http": "HTTP 200-399",
    "tls": "a trusted certificate",
    "smtp": "an SMTP greeting (220)",
    "imap": "an IMAP greeting (* OK)",
    "outages": "no known outage",
}


class Checks:
    """Runs the pack's tests. The resolver, trust store and clocks may be given, for tests of the tests."""

    def __init__(
        self,
        policy: ChecksForm,
        outages: OutageList | None = None,
        *,
        resolver: Resolver = resolve,
        trust: ssl.SSLContext | None = None,
        clock: Callable[[], float] = time.time,
        stopwatch: Callable[[], float] = time.perf_counter,
    ) -> None:
        self.policy = policy
        self.outages = outages
        self._resolver = resolver
        self._trust = trust
        self._clock = clock
        self._stopwatch = stopwatch

    async def for_intent(self, intent: str) -> list[CheckResult]:
        """All tests of a problem, at the same time, in the pack's order."""
        return await self.run(self.policy.for_intent(intent), intent)

    async def run(self, names: Sequence[str], intent: str | None = None) -> list[CheckResult]:
        """These tests at the same time; a name that the pack does not have is a failed test."""
        return list(await asyncio.gather(*(self.check(name, intent) for name in names)))

    async def check(self, name: str, intent: str | None = None) -> CheckResult:
        """One test; never raises."""
        form = self.policy.checks.get(name)
        if form is None:
            return CheckResult(name, "", False, "", f"there is no check '{name}'")
        target = self.policy.targets.get(form.target)
        shown = "" if target is None else target.url or ":".join(map(str, target.where))
        begin = self._stopwatch()
        try:
            async with asyncio.timeout(form.timeout):
                finding = await KINDS[form.kind](self._probe(form, target, intent))
        except TimeoutError:
            finding = Finding(False, _EXPECTED[form.kind], f"no answer within {form.timeout:g} s")
        except Exception as error:  # a test of broken things meets every kind of error, and each is a finding
            finding = Finding(False, _EXPECTED[form.kind], _clean(_told(error)))
        ms = round((self._stopwatch() - begin) * 1000)
        return CheckResult(name, shown, finding.ok, finding.expected, finding.found, ms)

    def _probe(self, form: CheckForm, target: TargetForm | None, intent: str | None) -> Probe:
        if self._trust is None:
            self._trust = ssl.create_default_context()
        nothing = target or TargetForm(host="localhost")
        return Probe(form, nothing, intent, self._resolver, self._trust, self._clock, self.outages)


class _Pinned(AbstractResolver):
    """Tells aiohttp the one address that was checked."""

    def __init__(self, address: str) -> None:
        self._address = address

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        kind = socket.AF_INET6 if ":" in self._address else socket.AF_INET
        return [
            ResolveResult(
                hostname=host,
                host=self._address,
                port=port,
                family=kind,
                proto=0,
                flags=socket.AI_NUMERICHOST,
            )
        ]

    async def close(self) -> None:
        """Nothing to let go of."""


async def _greeting(probe: Probe, good: tuple[str, ...], goodbye: bytes, expected: str) -> Finding:
    reader, writer = await probe.connect(tls=probe.target.tls)
    try:
        try:
            line = await reader.readuntil(b"\n")
        except asyncio.IncompleteReadError as error:
            line = error.partial
        except asyncio.LimitOverrunError:
            return Finding(False, expected, "a line that does not end")
        text = _clean(line[:MAX_BANNER].decode("utf-8", "replace"))
        with suppress(OSError):
            writer.write(goodbye)
            await writer.drain()
    finally:
        await _close(writer)
    return Finding(text.upper().startswith(good), expected, text or "no greeting")


async def _close(writer: asyncio.StreamWriter) -> None:
    writer.close()
    with suppress(OSError, ssl.SSLError, TimeoutError):
        async with asyncio.timeout(1):
            await writer.wait_closed()


def _clean(text: str) -> str:
    """What a stranger said, as one short line of visible letters."""
    return " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())[:MAX_FOUND]


def _told(error: Exception) -> str:
    """An error in words that an agent can use."""
    cause = error.__cause__ if isinstance(error, aiohttp.ClientConnectorError) and error.__cause__ else error
    match cause:
        case Refused():
            return f"refused: {cause}"
        case ssl.SSLCertVerificationError():
            return f"the certificate is not trusted: {cause.verify_message}"
        case ssl.SSLError():
            return f"no secure connection: {cause.reason or cause}"
        case socket.gaierror():
            return "the name has no address"
        case ConnectionRefusedError():
            return "the connection was refused"
        case OSError() if cause.errno in (errno.ENETUNREACH, errno.EHOSTUNREACH):
            return "there is no way to the address"
        case _:
            return f"{type(cause).__name__}: {cause}"
