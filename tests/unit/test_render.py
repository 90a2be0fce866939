"""From a response to the words that a customer reads."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.dialogue import render
from tests.engine_talk import Talk


@pytest.mark.parametrize(("channel", "said"), [("web", "Dag in het menu"), ("sms", "Dag")])
def test_a_jinja_text_knows_its_channel(channel: str, said: str) -> None:
    talk = Talk()
    tracker = replace(talk.tracker, channel=channel)
    source = "Dag{% if channel == 'web' %} in het menu{% endif %}"
    assert render.fill(talk.pack, tracker, source, {}, jinja=True) == said
