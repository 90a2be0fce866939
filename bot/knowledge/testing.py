"""How well the search finds the article that answers a question: what a test asks, and its figures. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from bot.knowledge.search import KnowledgeIndex
from bot.model.errors import ContentError, Problem
from bot.source.nodes import Node, parse

FIRST = 10
"""Hits that a test looks at."""


@dataclass(frozen=True, slots=True)
class Question:
    """What somebody asks, and the articles (slugs) that answer it; none where nothing should be found."""

    text: str
    language: str
    articles: frozenset[str]
    file: str = ""
    line: int = 0


@dataclass(frozen=True, slots=True)
class Asked:
    """A question with what was found, best first."""

    question: Question
    found: tuple[str, ...]

    @property
    def rank(self) -> int:
        """The place of the first article that answers it, from 1; 0 when none was found."""
        return next((at for at, slug in enumerate(self.found, 1) if slug in self.question.articles), 0)


@dataclass(frozen=True, slots=True)
class Figures:
    """Shares of 1 over some questions.

    `first` and `third` are P@1 and P@3 as the field says it: an article that answers is the first hit, or
    among the first three. `mrr` is the mean of 1/rank. `nothing` is the share of what has an answer for which
    nothing at all was found; `refused`, of what has none, for which nothing was found, as it should be.
    """

    answerable: int
    first: float
    third: float
    mrr: float
    nothing: float
    unanswerable: int
    refused: float


def read_questions(text: str, file: str, slugs: Iterable[str]) -> list[Question]:
    """The questions of a YAML file; raises `ContentError` with all that is wrong in it.

    `language`, and under `questions` each `text` with its `articles`, which may be an empty list.
    """
    problems: list[Problem] = []
    root = parse(text, file, problems)
    root.only({"language", "questions"}, "a file of questions")
    language = root["language"].text()
    if not language:
        root.wrong("it does not say of which language the questions are", "Write `language: nl` at the top.")
    known = frozenset(slugs)
    questions = [_question(node, language, known) for node in root["questions"].elements()]
    if not questions and not problems:
        root.wrong("there are no questions", "Write them under `questions:`.")
    if problems:
        raise ContentError(problems)
    return questions


def _question(node: Node, language: str, slugs: frozenset[str]) -> Question:
    node.only({"text", "articles"}, "a question")
    if not node["text"].text().strip():
        node.wrong("a question has no text", "Write `text: …`.")
    if "articles" not in node:
        node.wrong(
            "a question has no articles", "Write `articles: [slug]`, or `[]` where nothing answers it."
        )
    articles = node["articles"].texts()
    for slug in articles:
        if slug not in slugs:
            node["articles"].wrong(f"there is no article '{slug}'", "Its name is that of its file.")
    return Question(node["text"].text(), language, frozenset(articles), node.file, node.line)


def ask(
    index: KnowledgeIndex, questions: Sequence[Question], step: Callable[[int], None] = lambda _: None
) -> Iterator[Asked]:
    """Each question as the bot would search for it, whatever it is understood as; `step` hears how many are
    done."""
    for done, question in enumerate(questions, 1):
        hits = index.search(question.text, question.language, limit=FIRST)
        yield Asked(question, tuple(hit.article.slug for hit in hits))
        step(done)


def figures(asked: Iterable[Asked]) -> Figures:
    """What came of them; a share of nothing is 0."""
    all_ = list(asked)
    ranks = [each.rank for each in all_ if each.question.articles]
    missed = [each for each in all_ if each.question.articles and not each.found]
    strange = [each for each in all_ if not each.question.articles]
    return Figures(
        answerable=len(ranks),
        first=_share(sum(rank == 1 for rank in ranks), len(ranks)),
        third=_share(sum(1 <= rank <= 3 for rank in ranks), len(ranks)),
        mrr=_share(sum(1 / rank for rank in ranks if rank), len(ranks)),
        nothing=_share(len(missed), len(ranks)),
        unanswerable=len(strange),
        refused=_share(sum(not each.found for each in strange), len(strange)),
    )


def by_language(asked: Iterable[Asked]) -> Mapping[str, list[Asked]]:
    """The same apart, by the questions' language."""
    parts: dict[str, list[Asked]] = {}
    for each in asked:
        parts.setdefault(each.question.language, []).append(each)
    return dict(sorted(parts.items()))


def outcome(each: Asked) -> dict[str, object]:
    """One question with what was found, for a report."""
    question = each.question
    return {
        "text": question.text,
        "language": question.language,
        "articles": sorted(question.articles),
        "found": list(each.found),
        "rank": each.rank or None,
        "place": f"{question.file}:{question.line}",
    }


def _share(part: float, whole: int) -> float:
    return part / whole if whole else 0.0
