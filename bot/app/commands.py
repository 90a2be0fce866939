"""The commands that have parts, as `balie user create`: their arguments. What they do is imported when it is
done, so that `--help` and a mistyped word cost nothing."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

from bot.app.config import Settings
from bot.model.languages import LANGUAGES
from bot.model.roles import ROLES

Commands = Any
"""argparse's `_SubParsersAction`, which has no public name."""

Run = Callable[[Settings, argparse.Namespace], int | None]
Add = Callable[[str, Run, str], argparse.ArgumentParser]


def add_groups(commands: Commands, common: argparse.ArgumentParser) -> None:
    """All of them."""
    for add in (_data, _test, _compare, _user, _token, _customer, _call, _models, _safekeeping):
        add(commands, common)


def later(module: str, name: str) -> Run:
    """A command of a module of `bot.app` that is imported when it runs."""

    def run(settings: Settings, given: argparse.Namespace) -> int | None:
        return getattr(import_module(f"bot.app.{module}"), name)(settings, given)

    return run


def _in_group(commands: Commands, common: argparse.ArgumentParser, name: str, text: str) -> Add:
    """Adds parts to a new command `name`."""
    of_it = commands.add_parser(name, help=text, description=text).add_subparsers(
        required=True, metavar="WHAT"
    )

    def add(what: str, run: Run, text: str) -> argparse.ArgumentParser:
        command = of_it.add_parser(what, help=text, description=text, parents=[common])
        command.set_defaults(run=run)
        return command

    return add


def _data(commands: Commands, common: argparse.ArgumentParser) -> None:
    add = _in_group(commands, common, "data", "The pack: check it, and what was edited of it in the pages.")
    text = "Say everything that is wrong with the pack's files, and what would make its examples better."
    check = add("check", later("pack_check", "check_pack"), text)
    check.add_argument("--all", action="store_true", help="all advice, not only the first of it")
    text = "Write what was edited in the pages back to the pack's files."
    export = add("export", later("edits", "write_back"), text)
    export.add_argument("--to", type=Path, help="another folder than the pack's own")
    forget = add("forget", later("edits", "go_back"), "Go back to the pack's file, as it is on disk.")
    forget.add_argument("file", metavar="FILE", help="as policy/teams.yml")


def _test(commands: Commands, common: argparse.ArgumentParser) -> None:
    add = _in_group(commands, common, "test", "Test the pack: conversations, nlu, kb.")
    text = "Play the pack's test conversations."
    conversations = add("conversations", later("conversations", "test_conversations"), text)
    conversations.add_argument("--only", default="", help="only the cases whose name contains this")
    text = (
        "Say how well examples are understood: those of the pack, or of --data where that is one nlu.yml or "
        "a folder of them (the pack is then BALIE_DATA's)."
    )
    nlu = add("nlu", later("nlu_test", "test_nlu"), text)
    nlu.add_argument("--lang", choices=LANGUAGES, help="the language of one nlu.yml (the pack's first)")
    nlu.add_argument(
        "--cross-validation", action="store_true", help="each example by models that have not seen it"
    )
    nlu.add_argument("--folds", type=int, default=5, metavar="N", help="in so many parts (5)")
    nlu.add_argument("--report", type=Path, metavar="DIR", help="write reports, errors and pictures there")
    text = "Say how well the search finds the article that answers a question."
    kb = add("kb", later("kb_test", "test_kb"), text)
    kb.add_argument(
        "--questions", type=Path, action="append", metavar="FILE",
        help="questions with the articles that answer them (the pack's examples by the intents of articles)",
    )  # fmt: skip
    kb.add_argument("--report", type=Path, metavar="DIR", help="write kb_report.json there")


def _compare(commands: Commands, common: argparse.ArgumentParser) -> None:
    text = "Say which of two models or configurations understands better, and whether that could be chance."
    compare = commands.add_parser("compare", help=text, description=text, parents=[common])
    compare.set_defaults(run=later("compare", "compare"))
    for name, letter in (("first", "A"), ("second", "B")):
        compare.add_argument(name, metavar=letter, type=Path, help="a model file, a config.yml or its folder")
    compare.add_argument("--examples", type=Path, metavar="FILE", help="an nlu.yml, or a folder as a pack's")
    compare.add_argument("--lang", choices=LANGUAGES, help="the language of one nlu.yml (the pack's first)")
    compare.add_argument("--folds", type=int, default=5, metavar="N", help="of a cross-validation (5)")


