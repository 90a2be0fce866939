"""`balie compare A B`: which of two models or configurations understands better.

A and B are each a model file, or a `config.yml` or a folder with one, with which the pack's examples are then
learned. Both are asked about the examples of `--examples`; where that is not given, configurations are about
each of the pack's examples by what the others teach (cross-validation).
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

from bot.app.config import Settings
from bot.app.nlu_test import cross_validated, examples_of
from bot.app.progress import bar, to
from bot.model.errors import Malformed, NotFound
from nlu import comparing, testing
from nlu.comparing import Compared
from nlu.config import Config, load_config, read_config
from nlu.encoders import shared_encoder
from nlu.formats import load_nlu
from nlu.loading import assembled, load
from nlu.pipeline import Pipeline
from nlu.testing import Answered


def compare(settings: Settings, given: argparse.Namespace) -> None:
    """Ask both the same, and tell."""
    config = load_config(settings.data)
    answers = [_answers(settings, given, config, path) for path in (given.first, given.second)]
    for line in told(str(given.first), str(given.second), *answers):
        print(line)


def _answers(settings: Settings, given: argparse.Namespace, config: Config, path: Path) -> list[Answered]:
    file = path / "config.yml" if path.is_dir() else path
    if not file.is_file():
        raise NotFound(f"there is no model file, config.yml or folder with one at {path}")
    if file.suffix not in (".yml", ".yaml"):
        if given.examples is None:
            raise Malformed("a trained model has seen the pack's examples: say others with --examples")
        return testing.ask(load(file), examples_of(given.examples, config, given.lang))
    own = Config(config.languages, read_config(file).components)
    if given.examples is None:
        return cross_validated(own, load_nlu(settings.data, config.languages), given.folds)
    return testing.ask(_learned(settings, own), examples_of(given.examples, config, given.lang))


def _learned(settings: Settings, config: Config) -> Pipeline:
    from nlu.learning import Training  # only this needs scikit-learn's learning

    with bar(100, "training") as progress:
        training = Training(
            config,
            load_nlu(settings.data, config.languages),
            shared_encoder,
            lambda _, share: to(progress, share),
        )
        return assembled(training.run("compared"), shared_encoder, warm=False)


def told(a: str, b: str, first: Sequence[Answered], second: Sequence[Answered]) -> list[str]:
    """A table by language, and what it comes to."""
    parts = testing.by_language(first), testing.by_language(second)
    rows = [(language, comparing.compare(parts[0][language], parts[1][language])) for language in parts[0]]
    whole = comparing.compare(first, second)
    head = (
        f"{'':<8}{'examples':>9}{'A':>8}{'B':>8}{'B - A':>9}{'margin':>8}{'only A':>8}{'only B':>8}{'p':>9}"
    )
    lines = [f"A is {a}", f"B is {b}", head, *(_row(name, of) for name, of in [*rows, ("all", whole)])]
    if not whole.certain:
        return [*lines, "neither is better, as far as these examples tell"]
    better = "B" if whole.difference > 0 else "A"
    return [*lines, f"{better} is better: chance alone makes such a difference less than once in 20 times"]


def _row(name: str, of: Compared) -> str:
    return (
        f"{name:<8}{of.examples:>9}{of.first:>8.1%}{of.second:>8.1%}{of.difference:>+9.1%}{of.margin:>8.1%}"
        f"{of.only_first:>8}{of.only_second:>8}{of.p:>9.2g}"
    )
