"""Training: from a pack's folder to one model file, the same for the same data.

python -m nlu.train DATA MODELS     trains and says how well held-out examples are understood
"""

from __future__ import annotations

import argparse
import hashlib
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.model.errors import ConfigError, ContentError, Problem, Unavailable
from nlu import model_file
from nlu.config import Config, load_config
from nlu.encoders import Encoders, encoding, shared_encoder
from nlu.extra import from_line, laid_over, settled, to_line
from nlu.formats import Example, load_nlu, nlu_files
from nlu.progress import Progress

_LEARNING = (
    "classifier",
    "evaluate",
    "features",
    "formats",
    "greetings",
    "kernel_learning",
    "language",
    "language_tables",
    "learning",
    "lookup",
    "markup",
    "model_file",
    "part_learning",
    "word_learning",
)
"""The modules whose change makes another model of the same data."""

KEPT = 5
"""Model files that stay in the folder."""


@dataclass(frozen=True, slots=True)
class TrainedModel:
    """A model file: where it is, the hash of what it was trained from, and whether it was there already."""

    path: Path
    hash: str
    seconds: float
    reused: bool
    report: Mapping[str, Any] | None = None
    """What held-out examples said (`nlu.evaluate.Report` as a dictionary)."""


def train(
    data_dir: Path,
    models_dir: Path,
    *,
    progress: bool = True,
    force: bool = False,
    encoders: Encoders = shared_encoder,
    extra: Sequence[Example] = (),
    apart: bool = False,
) -> TrainedModel:
    """Train a pack's understanding into `models_dir`, or find the model that is there already.

    `extra` are examples that are not in the files (corrections by reviewers); the last one of the same words
    counts. `apart` learns in a process of its own, so that a server keeps neither the memory of it nor
    scikit-learn. Raises `ContentError` when the pack has mistakes.
    """
    begin = time.perf_counter()
    config = load_config(data_dir)
    data = load_nlu(data_dir, config.languages)
    extra = settled(extra)
    data.examples = laid_over(data.examples, extra)
    if len(data.intents()) < 2:
        mend = "Write examples of what customers say, and of what is out of scope."
        raise ContentError([Problem("nlu", 1, "there are not yet two intents to tell apart", mend)])
    name = content_hash(data_dir, config, encoders, extra)
    path = models_dir / f"nlu-{name[:16]}.model"
    report = None if force else _known_report(path, name)
    if report is not None:
        return TrainedModel(path, name, round(time.perf_counter() - begin, 2), True, report)
    if apart:
        _train_apart(data_dir, models_dir, progress, extra)
    else:
        with Progress(progress) as bar:
            from nlu.learning import Training  # here, not at the top: run time does without scikit-learn

            model_file.save(path, Training(config, data, encoders, bar.step).run(name))
        _prune(models_dir)
    return TrainedModel(path, name, round(time.perf_counter() - begin, 2), False, read_report(path))


def _prune(models_dir: Path) -> None:
    """Keep the newest models only: an older one is trained again when its data come back."""
    newest_first = sorted(models_dir.glob("nlu-*.model"), key=lambda path: path.stat().st_mtime, reverse=True)
    for path in newest_first[KEPT:]:
        path.unlink(missing_ok=True)


def _known_report(path: Path, name: str) -> Mapping[str, Any] | None:
    """The report of a model that is there, whole, and of the same data; a damaged one is trained again."""
    if model_file.hash_of(path) != name:
        return None
    try:
        return read_report(path)
    except ConfigError:
        return None


def _train_apart(data_dir: Path, models_dir: Path, progress: bool, extra: Sequence[Example]) -> None:
    """`main` in another process, with the extra examples on its standard input."""
    lines = "".join(f"{to_line(one)}\n" for one in extra)
    command = [
        sys.executable,
        "-m",
        "nlu.train",
        str(data_dir.absolute()),
        str(models_dir.absolute()),
        "--child",
    ]
    done = subprocess.run(  # noqa: S603 - our own interpreter and module
        [*command, *(() if progress else ("--quiet",))],
        input=lines.encode(),
        stdout=subprocess.DEVNULL,
        cwd=Path(__file__).parent.parent,
        check=False,
    )
    if done.returncode:
        raise Unavailable(
            f"training understanding ended with code {done.returncode}; see what it printed above"
        )


def read_report(path: Path) -> Mapping[str, Any]:
    """What was measured when a model was trained."""
    return dict(model_file.load(path).facts["report"])


def content_hash(data_dir: Path, config: Config, encoders: Encoders, extra: Sequence[Example] = ()) -> str:
    """A name for data, configuration and code together: another one means another model."""
    digest = hashlib.sha256()

    def add(*parts: bytes) -> None:
        for part in parts:
            digest.update(len(part).to_bytes(8, "big"))
            digest.update(part)

    add(
        repr(
            (config.languages, sorted((key, sorted(opts.items())) for key, opts in config.components.items()))
        ).encode()
    )
    for path, language in nlu_files(data_dir, config.languages):
        add(path.relative_to(data_dir).as_posix().encode(), language.encode(), path.read_bytes())
    for example in extra:
        add(to_line(example).encode())
    for module in (*_LEARNING, *(("extra",) if extra else ())):
        add(Path(__file__).with_name(f"{module}.py").read_bytes())
    for component in encoding(config):
        add(component.encode(), encoders(component).name.encode())
    return digest.hexdigest()


def main(arguments: Sequence[str] | None = None) -> int:
    """Train a pack and print what held-out examples say."""
    parser = argparse.ArgumentParser(prog="python -m nlu.train", description=main.__doc__)
    parser.add_argument("data", type=Path, help="the pack's folder")
    parser.add_argument("models", type=Path, help="the folder for the model")
    parser.add_argument("--force", action="store_true", help="train although the model is there")
    parser.add_argument("--quiet", action="store_true", help="show no progress")
    parser.add_argument("--child", action="store_true", help=argparse.SUPPRESS)
    given = parser.parse_args(arguments)
    extra: list[Example] = []
    if given.child:
        extra = [from_line(line) for line in sys.stdin]
    trained = train(
        given.data, given.models, progress=not given.quiet, force=given.force or given.child, extra=extra
    )
    if not given.child:
        from nlu import evaluate

        print(f"{trained.path} ({trained.seconds} s{', already there' if trained.reused else ''})")
        print(evaluate.describe(evaluate.from_facts(trained.report or {})))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