def _user(commands: Commands, common: argparse.ArgumentParser) -> None:
    add = _in_group(commands, common, "user", "Say who may log in: create, password, list.")
    text = "Make a user; prints a password that is made up here."
    create = add("create", later("people", "create_user"), text)
    create.add_argument("username", metavar="NAME", help="what they log in with")
    create.add_argument("--role", choices=ROLES, default="agent", help="(agent)")
    create.add_argument("--name", help="what customers and colleagues see (NAME)")
    text = "Give a user another password, and log them out everywhere."
    password = add("password", later("people", "set_password"), text)
    password.add_argument("username", metavar="NAME")
    for command in (create, password):
        command.add_argument("--password-stdin", action="store_true", help="read the password, one line")
    add("list", later("people", "list_users"), "Everybody who may log in.")


def _token(commands: Commands, common: argparse.ArgumentParser) -> None:
    add = _in_group(commands, common, "token", "Tokens for the API: create, list, revoke.")
    create = add("create", later("people", "create_token"), "Make a token; it is printed this once.")
    add("list", later("people", "list_tokens"), "All tokens, without what is secret.")
    revoke = add("revoke", later("people", "revoke_token"), "Let a token count no longer.")
    for command in (create, revoke):
        command.add_argument("name", metavar="NAME")


def _customer(commands: Commands, common: argparse.ArgumentParser) -> None:
    add = _in_group(commands, common, "customer", "What is kept of a person: show, export, erase.")
    known_by = "their id, e-mail address, phone number, name on a channel, conversation or ticket number"
    text = "Say what is kept of somebody, and change nothing."
    show = add("show", later("customers", "show_customer"), text)
    text = "Write all that is kept of somebody into a ZIP file."
    export = add("export", later("customers", "export_customer"), text)
    export.add_argument("--to", type=Path, help="the file (customer.zip)", default=Path("customer.zip"))
    export.add_argument("--lang", choices=LANGUAGES, help="of the texts in it (the one they speak)")
    text = "Erase somebody's words for good; figures stay."
    erase = add("erase", later("customers", "erase_customer"), text)
    erase.add_argument("--dry-run", action="store_true", help="say what would go, and change nothing")
    erase.add_argument("--yes", action="store_true", help="do not ask")
    for command in (show, export, erase):
        command.add_argument("known_by", metavar="WHO", help=known_by)
    for command in (export, erase):
        command.add_argument("--only", action="append", metavar="ID", help="this conversation of theirs")
        command.add_argument(
            "--also", action="append", metavar="ID", help="this one too, which only names them: it is theirs"
        )


def _call(commands: Commands, common: argparse.ArgumentParser) -> None:
    text = "Have a customer called; a server must run, to speak with them."
    call = commands.add_parser("call", help=text, description=text, parents=[common])
    call.set_defaults(run=later("call", "call_somebody"))
    call.add_argument("number", metavar="NUMBER", help="as +32470123456")
    call.add_argument("--lang", choices=LANGUAGES, help="what is spoken (the conversation's, or the first)")
    call.add_argument("--flow", metavar="NAME", help="what the bot begins with, as follow_up")
    call.add_argument("--conversation", metavar="ID", help="what it is about; the call is its customer's")


def _models(commands: Commands, common: argparse.ArgumentParser) -> None:
    add = _in_group(commands, common, "models", "Models for speech on the telephone: list, fetch, check.")
    add("list", later("speech_models", "list_models"), "Say which are known, and which are here.")
    text = "Get models from their maker, or from elsewhere, and try whether they load."
    fetch = add("fetch", later("speech_models", "fetch_models"), text)
    fetch.add_argument("languages", nargs="*", metavar="LANGUAGE", help="only these (all of the engine)")
    fetch.add_argument("--engine", choices=("vosk", "whisper"), default="vosk", help="(vosk)")
    fetch.add_argument(
        "--from", dest="source", metavar="FOLDER|URL",
        help="a model, its ZIP archive, its URL, or a folder with some of them by their names",
    )  # fmt: skip
    fetch.add_argument("--sha256", metavar="SUM", help="what the archive must have")
    add("check", later("speech_models", "check_models"), "Load each that is here.")


def _safekeeping(commands: Commands, common: argparse.ArgumentParser) -> None:
    text = "Put the whole database into one file; a server may go on working."
    backup = commands.add_parser("backup", help=text, description=text, parents=[common])
    backup.set_defaults(run=later("safekeeping", "make_backup"))
    text = "Put a backup back into an empty database; stop the server first."
    restore = commands.add_parser("restore", help=text, description=text, parents=[common])
    restore.add_argument("--replace", action="store_true", help="throw away what is in the database")
    restore.set_defaults(run=later("safekeeping", "restore_backup"))
    for command in (backup, restore):
        command.add_argument("file", metavar="FILE", type=Path)
