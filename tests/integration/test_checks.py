"""Routine tests against local servers."""

from __future__ import annotations

import asyncio

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from tests.checking import (
    AT,
    CERTIFICATE_END,
    Names,
    listening,
    one,
    result,
    says,
    silent,
)


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
