"""What intents are called where a reviewer chooses one."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from bot.app.content import DEFAULT_DATA, load_pack
from bot.model.languages import LANGUAGES
from bot.web.site import Site
from handoff.review.common import intents


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_two_intents_of_the_pack_have_the_same_name(language: str) -> None:
    pack = load_pack(DEFAULT_DATA)
    site: Any = SimpleNamespace(pack=lambda: pack)
    site.subject = lambda intent, language: Site.subject(site, intent, language)
    names = [name for _, name in intents(site, language)]
    assert len(set(names)) == len(names) > 50
    assert ("next_step", "Carry on (next step)") in intents(site, "en")
