"""`make bench-nlu`: the shipped pack on sentences that it has not seen, then understanding on public data, each
set learned from its own training file by the shipped pipeline and asked about its test file. The latter are in
../shared/benchmarks; where that is not there, it says so. Where the extra `accurate` is installed, each cell has
two figures: of the shipped pipeline, and of the same with the encoder of the extra.

Of a set is told: accuracy of the first intent, and what lower case without marks, typing errors and a missing
word take from it. Of CLINC150 also how well what it has no intent for is kept apart. Nothing that is read here
is learned by the pack.
"""

from __future__ import annotations

import argparse
import itertools
import json
import random
import statistics
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.metrics import roc_auc_score
from threadpoolctl import threadpool_limits
from tqdm import tqdm

from bot.app.article_index import article_index
from bot.app.content import ARTICLES, DEFAULT_DATA, read_files
from bot.knowledge.articles import Article, Articles, load_articles
from bot.knowledge.testing import ask, figures, read_questions
from bot.model.errors import ConfigError
from bot.model.understanding import NLU_FALLBACK, Understanding
from nlu.config import COMPONENTS, Config, load_config
from nlu.encoders import Encoders, remembering, shared_encoder
from nlu.formats import Example, NluData, Vocabulary, load_nlu
from nlu.learning import Training
from nlu.loading import assembled
from nlu.model_file import Stored
from nlu.pipeline import Pipeline, Query
from tests.bench.nlu_pack import Pack, pack_lines
from tests.bench.noise import NOISES
from tests.bench.table import Line, beside

SHARED = Path(__file__).parents[3] / "shared" / "benchmarks"
UNSEEN = Path(__file__).with_name("unseen")
"""Sentences for the pack's intents, in Rasa's format, and questions for its articles (`kb`), which the pack
does not learn from."""
SETS: Mapping[str, tuple[str, ...]] = {
    "clinc150": ("train_10shot", "train_5shot", "train"),
    "banking77": ("train_10shot", "train_5shot", "train"),
    "hwu64": ("train_10shot", "train_5shot", "train"),
    "home_nl": ("train",),
    "home_fr": ("train",),
    "home_en": ("train",),
}
TOGETHER = 32
REJECTED = 0.05
"""The share of what is in scope that may be refused where out-of-scope recall is told."""

Rows = Sequence[tuple[str, str]]
"""Text and intent."""


