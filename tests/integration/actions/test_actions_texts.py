"""An article is sent as a text on the telephone; elsewhere it is on the screen."""

from __future__ import annotations

from typing import cast

import pytest

from bot.dialogue.pack import Pack
from bot.dialogue.render import render
from bot.dialogue.tracker import Tracker
from bot.knowledge.search import KnowledgeIndex
from bot.store.database import Database
from handoff.config import Policy
from tests.integration.actions.desk import Desk


@pytest.mark.parametrize(
    ("channel", "article", "became"),
    [
        ("phone", "connect-to-wifi", "not_done"),  # nobody is there who sends
        ("web", "connect-to-wifi", "shown"),
        ("phone", "no-such-article", "none"),
        ("phone", None, "none"),
    ],
)
async def test_what_cannot_be_sent_is_told(
    pack: Pack, policy: Policy, index: KnowledgeIndex, channel: str, article: str | None, became: str
) -> None:
    shelf = Desk(pack, policy, index, cast(Database, None), channel=channel)
    await shelf.run("action_send_article", article_slug=article)
    assert shelf.slots["article_sent"] == became


async def test_without_a_public_address_nothing_is_sent(
    pack: Pack, policy: Policy, index: KnowledgeIndex
) -> None:
    shelf = Desk(pack, policy, index, cast(Database, None), public_url=None, channel="phone")
    await shelf.run("action_send_article", article_slug="connect-to-wifi")
    assert shelf.slots["article_sent"] == "not_done"


@pytest.mark.parametrize("language", ["nl", "fr", "en"])
def test_each_outcome_has_words_of_its_own(pack: Pack, language: str) -> None:
    outcomes = ("sent", "already", "shown", "no_mobile", "country", "unknown", "not_done")
    said: set[str] = set()
    for outcome in outcomes:
        message = render(
            pack, Tracker("c", language, "phone"), "utter_article_sent", {"article_sent": outcome}
        )
        assert message is not None
        said.add(message.text)
    assert len(said) == len(outcomes)
