"""`balie test nlu`: how well examples are understood, by the model that serves or by cross-validation."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np

from bot.app.config import Settings, read_settings
from bot.app.lessons import current
from bot.app.progress import bar, to
from bot.model.errors import NotFound
from nlu import testing
from nlu.config import Config, load_config
from nlu.encoders import remembering
from nlu.evaluate import folds
from nlu.formats import Example, NluData, load_nlu, load_nlu_file
from nlu.loading import assembled, load
from nlu.reports import NO_PICTURES, can_draw, write_reports
from nlu.testing import Answered

MOST_SHOWN = 15
"""Confusions on the screen; the reports have all."""


def test_nlu(settings: Settings, given: argparse.Namespace) -> None:
    """Test, tell, and write the reports where they are wanted."""
    asked: Path | None = given.data
    if asked is None or (asked / "config.yml").is_file():
        asked = None
    else:
        settings = read_settings(var=given.var)
    config = load_config(settings.data)
    if given.cross_validation:
        tested = cross_validated(config, load_nlu(settings.data, config.languages), given.folds)
        print(f"{len(tested)} examples in {given.folds} parts, each understood by what the others teach")
    else:
        examples = examples_of(asked or settings.data, config, given.lang)
        pipeline = load(current(settings).path)
        with bar(len(examples), "understanding") as progress:
            tested = testing.ask(pipeline, examples, partial(to, progress))
        print(f"{len(tested)} examples" + ("" if asked else ", all of which the model has learned from"))
    for line in told(tested):
        print(line)
    if given.report:
        print(*write_reports(given.report, tested), sep="\n")
        if not can_draw():
            print(NO_PICTURES, file=sys.stderr)


def examples_of(path: Path, config: Config, language: str | None) -> list[Example]:
    """The examples of one nlu.yml in `language` (the pack's first), or of a folder; raises `NotFound`."""
    if not path.exists():
        raise NotFound(f"there is no file or folder {path}")
    if path.is_dir():
        return load_nlu(path, config.languages).examples
    return load_nlu_file(path, language or config.languages[0]).examples


def cross_validated(config: Config, data: NluData, count: int) -> list[Answered]:
    """Every example, understood by a model that was trained without it, in `count` parts of equal make-up."""
    from nlu.learning import Step, Training  # only this needs scikit-learn's learning

    truth = {intent: number for number, intent in enumerate(data.intents())}
    numbers, languages = [truth[each.intent] for each in data.examples], [e.language for e in data.examples]
    parts = folds(numbers, languages, count)
    encoders = remembering(2 * len(data.examples))
    tested: list[Answered] = []
    with bar(100 * count, "cross-validation") as progress:
        for turn, part in enumerate(parts):
            rest = np.setdiff1d(np.arange(len(data.examples)), part)
            learned = replace(data, examples=[data.examples[at] for at in rest])
            step: Step = lambda _, share, turn=turn: to(progress, 100 * turn + share)  # noqa: E731
            stored = Training(config, learned, encoders, step).run(f"part {turn + 1}")
            pipeline = assembled(stored, encoders, warm=False)
            tested += testing.ask(pipeline, [data.examples[at] for at in part])
    return tested


def told(tested: Sequence[Answered]) -> list[str]:
    """What a terminal shows: shares by language, entities, and what is mixed up most."""
    report = testing.intent_report(tested)
    lines = [f"{'':<12}{'examples':>10}{'right':>9}{'F1':>9}"]
    for language, part in testing.by_language(tested).items():
        f1 = testing.intent_report(part)["macro avg"]["f1-score"]
        lines.append(f"{language:<12}{len(part):>10}{testing.accuracy(part):>9.1%}{f1:>9.1%}")
    f1 = report["macro avg"]["f1-score"]
    lines.append(f"{'all':<12}{len(tested):>10}{testing.accuracy(tested):>9.1%}{f1:>9.1%}")
    if entities := testing.entity_report(tested):
        lines.append("")
        lines += [
            f"{kind:<24}{of['support']:>8}  precision {of['precision']:.1%}  recall {of['recall']:.1%}"
            for kind, of in entities.items()
        ]
    mixed = testing.confusions(tested)[:MOST_SHOWN]
    return [*lines, *([""] if mixed else []), *(f"{n:>4} × {a} taken for {b}" for a, b, n in mixed)]
