"""Routine tests against local servers, and every way to abuse them."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from hypothesis import given
from hypothesis import strategies as st

from bot.checks.address import Refused, allowed, pin
from bot.checks.config import ChecksForm, is_host, load_checks
from bot.checks.outages import OutageList, load_outages
from bot.checks.run import Checks
from bot.model.errors import ContentError
from bot.model.ticket import CheckResult

FIXTURES = Path(__file__).parent.parent / "fixtures"
CERTIFICATE, KEY = FIXTURES / "localhost.crt", FIXTURES / "localhost.key"
WORDS = {"ok": {"nl": "{label}: in orde"}, "failed": {"nl": "{label}: niet"}}
DATA = Path(__file__).parent.parent.parent / "data"
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


# What each kind finds


async def test_a_name_is_resolved() -> None:
    found = await result(
        "name_resolution",
        Names(["93.184.216.34", "2606:2800:220:1::1"]),
        host="www.example.org",
        internal=False,
    )
    assert (found.ok, found.found) == (True, "93.184.216.34, 2606:2800:220:1::1")
    assert found.target == "www.example.org:443"
    missing = await result("name_resolution", Names(), host="nowhere.example.org")
    assert not missing.ok


async def test_a_port_is_reached_or_not(unused_tcp_port: int) -> None:
    async with listening(silent) as port:
        found = await result("reachability", host="127.0.0.1", port=port)
        assert (found.ok, found.found) == (True, "open")
    closed = await result("reachability", host="127.0.0.1", port=unused_tcp_port)
    assert (closed.ok, closed.found) == (False, "the connection was refused")


@pytest.mark.parametrize(
    ("status", "ok"), [(200, True), (204, True), (302, True), (404, False), (503, False)]
)
async def test_a_site_answers(status: int, ok: bool) -> None:
    followed: list[str] = []

    async def here(request: web.Request) -> web.Response:
        assert request.host.startswith("checked.test")
        return web.Response(status=status, headers={"Location": "/there"} if status == 302 else {})

    async def there(_: web.Request) -> web.Response:
        followed.append("there")
        return web.Response()

    app = web.Application()
    app.add_routes([web.get("/", here), web.get("/there", there)])
    async with TestServer(app, host="127.0.0.1") as server:
        url = f"http://checked.test:{server.port}/"
        found = await result("http", Names(["127.0.0.1"]), url=url)
    assert found.ok is ok
    assert found.found.startswith(f"HTTP {status}")
    assert followed == []


@pytest.mark.parametrize(
    ("now", "ok"), [(AT, True), (CERTIFICATE_END, False), (CERTIFICATE_END + 9e9, False)]
)
async def test_a_certificate_is_valid_for_so_many_days(now: float, ok: bool) -> None:
    async with listening(silent, tls=True) as port:
        checks = one("tls", Names(["127.0.0.1"]), host="checked.test", port=port, clock=now)
        object.__setattr__(checks.policy.checks["it"], "days", 1_000)
        found = await checks.check("it")
    assert found.ok is ok
    assert "valid until 21" in found.found
    assert "days" in found.found


async def test_a_certificate_of_another_name_and_no_tls_at_all_are_findings() -> None:
    async with listening(silent, tls=True) as port:
        other = await result("tls", Names(["127.0.0.1"]), host="other.test", port=port)
    assert not other.ok
    assert "not trusted" in other.found
    async with listening(says(b"hello\r\n")) as port:
        none = await result("tls", host="127.0.0.1", port=port)
    assert not none.ok


@pytest.mark.parametrize(
    ("kind", "line", "ok", "tls"),
    [
        ("smtp", b"220 mail.example.org ESMTP\r\n", True, False),
        ("smtp", b"220 mail.example.org ESMTP\r\n", True, True),
        ("smtp", b"554 go away\r\n", False, False),
        ("imap", b"* OK ready\r\n", True, False),
        ("imap", b"* preauth hi\r\n", True, False),
        ("imap", b"* BYE full\r\n", False, False),
        ("imap", b"", False, False),
        ("smtp", b"220 cut off", True, False),
    ],
)
async def test_mail_servers_greet(kind: str, line: bytes, ok: bool, tls: bool) -> None:
    async def handler(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(line)
        if line.endswith(b"\n"):
            await says(b"")(reader, writer)

    async with listening(handler, tls=tls) as port:
        found = await result(kind, Names(["127.0.0.1"]), host="checked.test", port=port, tls=tls)
    assert found.ok is ok, found


async def test_what_a_server_says_is_cut_and_cleaned() -> None:
    async with listening(says(b"220 \x1b[31m<script>" + b"x" * 300 + b"\x00\x07\r\n")) as port:
        found = await result("smtp", host="127.0.0.1", port=port)
    assert found.ok
    assert len(found.found) <= 160
    assert found.found.isprintable()
    async with listening(says(b"220 " + b"x" * 100_000)) as port:
        endless = await result("smtp", host="127.0.0.1", port=port)
    assert (endless.ok, endless.found) == (False, "a line that does not end")


@pytest.mark.parametrize("kind", ["smtp", "imap", "tls", "http"])
async def test_a_server_that_says_nothing_is_given_up(kind: str) -> None:
    async with listening(silent) as port:
        target = (
            {"url": f"http://127.0.0.1:{port}/"} if kind == "http" else {"host": "127.0.0.1", "port": port}
        )
        found = await result(kind, timeout=0.05, **target)
    assert not found.ok
    assert found.found == "no answer within 0.05 s"
    assert found.expected


async def test_all_run_at_the_same_time_and_in_order(unused_tcp_port: int) -> None:
    checks = one("reachability", host="127.0.0.1", port=unused_tcp_port)
    results = await checks.run(["it", "unknown", "it"])
    assert [each.name for each in results] == ["it", "unknown", "it"]
    assert not any(each.ok for each in results)
    assert [each.name for each in await checks.for_intent("internet_down")] == ["it"]
    assert await checks.for_intent("; rm -rf /") == []


# Abuse: inner networks


INNER = [
    "127.0.0.1",
    "127.8.8.8",
    "10.0.0.1",
    "172.16.5.4",
    "192.168.1.1",
    "169.254.169.254",
    "0.0.0.0",
    "100.64.0.1",
    "255.255.255.255",
    "224.0.0.1",
    "198.18.0.1",
    "::1",
    "::",
    "fe80::1",
    "fc00::1",
    "ff02::1",
    "::ffff:127.0.0.1",
    "::ffff:169.254.169.254",
    "::ffff:10.0.0.1",
    "64:ff9b::7f00:1",
    "2002:7f00:1::",
    "::127.0.0.1",
]


@pytest.mark.parametrize("address", INNER)
@pytest.mark.parametrize("kind", ["reachability", "http", "tls", "smtp", "name_resolution"])
async def test_inner_addresses_are_refused(kind: str, address: str) -> None:
    literal = f"[{address}]" if ":" in address else address
    by_name = {"url": "http://checked.test/"} if kind == "http" else {"host": "checked.test"}
    by_address = {"url": f"http://{literal}/"} if kind == "http" else {"host": address}
    for resolver, target in ((Names([address]), by_name), (Names(), by_address)):
        found = await result(kind, resolver, internal=False, **target)
        assert not found.ok
        assert found.found.startswith("refused: "), found


async def test_an_inner_address_among_public_ones_refuses_all() -> None:
    with pytest.raises(Refused):
        await pin("checked.test", internal=False, resolver=Names(["93.184.216.34", "10.0.0.1"]))


@pytest.mark.parametrize(
    "address", ["169.254.169.254", "fe80::1", "::ffff:169.254.169.254", "0.0.0.0", "224.0.0.1"]
)
def test_metadata_services_are_refused_even_for_internal_targets(address: str) -> None:
    with pytest.raises(Refused):
        allowed(address, internal=True)


async def test_a_name_is_resolved_once_and_rebinding_changes_nothing() -> None:
    names = Names(["127.0.0.1"], ["10.0.0.1"])

    async def here(_: web.Request) -> web.Response:
        return web.Response()

    app = web.Application()
    app.add_routes([web.get("/", here)])
    async with TestServer(app, host="127.0.0.1") as server:
        found = await result("http", names, url=f"http://checked.test:{server.port}/")
    assert found.ok
    assert names.asked == 1


async def test_a_redirect_to_an_inner_address_is_not_followed() -> None:
    visited: list[str] = []

    async def inner(_: web.Request) -> web.Response:
        visited.append("inner")
        return web.Response()

    async def outer(_: web.Request) -> web.Response:
        raise web.HTTPFound(f"http://127.0.0.1:{victim.port}/")

    app, other = web.Application(), web.Application()
    app.add_routes([web.get("/", outer)])
    other.add_routes([web.get("/", inner)])
    async with TestServer(other, host="127.0.0.1") as victim, TestServer(app, host="127.0.0.1") as server:
        found = await result("http", Names(["127.0.0.1"]), url=f"http://checked.test:{server.port}/")
    assert found.found.startswith("HTTP 302")
    assert visited == []


# Abuse: hosts that are something else


ODD = ["", "a b", "a\nb", "x" * 64, "a." * 200, "a\0b"]
ODD += [
    "-oProxyCommand=id",
    "--help",
    "a;id",
    "$(id)",
    "`id`",
    "a|b",
    "a&b",
    "host/path",
    "a@b",
    "http://x",
    "2130706433",
    "127.1",
    "0x7f.0.0.1",
    "0x7f000001",
    "a..b",
    ".a",
    "host:80",
    "é.be",
    "a_b",
    "%2e",
]


@pytest.mark.parametrize("host", ODD)
def test_odd_hosts_do_not_load(host: str) -> None:
    assert not is_host(host)
    with pytest.raises(ValueError, match="host"):
        one("reachability", host=host)


@pytest.mark.parametrize(
    "host", ["www.example.org", "localhost", "a-b.c1.be", "93.184.216.34", "2001:db8::1", "xn--caf-dma.be."]
)
def test_usual_hosts_load(host: str) -> None:
    assert is_host(host)


@pytest.mark.parametrize(
    "url", ["file:///etc/passwd", "gopher://x/", "//x/", "http://u:p@x.be/", "http:///x", "ftp://x.be/"]
)
def test_odd_urls_do_not_load(url: str) -> None:
    with pytest.raises(ValueError, match="url"):
        one("http", url=url)


@given(st.text(max_size=80))
def test_no_text_breaks_the_host_grammar(text: str) -> None:
    assert is_host(text) in (True, False)


# The pack's files


def test_the_shipped_policy_loads() -> None:
    policy = load_checks((DATA / "policy" / "checks.yml").read_text("utf-8"))
    kinds = [policy.checks[name].kind for name in policy.for_intent("internet_down")]
    assert kinds == ["outages", "name_resolution", "reachability", "http", "tls"]
    assert all({"nl", "fr", "en"} <= check.label.keys() for check in policy.checks.values())
    assert not any(target.internal for target in policy.targets.values())
    assert load_outages((DATA / "policy" / "outages.yml").read_text("utf-8")) == ()


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("targets:\n  it:\n    host: -x\nwords: {ok: {}, failed: {}}", 2, "neither a host name"),
        ("targets:\n  it: {url: ftp://x/}\nwords: {ok: {}, failed: {}}", 2, "http://"),
        ("checks:\n  a:\n    kind: ping\n    label: {nl: x}\nwords: {ok: {}, failed: {}}", 3, "kind"),
        (
            "checks:\n  a: {kind: tls, target: b, label: {nl: x}}\nwords: {ok: {}, failed: {}}",
            2,
            "no target 'b'",
        ),
        ("words: {ok: {}, failed: {}}\nintents:\n  x: [nothing]", 3, "no check 'nothing'"),
        ("words: {ok: {}, failed: {}}\nextra: 1", 2, "extra"),
        ("words: [", 2, "not YAML"),
    ],
)
def test_what_is_wrong_is_named_with_its_line(text: str, line: int, said: str) -> None:
    with pytest.raises(ContentError) as caught:
        load_checks(text)
    problem = caught.value.problems[0]
    assert said in str(problem)
    assert problem.line == line


OUTAGE = """outages:
  - id: mail-down
    since: 2027-01-15 08:00
    until: 2027-01-15 12:00
    intents: [email_not_working]
    text: {nl: De mail ligt plat., en: Mail is down.}
