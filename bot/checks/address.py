"""From a host's name to one address that may be connected to: the defence against reaching inner networks.

A name is resolved once and the connection goes to that very address: a second answer of the name server
(rebinding) is never asked for. Addresses that are not public are refused, unless the pack calls the target
internal; link-local ones (metadata services) are refused always.
"""

from __future__ import annotations

import asyncio
import ipaddress
import socket
from collections.abc import Awaitable, Callable, Sequence

from bot.model.errors import BadInput

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

Resolver = Callable[[str], Awaitable[Sequence[str]]]
"""From a name to its addresses as text; raises `OSError` when there are none."""

_NAT64 = ipaddress.ip_network("64:ff9b::/96")


class Refused(BadInput):
    """An address that must not be connected to."""


async def resolve(host: str) -> Sequence[str]:
    """The addresses of a name by the system's resolver, without blocking the loop."""
    found = await asyncio.get_running_loop().getaddrinfo(host, None, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]).partition("%")[0] for entry in found))


def allowed(text: str, *, internal: bool) -> Address:
    """The address, if it may be connected to; raises `Refused`."""
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        raise Refused(f"'{text}' is not an address") from None
    for each in (address, *_inside(address)):
        if each.is_link_local or each.is_multicast or each.is_unspecified:
            raise Refused(f"{address} is not an address of a server")
        if not each.is_global and not internal:
            raise Refused(f"{address} is not public; a target within the network needs 'internal: true'")
    return address


def _inside(address: Address) -> list[ipaddress.IPv4Address]:
    """The IPv4 addresses that hide in an IPv6 one: mapped, 6to4, Teredo, NAT64."""
    if isinstance(address, ipaddress.IPv4Address):
        return []
    found = [address.ipv4_mapped, address.sixtofour, *(address.teredo or ())]
    if address in _NAT64 or int(address) >> 32 == 0:
        found.append(ipaddress.IPv4Address(int(address) & 0xFFFFFFFF))
    return [each for each in found if each is not None]


async def pin(host: str, *, internal: bool, resolver: Resolver = resolve) -> tuple[str, list[str]]:
    """The address to connect to, and all that the name has. One address that is refused refuses the name."""
    try:
        ipaddress.ip_address(host)
        addresses: Sequence[str] = [host]
    except ValueError:
        addresses = await resolver(host)
    if not addresses:
        raise OSError(f"{host} has no address")
    pinned = [str(allowed(address, internal=internal)) for address in addresses]
    first = next((address for address in pinned if ":" not in address), pinned[0])
    return first, pinned
