"""The search over the knowledge base: words and meaning fused into one score, best first, or nothing at all.

Words are found by `textindex` (FTS5), meaning by `vectors` (the encoder; without one, words alone decide).
Articles that name an intent are lifted by it: wholly by one that is known, else by how likely it is; what is
likely none of them is pushed down. What intents tell is meaning, too: beside it words count for more than
where no article names an intent. Where not even the best fits, nothing is returned: no answer is better than
a wrong one. The numbers were chosen on the questions of `tests/bench/unseen/kb`, so that 98 in 100 that have
an answer find something (`balie test kb`), and on public ones as well where words count alone.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from bot.knowledge.articles import Article, Articles
from bot.knowledge.textindex import TextIndex, spoken
from bot.knowledge.vectors import Encoder, VectorIndex
from bot.model.languages import alphabetical

FITS_WORDS = 0.38
"""The least score of the best hit by words alone."""

NEXT = 0.5
"""Those after it may be further off: at least this share of that score."""

INTENT_FIRST = 0.45
INTENT_ALSO = 0.38
"""What a known intent adds to an article that names it first, or later."""

ASKS = "knowledge_question"
"""The intent that asks for an article, and does not say which."""

LEAST_OTHERS = 0.05
"""The least that the other intents are taken to have together: of less, what they are is noise."""


@dataclass(frozen=True, slots=True)
class Weighing:
    """How words and meaning are weighed."""

    words: float
    """How much the words count, beside the meaning."""
    fits: float
    """The least score of the best hit."""


@dataclass(frozen=True, slots=True)
class Weighings:
    """The same for one encoder."""

    beside: Weighing
    """Where intents tell something of the articles."""
    alone: Weighing
    """Where they do not."""
    whole: float
    """How much the whole of an article counts, 0 to 1, beside the nearest of its parts."""
    strange: float
    """What a text loses that is about none of the intents."""


USUAL = Weighings(Weighing(words=0.35, fits=0.38), Weighing(words=0.2, fits=0.34), whole=0.3, strange=0.2)
FINE = Weighings(Weighing(words=0.45, fits=0.37), Weighing(words=0.1, fits=0.35), whole=0.5, strange=0.3)
"""For the usual encoder, and for a finer one, which finds more where nothing fits, too."""

About = Callable[[str], Mapping[str, float]]
"""What a text is about: how likely each intent is, 0 to 1; what they lack to 1 is how likely it is none."""


@dataclass(frozen=True, slots=True)
class Hit:
    """An article that fits, and how well: 0 to 1, more when the intent is known."""

    article: Article
    score: float


class KnowledgeIndex:
    """All articles, ready to be searched; one per process and per version of the content. Thread-safe.

    The first time, the vectors cost about a millisecond for each title and keyword; `cache` keeps them.
    Without `about` only a known intent counts, and none where no article names one.
    """

    def __init__(
        self,
        articles: Articles,
        encoder: Encoder | None = None,
        cache: Path | None = None,
        about: About = lambda _: {},
        weighings: Weighings = USUAL,
    ) -> None:
        self._weighings = weighings
        self.articles = articles
        self._about = about
        self._named = any(article.intents for article in articles)
        self._text = TextIndex(articles)
        self._vectors = VectorIndex(articles, encoder, cache, weighings.whole) if encoder else None

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
        likely = self._likely(query, intent)
        strange = self._weighings.strange * max(0.0, 1.0 - sum(likely.values())) if likely else 0.0
        subjects = likely if intent else _subjects(likely)
        weighing = self._weighings.beside if likely else self._weighings.alone
        share = weighing.words
        hits: list[Hit] = []
        for slug in self.articles.by_slug:
            article = self.articles.find(slug, language)
            if article is None or slug in exclude:
                continue
            text = words.get(slug, 0.0)
            score = text
            if self._vectors is not None:
                score = share * text + (1 - share) * max(near.get(slug, 0.0), 0.0)
            score += _lift(article, subjects) - strange
            hits.append(Hit(article, round(max(score, 0.0), 4)))
        hits.sort(key=lambda hit: (-hit.score, hit.article.slug))
        fits = weighing.fits if self._vectors is not None else FITS_WORDS
        if not hits or hits[0].score < fits:
            return []
        return [hit for hit in hits[:limit] if hit.score >= NEXT * fits]

    def _likely(self, query: str, intent: str | None) -> Mapping[str, float]:
        """What it is about, as far as that tells anything of the articles."""
        if not self._named:
            return {}
        return {intent: 1.0} if intent else self._about(query)

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


def _subjects(likely: Mapping[str, float]) -> dict[str, float]:
    """What else it is about where it is likely no more than a question for an article: that much likelier."""
    others = max(1.0 - likely.get(ASKS, 0.0), LEAST_OTHERS)
    return {intent: min(share / others, 1.0) for intent, share in likely.items() if intent != ASKS}


def _lift(article: Article, likely: Mapping[str, float]) -> float:
    lifts = (
        likely.get(intent, 0.0) * (INTENT_ALSO if place else INTENT_FIRST)
        for place, intent in enumerate(article.intents)
    )
    return max(lifts, default=0.0)


def _begin(wanted: Iterable[str], words: Collection[str]) -> bool:
    return all(any(word.startswith(each) for word in words) for each in wanted)
