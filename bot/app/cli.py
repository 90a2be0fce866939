"""The command line: `balie serve`, `chat`, `train`, `doctor` and the rest. What they do is elsewhere."""

from __future__ import annotations

import argparse
import asyncio
import json
import logging
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from bot.app import process
from bot.app.commands import add_groups
from bot.app.config import Settings, read_settings, unknown_settings
from bot.app.listening import bind
from bot.app.logs import set_up_logging
from bot.model.errors import BalieError, Malformed
from bot.model.languages import LANGUAGES

log = logging.getLogger(__name__)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit status. A problem is a sentence, not a traceback."""
    parser = _parser()
    given = parser.parse_args(arguments)
    try:
        settings = read_settings(
            host=getattr(given, "host", None),
            port=getattr(given, "port", None),
            data=given.data,
            var=given.var,
        )
        set_up_logging(settings.log_level, settings.log_format)
        status = int(given.run(settings, given) or 0)
        sys.stdout.flush()
        return status
    except BalieError as error:
        print(f"balie: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:  # whoever read what we say went away, as `head` does
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # or Python complains as it ends
        return 141


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="balie", description="A first-line support bot with human handoff.")
    common = argparse.ArgumentParser(add_help=False)
    common.add_argument("--data", type=Path, help="the pack's folder (BALIE_DATA)")
    common.add_argument("--var", type=Path, help="where everything is kept (BALIE_VAR)")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    def add(name: str, run: Callable[..., int | None], text: str) -> argparse.ArgumentParser:
        command = commands.add_parser(name, help=text, description=text, parents=[common])
        command.set_defaults(run=run)
        return command

    server = add("serve", _serve, "Serve the chat, the desk, the review and the help centre.")
    server.add_argument("--host", help="the address to listen on (BALIE_HOST)")
    server.add_argument("--port", type=int, help="the port to listen on (BALIE_PORT, 5005)")
    add("worker", _worker, "Work for a server on the same database and Redis.")
    chat = add("chat", _chat, "Chat in this terminal.")
    chat.add_argument("--lang", help="the language to begin in, one of the pack's (its first)")
    training = add("train", _train, "Train the understanding of the pack.")
    training.add_argument("--force", action="store_true", help="train although nothing changed")
    parse = add("parse", _parse, "Say how a text is understood.")
    parse.add_argument("text")
    parse.add_argument("--lang", choices=LANGUAGES, help="the language that a first message is expected in")
    add_groups(commands, common)
    add("doctor", _doctor, "Say what is configured, what is missing and how to get it.")
    return parser


def _warn_of_settings() -> None:
    for told in unknown_settings(os.environ):
        log.warning(told)


def _serve(settings: Settings, _: argparse.Namespace) -> None:
    _warn_of_settings()
    process.begin()
    from bot.app.loading import load
    from bot.app.serve import serve

    sockets = bind(settings.host, settings.port)  # before anything is made or trained
    asyncio.run(serve(settings, load(settings), sockets))


def _worker(settings: Settings, _: argparse.Namespace) -> None:
    _warn_of_settings()
    process.begin()
    from bot.app.loading import load
    from bot.app.serve import work

    asyncio.run(work(settings, load(settings)))


def _chat(settings: Settings, given: argparse.Namespace) -> None:
    from bot.app.chat import chat
    from bot.app.content import load_pack
    from bot.app.loading import load

    set_up_logging("ERROR", settings.log_format)
    spoken = load_pack(settings.data).languages
    if given.lang not in (None, *spoken):
        raise Malformed(f"the pack does not speak '{given.lang}'; it speaks {', '.join(spoken)}")
    asyncio.run(chat(settings, load(settings), given.lang or spoken[0]))


def _train(settings: Settings, given: argparse.Namespace) -> None:
    from bot.app.lessons import learn

    learned = learn(settings, force=given.force)
    model = learned.model
    what = "nothing changed; the model is" if model.reused else f"trained in {model.seconds:.0f} s:"
    print(f"{what} {model.path}")
    if learned.corrections:
        many = "" if learned.corrections == 1 else "s"
        print(f"with {learned.corrections} correction{many} that an editor approved")


def _parse(settings: Settings, given: argparse.Namespace) -> None:
    from bot.app.lessons import current
    from bot.web.api.rasa import parsed
    from nlu.loading import load
    from nlu.pipeline import Query
    from nlu.watching import Stopwatch

    pipeline, watch = load(current(settings).path), Stopwatch()
    [understood] = pipeline.parse_batch([Query(given.text, hint=given.lang)], watch)
    told = parsed(understood, given.text).model_dump()
    told["milliseconds"] = {component: round(spent, 3) for component, spent in watch.spent.items()}
    print(json.dumps(told, ensure_ascii=False, indent=2))


def _doctor(settings: Settings, _: argparse.Namespace) -> int:
    from bot.app.doctor import doctor

    return doctor(settings)


if __name__ == "__main__":
    sys.exit(main())
