"""The search over the knowledge base: words and meaning fused into one score, best first, or nothing at all.

Words are found by `textindex` (FTS5), meaning by `vectors` (the encoder; without one, words alone decide). A
known intent lifts the articles that name it. What scores below `FITS` is not returned: no answer is better
than a wrong one. The numbers were fitted on the pack's training examples: `FITS` lets 95 % of the questions
about a problem through, and stops four in five greetings and off-topic questions.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from pathlib import Path

from bot.knowledge.articles import Article, Articles
from bot.knowledge.textindex import TextIndex, spoken
from bot.knowledge.vectors import Encoder, VectorIndex
from bot.model.languages import alphabetical

TEXT_SHARE = 0.25
"""How much the words count, beside the meaning."""

FITS = 0.25
FITS_WORDS = 0.34
"""The least score of a hit, with the encoder and by words alone."""

INTENT_FIRST = 0.40
INTENT_ALSO = 0.34
"""What a known intent adds to an article that names it first, or later."""


@dataclass(frozen=True, slots=True)
class Hit:
    """An article that fits, and how well: 0 to 1, more when the intent is known."""

    article: Article
    score: float


class KnowledgeIndex:
    """All articles, ready to be searched; one per process and per version of the content. Thread-safe.

    The first time, the vectors cost about a millisecond for each title and keyword; `cache` keeps them.
    """

    def __init__(self, articles: Articles, encoder: Encoder | None = None, cache: Path | None = None) -> None:
        self.articles = articles
        self._text = TextIndex(articles)
        self._vectors = VectorIndex(articles, encoder, cache) if encoder is not None else None

    def search(
        self,
        query: str,
        language: str,
        *,
        intent: str | None = None,
        limit: int = 5,
        exclude: Collection[str] = (),
    ) -> list[Hit]:
        """The articles that fit, best first, each in `language` or where it lacks that, in another."""
        words = self._words(query, language)
        near = self._vectors.search(query) if self._vectors is not None else {}
        fits = FITS if self._vectors is not None else FITS_WORDS
        hits: list[Hit] = []
        for slug in self.articles.by_slug:
            article = self.articles.find(slug, language)
            if article is None or slug in exclude:
                continue
            text = words.get(slug, 0.0)
            score = text
            if self._vectors is not None:
                score = TEXT_SHARE * text + (1 - TEXT_SHARE) * max(near.get(slug, 0.0), 0.0)
            if intent and intent in article.intents:
                score += INTENT_FIRST if article.intents[0] == intent else INTENT_ALSO
            if score >= fits:
                hits.append(Hit(article, round(score, 4)))
        hits.sort(key=lambda hit: (-hit.score, hit.article.slug))
        return hits[:limit]

    def titled(self, query: str, language: str) -> list[Article]:
        """The articles with a title in which each word of `query` begins one. No word is left out for saying
        little: who types a title must see it. Titles in `language` come first."""
        wanted = spoken(query)
        if not wanted:
            return []
        fit = {article.slug for article in self.articles if _begin(wanted, spoken(article.title))}
        found = [article for slug in fit if (article := self.articles.find(slug, language))]
        shown = {article.slug: _begin(wanted, spoken(article.title)) for article in found}
        return sorted(found, key=lambda each: (not shown[each.slug], alphabetical(each.title)))

    def _words(self, query: str, language: str) -> dict[str, float]:
        """The text score by slug; a match in another language than the one shown counts half."""
        scores: dict[str, float] = {}
        for (slug, found), score in self._text.search(query).items():
            shown = self.articles.find(slug, language)
            share = 1.0 if shown is not None and shown.language == found else 0.5
            scores[slug] = max(scores.get(slug, 0.0), score * share)
        return scores

    def close(self) -> None:
        """Let go of the tables."""
        self._text.close()


def _begin(wanted: Iterable[str], words: Collection[str]) -> bool:
    return all(any(word.startswith(each) for word in words) for each in wanted)
