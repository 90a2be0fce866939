"""The search in articles takes the most accurate encoder that the pipeline names, weighed as that needs."""

from __future__ import annotations

import pytest

from bot.app import article_index
from bot.knowledge.articles import load_articles
from bot.knowledge.search import FINE, USUAL, KnowledgeIndex
from nlu.config import COMPONENTS, Config
from nlu.encoder import Encoder
from tests.fixtures_nlu import CountingEncoder

USUAL_ONE, ACCURATE = "SentenceEncoderFeaturizer", "AccurateEncoderFeaturizer"


@pytest.mark.parametrize(
    ("named", "taken", "weighing"),
    [
        ((), USUAL_ONE, USUAL),
        ((USUAL_ONE,), USUAL_ONE, USUAL),
        ((ACCURATE,), ACCURATE, FINE),
        ((ACCURATE, USUAL_ONE), ACCURATE, FINE),
    ],
)
def test_the_encoder_of_the_pipeline(
    monkeypatch: pytest.MonkeyPatch, named: tuple[str, ...], taken: str, weighing: object
) -> None:
    asked: list[str] = []
    given: list[object] = []

    def encoder_of(component: str) -> Encoder:
        asked.append(component)
        return CountingEncoder()

    def index(*arguments: object) -> KnowledgeIndex:
        given.extend(arguments)
        return KnowledgeIndex(load_articles({}))

    monkeypatch.setattr(article_index, "shared_encoder", encoder_of)
    monkeypatch.setattr(article_index, "KnowledgeIndex", index)
    config = Config(("nl",), {name: COMPONENTS[name] for name in named})
    article_index.article_index(config, load_articles({}), lambda _: {}, None)
    assert asked == [taken]
    assert given[-1] is weighing
