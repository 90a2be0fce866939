"""Every way to make routine tests reach what they may not."""

from __future__ import annotations

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.checks.address import Refused, allowed, pin
from tests.checking import Names, result

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
