"""The addresses that the server listens on, taken before anything is made. Serving on them is `serve`."""

from __future__ import annotations

import errno
import os
import socket
from collections.abc import Sequence

from bot.model.errors import ConfigError


def bind(host: str, port: int) -> list[socket.socket]:
    """A socket for each address of `host`, not listening yet; raises `ConfigError` where there is none."""
    sockets: list[socket.socket] = []
    try:
        found = socket.getaddrinfo(host or None, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
        for family, kind, protocol, _, address in dict.fromkeys(found):
            made = socket.socket(family, kind, protocol)
            sockets.append(made)
            if os.name == "posix":  # elsewhere it would let two servers share the port
                made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            if family == socket.AF_INET6:
                made.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
            # Port 0 is any free one: the same for all addresses.
            made.bind((address[0], port or sockets[0].getsockname()[1], *address[2:]))
    except OSError as error:
        for each in sockets:
            each.close()
        raise ConfigError(_why(host, port, error)) from None
    return sockets


def listen(sockets: Sequence[socket.socket]) -> None:
    """Let visitors queue; raises `ConfigError` where another began to listen there meanwhile."""
    for each in sockets:
        try:
            each.listen()
        except OSError as error:
            host, port = each.getsockname()[:2]
            raise ConfigError(_why(host, port, error)) from None


def _why(host: str, port: int, error: OSError) -> str:
    if error.errno == errno.EADDRINUSE:
        other = port + 1 if port < 65535 else port - 1
        return (
            f"port {port} is taken, perhaps by another Balie: choose another with "
            f"'balie serve --port {other}', 'PORT={other} make serve' or BALIE_PORT={other}"
        )
    if error.errno == errno.EACCES:
        return f"port {port} is not for this user: choose one above 1023 with --port or BALIE_PORT"
    return (
        f"cannot listen on {host} ({error.strerror}): set --host or BALIE_HOST to an address of this machine"
    )
