"""Articles of the knowledge base: Markdown with front matter, read into frozen values and checked as a whole.

`bot.knowledge.parsing` reads one file; here are the values, what holds between articles, and the folder.
Rendering to HTML is `bot.knowledge.rendering`; searching is `bot.knowledge.search`.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from bot.model.errors import ContentError, NotFound, Problem
from bot.model.languages import alphabetical

KINDS = ("fix", "howto", "advice")
"""Something is broken; do something; good to know."""

SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


@dataclass(frozen=True, slots=True)
class ArticleStep:
    """One step. `title`, `text`, `why` and `result` are plain text; `markdown` is the source of `text`."""

    title: str
    text: str
    why: str
    result: str
    minutes: int
    markdown: str = ""


@dataclass(frozen=True, slots=True)
class Article:
    """One article in one language. `intro` and `advanced` are Markdown, `markdown` is the whole body."""

    slug: str
    language: str
    title: str
    summary: str
    kind: str
    intents: tuple[str, ...]
    keywords: tuple[str, ...]
    minutes: int
    updated: date
    intro: str
    steps: tuple[ArticleStep, ...]
    advanced: str
    markdown: str
    file: str = ""
    questions: tuple[str, ...] = ()
    """How customers ask for it; searched, and not shown."""
    links: tuple[tuple[str, int], ...] = field(default=(), compare=False)
    """The slugs that it links to, with their lines."""


@dataclass(frozen=True)
class Articles:
    """All articles of a pack, by slug and language."""

    by_slug: Mapping[str, Mapping[str, Article]]
    fallback: str = "nl"

    def __iter__(self) -> Iterator[Article]:
        for versions in self.by_slug.values():
            yield from versions.values()

    def __len__(self) -> int:
        return len(self.by_slug)

    def find(self, slug: str, language: str) -> Article | None:
        """The article in a language, else in the pack's first language, else in any; None when unknown."""
        versions = self.by_slug.get(slug)
        if not versions:
            return None
        return versions.get(language) or versions.get(self.fallback) or versions[min(versions)]

    def get(self, slug: str, language: str) -> Article:
        """As `find`, but raises `NotFound`."""
        article = self.find(slug, language)
        if article is None:
            raise NotFound(f"there is no article '{slug}'")
        return article

    def in_language(self, language: str) -> list[Article]:
        """Every article once, in a language or its fallback, by title."""
        found = [article for slug in self.by_slug if (article := self.find(slug, language))]
        return sorted(found, key=lambda article: alphabetical(article.title))

    def for_intent(self, intent: str, language: str) -> list[Article]:
        """The articles that help with an intent; those that name it first, and fixes, come first."""
        found = [article for article in self.in_language(language) if intent in article.intents]
        return sorted(found, key=lambda article: _relevance(article, intent))

    @cached_property
    def content_hash(self) -> str:
        """Changes when any article does."""
        digest = hashlib.sha256()
        for article in sorted(self, key=lambda each: (each.slug, each.language)):
            digest.update(repr((article.slug, article.language, article.title, article.summary)).encode())
            digest.update(repr((article.kind, article.intents, article.keywords, article.markdown)).encode())
            digest.update(repr(article.questions).encode())
        return digest.hexdigest()


def _relevance(article: Article, intent: str) -> tuple[int, int, int]:
    return article.intents.index(intent), KINDS.index(article.kind), len(article.intents)


def load_articles(
    files: Mapping[str, str],
    *,
    languages: Sequence[str] = ("nl", "fr", "en"),
    intents: Collection[str] | None = None,
) -> Articles:
    """The articles in `files` (path ending in `<language>/<slug>.md` to text); one `ContentError` for all.

    `intents`, when given, are the only ones that an article may name.
    """
    from bot.knowledge.parsing import parse_article  # it needs the values above

    problems: list[Problem] = []
    by_slug: dict[str, dict[str, Article]] = {}
    strange: Counter[str] = Counter()
    for path, text in sorted(files.items()):
        parts = path.replace("\\", "/").split("/")
        slug, language = parts[-1].removesuffix(".md"), parts[-2] if len(parts) > 1 else ""
        if language not in languages:
            strange["/".join(parts[:-1])] += 1
            continue
        if not SLUG.fullmatch(slug):
            problems.append(Problem(path, 1, "the file name is no slug", "Use a-z, 0-9 and single hyphens."))
            continue
        article = parse_article(text, slug, language, path, problems)
        if article is not None:
            by_slug.setdefault(slug, {})[language] = article
    for folder, count in strange.items():
        what = f"the folder is not a language of the pack, and has {count} articles"
        mend = f"Use one of {', '.join(languages)}, or add the language to config.yml."
        problems.append(Problem(folder, 1, what, mend))
    slugs = {path.rsplit("/", 1)[-1].removesuffix(".md") for path in files}
    problems.extend(_between(by_slug, slugs, intents))
    if problems:
        raise ContentError(problems)
    return Articles(by_slug, languages[0] if languages else "nl")


def _between(
    by_slug: Mapping[str, Mapping[str, Article]], slugs: Collection[str], intents: Collection[str] | None
) -> Iterator[Problem]:
    """What is wrong between articles: links that lead nowhere, and languages that tell different things."""
    for slug, versions in by_slug.items():
        first = versions[min(versions)]
        for article in versions.values():
            for target, line in article.links:
                if target not in slugs:
                    mend = "Write the article or take the link away."
                    yield Problem(article.file, line, f"a link leads to the unknown article '{target}'", mend,
                                  key="link", values={"name": target})  # fmt: skip
            for intent in article.intents:
                if intents is not None and intent not in intents:
                    mend = "See the intents of domain.yml."
                    yield Problem(article.file, 1, f"the intent '{intent}' does not exist", mend,
                                  key="intent", values={"name": intent})  # fmt: skip
            where = f"in {article.language} than in {first.language} ({first.file})"
            if len(article.steps) != len(first.steps):
                what = f"'{slug}' has another number of steps {where}"
                mend = "A customer may change language half-way: keep them alike."
                yield Problem(article.file, 1, what, mend, key="unlike_steps", values={"name": slug})
            if article.kind != first.kind or set(article.intents) != set(first.intents):
                yield Problem(article.file, 1, f"'{slug}' has another kind or other intents {where}", "",
                              key="unlike_kind", values={"name": slug})  # fmt: skip
