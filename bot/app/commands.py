"""How the command line is put together: a command with parts of its own, as `balie user create`."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import Any

from bot.app.config import Settings

Commands = Any
"""argparse's `_SubParsersAction`, which has no public name."""

Run = Callable[[Settings, argparse.Namespace], int | None]
Add = Callable[[str, Run, str], argparse.ArgumentParser]


def in_group(commands: Commands, common: argparse.ArgumentParser, name: str, text: str) -> Add:
    """Adds parts to a new command `name`."""
    of_it = commands.add_parser(name, help=text, description=text).add_subparsers(
        required=True, metavar="WHAT"
    )

    def add(what: str, run: Run, text: str) -> argparse.ArgumentParser:
        command = of_it.add_parser(what, help=text, description=text, parents=[common])
        command.set_defaults(run=run)
        return command

    return add
