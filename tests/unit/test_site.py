"""Where a request came from, and settings that are refused at the start."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from aiohttp.test_utils import make_mocked_request

from bot.model.errors import ConfigError
from bot.web.hosts import is_known
from bot.web.reach import client_address, counted_address, from_this_machine, is_https, name_of
from bot.web.site import SITE, SiteSettings


def request(settings: SiteSettings, remote: str, headers: dict[str, str], host: str = "localhost") -> Any:
    made = make_mocked_request("GET", "/", headers=headers)
    app = {SITE: SimpleNamespace(settings=settings)}
    return SimpleNamespace(
        config_dict=app,
        remote=remote,
        headers=made.headers,
        secure=False,
        scheme="http",
        host=host,
    )


PROXIED = SiteSettings(trusted_proxies=("10.0.0.0/8", "::1"))


@pytest.mark.parametrize(
    ("remote", "forwarded", "address"),
    [
        ("203.0.113.9", "198.51.100.1", "203.0.113.9"),
        ("10.0.0.2", "198.51.100.1", "198.51.100.1"),
        ("10.0.0.2", "1.2.3.4, 198.51.100.1, 10.0.0.7", "198.51.100.1"),
        ("10.0.0.2", "", "10.0.0.2"),
        ("::1", "2001:db8::5", "2001:db8::5"),
    ],
)
def test_only_trusted_proxies_are_believed(remote: str, forwarded: str, address: str) -> None:
    assert client_address(request(PROXIED, remote, {"X-Forwarded-For": forwarded})) == address


@pytest.mark.parametrize(
    ("address", "counted"),
    [
        ("203.0.113.9", "203.0.113.9"),
        ("::ffff:203.0.113.9", "203.0.113.9"),
        ("2001:db8::1:2:3:4", "2001:db8::/64"),
        ("2001:db8::ffff:0:0:1", "2001:db8::/64"),
    ],
)
def test_a_household_is_one_address(address: str, counted: str) -> None:
    assert counted_address(request(PROXIED, address, {})) == counted


def test_a_proxy_that_is_reached_over_ipv6_is_the_same_proxy() -> None:
    asked = request(PROXIED, "::ffff:10.0.0.2", {"X-Forwarded-For": "198.51.100.1"})
    assert client_address(asked) == "198.51.100.1"


@pytest.mark.parametrize(
    ("remote", "headers", "local"),
    [
        ("127.0.0.1", {}, True),
        ("::ffff:127.0.0.1", {}, True),
        ("::1", {}, True),
        ("192.168.1.4", {}, False),
        ("127.0.0.1", {"X-Forwarded-For": "127.0.0.1"}, False),
        ("127.0.0.1", {"X-Real-IP": "198.51.100.1"}, False),
        ("", {}, False),
    ],
)
def test_what_a_proxy_passes_on_is_not_of_this_machine(
    remote: str, headers: dict[str, str], local: bool
) -> None:
    assert from_this_machine(request(PROXIED, remote, headers)) is local
    assert not from_this_machine(request(PROXIED, remote, headers, host="balie.example"))


def test_https_by_public_url_or_by_a_trusted_proxy() -> None:
    proto = {"X-Forwarded-Proto": "https"}
    assert is_https(request(SiteSettings(public_url="https://balie.example"), "203.0.113.9", {}))
    assert is_https(request(PROXIED, "10.0.0.2", proto))
    assert not is_https(request(PROXIED, "203.0.113.9", proto))


NAMED = SiteSettings(public_url="https://Balie.example/chat", hosts=("desk.corp.example", "pc1:5005"))


@pytest.mark.parametrize(
    ("host", "known"),
    [
        ("localhost:5005", True),
        ("LOCALHOST", True),
        ("127.0.0.1:5005", True),
        ("127.0.0.2", True),
        ("[::1]:5005", True),
        ("0.0.0.0:5005", True),
        ("192.168.1.4:5005", True),
        ("192.168.1.5:5005", False),
        ("balie.example", True),
        ("balie.example.:443", True),
        ("desk.corp.example", True),
        ("pc1", True),
        ("evil.example", False),
        ("balie.example.evil.example", False),
        ("localhost.evil.example", False),
        ("127.0.0.1.evil.example", False),
    ],
)
def test_only_our_own_names_are_known(host: str, known: bool) -> None:
    name = name_of(host)
    assert name is not None
    assert is_known(name, NAMED, "::ffff:192.168.1.4") is known
    assert is_known(name, SiteSettings(hosts=("*",)), None)


@pytest.mark.parametrize("host", ["", "a b", "a/b", "evil.example;script-src *", "[::1", "a:b", "a:123456"])
def test_what_cannot_be_a_host_is_none(host: str) -> None:
    assert name_of(host) is None


@pytest.mark.parametrize(
    "wrong",
    [
        {"trusted_proxies": ("10.0.0.0/99",)},
        {"timezone": "Mars/Olympus"},
        {"metrics_from": ("the scraper",)},
        {"hosts": ("https://balie.example",)},
        {"public_url": "balie.example"},
    ],
)
def test_wrong_settings_are_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ConfigError):
        SiteSettings(**wrong)
