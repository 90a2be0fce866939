"""Training: from a pack's folder to one model file, the same for the same data, and back to a `Pipeline`.

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

import numpy as np
from numpy.typing import NDArray
from tqdm import tqdm

from bot.model.errors import ConfigError, ContentError, Problem, Unavailable
from nlu import language_tables, model_file
from nlu.builtin import FINDERS
from nlu.classifier import IntentClassifier, Kernel, Linear, Mixture
from nlu.config import Config, load_config
from nlu.dates import Now
from nlu.encoder import Encoder, SentenceEncoder, shared_encoder
from nlu.entities import EntityExtractor, Wordlist, local_now
from nlu.extra import from_line, laid_over, settled, to_line
from nlu.features import Analyser, Floats, Vectoriser, numbered
from nlu.formats import Example, load_nlu, nlu_files
from nlu.greetings import Greetings
from nlu.language import LanguageIdentifier
from nlu.model_file import Stored
from nlu.pipeline import Pipeline

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
    encoder: Encoder | None = None,
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
    encoder = encoder or shared_encoder()
    name = content_hash(data_dir, config, encoder, extra)
    path = models_dir / f"nlu-{name[:16]}.model"
    report = None if force else _known_report(path, name)
    if report is not None:
        return TrainedModel(path, name, round(time.perf_counter() - begin, 2), True, report)
    if apart:
        _train_apart(data_dir, models_dir, progress, extra)
    else:
        with _Bar(progress) as bar:
            from nlu.learning import Training  # here, not at the top: run time does without scikit-learn

            model_file.save(path, Training(config, data, encoder, bar.step).run(name))
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


def load(path: Path, *, encoder: Encoder | None = None, warm: bool = True) -> Pipeline:
    """The pipeline of a model file; raises `ConfigError` when the file is missing or damaged.

    `warm` reads one sentence at once, so that the first customer does not wait for the encoder's weights.
    """
    return assembled(model_file.load(path), encoder or shared_encoder(), warm=warm)


def assembled(stored: Stored, encoder: Encoder, *, warm: bool = True) -> Pipeline:
    """The pipeline of what was learned, whether or not it has become a file."""
    facts = stored.facts
    config = Config(tuple(facts["languages"]), facts["components"])
    arrays = stored.arrays
    vectoriser = Vectoriser(
        analyser=Analyser(tuple(facts["word_sizes"]), tuple(facts["character_sizes"])),
        words=numbered(arrays["words"], 0),
        characters=numbered(arrays["characters"], facts["word_count"]),
        idf=arrays["idf"],
    )
    sentences: Kernel | None = None
    if "kernel_sentences" in arrays:
        width = float(config.option("IntentClassifier", "kernel_width"))
        sentences = Kernel(
            axes=arrays["kernel_axes"],
            sentences=_full(arrays["kernel_sentences"]),
            weights=arrays["kernel_weights"],
            width=width,
        )
    mixture = facts["mixture"]
    classifier = IntentClassifier(
        labels=tuple(facts["labels"]),
        vectoriser=vectoriser,
        words=Linear(arrays["cheap_weights"], arrays["cheap_bias"]),
        sentences=sentences,
        mixture=Mixture(mixture["cheap"], tuple(mixture["both"]), mixture["sure"]),
        max_characters=int(config.option("SentenceEncoderFeaturizer", "max_characters")),
    )
    pipeline = Pipeline(
        greetings=Greetings(facts["greetings"]),
        languages=identifier(stored),
        entities=extractor(config, facts["wordlists"]),
        classifier=classifier,
        encoder=encoder if sentences is not None else None,
        threshold=float(facts["threshold"]),
        model=stored.hash,
    )
    if warm:
        pipeline.warm()
    return pipeline


def _full(values: NDArray[Any]) -> Floats:
    return values.astype(np.float32)


def content_hash(data_dir: Path, config: Config, encoder: Encoder, extra: Sequence[Example] = ()) -> str:
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
    add(encoder.name.encode() if isinstance(encoder, SentenceEncoder) else type(encoder).__name__.encode())
    return digest.hexdigest()


class _Bar:
    """A progress bar in units of work, with the seconds; silent when it is not wanted."""

    def __init__(self, shown: bool) -> None:
        self._bar = tqdm(
            total=100,
            disable=not shown,
            file=sys.stderr,
            bar_format="{desc:<28} {percentage:3.0f}% |{bar}| {elapsed} s, {remaining} s left",
        )

    def __enter__(self) -> _Bar:
        return self

    def __exit__(self, *_: object) -> None:
        self._bar.set_description_str("Understanding is trained", refresh=False)
        self._bar.close()

    def step(self, what: str, share: float) -> None:
        """Begin `what`; `share` percent of the whole is finished before it."""
        self._bar.set_description_str(what, refresh=False)
        self._bar.update(max(share - self._bar.n, 0))
        self._bar.refresh()


def identifier(stored: Stored) -> LanguageIdentifier:
    """What tells the languages, of what was learned."""
    facts = stored.facts
    config = Config(tuple(facts["languages"]), facts["components"])
    languages = config.languages if config.has("LanguageIdentifier") else config.languages[:1]
    return LanguageIdentifier(
        languages,
        facts["markers"],
        facts["counts"],
        config.option("LanguageIdentifier", "loan_words"),
        confidence=float(config.option("LanguageIdentifier", "confidence")),
        words=int(config.option("LanguageIdentifier", "words")),
        needed_markers=int(config.option("LanguageIdentifier", "markers")),
        tables=language_tables.identifier(stored.arrays),
    )


def extractor(config: Config, lists: Mapping[str, Any], now: Now = local_now) -> EntityExtractor:
    """What finds the entities, of a model's word lists (`Stored.facts["wordlists"]`)."""
    wanted = tuple(config.option("BuiltinEntityExtractor", "entities")) or tuple(FINDERS)
    return EntityExtractor(
        {
            language: Wordlist(
                tuple((one[0], one[1], one[2]) for one in words["wordings"]),
                tuple((one[0], one[1]) for one in words["patterns"]),
                words["synonyms"],
            )
            for language, words in lists.items()
        },
        builtin=wanted if config.has("BuiltinEntityExtractor") else (),
        region=str(config.option("BuiltinEntityExtractor", "region")),
        now=now,
    )


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