def main() -> None:
    """Measure and print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--few", action="store_true", help="leave the three large training files out")
    parser.add_argument("--only", choices=SETS, help="one set")
    parser.add_argument("--usual", action="store_true", help="the shipped pipeline only")
    given = parser.parse_args()
    threadpool_limits(1, user_api="blas")
    configs = pipelines(given.usual)
    if given.only is None:
        packs = [packed(config) for config in configs]
        for lines in zip(*(unseen(pack.pipeline) for pack in packs), strict=True):
            print(beside(lines), flush=True)
        for lines in zip(*(unseen_questions(pack.config, pack.pipeline) for pack in packs), strict=True):
            print(beside(lines), flush=True)
        for line in pack_lines(packs):
            print(line, flush=True)
    if not SHARED.is_dir():
        print(f"skipped: there are no public data beside this checkout ({SHARED.name}/ is not there)")
        return
    encoders = remembering(200_000)
    for name, file in jobs(given.only, given.few):
        print(beside([measured(config, encoders, name, file) for config in configs]), flush=True)
    if given.only is None:
        print(beside([search_line(config) for config in configs]))


def jobs(only: str | None, few: bool) -> list[tuple[str, str]]:
    """The sets and their training files: the first file of each, then the next."""
    chosen = {name: files for name, files in SETS.items() if only in (None, name)}
    turns = itertools.zip_longest(*([(name, file) for file in files] for name, files in chosen.items()))
    return [
        (name, file)
        for name, file in filter(None, itertools.chain.from_iterable(turns))
        if not (few and file == "train" and len(chosen[name]) > 1)
    ]


def pipelines(usual: bool) -> list[Config]:
    """The shipped pipeline and, where the extra is installed, the same with its encoder."""
    shipped, more = load_config(DEFAULT_DATA), "AccurateEncoderFeaturizer"
    if usual:
        return [shipped]
    try:
        shared_encoder(more)
    except ConfigError as error:
        print(f"without a second column: {error}")
        return [shipped]
    return [shipped, Config(shipped.languages, {**shipped.components, more: COMPONENTS[more]})]


# ── intents ───────────────────────────────────────────────────────────────────────────────────────────────


def measured(config: Config, encoders: Encoders, name: str, file: str) -> Line:
    """Learn one training file and ask about the test file."""
    test = rows(name, "test")
    begin = time.process_time()
    pipeline = learned(config, encoders, name, rows(name, file))
    seconds = time.process_time() - begin
    found = asked(pipeline, [text for text, _ in test])
    line = Line(f"{name} {file}", {"accuracy": percent(accuracy(test, found))})
    for noise, change in NOISES.items():
        changed = [(change(text, random.Random(at)), intent) for at, (text, intent) in enumerate(test)]
        line.cells[noise] = percent(accuracy(changed, asked(pipeline, [text for text, _ in changed])))
    if name == "clinc150":
        area, recall = told_apart(found, asked(pipeline, [text for text, _ in rows(name, "oos_test")]))
        line.cells |= {"AUROC": percent(area), "recall": percent(recall)}
    line.cells |= {"trained": f"{seconds:.0f} CPU-s"}
    line.cells |= {"one sentence p50/p99": cost(pipeline, [text for text, _ in test][:400])}
    return line


def rows(name: str, file: str) -> Rows:
    """The lines of a file."""
    lines = (SHARED / "intents" / name / f"{file}.jsonl").read_text("utf-8").splitlines()
    return [(row["text"], row["intent"]) for row in map(json.loads, lines)]


def learned(config: Config, encoders: Encoders, name: str, of: Rows) -> Pipeline:
    """A pipeline of one language that has seen these rows; its language is known, so no other is guessed."""
    language = name[-2:] if name.startswith("home") else "en"
    alone = Config((language,), config.components)
    examples = [Example(text, intent, language) for text, intent in of]
    data = NluData(examples, {language: Vocabulary()})
    # What it is asked is encoded anew, and not remembered.
    return assembled(trained(alone, data, encoders, name), shared_encoder)


def trained(config: Config, data: NluData, encoders: Encoders, name: str) -> Stored:
    """What a pipeline learned of some data."""
    with tqdm(total=100, desc=name, leave=False) as bar:
        return Training(config, data, encoders, lambda _, share: _step(bar, share)).run("bench")


def packed(config: Config) -> Pack:
    """What a pipeline learned of the shipped pack."""
    begin = time.process_time()
    stored = trained(config, load_nlu(DEFAULT_DATA, config.languages), shared_encoder, "pack")
    seconds = time.process_time() - begin
    return Pack(config, stored, assembled(stored, shared_encoder), seconds)


def unseen(pipeline: Pipeline) -> Iterator[Line]:
    """The shipped pack's model, asked about sentences that others wrote for its intents; none is learned."""
    languages = load_config(DEFAULT_DATA).languages
    written = load_nlu(UNSEEN, languages).examples
    for language in languages:
        own = [one for one in written if one.language == language]
        found = pipeline.parse_batch([Query(one.text, language) for one in own])
        inside = [pair for pair in zip(own, found, strict=True) if pair[0].intent != NLU_FALLBACK]
        outside = [each for one, each in zip(own, found, strict=True) if one.intent == NLU_FALLBACK]
        first = statistics.fmean(_first(each)[0] == one.intent for one, each in inside)
        sure = statistics.fmean(each.intent == one.intent for one, each in inside)
        refused = statistics.fmean(each.intent == NLU_FALLBACK for each in outside)
        area, _ = told_apart([each for _, each in inside], outside)
        cells = {"accuracy": percent(first), "and understood": percent(sure)}
        cells |= {"out of scope refused": percent(refused), "AUROC": percent(area)}
        yield Line(f"pack {language} ({len(own)})", cells)