"""
MOMENT = 1_800_000_000.0  # 2027-01-15 08:00 UTC, 09:00 in Brussels


async def test_outages_are_known_while_they_go_on_and_read_again(tmp_path: Path) -> None:
    path = tmp_path / "outages.yml"
    now = [MOMENT]
    outages = OutageList(path, lambda: now[0])
    assert outages.active() == []
    path.write_text(OUTAGE, "utf-8")
    assert [outage.id for outage in outages.active("email_not_working")] == ["mail-down"]
    assert outages.active("email_not_working")[0].text("fr") == "De mail ligt plat."
    assert outages.active("wifi_problem") == []
    policy = ChecksForm.model_validate(
        {"checks": {"known": {"kind": "outages", "label": {}}}, "words": WORDS}
    )
    checks = Checks(policy, outages)
    found = await checks.check("known", "email_not_working")
    assert (found.ok, found.found) == (False, "mail-down")
    assert (await checks.check("known", "wifi_problem")).ok
    path.write_text("outages: nonsense", "utf-8")
    assert [outage.id for outage in outages.active()] == ["mail-down"]
    now[0] += 4 * 3600
    assert outages.active() == []
    path.unlink()
    assert outages.active() == []


def test_outages_that_are_wrong_are_named() -> None:
    with pytest.raises(ContentError, match="later than 'since'"):
        load_outages(OUTAGE.replace("12:00", "07:00"))
