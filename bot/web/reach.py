"""How a request reached us: from which address, through which proxies, by which name of ours.

Only proxies that are listed as trusted are believed. Who may do what is not here (`access`).
"""

from __future__ import annotations

import ipaddress
import re
from functools import lru_cache

from aiohttp import web

from bot.web.site import networks, site_of

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

FORWARDED = ("Forwarded", "X-Forwarded-For", "X-Real-IP", "Via")
"""Any of these says that a proxy passed the request on."""


_HOST = re.compile(r"(?:([A-Za-z0-9._-]{1,255})|\[([0-9A-Fa-f:.]{2,45})\])(?::\d{1,5})?")


@lru_cache(1024)
def parsed_address(text: str | None) -> Address | None:
    """An IP address; an IPv4 one that came in over IPv6 is itself again."""
    try:
        ip = ipaddress.ip_address(text or "")
    except ValueError:
        return None
    return getattr(ip, "ipv4_mapped", None) or ip


def name_of(host: str) -> str | None:
    """The name or address in a Host header, without its port; None for what cannot be one."""
    found = _HOST.fullmatch(host)
    return (found[1] or found[2]).lower().rstrip(".") if found else None


def is_loopback(name: str | None) -> bool:
    """Whether a name or address means the machine that says it."""
    ip = parsed_address(name)
    return name == "localhost" or (ip is not None and (ip.is_loopback or ip.is_unspecified))


def _within(request: web.Request, address: str | None, setting: str) -> bool:
    ip, names = parsed_address(address), getattr(site_of(request).settings, setting)
    return ip is not None and any(ip in network for network in networks(setting, names))


def _trusted(request: web.Request, address: str | None) -> bool:
    return _within(request, address, "trusted_proxies")


def client_address(request: web.Request) -> str:
    """Who is at the other end: behind proxies that are trusted, the last address that is not one of them."""
    address = request.remote or ""
    if not _trusted(request, address):
        return address
    for hop in reversed(request.headers.get("X-Forwarded-For", "").split(",")):
        hop = hop.strip()
        if not hop:
            break
        address = hop
        if not _trusted(request, hop):
            break
    return address


def comes_from(request: web.Request, setting: str) -> bool:
    """Whether the client's address is in one of the networks that a setting of the site lists."""
    return _within(request, client_address(request), setting)


def counted_address(request: web.Request) -> str:
    """Whom a limit counts: the client's address, or the /64 that it can choose its IPv6 addresses from."""
    address = client_address(request)
    ip = parsed_address(address)
    if isinstance(ip, ipaddress.IPv6Address) and not ip.is_loopback:
        return str(ipaddress.ip_network((ip, 64), strict=False))
    return str(ip or address)


def from_this_machine(request: web.Request) -> bool:
    """Whether a program on this machine asks for itself, and no proxy on it for somebody else."""
    asked = is_loopback(request.remote) and is_loopback(name_of(request.host))
    return asked and not any(name in request.headers for name in FORWARDED)


def is_https(request: web.Request) -> bool:
    """Whether the visitor's browser speaks https to us, or to a proxy that is trusted."""
    public = site_of(request).settings.public_url
    if public:
        return public.startswith("https://")
    if request.secure:
        return True
    return _trusted(request, request.remote) and request.headers.get("X-Forwarded-Proto") == "https"


def public_base(request: web.Request) -> str:
    """How this site is reached, without a slash at the end."""
    public = site_of(request).settings.public_url
    return public.rstrip("/") if public else f"{'https' if is_https(request) else 'http'}://{request.host}"
