"""`balie test kb`: how well the search finds the article that answers a question."""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from functools import partial
from pathlib import Path

import orjson

from bot.app.article_index import article_index
from bot.app.config import Settings
from bot.app.content import ARTICLES, read_files
from bot.app.lessons import current
from bot.app.progress import bar, to
from bot.knowledge import testing
from bot.knowledge.articles import Articles, load_articles
from bot.knowledge.testing import Asked, Question
from bot.model.errors import NotFound
from bot.model.understanding import NLU_FALLBACK
from bot.source.files import read_text
from nlu.config import load_config
from nlu.formats import Example, load_nlu
from nlu.loading import load

MOST_SHOWN = 15
"""Questions on the screen for which the right article was not first; the report has all."""


def test_kb(settings: Settings, given: argparse.Namespace) -> None:
    """Ask, tell, and write the report where it is wanted."""
    config = load_config(settings.data)
    languages = config.languages
    articles = load_articles(read_files(settings.data, *ARTICLES), languages=languages)
    asked_for: list[Path] = given.questions or []
    questions = (
        [question for path in asked_for for question in _read(path, articles)]
        if asked_for
        else questions_of(load_nlu(settings.data, languages).examples, articles)
    )
    pipeline = load(current(settings).path)
    vectors = settings.var / "article-vectors.npz"
    index = article_index(config, articles, pipeline.likely, vectors)
    try:
        with bar(len(questions), "searching") as progress:
            asked = list(testing.ask(index, questions, partial(to, progress)))
    finally:
        index.close()
    source = "" if asked_for else " of the pack; an article answers what has the intent that it names"
    print(f"{len(asked)} questions{source}")
    for line in told(asked):
        print(line)
    if given.report:
        print(_write(given.report, asked))


def questions_of(examples: Iterable[Example], articles: Articles) -> list[Question]:
    """The pack's examples as questions: those of an intent that articles name, and those of none."""
    by_intent: dict[str, set[str]] = {}
    for article in articles:
        for intent in article.intents:
            by_intent.setdefault(intent, set()).add(article.slug)
    by_intent[NLU_FALLBACK] = set()
    return [
        Question(each.text, each.language, frozenset(by_intent[each.intent]), each.file, each.line)
        for each in examples
        if each.intent in by_intent
    ]


def told(asked: Sequence[Asked]) -> list[str]:
    """What a terminal shows: a table by language, and what went wrong most plainly."""
    lines = [
        f"{'':<8}{'questions':>10}{'P@1':>8}{'P@3':>8}{'MRR':>8}{'nothing':>9}{'unanswerable':>15}{'refused':>9}"
    ]
    for name, part in [*testing.by_language(asked).items(), ("all", asked)]:
        of = testing.figures(part)
        lines.append(
            f"{name:<8}{of.answerable:>10}{of.first:>8.1%}{of.third:>8.1%}{of.mrr:>8.3f}{of.nothing:>9.1%}"
            f"{of.unanswerable:>15}{of.refused:>9.1%}"
        )
    worst = [each for each in asked if each.question.articles and not 1 <= each.rank <= 3][:MOST_SHOWN]
    return [
        *lines,
        *([""] if worst else []),
        *(
            f"{each.question.text!r} wants {', '.join(sorted(each.question.articles))}"
            f" and finds {', '.join(each.found[:3]) or 'nothing'}"
            for each in worst
        ),
    ]


def _read(path: Path, articles: Articles) -> list[Question]:
    if not path.is_file():
        raise NotFound(f"there is no file {path}")
    return testing.read_questions(read_text(path, path.name), path.name, articles.by_slug)


def _write(folder: Path, asked: Sequence[Asked]) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    parts = [*testing.by_language(asked).items(), ("all", asked)]
    report = {
        "figures": {name: asdict(testing.figures(part)) for name, part in parts},
        "errors": [testing.outcome(each) for each in asked if _wrong(each)],
    }
    path = folder / "kb_report.json"
    path.write_bytes(orjson.dumps(report, option=orjson.OPT_INDENT_2))
    return path


def _wrong(each: Asked) -> bool:
    return each.rank != 1 if each.question.articles else bool(each.found)
