"""Ports are taken before anything is made; what is in the way is told in a sentence."""

from __future__ import annotations

import socket

import pytest

from bot.app.listening import bind, listen
from bot.model.errors import ConfigError


def test_a_free_port_is_taken_and_then_listened_on() -> None:
    [taken] = bind("127.0.0.1", 0)
    with taken, socket.socket() as visitor:
        with pytest.raises(ConnectionRefusedError):
            visitor.connect(taken.getsockname())
        listen([taken])
        with socket.create_connection(taken.getsockname()):
            pass


def test_a_taken_port_is_named_with_how_to_choose_another() -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        with pytest.raises(ConfigError, match=rf"port {port} is taken.*--port {port + 1}.*BALIE_PORT"):
            bind("127.0.0.1", port)


def test_of_two_that_start_together_one_is_told() -> None:
    [first] = bind("127.0.0.1", 0)
    [second] = bind("127.0.0.1", first.getsockname()[1])
    with first, second:
        listen([first])
        with pytest.raises(ConfigError, match="is taken"):
            listen([second])


def test_every_address_of_a_name_gets_the_same_port() -> None:
    taken = bind("localhost", 0)
    assert len({each.getsockname()[1] for each in taken}) == 1
    for each in taken:
        each.close()


@pytest.mark.parametrize("host", ["192.0.2.1", "no.such.name.invalid"])
def test_an_address_of_another_machine_is_a_wrong_setting(host: str) -> None:
    with pytest.raises(ConfigError, match=f"cannot listen on {host}.*BALIE_HOST"):
        bind(host, 0)
