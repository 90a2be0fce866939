"""The search in a pack's articles, with the most accurate encoder that its pipeline names."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from bot.knowledge.articles import Articles
from bot.knowledge.search import FINE, USUAL, About, KnowledgeIndex, Weighings
from nlu.config import Config
from nlu.encoders import encoding, shared_encoder

_WEIGHED: Mapping[str, Weighings] = {
    "SentenceEncoderFeaturizer": USUAL,
    "AccurateEncoderFeaturizer": FINE,
}
"""How words and meaning are weighed, by the component whose encoder says what is meant."""


def article_index(config: Config, articles: Articles, about: About, cache: Path | None) -> KnowledgeIndex:
    """The index over `articles`; `cache` keeps their vectors, `about` says what a text is about."""
    component = encoding(config)[-1] if encoding(config) else "SentenceEncoderFeaturizer"
    return KnowledgeIndex(articles, shared_encoder(component), cache, about, _WEIGHED[component])
