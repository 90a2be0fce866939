"""The real pack, and the shipped actions over it."""

from __future__ import annotations

from typing import cast

import pytest

from bot.app.content import load_pack, read_files
from bot.dialogue.pack import Pack
from bot.knowledge.articles import load_articles
from bot.knowledge.search import KnowledgeIndex
from bot.store.database import Database
from handoff.config import Policy, load_policy
from tests.integration.actions.desk import DATA, Desk


@pytest.fixture(scope="module")
def pack() -> Pack:
    return load_pack(DATA)


@pytest.fixture(scope="module")
def policy(pack: Pack) -> Policy:
    return load_policy(read_files(DATA, "policy/*.yml"))


@pytest.fixture(scope="module")
def index(pack: Pack) -> KnowledgeIndex:
    files = read_files(DATA, "kb/*/*.md")
    return KnowledgeIndex(load_articles(files, languages=pack.languages, intents=pack.domain.intents))


@pytest.fixture
def desk(pack: Pack, policy: Policy, index: KnowledgeIndex, database: Database) -> Desk:
    return Desk(pack, policy, index, database)


@pytest.fixture
def shelf(pack: Pack, policy: Policy, index: KnowledgeIndex) -> Desk:
    """The same without a database, for actions that need none."""
    return Desk(pack, policy, index, cast(Database, None))
