"""What a server works with, read and checked: the pack, its model, its articles.

It takes long the first time, when there is no model yet, and shows it.
"""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass

from bot.app.article_index import article_index
from bot.app.config import Settings
from bot.app.content import ARTICLES, POLICY, load_pack, read_files
from bot.app.lessons import current
from bot.app.serving import Serving
from bot.dialogue.pack import Pack
from bot.knowledge.articles import Articles, load_articles
from bot.knowledge.search import KnowledgeIndex
from handoff.agreements import load_agreements
from handoff.config import problem_intents
from nlu.config import load_config
from nlu.loading import load as load_model
from nlu.pipeline import Pipeline


@dataclass(frozen=True)
class Content:
    """A pack, checked and ready: what is said, understood and known; and the files of what is agreed and of
    the knowledge base, over which the pages lay theirs."""

    pack: Pack
    serving: Serving
    index: KnowledgeIndex
    agreed: Mapping[str, str]
    kb: Mapping[str, str]


def load(settings: Settings, *, progress: bool = True) -> Content:
    """Read the pack and its model (trained if there is none for this content); raises `ContentError`."""
    settings.make_var()
    pack = load_pack(settings.data)
    with ThreadPoolExecutor(1) as beside:
        # The model takes as long as everything else together.
        loading = beside.submit(_load_model, settings, progress)
        return _put_together(settings, pack, loading)


def articles_of(files: Mapping[str, str], pack: Pack) -> Articles:
    """The articles in these files (path → text); raises `ContentError`."""
    return load_articles(files, languages=pack.languages, intents=pack.domain.intents)


def index_of(settings: Settings, articles: Articles, serving: Serving) -> KnowledgeIndex:
    """The search in these articles, whose vectors are kept for the next start."""
    vectors = settings.var / "article-vectors.npz"
    return article_index(load_config(settings.data), articles, serving.likely, vectors)


def _load_model(settings: Settings, progress: bool) -> Pipeline:
    return load_model(current(settings, progress=progress, apart=True).path)


def _put_together(settings: Settings, pack: Pack, loading: Future[Pipeline]) -> Content:
    agreed = read_files(settings.data, *POLICY)
    load_agreements(agreed, intents=problem_intents(pack), languages=pack.languages)
    kb = read_files(settings.data, *ARTICLES)
    articles = articles_of(kb, pack)
    serving = Serving(loading.result(), settings.models)
    return Content(pack, serving, index_of(settings, articles, serving), agreed, kb)