def unseen_questions(config: Config, pipeline: Pipeline) -> Iterator[Line]:
    """The shipped pack's articles, found by questions that others wrote without seeing its sentences."""
    articles = load_articles(read_files(DEFAULT_DATA, *ARTICLES), languages=config.languages)
    index = article_index(config, articles, pipeline.likely, None)
    for language in config.languages:
        text = (UNSEEN / "kb" / f"{language}.yml").read_text("utf-8")
        of = figures(ask(index, read_questions(text, language, articles.by_slug)))
        cells = {"P@1": percent(of.first), "P@3": percent(of.third), "MRR": f"{of.mrr:.3f}"}
        cells |= {"nothing found": percent(of.nothing), "without an answer refused": percent(of.refused)}
        yield Line(f"articles {language} ({of.answerable + of.unanswerable})", cells)


def _step(bar: Any, share: float) -> None:
    bar.update(max(share - bar.n, 0))


def asked(pipeline: Pipeline, texts: Sequence[str]) -> list[Understanding]:
    """What is understood of the texts, as many together as a busy server reads."""
    found: list[Understanding] = []
    for at in range(0, len(texts), TOGETHER):
        found += pipeline.parse_batch([Query(text) for text in texts[at : at + TOGETHER]])
    return found


def accuracy(of: Rows, found: Sequence[Understanding]) -> float:
    """The share whose first intent is the right one, whether or not it was sure enough."""
    return statistics.fmean(_first(each)[0] == intent for (_, intent), each in zip(of, found, strict=True))


def told_apart(inside: Sequence[Understanding], outside: Sequence[Understanding]) -> tuple[float, float]:
    """How well confidence parts what is in scope from what is not: the area under the curve, and the share of
    the latter that is refused where `REJECTED` of the former is."""
    known = np.array([_first(each)[1] for each in inside])
    unknown = np.array([_first(each)[1] for each in outside])
    truth = np.r_[np.ones(len(known)), np.zeros(len(unknown))]
    limit = np.quantile(known, REJECTED)
    return float(roc_auc_score(truth, np.r_[known, unknown])), float((unknown < limit).mean())


def _first(found: Understanding) -> tuple[str, float]:
    return (found.ranking[0].name, found.ranking[0].confidence) if found.ranking else ("", 0.0)


def cost(pipeline: Pipeline, texts: Iterable[str]) -> str:
    """CPU-milliseconds of single sentences."""
    spent: list[float] = []
    for text in texts:
        begin = time.process_time()
        pipeline.parse(text)
        spent.append(1000 * (time.process_time() - begin))
    return f"{statistics.median(spent):.1f}/{sorted(spent)[int(0.99 * len(spent))]:.1f} ms"


def percent(share: float) -> str:
    """A share with one decimal."""
    return f"{100 * share:.1f}"


# ── search ────────────────────────────────────────────────────────────────────────────────────────────────


def search_line(config: Config) -> Line:
    """StackFAQ: the right one of 125 questions for each rephrasing of three words or more."""
    pairs = json.loads((SHARED / "retrieval" / "stackfaq.json").read_text("utf-8"))["root"]["qapair"]
    index = article_index(config, Articles(dict(_articles(pairs)), "en"), lambda _: {}, None)
    ranks: list[int] = []
    for number, pair in enumerate(pairs):
        for text in filter(None, pair["rephr"]):
            if len(text.split()) >= 3:
                found = [hit.article.slug for hit in index.search(text, "en", limit=len(pairs))]
                ranks.append(found.index(f"faq-{number}") + 1 if f"faq-{number}" in found else 0)
    index.close()
    share = lambda most: percent(statistics.fmean(0 < rank <= most for rank in ranks))  # noqa: E731
    mean = statistics.fmean(1 / rank if rank else 0.0 for rank in ranks)
    return Line(f"stackfaq ({len(ranks)})", {"MRR": percent(mean), "P@1": share(1), "R@5": share(5)})


def _articles(pairs: Sequence[Mapping[str, Any]]) -> Iterator[tuple[str, Mapping[str, Article]]]:
    for number, pair in enumerate(pairs):
        slug, answer = f"faq-{number}", " ".join(pair["answer"])
        yield slug, {
            "en": Article(
                slug, "en", pair["question"], answer[:300], "howto", (), (), 1, date(2000, 1, 1), answer, (), "", answer
            )
        }  # fmt: skip


if __name__ == "__main__":
    main()
